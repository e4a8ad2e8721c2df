"""Folders that decisions cannot be taken from, or kept in: git hides them, or another repository has them."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable
from pathlib import Path
from shlex import quote

from taskorch.errors import BadPath, TaskorchError
from taskorch.git import index
from taskorch.git.repository import Repository
from taskorch.git.worktree import states_at
from taskorch.interchange.adr.names import is_decision_file
from taskorch.services.decisions.folders import AdrFolder
from taskorch.services.hidden_records import refuse_ignored
from taskorch.services.hidden_store import sparse_add
from taskorch.store import config

_SUBMODULE = "160000 "


def refuse_hidden_folders(repo: Repository, start: Path, folders: Iterable[str]) -> None:
    """Raise TaskorchError where decisions in these folders are not on disk, for a command called in `start`.

    What is read of such a folder is not all, and a new number may be one that is taken.
    """
    for folder in folders:
        _refuse_sparse(repo, start, folder)
        _refuse_missing_submodule(repo, start, folder)


def _refuse_sparse(repo: Repository, start: Path, folder: str) -> None:
    known = index.tracked(repo, [folder])
    hidden = [path for path, is_sparse in known.items() if is_sparse and is_decision_file(path)]
    if hidden:
        number = f"{len(hidden)} decision{'s' if len(hidden) > 1 else ''}"
        words = f"{folder} is outside this sparse checkout: {number} in git, but not on disk"
        raise TaskorchError(words, hint=f"{sparse_add(repo, start, folder)} brings it to disk")


def _refuse_missing_submodule(repo: Repository, start: Path, folder: str) -> None:
    above = [one for one in _upward(folder) if not (repo.work_tree / one / ".git").exists()]
    found = [one for one, state in states_at(repo, repo.head, above).items() if _is_submodule(state)]
    if found:
        there = quote(os.path.relpath(repo.work_tree / found[0], start))
        hint = f"git submodule update --init -- {there} brings it to disk"
        raise TaskorchError(f"{folder} is in the submodule {found[0]}, which is not checked out", hint=hint)


def refuse_foreign(repo: Repository, folder: str) -> None:
    """Raise BadPath for a folder that another repository has: a submodule, or one that was begun there."""
    there = next((one for one in _upward(folder) if (repo.work_tree / one / ".git").exists()), None)
    if there:
        inner = posixpath.relpath(folder, there)
        raise BadPath(
            f"{folder} is in another repository, {there}: decisions there cannot be committed here",
            hint=f"adopt it in {there} (taskorch init, then taskorch decision adopt {inner} --in-place), "
            "or import it here without --in-place",
        )


def refuse_unfit(repo: Repository, folder: AdrFolder, new: str, store: str) -> None:
    """Raise TaskorchError for a folder in which decisions are not to be kept.

    `new` is how one is named there, `store` where the store is whose settings are to name the folder.
    """
    for where in (folder.where, *folder.packages):
        refuse_foreign(repo, where)
    refuse_ignored(repo, folder.where, [folder.full(new)], "new decisions")
    refuse_ignored(repo, store, [f"{store}/{config.NAME}"])


def _is_submodule(state: str | None) -> bool:
    return bool(state and state.startswith(_SUBMODULE))


def _upward(folder: str) -> list[str]:
    """A folder and those above it, below the root."""
    parts = [] if folder == "." else folder.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts), 0, -1)]
