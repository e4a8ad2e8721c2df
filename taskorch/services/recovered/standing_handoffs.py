"""Which hand-offs of a task still stand: those that no later session of it went on from."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.git.repository import Repository
from taskorch.git.worktree import states_at
from taskorch.records.collection import Collection
from taskorch.records.session import HANDOFF, Session
from taskorch.records.task import COMPLETED, Task
from taskorch.services.archive.places import places
from taskorch.services.recovered.rows import handed_on_before, last_told
from taskorch.services.workspace import Workspace

_MOST = 3


def other_handoffs(ws: Workspace, one: Task, worked: Sequence[Session]) -> list[Session]:
    """The sessions, the newest first, whose hand-offs of an open task stand beside that of the last one.

    Where the last one left none that of the one before; and those of sessions at the same time, on
    other branches, that nobody who handed on went on from.
    """
    told = [s for s in worked if s.section(HANDOFF)]
    if not one.is_open or not told:
        return []
    out = handed_on_before(one, worked)
    for earlier in reversed(told[:-1]):
        later = told[told.index(earlier) + 1 :]
        if not any(_follows(ws, session, earlier) for session in later):
            out.append(earlier)
    last = last_told(worked)
    return [s for s in out if s is not last][:_MOST]


def is_done_since(found: Collection, one: Session) -> bool:
    """Whether later sessions went on with all tasks of a session, and these are completed."""
    later = {task for s in found.sessions.values() if s.created > one.created for task in s.tasks}
    done = [
        name in later and found.tasks[name].status == COMPLETED for name in one.tasks if name in found.tasks
    ]
    return bool(done) and all(done)


def _follows(ws: Workspace, later: Session, earlier: Session) -> bool:
    """Whether a session began where the earlier one's record was known, as every clone can tell.

    On the same branch it was; else if a commit it began with has the record.
    """
    if later.branch == earlier.branch or earlier.is_local or later.is_local:
        return True
    paths = places(ws, earlier)
    begun = (commit for commit in (later.base, later.onto) if commit and _is_known(ws.repo, commit))
    return any(any(states_at(ws.repo, commit, paths).values()) for commit in begun)


def _is_known(repo: Repository, commit: str) -> bool:
    """Whether all clones have a commit: those of branches that are gone only some have."""
    return bool(repo.head and repo.commit_or_none(commit) and repo.is_ancestor(commit, repo.head))
