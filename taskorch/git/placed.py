"""Where git says that things are, told from files and the environment alone: quick, and starts nothing."""

from __future__ import annotations

import os
from pathlib import Path


def common_dir_of(start: Path) -> Path | None:
    """The git directory that all work trees share, told from files alone; None where that needs git."""
    found = next((folder / ".git" for folder in (start, *start.parents) if (folder / ".git").exists()), None)
    if found is None or is_placed_by_environment():
        return None
    try:
        if found.is_file():
            found = found.parent / found.read_text().removeprefix("gitdir:").strip()
        shared = found / "commondir"
        return found / shared.read_text().strip() if shared.exists() else found
    except (OSError, UnicodeError):
        return None


def is_placed_by_environment() -> bool:
    """Whether the environment, not the current folder, says where the repository or its work tree is."""
    return bool(os.environ.get("GIT_DIR") or os.environ.get("GIT_WORK_TREE"))
