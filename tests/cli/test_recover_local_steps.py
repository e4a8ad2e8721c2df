"""What ``recover`` says of the work that only this repository has: each place by its own name."""

from __future__ import annotations

from typing import Any

from tests.cli.making import started
from tests.cli.test_printed_commands import bash
from tests.cli.test_recover import GUIDE
from tests.repos import Repo

UNCOMMITTED = 'There is uncommitted work here: see "Only in this repository" before changing anything.'


def package_of(repo: Repo, *words: str) -> dict[str, Any]:
    found = repo.json("recover", *words)["recovery_package"]
    assert isinstance(found, dict)
    return found


def with_work(repo: Repo) -> str:
    """A task with a file that was claimed for it, all committed."""
    task = started(repo)
    repo.commit("work", {"a.txt": "a\n", "src/b.py": "".join(f"line {n}\n" for n in range(20))})
    repo.run("session", "end")
    repo.commit("records")
    return task


def test_a_stash_alone_is_no_uncommitted_work(project: Repo) -> None:
    task = with_work(project)
    project.write("a.txt", "stashed\n")
    project.git("stash", "push", "--quiet")
    steps = package_of(project, task)[GUIDE]
    assert '1 stash is kept here, with changes to its files: see "Only in this repository".' in steps
    assert UNCOMMITTED not in steps
    project.write("other.txt", "stashed\n")
    project.git("stash", "push", "--quiet", "--include-untracked")
    more = "2 stashes are kept here, 1 of them with changes to its files: "
    assert f'{more}see "Only in this repository".' in package_of(project, task)[GUIDE]
    project.write("a.txt", "edited\n")
    assert UNCOMMITTED in package_of(project, task)[GUIDE]
    project.git("reset", "--quiet", "--hard")
    assert UNCOMMITTED not in package_of(project, task)[GUIDE]


def test_a_section_that_a_step_names_is_there(project: Repo) -> None:
    task = with_work(project)
    project.write("a.txt", "edited\n")
    project.git("switch", "--quiet", "-c", "side")
    project.run("task", "block", task, "no key")
    project.git("commit", "--quiet", "-m", "blocked", "--", ".orchestrator")
    project.git("switch", "--quiet", "main")
    out = project.run("recover", task).out
    for name in ("Only in this repository", "On branches here"):
        assert f'see "{name}"' in out, out
        assert f"\n## {name}\n" in out


def test_a_staged_rename_is_told_as_one(project: Repo) -> None:
    task = with_work(project)
    project.git("mv", "src/b.py", "src/bee.py")
    project.write("src/bee.py", "first\n" + project.read("src/bee.py"))
    project.git("add", "src/bee.py")
    [row] = package_of(project, task)["local"]["index"]
    assert (row["path"], row["from"], row["change"], row["of_task"]) == (
        "src/bee.py",
        "src/b.py",
        "moved",
        True,
    )
    assert f"- index: moved `src/bee.py` from `src/b.py` (this task): `{row['command']}`\n" in (
        project.run("recover", task).out
    )
    shown = bash(row["command"], project.path / "src")
    assert "rename from src/b.py\nrename to src/bee.py\n" in shown
    assert "+first\n" in shown


def test_an_observed_move_is_told_as_one(project: Repo) -> None:
    started(project)
    project.commit("before", {"b.py": "".join(f"line {n}\n" for n in range(20))})
    project.run("session", "end")
    task = started(project, "Move it")
    project.git("mv", "b.py", "bee.py")
    [row] = package_of(project, task)["local"]["journal"]
    assert (row["path"], row["from"], row["change"]) == ("bee.py", "b.py", "moved")
    assert "- observed here, not recorded yet: moved `bee.py` from `b.py` (this task)" in (
        project.run("recover", task).out
    )
