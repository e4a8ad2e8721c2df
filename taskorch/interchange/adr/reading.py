"""Reading one decision from its file, whichever tool wrote it."""

from __future__ import annotations

import re
from typing import Any

from taskorch.errors import BadRecord
from taskorch.interchange.adr import days, mentions, metadata, names, stated, titled, titles
from taskorch.interchange.adr.adr import Adr, Problem
from taskorch.interchange.adr.metadata import normal
from taskorch.interchange.adr.page import read_page
from taskorch.interchange.adr.source import Source, told_of

_DECIDERS = ("deciders", "decision-makers", "decider", "decision-maker", "decision-maker-s", "decider-s")
_TAGS = ("tags", "labels", "keywords", "tag", "categories", "label")
_PLACEHOLDER = re.compile(r"^\s*[\[{<].*[\]}>]\s*$")
_SPLIT = re.compile(
    r"(?:\s*[,;]\s+|\s*[,;]$|\s+and\s+|\s*<br\s*/?>\s*|\s*,(?=\S))(?![^()]{0,200}\))"  # not in brackets
)
_HANDLES = re.compile(r"@[\w.-]+(?:\s+@[\w.-]+)+")


def read_adr(path: str, data: bytes) -> Adr:
    """The decision in one file; what is wrong with it is among its problems.

    Links to others are left as references: only the folder tells where they lead.  Raises BadRecord
    where there is nothing to read: an empty file, or one that is no text.
    """
    text, encoding, problems = decoded(path, data)
    page = read_page(path, text)
    name = names.take_apart(names.stem(path))
    title = titles.find(page)
    above = metadata.top(page, title)
    values = metadata.read_values(page, title, above)
    front = {normal(key): entry for key, entry in page.front.items()}
    source = Source(page, name, title, front, values, above)
    words, number, title_place = titled.title(source)
    raw, status, status_place = stated.status(source)
    date, date_place = days.date(source, status_place)
    return Adr(
        path=path,
        number=name.number if name.digits else number if number is not None else titled.told_number(source),
        title=words,
        status=status,
        raw_status=raw,
        date=date,
        deciders=people(source),
        category=names.category(path),
        tags=tags(source),
        metadata=all_values(source),
        text=text,
        body_start=page.body_start,
        encoding=encoding,
        sections=tuple(titles.plain(one.text) for place, one in enumerate(page.headings) if place != title),
        heading=page.headings[title].text if title is not None else None,
        title_place=title_place,
        status_place=status_place,
        date_place=date_place,
        references=tuple(mentions.named(source, status_place)),
        problems=tuple(
            sorted({*problems, *page.problems}, key=lambda problem: (problem.line, problem.message))
        ),
    )


def decoded(path: str, data: bytes) -> tuple[str, str, list[Problem]]:
    """The text of a file, and how it was read.  Raises BadRecord where it has none."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16"), "utf-16", [Problem(path, 1, "UTF-16 text, not UTF-8")]
        except UnicodeDecodeError:
            raise BadRecord("not text: broken UTF-16", path=path) from None
    if b"\0" in data:
        raise BadRecord(
            "not text: it has zero bytes", path=path, line=data.count(b"\n", 0, data.index(b"\0")) + 1
        )
    if not data.strip(b"\xef\xbb\xbf \t\r\n\xc2\xa0"):
        raise BadRecord("the file is empty", path=path)
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return (
            data.decode("cp1252", "replace"),
            "cp1252",
            [Problem(path, line, "not UTF-8 text; read as Windows-1252")],
        )


def people(source: Source) -> tuple[str, ...]:
    """Those who decided."""
    for key in _DECIDERS:
        said = _list(source, key)
        if said:
            return said
    for at, heading in enumerate(source.page.headings):
        if told_of(heading.text) == "deciders":
            body = source.page.plain[heading.content : source.page.section_end(at)]
            lines = [line.strip().lstrip("-*+ ") for line in body.split("\n") if line.strip()]
            return _parts(", ".join(lines))
    return ()


def tags(source: Source) -> tuple[str, ...]:
    """Its tags or labels."""
    for key in _TAGS:
        said = _list(source, key)
        if said:
            return said
    return ()


def _list(source: Source, key: str) -> tuple[str, ...]:
    entry = source.front.get(key)
    if entry is not None:
        if isinstance(entry.value, list):
            return tuple(one.strip() for one in entry.value if isinstance(one, str) and one.strip())
        return _parts(source.words(entry))
    value = source.values.get(key)
    return _parts(value.words) if value else ()


def all_values(source: Source) -> dict[str, Any]:
    """All keys and values; front matter's before those of the body."""
    out: dict[str, Any] = {key: value.words for key, value in source.values.items()}
    out.update((key, entry.value) for key, entry in source.front.items())
    return out


def _parts(words: str | None) -> tuple[str, ...]:
    """The parts of a list on one line; a template's placeholder has none."""
    words = titles.spelled_out(words or "")
    if not words or (_PLACEHOLDER.match(words) and "](" not in words):
        inner = words.strip()[1:-1]
        if not words or "list " in inner or " of " in inner or not inner:
            return ()
        words = inner
    parts = [one for part in _SPLIT.split(words) if (one := part.strip("*_ "))]
    return tuple(one for part in parts for one in (part.split() if _HANDLES.fullmatch(part) else [part]))
