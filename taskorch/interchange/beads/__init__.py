"""Beads (https://github.com/steveyegge/beads): ``issues.jsonl``, one issue a line.

The format was taken from ``internal/types/types.go`` and the project's own issues.
"""

from __future__ import annotations

from pathlib import Path

from taskorch.interchange.beads.reading import read_issues
from taskorch.interchange.foreign import Foreign

__all__ = ["read"]


def read(path: Path) -> Foreign:
    """What a file of issues holds, or that of a folder ``.beads``.

    Raises TaskorchError where none is there.
    """
    return read_issues(path)
