"""The decisions that a decision names: in its status, its keys, its sections of links and at its top."""

from __future__ import annotations

from taskorch.interchange.adr import references
from taskorch.interchange.adr.adr import INVERSE, Place, Reference
from taskorch.interchange.adr.source import STATUS_KEYS, Source, told_of


def named(source: Source, status: Place | None) -> list[Reference]:
    """The decisions this one names in its status, keys, link sections and at its top."""
    page = source.page
    out = _keyed(source)
    if status and status.form == "line" and not status.key:
        out += references.in_text(page, status.start, status.end, "superseded_by")
    if status and status.form in ("section", "heading"):
        if status.form == "heading":
            out += references.in_text(page, status.start, status.end, None)
        text = page.plain[status.outer[0] : status.outer[1]]
        if "[" in text or references.may_link(text):
            out += references.in_text(page, status.outer[0], status.outer[1], "relates")
    start, end = source.top
    if references.may_link(page.plain[start:end]):
        out += references.in_text(page, start, end, None, led=True)
    out += references.in_sentences(page)
    for at in range(len(page.headings)):
        if at != source.title_at:
            out += _linked(source, at)
    return _once(out)


def _keyed(source: Source) -> list[Reference]:
    """The decisions that keys of front matter and of the top name."""
    out: list[Reference] = []
    for key, entry in source.front.items():
        if key in references.KEYS and entry.value:
            kind = references.KEYS[key]
            out += references.in_value(source.page, entry.value, entry.value_start, kind)
        elif key in STATUS_KEYS:
            out += references.in_text(source.page, entry.value_start, entry.value_end, None)
    for key, value in source.values.items():
        if key in references.KEYS and value.words:
            kind = references.KEYS[key]
            out += references.in_value(source.page, value.words, value.place.start, kind)
        elif key in STATUS_KEYS and references.may_link(value.words):
            out += references.in_text(source.page, value.place.start, value.place.end, None)
    return out


def _linked(source: Source, at: int) -> list[Reference]:
    """The decisions that a section of links names."""
    page, heading = source.page, source.page.headings[at]
    about = told_of(heading.text)
    end = page.section_end(at)
    text = page.plain[heading.content : end]
    if about in INVERSE:
        return references.in_value(page, text, heading.content, about)
    if about == "links" and (references.may_link(text) or "elate" in text):
        return references.in_text(page, heading.content, end, None, led=True)
    return []


def _once(found: list[Reference]) -> list[Reference]:
    seen: dict[tuple[str, str, str], Reference] = {}
    for one in found:
        seen.setdefault((one.kind, one.target, one.words if not one.target else ""), one)
    return list(seen.values())
