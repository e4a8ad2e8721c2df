"""A hundred calls at once, and calls that are cancelled: each is carried out whole or not at all."""

from __future__ import annotations

import asyncio
import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from taskorch import EnhancedTaskOrchestrator, TaskorchError, create_enhanced_orchestrator
from taskorch.orchestrator.calls import Project
from tests.repos import Repo


def titles(repo: Repo) -> list[str]:
    return [one["title"] for one in repo.json("task", "list")["tasks"]]


def test_a_hundred_calls_at_once(project: Repo) -> None:
    async def work() -> list[object]:
        two = [await create_enhanced_orchestrator(project_dir=project.path) for _ in range(2)]
        plans = [two[n % 2].plan_task(f"Plan {n}", "simple", [{"title": f"Part {n}"}]) for n in range(40)]
        reads = [two[n % 2].get_status() for n in range(40)]
        unknown = [two[n % 2].recover_context_for_task(f"nothing-{n}") for n in range(20)]
        return list(await asyncio.gather(*plans, *reads, *unknown))

    answers = asyncio.run(work())
    assert len(answers) == 100
    assert sorted(titles(project)) == sorted([f"{kind} {n}" for n in range(40) for kind in ("Plan", "Part")])
    assert project.run("doctor").code == 0


def test_of_many_that_start_one_task_in_one_session_all_get_it(project: Repo) -> None:
    project.run("task", "new", "Only one")
    task = project.json("task", "list")["tasks"][0]["id"]

    async def work() -> list[str]:
        orchestrator = await create_enhanced_orchestrator(project_dir=project.path)
        return list(await asyncio.gather(*(orchestrator.get_specialist_context(task) for _ in range(10))))

    assert len(set(asyncio.run(work()))) == 1
    assert len(project.json("session", "list")["sessions"]) == 1


def test_a_cancelled_call_is_whole_or_never_begun(project: Repo) -> None:
    async def work() -> int:
        orchestrator = await create_enhanced_orchestrator(project_dir=project.path)
        calls = [
            asyncio.ensure_future(orchestrator.plan_task(f"Plan {n}", "simple", [{"title": f"Part {n}"}]))
            for n in range(20)
        ]
        await calls[2]
        for call in calls:
            call.cancel()
        done = await asyncio.gather(*calls, return_exceptions=True)
        await orchestrator.get_status()  # stands in line behind what was begun
        return sum(isinstance(one, asyncio.CancelledError) for one in done)

    assert asyncio.run(work()) >= 15
    there = titles(project)
    assert 3 <= there.count("Plan 0") + len([t for t in there if t.startswith("Plan")]) - 1 <= 5
    assert sorted(t.removeprefix("Plan ") for t in there if t.startswith("Plan")) == sorted(
        t.removeprefix("Part ") for t in there if t.startswith("Part")
    )
    assert project.run("doctor").code == 0


def test_an_error_of_one_call_is_that_call_s_alone(project: Repo) -> None:
    async def work() -> list[object]:
        orchestrator = await create_enhanced_orchestrator(project_dir=project.path)
        calls = [orchestrator.complete_subtask("nothing", "done"), orchestrator.get_status()]
        return list(await asyncio.gather(*calls, return_exceptions=True))

    refused, status = asyncio.run(work())
    assert isinstance(refused, TaskorchError)
    assert isinstance(status, dict) and status["tasks"] == []


def test_the_event_loop_goes_on_while_a_service_works(project: Repo) -> None:
    begun, release = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        release.wait(10)
        return "done"

    async def work() -> str:
        call = asyncio.ensure_future(Project(project.path).run(slow))
        await asyncio.to_thread(begun.wait, 10)
        await asyncio.sleep(0)
        assert not call.done()
        release.set()
        return await call

    assert asyncio.run(work()) == "done"


def test_one_orchestrator_in_several_event_loops(project: Repo) -> None:
    orchestrator = EnhancedTaskOrchestrator(project.path)
    for number in range(3):
        asyncio.run(orchestrator.plan_task(f"Plan {number}"))
    assert len(titles(project)) == 3


def test_the_project_stays_when_the_current_folder_changes(
    project: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.path)
    orchestrator = EnhancedTaskOrchestrator(project_dir=".")
    monkeypatch.chdir(tmp_path)
    asyncio.run(orchestrator.plan_task("Plan"))
    assert titles(project) == ["Plan"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TaskorchError, match=r"there is no folder .*nowhere"):
        asyncio.run(create_enhanced_orchestrator(project_dir=tmp_path / "nowhere"))


def test_what_the_machine_refuses_is_a_taskorch_error(tmp_path: Path) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "records")

    with pytest.raises(TaskorchError, match="records: No space left on device") as refused:
        asyncio.run(Project(tmp_path).run(full))
    assert refused.value.hint == "mend the cause, and call again"


def test_no_error_is_without_a_hint(tmp_path: Path) -> None:
    def wrong() -> None:
        raise TaskorchError("wrong")

    with pytest.raises(TaskorchError) as refused:
        asyncio.run(Project(tmp_path).run(wrong))
    assert refused.value.hint


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_a_forked_process_can_go_on(project: Repo) -> None:
    code = (
        "import asyncio, os, sys\n"
        "from taskorch import EnhancedTaskOrchestrator\n"
        "one = EnhancedTaskOrchestrator(sys.argv[1])\n"
        "asyncio.run(one.get_status())\n"
        "child = os.fork()\n"
        "asyncio.run(asyncio.wait_for(one.plan_task('child' if child == 0 else 'parent'), 20))\n"
        "child and sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    subprocess.run([sys.executable, "-c", code, str(project.path)], check=True, timeout=60)
    assert sorted(titles(project)) == ["child", "parent"]
