"""States of paths in the trees of many commits, read from the objects: no process for each question.

A process costs less than loading libgit2, so that is done once several were asked.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Any

from taskorch.git import worktree
from taskorch.git.objects import open_objects
from taskorch.git.process import not_here
from taskorch.git.repository import Repository
from taskorch.git.worktree import State

_FEW = 8
"""So many processes take about as long as loading libgit2."""

Held = dict[str, list[tuple[str, str]]]
"""By object id, the (path, state) pairs of a tree that hold it."""


class Trees:
    """Answers single questions on trees: with git, and once there are many, from the objects."""

    def __init__(self, repo: Repository) -> None:
        self._repo, self._questions = repo, 0

    @cached_property
    def all(self) -> TreeStates:
        """The trees as they are read from the objects."""
        return TreeStates(self._repo)

    def state(self, commit: str, path: str) -> State:
        """The state of a path in a commit's tree, None where the tree has none.  Raises GitFailed."""
        return self.states(commit, [path])[path]

    def states(self, commit: str, paths: Collection[str]) -> dict[str, State]:
        """The states of some paths in a commit's tree.  Raises GitFailed."""
        if self._are_many():
            return self.all.states_at(commit, paths)
        return worktree.states_at(self._repo, commit, paths)

    def paths_with(self, commit: str, oids: Collection[str]) -> Held:
        """For each of the object ids, the (path, state) pairs in a commit's tree that hold it.

        Raises GitFailed.
        """
        if self._are_many():
            return self.all.paths_with(commit, oids)
        return worktree.paths_with(self._repo, commit, set(oids))

    def _are_many(self) -> bool:
        self._questions += 1
        return self._questions > _FEW


class TreeStates:
    """The trees of one repository, read from the objects.

    Commits of one history share most of their folders: each of these is searched once.
    """

    def __init__(self, repo: Repository) -> None:
        self._opened = open_objects(repo)
        self._searched: dict[frozenset[str], dict[bytes, Held | None]] = {}

    def states_at(self, commit: str, paths: Iterable[str]) -> dict[str, State]:
        """For each path its state in a commit's tree, None where the tree has none.  Raises GitFailed."""
        try:
            root = self._root(commit)
            return {path: self._state(root, os.fsencode(path).split(b"/")) for path in paths}
        except KeyError:
            raise not_here(f"reading the tree of {commit[:10]}") from None

    def paths_with(self, commit: str, oids: Collection[str]) -> Held:
        """For each of the object ids, the (path, state) pairs in a commit's tree that hold it.

        Raises GitFailed.
        """
        try:
            return self._search(str(self._root(commit).id), frozenset(oids))
        except KeyError:
            raise not_here(f"reading the tree of {commit[:10]}") from None

    def _root(self, commit: str) -> Any:
        return self._opened.get(str(self._opened.get(commit).tree_id))

    def _state(self, tree: Any, names: list[bytes]) -> State:
        for name in names[:-1]:
            found = _entry(tree, name)
            if found is None or found.type_str != "tree":
                return None
            tree = self._opened.get(str(found.id))
        found = _entry(tree, names[-1])
        return None if found is None or found.type_str == "tree" else _state_of(found)

    def _search(self, tree: str, oids: frozenset[str]) -> Held:
        known = self._searched.setdefault(oids, {})
        key = bytes.fromhex(tree)  # there are many
        if key not in known:
            found: Held = {}
            for entry in self._opened.get(tree):
                name, oid = os.fsdecode(entry.raw_name), str(entry.id)
                if entry.type_str == "tree":
                    for inner, below in self._search(oid, oids).items():
                        here = [(f"{name}/{path}", state) for path, state in below]
                        found.setdefault(inner, []).extend(here)
                elif oid in oids:
                    found.setdefault(oid, []).append((name, _state_of(entry)))
            known[key] = found or None
        return known[key] or {}


def _entry(tree: Any, name: bytes) -> Any:
    """The entry of that name, None if there is none; names that are not UTF-8 are compared one by one."""
    try:
        text = name.decode()
    except UnicodeDecodeError:
        return next((entry for entry in tree if entry.raw_name == name), None)
    return tree[text] if text in tree else None  # noqa: SIM401  a Tree has no get


def _state_of(entry: Any) -> str:
    return f"{int(entry.filemode):06o} {entry.id}"
