"""Where the file of a record is, and where it was before it was archived or after it will be."""

from __future__ import annotations

from taskorch.records.decision import Decision
from taskorch.records.gathered import Record
from taskorch.records.session import Session
from taskorch.services.workspace import Workspace
from taskorch.store.layout import archive_path, live_path
from taskorch.store.record_paths import is_archived


def places(ws: Workspace, one: Record) -> list[str]:
    """The paths a record can have, as git names them, the present one first: another branch, or an earlier
    commit, may have it in the archive while it is not there here, or the other way about.
    """
    here = ws.shown(one.path)
    if isinstance(one, Decision) or (isinstance(one, Session) and one.is_local):  # never archived
        return [here]
    other = (live_path if is_archived(one.path) else archive_path)(one.path, one.created)
    return [here, ws.shown(other)]


def lived_at(ws: Workspace, one: Record) -> str:
    """Where a record is, or was until it was archived: there commits of its work changed it."""
    return places(ws, one)[-1 if is_archived(one.path) else 0]
