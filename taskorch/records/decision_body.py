"""What a decision's Markdown says: its parts by the headings that the forms of ADRs give them.

MADR 4 and its earlier versions (https://adr.github.io/madr/), Nygard's form
(https://cognitect.com/blog/2011/11/15/documenting-architecture-decisions), and names that others use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from taskorch.records import sections
from taskorch.records.sections import Section

HEADINGS: dict[str, tuple[str, ...]] = {
    "context": ("Context and Problem Statement", "Context", "Problem Statement", "Problem", "Background"),
    "drivers": ("Decision Drivers", "Drivers", "Forces"),
    "options": (
        "Considered Options", "Considered Alternatives", "Options Considered", "Alternatives Considered",
        "Alternatives", "Options",
    ),
    "decision": ("Decision Outcome", "Decision"),
    "rationale": ("Rationale", "Justification"),
    "consequences": ("Consequences", "Implications"),
    "confirmation": ("Confirmation", "Validation"),
    "risks": ("Risks",),
    "pros_and_cons": ("Pros and Cons of the Options", "Pros and Cons of the Alternatives", "Pros and Cons"),
    "more": ("More Information", "Notes"),
}  # fmt: skip
"""The headings of each part; the first is the one that we write."""
_TWO_OF_MADR_2 = ("Positive Consequences", "Negative Consequences")
BELOW_OUTCOME = ("rationale", "consequences", "confirmation", "risks")
"""The parts that stand below the outcome in MADR, and as sections of their own elsewhere."""

_BECAUSE = re.compile(r",\s+because:?\s+")
_CHOICE = r"Chosen (?:option|alternative):?\s*"
_QUOTED = re.compile(rf"{_CHOICE}[\"\u201c](.*?)[\"\u201d](?:,\s+because:?\s+(.*)|[.\s]|$)", re.DOTALL | re.I)
_CHOSEN = re.compile(rf"{_CHOICE}(.+?)\s*(?:,\s+because\b|\n\n|$)", re.DOTALL | re.I)
_ARGUMENT = re.compile(r"(Good|Neutral|Bad)(?:,?\s+because\b:?|[,:])\s*(.*)$", re.DOTALL | re.I)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ITEM = re.compile(r"(?:[*+-]|\d{1,9}[.)])[ \t]+(.*)$")
_QUOTES = "\"'`*_[]\u201c\u201d\u201e\u2018\u2019.: \t"


@dataclass(frozen=True, slots=True)
class Option:
    """Something that was considered: what it is, and the arguments about it."""

    name: str
    chosen: bool = False
    text: str = ""
    pros: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()
    cons: tuple[str, ...] = ()


def find(text: str, name: str, start: int) -> Section | None:
    """The section or, of those below the outcome, subsection that is a part; the first of its headings."""
    found = _find_all(text, name, start)
    return found[0] if found else None


def part(text: str, name: str, start: int) -> str:
    """The text of a part, with the headings of its subsections; of two that are one part both."""
    return "\n".join(sections.words(text, one.start, one.end) for one in _find_all(text, name, start))


def outcome(text: str, start: int) -> str:
    """What was decided: the outcome without its subsections."""
    found = find(text, "decision", start)
    return _lead(text, found, sections.sections(text, start)) if found else ""


def reason(decided: str) -> str:
    """The part of an outcome behind ``because``, else all of it."""
    found = _QUOTED.match(decided)
    return found[2].strip() if found and found[2] else _BECAUSE.split(decided, maxsplit=1)[-1].strip()


def heading(text: str, start: int) -> str | None:
    """The heading of the first level, which has the title."""
    return next((one.title for one in sections.sections(text, start) if one.level == 1), None)


def with_heading(text: str, start: int, title: str) -> str:
    """`text` with another title in its heading of the first level, if it has one."""
    found = next((one for one in sections.sections(text, start) if one.level == 1), None)
    if not found or found.title == title:
        return text
    line = text[found.heading : found.start]
    newline = line[len(line.rstrip("\r\n")) :]
    return f"{text[: found.heading]}# {title}{newline}{text[found.start :]}"


def says_something(text: str, start: int) -> bool:
    """Whether there is more than headings."""
    every = sections.sections(text, start)
    ends = [*(one.heading for one in every), len(text)]
    begins = [start, *(one.start for one in every)]
    return any(text[begin:end].strip() for begin, end in zip(begins, ends, strict=True))


def items(text: str) -> list[str]:
    """The items of a list, each on one line; a text that is none is one item."""
    found: list[str] = []
    for line in text.splitlines():
        item = _ITEM.match(line)
        if item:
            found.append(item[1].strip())
        elif line.strip() and found:
            found[-1] += " " + line.strip()
        elif line.strip():
            found.append(line.strip())
    return found


def _listed(text: str) -> list[str]:
    """The items of a list, without a text above it."""
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if _ITEM.match(line)), len(lines))
    return items("\n".join(lines[first:]))


def options(text: str, start: int) -> list[Option]:
    """The options that were considered, with the arguments that stand below their names."""
    every = sections.sections(text, start)
    listed = find(text, "options", start)
    names = _listed(_lead(text, listed, every)) if listed else []
    described = [one for name in ("options", "pros_and_cons") for one in _below(text, name, start, every)]
    known = {_key(name): Option(_bare_name(name)) for name in names}
    for one in described:
        known[_key(one.title)] = _argued(text, one)
    chosen = _QUOTED.match(outcome(text, start)) or _CHOSEN.match(outcome(text, start))
    taken = _key(chosen[1]) if chosen else _key(outcome(text, start))
    return [_with_choice(one, key == taken) for key, one in known.items()]


def same_name(one: str, other: str) -> bool:
    """Whether two names mean one option."""
    return _key(one) == _key(other)


def _find_all(text: str, name: str, start: int) -> list[Section]:
    every = sections.sections(text, start)
    for level in (3, 2) if name in BELOW_OUTCOME else (2,):
        further = _TWO_OF_MADR_2 if name == "consequences" else ()
        titles = [title.lower() for title in (*HEADINGS[name], *further)]
        found = [one for one in every if one.level == level and one.title.lower() in titles]
        if further and found:
            return found
        if found:
            return [min(found, key=lambda one: titles.index(one.title.lower()))]
    return []


def _lead(text: str, section: Section, every: list[Section]) -> str:
    """The text of a section before its first subsection."""
    inside = [one.heading for one in every if section.start <= one.heading < section.end]
    return sections.words(text, section.start, min(inside, default=section.end))


def _below(text: str, name: str, start: int, every: list[Section]) -> list[Section]:
    """The subsections of a part."""
    top = find(text, name, start)
    return [one for one in every if top and one.level == 3 and top.start <= one.heading < top.end]


def _argued(text: str, section: Section) -> Option:
    said: dict[str, list[str]] = {"good": [], "neutral": [], "bad": []}
    rest: list[str] = []
    for item in items(sections.words(text, section.start, section.end)):
        found = _ARGUMENT.match(item)
        (said[found[1].lower()] if found else rest).append(found[2].strip() if found else item)
    pros, neutral, cons = (tuple(said[key]) for key in ("good", "neutral", "bad"))
    return Option(_bare_name(section.title), False, "\n".join(rest), pros, neutral, cons)


def _with_choice(one: Option, chosen: bool) -> Option:
    return Option(one.name, chosen, one.text, one.pros, one.neutral, one.cons)


def _bare_name(text: str) -> str:
    return _LINK.sub(r"\1", text).strip()


def _key(name: str) -> str:
    """A name as it is compared: without marks around it, runs of blanks and case of letters."""
    return " ".join(_bare_name(name).strip(_QUOTES).casefold().split())
