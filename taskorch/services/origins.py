"""Where records come from: who changed each last, and whether the default branch has it so."""

from __future__ import annotations

from taskorch.git import history, worktree
from taskorch.records.collection import Collection
from taskorch.records.gathered import Record
from taskorch.records.session import Session
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace


class Origins:
    """Who last changed the records of a place, and in which commit; facts for all are read at once."""

    def __init__(self, ws: Workspace, found: Collection) -> None:
        self.ws = ws
        self.head = ws.repo.head
        self.default = default_commit(ws)
        paths = [ws.shown(record.path) for record in found if not is_local(record)]
        self.at_default = worktree.states_at(ws.repo, self.default, paths)
        self.at_head = worktree.states_at(ws.repo, self.head, paths)
        self.dirty = worktree.changed_records(ws.repo) if ws.repo.has_work_tree else set()

    def of(self, record: Record) -> Json:
        """``author`` and ``commit`` of the record's last change, and ``unreviewed``: the default branch has
        it not so, or (``no_default``) none can be told.

        ``cut_off``: it was before this shallow history begins.
        """
        if is_local(record):
            nothing = {"author": None, "commit": None, "cut_off": False, "unreviewed": True}
            return nothing | self._no_default
        path = self.ws.shown(record.path)
        # one that HEAD has not was put back after a commit removed it: that commit did not write it
        there = self.head if self.at_head[path] else None
        info = history.last_change(self.ws.repo, there, path) if there else None
        same = self.at_head[path] is not None and self.at_head[path] == self.at_default[path]
        return {
            "author": info.author if info else None,
            "commit": info.id if info else None,
            "cut_off": info is None and self.ws.repo.is_shallow and self.at_head[path] is not None,
            "unreviewed": not same or path in self.dirty,
            **self._no_default,
        }

    @property
    def _no_default(self) -> Json:
        return {"no_default": self.default is None}


def default_commit(ws: Workspace) -> str | None:
    """The commit of the default branch, None where there is none."""
    branch = ws.repo.default_branch(ws.settings.default_branch)
    return ws.repo.commit_or_none(branch) if branch else None


def is_local(record: Record) -> bool:
    """Whether a record is kept in this git directory: no commit has it."""
    return isinstance(record, Session) and record.is_local
