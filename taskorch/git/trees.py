"""The folders and files of a commit's tree, by name."""

from __future__ import annotations

from collections.abc import Iterable

from taskorch.git.repository import Repository
from taskorch.git.worktree import tree_entries


def folders_among(repo: Repository, commit: str, paths: Iterable[str]) -> set[str]:
    """Those of the paths that are folders in a commit's tree."""
    return set(_folders(repo, ["-d", commit, "--", *paths]))


def folders_called(repo: Repository, commit: str, name: str) -> list[str]:
    """The paths of all folders of that name in a commit's tree, sorted."""
    return sorted(path for path in _folders(repo, ["-r", "-d", commit]) if path.rsplit("/", 1)[-1] == name)


def entries_of(repo: Repository, revision: str, folder: str) -> dict[str, str]:
    """What a folder has itself, in a revision: the state of each by its path; nothing where there is none."""
    asked = ["ls-tree", "-z", "--full-tree", revision, "--", f"{folder}/"]
    return dict(tree_entries(repo.git(asked, allow=(0, 1, 128)).text))


def files_under(repo: Repository, commit: str, folder: str) -> list[str]:
    """The paths of all files below a folder of a commit's tree."""
    asked = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--", f"{folder}/"]
    return [path for path in repo.git(asked).text.split("\0") if path]


def _folders(repo: Repository, asked: list[str]) -> list[str]:
    """The paths that ``ls-tree`` lists and that are trees: a submodule or a link is no folder."""
    lines = repo.git(["ls-tree", "-z", "--full-tree", *asked]).text.split("\0")
    return [line.split("\t", 1)[1] for line in lines if line.split(" ", 2)[1:2] == ["tree"]]
