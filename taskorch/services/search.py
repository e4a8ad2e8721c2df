"""Searching the text of all records."""

from __future__ import annotations

from taskorch.errors import UsageError
from taskorch.records import ids
from taskorch.services.shapes import Json, problem_rows
from taskorch.services.workspace import Workspace


def search(ws: Workspace, text: str, *, kind: str | None = None, limit: int = 50) -> Json:
    """The lines of records that hold all words of `text`, in any case of letters.

    Records with the words in the title come first, then those with more matching lines.
    """
    words = text.casefold().split()
    if not words:
        raise UsageError("say what to look for", hint="taskorch search 'rate limit'")
    found = ws.load()
    ranked = []
    for record in found:
        if kind and ids.kind_of(record.id) != kind:
            continue
        whole = record.text.casefold()
        if not all(word in whole for word in words):
            continue
        lines = record.text.split("\n")
        hits = [n for n, line in enumerate(lines, 1) if all(w in line.casefold() for w in words)]
        # no single line has all the words: the first that has one of them stands for the record
        hits = hits or [n for n, line in enumerate(lines, 1) if any(w in line.casefold() for w in words)][:1]
        in_title = all(word in record.title.casefold() for word in words)
        ranked.append(((not in_title, -len(hits), record.id), record, hits, lines))
    ranked.sort(key=lambda one: one[0])
    results = [
        {
            "id": record.id,
            "kind": ids.kind_of(record.id),
            "title": record.title,
            "path": ws.shown(record.path),
            "line": number,
            "text": lines[number - 1].strip(),
        }
        for _, record, hits, lines in ranked
        for number in hits
    ]
    return {"results": results[:limit], "total": len(results), "problems": problem_rows(found)}
