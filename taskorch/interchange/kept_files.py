"""The files that another system keeps: found and read within limits.

This is the one module of the readers that touches the disk.  It follows no symbolic link below the
folder it was given, so that a repository of a stranger cannot lead it to the files of this machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from taskorch.errors import TaskorchError

MAX_BYTES = 256 << 20
"""Bytes of one file: more is nobody's list of tasks."""


def content(path: Path, limit: int = MAX_BYTES) -> bytes:
    """What a file holds.  Raises TaskorchError where it cannot be read, or is larger than `limit` bytes."""
    try:
        if not path.is_file():
            raise TaskorchError(f"{path} is no file", hint="give the path of a file")
        size = path.stat().st_size
        if size > limit:
            raise TaskorchError(f"{path} has {size:,} bytes, more than {limit:,}", hint="split it")
        return path.read_bytes()
    except OSError as error:
        raise TaskorchError(
            f"{path} cannot be read: {error.strerror}", hint="look at its permissions"
        ) from None


def below(folder: Path) -> Iterator[tuple[str, bool]]:
    """All files below a folder, by path relative to it, in order; with each whether it is a plain file."""
    waiting = [folder]
    while waiting:
        try:
            found = sorted(waiting.pop().iterdir(), reverse=True)
        except OSError as error:
            raise TaskorchError(
                f"{folder} cannot be read: {error.strerror}", hint="look at its permissions"
            ) from None
        for path in reversed(found):
            linked = path.is_symlink()
            if not linked and path.is_dir():
                waiting.append(path)
            else:
                yield path.relative_to(folder).as_posix(), not linked and path.is_file()


def found_in(path: Path, *names: str) -> Path | None:
    """The first of some files or folders below `path` that is there."""
    return next((path / name for name in names if (path / name).exists()), None)
