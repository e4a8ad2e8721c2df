"""Tasks that 1.8 archived: it took them out of their table, and their row in the archive has all of them."""

from __future__ import annotations

from typing import Any

from taskorch.interchange.foreign import ForeignTask
from taskorch.interchange.mcp_task_orchestrator import words
from taskorch.interchange.mcp_task_orchestrator.draft import Draft
from taskorch.interchange.mcp_task_orchestrator.source import Row, in_lines
from taskorch.interchange.mcp_task_orchestrator.values import unpacked, words_of
from taskorch.records.task_words import CANCELLED, COMPLETED


def read_archived(draft: Draft, row: Row) -> ForeignTask:
    """One of them; what was put away unfinished is worked on no more: it is cancelled."""
    key, reason = row.text("original_task_id") or row.name, row.text("archive_reason")
    data, details = _data(row)
    status, labels = _status(draft, f"task {key}", details.word("status"))
    draft.map(f"task {key}", f"was archived ({reason or 'no reason given'}); it is {status}")
    details.raw("task_id")
    timeline = unpacked(data.get("timeline"))
    created = timeline.get("created_at") if isinstance(timeline, dict) else None
    results = dict.fromkeys(filter(None, [details.text("summary"), details.text("results")]))
    task = ForeignTask(
        key,
        details.text("title") or key,
        status=status,
        created=draft.clock.local(created) or draft.clock.local(row.raw("created_at")),
        description=details.text("description"),
        results="\n\n".join(results),
        reason=f"archived: {reason}" if reason and status == CANCELLED else None,
        labels=("archived", *labels),
        depends_on=tuple(filter(None, map(words_of, details.list("dependencies")))),
        parent=details.text("parent_task_id") or row.text("parent_task_id") or None,
        specialist=details.text("specialist_type") or None,
    )
    _keep(draft, key, row, details, data)
    return task


def _data(row: Row) -> tuple[dict[str, Any], Row]:
    """What the archive says of a task, and in it the task's own fields."""
    data = row.map("archived_data")
    inner = unpacked(data.get("task_details"))
    if not isinstance(inner, dict):
        return {}, Row(row.name, 0, data)
    return {name: value for name, value in data.items() if name != "task_details"}, Row(row.name, 0, inner)


def _status(draft: Draft, item: str, word: str) -> tuple[str, list[str]]:
    if not word:
        return CANCELLED, []
    status, labels = words.task_status(draft, item, word, False)
    if status == COMPLETED:
        return status, labels
    label = f"status:{word}"
    return CANCELLED, labels if label in labels or word == CANCELLED else [*labels, label]


def _keep(draft: Draft, key: str, row: Row, details: Row, data: dict[str, Any]) -> None:
    rest = row.rest({"artifacts_preserved": ("0",)})
    draft.record(key, in_lines(details.rest()))
    draft.record(key, in_lines({f"archive: {name}": value for name, value in rest.items()}))
    draft.record(key, in_lines({name: words_of(value) for name, value in data.items()}))
