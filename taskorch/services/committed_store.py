"""The store of one commit: records read from its tree, whatever is or is not on disk."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from taskorch.errors import Ambiguous, NoStore
from taskorch.git.objects import files_below
from taskorch.git.paths import STORE, inside_tree
from taskorch.git.repository import Repository
from taskorch.git.trees import folders_among, folders_called
from taskorch.services.shell_words import pathspec
from taskorch.store import config, roles
from taskorch.store.record_paths import is_record_path


@dataclass(frozen=True)
class CommittedStore:
    """Reads as a ``Store`` does: ``prefix`` is the store's path in the tree of `commit`.

    ``repo`` is the repository as it is seen from there, ``revision`` the commit as the user named it.
    """

    repo: Repository
    revision: str
    commit: str
    prefix: str

    @cached_property
    def _tree(self) -> dict[str, bytes | str]:
        return dict(files_below(self.repo, self.commit, self.prefix))

    def config(self) -> config.Config:
        """The store's settings.  Raises NoStore, NewerFormat or BadRecord."""
        found, shown = self._tree.get(config.NAME), self.shown(config.NAME)
        if found is None:
            raise NoStore(
                f"commit {self.commit[:10]} has no {shown}, which says how its records are read",
                hint=f"git log --oneline -- {pathspec(shown)} names the commits that changed it",
            )
        if isinstance(found, str):
            raise config.unreadable(shown, found)
        return config.load(found, shown)

    def shown(self, path: str) -> str:
        """A path of the store as people and git name it."""
        return posixpath.normpath(f"{self.prefix}/{path}")

    def files(self) -> Iterator[tuple[str, bytes | str]]:
        """Path relative to the store of every record file, and its content or, in words, why it has none."""
        return (found for found in sorted(self._tree.items()) if is_record_path(found[0]))

    def role_files(self) -> Iterator[tuple[str, bytes | str]]:
        """Path and content of each role file, by name; of one that is not read why, in words."""
        for path, found in sorted(self._tree.items()):
            folder, _, name = path.rpartition("/")
            if folder == roles.FOLDER and roles.is_role_file(name):
                yield path, found


def committed_store(repo: Repository, start: Path, named: str) -> CommittedStore:
    """The store of a commit; `named` is a revision, or ``REV:FOLDER`` for the store of a folder.

    Without FOLDER it is the one that `start` has in a checkout of the commit: the nearest upward.  In a
    bare repository it is that of the root, else the only one.  Raises NotFound, NoStore, Ambiguous.
    """
    revision, folder = _parts(repo, named)
    commit = repo.commit(revision)
    folders = repo.upward(start) if folder is None else [folder]
    wanted = [_store_of(path) for path in folders]
    there = folders_among(repo, commit, wanted)
    prefix = next((path for path in wanted if path in there), None)
    prefix = prefix or _only_one(repo, revision, commit, asked=folder)
    return CommittedStore(repo.at(commit), revision, commit, prefix)


def _parts(repo: Repository, named: str) -> tuple[str, str | None]:
    """Revision and folder; a revision may have colons itself, as ``:/text`` does."""
    revision, colon, folder = named.rpartition(":")
    if not colon or not revision or repo.commit_or_none(named):
        return named, None
    return (revision, folder) if repo.commit_or_none(revision) else (named, None)


def _store_of(folder: str) -> str:
    path = inside_tree(folder or ".").removesuffix(STORE).rstrip("/")
    return STORE if path in ("", ".") else f"{path}/{STORE}"


def _only_one(repo: Repository, revision: str, commit: str, *, asked: str | None) -> str:
    """The store of a bare repository that has only one.  Raises NoStore or Ambiguous."""
    stores = folders_called(repo, commit, STORE)
    if repo.bare and asked is None and len(stores) == 1:
        return stores[0]
    where = "" if repo.bare else " here or above"
    hint = f"git log --oneline --all -- {pathspec(STORE)} names the commits that changed one"
    if stores:
        folder = stores[0].removesuffix(STORE).rstrip("/")
        hint = f"name the folder of the one you mean: --at {revision}:{folder}"
    if repo.bare and asked is None and stores:
        words = f"commit {commit[:10]} has {len(stores)} stores, none of them at its root"
        raise Ambiguous(words, hint=hint, candidates=stores)
    place = where if asked is None else f" in '{asked}'"
    raise NoStore(f"commit {commit[:10]} has no {STORE}{place}", hint=hint, candidates=stores)
