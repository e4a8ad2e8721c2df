"""The line editor: changes the lines of one field and leaves every other byte as it is."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any

from taskorch.records.document import Document, Entry
from taskorch.records.frontmatter import parse
from taskorch.records.scalars import write_scalar

Value = str | None | Sequence[Any]
"""What a field can be set to: a string, None (empty), or a list of strings or mappings."""

_KEEPS_EMPTY_LINES = re.compile(r"[|>]\d?\+")  # the head of a block scalar that takes them for its own


def render_field(key: str, value: Value, newline: str) -> str:
    """The lines of a field: ``key: value``, or ``key:`` and one ``- item`` a line."""
    if isinstance(value, str):
        return f"{key}: {write_scalar(value)}{newline}"
    return f"{key}:{newline}{_items(value or (), '  ', newline)}"


def set_field(
    text: str, key: str, value: Value, order: Sequence[str], attached: Mapping[str, str] | None = None
) -> str:
    """The record `text` with its front matter field `key` set to `value`.

    A key that is not there yet is put behind the nearest one before it in `order`, with empty lines
    around it, so that it touches no other field's line: git merges edits of lines that do not touch.
    `attached` maps keys that vanish when emptied to the key they stand directly under.
    Raises BadRecord if `text` is no record.
    """
    attached = attached or {}
    document = parse(text, "")
    entry = document.entries.get(key)
    if value is not None and not isinstance(value, str):
        value = list(value)
    empty = value is None or value == []
    if entry is None:
        return text if empty else _insert(document, key, value, order, attached)
    if entry.value == value or (empty and entry.value in (None, [])):
        return text
    if empty and key in attached:
        return text[: entry.start] + text[entry.end :]
    if entry.items and not isinstance(value, str):
        lines = _edit_items(document, entry, value or [])
    else:
        lines = _rewrite(document, entry, value)
    return text[: entry.start] + lines + text[entry.end :]


def _insert(
    document: Document, key: str, value: Value, order: Sequence[str], attached: Mapping[str, str]
) -> str:
    text, newline, entries = document.text, document.newline, document.entries
    before = [other for other in order[: order.index(key)] if other in entries]
    host = attached.get(key)
    if host in entries:
        before = [other for other in before if other == host or attached.get(other) == host]
    at = entries[before[-1]].end if before else document.fence_start
    above = below = ""
    if host not in entries:
        ends = {other.end: other for other in entries.values() if other.end <= at}
        nearest = ends[max(ends)] if ends else None
        keeps = nearest and _KEEPS_EMPTY_LINES.search(text, nearest.start, nearest.end)
        above = "" if keeps else newline
        below = newline if any(other.start == at for other in entries.values()) else ""
    return text[:at] + above + render_field(key, value, newline) + below + text[at:]


def _rewrite(document: Document, entry: Entry, value: Value) -> str:
    """The field's lines with a wholly new value; what stands behind it (a comment) is kept."""
    text, newline = document.text, document.newline
    head = text[entry.start : entry.colon_end]
    rest = text[entry.value_end : entry.items[0].start if entry.items else entry.end]
    if isinstance(value, str):
        return f"{head} {write_scalar(value)}{rest or newline}"
    return f"{head}{rest or newline}{_items(value or (), '  ', newline)}"


def _edit_items(document: Document, entry: Entry, value: list[Any]) -> str:
    """The field's lines with only those items touched that come or go."""
    text, items = document.text, entry.items or ()
    first = text[items[0].start : items[0].end]
    indent = first[: len(first) - len(first.lstrip(" "))]
    out = [text[entry.start : items[0].start]]
    places: dict[str, deque[int]] = defaultdict(deque)
    for place, item in enumerate(items):
        places[repr(item.value)].append(place)
    last = -1
    for one in value:
        found = places[repr(one)]
        while found and found[0] <= last:
            found.popleft()
        if found:
            last = found.popleft()
            gap_start = items[last - 1].end if last else items[0].start
            out.append(text[gap_start : items[last].end])  # with the comments between items
        else:
            out.append(_items([one], indent, document.newline))
    return "".join(out)


def _items(values: Sequence[Any], indent: str, newline: str) -> str:
    lines: list[str] = []
    for value in values:
        if isinstance(value, Mapping):
            pairs = [f"{key}: {write_scalar(inner)}" for key, inner in value.items()]
            lines += [f"{indent}- {pairs[0]}", *(f"{indent}  {pair}" for pair in pairs[1:])]
        else:
            lines.append(f"{indent}- {write_scalar(value)}")
    return "".join(line + newline for line in lines)
