"""Two agents that ask for one task at once, as processes: one gets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence

import pytest

from tests.cli.making import expire_leases, new_task, status_of
from tests.repos import Repo, Result


def at_once(task: str, places: Sequence[tuple[Repo, str]], *options: str) -> list[tuple[int, str]]:
    """Exit code and answer of ``task start`` in several places, all begun before one is waited for."""
    command = [sys.executable, "-m", "taskorch", "task", "start", task, *options, "--json"]
    running = [
        subprocess.Popen(
            command, cwd=repo.path, env={**os.environ, "TASKORCH_AGENT": agent},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for repo, agent in places
    ]  # fmt: skip
    ended = [(one, *one.communicate()) for one in running]
    return [(one.returncode, out or err) for one, out, err in ended]


@pytest.fixture
def trees(project: Repo) -> list[tuple[Repo, str]]:
    """Three work trees that have one task, each with its agent."""
    new_task(project, "Shared")
    project.commit("plan")
    others = [project.worktree(project.path.parent / name, "-b", name) for name in ("b", "c")]
    return list(zip([project, *others], "abc", strict=True))


def the_task(repo: Repo) -> str:
    return str(repo.json("task", "list")["tasks"][0]["id"])


def test_of_several_work_trees_one_gets_the_task(trees: list[tuple[Repo, str]]) -> None:
    task = the_task(trees[0][0])
    ended = at_once(task, trees)
    assert sorted(code for code, _ in ended) == [0, 1, 1]
    won = next(place for place, (code, _) in zip(trees, ended, strict=True) if code == 0)
    session = won[0].json("session", "status")["session"]["id"]
    for code, said in ended:
        if code:
            error = json.loads(said)
            assert error["message"].startswith(f"{task} is being worked on in session {session}")
            assert "--steal REASON" in error["hint"]
    assert [status_of(repo, task) for repo, _ in trees].count("active") == 1


def start(repo: Repo, task: str, agent: str, *options: str) -> Result:
    """``task start`` by an agent that says who it is."""
    return repo.run("task", "start", task, *options, "--json", check=False, env={"TASKORCH_AGENT": agent})


def test_of_two_agents_in_one_work_tree_one_gets_the_task(project: Repo) -> None:
    task = new_task(project)
    ended = at_once(task, [(project, "one"), (project, "two")])
    assert sorted(code for code, _ in ended) == [0, 1]
    holder = next(name for name, (code, _) in zip(("one", "two"), ended, strict=True) if code == 0)
    said = json.loads(next(out for code, out in ended if code))
    assert f"is being worked on by {holder} in session" in said["message"]
    assert start(project, task, holder).json["changed"] is False
    assert project.json("task", "start", task)["changed"] is False  # who says no name is nobody else
    assert start(project, task, "three", "--steal", "it hangs").code == 0
    assert f"Took over {task} from {holder}: it hangs" in project.json("session", "show")["notes"]
    assert start(project, task, holder).code == 1


@pytest.mark.parametrize("way", ["release", "lease", "steal"])
def test_the_task_can_be_had_again(trees: list[tuple[Repo, str]], way: str) -> None:
    (first, agent), *others = trees
    task = the_task(first)
    assert start(first, task, agent).code == 0
    if way == "release":
        first.run("task", "release", task)
    elif way == "lease":
        expire_leases(first)
    options = ("--steal", "it hangs") if way == "steal" else ()
    codes = [code for code, _ in at_once(task, others, *options)]
    assert sorted(codes) == ([0, 0] if way == "steal" else [0, 1])  # who steals last has it
    assert sum(_holds(repo, task) for repo, _ in trees) == 1


def _holds(repo: Repo, task: str) -> bool:
    """Whether the session of a work tree has the task: starting it again changes nothing."""
    done = repo.run("task", "start", task, "--json", check=False)
    return done.code == 0 and done.json["changed"] is False


def test_a_released_task_is_free_for_another_agent_of_the_work_tree(project: Repo) -> None:
    task, other = new_task(project), new_task(project)
    assert [start(project, task, "one").code, start(project, other, "two").code] == [0, 0]  # in one session
    project.run("task", "release", task)
    assert [start(project, task, "two").code, start(project, task, "one").code] == [0, 1]
