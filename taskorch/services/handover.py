"""Several sessions of one work tree: what each of them observed when another branch takes its place."""

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


def suspended(ws: Workspace, session: LocalSession, until: Snapshot | None = None) -> LocalSession:
    """The session with what was observed up to a snapshot (default: now) kept for its next fold."""
    end = until or snapshot(ws)
    seen = observe(ws.repo, session.fold, end).changes.values()
    return replace(session, pending=tuple(join_changes(session.pending, seen).values()), fold=end)


def handed_over(ws: Workspace, back: LocalSession, other: LocalSession) -> tuple[LocalSession, LocalSession]:
    """The session that goes on, and the one it takes over from, because the branch was switched.

    What was committed before the last switch is the other's work; what came later, and what is not
    committed, counts where one is now.
    """
    switch = reflog.last_switch(ws.repo, other.fold.reflog)
    if not switch:
        now = snapshot(ws)
        return replace(back, fold=now), suspended(ws, other, now)
    count, left, came = switch
    before, after = Snapshot(left, count), Snapshot(came, count + 1)
    return replace(back, fold=after), suspended(ws, other, before)
