"""What the last checkpoint of a work tree copied, so that a file that stayed the same is not read again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from taskorch.store import files

Stamp = list[int]
"""Size, times of content and inode change (ns), inode and mode: as git's index has them."""


@dataclass
class CopiedFiles:
    """States and stamps of files by path, as the checkpoint ``commit`` of a ``step`` has them.

    It was begun at ``time`` (ns).
    """

    step: int = 0
    commit: str = ""
    time: int = 0
    files: Mapping[str, tuple[str, Stamp]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> CopiedFiles:
        """What was saved at `path`, nothing where it cannot be read."""
        try:
            found = json.loads(path.read_bytes())
            states = {name: (state, stamp) for name, (state, stamp) in found["files"].items()}
            return cls(int(found["step"]), str(found["commit"]), found["time"], states)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def save(self, path: Path) -> None:
        """Keep it for the next checkpoint.  Raises WriteFailed."""
        files.write(path, json.dumps(vars(self)).encode())

    def state(self, path: str, stamp: Stamp) -> str | None:
        """The state of a file that is as it was then, None if it may have changed.

        A file that changed while the checkpoint was taken, or after, may have changed once more within
        the resolution of its time: git calls such entries racy, and so does this.
        """
        state, then = self.files.get(path, (None, None))
        return state if stamp == then and max(stamp[1:3]) < self.time else None


def stamp_of(file: Path) -> Stamp:
    """The stamp of a file.  Raises OSError."""
    found = os.lstat(file)
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_mode]
