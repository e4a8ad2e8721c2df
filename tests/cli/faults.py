"""A disk that fails at a chosen moment: the nth call of a process that writes gives an error.

Counted are opening for writing, writing, flushing, renaming, linking, deleting and making folders, as far
as they concern a repository.  What git itself writes is not counted: a disk that is really full shows that.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import pytest

_EVENTS = ("os.rename", "os.remove", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# what a full disk still does
_FREE = ("os.rename", "os.remove", "os.chmod", "os.truncate", "fsync of a folder")


@dataclass
class Disk:
    """The disk below ``top``: call number ``moment`` (from 0) fails with ``error``.

    If ``stays``, those after it fail as well, as far as they take space.
    """

    top: str
    moment: int
    error: int
    stays: bool
    calls: int = 0
    failed: str = ""

    def count(self, what: str, path: str) -> None:
        """Count a call, and raise OSError if it is one that fails."""
        if not path.startswith(self.top) or (self.stays and what in _FREE):
            return
        self.calls += 1
        if self.calls == self.moment + 1 or (self.stays and self.failed):
            self.failed = self.failed or f"{what} {path}"
            raise OSError(self.error, os.strerror(self.error), path)


_disks: list[Disk] = []
_watchers: list[object] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _disks or event not in ("open", *_EVENTS):
        return
    path = arguments[0]
    if event == "open" and not (arguments[2] or 0) & _WRITING:
        return
    if isinstance(path, str | bytes | os.PathLike):
        _disks[-1].count(event, os.fsdecode(path))


class _File:
    """A file whose writing is counted."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def write(self, data: bytes) -> int:
        """Count, and write."""
        if _disks:
            _disks[-1].count("write", _path(self._file.fileno()))
        return self._file.write(data)


@contextmanager
def faulty(disk: Disk) -> Iterator[None]:
    """Let the disk fail in this process."""
    if not _watchers:
        sys.addaudithook(_watch)  # for good: it does nothing without a disk
        _watchers.append(_watch)
    fsync, write, fdopen = os.fsync, os.write, os.fdopen

    def counted_fsync(handle: int) -> None:
        path = _path(handle)
        disk.count("fsync of a folder" if os.path.isdir(path) else "fsync", path)
        fsync(handle)

    def counted_write(handle: int, data: bytes) -> int:
        disk.count("write", _path(handle))
        return write(handle, data)

    def counted_fdopen(handle: int, *arguments: Any, **options: Any) -> Any:
        return _File(fdopen(handle, *arguments, **options))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", counted_fsync)
        patch.setattr(os, "write", counted_write)
        patch.setattr(os, "fdopen", counted_fdopen)
        _disks.append(disk)
        try:
            yield
        finally:
            _disks.pop()


def _path(handle: int) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{handle}")
    except OSError:
        return ""
