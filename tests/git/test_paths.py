"""Paths of users: relative to the work tree, never outside it, never in a git directory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from taskorch.errors import BadPath
from taskorch.git.paths import inside, is_git_dir, is_record
from tests.repos import Repo

INSIDE = {
    "a": "a",
    "./a": "a",
    "d/../a": "a",
    "d//b": "d/b",
    "d/": "d",
    ".": ".",
    "nowhere/at/all": "nowhere/at/all",
    "-n": "-n",
    ":(top)a": ":(top)a",
    "*.txt": "*.txt",
    " a ": " a ",
    "new\nline": "new\nline",
    os.fsdecode(b"\xff"): os.fsdecode(b"\xff"),
    "~/a": "~/a",
    ".gitignore": ".gitignore",
    ".github/x": ".github/x",
    "a.git": "a.git",
    ".git-x": ".git-x",
    "git~12": "git~12",
    "to-folder/b": "d/b",
    "to-folder": "to-folder",
    "to-folder/../a": "a",
    "to-out": "to-out",
    "dangling": "dangling",
    "to-top": "to-top",
    "to-top/a": "a",
}
GIT = (
    *(
        ".git",
        ".git/config",
        "d/.git",
        "d/../.git/hooks/x",
        ".git/",
        ".git/.",
        "sub/.git/x",
        ".git/../.git/x",
    ),
    *(
        ".GIT/config",
        ".Git",
        "git~1",
        "GIT~1/config",
        ".git ",
        ".git.",
        ".git. . ",
        ".git::$INDEX_ALLOCATION",
    ),
    *(
        ".git:x",
        "d\\.git\\config",
        ".g\u200cit/config",
        ".gi\u202et",
        "\ufeff.git",
        "to-git/config",
        "to-top/.git",
    ),
)
OUTSIDE = (
    "..",
    "../x",
    "../../..",
    "/etc/passwd",
    "/",
    "d/../../x",
    "to-out/x",
    "to-out/../x",
    "../repo-2/x",
)
EMPTY = ("", "\0", "a\0b")


@pytest.fixture
def top(repo: Repo) -> Path:
    repo.write("a", "")
    repo.write("d/b", "")
    (repo.path.parent / "repo-2").mkdir()
    (repo.path.parent / "out").mkdir()
    links = {"to-folder": "d", "to-out": "../out", "to-git": ".git", "to-top": ".", "dangling": "nowhere"}
    for name, to in links.items():
        os.symlink(to, repo.path / name)
    return repo.path


@pytest.mark.parametrize("path", INSIDE)
def test_paths_inside(top: Path, path: str) -> None:
    wanted = INSIDE[path]
    assert inside(top, path, top) == wanted
    assert inside(top, f"../{path}", top / "d") == wanted
    assert inside(top, str(top / path), Path("/")) == wanted


@pytest.mark.parametrize("path", [*GIT, *OUTSIDE, *EMPTY])
def test_paths_that_are_refused(top: Path, path: str) -> None:
    words = "git directory" if path in GIT else "outside" if path in OUTSIDE else "empty"
    if path == "to-out/../x":  # as git reads it, without following the link: a file of the work tree
        assert inside(top, path, top) == "x"
        return
    with pytest.raises(BadPath, match=words):
        inside(top, path, top)


def test_paths_are_taken_from_where_the_user_is(top: Path) -> None:
    assert inside(top, "b", top / "d") == "d/b"
    assert inside(top, ".", top / "d") == "d"
    assert inside(top, "b", top / "to-folder") == "d/b"
    assert inside(top, "../a", top / "to-folder") == "a"
    with pytest.raises(BadPath):
        inside(top, "../../x", top / "d")


def test_the_work_tree_by_another_name(top: Path, repo: Repo) -> None:
    """git takes an absolute path through a link to the work tree, and so do we."""
    os.symlink(top, top.parent / "alias")
    alias = top.parent / "alias"
    repo.git("add", str(alias / "d/b"))
    assert repo.git("ls-files") == "d/b"
    assert inside(top, str(alias / "d/b"), Path("/")) == "d/b"
    assert inside(alias, str(alias / "d/b"), Path("/")) == "d/b"
    assert inside(alias, "b", alias / "d") == "d/b"
    assert inside(top, str(alias), Path("/")) == "."
    with pytest.raises(BadPath, match="git directory"):
        inside(top, str(alias / ".git/config"), Path("/"))
    with pytest.raises(BadPath, match="outside"):
        inside(top, str(alias / "to-out/x"), Path("/"))


def test_what_git_refuses_as_its_directory(repo: Repo) -> None:
    """Each spelling that git itself will not take into an index is one for us."""
    names = [".git", ".GIT", "git~1", "GIT~1", ".git ", ".git.", ".git::$INDEX_ALLOCATION", ".g\u200cit", "a"]
    blob = repo.git("hash-object", "-w", "--stdin")
    repo.git("config", "core.protectHFS", "true")
    repo.git("config", "core.protectNTFS", "true")
    for name in names:
        done = repo.git_result("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}/x")
        assert is_git_dir(f"{name}/x") == (done.code != 0), name


def test_records_are_in_a_store_at_any_depth() -> None:
    assert is_record(".orchestrator/tasks/t.md")
    assert is_record("packages/web/.orchestrator/config.yaml")
    assert is_record(".orchestrator")
    assert not is_record("orchestrator/tasks/t.md")
    assert not is_record(".orchestrator-2/x")
