"""The systems that can be imported from, and reading one of them."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from taskorch.errors import NotFound, UsageError
from taskorch.interchange.foreign import Foreign

SOURCES = {
    "backlog-md": "taskorch.interchange.backlog_md",
    "beads": "taskorch.interchange.beads",
    "task-master": "taskorch.interchange.task_master",
    "mcp-task-orchestrator": "taskorch.interchange.mcp_task_orchestrator",
}
"""By the name of a system the module that reads it: ``read(path) -> Foreign``."""


def read_source(source: str, path: Path) -> Foreign:
    """What is read of a file or folder of a system.

    Raises UsageError for a system that is not known, NotFound where nothing is, BadRecord and TaskorchError
    for what cannot be read at all.
    """
    if source not in SOURCES:
        raise UsageError(f"'{source}' cannot be imported", hint=f"one of: {', '.join(SOURCES)}")
    if not path.exists():
        raise NotFound(f"there is nothing at {path}", hint="give the path of a file or folder that is there")
    found: Foreign = import_module(SOURCES[source]).read(path)
    return found
