"""A record's history: which commit changed which of its fields."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from taskorch.errors import Ambiguous, BadRecord, NotFound
from taskorch.git import history
from taskorch.git.history import CommitInfo
from taskorch.git.objects import file_at, open_objects
from taskorch.records import decision, ids, session, task
from taskorch.records.collection import Collection
from taskorch.records.decision import Decision
from taskorch.records.gathered import Record
from taskorch.services.decisions.chain import chain
from taskorch.services.evolution import versions
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store.folders import ARCHIVE

_PARSERS: dict[str, Callable[[str, str], Record]] = {
    "task": task.parse, "decision": decision.parse, "session": session.parse,
}  # fmt: skip


def record_history(ws: Workspace, name: str) -> Json:
    """Each commit that changed a record, the oldest first, with what it changed; uncommitted ones last.

    Of a decision also the chain of those that links connect with it.
    """
    found = ws.load()
    record, text = _find_or_removed(ws, found, name)
    rows = versions(ws, record, text)
    return {
        "id": record.id,
        "kind": ids.kind_of(record.id),
        "title": record.title,
        "path": ws.shown(record.path),
        "history": rows,
        "chain": chain(ws, found, record, rows) if isinstance(record, Decision) else [],
    }


def _find_or_removed(ws: Workspace, found: Collection, name: str) -> tuple[Record, str]:
    """The record that a name means and its text; that is empty if a commit removed the record."""
    try:
        record = _find(found, name)
    except NotFound:
        removed = _removed(ws, name.lower())
        if not removed:
            raise
        return removed, ""
    return record, record.text


def _removed(ws: Workspace, record_id: str) -> Record | None:
    """The last version of a record that a commit removed."""
    last = removal_of(ws, record_id)
    data = file_at(open_objects(ws.repo), ws.repo.parents(last[0].id)[0], last[1]) if last else None
    if not last or data is None:
        return None
    with suppress(BadRecord):
        return _PARSERS[ids.kind_of(record_id)](
            data.decode("utf-8", "replace"), last[1].removeprefix(f"{ws.prefix}/")
        )
    return None


def removal_of(ws: Workspace, record_id: str, store: str | None = None) -> tuple[CommitInfo, str] | None:
    """The newest commit in HEAD's history that removed a record, and the record's path; None if none did.

    `store` is the path of a store that is not on disk any more.
    """
    if not ids.is_id(record_id) or not ws.repo.head:
        return None
    kind, home = ids.kind_of(record_id), store or ws.prefix
    folders = [f"{home}/{kind}s{'/*' if kind == 'session' else ''}", f"{home}/{ARCHIVE}/*"]
    name = f"{record_id}[.-]*md"
    return history.last_removal(ws.repo, ws.repo.head, *(f"{folder}/{name}" for folder in folders))


def _find(found: Collection, name: str) -> Record:
    """The record that a name means: of the kind its letter says, without one of any kind."""
    kind = ids.KINDS.get(name[:1].lower()) if name[1:2] == "-" else None
    if kind:
        return found.find(name, kind)
    records: list[Record] = []
    for each in ids.KINDS.values():
        with suppress(NotFound):
            records.append(found.find(name, each))
    if len(records) > 1:
        titles = [f"{record.id}  {record.title}" for record in records]
        hint = "give the id with its letter"
        raise Ambiguous(f"'{name}' fits {len(records)} records", hint=hint, candidates=titles)
    if not records:
        raise NotFound(f"no record '{name}'", hint="taskorch search TEXT finds records by their words")
    return records[0]
