"""A decision of another tool as a record of ours: its fields into front matter, its text below.

What the front matter says is taken out of the text, so that it is not said twice; links to other files
are made to lead there from where the record stands.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from taskorch.interchange.adr.adr import Adr, Place
from taskorch.interchange.adr.page import Page, read_page
from taskorch.interchange.adr.relinking import relinked
from taskorch.records import sections
from taskorch.records.decision import FIELDS, REJECTED, SUPERSEDED, UNKNOWN, Decision
from taskorch.records.schema import MAX_TITLE, render_front_matter
from taskorch.services.decisions.adopted import adopted_id, as_decision
from taskorch.services.decisions.folders import AdrFolder
from taskorch.store.layout import record_path

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_BLANKS = " \r\n\t\u00a0"
_SUCCESSOR = re.compile(
    r"(?i)\W*(?:superse|superce|replac)\w*(?: by)?:? (?:\[[^\[\]]*\]\([^()]*\)|(?:adr)?[-_ ]*\d+)\W*"
)
_INLINE = ("bullet", "bold", "line")


@dataclass(frozen=True, slots=True)
class Imported:
    """A record made of a foreign decision: its path in the store, and its text."""

    one: Decision
    path: str
    text: str


def imported(folder: AdrFolder, adr: Adr, ones: Mapping[str, Decision], store: str) -> Imported:
    """The record of one decision of a folder.

    `ones` are what `records_of` gives; `store` is where the store is from the root.
    """
    one = ones[adr.path]
    paths = {path: other.path for path, other in ones.items()}
    values = {name: getattr(one, name.replace("-", "_")) for name in FIELDS if name != "governs"}
    values["title"] = one.title if len(one.title) <= MAX_TITLE else f"{one.title[: MAX_TITLE - 1]}…"
    values["status"] = None if one.status == UNKNOWN else one.status
    values["governs"] = [{"path": path} for path in one.governs]
    values["source"] = source(folder, adr)
    front = render_front_matter(FIELDS, values).removesuffix("---\n")
    text = f"{front}{_other_keys(adr)}---\n\n{_body(folder, adr, one, paths, store).lstrip()}"
    return Imported(one, one.path, text if text.endswith("\n") else f"{text}\n")


def source(folder: AdrFolder, adr: Adr) -> str:
    """Where a record comes from: the original's path, and its number."""
    number = "" if adr.number is None else f" ({adr.number})"
    return f"{folder.full(adr.path)}{number}"


def records_of(folder: AdrFolder) -> dict[str, Decision]:
    """What the decisions of a folder are as records, by the path of the original.

    Files may contradict each other, records may not: of several that replace one decision the newest does,
    the others refine it; what was replaced is superseded, unless it was rejected; what was rejected
    replaces nothing.
    """
    ones = {
        adr.path: as_decision(adr, record_path(adopted_id(adr.path), adr.title, ""))
        for adr in folder.read.adrs
    }
    paths = {one.id: path for path, one in ones.items()}
    newer: dict[str, list[str]] = defaultdict(list)
    for adr in folder.read.adrs:
        for old in (*ones[adr.path].supersedes, *ones[adr.path].reverses):
            newer[paths[old]].append(adr.path)
    for old, several in newer.items():
        standing = [path for path in several if ones[path].status != REJECTED]
        last = max(standing, key=lambda path: (ones[path].date or "", path), default=None)
        if ones[old].status == REJECTED:
            last = None
        elif last:
            ones[old] = replace(ones[old], status=SUPERSEDED)
        for path in several:
            if path != last:
                ones[path] = _refining(ones[path], ones[old].id)
    return ones


def _refining(one: Decision, old: str) -> Decision:
    """A decision that refines another one instead of replacing it."""
    return replace(
        one,
        supersedes=tuple(other for other in one.supersedes if other != old),
        reverses=tuple(other for other in one.reverses if other != old),
        refines=tuple(dict.fromkeys((*one.refines, old))),
    )


def _other_keys(adr: Adr) -> str:
    """The lines of the original's front matter that say what no field of ours does."""
    page = read_page(adr.path, adr.text)
    known = {"title", "status", "date", "tags", "supersedes", "superseded-by", "deciders", *FIELDS}
    lines = [
        adr.text[entry.start : entry.end].replace("\r\n", "\n")
        for key, entry in page.front.items()
        if key.lower() not in known and entry.value not in (None, "", [])
    ]
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _body(folder: AdrFolder, adr: Adr, one: Decision, paths: Mapping[str, str], store: str) -> str:
    page = read_page(adr.path, adr.text)
    there = posixpath.join(store, paths[adr.path])

    def moved(path: str) -> str:
        inside = posixpath.relpath(path, folder.where)
        if inside.endswith(".html") and inside not in paths:  # as a site generator will name it
            inside = inside.removesuffix("html") + "md"
        return posixpath.join(store, paths[inside]) if inside in paths else path

    def part(start: int, end: int) -> str:
        return relinked(page, (start, end), folder.full(adr.path), there, moved)

    out, at = [], adr.body_start
    for start, end in sorted({*_said_in_front(adr, page)}):
        if start >= at:
            before = part(at, start).rstrip(_BLANKS)
            out += [f"{before}\n\n"] if before else []
            at = end + len(adr.text[end:]) - len(adr.text[end:].lstrip("\r\n"))
    out.append(part(at, len(adr.text)))
    body = "".join(out).replace("\r\n", "\n").removeprefix("\ufeff")
    return sections.append(body, "More Information", _left_of_status(adr, one), "\n", 0)


def _left_of_status(adr: Adr, one: Decision) -> str:
    """What the words of the status say that the fields do not."""
    raw = sections.one_line(adr.raw_status or "")
    words = _LINK.sub(r"\1", raw)
    plain = words.strip(" .").lower() == one.status
    told = len(adr.superseded_by) == 1 and _SUCCESSOR.fullmatch(raw)
    return "" if plain or told or not words else f"The original's status: {words}"


def _said_in_front(adr: Adr, page: Page) -> list[tuple[int, int]]:
    """The parts of the text that say nothing that the front matter does not: status and date."""
    out = [span for place in (adr.status_place, adr.date_place) if place and (span := _line(adr, place))]
    place = adr.status_place
    if place and place.form == "section" and place.outer[1] > place.outer[0]:
        rest = adr.text[place.outer[0] : place.start] + adr.text[place.end : place.outer[1]]
        heading = next((one for one in page.headings if one.content == place.outer[0]), None)
        if heading and not rest.strip():
            out.append((heading.start, place.outer[1]))
        elif heading and not _rest_of_line(adr.text, place):
            out.append((place.start, place.end))
    return out


def _rest_of_line(text: str, place: Place) -> str:
    """What stands beside a value on its lines."""
    stop = text.find("\n", place.end)
    before = text[text.rfind("\n", 0, place.start) + 1 : place.start]
    return (before + text[place.end : stop if stop >= 0 else len(text)]).strip()


def _line(adr: Adr, place: Place) -> tuple[int, int] | None:
    """The whole line of a value that stands alone on it."""
    if place.form not in _INLINE:
        return None
    start = adr.text.rfind("\n", 0, place.start) + 1
    stop = adr.text.find("\n", place.end)
    stop = len(adr.text) if stop < 0 else stop + 1
    lead = adr.text[start : place.start].strip()
    return (start, stop) if lead == place.key and not adr.text[place.end : stop].strip(" *_\\\r\n") else None
