"""The sections of a task of Backlog.md, by their headings and the comments that mark them.

As there, a section goes up to the next heading that Backlog.md knows: another heading belongs to the
text above it.  What stands between two marks is text whatever it looks like.
"""

from __future__ import annotations

import re
from bisect import bisect

DESCRIPTION, CRITERIA, DONE, PLAN = "description", "criteria", "definition of done", "plan"
NOTES, COMMENTS, SUMMARY = "notes", "comments", "summary"

_TITLES = {
    "description": DESCRIPTION, "acceptance criteria": CRITERIA, "definition of done": DONE,
    "implementation plan": PLAN, "implementation notes": NOTES, "notes": NOTES, "notes & comments": NOTES,
    "comments": COMMENTS, "final summary": SUMMARY,
}  # fmt: skip
_MARKED = {
    "SECTION:DESCRIPTION": DESCRIPTION, "AC": CRITERIA, "DOD": DONE, "SECTION:PLAN": PLAN,
    "SECTION:NOTES": NOTES, "COMMENTS": COMMENTS, "SECTION:FINAL_SUMMARY": SUMMARY,
}  # fmt: skip
_HEADING = re.compile(r"##[ \t]+(.+?)(?:[ \t]+\(optional\))?[ \t]*#*[ \t]*$", re.IGNORECASE)
_MARK = re.compile(r"[ \t]*<!-- ([A-Z][A-Z_:]*):(BEGIN|END) -->[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)$")
_META = re.compile(r"([A-Za-z_]+):[ \t]*(.*)$")
_COMMENT = re.compile(r"<!-- COMMENT:BEGIN -->\n(.*?)<!-- COMMENT:END -->", re.DOTALL)


def split(body: str) -> dict[str, str]:
    """The text of each section; several of one kind one below the other."""
    lines = body.split("\n")
    ends, fenced = _ends(lines), _fenced(lines)
    found: dict[str, list[str]] = {}
    now, at = DESCRIPTION, 0
    while at < len(lines):
        line = lines[at]
        if at in ends:
            marked = _MARKED[_mark(line)[0]]
            found.setdefault(marked, []).append("\n".join(lines[at + 1 : ends[at]]))
            now, at = marked, ends[at] + 1
            continue
        heading = None if at in fenced else _HEADING.match(line)
        if heading:
            title = heading[1].strip().lower()
            now = _TITLES.get(title) or (DESCRIPTION if now in (CRITERIA, DONE, COMMENTS) else now)
        if not (heading and title in _TITLES) and (line.strip() or found.get(now)):
            found.setdefault(now, []).append(line)
        at += 1
    return {name: "\n".join(texts).strip("\n").rstrip() for name, texts in found.items()}


def _mark(line: str) -> tuple[str, str]:
    found = _MARK.match(line)
    return (found[1], found[2]) if found else ("", "")


def _ends(lines: list[str]) -> dict[int, int]:
    """Where the text ends that begins at a line with a mark; a mark without its other end is text."""
    ends: dict[int, int] = {}
    closing: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        name, side = _mark(line)
        if side == "END" and name in _MARKED:
            closing.setdefault(name, []).append(at)
    past = -1
    for at, line in enumerate(lines):
        name, side = _mark(line)
        if at > past and side == "BEGIN" and name in _MARKED:
            later = closing.get(name, [])
            place = bisect(later, at)
            if place < len(later):
                ends[at] = past = later[place]
    return ends


def _fenced(lines: list[str]) -> set[int]:
    """The lines in code fences; one that is never closed is none."""
    inside: set[int] = set()
    opened, mark = -1, ""
    for at, line in enumerate(lines):
        found = _FENCE.match(line)
        if found and opened < 0:
            opened, mark = at, found[1]
        elif found and found[1][0] == mark[0] and len(found[1]) >= len(mark) and not found[2].strip():
            inside.update(range(opened, at + 1))
            opened = -1
    return inside


def comments(text: str) -> tuple[tuple[tuple[str, str, str], ...], str]:
    """The comments of their section, each when, who and text; and what is none."""
    older = _COMMENT.findall(text)
    if older:
        parted = [block.strip().partition("\n\n") for block in older]
        made = [_comment(meta.split("\n"), rest) if rest else ("", "", meta) for meta, _, rest in parted]
        return tuple(made), _COMMENT.sub("", text).strip()
    parts: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip() == "---":
            parts.append([])
        else:
            parts[-1].append(line)
    found = [
        _comment(meta, "\n".join(body)) for meta, body in zip(parts[0:-1:2], parts[1:-1:2], strict=False)
    ]
    rest = parts[-1] if len(parts) % 2 else [*parts[-2], *parts[-1]]
    return tuple(found), "\n".join(rest).strip()


def _comment(meta: list[str], body: str) -> tuple[str, str, str]:
    said = dict[str, str]()
    odd = []
    for line in meta:
        found = _META.match(line)
        if found and found[1].lower() in ("author", "created", "index"):
            said[found[1].lower()] = found[2].strip()
        elif line.strip():
            odd.append(line)
    return said.get("created", ""), said.get("author", ""), "\n".join([*odd, body.strip("\n")])
