"""Files written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from taskorch.errors import WriteFailed

TEMPORARY = ".tmp-"
"""How the names of files that are being written begin."""

MANY = 50
"""Beyond so many files, flushing them to disk together is quicker than one by one."""

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
        sync(path.parent)
    except OSError as error:
        raise failed(path, error) from None


def write_many(contents: Mapping[Path, bytes]) -> None:
    """`write` for many new files, all flushed to disk together: none is there before all are whole.

    Raises WriteFailed.
    """
    staged: dict[Path, Path] = {}
    path = None
    try:
        for path, data in contents.items():
            make_folder(path.parent)
            staged[path] = stage(path, data, mode_of(path), flush=False)
        sync_all(staged.values())
        for path, name in staged.items():
            os.replace(name, path)
        sync_all({path.parent for path in staged})
    except OSError as error:
        raise failed(path or Path(error.filename), error) from None
    finally:
        for name in staged.values():
            discard(name)


def sync_all(paths: Iterable[Path]) -> None:
    """Flush files and folders to disk.

    The system writes all it has at once, which is quicker than one after the other.  It does not say
    what failed, and not every one waits for the end: so each is asked for after, when little is left.
    """
    os.sync()
    for path in paths:
        sync(path)


def stage(path: Path, data: bytes, mode: int, *, flush: bool = True) -> Path:
    """A temporary file beside `path` with `data`, to be renamed to it.  Raises OSError.

    Without `flush` it is for the caller to flush it to disk.
    """
    handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if flush:
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
        sync(path.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise failed(path, error) from None


def make_folder(path: Path, *, flush: bool = True) -> None:
    """Make a folder and those above it, flushed to disk."""
    if not path.is_dir():
        make_folder(path.parent, flush=flush)
        path.mkdir(exist_ok=True)
        if flush:
            sync(path.parent)


def sync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to disk, where the system can."""
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
