"""A git directory that cannot be written, as some sandboxes mount it: records are written, and it is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.making import new_task, rungs, started, status_of
from tests.cli.snapshots import snapshot
from tests.cli.test_machine import as_anyone, modes, powerless
from tests.repos import Repo, Result

OFF = "the safety store is off"


@contextmanager
def read_only(repo: Repo) -> Iterator[None]:
    """The git directory of a repository with all below it cannot be written."""
    git_dir = repo.path / ".git"
    with modes(0o555, *git_dir.rglob("*"), git_dir):
        yield


def inside(repo: Repo, *words: str) -> Result:
    """A command in such a sandbox, which has to end well and say how it is."""
    done, text = repo.taskorch_each(
        [[*words, "--json"], ["session", "note", "and in words"]], before=powerless()
    )
    assert OFF in str(done.checked().json["safety_store"])
    assert text.code or OFF in text.err
    return done


@pytest.mark.parametrize("used", [True, False], ids=["used before", "a fresh clone"])
def test_a_whole_day(project: Repo, tmp_path: Path, used: bool) -> None:
    if used:
        new_task(project)
        project.commit("records")
    repo = project if used else project.clone(tmp_path / "clone")
    repo.write("a.txt", "from before\n")
    git_dir = repo.path / ".git"
    before = {path: one for path, one in snapshot(repo, local=True).items() if path.startswith(".git/")}
    with read_only(repo):
        task = inside(repo, "task", "new", "Sandboxed").json["id"]
        inside(repo, "task", "start", task)
        repo.write("a.txt", "from before\nchanged\n")
        repo.write("b.txt", "b\n")
        inside(repo, "track", "b.txt", "--why", "asked for")
        inside(repo, "decision", "new", "D", "--context", "c", "--decision", "d", "--rationale", "r")
        done = inside(repo, "task", "complete", task, "--results", "r").json
        assert rungs(done["verification"]) == {"a.txt": "worktree", "b.txt": "worktree"}
        assert inside(repo, "status").json["changed"] == []
    after = {path: one for path, one in snapshot(repo, local=True).items() if path.startswith(".git/")}
    assert after == before
    assert git_dir.joinpath("taskorch").exists() is used
    listed = repo.git("status", "--porcelain", "--untracked-files=all")
    assert ".local" not in listed
    repo.commit("all of it")
    assert rungs(repo.json("verify", "--task", str(task))) == {"a.txt": "exact", "b.txt": "exact"}
    [claims] = repo.path.glob(".orchestrator/sessions/*/*.claims.jsonl")
    assert '"before": "100644' in claims.read_text()  # the state of a file that was there before


def test_a_session_goes_on_inside_and_outside(project: Repo) -> None:
    task = started(project)
    session = project.json("session", "status")["session"]["id"]
    project.write("a.txt", "outside\n")
    with read_only(project):
        project.write("b.txt", "inside\n")
        shown = as_anyone(project, "session", "status", "--json").checked().json
        assert shown["session"]["id"] == session
        inside(project, "track", "b.txt", "--why", "inside")
        other = str(inside(project, "task", "new", "Other").json["id"])
    assert project.json("session", "status")["session"]["id"] == session
    project.write("c.txt", "outside again\n")
    done = project.json("task", "complete", task, "--results", "r")
    assert set(rungs(done["verification"])) == {"a.txt", "b.txt", "c.txt"}
    assert not (project.path / ".orchestrator" / ".local").exists()
    assert "inside" in next(project.path.glob(".orchestrator/sessions/*/*.jsonl")).read_text()
    assert status_of(project, other) == "pending"


def test_what_ended_inside_has_ended_outside(project: Repo) -> None:
    task = started(project)
    with read_only(project):
        inside(project, "task", "complete", task, "--results", "r")
    assert project.json("session", "status")["session"] is None
    new_task(project)
    assert list(project.path.glob(".git/taskorch/worktrees/*/sessions/*")) == []


def test_what_needs_the_safety_store_is_refused(project: Repo) -> None:
    task = new_task(project)
    project.write("a.txt", "a\n")
    with read_only(project):
        for words in (["undo"], ["checkpoint"]):
            done = as_anyone(project, *words, "--json")
            assert done.code == 1
            assert OFF in done.error["message"]
            assert done.error["hint"]
        assert as_anyone(project, "undo", "--list").checked().out.count("\n") == 2
        project.remove(f".orchestrator/tasks/{task}-add-login.md")
        inside(project, "restore", task)  # what the store has from before can be read
        done = as_anyone(project, "commit")
        assert (done.code, "Permission denied" in done.err, "another git" in done.err) == (1, True, False)
    assert status_of(project, task) == "pending"


def test_a_store_is_made(repo: Repo) -> None:
    repo.commit("first", {"a.txt": "a\n"})
    with read_only(repo):
        assert OFF in as_anyone(repo, "init").checked().err
        inside(repo, "task", "new", "T")
    assert repo.run("doctor").code == 0
