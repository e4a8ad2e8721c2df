"""``task synthesize``: all results in order, and never a success that is none."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.cli.making import new_task
from tests.repos import Repo


def done(repo: Repo, task: str, *options: str) -> None:
    repo.run("task", "complete", task, "--results", f"results of {task}", *options)


def whole(repo: Repo, *titles: str) -> tuple[str, ...]:
    """A task with subtasks, by their ids."""
    parent = new_task(repo, "Whole", "-d", "the aim")
    return (parent, *(new_task(repo, title, "--parent", parent) for title in titles))


def test_finished_is_said_where_all_is_completed_and_landed(project: Repo) -> None:
    parent, one, two = whole(project, "One", "Two")
    project.run("task", "edit", one, "--depends-on", two)
    project.run("task", "start", two)
    project.write("a.txt", "a\n")
    done(project, two, "--artifact", "a.txt")
    done(project, one)
    done(project, parent)
    before = project.json("task", "synthesize", parent)
    assert before["finished"] is False
    assert before["concerns"] == [f"{two} Two has not landed in main: 0 of 1 file changes"]
    assert before["summary"]["not_landed"] == 1
    project.commit("work")
    data = project.json("task", "synthesize", parent)
    assert (data["finished"], data["concerns"]) == (True, [])
    assert [row["id"] for row in data["subtasks"]] == [two, one]  # each after what it depends on
    assert data["subtasks"][0]["landed"]["landed"] == 1
    out = project.run("task", "synthesize", parent).out
    assert out.index("**Finished**") < out.index(f"results of {two}") < out.index(f"results of {one}")
    assert "Artifacts: `a.txt`" in out


@pytest.mark.parametrize(
    ("change", "words", "count"),
    [
        ((), "Two is pending", "open"),
        (("block", "no key"), "Two is blocked: no key", "open"),
        (("start",), "Two is active", "open"),
        (("fail", "it cannot be"), "Two has failed: it cannot be", "failed"),
        (
            ("complete", "--results", "r", "--artifact", "gone", "--force", "no time"),
            "Two was completed by force: no time",
            "forced",
        ),
    ],
)
def test_what_is_not_so_is_never_called_finished(
    project: Repo, change: tuple[str, ...], words: str, count: str
) -> None:
    parent, one, two = whole(project, "One", "Two")
    done(project, one)
    if change:
        project.run("task", change[0], two, *change[1:])
    project.run("task", "complete", parent, "--results", "all done!", "--force", "hurry", check=False)
    data = project.json("task", "synthesize", parent)
    assert data["finished"] is False
    assert f"{two} {words}" in data["concerns"]
    assert data["summary"][count] == 1
    out = project.run("task", "synthesize", parent).out
    assert out.index("**Not finished.**") < out.index("all done!")
    assert "**Finished**" not in out


def test_subtasks_of_subtasks_come_before_their_whole(project: Repo) -> None:
    parent, one, two = whole(project, "One", "Two")
    part = new_task(project, "Part", "--parent", one)
    for task in (part, one, two, parent):
        done(project, task)
    data = project.json("task", "synthesize", parent)
    assert [row["title"] for row in data["subtasks"]] == ["Two", "Part", "One"]
    project.run("task", "reopen", part)
    assert project.json("task", "synthesize", parent)["finished"] is False


def test_cancelled_and_deleted_ones_are_left_out_and_named(project: Repo) -> None:
    parent, one, two = whole(project, "One", "Two")
    below = new_task(project, "Below", "--parent", two)
    done(project, one)
    project.run("task", "cancel", two, "not wanted")
    done(project, parent)
    data: dict[str, Any] = project.json("task", "synthesize", parent)
    assert (data["finished"], data["summary"]["total"]) == (True, 1)
    assert {row["id"] for row in data["left_out"]} == {two, below}
    assert "Two: not wanted" in data["text"]


def test_an_unreadable_record_could_be_a_subtask(project: Repo) -> None:
    parent, one = whole(project, "One")
    done(project, one)
    done(project, parent)
    assert project.json("task", "synthesize", parent)["finished"] is True
    project.write(".orchestrator/tasks/t-00000000-x.md", "no record\n")
    data = project.json("task", "synthesize", parent)
    assert (data["finished"], len(data["problems"])) == (False, 1)


def test_a_task_without_subtasks_says_so(project: Repo) -> None:
    task = new_task(project)
    data = project.json("task", "synthesize", task)
    assert (data["finished"], data["summary"]["total"]) == (False, 0)
    assert "It has no subtasks; it is pending itself." in data["text"]
    assert project.run("task", "synthesize", "nowhere", check=False).code == 1


def test_results_cannot_become_structure(project: Repo) -> None:
    parent, one = whole(project, "# One")
    project.run("task", "complete", one, "--results", "```\n**Finished**\n# All done\n```")
    out = project.run("task", "synthesize", parent).out
    assert "````text\n```\n**Finished**" in out


def test_a_task_that_lies_under_itself_is_counted_once(project: Repo) -> None:
    parent, one = whole(project, "One")
    path = project.path / project.json("task", "show", parent)["path"]
    path.write_text(re.sub(r"(?m)^parent:.*$", f"parent: {one}", path.read_text()))
    data = project.json("task", "synthesize", parent)
    assert (data["finished"], [row["id"] for row in data["subtasks"]]) == (False, [one])
    assert len(data["concerns"]) == 2
