"""Keys and values at the top of a decision: bullets, bold lines, plain lines and tables.

All of ``* Status: x``, ``- **Date**: x``, ``**Status:** x``, ``Date: x``, ``:Date: x`` and
``| Status | x |`` are read, above the first section and in one that is called Metadata or the like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from taskorch.interchange.adr import dates, statuses, titles
from taskorch.interchange.adr.adr import Place
from taskorch.interchange.adr.page import Page

_META_SECTION = re.compile(
    r"(?i)(?:adr |decision |document |record )?(?:meta(?:[- ]?data)?|info(?:rmation)?|details"
    r"|properties|header|attributes)"
)
_PAIR = re.compile(
    r"(?P<lead>[ \t>]*(?P<marker>(?:[-*+•][ \t]+)?)(?:\[[ xX]\][ \t]+)?)(?P<open>[*_`:]{0,3})"
    r"(?P<key>[A-Za-z][\w/()& -]{0,40}?)[ ]*(?P<close>[*_`]{0,3})[ ]*[:：](?P<after>[*_`]{0,3})(?=\s|$"
    r"|[^\s/])[ \t]*(?P<value>.*)$"
)
_BOLD_ALONE = re.compile(r"[ \t>]*(?:\*\*|__)([A-Za-z][\w ]{1,30}?):?(?:\*\*|__):?[ \t]*$")
_NEXT_BOLD = re.compile(
    r"[ \t]*[|·•,;/—–-]?[ \t]*(?=(?:\*\*|__)[A-Za-z][\w ]{1,25}?(?::[ ]*(?:\*\*|__)|(?:\*\*|__)[ ]*:))"
)
_NEXT_KEY = re.compile(r"[ \t]*[|·•;,][ \t]*(?=(?:status|date|deciders?|authors?|owner)[ ]*:)", re.IGNORECASE)
_RULE = re.compile(r"[ \t]*\|?[ \t:|-]*-[ \t:|-]*$")
_CELL = re.compile(r"[^|\n]+")
_LONGEST_DAY = 40
_WRAPPED = 45  # a shorter line was not broken for its length
_MARKS = "*_` \t:"
_BREAK = re.compile(r"(?:<br[ /]*>|\\)[ \t]*$")

# The keys that are read without a marker; others need one, or any sentence with a colon would be a key.
KNOWN = frozenset(
    """
    status state adr-status decision-status current-status date decided decision-date date-decided decided-on
    accepted accepted-on approved approved-on created created-on date-created creation-date proposed
    proposed-on date-accepted accepted-date date-approved approval-date created-date date-proposed
    date-documented date-started date-revised introduced introduced-on date-introduced
    last-updated updated last-modified modified last-edited deciders decider decision-makers decision-maker
    decision-maker-s decider-s tags tag labels label keywords categories category author authors owner owners
    supersedes superseded superseded-by supercedes superceded-by replaces replaced-by amends amended-by
    refines
    refined-by clarifies clarified-by relates-to related related-to related-adrs depends-on technical-story
    ticket issue consulted informed adr adr-id adr-number id number title scope version type tasks governs
    impact components implementation outcome reviewed
    """.split()  # noqa: SIM905 - a hundred quotes would hide the words
)


@dataclass(frozen=True, slots=True)
class Value:
    """A value and where it stands."""

    words: str
    place: Place


def normal(key: str) -> str:
    """A key in lower case, its words joined by hyphens: ``Decision Makers`` and ``decision_makers`` are
    one."""
    key = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", key) if not key.islower() else key
    return re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")


def read_values(page: Page, title: int | None, above: tuple[int, int]) -> dict[str, Value]:
    """The values by normal key, each key's first.

    `title` is the index of the heading that is the title, `above` what `top` gives.
    """
    out: dict[str, Value] = {}
    for start, end in _regions(page, title, above):
        _read_region(page, start, end, out)
    return out


def top(page: Page, title: int | None) -> tuple[int, int]:
    """Where the text above the first section begins and ends."""
    first = next((place for place in range(len(page.headings)) if place != title), None)
    if title is None and first == 0 and not titles.named(page.headings[0].text, None)[0]:
        first = 1 if len(page.headings) > 1 else None  # a number for a title: '# ADR-12'
    if title is not None and first is not None and first < title:
        first = title + 1 if title + 1 < len(page.headings) else None
    if title is not None and first == title + 1 and _is_subtitle(page, title, first):
        first = first + 1 if first + 1 < len(page.headings) else None
    if first is not None:
        return page.body_start, page.headings[first].start
    return page.body_start, len(page.plain)


def _is_subtitle(page: Page, title: int, second: int) -> bool:
    """Whether the heading directly below the title is a second title, not a section."""
    between = page.plain[page.headings[title].content : page.headings[second].start]
    return not between.strip() and not titles.is_section(page.headings[second].text)


def _regions(page: Page, title: int | None, above: tuple[int, int]) -> list[tuple[int, int]]:
    out = [above]
    for place, heading in enumerate(page.headings):
        if place != title and _META_SECTION.fullmatch(heading.text.strip(_MARKS)):
            out.append((heading.content, page.section_end(place)))
    return out


def _read_region(page: Page, start: int, end: int, out: dict[str, Value]) -> None:
    lines = page.plain[start:end].split("\n")
    at = start
    columns: list[str] | None = None
    place = 0
    while place < len(lines):
        line = lines[place]
        if "|" in line and line.lstrip(" >").startswith("|"):
            columns = _read_row(line, at, lines, place, columns, out)
        elif ":" in line or "：" in line:
            columns = None
            _read_pairs(page, line, at, end, out)
        elif line.strip():
            columns = None
            _read_day(line, at, out)
            _read_bold_alone(page, line, at, end, out)
        at += len(line) + 1
        place += 1


def _read_pairs(page: Page, line: str, at: int, end: int, out: dict[str, Value]) -> None:
    """Read ``key: value``, or several of them on one line."""
    found = _PAIR.match(line)
    if not found:
        return
    key = normal(found["key"])
    marked = bool(found["marker"].strip() or found["close"] or found["after"] or found["open"] == ":")
    if not key or (key not in KNOWN and not (marked and len(key) < 30)):
        return
    value = found["value"]
    following = (_NEXT_BOLD.search(value) if "**" in value or "__" in value else None) or _NEXT_KEY.search(
        value
    )
    if following:
        value, rest = value[: following.start()], value[following.end() :]
        _read_pairs(page, rest, at + found.start("value") + following.end(), end, out)
    value = _BREAK.sub("", value).rstrip()
    if "*" in found["open"] and "*" not in found["close"] + found["after"]:
        value = value.removesuffix(found["open"])  # '**Status: x**'
    value_start = at + found.start("value")
    bold = "*" in found["open"] + found["close"] or "_" in found["open"] + found["close"]
    form = "bullet" if found["marker"].strip() else "bold" if bold else "line"
    spelled = line[: found.start("value")].strip()
    if not value:
        value, value_start, value_end = _continued(
            page, at + len(line) + 1, end, bool(found["marker"].strip())
        )
    else:
        value_end = value_start + len(value)
        if len(value) > _WRAPPED and not following:
            value, value_end = _wrapped(page, value, value_end, at + len(line) + 1, end)
    place = Place(form, value_start, value_end, spelled, (value_start, value_end))
    out.setdefault(key, Value(value, place))


def _wrapped(page: Page, value: str, value_end: int, at: int, end: int) -> tuple[str, int]:
    """A long value with the lines it goes on in, up to an empty line, a list item or another key."""
    for line in page.plain[at:end].split("\n"):
        bare = line.strip()
        if not bare or bare[0] in "-*_+|#>" or _is_pair(bare):
            break
        value = f"{value} {bare}"
        value_end = at + len(line.rstrip())
        at += len(line) + 1
    return value, value_end


def _continued(page: Page, at: int, end: int, bullet: bool) -> tuple[str, int, int]:
    """The value that stands on the lines below its key: indented, or a list."""
    words: list[str] = []
    start, stop = at, at
    for line in page.plain[at:end].split("\n"):
        bare = line.strip()
        belongs = bool(bare) and (line[0] in " \t" or (not bullet and bare[0] in "-*+" and bare[1:2] == " "))
        if not belongs or _is_pair(bare):
            break
        word = bare.lstrip("-*+• \t") if bare[:2] in ("- ", "* ", "+ ", "• ") else bare
        if not words:
            start = at + line.index(word) if word else at
        words.append(word)
        stop = at + len(line.rstrip())
        at += len(line) + 1
    return ", ".join(filter(None, words)), start, max(start, stop)


def _is_pair(line: str) -> bool:
    found = _PAIR.match(line)
    return bool(found and normal(found["key"]) in KNOWN)


def _read_day(line: str, at: int, out: dict[str, Value]) -> None:
    """Read a line that is a date and nothing else, or the word and a date: ``Date 2020-01-02``."""
    bare = line.strip(_MARKS)
    word = "date " if bare[:5].lower() == "date " else ""
    day = dates.find(bare[len(word) :]) if len(bare) < _LONGEST_DAY and any(map(str.isdigit, bare)) else None
    if day and not bare[len(word) :][: day[1]].strip(",") and len(bare) - len(word) == day[2]:
        start = at + line.index(bare) + len(word)
        span = (start, start + day[2])
        out.setdefault("date", Value(bare[len(word) :], Place("line", *span, word.strip(), span)))


def _read_bold_alone(page: Page, line: str, at: int, end: int, out: dict[str, Value]) -> None:
    """Read a bold line that stands for a heading: ``**Status**`` and the paragraph below it."""
    found = _BOLD_ALONE.match(line)
    if not found or normal(found[1]) not in KNOWN:
        return
    start = at + len(line) + 1
    below = page.plain[start:end]
    bare = below.lstrip()
    value = bare.split("\n", 1)[0].rstrip()
    if not value or _BOLD_ALONE.match(value):
        return
    start += len(below) - len(bare)
    place = Place("section", start, start + len(value), line.strip(), (start, start + len(value)))
    out.setdefault(normal(found[1]), Value(value, place))


def _read_row(
    line: str, at: int, lines: list[str], place: int, columns: list[str] | None, out: dict[str, Value]
) -> list[str] | None:
    """Read a table's row; gives the keys of the columns where the table has them in its first row."""
    if _RULE.match(line):
        return columns
    cells = [(found[0].strip(), at + found.start()) for found in _CELL.finditer(line) if found[0].strip(" >")]
    keys = [normal(cell) for cell, _ in cells]
    heads = place + 1 < len(lines) and bool(_RULE.match(lines[place + 1])) and "-" in lines[place + 1]
    said = len(cells) > 1 and keys[0].endswith("status") and statuses.alone(cells[1][0])
    if heads and len(keys) > 1 and sum(key in KNOWN for key in keys) > 1 and not said:
        return keys
    for key, (cell, cell_start) in _pairs(keys, cells, columns):
        start = cell_start + len(line[cell_start - at :]) - len(line[cell_start - at :].lstrip())
        where = Place("table", start, start + len(cell), key, (start, start + len(cell)))
        out.setdefault(key, Value(cell, where))
    return columns


def _pairs(
    keys: list[str], cells: list[tuple[str, int]], columns: list[str] | None
) -> list[tuple[str, tuple[str, int]]]:
    if columns is not None:
        return [pair for pair in zip(columns, cells, strict=False) if pair[0]]
    if len(cells) == 2 and keys[0]:
        return [(keys[0], cells[1])]
    return []
