"""Backlog.md (https://github.com/MrLesk/Backlog.md): a folder of Markdown files with YAML front matter.

The format was taken from its sources (``src/markdown``, ``src/file-system``) and its own ``backlog/``.
"""

from __future__ import annotations

from pathlib import Path

from taskorch.interchange.backlog_md.reading import read_folder
from taskorch.interchange.foreign import Foreign

__all__ = ["read"]


def read(path: Path) -> Foreign:
    """What a folder ``backlog`` holds, or that of the project at `path`.  Raises TaskorchError if none is."""
    return read_folder(path)
