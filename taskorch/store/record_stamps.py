"""What a list of records depends on, in few bytes: the stamps of their files."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from taskorch.store.record_cache import RECENT, RECENT_COARSE, SECOND

_DEEPEST = 2  # sessions are in folders by month


class RecordStamps:
    """The stamps of all files of some folders, and of further `files`."""

    def __init__(self, folders: Iterable[Path], files: Iterable[Path]) -> None:
        self._folders, self._files = list(folders), list(files)
        self._begun = self._latest = 0

    def take(self) -> str | None:
        """The stamps as one hash, None where they cannot be told.

        To be taken before an answer is made and after: what changed meanwhile may be in the answer and
        not in the stamps.
        """
        self._begun = self._begun or time.time_ns()
        found: list[tuple[object, ...]] = []
        try:
            for file in self._files:
                found += self._stamp(str(file), os.stat(file)) if file.exists() else [(str(file),)]
            for folder in self._folders:
                found += sorted(self._below(str(folder), _DEEPEST))
        except OSError:
            return None
        return hashlib.sha256(repr(found).encode("utf-8", "surrogateescape")).hexdigest()

    @property
    def is_settled(self) -> bool:
        """Whether all files were as they are for a while when the first stamps were taken."""
        latest = self._latest
        return latest + (RECENT if latest % SECOND else RECENT_COARSE) < self._begun

    def _below(self, folder: str, depth: int) -> Iterator[tuple[object, ...]]:
        try:
            entries = os.scandir(folder)
        except FileNotFoundError:
            yield (folder,)
            return
        with entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if depth > 1:
                        yield from self._below(entry.path, depth - 1)
                else:
                    yield from self._stamp(entry.path, entry.stat(follow_symlinks=False))

    def _stamp(self, path: str, found: os.stat_result) -> Iterator[tuple[object, ...]]:
        mtime, ctime = found.st_mtime_ns, found.st_ctime_ns
        self._latest = max(self._latest, mtime, ctime)
        yield path, found.st_size, mtime, ctime, found.st_ino
