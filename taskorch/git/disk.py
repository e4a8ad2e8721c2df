"""What stands on disk at paths of a work tree, which are named from its root as git names them.

So named a path has at most 4,095 bytes, the system's bound for one name.  With the root before it, it
may have more: then the system is given the root's folder and the name below it.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAX_PATH = 4095
"""Bytes that a path may have for the system, and so for git."""

_NOTHING = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG)


def mode(top: Path, path: str) -> int | None:
    """The mode of what is at a path, of a symbolic link its own; None if nothing is.

    Raises OSError where that cannot be told, for lack of permission for instance.
    """
    found = _found(top, path)
    return found.st_mode if found else None


def size(top: Path, path: str) -> int:
    """The bytes of the file at a path; 0 where there is none.  Raises OSError as `mode`."""
    found = _found(top, path)
    return found.st_size if found and stat.S_ISREG(found.st_mode) else 0


def is_hollow(top: Path, path: str) -> bool:
    """Whether a path is a folder with no file below it, of which git keeps nothing."""
    found = mode(top, path)
    return bool(found and stat.S_ISDIR(found)) and not any(names for _, _, names in os.walk(top / path))


def is_there(top: Path, path: str) -> bool:
    """Whether anything is at a path, a symbolic link to nothing included."""
    return mode(top, path) is not None


def is_folder(top: Path, path: str) -> bool:
    """Whether a folder is at a path, and no symbolic link to one."""
    return stat.S_ISDIR(mode(top, path) or 0)


def is_link(top: Path, path: str) -> bool:
    """Whether a symbolic link is at a path."""
    return stat.S_ISLNK(mode(top, path) or 0)


def is_unreadable(top: Path, path: str) -> bool:
    """Whether a file is at a path, and this process may not read it."""
    with _named(top, path) as (name, folder):
        return stat.S_ISREG(mode(top, path) or 0) and not os.access(name, os.R_OK, dir_fd=folder)


def _found(top: Path, path: str) -> os.stat_result | None:
    with _named(top, path) as (name, folder):
        try:
            return os.stat(name, dir_fd=folder, follow_symlinks=False)
        except OSError as error:
            if error.errno in _NOTHING:
                return None
            raise


@contextmanager
def _named(top: Path, path: str) -> Iterator[tuple[str, int | None]]:
    """The name for the system, and the folder it is relative to."""
    whole = os.path.join(top, path)
    if len(os.fsencode(whole)) <= MAX_PATH:
        yield whole, None
        return
    folder = os.open(top, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield path, folder
    finally:
        os.close(folder)
