"""What a list of records depends on, in few bytes: the stamps of their files."""

from __future__ import annotations

import hashlib
import os
import time
from array import array
from collections.abc import Iterable
from pathlib import Path
from stat import S_ISDIR

from taskorch.store.record_cache import RECENT, RECENT_COARSE, SECOND

_EACH = 4  # numbers in a stamp


class RecordStamps:
    """The stamps of all files of some folders, and of further `files`; `nested` folders have folders."""

    def __init__(self, folders: Iterable[Path], files: Iterable[Path], nested: Iterable[str]) -> None:
        self._folders, self._files, self._nested = list(folders), list(files), set(nested)
        self._begun = self._latest = 0
        self.count = 0
        """How many files there were when stamps were last taken."""

    def take(self) -> str | None:
        """The stamps as one hash, None where they cannot be told.

        To be taken before an answer is made and after: what changed meanwhile may be in the answer and
        not in the stamps.
        """
        self._begun = self._begun or time.time_ns()
        names: list[str] = []
        numbers: list[int] = []
        try:
            for file in self._files:
                found = os.stat(file)
                names.append(str(file))
                numbers += (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
            for folder in self._folders:
                _below(str(folder), folder.name in self._nested, names, numbers)
        except OSError:
            return None
        self.count = len(numbers) // _EACH
        self._latest = max(max(numbers[1::_EACH], default=0), max(numbers[2::_EACH], default=0))
        taken = hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape"))
        taken.update(array("Q", numbers).tobytes())
        return taken.hexdigest()

    @property
    def is_settled(self) -> bool:
        """Whether all files were as they are for a while when the first stamps were taken."""
        latest = self._latest
        return latest + (RECENT if latest % SECOND else RECENT_COARSE) < self._begun


def _below(folder: str, depth: int, names: list[str], numbers: list[int]) -> None:
    """Add the stamps of the files below a folder.  In the order of the system: if that changes, so be it."""
    names.append(folder)
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return
    try:
        for name in os.listdir(handle):
            found = os.stat(name, dir_fd=handle, follow_symlinks=False)  # faster than by whole paths
            if depth and S_ISDIR(found.st_mode):
                _below(f"{folder}/{name}", depth - 1, names, numbers)
                continue
            names.append(name)
            numbers += (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    finally:
        os.close(handle)
