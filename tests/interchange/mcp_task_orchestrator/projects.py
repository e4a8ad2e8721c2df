"""Projects of mcp-task-orchestrator as values, and what is read of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from taskorch.interchange.foreign import Foreign, ForeignTask
from taskorch.interchange.mcp_task_orchestrator.reading import foreign_of
from taskorch.interchange.mcp_task_orchestrator.source import Database, Project
from tests.services.imports.databases import breakdown, subtask

Rows = Sequence[Mapping[str, Any]]


def read(files: Mapping[str, str] | None = None, root: str = "/here", **tables: Rows) -> Foreign:
    """What is read of a project with one database."""
    return foreign_of(Project(root, [Database("task_orchestrator.db", tables)], files or {}))


def with_one(files: Mapping[str, str] | None = None, **tables: Rows) -> Foreign:
    """The same with a breakdown and its one subtask."""
    whole: dict[str, Rows] = {"task_breakdowns": [breakdown()], "subtasks": [subtask("one")], **tables}
    return foreign_of(Project("/here", [Database("task_orchestrator.db", whole)], files or {}))


def task(found: Foreign, key: str) -> ForeignTask:
    """A task by its key."""
    return next(one for one in found.tasks if one.key == key)


def told(found: Foreign, item: str) -> list[str]:
    """What is told of an item, mapped or skipped."""
    return [how for name, how in [*found.mapped, *found.skipped] if name == item]
