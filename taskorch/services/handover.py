"""Two sessions of one branch, one after the other: the first keeps what it saw until the second began."""

from __future__ import annotations

from dataclasses import replace

from taskorch.git import reflog, worktree
from taskorch.records.claim import join_changes
from taskorch.services.observing import observe
from taskorch.services.workspace import Workspace
from taskorch.store.local import LocalSession, Snapshot


def snapshot(ws: Workspace) -> Snapshot:
    """The work tree as it is now."""
    return Snapshot(ws.repo.head, reflog.length(ws.repo), worktree.dirty(ws.repo))


def suspended(ws: Workspace, session: LocalSession, now: Snapshot) -> LocalSession:
    """The session with what it observed until now kept for its next fold."""
    seen = observe(ws.repo, session.fold, now, session.branches)
    pending = join_changes(session.pending, seen.changes.values())
    away = join_changes(session.away, seen.away.values())
    return replace(session, pending=tuple(pending.values()), away=tuple(away.values()), fold=now)
