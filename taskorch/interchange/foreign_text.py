"""Texts, times and lists of other systems in the form of our records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_SHORT_DAY = re.compile(r"(\d\d)([-/.])(\d\d)\2(\d\d)\Z")
_ITEM = re.compile(r"(\s*)(?:[-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\](?:\s+|$))?(.*)$")
_NUMBER = re.compile(r"#\d+\s+")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def clean(value: Any) -> str:
    """A value as text that a record can hold: what is no character of a text becomes U+FFFD."""
    words = value if isinstance(value, str) else shown(value)
    return _NO_TEXT.sub("\ufffd", words)


def shown(value: Any) -> str:
    """A value of any type as text: strings as they are, the rest as JSON on one line."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return str(type(value).__name__)


def words(value: Any) -> tuple[str, ...]:
    """The items of a list, or a single value, as texts; what is empty is left out."""
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(text for item in items if item not in _EMPTY and (text := clean(item).strip()))


def utc(value: Any) -> str | None:
    """A time as records have it, of ISO 8601 with or without time and zone, else of ``DD-MM-YY``.

    Without a zone it is taken for UTC.  None for what is no time, or lies before 1970.
    """
    spelled = value.strip() if isinstance(value, str) else ""
    short = _SHORT_DAY.match(spelled)
    if short:
        spelled = f"20{short[4]}-{short[3]}-{short[1]}"
    try:
        found = datetime.fromisoformat(spelled)
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    spec = "milliseconds" if found.microsecond else "seconds"
    return found.isoformat(timespec=spec).replace("+00:00", "Z") if found.year >= 1970 else None


def under(title: str, text: str) -> str:
    """A text with a heading above it that is lower than those of records; empty if the text is."""
    return f"#### {title}\n\n{text.strip()}" if text.strip() else ""


def joined(parts: Iterable[str]) -> str:
    """Texts one below the other, the empty ones left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())


def fields(values: Mapping[str, Any]) -> str:
    """What has no field of ours, as a list: ``- key: value``."""
    return "\n".join(_field(key, value) for key, value in values.items() if value not in _EMPTY)


def _field(key: str, value: Any) -> str:
    name = " ".join(clean(key).split())
    if isinstance(value, list) and len(value) > 1 and all(isinstance(item, str) for item in value):
        return "\n".join([f"- {name}:", *(f"  - {_indented(item)}" for item in value)])
    single = value[0] if isinstance(value, list) and len(value) == 1 else value
    return f"- {name}: {_indented(shown(single))}"


def _indented(text: str) -> str:
    lines = clean(text).strip().splitlines()
    return "\n    ".join(lines)


def checklist(text: str, *, boxed: bool = True) -> tuple[tuple[tuple[str, bool], ...], str]:
    """The criteria of a text, each with whether it is ticked, and the lines that are none.

    With `boxed` only items with a box are criteria (``- [x] #1 text``), else all items of lists are.
    """
    items: list[tuple[list[str], bool]] = []
    rest: list[str] = []
    fenced = open_item = False
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        found = None if fenced else _ITEM.match(line)
        if found and (found[2] or not boxed) and (found[3].strip() or found[2]):
            items.append(([_NUMBER.sub("", found[3], count=1)], (found[2] or " ") != " "))
            open_item = True
        elif open_item and not fenced and line[:1] in (" ", "\t") and line.strip():
            items[-1][0].append(line.strip())
        else:
            open_item = open_item and not line.strip()
            rest.append(line)
    criteria = tuple((" ".join(" ".join(lines).split()), done) for lines, done in items)
    return tuple(one for one in criteria if one[0]), "\n".join(rest).strip()


def labels(*groups: Sequence[str]) -> tuple[str, ...]:
    """Labels, each on one line and once."""
    return tuple(dict.fromkeys(" ".join(one.split()) for group in groups for one in group if one.strip()))
