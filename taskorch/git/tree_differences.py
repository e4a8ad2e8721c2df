"""What differs between the trees of two commits below one path, read from the objects.

For many pairs of commits, of which each is asked for a few paths: trees that are the same are not
looked into, and no process is started for any of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import lru_cache

from taskorch.git.objects import open_objects
from taskorch.git.paths import STORE
from taskorch.git.process import not_here
from taskorch.git.repository import Repository
from taskorch.git.worktree import State

_KEPT_TREES = 4096
_TREE = b"40000"
_STORE = os.fsencode(STORE)

Entry = tuple[bytes, bytes]
"""Mode and object id as a tree has them."""
Entries = dict[bytes, Entry]
Difference = tuple[str, State, State]
"""A path, and its state in the older and in the newer tree."""


class TreeDifferences:
    """The trees of one repository."""

    def __init__(self, repo: Repository) -> None:
        self._opened = open_objects(repo)
        self._entries = lru_cache(maxsize=_KEPT_TREES)(self._read)
        self._root = lru_cache(maxsize=_KEPT_TREES)(self._root_of)

    def below(self, old: str, new: str, place: str, wanted: Callable[[str], bool]) -> list[Difference]:
        """The files at or below `place` (``.`` is the root) that differ between two commits, sorted by path.

        Only paths that are `wanted`.  Records of ours count only where `place` lies in their folder.
        Raises NotHere.
        """
        names = [] if place == "." else [os.fsencode(part) for part in place.split("/")]
        try:
            both = self._at(old, names), self._at(new, names)
            found = self._compare("" if place == "." else place, *both)
            return sorted(one for one in found if wanted(one[0]))
        except KeyError:
            raise not_here(f"comparing {old[:10]} with {new[:10]}") from None

    def _root_of(self, commit: str) -> str:
        return str(self._opened.get(commit).tree_id)

    def _read(self, tree: str) -> Entries:
        """The entries of a tree.  Format: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects"""
        data, size = self._opened.get(tree).read_raw(), len(tree) // 2
        out: Entries = {}
        at = 0
        while at < len(data):
            blank, end = data.index(b" ", at), data.index(b"\0", at)
            out[data[blank + 1 : end]] = data[at:blank], data[end + 1 : end + 1 + size]
            at = end + 1 + size
        return out

    def _at(self, commit: str, names: list[bytes]) -> Entry | None:
        """Mode and object id of what a commit's tree has at a path."""
        found: Entry | None = _TREE, bytes.fromhex(self._root(commit))
        for name in names:
            if found is None or found[0] != _TREE:
                return None
            found = self._entries(found[1].hex()).get(name)
        return found

    def _compare(self, path: str, old: Entry | None, new: Entry | None) -> Iterator[Difference]:
        if old == new:
            return
        files = _state(old), _state(new)
        if any(files):
            yield path, *files
        before, after = self._inside(old), self._inside(new)
        prefix = f"{path}/" if path else ""
        for name in [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]:
            if name != _STORE:
                yield from self._compare(prefix + os.fsdecode(name), before.get(name), after.get(name))

    def _inside(self, entry: Entry | None) -> Entries:
        return self._entries(entry[1].hex()) if entry and entry[0] == _TREE else {}


def _state(entry: Entry | None) -> State:
    return None if entry is None or entry[0] == _TREE else f"{entry[0].decode():0>6} {entry[1].hex()}"
