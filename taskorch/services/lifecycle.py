"""The other ways a task changes its status."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from taskorch.errors import TaskorchError
from taskorch.records import sections
from taskorch.records import task as tasks
from taskorch.records.task import ACTIVE, BLOCKED, CANCELLED, COMPLETED, FAILED, FIELDS, PENDING, Task
from taskorch.services.commit_after import commits
from taskorch.services.completing import let_go
from taskorch.services.shapes import Json, task_stored
from taskorch.services.workspace import Workspace
from taskorch.services.writing import with_fields
from taskorch.store.record_paths import is_archived

_OPEN = (PENDING, ACTIVE, BLOCKED)


@commits("task block")
def block_task(ws: Workspace, name: str, reason: str | None = None) -> Json:
    """Say that an open task cannot go on."""
    return _change(ws, "block", name, {"status": BLOCKED, "reason": _line(reason)}, _OPEN)


@commits("task fail")
def fail_task(ws: Workspace, name: str, reason: str | None = None) -> Json:
    """Close an open task as failed."""
    return _change(ws, "fail", name, {"status": FAILED, "reason": _line(reason)}, _OPEN)


@commits("task cancel")
def cancel_task(ws: Workspace, name: str, reason: str | None = None) -> Json:
    """Close an open task as no longer wanted."""
    return _change(ws, "cancel", name, {"status": CANCELLED, "reason": _line(reason)}, _OPEN)


@commits("task reopen")
def reopen_task(ws: Workspace, name: str) -> Json:
    """Make a closed, blocked or deleted task pending again; one that is archived is moved back."""
    empty = {"status": PENDING, "reason": None, "forced": None, "deleted": None}
    return _change(ws, "reopen", name, empty, (BLOCKED, COMPLETED, FAILED, CANCELLED))


@commits("task delete")
def delete_task(ws: Workspace, name: str) -> Json:
    """Mark a task as deleted; its file stays, and `reopen` brings it back."""
    anything = (PENDING, ACTIVE, BLOCKED, COMPLETED, FAILED, CANCELLED)
    return _change(ws, "delete", name, {"status": CANCELLED, "deleted": "true"}, anything)


@commits("task release")
def release_task(ws: Workspace, name: str) -> Json:
    """Give an active task up: it is pending again, for anyone to start."""
    return _change(ws, "release", name, {"status": PENDING}, (ACTIVE,))


def _change(ws: Workspace, verb: str, name: str, changes: dict[str, Any], allowed: tuple[str, ...]) -> Json:
    with ws.writing(f"task {verb} {name}") as before:
        found, one = before, before.task(name)
        if one.status not in allowed:
            raise TaskorchError(f"{one.id} is {one.status}", hint=_hint(one))
        if verb == "reopen" and is_archived(one.path):
            from taskorch.services.archive.archiving import bring_back
            from taskorch.services.archive.choosing import Choice

            one = replace(one, path=bring_back(ws, Choice(found.whole), one.id)[one.id])
            found = ws.load()
        text = with_fields(one.text, FIELDS, changes)
        ended = let_go(ws, found, one, text)
        return task_stored(ws, tasks.parse(text, one.path), found) | {"session_ended": ended}


def _hint(one: Task) -> str:
    if one.status == PENDING:
        return "it is open already: taskorch task start " + one.id
    return f"taskorch task reopen {one.id} first"


def _line(reason: str | None) -> str | None:
    return sections.one_line(reason)[:200] or None if reason else None
