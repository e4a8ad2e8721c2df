"""What reading an adopted folder depends on, in few bytes: the stamps of its files, and settings."""

from __future__ import annotations

import hashlib
import os
import time
from array import array
from collections.abc import Callable, Iterable
from pathlib import Path

from taskorch.store.record_cache import RECENT, RECENT_COARSE, SECOND

_EACH = 4  # numbers in a stamp


class FolderStamps:
    """The stamps of all files below some folders of the work tree `top`.

    `meant` gives these folders, from `top`, and what else the reading depends on; it is asked each time.
    """

    def __init__(self, top: Path, meant: Callable[[], tuple[Iterable[str], str]]) -> None:
        self._top, self._meant = os.path.realpath(top), meant
        self._begun = self._latest = 0
        self.count = 0
        """How many files there were when stamps were last taken."""

    def take(self) -> str | None:
        """The stamps as one hash, None where they cannot be told.

        To be taken before the folder is read and after: what changed meanwhile may be in what was read
        and not in the stamps.
        """
        self._begun = self._begun or time.time_ns()
        folders, more = self._meant()
        names, numbers = [more], array("Q")
        try:
            for folder in folders:
                root = os.path.normpath(os.path.join(self._top, folder))
                if os.path.realpath(root) != root:
                    return None  # a link leads there: that is refused
                _below(root, names, numbers)
        except (OSError, OverflowError):
            return None
        self.count = len(numbers) // _EACH
        self._latest = max(max(numbers[1::_EACH], default=0), max(numbers[2::_EACH], default=0))
        taken = hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape"))
        taken.update(numbers.tobytes())
        return taken.hexdigest()

    @property
    def is_settled(self) -> bool:
        """Whether no file can have changed since the first stamps were taken and keep its stamp."""
        latest = self._latest
        return latest + (RECENT if latest % SECOND else RECENT_COARSE) < self._begun


def _below(folder: str, names: list[str], numbers: array[int]) -> None:
    """Add the stamps of what is below a folder, hidden folders left out, in the order of the system."""
    names.append(f"{folder}/")
    try:
        entries = os.scandir(folder)
    except FileNotFoundError:
        return  # a package without decisions
    with entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith("."):
                    _below(entry.path, names, numbers)
                continue
            found = entry.stat(follow_symlinks=False)
            names.append(f"{entry.name}\0{found.st_mode}")
            numbers.extend((found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino))
