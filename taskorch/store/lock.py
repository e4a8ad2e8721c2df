"""One writer at a time: a lock that dies with its process."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from taskorch.errors import Busy, WriteFailed
from taskorch.store import files

WAIT_SECONDS = 10.0
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.005, 0.1


@contextmanager
def locked(path: Path, wait: float = WAIT_SECONDS, *, make: bool = True) -> Iterator[None]:
    """Hold the lock of the file at `path`, waiting up to `wait` seconds.  Raises Busy or WriteFailed.

    Not to `make` it, it is there already, and may be a folder or a file that cannot be written.
    """
    try:
        if make:
            files.make_folder(path.parent)
        how = os.O_RDWR | os.O_CREAT if make else os.O_RDONLY
        handle = os.open(path, how | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise files.failed(path, error) from None
    try:
        _acquire(path, handle, wait)
        yield
    finally:
        os.close(handle)  # closing gives the lock up


def _acquire(path: Path, handle: int, wait: float) -> None:
    deadline = time.monotonic() + wait
    pause = _FIRST_PAUSE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno in _NO_LOCKS:
                raise WriteFailed(
                    f"{path} cannot be locked: {error.strerror}; this file system has no locks",
                    hint="without them two writers could lose each other's records: move the repository to a "
                    "file system that has them (NFS needs its lock service)",
                ) from None
            if time.monotonic() >= deadline:
                raise Busy(
                    f"another taskorch is writing here and did not finish within {wait:g} s",
                    hint="repeat the command; if it stays so, look for a hanging taskorch process",
                ) from None
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
