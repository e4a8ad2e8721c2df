"""The async library: its calls, over the same services as the command line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

import taskorch
from taskorch import EnhancedTaskOrchestrator, StateManager, TaskorchError, create_enhanced_orchestrator
from tests.cli.making import new_task, status_of
from tests.cli.snapshots import snapshot
from tests.repos import Repo

T = TypeVar("T")
Json = dict[str, Any]

SUBTASKS: list[Json] = [
    {
        "title": "Write the form",
        "task_id": "form",
        "specialist_type": "implementer",
        "description": "In HTML",
        "priority": "high",
        "acceptance_criteria": ["it works", "it is tested"],
    },
    {"title": "Test it", "task_id": "tests", "specialist_type": "tester", "dependencies": ["form"]},
    {"title": "Document it", "dependencies": "Write the form, tests", "estimated_effort": "1 hour"},
]


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


async def opened(repo: Repo) -> EnhancedTaskOrchestrator:
    return await create_enhanced_orchestrator(project_dir=repo.path)


def plan(repo: Repo, subtasks: str | list[Json], **options: str) -> Json:
    async def work() -> Json:
        return await (await opened(repo)).plan_task("Add login", "complex", subtasks, **options)

    return run(work())


def test_creating_makes_a_store_and_leaves_one_that_is_there(repo: Repo) -> None:
    run(create_enhanced_orchestrator(project_dir=str(repo.path)))
    assert (repo.path / ".orchestrator" / "config.yaml").is_file()
    task = new_task(repo)
    run(opened(repo))
    assert status_of(repo, task) == "pending"


def test_the_default_is_the_current_folder(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("deep/a.txt", "a\n")
    monkeypatch.chdir(repo.path / "deep")
    run(create_enhanced_orchestrator())
    assert (repo.path / ".orchestrator").is_dir()


def test_outside_a_repository_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TaskorchError) as caught:
        run(create_enhanced_orchestrator(project_dir=tmp_path))
    assert (caught.value.kind, bool(caught.value.hint)) == ("not_a_repository", True)
    assert list(tmp_path.iterdir()) == []


OLD = Path(__file__).parents[1] / "services" / "imports" / "old_projects" / "v1.8.0"


def test_a_db_url_brings_an_old_database_along_once(repo: Repo) -> None:
    url = f"sqlite:///{OLD / '.task_orchestrator' / 'task_orchestrator.db'}"

    async def work() -> tuple[Json | None, Json | None, Json | None]:
        made = [await create_enhanced_orchestrator(project_dir=repo.path, db_url=url) for _ in range(2)]
        return made[0].imported, made[1].imported, await made[0].state.get_subtask("arch_1")

    first, second, task = run(work())
    assert first and second and task
    assert (first["created"]["task"], second["created"]["task"]) == (5, 0)
    assert (task["status"], task["specialist_type"]) == ("completed", "architect")


def test_a_database_that_is_not_there_is_told(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo.path)
    made = run(create_enhanced_orchestrator(db_url="sqlite:///task_orchestrator.db"))
    assert made.imported
    assert [row["reason"] for row in made.imported["skipped"]] == ["there is no such file: nothing to import"]


def test_another_db_url_is_refused_and_nothing_made(repo: Repo) -> None:
    before = snapshot(repo)
    with pytest.raises(TaskorchError, match="not the file of an old database"):
        run(create_enhanced_orchestrator(project_dir=repo.path, db_url="postgresql://here/db"))
    assert snapshot(repo) == before


def test_where_the_folder_is_not_there_that_of_the_state_is_taken_and_told(repo: Repo) -> None:
    with pytest.warns(UserWarning, match="no folder /path/to/project"):
        made = run(create_enhanced_orchestrator(StateManager(repo.path), project_dir="/path/to/project"))
    assert made.project_dir == str(repo.path)


def test_what_was_completed_is_completed_once(project: Repo) -> None:
    plan(project, [{"title": "T", "task_id": "x"}])

    async def work() -> list[Json]:
        orchestrator = await opened(project)
        first = await orchestrator.complete_subtask_enhanced("x", "Done", [])
        before = snapshot(project)
        again = await orchestrator.complete_subtask_enhanced("x", "Done", [])
        assert snapshot(project) == before
        with pytest.raises(TaskorchError, match="already completed"):
            await orchestrator.complete_subtask_enhanced("x", "Done otherwise", [])
        return [first, again]

    first, again = run(work())
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert first["status"] == again["status"] == "completed"


def test_status_roles_and_synthesis(project: Repo) -> None:
    made = plan(project, SUBTASKS)

    async def work() -> None:
        orchestrator = await opened(project)
        status = await orchestrator.get_status()
        assert (status["pending_tasks"], status["completed_tasks"], len(status["tasks"])) == (4, 0, 4)
        assert {one["task_id"] for one in made["subtasks"]} <= {one["task_id"] for one in status["tasks"]}
        role = await orchestrator.specialists.get_role("tester")
        assert role and role["expertise"]
        assert await orchestrator.specialists.get_role("wizard") is None
        below = await orchestrator.state.get_subtasks_for_parent(made["parent_task_id"])
        assert len(below) == 3 and len(await orchestrator.state.get_all_tasks()) == 4
        text = await orchestrator.synthesize_results(made["parent_task_id"])
        assert "Not finished" in text and "0 of 3" in text

    run(work())


def test_readiness_of_what_does_not_exist_is_false_with_a_reason(project: Repo) -> None:
    async def work() -> Json:
        return await (await opened(project)).verify_work_stream_readiness(["nowhere"])

    found = run(work())
    assert found["ready"] is False and "nowhere" in found["reason"]
    [row] = found["task_readiness"]
    assert (row["exists"], row["ready_for_enhanced_execution"], row["error"]) == (
        False,
        False,
        "Task not found",
    )


def test_a_tracker_tells_every_operation(project: Repo) -> None:
    plan(project, [{"title": "T", "task_id": "x"}])
    project.write("old.txt", "old content of a file\n")
    project.write("gone.txt", "to be deleted\n")
    project.write("kept.txt", "as it was\n")
    project.commit("three files", {})

    async def work() -> list[str]:
        orchestrator = await opened(project)
        await orchestrator.initialize_session()
        tracker = orchestrator.context_orchestrator.create_subtask_tracker("x", "tester")
        project.write("new.txt", "new\n")
        (project.path / "old.txt").rename(project.path / "moved.txt")
        (project.path / "gone.txt").unlink()
        project.write("copy.txt", project.read("moved.txt"))
        project.write("kept.txt", "changed\n")
        done = [
            await tracker.track_file_create("new.txt", "needed"),
            await tracker.track_file_modify("kept.txt"),
            await tracker.track_file_delete("gone.txt"),
            await tracker.track_file_move("old.txt", "moved.txt"),
            await tracker.track_file_copy("moved.txt", "copy.txt"),
            await tracker.track_file_read("new.txt"),
        ]
        looked = await tracker.verify_subtask_completion()
        assert looked["completion_approved"] and looked["critical_issues"] == []
        assert (await tracker.generate_comprehensive_context())["continuation_guidance"]
        return done

    ids = run(work())
    assert [one.split(":")[1] for one in ids] == ["create", "modify", "delete", "move", "copy", "read"]


def test_a_change_of_what_the_session_made_or_moved_is_told_of_too(project: Repo) -> None:
    plan(project, [{"title": "T", "task_id": "x"}])
    project.write("old.txt", "".join(f"{n} of the old content\n" for n in range(20)))
    project.commit("a file", {})

    async def work() -> list[str]:
        orchestrator = await opened(project)
        await orchestrator.initialize_session()
        tracker = orchestrator.context_orchestrator.create_subtask_tracker("x")
        project.write("new.txt", "new\n")
        (project.path / "old.txt").rename(project.path / "moved.txt")
        done = [
            await tracker.track_file_create("new.txt"),
            await tracker.track_file_move("old.txt", "moved.txt"),
        ]
        project.write("new.txt", "newer\n")
        project.write("moved.txt", project.read("moved.txt") + "and one more\n")
        done += [await tracker.track_file_modify("new.txt"), await tracker.track_file_modify("moved.txt")]
        with pytest.raises(TaskorchError, match="is a delete, not a modify"):
            (project.path / "README.md").unlink()
            await tracker.track_file_modify("README.md")
        return done

    ids = run(work())
    assert [one.split(":", 1)[1] for one in ids] == ["create:new.txt", "move:moved.txt"] * 2


def test_initialize_session_opens_one_or_goes_on(project: Repo) -> None:
    async def work() -> tuple[Json, Json]:
        orchestrator = await opened(project)
        first = await orchestrator.initialize_session(agent="bot", purpose="Finish the login")
        return first, await orchestrator.initialize_session()

    first, again = run(work())
    assert first["session_id"] == again["session_id"] == project.json("session", "status")["session"]["id"]
    assert (first["base"], first["onto"], first["agent"]) == (project.head, project.head, "bot")
    continuity = first["context_continuity"]
    assert (continuity["enabled"], continuity["session_id"]) == (True, first["session_id"])
    assert again["context_continuity"] == continuity and continuity["features"]
    assert (first["role"], first["specialist_roles"].keys() >= {"architect", "tester"}) == (
        "Task Orchestrator",
        True,
    )
    assert project.json("session", "show")["purpose"] == "Finish the login"


@pytest.mark.parametrize("as_text", [True, False])
def test_plan_task_makes_a_parent_and_its_subtasks(project: Repo, as_text: bool) -> None:
    made = plan(project, json.dumps(SUBTASKS) if as_text else SUBTASKS, context="For the web")
    parent = project.json("task", "show", made["parent_task_id"])
    assert (parent["title"], parent["complexity"], parent["description"]) == (
        "Add login",
        "complex",
        "For the web",
    )
    form, tests, docs = made["subtasks"]
    assert [one["alias"] for one in made["subtasks"]] == ["form", "tests", None]
    assert (form["specialist_type"], form["status"], form["dependencies"]) == ("implementer", "pending", [])
    assert (tests["dependencies"], set(docs["dependencies"])) == (
        [form["task_id"]],
        {form["task_id"], tests["task_id"]},
    )
    shown = project.json("task", "show", "form")
    assert (shown["parent"], shown["priority"], shown["description"]) == (parent["id"], "high", "In HTML")
    assert [one["text"] for one in shown["criteria"]] == ["it works", "it is tested"]
    assert project.json("task", "show", docs["task_id"])["description"] == "Estimated effort: 1 hour"


def test_plan_task_takes_dependencies_on_tasks_that_exist(project: Repo) -> None:
    task = new_task(project)
    made = plan(project, [{"title": "Next", "dependencies": [task[:7]]}])
    assert made["subtasks"][0]["dependencies"] == [task]


def test_a_long_description_becomes_a_title_and_a_text(project: Repo) -> None:
    async def work(description: str) -> Json:
        made = await (await opened(project)).plan_task(description)
        return project.json("task", "show", made["parent_task_id"])

    lines = run(work("First line\nand the rest"))
    assert (lines["title"], lines["description"]) == ("First line", "and the rest")
    long = run(work("word " * 60))
    assert len(long["title"]) == 200
    assert long["description"] == ("word " * 60).strip()


@pytest.mark.parametrize(
    ("subtasks", "words"),
    [
        ("not json", "not JSON"),
        ("1", "not a list"),
        ([{}], "subtask 1 has no title"),
        ([{"title": ""}], "title"),
        ([{"title": "T", "dependencies": ["nowhere"]}], "no task 'nowhere'"),
        ([{"title": "T", "dependencies": {"a": 1}}], "not a list"),
        ([{"title": "T", "dependencies": [1]}], "no task '1'"),
        ([{"title": "T", "task_id": "x", "dependencies": ["x"]}], "ring"),
        ([{"title": "T", "task_id": "x"}, {"title": "U", "task_id": "x"}], "two subtasks are named 'x'"),
        ([{"title": "T", "task_id": "t-7k2m9qxd"}], "looks like an id"),
        ([{"title": "T", "priority": "urgent"}], "priority"),
        (
            [
                {"title": "T", "task_id": "x", "dependencies": ["y"]},
                {"title": "U", "task_id": "y", "dependencies": ["x"]},
            ],
            "ring",
        ),
    ],
)
def test_a_plan_is_made_whole_or_not_at_all(project: Repo, subtasks: str | list[Json], words: str) -> None:
    before = snapshot(project)
    with pytest.raises(TaskorchError, match=words) as caught:
        plan(project, subtasks)
    assert caught.value.hint
    assert snapshot(project) == before


def test_complete_subtask_is_task_complete(project: Repo) -> None:
    made = plan(project, SUBTASKS)

    async def work() -> Json:
        orchestrator = await opened(project)
        await orchestrator.initialize_session()
        project.run("task", "start", "form")
        project.write("form.html", "<form>\n")
        first = await orchestrator.check_criteria("form", [1])
        assert [one["done"] for one in first["criteria"]] == [True, False]
        await orchestrator.check_criteria("form")
        return await orchestrator.complete_subtask("form", "It works", ["form.html"], "continue")

    done = run(work())
    form, tests, _ = made["subtasks"]
    assert (done["task_id"], done["status"], done["results_recorded"]) == (form["task_id"], "completed", True)
    assert [row["rung"] for row in done["verification"]["files"]] == ["worktree"]
    assert done["parent_task_progress"]["progress_percentage"] == 33
    assert done["next_recommended_task"]["id"] == tests["task_id"]
    assert project.json("task", "show", "form")["artifacts"] == ["form.html"]


def test_complete_subtask_raises_with_all_reasons(project: Repo) -> None:
    plan(project, SUBTASKS)
    before = snapshot(project, local=True)

    async def work() -> Json:
        return await (await opened(project)).complete_subtask("form", "done")

    with pytest.raises(TaskorchError) as caught:
        run(work())
    assert caught.value.reasons == [
        "criterion 1 is not ticked: it works",
        "criterion 2 is not ticked: it is tested",
    ]
    assert snapshot(project, local=True) == before


def test_recover_gives_what_the_command_gives(project: Repo) -> None:
    plan(project, SUBTASKS)
    project.commit("plan")

    async def work() -> Json:
        return await (await opened(project)).recover_context_for_task("form")

    answer = run(work())
    assert answer == {key: value for key, value in project.json("recover", "form").items() if key != "schema"}
    assert answer["context_recovered"] is True
    json.dumps(answer)


@pytest.mark.parametrize("name", ["t-00000000", "nothing", ""])
def test_an_unknown_task_is_not_recovered(project: Repo, name: str) -> None:
    async def work() -> Json:
        return await (await opened(project)).recover_context_for_task(name)

    answer = run(work())
    assert (answer["task_id"], answer["context_recovered"], answer["recovery_package"]) == (name, False, None)
    assert answer["message"]


def test_an_ambiguous_task_is_an_error_not_a_missing_one(project: Repo) -> None:
    for last in "12":
        text = f"id: t-abcd000{last}\ntitle: T\ncreated: 2026-01-01\nstatus: pending"
        project.write(f".orchestrator/tasks/t-abcd000{last}.md", f"---\n{text}\n---\n")

    async def work() -> Json:
        return await (await opened(project)).recover_context_for_task("abcd")

    with pytest.raises(TaskorchError) as caught:
        run(work())
    assert caught.value.kind == "ambiguous"


def test_calls_at_once_lose_nothing(project: Repo) -> None:
    async def work() -> list[Json]:
        orchestrator = await opened(project)
        return await asyncio.gather(
            *(orchestrator.plan_task(f"Plan {number}", "simple", [{"title": "T"}]) for number in range(8)),
            *(orchestrator.recover_context_for_task("t-00000000") for _ in range(4)),
        )

    answers = run(work())
    made = {answer["parent_task_id"] for answer in answers[:8]}
    assert len(made) == 8
    listed = {one["id"] for one in project.json("task", "list")["tasks"]}
    assert made <= listed
    assert len(listed) == 16


def test_sessions_begun_at_once_are_one(project: Repo) -> None:
    async def work() -> list[Json]:
        orchestrator = await opened(project)
        return await asyncio.gather(*(orchestrator.initialize_session() for _ in range(4)))

    assert len({answer["session_id"] for answer in run(work())}) == 1
    assert len(project.json("session", "list")["sessions"]) == 1


def test_the_event_loop_is_not_blocked(project: Repo) -> None:
    async def work() -> int:
        orchestrator = await opened(project)
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.001)
                ticks += 1

        ticking = asyncio.create_task(tick())
        await orchestrator.plan_task("Plan", "simple", [{"title": f"T {number}"} for number in range(30)])
        ticking.cancel()
        return ticks

    assert run(work()) > 3


def test_the_current_folder_of_the_process_does_not_matter(
    project: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project.write("a.txt", "a\n")
    task = new_task(project)

    async def work() -> Json:
        return await (await opened(project)).complete_subtask(task, "done", ["a.txt"])

    assert run(work())["status"] == "completed"
    assert project.json("task", "show", task)["artifacts"] == ["a.txt"]


def test_public_names_are_exported_and_no_others() -> None:
    for name in taskorch.__all__:
        assert getattr(taskorch, name)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = taskorch.nothing
