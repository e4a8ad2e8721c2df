"""What the fields of a record mean: types, choices, and the order they are written in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from taskorch.errors import BadRecord, TaskorchError
from taskorch.records import ids
from taskorch.records.edit import render_field
from taskorch.records.frontmatter import parse
from taskorch.records.plain_values import plain_values
from taskorch.records.scalars import Typed

FORMAT = 1
"""The format number in ``config.yaml``.

1  first format: tasks, decisions, sessions, claims (0.1.0)
"""

MAX_RECORD_BYTES = 1 << 20
MAX_CLAIMS_BYTES = 64 << 20
MAX_TITLE = 200

_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?\Z")
_OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its type, and how it behaves in the file.

    ``type`` is ``text``, ``choice``, ``list``, ``paths``, ``time``, ``day`` (which can have a time),
    ``flag``, ``count``, ``id`` or ``oid``.  A ``fixed`` field never changes after the record was made; an
    ``attached`` one stands directly under another and vanishes when empty; the rest stay in the file when
    empty.
    """

    type: str = "text"
    choices: tuple[str, ...] = ()
    required: bool = False
    fixed: bool = False
    attached: str | None = None
    optional: bool = False


Fields = Mapping[str, Field]


def render_front_matter(fields: Fields, values: Mapping[str, Any], newline: str = "\n") -> str:
    """Front matter for a new record, in the order of `fields`.

    Between two fields that can change stands a line that does not: a fixed field, an empty line, or
    the key of a list, of which only the items change.
    """
    out = ["---", newline]
    changeable_above = False
    for name, field in fields.items():
        value = values.get(name)
        empty = value is None or value == [] or value == ()
        if empty and (field.attached or field.optional):
            continue
        if changeable_above and not (field.fixed or field.attached or field.type in ("list", "paths")):
            out.append(newline)
        out.append(render_field(name, as_written(field, value), newline))
        changeable_above = not field.fixed
    return "".join([*out, "---", newline])


def as_written(field: Field, value: Any) -> Any:
    """A field's value as the line editor takes it: times, numbers and flags without quotes."""
    if isinstance(value, tuple):
        return list(value)
    return (
        Typed(value) if field.type in ("time", "day", "count", "flag") and isinstance(value, str) else value
    )


def attached(fields: Fields) -> dict[str, str]:
    """Which fields stand directly under which."""
    return {name: field.attached for name, field in fields.items() if field.attached}


def read(text: str, path: str, fields: Fields) -> dict[str, Any]:
    """The typed values of a record's known fields.

    Raises BadRecord: the first problem, with the others in ``reasons`` as ``line:column: message``.
    """
    said = plain_values(text)
    if said is None:
        return _read_slowly(text, path, fields)
    values: dict[str, Any] = {}
    try:
        for name, field in fields.items():
            value = said.get(name)
            if value is not None:
                values[name] = _typed(value, field)
            elif field.required:
                raise ValueError
            else:
                values[name] = () if field.type in ("list", "paths") else None
    except ValueError:  # which is told with its place
        return _read_slowly(text, path, fields)
    return values


def _read_slowly(text: str, path: str, fields: Fields) -> dict[str, Any]:
    """As `read`, of any form of YAML, and telling where what is wrong stands."""
    document = parse(text, path)
    values: dict[str, Any] = {}
    problems: list[BadRecord] = []
    for name, field in fields.items():
        entry = document.entries.get(name)
        if entry is None or entry.value is None:
            if field.required:
                at = document.position(entry.start) if entry else (1, 1)
                problems.append(_problem(path, at, f"'{name}' is missing", name, "add the line"))
            values[name] = () if field.type in ("list", "paths") else None
            continue
        try:
            values[name] = _typed(entry.value, field)
        except ValueError as error:
            at = document.position(entry.value_start if not entry.items else entry.start)
            problems.append(_problem(path, at, f"'{name}' {error}", name, None))
    if problems:
        first = problems[0]
        first.reasons = [f"{p.line}:{p.column}: {p.message}" for p in problems[1:]]
        raise first
    return values


def check_title(title: str) -> str:
    """`title` without blanks around it.  Raises TaskorchError if it is no title."""
    title = title.strip()
    if not title:
        raise TaskorchError("the title is empty", hint="give a few words that name it")
    if "\n" in title or "\r" in title:
        raise TaskorchError("the title has more than one line", hint="put the rest into the text")
    if "\0" in title:
        raise TaskorchError("the title holds a NUL character", hint="leave it out")
    if len(title) > MAX_TITLE:
        raise TaskorchError(
            f"the title has {len(title)} characters, more than {MAX_TITLE}",
            hint="shorten it, and put the rest into the text",
        )
    return title


def check_choice(fields: Fields, name: str, value: str) -> str:
    """`value` if the field `name` can hold it.  Raises TaskorchError."""
    if value not in fields[name].choices:
        raise TaskorchError(f"'{value}' is no {name}", hint=f"one of: {', '.join(fields[name].choices)}")
    return value


def _problem(path: str, at: tuple[int, int], message: str, name: str, hint: str | None) -> BadRecord:
    return BadRecord(message, path=path, line=at[0], column=at[1], field=name, hint=hint)


def _typed(value: Any, field: Field) -> Any:
    if field.type == "text" and isinstance(value, str):
        return _no_nul(value)
    if field.type == "list":
        items: Sequence[Any] = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise ValueError("is not a list of strings")
        return tuple(_no_nul(item) for item in items)
    if field.type == "paths":
        return tuple(_path(item) for item in (value if isinstance(value, list) else [value]))
    if not isinstance(value, str):
        raise ValueError("is not a single value")
    _no_nul(value)
    check = _CHECKS.get(field.type)
    return check(value, field) if check else value


def _path(item: Any) -> str:
    path = item.get("path") if isinstance(item, dict) else item
    if not isinstance(path, str):
        raise ValueError("holds an item without a path")
    return _no_nul(path)


def _no_nul(value: str) -> str:
    if "\0" in value:
        raise ValueError("holds a NUL character")
    return value


def _choice(value: str, field: Field) -> str:
    if value not in field.choices:
        raise ValueError(f"is '{value}', none of: {', '.join(field.choices)}")
    return value


def _time(value: str, field: Field) -> str:
    from datetime import datetime

    try:
        if not _TIME.match(value):
            raise ValueError
        datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"is '{value}', not a time such as 2026-01-31T12:00:00Z") from None
    return value


def _day(value: str, field: Field) -> str:
    try:
        return _time(value, field)
    except ValueError:
        raise ValueError(f"is '{value}', not a day such as 2026-01-31") from None


def _flag(value: str, field: Field) -> bool:
    if value not in ("true", "false"):
        raise ValueError(f"is '{value}', neither true nor false")
    return value == "true"


def _count(value: str, field: Field) -> int:
    if not value.isdecimal():
        raise ValueError(f"is '{value}', not a number")
    return int(value)


def _id(value: str, field: Field) -> str:
    if not ids.is_id(value):
        raise ValueError(f"is '{value}', not an id such as t-7k2m9qxd")
    return value


def _oid(value: str, field: Field) -> str:
    if not _OID.match(value):
        raise ValueError(f"is '{value}', not a commit id of 40 or 64 hexadecimal digits")
    return value


_CHECKS = {
    "choice": _choice,
    "time": _time,
    "day": _day,
    "flag": _flag,
    "count": _count,
    "id": _id,
    "oid": _oid,
}
