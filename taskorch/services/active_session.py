"""The session a process works in: found, and kept alive by its lease."""

from __future__ import annotations

import os

from taskorch.errors import NotFound, TaskorchError
from taskorch.records.collection import Collection
from taskorch.records.session import Session
from taskorch.services.stashed import refuse_stashed
from taskorch.services.workspace import Workspace
from taskorch.store.local_session import LocalSession

ENV_SESSION = "TASKORCH_SESSION"

OPEN_ELSEWHERE = "open elsewhere"
OPEN = "open"
INTERRUPTED = "interrupted"


def state_of(ws: Workspace, session: Session) -> str:
    """``ended``, ``active``, ``interrupted`` (open here, lease run out) or ``open elsewhere``.

    Of a commit's record no more can be told than ``ended`` or ``open``.
    """
    if session.ended:
        return "ended"
    if ws.committed:
        return OPEN
    known = ws.local.session(session.id)
    if not known:
        return OPEN_ELSEWHERE
    return "active" if ws.local.is_active(known) else INTERRUPTED


def current(
    ws: Workspace, found: Collection, *, reading: bool = False
) -> tuple[Session, LocalSession] | None:
    """The session this process works in, its lease renewed: ``TASKORCH_SESSION``, else the work tree's.

    None if there is none, or it was interrupted.  Raises NotFound if the variable names none here.
    If not only `reading`, under the writer's lock: raises BadRecord if the session's record is there
    and cannot be read, so that what was observed in it is not passed over.
    """
    if ws.committed:
        return None
    named = os.environ.get(ENV_SESSION)
    going = _named(ws, found, named) if named else _working(ws, found, reading=reading)
    record = found.sessions.get(going.id) if going else None
    if not going or not record or record.ended or state_of(ws, record) != "active":
        return None
    ws.local.renew(going, ws.settings.lease_hours)
    return record, going


def _named(ws: Workspace, found: Collection, named: str) -> LocalSession:
    session_id = found.session(named).id
    known = ws.local.session(session_id)
    if not known:
        why = "has ended" if found.sessions[session_id].ended else "was opened elsewhere"
        raise NotFound(
            f"{ENV_SESSION} names session {session_id}, which is not open in this repository",
            hint=f"unset {ENV_SESSION}: that session {why}",
        )
    if known.worktree != ws.local.worktree:
        raise TaskorchError(
            f"{ENV_SESSION} names session {session_id}, which belongs to another work tree",
            hint=f"unset {ENV_SESSION}, or work where it was opened",
        )
    return known


def _working(ws: Workspace, found: Collection, *, reading: bool) -> LocalSession | None:
    """The session that was opened last here; if its record is on another branch, the newest one of this."""
    last = ws.local.current_session()
    if last and last.id in found.sessions:
        return last
    if last and not reading:
        refuse_unreadable(found, last.id)
    back = _newest_open(ws, found)
    if back and not reading and state_of(ws, found.sessions[back.id]) == "active":
        ws.local.set_current(back.id)
    return back


def _newest_open(ws: Workspace, found: Collection) -> LocalSession | None:
    """Of the sessions of this work tree that are not ended, the newest whose record is here."""
    here = [one for one in ws.local.here() if one.id in found.sessions and not found.sessions[one.id].ended]
    return max(here, key=lambda one: (found.sessions[one.id].created, one.id), default=None)


def refuse_unreadable(found: Collection, session_id: str) -> None:
    """Raise the session's own problem if its record is there and cannot be read."""
    for problem in found.problems:
        if problem.path.endswith(f"/{session_id}.md"):
            raise problem


def require_current(ws: Workspace, found: Collection) -> tuple[Session, LocalSession]:
    """The session this process works in.  Raises NotFound with a hint."""
    session = current(ws, found)
    if session:
        return session
    left = interrupted_here(ws, found)
    refuse_stashed(ws, found)
    hint = f"taskorch session resume {left.id}" if left else "taskorch session start, or task start T"
    what = f"the session {left.id} was interrupted" if left else "no session is active here"
    raise NotFound(what, hint=hint)


def interrupted_here(ws: Workspace, found: Collection) -> Session | None:
    """The session of this work tree that was neither ended nor kept alive."""
    if ws.committed:
        return None
    last = ws.local.current_session()
    known = last if last and last.id in found.sessions else _newest_open(ws, found)
    record = found.sessions.get(known.id) if known else None
    return record if record and state_of(ws, record) == INTERRUPTED else None


def newest_here(ws: Workspace, found: Collection) -> Session:
    """The active session, else the newest one.  Raises NotFound."""
    going = current(ws, found, reading=True)
    if going:
        return going[0]
    if not found.sessions:
        raise NotFound("there is no session yet", hint="taskorch task start T opens one")
    return max(found.sessions.values(), key=lambda s: (s.created, s.id))
