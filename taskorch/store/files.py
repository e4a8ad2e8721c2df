"""Files written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from taskorch.errors import WriteFailed

TEMPORARY = ".tmp-"
"""How the names of files that are being written begin."""

HINTS = {
    errno.ENOSPC: "free some space and repeat the command",
    errno.EDQUOT: "free some space of your quota and repeat the command",
    errno.EROFS: "the file system is mounted read-only",
    errno.EIO: "the disk did not do it; the system's log may say why",
    errno.EACCES: "check the permissions of the file and the folders above it",
    errno.ENAMETOOLONG: "names and paths so long are beyond the system: work nearer to the root folder",
    errno.EPERM: "check the permissions of the file and the folders above it",
}
"""What to do about the error numbers that come from the machine, not from taskorch."""


def write(path: Path, data: bytes) -> None:
    """Put `data` at `path`: a temporary file in the same folder, flushed to disk, then renamed.

    After a crash the file has the old or the new content.  Raises WriteFailed.
    """
    try:
        make_folder(path.parent)
        name = stage(path, data, mode_of(path))
        try:
            os.replace(name, path)
        except BaseException:
            discard(name)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise failed(path, error) from None


def stage(path: Path, data: bytes, mode: int) -> Path:
    """A temporary file beside `path` with `data`, flushed to disk, to be renamed to it.  Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
    except BaseException:
        discard(Path(name))
        raise
    return Path(name)


def discard(temporary: Path) -> None:
    """Delete a temporary file; what cannot be deleted now, the next writer sweeps."""
    with suppress(OSError):
        temporary.unlink()


def remove(path: Path) -> None:
    """Delete a file for good, if it is there.  Raises WriteFailed."""
    try:
        path.unlink()
        sync_folder(path.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise failed(path, error) from None


def make_folder(path: Path) -> None:
    """Make a folder and those above it, flushed to disk."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Flush a folder's entries to disk, where the system can."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems cannot
            raise
    finally:
        os.close(handle)


def failed(path: Path, error: OSError) -> WriteFailed:
    """The error for a path that could not be written."""
    return WriteFailed(
        f"cannot write {path}: {error.strerror}; nothing was changed there",
        hint=HINTS.get(error.errno or 0),
    )


def mode_of(path: Path) -> int:
    """The permission bits the file has, or those a new file gets: also one in place of a link."""
    with suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode):
            return mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
