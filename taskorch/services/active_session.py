"""The session a process works in: found, kept alive by its lease, opened."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import replace

from taskorch.errors import NotFound, TaskorchError
from taskorch.git import reflog, worktree
from taskorch.records import sections
from taskorch.records import session as sessions
from taskorch.records.collection import Collection
from taskorch.records.session import FIELDS, Session
from taskorch.services.workspace import Workspace
from taskorch.services.writing import new_record
from taskorch.store.local import LocalSession, Snapshot

ENV_SESSION = "TASKORCH_SESSION"
ENV_AGENT = "TASKORCH_AGENT"

OPEN_ELSEWHERE = "open elsewhere"
INTERRUPTED = "interrupted"


def snapshot(ws: Workspace) -> Snapshot:
    """The work tree as it is now."""
    return Snapshot(ws.repo.head, reflog.length(ws.repo), worktree.dirty(ws.repo))


def onto_of(ws: Workspace, head: str | None) -> str | None:
    """A commit that others have too: where HEAD leaves the default branch, else HEAD itself."""
    branch = ws.repo.default_branch(ws.settings.default_branch)
    tip = ws.repo.commit_or_none(branch) if branch else None
    return (ws.repo.merge_base(head, tip) or head) if head and tip else head


def state_of(ws: Workspace, session: Session) -> str:
    """``ended``, ``active``, ``interrupted`` (open here, lease run out) or ``open elsewhere``."""
    if session.ended:
        return "ended"
    known = ws.local.session(session.id)
    if not known:
        return OPEN_ELSEWHERE
    lease = ws.local.lease(known)
    return "active" if lease and lease.holds(time.time()) else INTERRUPTED


def current(ws: Workspace, found: Collection) -> tuple[Session, LocalSession] | None:
    """The session this process works in, its lease renewed: ``TASKORCH_SESSION``, else the work tree's.

    None if there is none, or it was interrupted.  Raises NotFound if the variable names none here.
    """
    named = os.environ.get(ENV_SESSION)
    session_id = found.session(named).id if named else ws.local.current()
    known = ws.local.session(session_id) if session_id else None
    if named and not known:
        raise NotFound(
            f"{ENV_SESSION} names session {session_id}, which is not open in this repository",
            hint=f"unset {ENV_SESSION}, or taskorch session resume {session_id}",
        )
    if named and known and known.worktree != ws.local.worktree:
        raise TaskorchError(
            f"{ENV_SESSION} names session {session_id}, which belongs to another work tree",
            hint=f"unset {ENV_SESSION}, or work where it was opened",
        )
    record = found.sessions.get(session_id or "")
    if not known or not record or record.ended or state_of(ws, record) != "active":
        return None
    ws.local.renew(known, ws.settings.lease_hours)
    return record, known


def require_current(ws: Workspace, found: Collection) -> tuple[Session, LocalSession]:
    """The session this process works in.  Raises NotFound with a hint."""
    session = current(ws, found)
    if session:
        return session
    left = interrupted_here(ws, found)
    hint = f"taskorch session resume {left.id}" if left else "taskorch session start, or task start T"
    what = f"the session {left.id} was interrupted" if left else "no session is active here"
    raise NotFound(what, hint=hint)


def interrupted_here(ws: Workspace, found: Collection) -> Session | None:
    """The session of this work tree that was neither ended nor kept alive."""
    session_id = ws.local.current()
    record = found.sessions.get(session_id or "")
    return record if record and state_of(ws, record) == INTERRUPTED else None


def open_session(
    ws: Workspace,
    found: Collection,
    *,
    agent: str | None = None,
    stream: str | None = None,
    purpose: str = "",
    on_start: bool = False,
    not_dirty: Iterable[str] | None = (),
) -> tuple[Session, LocalSession, dict[str, str]]:
    """A new session in this work tree: its record, its local state (saved), and the files to write.

    `not_dirty` are paths whose present change is to count as made in the session; None: all.
    Only under the writer's lock.
    """
    who = agent or os.environ.get(ENV_AGENT) or ws.repo.author()
    now = snapshot(ws)
    forgiven = set(now.dirty) if not_dirty is None else set(not_dirty)
    start = replace(now, dirty={p: s for p, s in now.dirty.items() if p not in forgiven})
    values = {
        "id": ws.new_id("session", found.sessions),
        "agent": sections.one_line(who),
        "stream": stream,
        "created": ws.instant(),
        "base": now.head,
        "onto": onto_of(ws, now.head),
        "branch": ws.repo.branch,
        "dirty_count": str(len(start.dirty)),
    }
    path, text = new_record(ws, "session", FIELDS, values, {"purpose": purpose})
    record = sessions.parse(text, path)
    tree = ws.local.name_worktree(ws.randomness(8))
    known = LocalSession(record.id, tree, start, start, on_start)
    ws.local.save(known)
    ws.local.renew(known, ws.settings.lease_hours, force=True)
    ws.local.set_current(record.id)
    return record, known, {path: text}


def newest_here(ws: Workspace, found: Collection) -> Session:
    """The active session, else the newest one.  Raises NotFound."""
    going = current(ws, found)
    if going:
        return going[0]
    if not found.sessions:
        raise NotFound("there is no session yet", hint="taskorch task start T opens one")
    return max(found.sessions.values(), key=lambda s: (s.created, s.id))
