"""Which commits ``recover`` gives to a task, and how it found each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cli.making import completed, new_task, started
from tests.repos import Repo


def commit_at(repo: Repo, message: str, files: dict[str, str], days: int = 0, author: str = "") -> str:
    """A commit of `files` alone made so many days from now."""
    for path, content in files.items():
        repo.write(path, content)
    repo.git("add", "--", *files)
    when = (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    env = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when} | (
        {"GIT_AUTHOR_NAME": author} if author else {}
    )
    repo.git("commit", "--quiet", "-m", message, env=env)
    return repo.head


def via(repo: Repo, task: str) -> dict[str, str]:
    commits = repo.json("recover", task)["recovery_package"]["commits"]
    return {row["subject"]: row["via"] for row in commits}


def file_row(repo: Repo, task: str, kind: str) -> dict[str, Any]:
    [row] = repo.json("recover", task)["recovery_package"][f"files_{kind}"]
    assert isinstance(row, dict)
    return row


def test_commits_are_found_by_record_and_trailer_too(project: Repo) -> None:
    task = new_task(project)
    project.run("commit", "-m", "plan")
    project.commit(f"by trailer\n\nTask: {task}", {"other.txt": "o\n"})
    commits = project.json("recover", task)["recovery_package"]["commits"]
    assert {row["subject"]: row["via"] for row in commits} == {"plan": "record", "by trailer": "trailer"}


def test_other_work_of_the_same_session_is_another_task_s(project: Repo) -> None:
    project.run("session", "start")
    first, second = new_task(project, "First"), new_task(project, "Second")
    project.run("task", "start", first)
    commit_at(project, "work for the first", {"README.md": "first\n"})
    project.run("task", "complete", first, "--results", "r")
    project.run("task", "start", second)
    commit_at(project, "work for the second", {"README.md": "first\nsecond\n"})
    commit_at(project, "more of it", {"README.md": "first\nsecond\nthird\n"})
    project.run("task", "complete", second, "--results", "r")
    project.run("session", "end")
    project.commit("all records")
    assert "work for the second" not in via(project, first)
    assert "more of it" not in via(project, first)
    assert via(project, second) == {
        "work for the second": "content", "more of it": "content", "all records": "record"
    }  # fmt: skip
    later = project.json("recover", first)["recovery_package"]["changed_since_by_others"]
    assert [row["subject"] for row in later] == ["more of it", "work for the second"]


def begun_dirty(project: Repo) -> str:
    """A task whose work began on a file that was changed already, so that content alone finds its end."""
    project.write("README.md", "dirty\n")
    project.run("session", "start")
    task = new_task(project)
    project.run("task", "start", task)
    return task


def ended(project: Repo, task: str) -> None:
    commit_at(project, "the end", {"README.md": "end\n"})
    project.run("task", "complete", task, "--results", "r")
    project.run("session", "end")
    project.run("commit")


def test_what_the_session_s_author_did_meanwhile_to_its_files_is_its_work(project: Repo) -> None:
    task = begun_dirty(project)
    commit_at(project, "half", {"README.md": "half\n"})
    commit_at(project, "by Bob", {"README.md": "Bob\n"}, author="Bob")
    commit_at(project, "elsewhere", {"other.txt": "o\n"})
    project.git("reset", "--quiet", "--hard", "HEAD")
    commit_at(project, "before", {"README.md": "before\n"}, days=-1)
    ended(project, task)
    found = via(project, task)
    assert (found["the end"], found["half"]) == ("content", "session")
    assert "by Bob" not in found
    assert "before" not in found


def test_a_commit_that_names_another_task_is_not_the_session_s(project: Repo) -> None:
    other = new_task(project, "Other")
    project.run("commit")
    task = begun_dirty(project)
    commit_at(project, f"by trailer\n\nTask: {other}", {"README.md": "half\n"})
    path = project.json("task", "show", other)["path"]
    record = project.read(path)
    commit_at(project, "by record", {"README.md": "more\n", path: f"{record}\nmore\n"})
    ended(project, task)
    found = via(project, task)
    assert found["the end"] == "content"
    assert not {"by trailer", "by record"} & set(found)


def test_a_session_that_was_never_ended_stops_with_its_records(project: Repo) -> None:
    task = begun_dirty(project)
    commit_at(project, "half", {"README.md": "half\n"})
    commit_at(project, "the end", {"README.md": "end\n"})
    project.run("task", "complete", task, "--results", "r")
    project.git("add", "--all")
    commit_at(project, "records", {"other.txt": "o\n"})
    commit_at(project, "half a year later", {"README.md": "later\n"}, days=180)
    assert project.json("recover", task)["session_info"]["state"] == "open"
    assert via(project, task) == {"the end": "content", "records": "record", "half": "session"}


def test_a_session_that_no_commit_has_gives_none(project: Repo) -> None:
    task = begun_dirty(project)
    commit_at(project, "half", {"README.md": "half\n"}, days=1)
    commit_at(project, "the end", {"README.md": "end\n"}, days=1)
    project.run("task", "complete", task, "--results", "r")
    assert via(project, task) == {"the end": "content"}


@pytest.mark.parametrize("when", ["1767323045 -4733", "99999999999999 +0000"])
def test_a_commit_with_an_odd_time_is_no_bug(project: Repo, when: str) -> None:
    task = begun_dirty(project)
    project.git("add", "README.md")
    tree = project.git("write-tree")
    people = f"author Ann Example <a@x> {when}\ncommitter Bob <b@x> {when}"
    raw = f"tree {tree}\nparent {project.head}\n{people}\n\nodd\n"
    odd = project.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", stdin=raw)
    project.git("reset", "--quiet", "--soft", odd)
    commit_at(project, "half", {"README.md": "half\n"})
    ended(project, task)
    assert "odd" not in via(project, task)
    assert project.run("recover", task).code == 0


def test_commits_to_the_source_of_a_move_are_its_commits(project: Repo) -> None:
    project.commit("files", {"f.txt": "line\n" * 9})
    task = started(project)
    edit = project.commit("edit", {"f.txt": "line\n" * 9 + "2\n"})
    project.git("mv", "f.txt", "g.txt")
    move = project.commit("move")
    again = project.commit("edit again", {"g.txt": "line\n" * 9 + "2\n3\n"})
    project.run("task", "complete", task, "--results", "r")
    project.commit("records")
    row = file_row(project, task, "moved")
    assert row["commits"] == [edit, move, again]
    assert (row["from"], row["added"], row["removed"]) == ("f.txt", 2, 0)
    assert list(via(project, task))[:3] == ["edit", "move", "edit again"]


def test_a_squash_of_a_move_counts_from_what_was_there(project: Repo) -> None:
    project.commit("files", {"f.txt": "line\n" * 9})
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project)
    project.commit("edit", {"f.txt": "line\n" * 9 + "2\n"})
    project.git("mv", "f.txt", "g.txt")
    project.commit("move")
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    project.git("switch", "--quiet", "main")
    project.git("merge", "--quiet", "--squash", "feature")
    squash = project.commit("squash")
    row = file_row(project, task, "moved")
    assert (row["commits"], row["added"], row["removed"]) == ([squash], 1, 0)


def test_a_file_that_lives_on_elsewhere_has_the_commit_that_the_ladder_names(project: Repo) -> None:
    project.commit("files", {"f.txt": "line\n" * 9})
    task = started(project)
    edit = project.commit("edit", {"f.txt": "line\n" * 9 + "2\n"})
    project.run("task", "complete", task, "--results", "r")
    project.commit("records")
    project.git("mv", "f.txt", "g.txt")
    moved = project.commit("moved by others")
    row = file_row(project, task, "modified")
    assert (row["rung"], row["at_path"], row["commits"]) == ("moved", "g.txt", [edit, moved])
    assert via(project, task)["moved by others"] == "content"


def test_a_file_that_only_ever_landed_elsewhere_has_that_commit(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project)
    project.commit("work", {"a.txt": "a\n" * 9})
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    project.git("switch", "--quiet", "main")
    project.git("merge", "--quiet", "--squash", "feature")
    project.git("mv", "a.txt", "b.txt")
    squash = project.commit("squash")
    row = file_row(project, task, "created")
    assert (row["rung"], row["commits"], row["added"]) == ("moved", [squash], 9)


def test_a_squash_of_several_tasks_is_shared_however_it_was_found(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    tasks = []
    for name in ("a.txt", "b.txt"):
        tasks.append(started(project, name))
        project.commit(name, {name: f"{name}\n"})
        project.run("task", "complete", tasks[-1], "--results", "r")
    project.run("commit")
    project.git("switch", "--quiet", "main")
    project.git("merge", "--quiet", "--squash", "feature")
    project.commit("both")
    for task in tasks:
        [row] = project.json("recover", task)["recovery_package"]["commits"]
        assert (row["subject"], row["via"], row["shared"]) == ("both", "content", True)
        assert "by content, shared with other tasks" in project.run("recover", task).out


def test_a_commit_of_one_task_s_record_is_not_shared(project: Repo) -> None:
    task = completed(project)
    project.commit("records")
    [row] = project.json("recover", task)["recovery_package"]["commits"]
    assert (row["via"], row["shared"]) == ("record", False)


def test_a_trailer_cannot_name_a_commit_that_is_not_there(project: Repo) -> None:
    task = new_task(project)
    project.run("commit", "-m", "plan")
    project.commit(f"x\n\nTask: {task}\x0b{'1' * 40}\t{task}")
    assert via(project, task) == {"plan": "record"}
