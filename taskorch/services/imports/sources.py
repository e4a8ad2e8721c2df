"""The systems that can be imported from, and reading one of them."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from taskorch.errors import NotFound, UsageError
from taskorch.interchange.foreign import Foreign
from taskorch.services.commit_after import commits
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace

SOURCES = {
    "backlog-md": "taskorch.interchange.backlog_md",
    "beads": "taskorch.interchange.beads",
    "task-master": "taskorch.interchange.task_master",
    "mcp-task-orchestrator": "taskorch.services.imports.old_orchestrator",
}
"""By the name of a system the module that reads it: ``read(path) -> Foreign``."""


TASKORCH = "taskorch"
"""The name of the other source: an export of a store of ours."""


@commits("import {source}")
def import_from(
    ws: Workspace,
    source: str,
    path: str,
    *,
    name: str | None = None,
    theirs: bool = False,
    dry_run: bool = False,
) -> Json:
    """Bring in what a system keeps at a path: see `import_foreign`, and of an export `exporting.bring_in`."""
    if source == TASKORCH:
        if name or theirs:
            raise UsageError("--name and --theirs go with other systems", hint="leave them out")
        from taskorch.services.exporting import bring_in

        return bring_in(ws, path, dry_run=dry_run) | {"mapped": []}
    from taskorch.services.imports.importing import import_foreign

    return import_foreign(ws, read_source(source, ws.start / path), name=name, theirs=theirs, dry_run=dry_run)


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
