"""Looking for what lies about, and putting it in order where that is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta

from taskorch.records import session as sessions
from taskorch.records import task as tasks
from taskorch.records.collection import Collection
from taskorch.records.session import Session
from taskorch.records.task import ACTIVE, FIELDS, PENDING, Task
from taskorch.services.active_session import INTERRUPTED, state_of
from taskorch.services.archive.ages import age_of, closed_at, present
from taskorch.services.archive.choosing import Choice
from taskorch.services.moments import spelt
from taskorch.services.shapes import Json
from taskorch.services.staleness.activity import Activity
from taskorch.services.workspace import Workspace
from taskorch.services.writing import with_end, with_fields, with_note
from taskorch.store.record_paths import is_archived

ABANDONED = timedelta(hours=72)
"""So long without activity a session that is not ended and not active counts as abandoned."""

ARCHIVE_AFTER = "90d"


def look(ws: Workspace, *, fix: bool = False) -> Json:
    """Stale tasks, orphans, abandoned sessions, and how much may be archived; with `fix` some is mended.

    What is mended is one step, which can be undone: a stale task is released, with a note; a parent that
    is gone is taken out; a session open elsewhere is ended.
    """
    with ws.writing("doctor --stale --fix") if fix else nullcontext(ws.load()) as lazy:
        found, now = lazy.whole, present(ws)
        activity = Activity(ws, found)
        rows: Json = {
            "tasks": list(_stale_tasks(ws, found, activity, now)),
            "orphans": list(_orphans(found)),
            "sessions": list(_abandoned(ws, found, activity, now)),
            "archive": _archivable(ws, found, now),
        }
        fixed = _fix(ws, found, rows) if fix else []
    done = {one["id"] for one in fixed}
    for key in ("tasks", "orphans", "sessions"):
        rows[key] = [row | {"fixed": row["id"] in done and row["fixable"]} for row in rows[key]]
    return rows | {"fixed": fixed}


def count(data: Json) -> int:
    """How much was found that was not mended."""
    left = sum(not row["fixed"] for key in ("tasks", "orphans", "sessions") for row in data[key])
    return left + bool(data["archive"]["records"])


def _stale_tasks(ws: Workspace, found: Collection, activity: Activity, now: datetime) -> Iterator[Json]:
    held = {task for one in ws.local.sessions() if ws.local.is_active(one) for task in one.holds}
    for one in found.tasks.values():
        if one.status != ACTIVE or one.id in held:
            continue
        hours = ws.settings.stale_roles.get(one.specialist or "", ws.settings.stale_hours)
        last, what = activity.of_task(one)
        if now - last >= timedelta(hours=hours):
            yield _row(one) | {
                "specialist": one.specialist,
                "hours": hours,
                "last_activity": spelt(last),
                "activity": what,
                "idle_hours": round((now - last).total_seconds() / 3600, 1),
                "fixable": True,
                "hint": f"taskorch task start {one.id} goes on; taskorch task release {one.id} gives it up",
            }


def _orphans(found: Collection) -> Iterator[Json]:
    """Open tasks whose parent is gone or closed, and subtasks that nobody can start."""
    for one in found.tasks.values():
        if not one.is_open:
            continue
        parent = found.tasks.get(one.parent) if one.parent else None
        if one.parent and not parent and not found.is_unreadable(one.parent):
            yield _orphan(
                one, f"its parent {one.parent} is gone", fixable=True, hint="--fix takes the link out"
            )
        elif parent and not parent.is_open:
            why = f"its parent {parent.id} is {'deleted' if parent.deleted else parent.status}"
            yield _orphan(one, why, hint=f"taskorch task reopen {parent.id}, or task cancel {one.id}")
        elif one.parent and found.waits_in_vain(one):
            waits = next(other for other in found.waits_for(one) if not _is_open(found, other))
            why = f"nobody can start it: it waits for {waits}, which will not be completed"
            yield _orphan(one, why, hint=f"taskorch task edit {one.id} --depends-on ''")


def _is_open(found: Collection, task_id: str) -> bool:
    return task_id in found.tasks and found.tasks[task_id].is_open


def _abandoned(ws: Workspace, found: Collection, activity: Activity, now: datetime) -> Iterator[Json]:
    for one in found.sessions.values():
        state = state_of(ws, one)
        if state in ("ended", "active"):
            continue
        last, what = activity.of_session(one)
        if now - last >= ABANDONED:
            here = state == INTERRUPTED
            go_on = f"taskorch session resume {one.id}, then taskorch session end"
            yield {
                "id": one.id,
                "title": one.title,
                "state": state,
                "tasks": list(one.tasks),
                "last_activity": spelt(last),
                "activity": what,
                "idle_hours": round((now - last).total_seconds() / 3600, 1),
                "fixable": not here,  # what was observed here would be lost
                "hint": go_on if here else "--fix ends it",
            }


def _archivable(ws: Workspace, found: Collection, now: datetime) -> Json:
    choice, until = Choice(found), now - age_of(ARCHIVE_AFTER)
    closed, _ = choice.tasks(closed_at(ws, choice.closed), until)
    ended = choice.sessions({one.id for one in closed}, until)
    number = len(closed) + len(ended)
    return {
        "records": number,
        "older_than": ARCHIVE_AFTER,
        "hint": f"taskorch archive --older-than {ARCHIVE_AFTER}" if number else None,
    }


def _fix(ws: Workspace, found: Collection, rows: Json) -> list[Json]:
    """Mend what can be; gives what was done, by id."""
    texts: dict[str, str | None] = {}
    fixed = []
    author = ws.repo.author()
    for row in rows["tasks"]:
        one = found.tasks[row["id"]]
        words = f"Released: no activity since {row['last_activity']} ({row['activity']})."
        text = with_fields(one.text, FIELDS, {"status": PENDING})
        texts[one.path] = with_note(text, tasks.NOTES, words, ws.now(), author)
        fixed.append({"id": one.id, "done": "released: it is pending again"})
    for row in rows["orphans"]:
        one = found.tasks[row["id"]]
        if row["fixable"]:
            texts[one.path] = with_fields(texts.get(one.path) or one.text, FIELDS, {"parent": None})
            fixed.append({"id": one.id, "done": f"its parent {one.parent} was taken out"})
    for row in rows["sessions"]:
        if row["fixable"]:
            texts |= _ended(ws, found.sessions[row["id"]], row["last_activity"], author)
            fixed.append({"id": row["id"], "done": "ended"})
    ws.write(texts)
    return fixed


def _ended(ws: Workspace, one: Session, last: str, author: str) -> dict[str, str]:
    note = f"Ended by doctor: no activity since {last}."
    return {one.path: with_end(with_note(one.text, sessions.NOTES, note, ws.now(), author), ws.instant())}


def _row(one: Task) -> Json:
    return {"id": one.id, "title": one.title, "status": one.status}


def _orphan(one: Task, why: str, *, hint: str, fixable: bool = False) -> Json:
    return _row(one) | {"reason": why, "archived": is_archived(one.path), "fixable": fixable, "hint": hint}
