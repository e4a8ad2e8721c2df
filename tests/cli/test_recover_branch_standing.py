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


def said(repo: Repo) -> list[str]:
    """What the steps say of single files on the default branch."""
    starts = ("Not on the", "Only in part on the", "On the", "Reverted on the", "Cannot be told for the")
    lines: list[str] = package_of(repo, "feature")[GUIDE]
    return [line for line in lines if line.startswith(tuple(f"{s} default branch" for s in starts))]


def test_the_files_that_the_default_branch_lacks_are_named_with_the_reason(project: Repo) -> None:
    project.commit("files", {"b.txt": "".join(f"{n}\n" for n in range(30)), "c.txt": "c\n"})
    begun(project)
    task = started(project, "More")
    mine = [f"mine {n}\n" if n < 10 else f"{n}\n" for n in range(30)]
    project.commit("more", {"b.txt": "".join(mine), "c.txt": "see\n", "d.txt": "d\n"})
    project.run("task", "complete", task, "--results", "r")
    project.run("commit", "-m", "records too")
    project.git("switch", "--quiet", "main")
    assert said(project) == ["Not on the default branch: a.txt, b.txt, c.txt, d.txt (feature is not merged)."]
    project.git("merge", "--quiet", "--squash", "feature")
    project.remove("d.txt")
    trimmed = [line if n < 6 else f"{n}\n" for n, line in enumerate(mine)]
    squash = project.commit("trimmed", {"b.txt": "".join(trimmed)})[:10]
    after = project.commit("saw", {"c.txt": "saw\n"})[:10]
    package = package_of(project, "feature")
    assert "2 of its 4 file changes landed in the default branch." in package[GUIDE]
    assert said(project) == [
        f"Only in part on the default branch: b.txt ({squash} changed the path, "
        "but never to the claimed content; 6 of 10 added lines stand).",
        f"On the default branch in another form: c.txt (landed in {squash}, changed since by {after}).",
        "Not on the default branch: d.txt (what was taken over of feature is without it).",
    ]


def test_what_the_default_branch_took_back_of_a_merged_branch_is_named_from_elsewhere(project: Repo) -> None:
    begun(project)
    project.git("switch", "--quiet", "-c", "elsewhere")
    project.git("switch", "--quiet", "main")
    project.git("merge", "--quiet", "--no-ff", "--no-edit", "feature")
    project.remove("a.txt")
    revert = project.commit("gone")[:10]
    assert said(project) == []  # HEAD is there: the advice on the file has it
    project.git("switch", "--quiet", "elsewhere")
    assert said(project) == [f"Reverted on the default branch: a.txt (undone by {revert})."]
