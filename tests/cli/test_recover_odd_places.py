"""``recover`` says what it cannot tell: no default branch, a merge under way, contents that are not here."""

from __future__ import annotations

import shlex

import pytest

from tests.cli.making import completed, new_task, started
from tests.cli.test_recover import GUIDE
from tests.repos import Repo


def steps(repo: Repo, *words: str) -> list[str]:
    return [str(one) for one in repo.json("recover", *words)["recovery_package"][GUIDE]]


def test_a_branch_that_was_claimed_elsewhere_shows_its_commits_and_files(project: Repo) -> None:
    task = new_task(project, "Ranged")
    project.commit("plan")
    base = project.head
    project.git("switch", "-qc", "topic")
    project.commit("one", {"a.py": "a\n"})
    project.commit("two", {"b.py": "b\n"})
    tip = project.head
    project.git("switch", "-q", "main")
    alone = project.json("recover", "--branch", "topic")["recovery_package"]
    show = f"git diff --stat {base[:10]} {tip[:10]}"
    line = f"Claimed in no record on it: 2 files changed in 2 commits (a.py, b.py): {show}."
    assert line in alone[GUIDE]
    assert [(row["subject"], row["via"]) for row in alone["commits"]] == [
        ("one", "branch"),
        ("two", "branch"),
    ]
    assert alone["recovery_recommendations"] == [show]
    project.run("track", "--range", "main..topic", "--task", task)
    project.commit("claims")
    package = project.json("recover", "--branch", "topic")["recovery_package"]
    assert f"The records here claim some of that for {task}: taskorch recover {task}." in package[GUIDE]
    assert package["recovery_recommendations"] == [f"taskorch recover {task}", show]
    assert "one (Ann Example; by branch)" in project.run("recover", "--branch", "topic").out


def test_a_branch_whose_work_is_claimed_says_no_more(project: Repo) -> None:
    project.git("switch", "-qc", "topic")
    task = started(project)
    project.commit("work", {"a.py": "a\n"})
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    package = project.json("recover", "--branch", "topic")["recovery_package"]
    assert not any("Claimed in no record" in line for line in package[GUIDE])
    assert "branch" not in {row["via"] for row in package["commits"]}


def test_without_a_default_branch_that_is_what_is_said(project: Repo) -> None:
    task = completed(project)
    project.commit("records")
    assert "Unreviewed" not in project.run("recover", task).out
    project.git("switch", "-q", "--detach")
    project.git("branch", "-qm", "main", "other")
    out = project.run("recover", task).out
    assert "**Unreviewed**: no default branch can be told here." in out
    assert "not so on the default branch" not in out
    assert project.json("recover", task)["task"]["no_default"] is True


def test_a_merge_under_way_is_told_before_anything_is_to_be_done(project: Repo) -> None:
    task = new_task(project)
    project.commit("plan")
    project.git("switch", "-qc", "topic")
    project.commit("topic", {"README.md": "topic\n"})
    project.git("switch", "-q", "main")
    project.commit("main", {"README.md": "main\n"})
    assert not any("in the middle of" in line for line in steps(project, task))
    project.git_result("merge", "-q", "topic")
    [line] = [line for line in steps(project, task) if "in the middle of" in line]
    assert line.startswith("Git is in the middle of a merge: ")
    assert line in steps(project)
    project.git("merge", "--abort")
    assert not any("in the middle of" in line for line in steps(project, task))


@pytest.mark.parametrize("how", ["merge", "rebase", "cherry-pick", "revert"])
def test_in_the_middle_of_it_no_command_is_printed_that_is_refused_then(project: Repo, how: str) -> None:
    task = started(project, "Work", "--accept", "it works")
    project.commit("plan")
    project.git("switch", "-qc", "topic")
    project.commit("topic", {"README.md": "topic\n"})
    project.git("switch", "-q", "main")
    project.commit("main", {"README.md": "main\n"})
    project.commit("more", {"README.md": "more\n"})
    project.git_result(how, "HEAD~1" if how == "revert" else "topic")
    project.write("work.txt", "w\n")
    project.run("task", "note", task, "a record that is not committed")
    answer = project.json("recover", task)["recovery_package"]
    local = answer["local"]
    assert local["under_way"]
    rows = [row for key in ("worktree", "index", "journal") for row in local[key]]
    assert {row["command"] for row in local["journal"]} == {"git status"}
    assert "taskorch commit" not in {row["command"] for row in rows}
    out = project.run("recover", task).out
    assert "- worktree: 1 record not committed, 1 of this task: `git status`\n" in out
    assert "`taskorch commit`" not in out
    assert answer["recovery_recommendations"][0] == "git status"
    for command in answer["recovery_recommendations"][1:]:
        project.run(*command.replace(" N", " 1").split()[1:])
    project.git(how, "--abort")
    answer = project.json("recover", task)["recovery_package"]
    assert "taskorch commit" in {row["command"] for row in answer["local"]["journal"]}
    assert f"taskorch task complete {task} --results TEXT" in answer["recovery_recommendations"]


def test_a_file_that_is_only_announced_to_git_is_listed_once(project: Repo) -> None:
    task = started(project)
    project.write("new.txt", "n\n")
    project.git("add", "--intent-to-add", "new.txt")
    local = project.json("recover", task)["recovery_package"]["local"]
    assert local["index"] == []
    [row] = [row for row in local["worktree"] if row["path"] == "new.txt"]
    assert row["change"] == "untracked"
    project.git(*shlex.split(row["command"])[1:])
    assert project.git("show", ":new.txt") == "n"
    local = project.json("recover", task)["recovery_package"]["local"]
    assert [row["change"] for row in local["index"]] == ["added"]


def test_what_the_safety_store_alone_has_is_not_said_to_be_gone_from_disk(project: Repo) -> None:
    task = new_task(project)
    project.commit("plan")
    project.write("README.md", "not committed\n")
    project.run("checkpoint")
    project.git("reset", "-q", "--hard")
    line = '1 file has a content that only the safety store keeps: see "Only in this repository".'
    assert line in steps(project, task)


def work_with_a_mark(repo: Repo) -> str:
    task = started(repo)
    repo.commit("work", {"a.py": "# TODO: a\n", "b.py": "# TODO: b\n"})
    repo.run("task", "complete", task, "--results", "r")
    repo.commit("records")
    repo.commit("by others", {"a.py": "# TODO: a\nmore\n"})
    return task


def test_a_partial_clone_says_of_how_many_files_it_cannot_tell_what_is_left(project: Repo) -> None:
    task = work_with_a_mark(project)
    project.git("config", "uploadpack.allowFilter", "true")
    partial = project.clone(project.path.parent / "partial", "--no-local", "--filter=blob:none")
    partial.git("remote", "set-url", "origin", "/does/not/exist")
    found = steps(partial, task)
    why = (
        "contents are not in this clone, and nothing is fetched (git fetch --refetch --no-filter brings them)"
    )
    assert f"TODO and FIXME lines of 1 file more cannot be told: {why}." in found
    assert "1 TODO line that it added still stands: b.py:1." in found
    assert not any("cannot be told" in one for one in steps(project, task))


def test_a_content_that_no_branch_s_tip_has_is_not_said_to_be_on_no_branch(project: Repo) -> None:
    task = work_with_a_mark(project)
    project.git("rm", "-q", "b.py")
    project.commit("out")
    shallow = project.clone(project.path.parent / "shallow", "--no-local", "--depth=3")
    out = shallow.run("recover", task).out
    assert "on no branch" not in out
    assert "`b.py` is at the tip of no branch, but its content is here" in out
