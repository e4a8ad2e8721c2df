"""Work that was reverted and landed again: every place of ``recover`` names the same commits."""

from __future__ import annotations

from typing import Any

from tests.cli.making import started
from tests.repos import Repo

LINES = "".join(f"line {number}\n" for number in range(30))
KINDS = ("created", "modified", "moved", "deleted")


def package_of(repo: Repo, task: str) -> dict[str, Any]:
    found = repo.json("recover", task)["recovery_package"]
    assert isinstance(found, dict)
    return found


def files(package: dict[str, Any]) -> dict[str, tuple[str, list[str]]]:
    """The rung and the commits of each file."""
    rows = [row for kind in KINDS for row in package[f"files_{kind}"]]
    return {row["path"]: (row["rung"], row["commits"]) for row in rows}


def landed_twice(project: Repo) -> tuple[str, list[str]]:
    """A task whose squash was reverted and landed again; its id, and the three commits."""
    before = {name: LINES.replace("line", name) for name in ("old.txt", "edit.txt", "gone.txt", "both.txt")}
    project.commit("before", before)
    project.git("switch", "--quiet", "-c", "work")
    task = started(project)
    project.git("mv", "old.txt", "new.txt")
    project.commit(
        "work",
        {
            "made.txt": "made\n" * 8,
            "edit.txt": before["edit.txt"].replace("edit.txt 3\n", "three # TODO\n"),
            "both.txt": before["both.txt"].replace("both.txt 3\n", "three\n"),
            "gone.txt": None,
        },
    )
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    project.git("switch", "--quiet", "main")
    project.commit("theirs", {"both.txt": before["both.txt"].replace("both.txt 20\n", "twenty\n")})
    project.git("merge", "--quiet", "--squash", "work")
    commits = [project.commit("squash")]
    for _ in range(2):
        project.git("revert", "--no-edit", "HEAD")
        commits.append(project.head)
    return task, commits


def others(package: dict[str, Any]) -> set[tuple[str, str]]:
    return {(row["path"], row["commit"]) for row in package["changed_since_by_others"]}


def test_every_place_names_the_commit_that_landed_it_first(project: Repo) -> None:
    task, (squash, revert, again) = landed_twice(project)
    package = package_of(project, task)
    expected = dict.fromkeys(("made.txt", "edit.txt", "new.txt", "gone.txt"), ("exact", [squash]))
    assert files(package) == expected | {"both.txt": ("patch", [squash])}
    counts = {row["path"]: (row["added"], row["removed"]) for row in package["files_modified"]}
    assert counts == {"edit.txt": (1, 1), "both.txt": (1, 1)}
    assert {row["id"]: row["via"] for row in package["commits"]}[squash] == "content"
    paths = ("made.txt", "edit.txt", "both.txt", "new.txt", "gone.txt")
    told = {(path, commit) for path in paths for commit in (revert, again)}
    assert others(package) == told - {("new.txt", again)} | {("old.txt", again)}  # renamed to new.txt
    after = project.commit("later", {"edit.txt": "anew\n"})
    package = package_of(project, task)
    assert files(package)["edit.txt"] == ("superseded", [squash])
    [row] = [row for row in package["files_modified"] if row["path"] == "edit.txt"]
    assert row["detail"] == f"landed in {squash[:10]}, changed since by {after[:10]}"


def test_a_second_revert_is_the_one_that_counts(project: Repo) -> None:
    task, (squash, _, _) = landed_twice(project)
    project.git("revert", "--no-edit", "HEAD", "--no-commit")
    project.git("restore", "--staged", "--worktree", "--source", "HEAD", "--", ".orchestrator")
    project.git("commit", "--quiet", "-m", "no, after all")
    package = package_of(project, task)
    assert {(rung, *commits) for rung, commits in files(package).values()} == {("reverted", squash)}
    assert [row["commit"] for row in package["reverts"]] == [project.head]
    [row] = [row for row in package["files_modified"] if row["path"] == "both.txt"]
    assert row["detail"] == f"landed in {squash[:10]}, undone by {project.head[:10]}"


def test_work_that_goes_on_after_it_began_with_the_first(project: Repo) -> None:
    task, (squash, _, _) = landed_twice(project)
    project.run("task", "reopen", task)
    project.run("task", "start", task)
    more = project.commit("more", {"edit.txt": project.read("edit.txt").replace("edit.txt 9\n", "nine\n")})
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    assert files(package_of(project, task))["edit.txt"] == ("exact", [squash, more])
