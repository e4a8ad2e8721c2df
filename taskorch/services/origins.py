"""Where records come from: who changed each last, and whether the default branch has it so."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.git import history, worktree
from taskorch.git.object_files import is_blob
from taskorch.records.collection import Collection
from taskorch.records.gathered import Record
from taskorch.records.session import Session
from taskorch.services.archive.places import places
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store.record_paths import is_archived


class Origins:
    """Who last changed the records of a place, and in which commit; facts for all are read at once."""

    def __init__(self, ws: Workspace, found: Collection) -> None:
        self.ws = ws
        self.head = ws.repo.head
        self.default = default_commit(ws)
        self.places = {record.id: places(ws, record) for record in found if not is_local(record)}
        paths = [path for both in self.places.values() for path in both]
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
        paths = self.places[record.id]
        here = next((path for path in paths if self.at_head[path]), None)
        default = next((state for path in paths if (state := self.at_default[path])), None)
        # one that HEAD has not was put back after a commit removed it: that commit did not write it
        info = self._last_change(here, paths) if here else None
        same = here is not None and self.at_head[here] == default
        return {
            "author": info.author if info else None,
            "commit": info.id if info else None,
            "cut_off": info is None and self.ws.repo.is_shallow and here is not None,
            "unreviewed": not same or self._is_changed(record, here),
            **self._no_default,
        }

    def _last_change(self, place: str, paths: Sequence[str]) -> history.CommitInfo | None:
        """The newest commit that wrote a record; the one that moved it into the archive did not."""
        repo = self.ws.repo
        info = history.last_change(repo, self.head, place) if self.head else None
        [lived] = [path for path in paths if path != place] or [place]
        if not info or not is_archived(place.removeprefix(f"{self.ws.prefix}/")):
            return info
        parent = next(iter(repo.parents(info.id)), None)
        moved = worktree.states_at(repo, info.id, [place])[place]
        if not parent or worktree.states_at(repo, parent, [lived])[lived] != moved:
            return info
        return history.last_change(repo, parent, lived)

    def _is_changed(self, record: Record, committed: str | None) -> bool:
        """Whether no commit has a record as it is; one that was only moved is as it was."""
        path = self.ws.shown(record.path)
        if path not in self.dirty or not committed:
            return path in self.dirty
        state = self.at_head[committed] or ""
        return path == committed or not is_blob(state[7:], record.text.encode("utf-8", "surrogateescape"))

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
