"""``task start``: exclusive in this repository, and nothing but what it promises is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.making import (
    changed_lines,
    completed,
    expire_leases,
    new_task,
    reboot,
    started,
    status_of,
    task_file,
)
from tests.cli.snapshots import snapshot
from tests.repos import Repo


@pytest.fixture
def other(project: Repo) -> Repo:
    """A second work tree of the project."""
    return project.worktree(project.path.parent / "other", "-b", "side")


def shared(repo: Repo, other: Repo, title: str = "Shared") -> str:
    """A task that both work trees have."""
    task = new_task(repo, title)
    repo.commit("plan")
    other.git("merge", "--quiet", "main")
    return task


def test_start_opens_a_session_and_makes_the_task_active(project: Repo) -> None:
    task = new_task(project)
    begun = project.json("task", "start", task)
    assert (begun["status"], begun["changed"], begun["session_opened"]) == ("active", True, True)
    session = project.json("session", "show", begun["session_id"])
    assert (session["state"], session["tasks"]) == ("active", [task])
    assert (session["base"], session["branch"]) == (project.head, "main")


def test_start_writes_the_status_line_and_the_session_file_and_nothing_else(project: Repo) -> None:
    task = new_task(project)
    project.commit("plan")
    before = snapshot(project)
    begun = project.json("task", "start", task)
    path = begun["path"]
    assert changed_lines(project, path) == (["status: pending"], ["status: active"])
    after = snapshot(project)
    session = project.json("session", "show")["path"]
    folders = {".orchestrator/sessions", str(Path(session).parent)}
    assert {one for one in after if one not in before} == {session, *folders}
    assert {one for one in before if before[one] != after.get(one)} == {path}


def test_a_second_task_goes_into_the_same_session(project: Repo) -> None:
    started(project, "First")
    session = project.json("session", "show")
    project.commit("begun")
    second = new_task(project, "Second")
    begun = project.json("task", "start", second)
    assert (begun["session_opened"], begun["session_id"]) == (False, session["id"])
    assert changed_lines(project, session["path"]) == ([], [f"  - {second}"])


def test_again_in_the_same_session_changes_nothing(project: Repo) -> None:
    task = started(project)
    before = snapshot(project, local=True)
    again = project.json("task", "start", task)
    assert (again["changed"], again["session_opened"]) == (False, False)
    assert snapshot(project, local=True) == before
    assert "already" in project.run("task", "start", task).out


def test_a_task_held_elsewhere_is_refused_and_can_be_stolen(project: Repo, other: Repo) -> None:
    task = shared(project, other)
    held = project.json("task", "start", task)["session_id"]
    project.commit("begun")
    other.git("merge", "--quiet", "main")
    before = snapshot(project, local=True), snapshot(other)
    done = other.run("task", "start", task, "--json", check=False)
    assert done.code == 1
    assert done.error["message"] == f"{task} is being worked on in session {held} (Ann Example)"
    assert "--steal REASON" in done.error["hint"]
    assert (snapshot(project, local=True), snapshot(other)) == before

    taken = other.json("task", "start", task, "--steal", "Ann is on leave")
    notes = other.json("session", "show", taken["session_id"])["notes"]
    assert f"Took over {task} from session {held}: Ann is on leave" in notes
    refused = project.run("task", "start", task, "--json", check=False)
    assert taken["session_id"] in refused.error["message"]


def test_the_agent_who_has_a_task_is_named_where_its_session_has_no_record(
    project: Repo, other: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = shared(project, other)
    monkeypatch.setenv("TASKORCH_AGENT", "first")
    held = project.json("task", "start", task)["session_id"]
    monkeypatch.setenv("TASKORCH_AGENT", "second")
    done = other.run("task", "start", task, "--json", check=False)
    assert done.error["message"] == f"{task} is being worked on in session {held} (first)"
    rows = other.json("task", "ready", "--explain")["explained"]
    assert [one["text"] for one in rows[0]["reasons"]] == [f"held by session {held} (first)"]


def test_a_task_held_elsewhere_is_refused_where_its_record_says_pending(project: Repo, other: Repo) -> None:
    task = shared(project, other)
    project.run("task", "start", task)
    assert status_of(other, task) == "pending"
    done = other.run("task", "start", task, "--json", check=False)
    assert done.code == 1
    assert "is being worked on in session" in done.error["message"]


def test_a_held_task_is_completed_only_by_its_holder(project: Repo, other: Repo) -> None:
    task = shared(project, other)
    project.run("task", "start", task)
    before = snapshot(other)
    done = other.run("task", "complete", task, "--results", "mine", "--json", check=False)
    assert done.code == 1
    assert "is being worked on in session" in done.error["message"]
    assert snapshot(other) == before


@pytest.mark.parametrize("verb", ["complete", "release", "block", "cancel", "fail"])
def test_a_task_given_up_is_free_for_others(project: Repo, other: Repo, verb: str) -> None:
    task = shared(project, other)
    project.run("task", "start", task)
    project.run("task", verb, task, *(["--results", "r"] if verb == "complete" else []))
    assert other.json("task", "start", task)["changed"] is True


@pytest.mark.parametrize("away", [expire_leases, reboot])
def test_an_interrupted_session_holds_nothing(project: Repo, other: Repo, away: object) -> None:
    assert callable(away)
    task = shared(project, other)
    project.run("task", "start", task)
    away(project)
    assert other.json("task", "start", task)["changed"] is True


def test_starting_the_task_of_an_interrupted_session_resumes_it(project: Repo) -> None:
    task = started(project)
    session = project.json("session", "show")["id"]
    expire_leases(project)
    begun = project.json("task", "start", task)
    assert (begun["session_resumed"], begun["session_opened"], begun["session_id"]) == (True, False, session)
    assert project.json("session", "show", session)["state"] == "active"


def test_a_dependency_that_is_not_completed_blocks(project: Repo) -> None:
    first = new_task(project, "First")
    task = new_task(project, "Second", "--depends-on", first)
    before = snapshot(project, local=True)
    done = project.run("task", "start", task, "--json", check=False)
    assert done.code == 1
    assert done.error["message"] == f"{task} waits for 1 task"
    assert done.error["reasons"] == [f"{first} First (pending)"]
    assert snapshot(project, local=True) == before
    project.run("task", "complete", first, "--results", "done")
    assert project.json("task", "start", task)["status"] == "active"


def test_a_dangling_dependency_blocks_and_says_so(project: Repo) -> None:
    first = new_task(project, "First")
    task = new_task(project, "Second", "--depends-on", first)
    task_file(project, first).unlink()
    done = project.run("task", "start", task, "--json", check=False)
    assert (done.code, done.error["reasons"]) == (1, [f"{first} is no task here (dangling)"])


@pytest.mark.parametrize("verb", ["complete", "fail", "cancel", "delete"])
def test_a_closed_task_is_refused(project: Repo, verb: str) -> None:
    task = completed(project) if verb == "complete" else new_task(project)
    if verb != "complete":
        project.run("task", verb, task)
    before = snapshot(project, local=True)
    done = project.run("task", "start", task, "--json", check=False)
    assert done.code == 1
    assert done.error["hint"] == f"taskorch task reopen {task}"
    assert snapshot(project, local=True) == before


def test_a_blocked_task_can_be_started_and_loses_its_reason(project: Repo) -> None:
    task = new_task(project)
    project.run("task", "block", task, "waiting for a key")
    begun = project.json("task", "start", task)
    assert (begun["status"], begun["reason"]) == ("active", None)


def test_what_was_changed_before_is_not_claimed(project: Repo) -> None:
    project.write("before.txt", "mine, not the task's\n")
    task = started(project)
    project.write("after.txt", "the task's\n")
    assert project.json("session", "show")["dirty_count"] == 1
    done = project.json("task", "complete", task, "--results", "done")
    assert [row["path"] for row in done["verification"]["files"]] == ["after.txt"]


def test_text_shows_what_is_to_be_done(project: Repo) -> None:
    task = new_task(project, "T", "-d", "Do it like this", "--accept", "it works")
    out = project.run("task", "start", task).out
    for part in ("opened session s-", "Do it like this", "it works", f"taskorch task complete {task}"):
        assert part in out, part


def test_two_work_trees_have_sessions_of_their_own(project: Repo, other: Repo) -> None:
    mine, theirs = new_task(project, "Mine"), new_task(project, "Theirs")
    project.commit("plan")
    other.git("merge", "--quiet", "main")
    one = project.json("task", "start", mine)["session_id"]
    two = other.json("task", "start", theirs)["session_id"]
    assert one != two
    project.write("mine.txt", "m\n")
    other.write("theirs.txt", "t\n")
    assert [c["path"] for c in project.json("status")["changed"]] == ["mine.txt"]
    assert [c["path"] for c in other.json("status")["changed"]] == ["theirs.txt"]
