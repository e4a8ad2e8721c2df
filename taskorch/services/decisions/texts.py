"""What the records of decisions say themselves: their outcome, their links, and what they rely on."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from taskorch.records import decision_body
from taskorch.records.collection import Collection
from taskorch.records.decision import REJECTED, STANDING, UNKNOWN, Decision
from taskorch.records.links import Link, links, prose
from taskorch.services.decisions.findings import (
    DEAD_LINK,
    NO_OUTCOME,
    NO_STATUS,
    RELIES_ON,
    fallen,
    finding,
    instead_of,
    line_at,
    line_of,
)
from taskorch.services.decisions.target import Target
from taskorch.services.place import Place
from taskorch.services.shapes import Json

_ID = re.compile(r"(?<![\w-])d-[0-9a-hjkmnp-tv-z]{8}(?![0-9A-Za-z])")
_SAYS_SO = re.compile(r"supersed|revers|reject|deprecat|replac|withdr|no longer|obsolete", re.IGNORECASE)
_OUTCOMES = decision_body.HEADINGS["decision"]
_PLAINLY = re.compile(rf"^## (?:{'|'.join(_OUTCOMES)})[ \t]*\r?\n\s*[^#\s]", re.MULTILINE)
Named = list[tuple[Link, str | None]]
"""Links, and the paths of what they name; None where that is outside of the work tree."""

_BUILDING_ON = ("refines", "clarifies")


def text_findings(
    ws: Place, found: Collection, target: Target, one: Decision, by_path: Mapping[str, str]
) -> Iterator[Json]:
    """The findings on one decision that its own text gives rise to; `by_path` has the ids of all."""
    if one.status == UNKNOWN:
        yield finding(
            ws, NO_STATUS, one, line_of(one, "status"), "it is not said whether it was accepted",
            "write its status: proposed, accepted, rejected, deprecated or superseded",
        )  # fmt: skip
    yield from _outcome(ws, one)
    named = [(link, _resolved(target, one, link)) for link in links(one.text, one.body_start)]
    yield from _dead(ws, target, one, named)
    if one.status in STANDING:
        yield from _fallen(ws, found, one, _relied_on(one, named, by_path))


def _outcome(ws: Place, one: Decision) -> Iterator[Json]:
    if one.status != REJECTED and not _has_outcome(one):
        section = decision_body.find(one.text, "decision", one.body_start)
        line = line_at(one.text, section.heading) if section else 1
        title = section.title if section else _OUTCOMES[0]
        words = f"nothing stands under '{title}'" if section else f"it has no section '{title}'"
        yield finding(ws, NO_OUTCOME, one, line, words, f"write what was decided under '## {title}'")
    if one.implementation in ("completed", "failed") and not (one.outcome or "").strip():
        yield finding(
            ws, NO_OUTCOME, one, line_of(one, "implementation"),
            f"its implementation is {one.implementation}, and 'outcome' does not say what came of it",
            "say in 'outcome' how it went",
        )  # fmt: skip


def _has_outcome(one: Decision) -> bool:
    """Whether it says what was decided; most are told without taking the text apart."""
    fenced = "```" in one.text or "~~~" in one.text
    return bool((not fenced and _PLAINLY.search(one.text, one.body_start)) or one.decision)


def _is_page(target: Target, path: str) -> bool:
    """Whether a site generator will make the page at `path` of a Markdown file."""
    return path.endswith(".html") and target.has(path.removesuffix("html") + "md")


def _dead(ws: Place, target: Target, one: Decision, named: Named) -> Iterator[Json]:
    for link, path in named:
        if path is None or not (target.has(path) or _is_page(target, path)):
            words = f"{link.path} leads out of the work tree" if path is None else f"there is no {path}"
            hint = "mend the link, or take it out"
            line = line_at(one.text, link.offset)
            yield finding(ws, DEAD_LINK, one, line, f"dead link: {words}", hint, names=link.path)


def _resolved(target: Target, one: Decision, link: Link) -> str | None:
    """The path of what a link names, from the root of the work tree; None if it leads out of that.

    As code hosts have it, one that begins with ``/`` counts from the root.
    """
    folder = posixpath.dirname(target.path_of(one))
    path = posixpath.normpath(posixpath.join("/" + folder, link.path).lstrip("/"))
    return None if path == ".." or path.startswith("../") else path


def _fallen(
    ws: Place, found: Collection, one: Decision, relied_on: Iterable[tuple[str, str | int]]
) -> Iterator[Json]:
    """The decisions that one relies on though they do not stand any more, each told once."""
    told = {one.id}
    for name, where in relied_on:
        other = found.decisions.get(name)
        how = fallen(found, other) if other and name not in told else None
        if not other or not how or _replaces(found, one, name):  # it may be in the other's place itself
            continue
        told.add(name)
        line = line_at(one.text, where) if isinstance(where, int) else line_of(one, where, name)
        instead = instead_of(found, other)
        now = f"; {instead['id']} stands instead: {instead['title']}" if instead else ""
        rest = f"name {instead['id']} there if it holds" if instead else "say on what it relies now"
        yield finding(
            ws, RELIES_ON, one, line, f"it relies on {name}, which is {how}{now}",
            f"read it once more; {rest}, or supersede this one too", names=name, instead=instead,
        )  # fmt: skip


def _relied_on(one: Decision, named: Named, by_path: Mapping[str, str]) -> Iterator[tuple[str, str | int]]:
    """The id of each decision that one builds on, and the field or the offset in the text that says so.

    A line that says itself that something was superseded, rejected or the like knows what it names.
    """
    for kind in _BUILDING_ON:
        yield from ((other, kind) for other in one.links(kind))
    at = [(found_id.start(), found_id[0]) for found_id in _ids(one)]
    at += [(link.offset, by_path[path]) for link, path in named if path and path in by_path]
    for offset, name in sorted(at):
        if not _SAYS_SO.search(_line_around(one.text, offset)):
            yield name, offset


def _ids(one: Decision) -> Iterator[re.Match[str]]:
    """The ids of decisions that the text names, code blocks left out."""
    if not _ID.search(one.text, one.body_start):
        return iter(())
    return _ID.finditer(prose(one.text, one.body_start, code=True))


def _line_around(text: str, offset: int) -> str:
    end = text.find("\n", offset)
    return text[text.rfind("\n", 0, offset) + 1 : len(text) if end < 0 else end]


def _replaces(found: Collection, one: Decision, name: str) -> bool:
    """Whether a decision is among those that came in another's place."""
    seen, queue = {name}, [name]
    while queue:
        for newer in found.replaced_by(queue.pop()):
            if newer == one.id:
                return True
            if newer not in seen:
                seen.add(newer)
                queue.append(newer)
    return False
