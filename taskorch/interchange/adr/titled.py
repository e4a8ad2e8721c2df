"""The title and number of a decision, wherever they stand."""

from __future__ import annotations

import re

from taskorch.interchange.adr import names, titles
from taskorch.interchange.adr.adr import Place
from taskorch.interchange.adr.source import Source, front_place

_LONGEST = 200  # characters of a title


def title(source: Source) -> tuple[str, int | None, Place | None]:
    """The title, the number that stands before it, and where the heading's text is."""
    page = source.page
    said = _front_title(source)
    if said and not _heads_all(source):
        return said
    if source.title_at is not None:
        heading = page.headings[source.title_at]
        raw = page.text[heading.text_start : heading.text_start + len(heading.text)]
        words, number = titles.named(heading.text if "`" not in raw else raw, source.name.number)
        if words:
            end = heading.text_start + len(heading.text)
            place = Place("heading", heading.text_start, end, "#" * heading.level, (heading.text_start, end))
            return words, number, place
    if said:
        return said
    below = _below_title_heading(source)
    if below:
        return below
    first = _first_line(source)
    if first:
        return first
    words = names.title_of(source.name) or names.stem(page.path)
    return words, None, None


def _first_line(source: Source) -> tuple[str, int | None, Place] | None:
    """The title as a first line that is no heading but has the number: ``ADR-0012: Use x``."""
    body = source.page.plain[source.page.body_start :].lstrip()
    line = body.split("\n", 1)[0].rstrip()
    words, number = titles.named(line, source.name.number)
    if number is None or not words or words == line or len(line) > _LONGEST or number != source.name.number:
        return None
    start = source.page.plain.index(line, source.page.body_start)
    span = (start, start + len(line))
    return words, number, Place("line", *span, "", span)


def _front_title(source: Source) -> tuple[str, int | None, Place] | None:
    """The title that front matter says."""
    for key in ("title", "name", "adr-title"):
        entry = source.front.get(key)
        if entry and isinstance(entry.value, str) and entry.value.strip():
            words, number = titles.named(entry.value, source.name.number)
            if words:
                return words, number, front_place(entry)
    return None


def _heads_all(source: Source) -> bool:
    """Whether the title's heading is the only one of its level, with nothing above it."""
    if source.title_at is None:
        return False
    headings = source.page.headings
    own = headings[source.title_at]
    lead = source.page.plain[source.page.body_start : own.start].strip()
    return not lead and not any(
        one.level <= own.level for at, one in enumerate(headings) if at != source.title_at
    )


def _below_title_heading(source: Source) -> tuple[str, int | None, Place] | None:
    """The title where it stands as the text of a section of that name."""
    value = source.values.get("title")
    if value and value.words:
        words, number = titles.named(value.words, source.name.number)
        return (words, number, value.place) if words else None
    for place, heading in enumerate(source.page.headings[:3]):
        if titles.plain(heading.text).lower().strip(" :") == "title":
            body = source.page.plain[heading.content : source.page.section_end(place)]
            line = body.strip().split("\n", 1)[0].strip()
            words, number = titles.named(line, source.name.number)
            if words:
                start = heading.content + body.index(line)
                return words, number, Place("section", start, start + len(line), heading.text)
    return None


def told_number(source: Source) -> int | None:
    """The number that a key says."""
    for key in ("adr", "number", "adr-number", "adr-id", "id"):
        said = source.front.get(key)
        words = said.value if said else source.values[key].words if key in source.values else None
        found = re.fullmatch(r"(?i)\D{0,12}?(\d{1,8})", words) if isinstance(words, str) else None
        if found:
            return int(found[1])
    if source.title_at is None and source.page.headings:
        return titles.named(source.page.headings[0].text, None)[1]
    if source.title_at:
        return titles.named(source.page.headings[0].text, None)[1]
    return None
