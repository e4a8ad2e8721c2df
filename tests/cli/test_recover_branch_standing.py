"""``recover --branch`` says which commits a branch has, and what of it the default branch lacks."""

from __future__ import annotations

from typing import Any

from tests.cli.long_work import by_bob
from tests.cli.making import started
from tests.cli.test_recover import GUIDE
from tests.repos import Repo


def package_of(repo: Repo, branch: str) -> dict[str, Any]:
    found = repo.json("recover", "--branch", branch)["recovery_package"]
    assert isinstance(found, dict)
    return found


def begun(project: Repo) -> str:
    """A task on the branch ``feature`` with one file committed, and its session ended."""
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project)
    project.commit("work", {"a.txt": "one\ntwo\n"})
    project.run("session", "end")
    project.run("commit", "-m", "records")
    return task


def test_a_branch_s_commits_are_all_listed_up_to_its_tip(project: Repo) -> None:
    begun(project)
    tip = by_bob(project, "tail", "a.txt", "one\ntwo\nthree\n")  # of a claimed file, and in no claim
    rows = package_of(project, "feature")["commits"]
    assert {row["subject"]: row["via"] for row in rows} == {
        "work": "content", "records": "record", "tail": "branch",
    }  # fmt: skip
    assert rows[-1]["id"] == tip
    project.git("switch", "--quiet", "-c", "side", "HEAD~1")
    project.commit("beside", {"b.txt": "b\n"})
    project.git("switch", "--quiet", "feature")
    project.git("merge", "--quiet", "--no-edit", "side")  # the tip is a merge now
    rows = package_of(project, "feature")["commits"]
    listed = project.git("rev-list", "main..feature").split("\n")
    assert sorted(row["id"] for row in rows) == sorted(listed)
    assert rows[-1]["id"] == project.head
