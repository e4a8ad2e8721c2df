"""Sections of a record's Markdown body: found by heading, changed without touching the rest.

Text that people hand in goes below headings of ours, which are of the second and third level: a
line in it that looks like one of them, or like a marker of a merge conflict, is escaped
(``\\## Notes``), and a code fence it leaves open is closed, so that it cannot take over the record's
structure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from taskorch.records.frontmatter import is_conflict_edge

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)$")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_CHECK = re.compile(r"([-*+] \[)([ xX])(\] +)(.*)$")
_STARTS_BLOCK = re.compile(r"[-*+#>`~]")
_BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the character offsets of its content, up to the next heading as high or higher."""

    level: int
    title: str
    heading: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """One acceptance criterion: its text, whether it is ticked, and the offset of its mark."""

    text: str
    done: bool
    mark: int


def sections(text: str, start: int) -> list[Section]:
    """All sections of `text` from offset `start` on, headings in code fences left out."""
    headings: list[tuple[int, str, int, int]] = []
    at = start
    fence = ""
    for line in _LINE.findall(text[start:]):
        bare = line.rstrip("\r\n")
        fence, inside = _follow_fence(bare, fence)
        found = None if inside else _HEADING.match(bare)
        if found:
            headings.append((len(found[1]), _title(found[2]), at, at + len(line)))
        at += len(line)
    out = []
    nearest = [len(text)] * 7  # where, from here on, the next heading of each level stands
    for level, title, heading, content_start in reversed(headings):
        out.append(Section(level, title, heading, content_start, min(nearest[: level + 1])))
        nearest[level] = heading
    return out[::-1]


def find(text: str, title: str, start: int, level: int = 2) -> Section | None:
    """The first section of that level and title, in any case of letters."""
    named = (s for s in sections(text, start) if s.title.lower() == title.lower())
    return next((section for section in named if section.level == level), None)


def content(text: str, title: str, start: int, level: int = 2) -> str:
    """The text of a section without blank lines around it and unescaped; empty if it is not there."""
    section = find(text, title, start, level)
    return words(text, section.start, section.end) if section else ""


def words(text: str, start: int, end: int) -> str:
    """The text between two offsets without blank lines around it and unescaped."""
    inner = _bare(text[start:end])
    return "\n".join(line[1:] if _escaped(line) else line for line in inner.split("\n"))


def append(text: str, title: str, addition: str, newline: str, start: int, heading: str = "") -> str:
    """`text` with `addition` at the end of a section, an empty line before and behind it.

    `heading` is a whole line of ours of the third level to stand above it; without it the addition
    may hold such headings of its own.  A section that is not there is added at the end, and a code
    fence that is still open there is closed.
    """
    section = find(text, title, start)
    block = f"{heading}{newline * 2}" if heading else ""
    block += _lines(addition, newline, 3 if heading else 2) if _bare(addition) else ""
    if not block:
        return text
    if section is None:
        lead = "" if text.endswith("\n") else newline
        fence = _open_fence(text[start:])
        closing = fence + newline if fence else ""
        return f"{text}{lead}{closing}{newline}## {title}{newline}{newline}{block}"
    inner = text[section.start : section.end]
    filled = section.start + len(inner.rstrip(_BLANKS))
    if filled > section.start:
        fence = _open_fence(inner)
        closing = newline + fence if fence else ""
        return text[:filled] + closing + newline * 2 + block.rstrip(_BLANKS) + text[filled:]
    return _fill(text, section, block, newline)


def replace(text: str, title: str, new: str, newline: str, start: int) -> str:
    """`text` with the content of a section exchanged."""
    section = find(text, title, start)
    if section is None:
        return append(text, title, new, newline, start)
    if content(text, title, start) == _bare(new):
        return text
    return _fill(text, section, _lines(new, newline) if _bare(new) else "", newline)


def _fill(text: str, section: Section, block: str, newline: str) -> str:
    """`text` with `block` as the whole content of a section, set off by empty lines."""
    head, rest = text[: section.start], text[section.end :]
    if not head.endswith("\n"):
        head += newline
    return head + (newline + block if block else "") + (newline + rest if rest else "")


def criteria(text: str, title: str, start: int) -> list[Criterion]:
    """The checklist of a section: its top-level ``- [ ]`` items."""
    section = find(text, title, start)
    if not section:
        return []
    out, at, fence = [], section.start, ""
    for line in _LINE.findall(text[section.start : section.end]):
        bare = line.rstrip("\r\n")
        fence, inside = _follow_fence(bare, fence)
        found = None if inside else _CHECK.match(bare)
        if found:
            out.append(Criterion(found[4].strip(), found[2] != " ", at + found.end(1)))
        at += len(line)
    return out


def tick(text: str, mark: int, done: bool) -> str:
    """`text` with the mark of a criterion set or cleared."""
    return text[:mark] + ("x" if done else " ") + text[mark + 1 :]


def add_criteria(text: str, title: str, added: list[str], newline: str, start: int) -> str:
    """`text` with criteria added below those that are there."""
    items = [f"- [ ] {one_line(item)}{newline}" for item in added if item.strip()]
    present = criteria(text, title, start)
    if not items:
        return text
    if not present:
        return append(text, title, "".join(items), newline, start)
    at = _item_end(text, present[-1].mark)
    lead = "" if text[:at].endswith("\n") else newline
    return text[:at] + lead + "".join(items) + text[at:]


def _item_end(text: str, offset: int) -> int:
    """The end of the list item on the line of `offset`: with the lines that continue it."""
    at = end = offset
    for place, line in enumerate(_LINE.findall(text[offset:])):
        blank = not line.strip(_BLANKS)
        indented = line[0] in " \t" and not blank
        if place and not indented and not blank and (at > end or _STARTS_BLOCK.match(line)):
            break
        at += len(line)
        if not blank:
            end = at
    return end


def one_line(text: str) -> str:
    """`text` with its line breaks and runs of blanks as single spaces."""
    return " ".join(text.split())


def safe(user_text: str) -> str:
    """User text as it may stand below a heading of ours, in a new record."""
    return _lines(user_text, "\n").removesuffix("\n")


def _lines(user_text: str, newline: str, level: int = 3) -> str:
    """User text made safe to stand below a heading of `level`, with a line break at its end."""
    out, fence = [], ""
    for line in _bare(user_text).split("\n"):
        fence, inside = _follow_fence(line, fence)
        heads = is_conflict_edge(line) or (not inside and _is_heading(line, level))
        out.append(f"\\{line}" if heads or _escaped(line) else line)
    if fence:
        out.append(fence)
    return "".join(line + newline for line in out)


def _escaped(line: str) -> bool:
    """Whether a line is one that `_lines` escaped, or would have to escape for looking like it."""
    bare = line.lstrip("\\")
    return bare != line and (_is_heading(bare, 3) or is_conflict_edge(bare))


def _is_heading(line: str, level: int) -> bool:
    """Whether a line is a heading of `level` or above."""
    found = _HEADING.match(line)
    return bool(found and len(found[1]) <= level)


def _title(text: str) -> str:
    """A heading's text without blanks around it and number signs closing it."""
    text = text.strip(_BLANKS)
    bare = text.rstrip("#")
    return bare.rstrip(_BLANKS) if bare[-1:] in (" ", "\t", "") else text


def _bare(text: str) -> str:
    """`text` with LF line ends, without empty lines before it and blanks behind it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip(_BLANKS)


def _open_fence(text: str) -> str:
    """The code fence that is still open at the end of `text`; empty if there is none."""
    fence = ""
    for line in text.split("\n"):
        fence, _ = _follow_fence(line.rstrip("\r"), fence)
    return fence


def _follow_fence(line: str, fence: str) -> tuple[str, bool]:
    """The open code fence after `line` (empty: none), and whether the line belongs to a code block."""
    found = _FENCE.match(line)
    if not fence:
        opens = found and not (found[1][0] == "`" and "`" in found[2])
        return (found[1], True) if found and opens else ("", False)
    closes = found and found[1][0] == fence[0] and len(found[1]) >= len(fence) and not found[2].strip()
    return ("" if closes else fence), True
