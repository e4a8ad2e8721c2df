"""Opening a session: its record, its local state, and what becomes of the one before it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from taskorch.git import history
from taskorch.records import sections
from taskorch.records import session as sessions
from taskorch.records.collection import Collection
from taskorch.records.session import FIELDS, Session
from taskorch.services.handover import beside, refuse_other_store, snapshot, suspended
from taskorch.services.stashed import stash_with
from taskorch.services.workspace import Workspace
from taskorch.services.writing import new_record
from taskorch.store.local_session import LocalSession, Snapshot

ENV_AGENT = "TASKORCH_AGENT"


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that is being opened: its record, what is known of it, and the files to write.

    ``before`` is the session of this work tree that it takes the place of, as it is to be kept;
    ``goes_on`` says that it is to be dropped instead: its record was lost, and this one goes on.
    """

    record: Session
    known: LocalSession
    files: dict[str, str]
    before: LocalSession | None
    goes_on: bool


def onto_of(ws: Workspace, head: str | None) -> str | None:
    """A commit that others have too: where HEAD leaves the default branch, else HEAD itself."""
    branch = ws.repo.default_branch(ws.settings.default_branch)
    tip = ws.repo.commit_or_none(branch) if branch else None
    return (ws.repo.merge_base(head, tip) or head) if head and tip else head


def new_session(
    ws: Workspace,
    found: Collection,
    start: Snapshot,
    *,
    agent: str | None = None,
    stream: str | None = None,
    purpose: str = "",
) -> tuple[Session, str]:
    """A session's record and its text; nothing is written."""
    who = agent or os.environ.get(ENV_AGENT) or ws.repo.author()
    values = {
        "id": ws.new_id("session", found.is_taken),
        "agent": sections.one_line(who),
        "stream": stream,
        "created": ws.instant_after(*_before(ws, found)),
        "base": start.head,
        "onto": onto_of(ws, start.head),
        "branch": ws.repo.branch,
        "dirty_count": str(len(start.dirty)),
    }
    path, text = new_record(ws, "session", FIELDS, values, {"purpose": purpose})
    if ws.settings.local_sessions:
        path = f"{sessions.LOCAL}{path}"
    return sessions.parse(text, path), text


def _before(ws: Workspace, found: Collection) -> list[str]:
    """When the sessions before this one began in this work tree: what they claim is older."""
    known = [ws.local.last(), *(one.id for one in ws.local.here())]
    return [found.sessions[one].created for one in known if one and one in found.sessions]


def open_session(
    ws: Workspace,
    found: Collection,
    *,
    agent: str | None = None,
    stream: str | None = None,
    purpose: str = "",
    on_start: bool = False,
    task: str | None = None,
    not_dirty: Iterable[str] | None = (),
) -> Opened:
    """A new session in this work tree, its local state saved; to be used with `opening`.

    `task` is the one to be started in it: what was observed in a lost session that was at others is not
    its work.  `not_dirty` are paths whose present change is to count as made in the session; None: all.
    Only under the writer's lock.  Raises TaskorchError while a session of another store is active here.
    """
    refuse_other_store(ws)
    now = snapshot(ws)
    forgiven = set(now.dirty) if not_dirty is None else set(not_dirty)
    start = replace(now, dirty={p: s for p, s in now.dirty.items() if p not in forgiven})
    last = ws.local.current_session()
    lost = last is not None and last.store == ws.prefix and is_lost(ws, found, last.id)
    # one whose record is on another branch goes on there, whatever is done here
    is_beside = last is not None and (lost or last.id in beside(ws, found))
    before = suspended(ws, last, now) if last and is_beside else None
    goes_on = before is not None and lost and (task in (None, *before.holds) or not before.holds)
    begun = before.start if before and goes_on else start  # what it goes on with was gained since then
    record, text = new_session(ws, found, begun, agent=agent, stream=stream, purpose=purpose)
    tree = ws.local.name_worktree(ws.randomness(8))
    known = LocalSession(record.id, tree, begun, start, on_start, store=ws.prefix)
    if before and goes_on:
        known = replace(known, pending=before.pending, away=before.away)
    elif before and lost:
        known = replace(known, unclaimed=tuple(one.path for one in before.pending))
    ws.local.begin(known, ws.settings.lease_hours)
    return Opened(record, known, {record.path: text}, before, goes_on)


@contextmanager
def opening(ws: Workspace, opened: Opened | None) -> Iterator[None]:
    """Around the writing of an opened session's files; if that fails, the session is taken back.

    None: nothing is opened.
    """
    try:
        yield
    except BaseException:
        if opened:
            ws.local.take_back()
        raise
    if opened:
        if opened.before and opened.goes_on:
            ws.local.forget(opened.before, ())
        elif opened.before:
            kept = ws.local.session(opened.before.id) or opened.before  # a task may have been taken from it
            ws.local.save(replace(opened.before, holds=kept.holds))
        ws.local.begun()


def is_lost(ws: Workspace, found: Collection, session_id: str) -> bool:
    """Whether a session's record is neither here nor in any commit: a clean or a reset took it away.

    One in a stash is not lost: untracked files are in a commit of their own there, in which git finds
    them only if it is named.
    """
    if session_id in found.sessions or stash_with(ws, session_id):
        return False
    return not history.ever_had(ws.repo, f"{ws.prefix}/sessions/*/{session_id}.md")
