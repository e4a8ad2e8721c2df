"""What differs between the trees of two commits below one path, read from the objects.

For many pairs of commits, of which each is asked for a few paths: trees that are the same are not
looked into, and no process is started for any of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import lru_cache

from taskorch.git.objects import open_objects
from taskorch.git.paths import STORE
from taskorch.git.process import not_here
from taskorch.git.repository import Repository
from taskorch.git.worktree import State

_KEPT_TREES = 4096
_KEPT_ANSWERS, _SMALL = 20_000, 16
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
        self._compared: dict[tuple[Entry | None, Entry | None], Sequence[Difference]] = {}
        self._root = lru_cache(maxsize=_KEPT_TREES)(self._root_of)

    def below(self, old: str, new: str, place: str, wanted: Callable[[str], bool]) -> list[Difference]:
        """The files at or below `place` (``.`` is the root) that differ between two commits, sorted by path.

        Only paths that are `wanted`.  Records of ours count only where `place` lies in their folder.
        Raises NotHere.
        """
        names = [] if place == "." else [os.fsencode(part) for part in place.split("/")]
        try:
            both = self._at(old, names), self._at(new, names)
            start = "" if place == "." else place
            found = (
                (f"{start}{path}".removeprefix("/"), was, now) for path, was, now in self._compare(*both)
            )
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

    def _compare(self, old: Entry | None, new: Entry | None) -> Sequence[Difference]:
        """What differs between two entries, by paths that begin behind theirs; small answers are kept.

        Commits of one history share most pairs of their folders.
        """
        if old == new:
            return ()
        if (old, new) in self._compared:
            return self._compared[old, new]
        files = _state(old), _state(new)
        out: list[Difference] = [("", *files)] if any(files) else []
        before, after = self._inside(old), self._inside(new)
        for name in [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]:
            if name != _STORE:
                shown = f"/{os.fsdecode(name)}"
                found = self._compare(before.get(name), after.get(name))
                out += [(shown + path, was, now) for path, was, now in found]
        if len(out) <= _SMALL and len(self._compared) < _KEPT_ANSWERS:
            self._compared[old, new] = out
        return out

    def _inside(self, entry: Entry | None) -> Entries:
        return self._entries(entry[1].hex()) if entry and entry[0] == _TREE else {}


def _state(entry: Entry | None) -> State:
    return None if entry is None or entry[0] == _TREE else f"{entry[0].decode():0>6} {entry[1].hex()}"
