"""Two sessions of one branch, one after the other: the first keeps what it saw until the second began.

They may be of two stores of one work tree.  What changes in it is observed for one session at a time,
so while one is active none of another store is opened or gone on with.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import PurePosixPath
from shlex import quote

from taskorch.errors import TaskorchError
from taskorch.git import reflog, worktree
from taskorch.records.collection import Collection
from taskorch.records.joining import join_changes
from taskorch.services.claims.observing import observe
from taskorch.services.stashed import stashes_of_records
from taskorch.services.workspace import Workspace
from taskorch.store.local_session import LocalSession, Snapshot


def snapshot(ws: Workspace) -> Snapshot:
    """The work tree as it is now."""
    return Snapshot(ws.repo.head, reflog.length(ws.repo), worktree.dirty(ws.repo))


def suspended(ws: Workspace, session: LocalSession, now: Snapshot) -> LocalSession:
    """The session with what it observed until now kept for its next fold."""
    seen = observe(ws.repo, session.fold, now, session.branches)
    pending = join_changes(session.pending, seen.changes.values())
    away = join_changes(session.away, seen.away.values())
    return replace(session, pending=tuple(pending.values()), away=tuple(away.values()), fold=now)


def beside(ws: Workspace, found: Collection) -> set[str]:
    """The ids of the sessions whose records are on this branch: those here, and of this work tree's other
    stores; and those in a stash, which wait for their work until it is popped.
    """
    gone = [one for one in ws.local.here() if one.id not in found.sessions]
    others = {one.id for one in gone if one.store != ws.prefix and _is_on_disk(ws, one)}
    stashed = stashes_of_records(ws) if gone else {}
    return {*found.sessions, *others, *(one.id for one in gone if one.id in stashed)}


def refuse_other_store(ws: Workspace) -> None:
    """Raise TaskorchError while a session of another store is active in this work tree."""
    last = ws.local.current_session()
    if not last or last.store == ws.prefix or not _is_on_disk(ws, last):
        return
    if ws.local.is_active(last):
        folder = os.path.relpath(ws.repo.work_tree / PurePosixPath(last.store).parent, ws.start)
        raise TaskorchError(
            f"the session {last.id} of {last.store} is active in this work tree, "
            "and what changes is observed for one session at a time",
            hint=f"end it first (taskorch session end in {quote(folder)}), or work in another work tree",
        )


def set_apart(ws: Workspace, found: Collection, known: LocalSession) -> LocalSession:
    """A session without what another one, which is current, did since; that keeps it.

    Only under the writer's lock.  Raises TaskorchError while one of another store is active.
    """
    refuse_other_store(ws)
    last = ws.local.current_session()
    if not last or last.id == known.id or last.id not in beside(ws, found):
        return known
    last = suspended(ws, last, snapshot(ws))
    ws.local.save(last)
    known = replace(known, fold=last.fold)
    ws.local.save(known)
    return known


def take_up(ws: Workspace, found: Collection, known: LocalSession) -> LocalSession:
    """Make an interrupted session the active one again.  Raises as `set_apart`."""
    known = set_apart(ws, found, known)
    ws.local.renew(known, ws.settings.lease_hours, force=True)
    ws.local.set_current(known.id)
    return known


def _is_on_disk(ws: Workspace, one: LocalSession) -> bool:
    """Whether the record of a session of any store is in this work tree, or is kept in the git directory."""
    places = (ws.repo.work_tree / one.store, ws.kept_of(one.store).root)
    return any(any(folder.glob(f"sessions/*/{one.id}.md")) for folder in places)
