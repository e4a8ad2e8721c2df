"""Searching all records, by their words and by their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from taskorch.errors import UsageError
from taskorch.records import decision as decisions
from taskorch.records import ids
from taskorch.records import session as sessions
from taskorch.records import task as tasks
from taskorch.records.decision import Decision
from taskorch.records.gathered import Record
from taskorch.records.session import Session
from taskorch.records.task import Task
from taskorch.services.matching import Fields, Matcher
from taskorch.services.shapes import Json, problem_rows
from taskorch.services.workspace import Workspace

_UNNAMED = 2
MOST_RANKED = 500
"""So many records are ranked by all that they say."""


def search(
    ws: Workspace, text: str | None = None, *, kind: str | None = None, limit: int = 50, **fields: Any
) -> Json:
    """The lines of records that hold all words of `text`, in any case of letters; those of the records
    that have some `Fields`.

    Records with the words in title or id come first (those where they begin a word before others), then
    those with them in the context or the outcome of a decision or in what is to be done, then those with
    more matching lines; of equals those that stand.  Of more than `MOST_RANKED` records only title and id
    count, and each is there with its first matching line.
    Without a text the line of the first field stands for a record, and the newest come first.  Raises
    UsageError where nothing is asked for.
    """
    words = (text or "").casefold().split()
    asked = Fields(**fields)
    if not words and (text is not None or not asked.named):
        raise UsageError(
            "say what to look for",
            hint="taskorch search 'rate limit', or a field: taskorch search --label api",
        )
    found = ws.load()
    matcher = Matcher.of(ws, found, asked)
    fitting = [
        one
        for one in (found.with_words(words) if words else found)
        if (not kind or ids.kind_of(one.id) == kind) and matcher.fits(one)
    ]
    total = len(fitting)
    if not words:
        shown = _newest_first(fitting, matcher)
    elif total > MOST_RANKED:
        shown = _by_title(fitting, words)
    else:
        hits = _ranked(fitting, words)
        shown, total = iter(hits), len(hits)
    return {
        "results": [_row(ws, record, number) for record, number in islice(shown, limit)],
        "total": total,
        "problems": problem_rows(found),
    }


def _ranked(records: Iterable[Record], words: Sequence[str]) -> list[tuple[Record, int]]:
    """The lines with all words, the likeliest record first."""
    hits = [(one, _hits(one, words)) for one in sorted(records, key=lambda one: one.id)]
    hits.sort(key=lambda hit: (_place(hit[0], words), -len(hit[1]), not _stands(hit[0])))
    return [(one, number) for one, numbers in hits for number in numbers]


def _by_title(records: Iterable[Record], words: Sequence[str]) -> Iterator[tuple[Record, int]]:
    """A line for each by titles and ids alone: the texts of many are not read."""
    ordered = sorted(records, key=lambda one: one.id)
    titles = {one.id: "" if isinstance(one, Session) else one.title for one in ordered}  # its is in its text
    ordered.sort(key=lambda one: (_named(f"{titles[one.id]} {one.id}", words), not _stands(one)))
    return ((one, _hits(one, words)[0]) for one in ordered)


def _newest_first(records: Iterable[Record], matcher: Matcher) -> Iterator[tuple[Record, int]]:
    """A line for each record, which is looked for when it is asked for: that reads a file."""
    ordered = sorted(sorted(records, key=lambda one: one.id), key=_day, reverse=True)
    ordered.sort(key=lambda one: not _stands(one))
    return ((one, matcher.line(one)) for one in ordered)


def _row(ws: Workspace, record: Record, number: int) -> Json:
    return {
        "id": record.id,
        "kind": ids.kind_of(record.id),
        "title": record.title,
        "status": None if isinstance(record, Session) else record.status,
        "path": ws.shown(record.path),
        "line": number,
        "text": record.text.split("\n")[number - 1].strip(),
    }


def _hits(record: Record, words: Sequence[str]) -> list[int]:
    """The lines of a record that have all words; where none has, the first that has one of them."""
    lines = record.text.split("\n")
    hits = [n for n, line in enumerate(lines, 1) if _has_all(line, words)]
    return hits or [n for n, line in enumerate(lines, 1) if any(w in line.casefold() for w in words)][:1]


def _place(record: Record, words: Sequence[str]) -> int:
    """Where all words stand: 0 and 1 in title or id, 2 in what it is about, 3 elsewhere."""
    named = _named(f"{record.title} {record.id}", words)
    if named < _UNNAMED:
        return named
    if isinstance(record, Decision):
        about = [record.context, record.decision]
    else:
        about = [record.section(tasks.DESCRIPTION if isinstance(record, Task) else sessions.PURPOSE)]
    return 2 if any(_has_all(text, words) for text in about) else 3


def _named(title: str, words: Sequence[str]) -> int:
    """0 where all words begin words of a title, 1 where they stand within ("rate" in "migrate"), else 2."""
    if not _has_all(title, words):
        return _UNNAMED
    folded = title.casefold()
    return int(not all(re.search(rf"(?<!\w){re.escape(word)}", folded) for word in words))


def _stands(record: Record) -> bool:
    if isinstance(record, Decision):
        return record.status in decisions.STANDING
    return record.is_open if isinstance(record, Task) else True


def _day(record: Record) -> str:
    return (record.date if isinstance(record, Decision) else record.created) or ""


def _has_all(text: str, words: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)
