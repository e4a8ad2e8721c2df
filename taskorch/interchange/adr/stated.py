"""Where a decision says its status: front matter, bullets, a section, a badge, a notice, a change log."""

from __future__ import annotations

import re

from taskorch.interchange.adr import dates, statuses, titles
from taskorch.interchange.adr.adr import Place
from taskorch.interchange.adr.source import STATUS_IN_HEADING, STATUS_KEYS, Source, front_place, told_of
from taskorch.records.decision import SUPERSEDED
from taskorch.records.document import Entry

_BADGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")
_NOTICE = re.compile(
    r"(?i)[\W_]*(?:(?:note|important|warning|notice|update|edit)\b[\W_]*)*"
    r"(?:(?:this|the) (?:(?:adr|decision|decision record|record|document|proposal|rfc)\b|has been|was"
    r"|is).{0,40}?)?super[sc]e+ded\b"
)
_MAIN = 2  # the level of headings that are sections of the whole decision, wherever they stand


def status(source: Source) -> tuple[str | None, str | None, Place | None]:
    """The words of the status, which of the five they are, and where they stand.

    A notice at the top that the decision was superseded counts more than a status left as it was.
    """
    said = _stated(source)
    return said if said[1] == SUPERSEDED else _notice(source) or said


def _notice(source: Source) -> tuple[str | None, str | None, Place | None] | None:
    """What a paragraph at the top says: 'This decision was superseded by ...'."""
    start, end = source.top
    text = source.page.plain[start:end]
    if "super" not in text.lower():
        return None
    for found in _PARAGRAPH.finditer(text):
        words = found[0].strip()
        if _NOTICE.match(words) and statuses.present(words)[0] == SUPERSEDED:
            at = start + found.start()
            span = (at, at + len(words))
            raw = titles.unwrapped(" ".join(words.lstrip("> ").split()))
            return raw, SUPERSEDED, Place("line", *span, "", span)
    return None


def _stated(source: Source) -> tuple[str | None, str | None, Place | None]:
    for key in STATUS_KEYS:
        entry = source.front.get(key)
        if entry and entry.value not in (None, "", []):
            return _front_status(source, entry)
    for key in STATUS_KEYS:
        value = source.values.get(key)
        if value and value.words:
            return _said(source, value.words, value.place)
    found = _section_status(source)
    if found:
        return found
    return _badge(source) or _logged(source) or (None, None, None)


def _front_status(source: Source, entry: Entry) -> tuple[str | None, str | None, Place]:
    place = front_place(entry)
    words = source.words(entry)
    words = re.sub(r"<!--.*?-->", "", words, flags=re.DOTALL).strip()
    raw, status, _ = _said(source, words, place)
    return raw, status, place


def _said(source: Source, words: str, place: Place) -> tuple[str | None, str | None, Place]:
    status, _, _ = statuses.present(words)
    raw = " ".join(words.split())
    if raw.count("**") % 2:  # '**Status: x** more': the marks began before the key
        raw = raw.replace("**", "", 1)
    raw = titles.unwrapped(raw)
    return raw or None, status, place


def _section_status(source: Source) -> tuple[str | None, str | None, Place | None] | None:
    """What the section of that name says; the first that says anything, among the main sections."""
    page = source.page
    silent = None
    for at, heading in enumerate(page.headings):
        about = told_of(heading.text)
        if at == source.title_at or about not in ("status", "said status"):
            continue
        bare = titles.plain(heading.text)
        inside = STATUS_IN_HEADING.match(bare) if about == "said status" else None
        if not inside and not _is_main(source, at):
            continue
        if inside:
            words = inside[1].rstrip(")") if "(" in bare and "(" not in inside[1] else inside[1]
            start = heading.text_start + max(heading.text.find(words), 0)
            return _said(
                source,
                words,
                Place(
                    "heading",
                    start,
                    start + len(words),
                    heading.text,
                    (heading.content, page.section_end(at)),
                ),
            )
        found = _in_section(source, at)
        if found:
            return found
        silent = silent or (
            None,
            None,
            Place(
                "section",
                heading.content,
                heading.content,
                heading.text,
                (heading.content, page.section_end(at)),
            ),
        )
    return silent


def _in_section(source: Source, at: int) -> tuple[str | None, str | None, Place] | None:
    page, heading = source.page, source.page.headings[at]
    end = page.section_end(at)
    content = page.plain[heading.content : end]
    if not content.strip():
        # A subsection may say it: '## Status' and '### Accepted' below it.
        below = page.headings[at + 1] if at + 1 < len(page.headings) else None
        if below and below.level > heading.level:
            status, _, _ = statuses.present(below.text)
            if status:
                stop = below.text_start + len(below.text)
                return (
                    titles.plain(below.text),
                    status,
                    Place("heading", below.text_start, stop, heading.text, (heading.content, end)),
                )
        return None
    status, start, stop = statuses.present(content)
    start, stop = heading.content + start, heading.content + stop
    raw = (
        " ".join(page.text[start:stop].split())
        if "<!--" not in page.text[start:stop]
        else " ".join(page.plain[start:stop].split())
    )
    return titles.unwrapped(raw), status, Place("section", start, stop, heading.text, (heading.content, end))


def _is_main(source: Source, at: int) -> bool:
    """Whether the heading stands below the title, not within another section."""
    headings = source.page.headings
    level = headings[at].level
    above = next((place for place in range(at - 1, -1, -1) if headings[place].level < level), None)
    if level <= _MAIN or above is None or above == source.title_at or above == 0:
        return True
    return bool(
        re.match(
            r"(?i)\W*(?:meta|info|details|header|prologue|summary|overview|about|document)",
            headings[above].text,
        )
    )


def _badge(source: Source) -> tuple[str | None, str | None, Place | None] | None:
    """What a badge at the top says, or a sentence there: 'This decision was superseded by ...'."""
    start, end = source.top
    text = source.page.plain[start:end]
    if "![" in text:
        for found in _BADGE.finditer(text):
            if "status" in found[0].lower() or "badge" in found[0]:
                status, _, _ = statuses.present(found[0])
                if status:
                    place = Place(
                        "badge",
                        start + found.start(),
                        start + found.end(),
                        "",
                        (start + found.start(), start + found.end()),
                    )
                    return found[0], status, place
    return None


def _logged(source: Source) -> tuple[str | None, str | None, Place | None] | None:
    """The last status that a change log names with nothing but a date: ``- approved (2020-01-02)``."""
    told = []
    for start, end in _log(source):
        for line in source.page.plain[start:end].split("\n"):
            parts = (line, line.partition(" - ")[0], line.rpartition(" - ")[2])
            status = next((said for part in parts if (said := statuses.alone(part))), None)
            if status:
                at = start + source.page.plain[start:end].index(line)
                told.append((dates.iso(statuses.words_of(line)) or "", at, status, line))
    if not told:
        return None
    _, at, status, line = max(told, key=lambda one: one[:2])
    bare = line.strip().lstrip("-*+ ")
    at += line.index(bare)
    return bare, status, Place("section", at, at + len(bare), "", (at, at + len(bare)))


def _log(source: Source) -> list[tuple[int, int]]:
    """Where the text of a change log begins and ends."""
    headings = source.page.headings
    return [
        (one.content, source.page.section_end(at))
        for at, one in enumerate(headings)
        if at != source.title_at and told_of(one.text) == "log"
    ]
