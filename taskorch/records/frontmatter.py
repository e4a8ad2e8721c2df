"""Reading front matter with positions: a scanner for the plain form, YAML for the rest.

The plain form is what taskorch writes: one ``key: value`` a line, lists as one ``- item`` a line.
Everything else that is YAML goes through python-frontmatter with a limited loader
(``limited_yaml``).  Both give the same `Document`, whose offsets the line editor works on.
All values are strings, None, lists or mappings: what a field means is said by the schema, so that
``title: yes`` and ``title: 2024-01-01`` are titles.
"""

from __future__ import annotations

import re
from typing import Any

from taskorch.errors import BadRecord
from taskorch.records.document import Document, Entry, Item
from taskorch.records.scalars import NOT_YAML, read_plain

BOM = "\ufeff"

_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)
# A key with its value, an item of a list, or a line that says nothing: empty, or a comment.
# Greedy to the end of the line: a lazy match before optional blanks takes quadratic time.
_LINE = re.compile(r"(?:([A-Za-z_][\w-]*):(?:[ \t]+([^\n]*))?|( *)- +([^\n]*)| *|(\#[^\n]*))\r?\n")
_PAIR = re.compile(r"([A-Za-z_][\w-]*):[ ]+(.*)$")
_CONFLICT_EDGE = re.compile(r"(<{7}|>{7})(?: .*)?\r?$")


def decode(data: bytes, path: str) -> str:
    """The text of a record file.  Raises BadRecord where it is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode()) + 1
        raise BadRecord(
            "not UTF-8 text", path=path, line=line, column=column, hint="save the file as UTF-8"
        ) from None


def parse(text: str, path: str) -> Document:
    """Split and read a record.  Raises BadRecord with path, line and column."""
    refuse_conflicts(text, path)
    start = len(BOM) if text.startswith(BOM) else 0
    opening = _OPENING.match(text, start)
    if not opening:
        raise BadRecord("no front matter: the first line is not '---'", path=path, hint=_RESTORE)
    closing = _CLOSING.search(text, opening.end())
    if not closing:
        raise BadRecord("the front matter has no closing '---'", path=path, hint=_RESTORE)
    newline = "\r\n" if opening[0].endswith("\r\n") else "\n"
    body_start = min(closing.end() + 1, len(text))
    entries = _scan(text, opening.end(), closing.start(), path)
    if entries is None:
        from taskorch.records.limited_yaml import parse_entries

        entries = parse_entries(text, text[start:body_start], path)
    return Document(text, newline, entries, closing.start(), body_start)


def plain_entries(text: str, path: str) -> dict[str, Entry] | None:
    """The entries of a YAML text that is no record and in plain form; None where it is in another one."""
    return _scan(text, 0, len(text), path)


def front_matter(text: str, path: str) -> Document | None:
    """As `parse`; None where the text has no front matter, or none that can be read."""
    try:
        return parse(text, path)
    except BadRecord:
        return None


def front_matter_span(text: str) -> tuple[int, int] | None:
    """Where the lines of the front matter begin and end; None where the text has none."""
    opening = _OPENING.match(text, len(BOM) if text.startswith(BOM) else 0)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    return (opening.end(), closing.start()) if opening and closing else None


def body_start(text: str) -> int:
    """The offset behind the closing fence; that of the text's beginning if it has no front matter."""
    start = len(BOM) if text.startswith(BOM) else 0
    opening = _OPENING.match(text, start)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    return min(closing.end() + 1, len(text)) if closing else start


def _scan(text: str, at: int, stop: int, path: str) -> dict[str, Entry] | None:
    """The entries between two offsets if all of it is in plain form, else None."""
    entries: dict[str, Entry] = {}
    lists: dict[str, list[Item]] = {}
    items: list[Item] | None = None
    indent = ""
    try:
        while at < stop:
            found = _LINE.match(text, at, stop)
            if not found:
                return None
            start, at = at, found.end()
            key = found[1]
            if key:
                if key in entries:
                    raise _duplicate(text, key, start, path)
                entries[key] = entry = _plain_entry(found, key, start, at)
                items = lists.setdefault(key, []) if entry.value_end == entry.colon_end else None
            elif found[4] is not None:
                if items is None or (items and found[3] != indent):
                    return None
                indent = found[3]
                items.append(Item(plain_item(found[4].removesuffix("\r")), start, at))
            elif found[5] and NOT_YAML.search(found[5].removesuffix("\r")):
                return None
    except ValueError:
        return None
    for key, filled in lists.items():
        if filled:
            colon = entries[key].colon_end
            values = [item.value for item in filled]
            end = filled[-1].end
            entries[key] = Entry(key, values, entries[key].start, end, colon, colon, colon, tuple(filled))
    return entries


def _plain_entry(found: re.Match[str], key: str, start: int, end: int) -> Entry:
    """The entry of a ``key: value`` line.  Raises ValueError if it is not in plain form."""
    raw = found[2]
    colon = start + len(key) + 1
    if not raw:
        return Entry(key, None, start, end, colon, colon, colon)
    raw = raw.removesuffix("\r").rstrip(" \t")
    value_start = found.start(2) if raw else colon
    value: Any = [] if raw == "[]" else read_plain(raw)
    return Entry(key, value, start, end, colon, value_start, value_start + len(raw))


def plain_item(text: str) -> str | dict[str, str]:
    """The value of a list item, a string or ``key: value``.  Raises ValueError if it is not plain."""
    pair = _PAIR.match(text)
    return {pair[1]: _plain_text(pair[2])} if pair else _plain_text(text)


def _plain_text(text: str) -> str:
    value = read_plain(text.rstrip(" \t"))
    if value is None:
        raise ValueError(text)
    return value


def refuse_conflicts(text: str, path: str) -> None:
    """Raise BadRecord if `text` holds the markers of an unresolved merge, above or in the body."""
    if "<<<<<<<" not in text and ">>>>>>>" not in text:
        return
    for number, line in enumerate(text.split("\n"), 1):
        if is_conflict_edge(line):
            raise BadRecord(
                "conflict markers of an unresolved merge",
                path=path,
                line=number,
                hint="edit the file to what both sides meant, and remove the marker lines",
            )


def is_conflict_edge(line: str) -> bool:
    """Whether a line is one that git begins or ends a conflict with."""
    return _CONFLICT_EDGE.match(line) is not None


_RESTORE = "git log -- FILE shows its earlier versions"


def _duplicate(text: str, key: str, start: int, path: str) -> BadRecord:
    line = text.count("\n", 0, start) + 1
    return BadRecord(
        f"the key '{key}' stands twice", path=path, line=line, field=key, hint="keep one of the two"
    )
