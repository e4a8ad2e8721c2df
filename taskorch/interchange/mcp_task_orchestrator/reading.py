"""A project of mcp-task-orchestrator as what can be imported: its generations are told apart by their tables.

1.3 to 1.8 have ``subtasks`` below ``task_breakdowns``; the generic tasks, which were never shipped,
``generic_tasks``; 2.0 has ``tasks``.  A project can have several, which are read together.
"""

from __future__ import annotations

from taskorch.interchange.foreign import Foreign
from taskorch.interchange.mcp_task_orchestrator import artifacts, others, unified
from taskorch.interchange.mcp_task_orchestrator.decisions import read_decisions, reasons
from taskorch.interchange.mcp_task_orchestrator.draft import Draft
from taskorch.interchange.mcp_task_orchestrator.operations import read_operations
from taskorch.interchange.mcp_task_orchestrator.sessions import read_sessions
from taskorch.interchange.mcp_task_orchestrator.source import Project
from taskorch.interchange.mcp_task_orchestrator.subtasks import read_subtasks

GENERATIONS = ("tasks", "subtasks", "generic_tasks", "task_breakdowns")
"""The tables of which a database of the old system has at least one."""


def foreign_of(project: Project) -> Foreign:
    """Everything a project holds; what cannot be mapped is told in it."""
    draft = Draft(project)
    read = others.read_roles(draft) | artifacts.read_artifacts(draft)
    artifacts.read_rows(draft)
    links = unified.read_dependencies(draft)
    worked = unified.read_tasks(draft, links)
    read_subtasks(draft, unified.read_generic_tasks(draft, links))
    others.read_prerequisites(draft)
    others.read_lifecycle(draft)
    operations = read_operations(draft, reasons(draft))
    read |= read_sessions(draft, operations, read_decisions(draft), worked)
    others.tell_the_rest(draft, read)
    _tell_times(draft)
    return draft.finished()


def _tell_times(draft: Draft) -> None:
    zones = [zone for zone in draft.clock.told if zone != "UTC+00:00"]
    if zones:
        draft.map("times", f"local ones were {' and '.join(zones)}, as rows with both show; now they are UTC")
    elif draft.project.rows("subtasks") and not draft.clock.offsets:
        draft.map("times", "no row tells the time zone of local ones; they are taken for UTC")
