"""Tasks of 1.3 to 1.8: breakdowns with their subtasks, and what was archived of them."""

from __future__ import annotations

from collections import defaultdict

from taskorch.interchange.foreign import ForeignTask
from taskorch.interchange.mcp_task_orchestrator import words
from taskorch.interchange.mcp_task_orchestrator.archived import read_archived
from taskorch.interchange.mcp_task_orchestrator.artifacts import take_artifacts
from taskorch.interchange.mcp_task_orchestrator.draft import Draft
from taskorch.interchange.mcp_task_orchestrator.source import Row, in_lines
from taskorch.interchange.mcp_task_orchestrator.values import clipped, counted, text_of, words_of
from taskorch.records.task_words import CANCELLED, COMPLETED, PENDING

USUAL = {
    "estimated_effort": ("Unknown",),
    "file_operations_count": ("0",),
    "verification_status": ("pending",),
    "prerequisite_satisfaction_required": ("0",),
    "auto_maintenance_enabled": ("1",),
    "quality_gate_level": ("standard",),
}
"""What columns hold where nobody said anything."""


def read_subtasks(draft: Draft, migrated: set[str]) -> None:
    """The tasks of a database of 1.x, without those that were `migrated` within it."""
    subtasks = [_subtask(draft, row) for row in _left(draft, "subtasks", "task_id", migrated)]
    archived = [read_archived(draft, row) for row in draft.project.rows("task_archives")]
    below: dict[str | None, list[str]] = defaultdict(list)
    for task in [*subtasks, *archived]:
        below[task.parent].append(task.status)
    rows = _left(draft, "task_breakdowns", "parent_task_id", migrated)
    parents = [_breakdown(draft, row, below) for row in rows]
    draft.foreign.tasks += [*parents, *subtasks, *archived]
    if parents:
        how = "no status is kept there: completed where all subtasks are, else pending"
        draft.map("table task_breakdowns", f"{counted(len(parents), 'task')} with subtasks; {how}")


def _left(draft: Draft, table: str, column: str, migrated: set[str]) -> list[Row]:
    rows = draft.project.rows(table)
    left = [row for row in rows if row.text(column) not in migrated]
    if len(left) < len(rows):
        draft.map(f"table {table}", f"{counted(len(rows) - len(left), 'row')}: the same as in generic_tasks")
    return left


def _subtask(draft: Draft, row: Row) -> ForeignTask:
    key = key_of(draft, row, "task_id")
    item = f"task {key}"
    done = completed_at(draft, key, row) or bool(row.text("results"))
    status, labels = words.task_status(draft, item, row.word("status"), done)
    take_artifacts(draft, key, row.list("artifacts"))
    task = ForeignTask(
        key,
        row.text("title"),
        status=status,
        created=created_at(draft, key, row),
        description=row.text("description"),
        results=row.text("results"),
        labels=tuple(labels),
        depends_on=_keys(row),
        parent=row.text("parent_task_id") or None,
        specialist=row.text("specialist_type") or None,
    )
    draft.keep(key, row, USUAL)
    return task


def _breakdown(draft: Draft, row: Row, below: dict[str | None, list[str]]) -> ForeignTask:
    key = key_of(draft, row, "parent_task_id")
    description, context = row.text("description"), row.text("context")
    complexity, labels = words.complexity(draft, f"task {key}", row.word("complexity"))
    title = next((line.strip() for line in description.split("\n") if line.strip()), "")
    task = ForeignTask(
        key,
        title,
        status=_status(below[key]),
        created=created_at(draft, key, row),
        description=description + (f"\n\nContext: {context}" if context else ""),
        complexity=complexity,
        labels=tuple(labels),
    )
    draft.keep(key, row, USUAL)
    return task


def _status(below: list[str]) -> str:
    """Completed if all below are that were not given up; nobody started a breakdown itself."""
    counted = [status for status in below if status != CANCELLED]
    return COMPLETED if counted and all(status == COMPLETED for status in counted) else PENDING


def _keys(row: Row) -> tuple[str, ...]:
    """The tasks that one waits for."""
    return tuple(filter(None, map(words_of, row.list("dependencies"))))


def key_of(draft: Draft, row: Row, column: str) -> str:
    """A row's id; where it has none, which row it is."""
    key = clipped(row.text(column), 200)
    if not key:
        draft.map(row.name, "has no id; its place in the table serves as one")
    return key or row.name


def created_at(draft: Draft, key: str, row: Row, *, local: bool = True) -> str | None:
    """When a task was made; what is no time goes into its notes."""
    value = row.raw("created_at")
    found = draft.clock.local(value) if local else draft.clock.utc(value)
    if found is None and text_of(value):
        draft.record(key, in_lines({"created at": value}))
        draft.map(
            f"task {key}", f"'{clipped(text_of(value), 60)}' is no time; it was made when it is imported"
        )
    return found


def completed_at(draft: Draft, key: str, row: Row) -> bool:
    """Whether a row has a time of completion, which goes into the task's notes."""
    value = row.raw("completed_at")
    if text_of(value).strip():
        draft.record(key, in_lines({"completed": draft.clock.utc(value) or value}))
    return bool(text_of(value).strip())
