"""Which tasks can be started, why the others cannot, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable

from taskorch.records.collection import Collection, by_priority
from taskorch.records.task import ACTIVE, BLOCKED, Task
from taskorch.services.shapes import Json, task_reference
from taskorch.services.workspace import Workspace
from taskorch.store.local_session import LocalSession


def held_elsewhere(ws: Workspace) -> dict[str, LocalSession]:
    """The tasks that a live session of this repository works on, other than the session here."""
    if ws.committed:
        return {}
    mine = ws.local.current()
    others = [one for one in ws.local.sessions() if one.id != mine and one.holds]
    return {task: one for one in others if ws.local.is_active(one) for task in one.holds}


def startable(ws: Workspace, found: Collection) -> list[Task]:
    """Pending tasks that nothing holds up, no session either: the most urgent and then the oldest first."""
    ready = found.ready()
    held = held_elsewhere(ws) if ready else {}
    return [one for one in ready if one.id not in held]


def next_task(ws: Workspace, found: Collection, done: Task) -> Task | None:
    """What to do after a task: one that waited for it (or is part of one that did), then the task it was the
    last open part of, then the most urgent, then the oldest.
    """
    ready = startable(ws, found)
    freed = [one for one in ready if any(done.id in t.depends_on for t in (one, *found.above(one)))]
    above = [one for one in ready if one.id == done.parent and not done.is_open]
    return next(iter([*freed, *above, *ready]), None)


def explained(ws: Workspace, found: Collection) -> list[Json]:
    """Every open task and what holds it up: those that can be started first, in the order of `startable`,
    then those under way, then the rest, the most urgent first.

    ``{id, title, status, priority, ready, reasons [{kind, text, tasks[], session}]}``; of the kinds
    ``active``, ``session``, ``blocked``, ``waits_for``, ``in_vain``, ``parent`` and ``subtasks``.
    """
    held = held_elsewhere(ws)
    parts: dict[str, list[Task]] = {}
    for one in found.tasks.values():
        if one.is_open and one.parent:
            parts.setdefault(one.parent, []).append(one)
    every = [one for one in found.tasks.values() if one.is_open]
    rows = [(one, _reasons(ws, found, one, parts.get(one.id, ()), held.get(one.id))) for one in every]
    rows.sort(key=lambda row: (bool(row[1]), row[0].status != ACTIVE, by_priority(row[0])))
    return [
        {
            "id": one.id,
            "title": one.title,
            "status": one.status,
            "priority": one.priority,
            "parent": one.parent,
            "ready": not reasons,
            "reasons": reasons,
        }
        for one, reasons in rows
    ]


def _reasons(
    ws: Workspace, found: Collection, one: Task, parts: Iterable[Task], holder: LocalSession | None
) -> list[Json]:
    out: list[Json] = []
    if holder:
        record = found.sessions.get(holder.id)
        agent = holder.agents.get(one.id) or (record.agent if record else None)
        who = f" ({agent})" if agent else ""
        out.append(_reason("session", f"held by session {holder.id}{who}", session=holder.id))
    if one.status == ACTIVE:
        out.append(_reason("active", "under way already"))
    if one.status == BLOCKED:
        out.append(_reason("blocked", f"blocked: {one.reason}" if one.reason else "blocked, no reason given"))
    for other in found.waits_for(one):
        row = task_reference(other, found)
        vain = other not in found.tasks or not found.tasks[other].is_open
        out.append(_reason("in_vain" if vain else "waits_for", _waiting(row, in_vain=vain), [row]))
    if above := found.waiting_above(one):
        said = f"part of {above.id} {above.title}, which waits for {', '.join(found.waits_for(above))}"
        out.append(_reason("parent", said, [task_reference(above.id, found)]))
    rows = [task_reference(part.id, found) for part in sorted(parts, key=by_priority)]
    if rows:
        names = ", ".join(row["id"] for row in rows[:5]) + (" ..." if len(rows) > 5 else "")
        what = "its subtask is open" if len(rows) == 1 else f"{len(rows)} of its subtasks are open"
        out.append(_reason("subtasks", f"{what}: {names}", rows))
    return out


def _waiting(row: Json, *, in_vain: bool) -> str:
    if row["status"] is None:
        gone = "cannot be read" if row["unreadable"] else "is no task here"
        return f"waits in vain for {row['id']}, which {gone}"
    words = "waits in vain for" if in_vain else "waits for"
    return f"{words} {row['id']} {row['title']} ({row['status']})"


def _reason(kind: str, text: str, tasks: Iterable[Json] = (), session: str | None = None) -> Json:
    return {"kind": kind, "text": text, "tasks": list(tasks), "session": session}
