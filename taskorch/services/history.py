"""A record's history: which commit changed which of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from taskorch.errors import Ambiguous, BadRecord, NotFound
from taskorch.git import history
from taskorch.git.objects import open_objects, read_blob
from taskorch.records import decision, frontmatter, ids, sections, session, task
from taskorch.records.collection import Collection, Record
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace

_FIELDS = {"task": task.FIELDS, "decision": decision.FIELDS, "session": session.FIELDS}


def record_history(ws: Workspace, name: str) -> Json:
    """Each commit that changed a record, the oldest first, with its field changes; uncommitted ones last."""
    found = ws.load()
    record = _find(found, name)
    path = ws.shown(record.path)
    events = history.path_events(ws.repo, ["HEAD"], path) if ws.repo.head else []
    described = history.describe(ws.repo, (event.commit for event in events))
    opened = open_objects(ws.repo) if events else None
    before: Mapping[str, Any] = {}
    rows: list[Json] = []
    for event in reversed(events):
        data = read_blob(opened, event.new[7:]) if event.new else None
        now = _values(data.decode("utf-8", "replace") if data is not None else "", record)
        info = described[event.commit]
        rows.append(
            {
                "commit": info.id,
                "author": info.author,
                "date": info.date,
                "subject": info.subject,
                "deleted": event.new is None,
                "changes": _changes(before, now),
            }
        )
        before = now
    now = _values(record.text, record)
    left = _changes(before, now)
    if left:
        rows.append(
            {"commit": None, "author": None, "date": None, "subject": None, "deleted": False, "changes": left}
        )
    return {
        "id": record.id,
        "kind": ids.kind_of(record.id),
        "title": record.title,
        "path": path,
        "history": rows,
    }


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
