"""A decision to be written in the way of a folder of another tool."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote

from taskorch.interchange.adr import names
from taskorch.interchange.adr.adr import Adr
from taskorch.interchange.adr.dialect import Dialect

_PROTECTED = "/.~_-!$&'*+,;=:@"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be written.

    ``status`` is one of the five, or None where it is not known; ``date`` is ``YYYY-MM-DD``, or empty.
    ``texts`` are Markdown by part: ``context``, ``drivers``, ``options``, ``decision``, ``rationale``,
    ``consequences``, ``confirmation``, ``risks``, ``pros_and_cons``, ``more``.  ``fields`` are further
    keys, such as ``Governs``, with their values.
    """

    title: str
    status: str | None
    date: str
    deciders: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def next_number(adrs: tuple[Adr, ...]) -> int:
    """The number of the next decision; numbers that are dates do not count."""
    counted = [adr.number or 0 for adr in adrs if not _is_dated(adr)]
    return max(counted, default=0) + 1


def file_name(dialect: Dialect, number: int, draft: Draft) -> str:
    """The name of a new decision's file, in the folder's form."""
    day = date.fromisoformat(draft.date)
    return dialect.name.format(number=number, date=day, slug=slug(draft.title))


def keyed(lead: str, value: str) -> str:
    """A line of a key and its value; where the marks that `lead` begins with enclose both, they end here."""
    mark = lead[:2] if lead[:2] in ("**", "__") and lead.count(lead[:2]) == 1 else ""
    return f"{lead} {value}{mark}".lstrip()


def slug(title: str) -> str:
    """A title as a part of a file name, as adr-tools and log4brains make it: words in lower case."""
    from unicodedata import normalize

    plain = normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "decision"


def link(dialect: Dialect, source: str, other: Adr) -> str:
    """A link to a decision as the folder writes it, from the file `source`."""
    form = dialect.link
    if other.number is None and "{number" in form:
        form = "[{title}]({name})"
    title = other.title.replace("[", "\\[").replace("]", "\\]")
    name = quote(_relative(source, other.path), safe=_PROTECTED)
    return form.format(number=other.number, title=title, stem=names.stem(other.path), name=name)


def _relative(source: str, target: str) -> str:
    """The path of `target` from the folder of `source`."""
    here, there = source.split("/")[:-1], target.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "/".join([".."] * (len(here) - shared) + there[shared:])


def _is_dated(adr: Adr) -> bool:
    name = names.take_apart(names.stem(adr.path))
    return bool(name.date and len(name.digits) >= len("20201016"))
