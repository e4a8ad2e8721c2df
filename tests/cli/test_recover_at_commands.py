"""The commands that ``recover --at`` prints run as they are printed."""

from __future__ import annotations

import shlex

import pytest

from tests.cli.making import completed, new_task, started
from tests.repos import Repo


@pytest.fixture
def pushed(project: Repo) -> tuple[Repo, str]:
    """A clone on main, and a task that only the branch ``work`` of its remote has."""
    project.git("switch", "--quiet", "-c", "work")
    before = completed(project, "Before")
    task = started(project, "Work", "--depends-on", before, "--accept", "it works")
    project.commit("work", {"a.txt": "a\n"})
    project.run("session", "end", "--handoff", "go on")
    project.run("commit")
    project.git("switch", "--quiet", "main")
    return project.clone(project.path.parent / "clone"), task


def recommended(repo: Repo, *words: str) -> list[str]:
    found: list[str] = repo.json("recover", *words)["recovery_package"]["recovery_recommendations"]
    return found


def run_all(repo: Repo, commands: list[str]) -> None:
    for command in commands:
        program, *words = shlex.split(command.replace(" N", " 1"))
        assert program in ("git", "taskorch")
        repo.git(*words) if program == "git" else repo.run(*words)


@pytest.mark.parametrize("local", [False, True])
def test_of_a_branch_after_a_switch_to_it(pushed: tuple[Repo, str], local: bool) -> None:
    clone, task = pushed
    if local:
        clone.git("branch", "--quiet", "work", "origin/work")
    at = "work" if local else "origin/work"
    commands = recommended(clone, task, "--at", at)
    assert commands == [
        "git switch work", f"taskorch task start {task}", f"taskorch task check {task} N",
        f"taskorch task complete {task} --results TEXT",
    ]  # fmt: skip
    run_all(clone, commands)
    assert clone.json("task", "show", task)["status"] == "completed"
    assert recommended(clone, task, "--at", "HEAD")[0] == f"taskorch task start {task}"  # as committed there


def test_of_another_commit_what_reads_it(pushed: tuple[Repo, str]) -> None:
    clone, task = pushed
    for at in ("origin/work~1", clone.git("rev-parse", "origin/work")):
        assert recommended(clone, task, "--at", at) == [f"taskorch task show {task} --at {shlex.quote(at)}"]
        run_all(clone, recommended(clone, task, "--at", at))
    clone.git("branch", "--quiet", "work", "origin/work~1")  # a branch of that name, which is otherwise
    shown = f"taskorch task show {task} --at origin/work"
    assert recommended(clone, task, "--at", "origin/work") == [shown]
    clone.git("branch", "--quiet", "--force", "work", "origin/work")
    clone.git(
        "worktree", "add", "--quiet", str(clone.path.parent / "elsewhere"), "work"
    )  # git switch refuses it here
    assert recommended(clone, task, "--at", "origin/work") == [shown]


def test_in_a_bare_repository_nothing_is_switched_to(pushed: tuple[Repo, str]) -> None:
    clone, task = pushed
    bare = clone.clone(clone.path.parent / "bare", "--bare", "--branch", "main")
    bare.git("update-ref", "refs/heads/work", clone.git("rev-parse", "origin/work"))
    commands = recommended(bare, task, "--at", "work")
    assert commands == [f"taskorch task show {task} --at work"]
    run_all(bare, commands)


def test_what_else_is_printed_reads_that_commit_too(pushed: tuple[Repo, str]) -> None:
    clone, task = pushed
    [row] = clone.json("recover", task, "--at", "origin/work")["task"]["builds_on"]
    assert row["command"].endswith(" --at origin/work")
    assert f"`{row['command']}`" in clone.run("recover", task, "--at", "origin/work").out
    commands = [row["command"], *recommended(clone, row["id"], "--at", "origin/work")]
    assert [command for command in commands if not command.endswith(" --at origin/work")] == []
    run_all(clone, commands)
    clone.git("switch", "--quiet", "work")
    waits = new_task(clone, "Waits", "--depends-on", task)
    other = started(clone, "Other")
    clone.run("commit")
    clone.git("switch", "--quiet", "main")
    brief = recommended(clone, "--at", "work")
    assert sorted(brief) == sorted(f"taskorch recover {one} --at work" for one in (task, other))
    run_all(clone, brief)
    assert recommended(clone, waits, "--at", "work") == [f"taskorch recover {task} --at work"]
