"""The JSON forms of records that several answers share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from taskorch.errors import BadRecord
from taskorch.records import task as tasks
from taskorch.records.claim import Claim
from taskorch.records.collection import Collection
from taskorch.records.decision import Decision
from taskorch.records.session import Session
from taskorch.records.shelf import naming
from taskorch.records.task import Task
from taskorch.services.workspace import Workspace
from taskorch.store.record_paths import is_archived

Json = dict[str, Any]
R = TypeVar("R", Decision, Session)


def task_row(ws: Workspace, one: Task) -> Json:
    """A task without its body."""
    return {
        "id": one.id,
        "alias": one.alias,
        "title": one.title,
        "status": one.status,
        "path": ws.shown(one.path),
        "created": one.created,
        "priority": one.priority,
        "complexity": one.complexity,
        "specialist": one.specialist,
        "stream": one.stream,
        "assignee": one.assignee,
        "labels": list(one.labels),
        "parent": one.parent,
        "depends_on": list(one.depends_on),
        "deleted": bool(one.deleted),
        "reason": one.reason,
        "forced": one.forced,
    }


def task_stored(ws: Workspace, one: Task, found: Collection) -> Json:
    """A task with its body, as it stands in its file; of other records only what it waits for is read."""
    return task_row(ws, one) | {
        "description": one.section(tasks.DESCRIPTION),
        "criteria": [
            {"number": number, "text": criterion.text, "done": criterion.done}
            for number, criterion in enumerate(one.criteria, 1)
        ],
        "results": one.section(tasks.RESULTS),
        "next_action": one.section(tasks.NEXT_ACTION),
        "notes": one.section(tasks.NOTES),
        "artifacts": list(one.artifacts),
        "waits_for": waits_for(one, found),
    }


def task_whole(ws: Workspace, one: Task, found: Collection) -> Json:
    """A task as it is stored, and what hangs on it: to find that, all records are read.

    Of what hangs on a task that is not archived nothing is.
    """
    around = found.whole if is_archived(one.path) else found.live
    return task_stored(ws, one, found) | {
        "subtasks": [_ref(child) for child in around.children(one.id)],
        "decisions": [_decision_ref(d) for d in _for(found.live.decisions, one)],
        "sessions": [s.id for s in _for(around.sessions, one)],
    }


def _for(records: Mapping[str, R], one: Task) -> list[R]:
    """The decisions or sessions that name a task."""
    return [record for record in naming(records, one.id) if one.id in record.tasks]


def _decision_ref(one: Decision) -> Json:
    return {"id": one.id, "title": one.title, "status": one.status}


def waits_for(one: Task, found: Collection) -> list[Json]:
    """The tasks that a task waits for; title and status are null where there is no such task."""
    return [task_reference(other, found) for other in found.waits_for(one)]


def task_reference(task_id: str, found: Collection) -> Json:
    """A task in short; title and status are null where there is no such task."""
    return _ref(found.tasks[task_id]) if task_id in found.tasks else _missing(task_id, found)


def decision_stored(ws: Workspace, one: Decision, found: Collection) -> Json:
    """A decision without its body, as it stands in its file."""
    return {
        "id": one.id,
        "title": one.title,
        "status": one.status,
        "path": ws.shown(one.path),
        "number": found.number_of(one),
        "date": one.date,
        "reviewed": one.reviewed,
        "category": one.category,
        "impact": one.impact,
        "decision_makers": list(one.decision_makers),
        "tasks": list(one.tasks),
        "governs": list(one.governs),
        "components": list(one.components),
        "labels": list(one.labels),
        "implementation": one.implementation,
        "outcome": one.outcome,
        "session": one.session,
        "supersedes": list(one.supersedes),
        "refines": list(one.refines),
        "reverses": list(one.reverses),
        "clarifies": list(one.clarifies),
    }


def decision_row(ws: Workspace, one: Decision, found: Collection) -> Json:
    """A decision without its body, links in both directions: to find these, all decisions are read."""
    return decision_stored(ws, one, found) | found.back_links(one.id)


def session_row(ws: Workspace, one: Session, state: str) -> Json:
    """A session without its body; `state` is what is known of it here."""
    return {
        "id": one.id,
        "state": state,
        "agent": one.agent,
        "stream": one.stream,
        "created": one.created,
        "ended": one.ended,
        "base": one.base,
        "onto": one.onto,
        "branch": one.branch,
        "tasks": list(one.tasks),
        "dirty_count": one.dirty_count,
        "path": ws.shown(one.path),
    }


def claim_row(one: Claim) -> Json:
    """A claim as answers show it: what only the ladder needs is left out."""
    return {
        "task": one.task,
        "path": one.path,
        "op": one.op,
        "from": one.source,
        "before": one.before,
        "after": one.after,
        "onto": one.onto,
        "why": one.why,
        "by": one.by,
        "digest": one.digest,
        "lines": None if one.lines is None else list(one.lines),
    }


def problem_rows(found: Collection) -> list[Json]:
    """The problems of a collection, one object each."""
    return [problem_row(problem) for problem in found.problems]


def problem_row(problem: BadRecord) -> Json:
    """A problem with a file, and where in it."""
    return {
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "field": problem.field,
        "message": problem.message,
        "hint": problem.hint,
    }


def _ref(one: Task) -> Json:
    return {"id": one.id, "title": one.title, "status": one.status, "unreadable": False}


def _missing(task_id: str, found: Collection) -> Json:
    return {"id": task_id, "title": None, "status": None, "unreadable": found.is_unreadable(task_id)}
