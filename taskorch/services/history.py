"""A record's history: which commit changed which of its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from taskorch.errors import Ambiguous, BadRecord, NotFound
from taskorch.git import history
from taskorch.git.history import CommitInfo
from taskorch.git.objects import file_at, open_objects, read_blob
from taskorch.records import decision, frontmatter, ids, sections, session, task
from taskorch.records.collection import Collection, Record
from taskorch.records.session import Session
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace

_PARSERS: dict[str, Callable[[str, str], Record]] = {
    "task": task.parse, "decision": decision.parse, "session": session.parse,
}  # fmt: skip
_FIELDS = {"task": task.FIELDS, "decision": decision.FIELDS, "session": session.FIELDS}


def record_history(ws: Workspace, name: str) -> Json:
    """Each commit that changed a record, the oldest first, with its field changes; uncommitted ones last."""
    record, text = _find_or_removed(ws, name)
    path = ws.shown(record.path)
    is_local = isinstance(record, Session) and record.is_local  # no commit has it
    told = ws.repo.head and not is_local
    events = history.path_events(ws.repo, [ws.repo.head], path, cut_off=True) if told and ws.repo.head else []
    described = history.describe(ws.repo, (event.commit for event in events))
    opened = open_objects(ws.repo) if events else None
    rows: list[Json] = []
    for event in reversed(events):
        # on parallel branches the row before is not what the commit began with
        before, now = (
            _values_of(read_blob(opened, state[7:]) if opened and state else None, record)
            for state in (event.old, event.new)
        )
        changes = _changes(before, now)
        if event.commit in ws.repo.cut_off:
            rows.append(_row(None, changes, "before this shallow history begins"))
        else:
            rows.append(_row(described[event.commit], changes, deleted=event.new is None))
    at_head = file_at(opened, ws.repo.head or "", path) if opened else None
    left = _changes(_values_of(at_head, record), _values(text, record))
    if left:
        rows.append(_row(None, left))
    return {
        "id": record.id,
        "kind": ids.kind_of(record.id),
        "title": record.title,
        "path": path,
        "history": rows,
    }


def _values_of(data: bytes | None, record: Record) -> Mapping[str, Any]:
    """The fields of a version, none where there is none."""
    return _values(data.decode("utf-8", "replace"), record) if data is not None else {}


def _row(
    commit: CommitInfo | None, changes: list[Json], subject: str | None = None, *, deleted: bool = False
) -> Json:
    return {
        "commit": commit.id if commit else None,
        "author": commit.author if commit else None,
        "date": commit.date if commit else None,
        "subject": commit.subject if commit else subject,
        "deleted": deleted,
        "changes": changes,
    }


def _find_or_removed(ws: Workspace, name: str) -> tuple[Record, str]:
    """The record that a name means and its text; that is empty if a commit removed the record."""
    found = ws.load()
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
    kind = ids.kind_of(record_id)
    folder = f"{store or ws.prefix}/{kind}s{'/*' if kind == 'session' else ''}"
    return history.last_removal(ws.repo, ws.repo.head, f"{folder}/{record_id}[.-]*md")


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


def _values(text: str, record: Record) -> dict[str, Any]:
    """Field values and section texts of one version; what cannot be read has none."""
    try:
        document = frontmatter.parse(text, record.path)
    except BadRecord:
        return {}
    known = _FIELDS[ids.kind_of(record.id)]
    values = {key: entry.value for key, entry in document.entries.items() if key in known}
    for section in sections.sections(text, document.body_start):
        if section.level == 2:
            values[f"## {section.title}"] = sections.content(text, section.title, document.body_start)
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Json]:
    keys = [*now, *(key for key in before if key not in now)]
    return [
        {"field": key, "from": before.get(key), "to": now.get(key)}
        for key in keys
        if before.get(key) != now.get(key)
    ]
