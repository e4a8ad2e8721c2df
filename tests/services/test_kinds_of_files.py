"""Every kind of file and change, worked on by a task, landed by a squash, and verified in another clone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.making import started
from tests.repos import Build, Repo
from tests.services.test_same_change import squash

LINES = "".join(f"line {number}\n" for number in range(20))
ATTRIBUTES = "*.txt text eol=crlf\n*.loud filter=shout\n*.utf16 text working-tree-encoding=UTF-16\n"


def one_of_each(repo: Repo) -> None:
    """One file of each kind on main, and a submodule."""
    lib = Repo.init(repo.path.parent / "lib")
    lib.commit("one", {"lib": "1\n"})
    repo.git("config", "filter.shout.clean", "tr a-z A-Z")
    repo.git("config", "filter.shout.smudge", "tr A-Z a-z")
    repo.write(".gitattributes", ATTRIBUTES)
    repo.write("crlf.txt", LINES.replace("\n", "\r\n"))
    repo.write("a.loud", LINES)
    repo.write("b.utf16", LINES.encode("utf-16"))
    repo.write("bin", bytes(range(256)) * 4)
    repo.write("full", LINES)
    repo.write("empty", "")
    repo.write("Case", LINES)
    repo.write("script", LINES)
    repo.write("dir/old", LINES)
    repo.write("mixed", "one\r\ntwo\nthree\r\n")
    repo.write("no-newline", LINES + "end")
    os.symlink("full", repo.path / "link")
    os.symlink("full", repo.path / "becomes-file")
    repo.git("submodule", "add", "-q", str(lib.path), "sub")
    repo.run("init")
    repo.commit("start")


@pytest.fixture
def project(build: Build) -> Repo:
    return build(one_of_each)


def relink(repo: Repo, path: str, target: str) -> None:
    (repo.path / path).unlink(missing_ok=True)
    os.symlink(target, repo.path / path)


def submodule(repo: Repo) -> None:
    inner = Repo(repo.path / "sub")
    inner.commit("two", {"lib": "2\n"})
    inner.git("push", "-q", "origin", "HEAD:refs/heads/more")


def to_file(repo: Repo, path: str) -> None:
    (repo.path / path).unlink()
    repo.write(path, LINES)


def to_folder(repo: Repo) -> None:
    (repo.path / "full").unlink()
    repo.write("full/inside", LINES)


Kind = tuple[Callable[[Repo], object], dict[str, str]]
KINDS: dict[str, Kind] = {
    "line ends that git changes": (
        lambda r: r.write("crlf.txt", LINES.replace("\n", "\r\n") + "more\r\n"),
        {"crlf.txt": "modify"},
    ),
    "a filter": (lambda r: r.write("a.loud", LINES + "more\n"), {"a.loud": "modify"}),
    "an encoding": (lambda r: r.write("b.utf16", (LINES + "more\n").encode("utf-16")), {"b.utf16": "modify"}),
    "binary": (lambda r: r.write("bin", b"\0" + bytes(range(256)) * 4), {"bin": "modify"}),
    "binary becomes text": (lambda r: r.write("bin", LINES), {"bin": "modify"}),
    "emptied": (lambda r: r.write("full", ""), {"full": "modify"}),
    "filled": (lambda r: r.write("empty", LINES), {"empty": "modify"}),
    "another empty file": (lambda r: r.write("void", ""), {"void": "create"}),
    "deleted": (lambda r: r.remove("full"), {"full": "delete"}),
    "another case": (lambda r: (r.path / "Case").rename(r.path / "case"), {"case": "move"}),
    "moved into a folder": (
        lambda r: (r.write("new/old", ""), (r.path / "dir/old").replace(r.path / "new/old")),
        {"new/old": "move"},
    ),
    "executable": (lambda r: os.chmod(r.path / "script", 0o755), {"script": "modify"}),
    "a link elsewhere": (lambda r: relink(r, "link", "empty"), {"link": "modify"}),
    "a link becomes a file": (lambda r: to_file(r, "becomes-file"), {"becomes-file": "modify"}),
    "a file becomes a link": (lambda r: relink(r, "script", "full"), {"script": "modify"}),
    "a file becomes a folder": (to_folder, {"full/inside": "move"}),
    "a submodule": (submodule, {"sub": "modify"}),
    "mixed line ends": (lambda r: r.write("mixed", "one\r\ntwo\nthree\r\nfour\n"), {"mixed": "modify"}),
    "a last line without an end": (
        lambda r: r.write("no-newline", LINES + "end\n"),
        {"no-newline": "modify"},
    ),
}


ALONE = (
    "binary becomes text", "emptied", "deleted", "another case", "a file becomes a link",
    "a file becomes a folder",
)  # fmt: skip
"""Kinds that change a file which another one changes, or whose content a moved one has."""
TOGETHER = (
    [kind for kind in KINDS if kind not in ALONE],
    *([kind] for kind in ALONE),
)


@pytest.mark.parametrize("kinds", TOGETHER, ids=", ".join)
def test_it_is_landed_where_it_landed_and_only_there(project: Repo, kinds: list[str]) -> None:
    ops = {path: op for kind in kinds for path, op in KINDS[kind][1].items()}
    project.git("switch", "-qc", "topic")
    task = started(project)
    for kind in kinds:
        KINDS[kind][0](project)
    done = project.json("task", "complete", task, "--results", "done")
    assert {row["path"]: row["op"] for row in done["verification"]["files"]} == ops
    assert {row["rung"] for row in done["verification"]["files"]} == {"worktree"}
    before = project.git("rev-parse", "main").strip()
    project.commit("work")
    project.git("switch", "-q", "main")
    project.git("submodule", "-q", "update")
    project.commit("others", {"theirs": "theirs\n"})
    squash(project)
    there = project.path.parent / "clone"
    shutil.rmtree(there, ignore_errors=True)
    project.git("clone", "-q", "--single-branch", "--branch", "main", f"file://{project.path}", str(there))
    assert rungs(there, task, "HEAD") == dict.fromkeys(ops, "exact")
    assert rungs(there, task, before) == dict.fromkeys(ops, "absent")
    project.git("revert", "--no-edit", "HEAD")
    project.git("checkout", "-q", "HEAD^", "--", ".orchestrator")
    project.commit("records again")
    Repo(there).git("fetch", "-q")
    assert rungs(there, task, "origin/main") == dict.fromkeys(ops, "reverted")


def rungs(clone: Path, task: str, target: str) -> dict[str, str]:
    found = Repo(clone).run("verify", "--task", task, "--target", target, "--json", check=False).json
    return {row["path"]: row["rung"] for row in found["files"]}
