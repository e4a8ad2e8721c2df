"""Files with their modes as git knows them, and what is to become of them."""

from __future__ import annotations

import os
import stat
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
