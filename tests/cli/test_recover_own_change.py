"""What ``recover`` counts for a task where others changed the same file while it was under way."""

from __future__ import annotations

import pytest

from tests.cli.making import new_task, started
from tests.cli.test_recover_commits import commit_at, file_row, via
from tests.repos import Repo

_LINES = [f"line {number}\n" for number in range(60)]


def edited(repo: Repo, message: str, changed: dict[int, str], author: str = "") -> str:
    lines = repo.read("c.py").splitlines(keepends=True)
    for number, text in changed.items():
        lines[number] = f"{text}\n"
    return commit_at(repo, message, {"c.py": "".join(lines)}, author=author)


def updated(repo: Repo, how: str) -> None:
    if how == "merge":
        repo.git("merge", "--quiet", "main", "-m", "merge main")
    else:
        repo.git("rebase", "--quiet", "main")


def landed(repo: Repo, how: str) -> None:
    repo.git("switch", "--quiet", "main")
    if how == "squash":
        repo.git("merge", "--quiet", "--squash", "work")
        commit_at(repo, "all (#9)", {}, author="Bob")
    else:
        repo.git("merge", "--quiet", *(["--ff-only"] if how == "ff" else ["--no-ff", "-m", "merge"]), "work")


def begun(repo: Repo) -> str:
    repo.commit("files", {"c.py": "".join(_LINES)})
    repo.git("switch", "--quiet", "-c", "work")
    task = started(repo)
    edited(repo, "ten", {10: "return new  # TODO mine"})
    return task


def by_bob(repo: Repo) -> None:
    repo.git("stash", "--include-untracked", "--quiet")
    repo.git("switch", "--quiet", "main")
    edited(repo, "by Bob", {50: "hotfix  # TODO not of the task"}, author="Bob")
    repo.git("switch", "--quiet", "work")


@pytest.mark.parametrize("land", ["squash", "ff", "no-ff"])
@pytest.mark.parametrize("update", ["merge", "rebase"])
def test_what_others_changed_in_between_is_not_the_task_s(project: Repo, update: str, land: str) -> None:
    task = begun(project)
    by_bob(project)
    updated(project, update)
    project.git("stash", "pop", "--quiet")
    edited(project, "twenty", {20: "return new"})
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    landed(project, land)
    row = file_row(project, task, "modified")
    assert (row["rung"], row["added"], row["removed"]) == ("exact", 2, 2)
    content = [subject for subject, how in via(project, task).items() if how == "content"]
    assert content == (["all (#9)"] if land == "squash" else ["ten", "twenty"])
    [marker] = project.json("recover", task)["recovery_package"]["markers"]
    assert (marker["line"], marker["text"]) == (11, "return new  # TODO mine")


def two_in_one_file(repo: Repo) -> tuple[str, str]:
    """Two tasks in the same file on a branch that main was merged into, landed as one commit."""
    first = begun(repo)
    by_bob(repo)
    updated(repo, "merge")
    repo.git("stash", "pop", "--quiet")
    edited(repo, "twenty", {20: "return new"})
    repo.run("task", "complete", first, "--results", "r")
    repo.run("commit")
    second = started(repo, "Second")
    edited(repo, "thirty", {30: "return second  # TODO later"})
    repo.run("task", "complete", second, "--results", "r")
    repo.run("commit")
    landed(repo, "squash")
    return first, second


def test_of_two_tasks_in_one_squash_each_has_its_own_lines(project: Repo) -> None:
    first, second = two_in_one_file(project)
    for task, lines, marked in ((first, 2, 11), (second, 1, 31)):
        row = file_row(project, task, "modified")
        assert row["commits"] == [project.head]
        assert (row["added"], row["removed"]) == (lines, None)
        assert via(project, task)["all (#9)"] == "content"
        package = project.json("recover", task)["recovery_package"]
        assert [marker["line"] for marker in package["markers"]] == [marked]
    assert "`c.py` +1: **exact**" in project.run("recover", second).out


def test_nothing_from_before_the_landing_is_a_later_change(project: Repo) -> None:
    first, _ = two_in_one_file(project)
    assert file_row(project, first, "modified")["rung"] == "superseded"
    later = edited(project, "later", {40: "x"}, author="Bob")
    changed = project.json("recover", first)["recovery_package"]["changed_since_by_others"]
    assert [row["commit"] for row in changed] == [later]


@pytest.mark.parametrize("by_hand", [False, True])
def test_of_what_was_recorded_afterwards_all_lines_have_the_commits_that_brought_them(
    project: Repo, by_hand: bool
) -> None:
    """Alex worked, merged main and went on; Ann records that.  What Alex made of lines twice counts once."""
    project.commit("files", {"c.py": "".join(_LINES)})
    project.git("switch", "--quiet", "-c", "work")
    edited(project, "first", {10: "return draft", 20: "return new"}, author="Alex")
    project.git("switch", "--quiet", "main")
    edited(project, "by Bob", {50: "hotfix"}, author="Bob")
    project.git("switch", "--quiet", "work")
    project.git("merge", "--quiet", "--no-commit", "main")
    if by_hand:
        edited(project, "merge main", {40: "return merged"}, author="Alex")
    else:
        project.git("commit", "--quiet", "-m", "merge main")
    edited(project, "second", {10: "return final", 30: "return more"}, author="Alex")
    base, head = project.git("merge-base", "main", "work"), project.head
    task = new_task(project)
    project.run("track", "--range", f"{base}..{head}", "--task", task)
    project.run("commit")
    row = file_row(project, task, "modified")
    subjects = [project.git("log", "-1", "--format=%s", commit) for commit in row["commits"]]
    assert subjects == ["first", *(["merge main"] if by_hand else []), "second"]
    assert (row["added"], row["removed"]) == ((4, 4) if by_hand else (3, 3))
