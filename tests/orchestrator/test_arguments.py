"""Whatever a call is given: a TaskorchError that names the argument, and nothing is changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from taskorch import (
    EnhancedTaskOrchestrator,
    EnhancedWorkStreamHandler,
    SpecialistManager,
    TaskorchError,
    TaskOrchestrator,
    create_enhanced_orchestrator,
    prepare_documentation_work_stream,
)
from taskorch.services.planning import plan
from taskorch.services.workspace import Workspace
from tests.cli.making import new_task, status_of
from tests.cli.snapshots import snapshot
from tests.repos import Repo

Call = Callable[[Any, Any], Coroutine[Any, Any, object]]

NO_TEXT: list[Any] = [None, 5, b"form", ["form"], object(), "a\0b", "a\ud800"]


def tracker(o: Any) -> Any:
    return o.context_orchestrator.create_subtask_tracker("form")


CALLS: dict[str, Call] = {
    "get_subtask": lambda o, v: o.state.get_subtask(v),
    "get_subtasks_for_parent": lambda o, v: o.state.get_subtasks_for_parent(v),
    "get_role": lambda o, v: o.specialists.get_role(v),
    "recover": lambda o, v: o.recover_context_for_task(v),
    "context": lambda o, v: o.get_specialist_context(v),
    "complete": lambda o, v: o.complete_subtask_enhanced(v, "done"),
    "results": lambda o, v: o.complete_subtask_enhanced("form", v),
    "next_action": lambda o, v: o.complete_subtask_enhanced("form", "done", None, v),
    "artifacts": lambda o, v: o.complete_subtask_enhanced("form", "done", [v]),
    "synthesize": lambda o, v: o.synthesize_results(v),
    "readiness": lambda o, v: o.verify_work_stream_readiness([v]),
    "stream": lambda o, v: EnhancedWorkStreamHandler(o).complete_work_stream_task("form", "done", (), v),
    "plan": lambda o, v: o.plan_task(v),
    "context of a plan": lambda o, v: o.plan_task("Plan", "simple", "[]", v),
    "check": lambda o, v: o.check_criteria("form", [v]),
    "file": lambda o, v: tracker(o).track_file_modify(v),
    "source": lambda o, v: tracker(o).track_file_move(v, "README.md"),
    "title": lambda o, v: tracker(o).capture_implementation_decision(v, "so", "because"),
    "supersede": lambda o, v: o.context_orchestrator.supersede_decision(v, v),
    "evolution": lambda o, v: o.context_orchestrator.get_decision_evolution(v),
    "field": lambda o, v: o.context_orchestrator.search_decisions("form", nonsense=v),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_is_no_text_is_refused_by_name_and_changes_nothing(project: Repo, name: str) -> None:
    form = {"title": "Write the form", "task_id": "form"}
    asyncio.run(EnhancedTaskOrchestrator(project.path).plan_task("All", "simple", [form]))
    before = snapshot(project)

    async def tried() -> None:
        orchestrator = await create_enhanced_orchestrator(project_dir=project.path)
        for value in NO_TEXT:
            with pytest.raises(TaskorchError) as refused:
                await CALLS[name](orchestrator, value)
            assert refused.value.message and refused.value.hint, value

    asyncio.run(tried())
    assert snapshot(project) == before


def test_one_task_is_not_its_letters(project: Repo) -> None:
    task = new_task(project, "Write the form")

    async def asked() -> tuple[Any, Any]:
        orchestrator = await create_enhanced_orchestrator(project_dir=project.path)
        ready = await orchestrator.verify_work_stream_readiness(task)
        return ready, await prepare_documentation_work_stream(orchestrator, task)

    ready, prepared = asyncio.run(asked())
    assert ready["ready"] and prepared["total_tasks"] == 1


def test_one_risk_and_one_file_are_not_their_letters(project: Repo) -> None:
    task = new_task(project, "Write the form")

    async def decided() -> str:
        orchestrator = await create_enhanced_orchestrator(project_dir=project.path)
        own = orchestrator.context_orchestrator.create_subtask_tracker(task)
        return await own.capture_architecture_decision(
            "HTML", "which", "plain", "fast", Path("README.md"), "it is ugly"
        )

    shown = project.json("decision", "show", asyncio.run(decided()))
    assert shown["governs"] == ["README.md"]
    assert "* it is ugly" in (project.path / shown["path"]).read_text()


def test_paths_are_taken_as_such(project: Repo) -> None:
    task = new_task(project, "Write the form")
    (project.path / "form.html").write_text("<form>\n")

    async def done() -> Any:
        orchestrator = await create_enhanced_orchestrator(project_dir=project.path)
        await orchestrator.get_specialist_context(task)
        own = orchestrator.context_orchestrator.create_subtask_tracker(task)
        await own.track_file_create(project.path / "form.html", "the form")
        return await orchestrator.complete_subtask(task, "done", [project.path / "form.html"])

    asyncio.run(done())
    assert project.json("task", "show", task)["artifacts"] == ["form.html"]


def test_a_status_that_is_asked_for_is_one_status(project: Repo) -> None:
    project.run(
        "decision",
        "new",
        "HTML",
        "--context",
        "c",
        "--decision",
        "d",
        "--rationale",
        "r",
        "--status",
        "accepted",
    )

    async def found(status: str) -> int:
        orchestrator = await create_enhanced_orchestrator(project_dir=project.path)
        return len(await orchestrator.context_orchestrator.search_decisions("HTML", status=status))

    assert asyncio.run(found("accepted"))
    assert not asyncio.run(found("accepted or rejected"))


def test_a_task_is_not_started_for_a_stream_that_is_none(project: Repo) -> None:
    task = new_task(project, "Write the form")
    handler = EnhancedWorkStreamHandler(EnhancedTaskOrchestrator(project.path))
    with pytest.raises(TaskorchError, match="no stream 'nonsense'"):
        asyncio.run(handler.execute_work_stream_task_enhanced(task, "nonsense"))
    assert status_of(project, task) == "pending"


def test_what_makes_no_orchestrator(project: Repo) -> None:
    with pytest.raises(TaskorchError, match="specialist_manager is of type str"):
        EnhancedTaskOrchestrator(project.path, "roles.yaml")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(TaskorchError, match="orchestrator is of type TaskOrchestrator"):
        EnhancedWorkStreamHandler(TaskOrchestrator(project.path))  # type: ignore[arg-type]  # on purpose
    assert EnhancedTaskOrchestrator(project.path, SpecialistManager()).specialists.is_bound


def test_a_title_with_a_nul_makes_no_half_written_plan(project: Repo) -> None:
    before = snapshot(project)
    with pytest.raises(TaskorchError, match="NUL"):
        plan(Workspace(project.path), "a\0b", "[]")
    assert snapshot(project) == before


def test_a_member_of_an_enum_is_its_text(project: Repo) -> None:
    class Complexity(Enum):
        COMPLEX = "complex"

    class Stream(str, Enum):  # noqa: UP042 -- as mcp-task-orchestrator wrote them
        TESTING = "testing"

    async def done() -> Any:
        orchestrator = await create_enhanced_orchestrator(project_dir=project.path)
        level: Any = Complexity.COMPLEX
        made = await orchestrator.plan_task("All", level, [{"title": "One", "task_id": "one"}])
        handler = EnhancedWorkStreamHandler(orchestrator)
        return made, await handler.complete_work_stream_task("one", "done", (), Stream.TESTING)

    made, completed = asyncio.run(done())
    assert project.json("task", "show", made["parent_task_id"])["complexity"] == "complex"
    assert completed["work_stream_type"] == "testing"
