"""The program's own files: answers that were kept are those of this program alone."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_PARTS = (
    "", "cli", "git", "interchange", "interchange/adr", "interchange/backlog_md", "interchange/beads",
    "interchange/mcp_task_orchestrator", "interchange/task_master", "orchestrator", "records", "services",
    "services/archive", "services/claims", "services/decisions", "services/imports", "services/ladder",
    "services/recovered", "services/safety", "services/staleness", "services/streams", "store",
)  # fmt: skip
PROGRAM = tuple(Path(__file__).parents[1] / part for part in _PARTS)
"""The folders of the program: another version may answer otherwise."""


def program(folders: Iterable[Path] = PROGRAM) -> list[tuple[str, int, int]]:
    """The stamps of the files of the program, or of some of its folders."""
    found = []
    for folder in folders:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    stat = entry.stat()
                    found.append((entry.path, stat.st_size, stat.st_mtime_ns))
    return sorted(found)
