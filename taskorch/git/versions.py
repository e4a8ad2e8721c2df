"""All versions that paths had: in the history of the branches of a clone, read in one walk."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection

from taskorch.git.branches import tips_elsewhere
from taskorch.git.history import PathEvent
from taskorch.git.many_logs import walk
from taskorch.git.objects import open_objects, read_blob
from taskorch.git.repository import Repository
from taskorch.git.worktree import State

_FEW = 15
"""git compares each changed path with each one named: beyond, it is quicker to look at all."""
_MOST_BYTES = 64 << 20


def versions(repo: Repository, paths: Collection[str]) -> dict[str, list[PathEvent]]:
    """By path the commits that changed it, newest first: of HEAD, and of branches that go on elsewhere.

    Raises GitFailed.
    """
    found: dict[str, list[PathEvent]] = defaultdict(list)
    tips = _tips(repo)
    if not tips or not paths:
        return found
    limits = sorted(paths) if len(paths) <= _FEW else ()
    for _, _, events in walk(repo, tips, paths, (), limits):
        for event in events:
            found[event.path].append(event)
    return found


def _tips(repo: Repository) -> tuple[str, ...]:
    head = repo.head
    others, _ = tips_elsewhere(repo, head or "")
    return (*([head] if head else []), *(tip.commit for tip in others))


class Hashes:
    """SHA-256 of contents of blobs, each read once."""

    def __init__(self, repo: Repository) -> None:
        self._opened = open_objects(repo)
        self._known: dict[str, frozenset[str]] = {}

    def of(self, state: State) -> frozenset[str]:
        """The hashes that a file may have on disk: as it is stored, and with lines that end in CRLF."""
        if not state or not state.startswith("100"):
            return frozenset()
        oid = state[7:]
        if oid not in self._known:
            self._known[oid] = self._hashes(oid)
        return self._known[oid]

    def _hashes(self, oid: str) -> frozenset[str]:
        size = self._opened.size(oid)
        content = read_blob(self._opened, oid) if size is not None and size <= _MOST_BYTES else None
        if content is None:
            return frozenset()
        forms = (
            [content] if b"\0" in content or b"\r" in content else [content, content.replace(b"\n", b"\r\n")]
        )
        return frozenset(hashlib.sha256(form).hexdigest() for form in forms)
