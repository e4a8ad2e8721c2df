"""What is changed, where git's status and ``git add`` have their odd corners: as git itself adds it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from taskorch.git import worktree
from taskorch.git.repository import Repository
from tests.repos import Repo


def added(repo: Repo) -> dict[str, str | None]:
    """What a real ``git add --all`` makes different from HEAD; nested repositories are left as they are."""
    tracked = {path.split("/")[0] for path in repo.git("ls-files", "-z").split("\0")}
    nested = {folder.parent.name for folder in repo.path.glob("*/.git")} - tracked
    repo.git("add", "--all", ".", *(f":(exclude){name}" for name in nested))
    exactly = ["--no-abbrev", "--no-renames", "--ignore-submodules=none"]
    words = repo.git("diff", "--cached", "--raw", "-z", *exactly).split("\0")
    rows = [(head.split(" "), path) for head, path in zip(words[0::2], words[1::2], strict=False)]
    return {path: None if kind == "D" else f"{mode} {oid}" for (_, mode, _, oid, kind), path in rows}


def check(repo: Repo, changed: list[str]) -> None:
    opened = Repository.open(repo.path)
    assert worktree.changed_paths(opened) == changed
    answer = worktree.dirty(opened)
    assert answer == added(repo)


def submodule(repo: Repo) -> Repo:
    """A submodule ``sub``, with one commit."""
    other = Repo.init(repo.path.parent / "other")
    other.commit("1", {"f": "1\n"})
    repo.git("submodule", "add", "-q", str(other.path), "sub")
    repo.commit("with a submodule")
    return Repo(repo.path / "sub")


def moved_submodule(repo: Repo, *setting: str) -> None:
    sub = submodule(repo)
    repo.git("config", *setting)
    if ".gitmodules" in setting:
        repo.commit("hidden for all")
    sub.commit("2", {"f": "2\n"})


def dirty_submodule(repo: Repo) -> None:
    sub = submodule(repo)
    sub.write("f", "not committed\n")
    sub.write("g", "not tracked\n")


def stashed(repo: Repo) -> None:
    repo.commit("1", {"a": "1\n"})
    repo.write("a", "2\n")
    repo.git("stash")
    repo.git("config", "status.showStash", "true")
    repo.write("a", "3\n")


def untracked_hidden(repo: Repo) -> None:
    repo.commit("1", {"a": "1\n"})
    repo.git("config", "status.showUntrackedFiles", "no")
    repo.write("d/new", "1\n")


def repositories_inside(repo: Repo) -> None:
    repo.commit("1", {"a": "1\n"})
    repo.worktree(repo.path / "linked").write("a", "2\n")
    Repo.init(repo.path / "nested").commit("1", {"f": "1\n"})
    Repo.init(repo.path / "unborn").write("f", "1\n")
    repo.write("a", "3\n")


def renamed_in_case(repo: Repo) -> None:
    repo.commit("1", {"readme": "1\n2\n3\n"})
    repo.git("config", "status.renames", "true")
    repo.git("mv", "readme", "README")


def assumed_unchanged(repo: Repo) -> None:
    """Git never looks at these: the staged one stays as staged, the other as in HEAD."""
    repo.commit("1", {"a": "1\n", "b": "1\n"})
    repo.write("a", "staged\n")
    repo.git("add", "a")
    repo.git("update-index", "--assume-unchanged", "a", "b")
    repo.write("a", "and changed since\n")
    repo.write("b", "changed too\n")


def wanted_later(repo: Repo) -> None:
    repo.commit("1", {"a": "1\n"})
    repo.write("empty", "")
    repo.write("gone", "1\n")
    repo.git("add", "-N", "empty", "gone")
    repo.remove("gone")


def kinds_change(repo: Repo) -> None:
    repo.commit("1", {"to-link/in": "1\n", "to-file/in": "1\n", "to-folder": "1\n", "to-empty": "1\n"})
    for name in ("to-link", "to-file"):
        shutil.rmtree(repo.path / name)
    for name in ("to-folder", "to-empty"):
        repo.remove(name)
    repo.write("elsewhere/in", "1\n")
    os.symlink("elsewhere", repo.path / "to-link")
    repo.write("to-file", "1\n")
    repo.write("to-folder/in", "1\n")
    (repo.path / "to-empty").mkdir()


def unmerged(repo: Repo) -> None:
    repo.commit("1", {"a": "1\n"})
    repo.git("switch", "-qc", "there")
    repo.commit("2", {"a": "2\n"})
    repo.git("switch", "-q", "main")
    repo.commit("3", {"a": "3\n"})
    assert repo.git_result("merge", "there").code == 1


KINDS = ["empty", "file", "file/in", "folder", "folder/in", "link", "link/in"]
CASES: dict[str, tuple[Callable[[Repo], None], list[str]]] = {
    "submodule ignored here": (lambda repo: moved_submodule(repo, "submodule.sub.ignore", "all"), ["sub"]),
    "submodule ignored by all": (
        lambda repo: moved_submodule(repo, "-f", ".gitmodules", "submodule.sub.ignore", "all"),
        ["sub"],
    ),
    "submodules ignored": (lambda repo: moved_submodule(repo, "diff.ignoreSubmodules", "all"), ["sub"]),
    "submodule never updated": (lambda repo: moved_submodule(repo, "submodule.sub.update", "none"), ["sub"]),
    "submodule with changes inside": (dirty_submodule, []),
    "stash shown": (stashed, ["a"]),
    "untracked files hidden": (untracked_hidden, ["d/new"]),
    "work tree and repositories inside": (repositories_inside, ["a"]),
    "renamed in case": (renamed_in_case, ["README", "readme"]),
    "assumed unchanged": (assumed_unchanged, ["a"]),
    "intent to add": (wanted_later, ["empty", "gone"]),
    "other kinds of files": (kinds_change, ["elsewhere/in", *(f"to-{kind}" for kind in KINDS)]),
    "unmerged": (unmerged, ["a"]),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_changed_is_what_git_adds(repo: Repo, case: str) -> None:
    make, changed = CASES[case]
    make(repo)
    check(repo, changed)


@pytest.mark.parametrize("git_dir", ["a repository", "an empty folder", "a file"])
def test_a_git_directory_begun_in_a_tracked_folder(repo: Repo, git_dir: str) -> None:
    repo.commit("1", {"lib/in": "1\n"})
    if git_dir == "a repository":
        Repo.init(repo.path / "lib")
    elif git_dir == "a file":
        repo.write("lib/.git", "no repository\n")
    else:
        Path(repo.path, "lib/.git").mkdir()
    repo.write("lib/in", "2\n")
    check(repo, ["lib/in"])


def test_a_staged_submodule_that_is_not_checked_out(repo: Repo) -> None:
    submodule(repo)
    repo.git("submodule", "deinit", "-q", "-f", "sub")
    repo.git("update-index", "--cacheinfo", f"160000,{'1' * 40},sub")
    check(repo, ["sub"])
