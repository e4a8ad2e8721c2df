"""Tasks in one table: those of 2.0, and the generic ones of 1.8 and after, which were never shipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from taskorch.interchange.foreign import ForeignTask
from taskorch.interchange.mcp_task_orchestrator import words
from taskorch.interchange.mcp_task_orchestrator.artifacts import take_artifacts
from taskorch.interchange.mcp_task_orchestrator.draft import Draft
from taskorch.interchange.mcp_task_orchestrator.source import Row, in_lines
from taskorch.interchange.mcp_task_orchestrator.subtasks import completed_at, created_at, key_of
from taskorch.interchange.mcp_task_orchestrator.values import is_empty, text_of, unpacked, words_of

_USUAL_TYPES = ("standard", "generic", "breakdown", "subtask", "")
_USUAL = {
    "lifecycle_stage": ("created", "active", "blocked", "completed", "failed"),
    "quality_gate_level": ("standard",),
    "verification_status": ("pending",),
    "auto_maintenance_enabled": ("1",),
    "is_template": ("0",),
    "position_in_parent": ("0",),
    "estimated_effort": ("Unknown",),
    "priority": ("",),
}
Links = Mapping[str, Sequence[str]]
_DERIVED = ("updated_at", "hierarchy_path", "hierarchy_level")


def read_tasks(draft: Draft, links: Links) -> list[tuple[str, str]]:
    """The tasks of 2.0; gives (session, task) for those that name a session."""
    worked = []
    for row in draft.project.rows("tasks"):
        data = row.map("metadata")
        details = Row(row.name, 0, data)
        task = _task(draft, row, details, row.word("type"), links)
        if row.text("session_id"):
            worked.append((row.text("session_id"), task.key))
        draft.keep(task.key, row, _USUAL)
        context = unpacked(details.raw("context"))
        rest = {**details.rest(_USUAL), **(context if isinstance(context, dict) else {"context": context})}
        draft.record(task.key, in_lines({name: one for name, one in rest.items() if not is_empty(one)}))
        draft.foreign.tasks.append(task)
    return worked


def read_generic_tasks(draft: Draft, links: Links) -> set[str]:
    """The generic tasks; gives their ids, and those that they had before."""
    rows = draft.project.rows("generic_tasks")
    ids = {row.text("task_id") for row in rows}
    for row in rows:
        details = Row(row.name, 0, {})
        task = _task(draft, row, details, row.word("task_type"), links)
        draft.keep(task.key, row, _USUAL)
        draft.foreign.tasks.append(task)
    for row in draft.project.rows("legacy_task_mapping"):
        if row.text("new_task_id") in ids:
            ids.add(row.text("old_task_id"))
    _attributes(draft)
    return ids


def _task(draft: Draft, row: Row, details: Row, kind: str, links: Links) -> ForeignTask:
    """A task of either table; `details` are the metadata of 2.0, where most of it stands."""
    key = key_of(draft, row, "id" if row.text("id") else "task_id")
    item = f"task {key}"
    done = completed_at(draft, key, row) or bool(row.text("results", "summary"))
    status, labels = words.task_status(draft, item, row.word("status"), done)
    complexity, of_complexity = words.complexity(draft, item, _word(row, details, "complexity"))
    priority, of_priority = words.priority(draft, item, _word(row, details, "priority"))
    if kind not in _USUAL_TYPES:
        draft.map(item, f"the type '{kind}' is the label 'type:{kind}'")
        labels.append(f"type:{kind}")
    deleted = row.text("deleted_at") or details.text("deleted_at")
    if deleted:
        draft.record(key, in_lines({"deleted": draft.clock.utc(deleted) or deleted}))
    for column in _DERIVED:
        row.raw(column)
    take_artifacts(draft, key, [*row.list("artifacts"), *details.list("artifacts")])
    results = [row.text("summary"), row.text("results"), details.text("summary"), details.text("results")]
    context = _context(draft, row, key)
    return ForeignTask(
        key,
        row.text("title"),
        status="cancelled" if deleted else status,
        deleted=bool(deleted),
        created=created_at(draft, key, row, local=False),
        description=row.text("description") + (f"\n\nContext: {context}" if context else ""),
        results="\n\n".join(dict.fromkeys(filter(None, results))),
        complexity=complexity,
        priority=priority,
        assignee=row.text("assigned_to") or details.text("assigned_to") or None,
        labels=(*labels, *of_complexity, *of_priority),
        depends_on=(*filter(None, map(words_of, details.list("dependencies"))), *links.get(key, ())),
        parent=row.text("parent_task_id") or None,
        specialist=row.text("specialist_type") or details.text("specialist_type") or None,
    )


def _word(row: Row, details: Row, column: str) -> str:
    return row.word(column) or details.word(column)


def _context(draft: Draft, row: Row, key: str) -> str:
    """The context of a generic task; an object goes into the notes, value by value."""
    found = unpacked(row.raw("context"))
    if isinstance(found, dict):
        draft.record(key, in_lines({name: one for name, one in found.items() if not is_empty(one)}))
        return ""
    return text_of(found)


def read_dependencies(draft: Draft) -> Links:
    """What tasks wait for, by key; a link that holds nobody up is in words."""
    out: dict[str, list[str]] = defaultdict(list)
    for row in draft.project.rows("task_dependencies"):
        task = row.text("dependent_task_id", "task_id")
        other = row.text("prerequisite_task_id") or row.text("dependency_id")
        if not task or not other:
            draft.skip(row.name, "does not say which tasks it links")
            continue
        kind, state = row.word("dependency_type"), row.word("dependency_status")
        optional = text_of(row.raw("is_mandatory")).lower() in ("0", "false")
        if kind == "related" or state == "waived" or optional:
            draft.map(f"task {task}", f"its link to '{other}' holds nothing up; it is in words in the notes")
        else:
            out[task].append(other)
        for column in ("created_at", "dependency_id"):
            row.raw(column)
        said = {"kind": kind, "status": state, **row.rest({"auto_satisfy": ("0",)})}
        words_ = "; ".join(f"{name} {words_of(one)}" for name, one in said.items() if not is_empty(one))
        plain = kind in ("", "completion") and state in ("", "pending", "satisfied") and not optional
        if words_ and not (plain and not row.rest({"auto_satisfy": ("0",)})):
            draft.record(task, in_lines({f"link to {other}": words_}))
    return out


def _attributes(draft: Draft) -> None:
    """Attributes and events of generic tasks: one line each in the notes."""
    for row in draft.project.rows("task_attributes"):
        name, value = row.text("attribute_name"), row.raw("attribute_value")
        draft.record(row.text("task_id"), in_lines({name or "attribute": value}))
    for row in draft.project.rows("task_events"):
        at = draft.clock.utc(row.raw("created_at")) or ""
        task, kind = row.text("task_id"), row.text("event_type")
        row.raw("event_id")
        row.raw("event_category")
        said = "; ".join(f"{name} {words_of(one)}" for name, one in row.rest().items())
        draft.record(task, in_lines({f"{at} {kind}".strip(): said}))
