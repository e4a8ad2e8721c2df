"""Which hand-off ``recover`` shows, and what it says of a task that is deleted or whose record is lost."""

from __future__ import annotations

import shutil

import pytest

from tests.cli.making import new_task, started, task_file
from tests.cli.refusals import refused
from tests.cli.test_recover import GUIDE
from tests.repos import Repo


def handed_on(repo: Repo, title: str, text: str) -> str:
    """A task whose session left a hand-off; its work has a line that is left to do."""
    task = started(repo, title)
    repo.commit(f"work on {title}", {f"{title}.py": f"# TODO: {title}\n"})
    repo.run("session", "end", "--handoff", text)
    repo.commit("records")
    return task


def test_the_brief_shows_the_hand_offs_of_work_that_goes_on(project: Repo) -> None:
    going_on = handed_on(project, "Going on", "mind the gap")
    done = handed_on(project, "Done", "nearly there")
    project.run("task", "complete", done, "--results", "r")
    project.commit("records")
    new_task(project, "Other")
    project.run("task", "release", going_on)
    answer = project.json("recover")
    assert [one["handoff"] for one in answer["handoffs"]] == ["mind the gap"]
    [row] = answer["handoffs"]
    assert row["tasks"] == [{"id": going_on, "title": "Going on", "status": "pending"}]
    out = project.run("recover").out
    assert f"For {going_on} Going on (pending). Recorded by Ann Example" in out
    assert "nearly there" not in out


def test_the_brief_of_finished_work_says_that_it_is(project: Repo) -> None:
    done = handed_on(project, "Done", "nearly there")
    project.run("task", "complete", done, "--results", "r")
    assert f"For {done} Done (completed)." in project.run("recover").out


def test_a_hand_off_stays_where_a_later_session_left_none(project: Repo) -> None:
    task = handed_on(project, "Long", "mind the gap")
    first = project.json("session", "list")["sessions"][-1]["id"]
    project.run("session", "start")
    project.run("task", "start", task)
    project.run("session", "note", "looked around")
    second = project.json("session", "status")["session"]["id"]
    project.run("session", "end", "--summary", "looked around")
    answer = project.json("recover", task)
    assert answer["session_info"]["id"] == second
    assert [one["id"] for one in answer["handoffs"]] == [first]
    steps = answer["recovery_package"][GUIDE]
    assert f"Read the hand-off of session {first}; {second} left none since." in steps
    assert f"## Hand-off of {first}\n\n" in project.run("recover", task).out
    project.run("task", "complete", task, "--results", "r")
    assert project.json("recover", task)["handoffs"] == []


def test_a_hand_off_is_read_no_more_where_a_later_session_completed_the_task(project: Repo) -> None:
    task = handed_on(project, "Long", "mind the gap")
    project.run("session", "start")  # goes on with another task as well, and so does not end
    project.run("task", "start", task)
    project.run("task", "start", new_task(project, "Other"))
    second = project.json("session", "status")["session"]["id"]
    step = f"Read the hand-off of session {project.json('recover', task)['session_info']['id']}."
    branch = project.json("recover", "--branch", "main")
    assert step in steps_of(project, task) and step in branch["recovery_package"][GUIDE]
    project.run("task", "complete", task, "--results", "r")
    assert project.json("recover", task)["session_info"]["id"] == second
    out = project.run("recover", task).out + project.run("recover", "--branch", "main").out
    assert "Read the hand-off" not in out
    assert "mind the gap" not in out


def test_a_deleted_task_is_told_so_and_nothing_is_left_to_do(project: Repo) -> None:
    task = handed_on(project, "Gone", "mind the gap")
    project.run("task", "delete", task)
    project.run("commit", "-m", "no more")
    package = project.json("recover", task)["recovery_package"]
    assert package[GUIDE] == [
        f"{task} is deleted, and nothing is left to do for it; 1 of 1 file change landed in this history."
    ]
    assert package["recovery_recommendations"] == [f"taskorch task reopen {task}"]
    assert "\nstatus cancelled, deleted, " in project.run("recover", task).out
    assert project.json("recover")["handoffs"] == []
    project.run("task", "reopen", task)
    assert f"Read the hand-off of session {package_session(project, task)}." in steps_of(project, task)


def package_session(repo: Repo, task: str) -> str:
    return str(repo.json("recover", task)["session_info"]["id"])


def steps_of(repo: Repo, task: str) -> list[str]:
    return [str(one) for one in repo.json("recover", task)["recovery_package"][GUIDE]]


@pytest.mark.parametrize("committed", [False, True])
def test_a_record_that_is_only_gone_from_disk_comes_back_as_is_said(project: Repo, committed: bool) -> None:
    task = new_task(project, "Lost")
    if committed:
        project.commit("records")
        shutil.rmtree(project.path / ".git/taskorch")
    task_file(project, task).unlink()
    error = refused(project, "recover", task, kind="not_found")
    assert error["message"] == f"the record of {task} is gone from disk"
    assert error["hint"] == f"taskorch restore {task} brings it back"
    project.run("restore", task)
    assert project.run("recover", task).out.startswith(f"# {task}: Lost")


@pytest.mark.parametrize("words", [["recover"], ["verify", "--task"], ["task", "show"]])
def test_a_record_that_a_branch_or_a_stash_has_is_not_said_to_be_lost(
    project: Repo, words: list[str]
) -> None:
    """What ``restore`` brought back would stand in the way of merging the branch, or of popping the stash."""
    project.commit("base", {"f": "f1\n"})
    task = new_task(project, "Lost")
    project.git("stash", "-q", "-u")
    error = refused(project, *words, task, kind="not_found")
    assert error["message"] == f"the record of {task} is in stash@{{0}}"
    assert error["hint"] == "git stash pop stash@{0} brings it back"
    project.git("stash", "pop", "-q")
    project.git("switch", "-qc", "feature")
    project.commit("plan")
    project.git("switch", "-q", "main")
    command = " ".join(["taskorch", *words, task, "--at feature"])
    assert refused(project, *words, task, kind="not_found")["hint"] == f"feature has it: {command}"
    assert project.run(*command.split()[1:]).code == 0


def test_a_record_that_never_was_is_not_said_to_be_lost(project: Repo) -> None:
    new_task(project, "Other")
    assert "restore" not in refused(project, "recover", "t-00000000", kind="not_found")["hint"]


def on_branch(repo: Repo, task: str, branch: str, text: str) -> str:
    """The session that worked on a task on a new branch of the commit that is checked out."""
    repo.git("switch", "--quiet", "-c", branch)
    repo.run("session", "start", "--task", task)
    repo.commit(branch, {f"{branch}.txt": "x\n"})
    session = str(repo.json("session", "status")["session"]["id"])
    repo.run("session", "end", "--handoff", text)
    repo.run("commit")
    return session


def merged(repo: Repo, branch: str) -> None:
    repo.git("merge", "--quiet", "--no-ff", "--no-edit", branch)


def test_of_two_sessions_at_the_same_time_both_hand_offs_are_shown(project: Repo) -> None:
    task = new_task(project)
    project.run("commit")
    ann = on_branch(project, task, "ann", "mind the gap")
    project.git("switch", "--quiet", "main")
    bob = on_branch(project, task, "bob", "b is next")
    project.git("switch", "--quiet", "main")
    merged(project, "ann")
    project.git("merge", "--quiet", "--no-ff", "--no-edit", "-X", "theirs", "bob")
    answer = project.json("recover", task)
    assert answer["session_info"]["id"] == bob
    assert [one["id"] for one in answer["handoffs"]] == [ann]
    out = project.run("recover", task).out
    assert out.index("b is next") < out.index("mind the gap")
    assert (
        f"- Read that of {ann} as well, which nobody went on from: taskorch recover --session {ann}." in out
    )


def test_who_goes_on_from_a_hand_off_on_another_branch_replaces_it(project: Repo) -> None:
    task = new_task(project)
    project.run("commit")
    on_branch(project, task, "ann", "mind the gap")
    project.git("switch", "--quiet", "main")
    merged(project, "ann")
    on_branch(project, task, "bob", "b is next")
    project.git("switch", "--quiet", "main")
    merged(project, "bob")
    assert project.json("recover", task)["handoffs"] == []
    assert "mind the gap" not in project.run("recover", task).out
