"""Files with their modes as git knows them: read, put in place, put back."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from taskorch.errors import WriteFailed
from taskorch.store import files

FILE, EXECUTABLE, LINK = "100644", "100755", "120000"


@dataclass(frozen=True, slots=True)
class Content:
    """A file's mode, as git writes it, and its bytes on disk; a symbolic link's are its target."""

    mode: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Change:
    """What a file is to become: ``path`` relative to the work tree's root, None where there is no file."""

    path: str
    before: Content | None
    after: Content | None


def content_of(path: Path) -> Content | None:
    """What is at `path`, None where nothing is.  Raises WriteFailed where it is no file, or unreadable."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return Content(LINK, os.fsencode(os.readlink(path)))
        if not stat.S_ISREG(mode):
            raise WriteFailed(f"{path} is no file", hint="move it away: a file is to be there")
        return Content(EXECUTABLE if mode & stat.S_IXUSR else FILE, path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise files.failed(path, error) from None


def carry_out(root: Path, changes: Sequence[Change]) -> None:
    """Make the changes below `root`, in order; if one fails, those before it are put back.

    Raises WriteFailed.
    """
    done: list[Change] = []
    try:
        for change in changes:
            _put(root / change.path, change.after)
            done.append(change)
    except WriteFailed:
        for change in reversed(done):
            _put(root / change.path, change.before)
        raise


def _put(path: Path, content: Content | None) -> None:
    if content is None:
        files.remove(path)
    elif content.mode == LINK:
        _put_link(path, content.data)
    else:
        files.write(path, content.data)
        _set_executable(path, wanted=content.mode == EXECUTABLE)


def _set_executable(path: Path, *, wanted: bool) -> None:
    """Set or clear the executable bits, as git does: for all who may read."""
    mode = path.stat().st_mode & 0o777
    bits = mode | (mode & 0o444) >> 2 if wanted else mode & ~0o111
    if bits != mode:
        try:
            path.chmod(bits)
        except OSError as error:
            raise files.failed(path, error) from None


def _put_link(path: Path, target: bytes) -> None:
    try:
        files.make_folder(path.parent)
        folder = tempfile.mkdtemp(prefix=files.TEMPORARY, dir=path.parent)
        link = Path(folder) / "link"
        try:
            os.symlink(os.fsdecode(target), link)
            link.replace(path)
        finally:
            link.unlink(missing_ok=True)
            with suppress(OSError):
                os.rmdir(folder)
        files.sync_folder(path.parent)
    except OSError as error:
        raise files.failed(path, error) from None
