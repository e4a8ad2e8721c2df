"""``task block|fail|cancel|reopen|delete|release``: who may go where, and what is written."""

from __future__ import annotations

import pytest

from tests.cli.making import changed_lines, completed, new_task, started, status_of, task_file
from tests.cli.snapshots import snapshot
from tests.repos import Repo

TARGET = {"block": "blocked", "fail": "failed", "cancel": "cancelled"}


def in_status(repo: Repo, status: str) -> str:
    """A new task with that status."""
    if status == "completed":
        return completed(repo)
    if status == "active":
        return started(repo)
    task = new_task(repo)
    verbs = {"blocked": "block", "failed": "fail", "cancelled": "cancel", "deleted": "delete"}
    if status in verbs:
        repo.run("task", verbs[status], task)
    return task


ALLOWED = {
    "block": {"pending", "active", "blocked"},
    "fail": {"pending", "active", "blocked"},
    "cancel": {"pending", "active", "blocked"},
    "reopen": {"blocked", "completed", "failed", "cancelled", "deleted"},
    "release": {"active"},
    "delete": {"pending", "active", "blocked", "completed", "failed", "cancelled", "deleted"},
}
AFTER = TARGET | {"reopen": "pending", "release": "pending", "delete": "cancelled"}


@pytest.mark.parametrize("verb", sorted(ALLOWED))
@pytest.mark.parametrize("status", sorted(ALLOWED["delete"]))
def test_every_way_that_is_open_and_none_else(project: Repo, verb: str, status: str) -> None:
    task = in_status(project, status)
    before = snapshot(project, local=True)
    done = project.run("task", verb, task, "--json", check=False)
    if status in ALLOWED[verb]:
        assert done.json["status"] == AFTER[verb]
        assert done.json["deleted"] is (verb == "delete")
    else:
        assert done.code == 1
        assert task in done.error["message"]
        assert "taskorch task" in done.error["hint"]
        assert snapshot(project, local=True) == before


@pytest.mark.parametrize("verb", sorted(TARGET))
def test_a_reason_is_kept_beside_the_status(project: Repo, verb: str) -> None:
    task = new_task(project)
    path = task_file(project, task)
    project.commit("plan")
    closed = project.json("task", verb, task, "waits for\nthe key")
    assert (closed["status"], closed["reason"]) == (TARGET[verb], "waits for the key")
    come = [f"status: {TARGET[verb]}", "reason: waits for the key"]
    assert changed_lines(project, path) == (["status: pending"], come)
    project.run("task", "reopen", task)
    assert changed_lines(project, path) == ([], [])


def test_delete_keeps_the_file_and_reopen_brings_it_back(project: Repo) -> None:
    task = new_task(project)
    path = task_file(project, task)
    project.commit("plan")
    project.run("task", "delete", task)
    assert changed_lines(project, path) == (["status: pending"], ["status: cancelled", "deleted: true"])
    assert project.json("task", "list")["tasks"] == []
    assert project.json("task", "reopen", task)["deleted"] is False
    assert changed_lines(project, path) == ([], [])


def test_reopening_a_forced_task_forgets_the_force(project: Repo) -> None:
    task = new_task(project, "T", "--accept", "one")
    project.run("task", "complete", task, "--results", "r", "--force", "why not")
    shown = project.json("task", "reopen", task)
    assert (shown["status"], shown["forced"], shown["results"]) == ("pending", None, "r")


@pytest.mark.parametrize("verb", ["block", "fail", "cancel", "delete", "release"])
def test_work_done_so_far_is_claimed_when_a_task_is_given_up(project: Repo, verb: str) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    given_up = project.json("task", verb, task)
    assert given_up["session_ended"] is True
    claims = project.json("session", "show")["claims"]
    assert [(claim["task"], claim["path"]) for claim in claims] == [(task, "a.txt")]


def test_work_is_claimed_when_an_edit_takes_a_task_out_of_active(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    project.run("task", "edit", task, "--status", "blocked")
    assert [claim["path"] for claim in project.json("session", "show")["claims"]] == ["a.txt"]
    assert status_of(project, task) == "blocked"


def test_the_session_goes_on_while_another_of_its_tasks_is_active(project: Repo) -> None:
    one, two = started(project, "One"), started(project, "Two")
    assert project.json("task", "block", one)["session_ended"] is False
    assert project.json("task", "release", two)["session_ended"] is True
    assert "its session has ended with it" in project.run("task", "cancel", started(project)).out


def test_nothing_else_is_written(project: Repo) -> None:
    task = new_task(project)
    path = task_file(project, task).relative_to(project.path).as_posix()
    before = snapshot(project)
    project.run("task", "fail", task, "no way")
    after = snapshot(project)
    assert {one for one in {*before, *after} if before.get(one) != after.get(one)} == {path}
