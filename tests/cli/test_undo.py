"""Taking back what commands wrote, step by step, as the journal tells it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.making import new_decision, new_task, rungs, started, status_of, task_file
from tests.cli.refusals import refused
from tests.cli.snapshots import Snapshot, snapshot
from tests.cli.test_durability import crashes
from tests.repos import Repo


def records(repo: Repo) -> Snapshot:
    """The files of the store."""
    every = snapshot(repo)
    return {path: every[path] for path in every if path.startswith(".orchestrator/") and every[path][1]}


def steps(repo: Repo) -> list[dict[str, Any]]:
    """The steps of this work tree, the newest first."""
    found = repo.json("undo", "--list", "--limit", "1000")["steps"]
    assert isinstance(found, list)
    return found


WRITING = [
    ["task", "new", "Another"],
    ["task", "edit", "{task}", "--title", "Other", "--add-label", "x"],
    ["task", "note", "{task}", "a note"],
    ["task", "check", "{task}", "1"],
    ["task", "start", "{task}"],
    ["task", "complete", "{task}", "--results", "r", "--force", "because"],
    *(["task", verb, "{task}"] for verb in ("block", "fail", "cancel", "delete")),
    ["decision", "new", "T", "--context", "c", "--decision", "d", "--rationale", "r"],
    *(["decision", verb, "{decision}"] for verb in ("accept", "reject", "deprecate")),
    ["session", "start", "--purpose", "p"],
]


@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_every_command_that_writes_can_be_taken_back_and_done_again(project: Repo, words: list[str]) -> None:
    task, decision = new_task(project, "Add login", "--accept", "it works"), new_decision(project)
    project.write("src/a.py", "a\n")
    before = records(project)
    project.run(*[word.format(task=task, decision=decision) for word in words])
    after = records(project)
    assert after != before
    done = project.json("undo")
    assert records(project) == before
    assert done["undone"] == [steps(project)[1]["step"]]
    assert project.json("session", "status")["session"] is None
    assert project.run("doctor").code == 0
    project.json("undo", str(done["step"]))  # to take back the undo is to do it again
    assert records(project) == after
    assert project.json("undo")["undone"] == done["undone"]
    assert records(project) == before


def test_a_started_task_that_is_taken_back_can_be_started_again(project: Repo) -> None:
    task = started(project)
    project.run("undo")
    assert status_of(project, task) == "pending"
    project.write("src/a.py", "a\n")
    project.run("task", "start", task)
    project.write("src/a.py", "a\nb\n")
    assert rungs(project.json("task", "complete", task, "--results", "r")["verification"]) == {
        "src/a.py": "worktree"
    }


def test_a_completion_that_is_taken_back_goes_on_where_it_was(project: Repo) -> None:
    task = started(project)
    session = project.json("session", "status")["session"]["id"]
    project.write("src/a.py", "a\n")
    project.run("task", "complete", task, "--results", "too early")
    assert project.json("session", "status")["session"] is None
    project.run("undo")
    assert project.json("session", "status")["session"]["id"] == session
    project.write("src/b.py", "b\n")
    done = project.json("task", "complete", task, "--results", "now")
    assert rungs(done["verification"]) == {"src/a.py": "worktree", "src/b.py": "worktree"}
    assert "too early" not in task_file(project, task).read_text()


def test_what_was_told_is_taken_back_as_well(project: Repo) -> None:
    started(project)
    project.write("src/a.py", "a\n")
    project.run("track", "src/a.py", "--why", "a reason")
    assert project.json("undo")["undone"] == [steps(project)[1]["step"]]
    assert "a reason" not in str(project.json("verify"))


def test_steps_in_a_row_and_several_at_once(project: Repo) -> None:
    states = [records(project)]
    for number in range(4):
        new_task(project, f"Task {number}")
        states.append(records(project))
    project.run("undo")
    assert records(project) == states[3]
    project.run("undo")
    assert records(project) == states[2]
    project.run("undo", "--last", "2")
    assert records(project) == states[0]


def test_one_chosen_step(project: Repo) -> None:
    task, other = new_task(project), new_task(project, "Other")
    project.run("task", "note", task, "first")
    project.run("task", "note", other, "second")
    chosen = next(step for step in steps(project) if step["command"] == f"task note {task}")
    project.run("undo", str(chosen["step"]))
    assert "first" not in task_file(project, task).read_text()
    assert "second" in task_file(project, other).read_text()
    listed = next(step for step in steps(project) if step["step"] == chosen["step"])
    assert listed["undone_by"] == steps(project)[0]["step"]
    error = refused(project, "undo", str(chosen["step"]), kind="refused")
    assert "was taken back" in error["message"]


def test_a_file_that_was_edited_since_is_left_and_both_versions_are_named(project: Repo) -> None:
    task = new_task(project)
    project.run("task", "note", task, "a note")
    file = task_file(project, task)
    file.write_text(file.read_text() + "\nby hand\n")
    error = refused(project, "undo", kind="refused")
    now = project.git("hash-object", "--no-filters", str(file))
    left = steps(project)[0]["files"][0]["after"].split(" ")[1]
    assert file.name in error["reasons"][0]
    assert now[:10] in error["reasons"][0]
    assert left[:10] in error["reasons"][0]
    assert "restore --list" in error["hint"]
    assert "by hand" in file.read_text()


def test_all_or_none_of_several_steps(project: Repo) -> None:
    one, other = new_task(project), new_task(project, "Other")
    project.run("task", "note", one, "x")
    project.run("task", "note", other, "y")
    file = task_file(project, one)
    file.write_text(file.read_text() + "\nby hand\n")
    refused(project, "undo", "--last", "2", kind="refused")
    assert "### " in task_file(project, other).read_text()


def test_a_step_under_later_ones_names_them(project: Repo) -> None:
    task = new_task(project)
    project.run("task", "note", task, "first")
    project.run("task", "note", task, "second")
    second, first = (step["step"] for step in steps(project)[:2])
    error = refused(project, "undo", str(first), kind="refused")
    assert f"taskorch undo {second} {first}" in error["hint"]
    project.run("undo", str(second), str(first))
    assert "### " not in task_file(project, task).read_text()


def test_what_others_depend_on_is_not_taken_away(project: Repo) -> None:
    task = new_task(project)
    new_task(project, "Later", "--depends-on", task)
    made = steps(project)[1]["step"]
    error = refused(project, "undo", str(made), kind="refused")
    assert task in error["reasons"][0]
    project.run("undo", "--last", "2")
    assert project.json("task", "list")["tasks"] == []


def test_nothing_to_take_back(project: Repo) -> None:
    project.run("purge", "--local")
    assert refused(project, "undo", kind="refused")["message"] == "nothing to undo"
    assert "no step 7" in refused(project, "undo", "7", kind="not_found")["message"]
    new_task(project)
    assert "only 1" in refused(project, "undo", "--last", "2", kind="refused")["message"]
    project.run("checkpoint")
    checkpoint = steps(project)[0]["step"]
    assert "changed no record" in refused(project, "undo", str(checkpoint), kind="refused")["message"]
    assert project.json("undo")["undone"] == [steps(project)[-1]["step"]]


def test_each_work_tree_has_its_own_steps(project: Repo) -> None:
    other = project.worktree(project.path.parent / "other", "-b", "other")
    mine = new_task(project)
    theirs = new_task(other, "Theirs")
    assert [step["command"] for step in steps(other)] == ["task new Theirs"]
    project.run("undo")
    assert project.json("task", "list")["tasks"] == []
    assert [one["id"] for one in other.json("task", "list")["tasks"]] == [theirs]
    assert mine != theirs


def test_the_list_for_people(project: Repo) -> None:
    task = started(project)
    project.run("undo")
    lines = project.run("undo", "--list").out.splitlines()
    assert [line.split("  ")[2].strip() for line in lines] == [
        "undo", f"task start {task}", "task new Add login", "init",
    ]  # fmt: skip
    assert "undone by 4" in lines[1]
    assert "checkpoint" in lines[1]


def test_init_can_be_taken_back(repo: Repo) -> None:
    repo.commit("first", {"a.txt": "a\n"})
    repo.run("init")
    repo.run("undo")
    assert [path for path in repo.path.rglob("*") if ".orchestrator" in str(path) and path.is_file()] == []
    assert repo.run("status", check=False).code == 1
    repo.run("undo", "2")
    assert repo.run("status").code == 0


def test_index_branch_stash_and_config_are_left_alone(project: Repo) -> None:
    task = new_task(project)
    project.commit("records")
    project.write("staged.txt", "s\n")
    project.git("add", "staged.txt")
    project.run("task", "note", task, "x")
    index = (project.path / ".git" / "index").read_bytes()
    before = {path: one for path, one in snapshot(project).items() if not path.startswith(".orchestrator/")}
    project.run("undo")
    after = {path: one for path, one in snapshot(project).items() if not path.startswith(".orchestrator/")}
    assert after == before
    assert (project.path / ".git" / "index").read_bytes() == index


def test_wherever_a_command_is_killed_undo_takes_back_what_it_did(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    before = records(project)
    changed = 0
    for killed in crashes(project, "task", "complete", task, "--results", "r", step=7):
        if whole(killed) != before:
            changed += 1
            assert steps(killed)[0]["command"] == f"task complete {task}"
            killed.run("undo")
            assert whole(killed) == before
        killed.run("task", "note", task, "the next command works")
        assert killed.run("doctor").code == 0
    assert changed


def whole(repo: Repo) -> Snapshot:
    """The files of the store, what a killed writer left half-written aside."""
    return {path: one for path, one in records(repo).items() if ".tmp-" not in path}
