"""Records that a stash took away: popped, they are back."""

from __future__ import annotations

from taskorch.errors import NotFound
from taskorch.git import stash
from taskorch.records import ids
from taskorch.records.collection import Collection
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace


def stashes_of_records(ws: Workspace) -> dict[str, str]:
    """By id of each record in a stash the newest one that has it, as git calls it."""
    out: dict[str, str] = {}
    for file, ref in stash.of_names(ws.repo).items():
        if file.endswith(".md") and ids.is_id(file[:10]):
            out.setdefault(file[:10], ref)
    return out


def stash_with(ws: Workspace, record_id: str) -> str | None:
    """The newest stash that has a record, as git calls it."""
    return stashes_of_records(ws).get(record_id)


def stashed_here(ws: Workspace, found: Collection) -> Json | None:
    """The session that was opened last in this work tree, where a stash took its record away."""
    last = None if ws.committed else ws.local.current()
    ref = stash_with(ws, last) if last and last not in found.sessions else None
    return {"session_id": last, "ref": ref} if ref else None


def refuse_stashed(ws: Workspace, found: Collection) -> None:
    """Raise NotFound if the record of the session here is in a stash."""
    stashed = stashed_here(ws, found)
    if stashed:
        what = f"the record of the session here, {stashed['session_id']}, is in {stashed['ref']}"
        raise NotFound(what, hint=f"git stash pop {stashed['ref']} brings it back")


def stash_at_work(ws: Workspace, found: Collection, task_id: str) -> str | None:
    """The stash with the record of the session here that works on a task: popped, that goes on."""
    if ws.committed:
        return None
    gone = (one.id for one in ws.local.here() if task_id in one.holds and one.id not in found.sessions)
    return next((ref for one in gone if (ref := stash_with(ws, one))), None)
