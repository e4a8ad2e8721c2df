"""What each commit made of a record: its fields, its texts, and the name of its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from taskorch.errors import BadRecord
from taskorch.git import history
from taskorch.git.history import CommitInfo, PathEvent
from taskorch.git.objects import file_at, open_objects, read_blob
from taskorch.git.worktree import states_at
from taskorch.records import decision, frontmatter, ids, sections, session, task
from taskorch.records.document import Document
from taskorch.records.gathered import Record
from taskorch.records.session import Session
from taskorch.services.archive.places import places
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace

ABOVE = "#"
"""What the text above the first section is called, where it says more than the title."""

MOST_LINES = 20
"""How many lines of a difference are told; behind them stands how many more there are."""

_FIELDS = {"task": task.FIELDS, "decision": decision.FIELDS, "session": session.FIELDS}
_COMPARABLE = 1_000_000  # pairs of lines: beyond, comparing takes longer than anybody waits
_MOST_NAMES = 20


def versions(ws: Workspace, record: Record, text: str) -> list[Json]:
    """Each commit that changed a record, the oldest first, with its changes; those of `text`, which is how
    the record is now (empty: removed), that no commit has come last.
    """
    path = committed_path(ws, record)
    is_local = isinstance(record, Session) and record.is_local  # no commit has it
    events = _events(ws, path, record) if ws.repo.head and not is_local else []
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
            row = _row(described[event.commit], changes, deleted=event.new is None)
            rows.append(row | {"renamed_from": event.source})
    at_head = file_at(opened, ws.repo.head or "", path) if opened else None
    left = _changes(_values_of(at_head, record), _values(text, record))
    return [*rows, _row(None, left)] if left else rows


def committed_path(ws: Workspace, record: Record) -> str:
    """Where HEAD has a record, relative to the work tree: what was archived just now is elsewhere there."""
    paths = places(ws, record)
    there = states_at(ws.repo, ws.repo.head if paths[1:] else None, paths)
    return next((path for path in paths if there[path]), paths[0])


def _events(ws: Workspace, path: str, record: Record) -> list[PathEvent]:
    """The commits that changed a record's file, the newest first, also under the names it had before."""
    out: list[PathEvent] = []
    repo, tip = ws.repo, ws.repo.head or ""
    for _ in range(_MOST_NAMES):
        events = history.path_events(repo, [tip], path, cut_off=True)
        out += [event for event in events if not out or event.commit != out[-1].commit]
        last = out[-1] if out else None
        if not last or last.old or not last.new or last.commit in repo.cut_off:
            break
        source = next((old for old, new in history.renames_in(repo, last.commit) if new == path), None)
        if not source:
            break
        removed = history.path_events(repo, [last.commit], source)
        old = next((event.old for event in removed if event.commit == last.commit), None)
        if not old or not _is_of(ws, old, source, record):
            break
        out[-1] = replace(last, old=old, source=source)
        tip, path = last.commit, source
    return out


def _is_of(ws: Workspace, state: str, path: str, record: Record) -> bool:
    """Whether a version of another name was this record; git takes two that are alike for a rename."""
    data = read_blob(open_objects(ws.repo), state[7:])
    known = _values_of(data, record).get("id")
    return known == record.id if known else not path.startswith(f"{ws.prefix}/")


def _values_of(data: bytes | None, record: Record) -> Mapping[str, Any]:
    """The fields of a version, none where there is none."""
    return _values(data.decode("utf-8", "replace"), record) if data is not None else {}


def _values(text: str, record: Record) -> dict[str, Any]:
    """Field values and section texts of one version; what cannot be read has none."""
    if record.path.startswith(".."):
        return _values_elsewhere(text, record.path)
    try:
        document = frontmatter.parse(text, record.path)
    except BadRecord:
        return {}
    known = _FIELDS[ids.kind_of(record.id)]
    values = {key: entry.value for key, entry in document.entries.items() if key in known}
    found = [one for one in sections.sections(text, document.body_start) if one.level == 2]
    values[ABOVE] = _above(document, found[0].heading if found else len(text))
    for section in found:
        values[f"## {section.title}"] = sections.content(text, section.title, document.body_start)
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def _values_elsewhere(text: str, path: str) -> dict[str, Any]:
    """The same of a decision in a folder of another tool; what it says of others only the folder tells."""
    if not text:
        return {}
    from taskorch.interchange.adr.reading import read_adr  # slow to load, and few have one
    from taskorch.services.decisions.adopted import as_decision

    one = as_decision(read_adr(path.rsplit("/", 1)[-1], text.encode("utf-8", "replace")), path)
    values = {key: getattr(one, key.replace("-", "_")) for key in decision.FIELDS if key != "id"}
    values["status"] = None if one.status == decision.UNKNOWN else one.status
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
    for section in sections.sections(text, one.body_start):
        if section.level == 2:
            values[f"## {section.title}"] = sections.words(text, section.start, section.end)
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def _above(document: Document, end: int) -> str:
    """The text above the first section, without a heading that is the title."""
    text = sections.words(document.text, document.body_start, end)
    title = document.entries.get("title")
    return text.removeprefix(f"# {title.value}").strip() if title else text


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Json]:
    keys = [*now, *(key for key in before if key not in now)]
    return [
        {
            "field": key,
            "from": before.get(key),
            "to": now.get(key),
            "diff": difference(before[key], now[key])
            if key[0] == "#" and key in before and key in now
            else None,
        }
        for key in keys
        if before.get(key) != now.get(key)
    ]


def difference(before: str, now: str) -> list[str]:
    """The lines that went (``-``) and came (``+``) between two texts, empty ones left out, at most so many.

    The last then says how many more there are.
    """
    old, new = before.splitlines(), now.splitlines()
    lines = [line for line in _compared(old, new) if line[1:].strip()]
    more = len(lines) - MOST_LINES
    return lines if more <= 0 else [*lines[:MOST_LINES], f"  and {more} more"]


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    if len(old) * len(new) > _COMPARABLE:
        yield from (f"-{line}" for line in old)
        yield from (f"+{line}" for line in new)
        return
    from difflib import unified_diff  # slow to load

    for line in list(unified_diff(old, new, n=0, lineterm=""))[2:]:
        if not line.startswith("@@"):
            yield line


def _row(
    commit: CommitInfo | None, changes: list[Json], subject: str | None = None, *, deleted: bool = False
) -> Json:
    return {
        "commit": commit.id if commit else None,
        "author": commit.author if commit else None,
        "date": commit.date if commit else None,
        "subject": commit.subject if commit else subject,
        "deleted": deleted,
        "renamed_from": None,
        "changes": changes,
    }
