"""Guidance in templates: ``{what to write here}`` and HTML comments, taken out of what was made from them.

The placeholders are those of MADR's own templates (https://github.com/adr/madr/tree/develop/template), so
that these can be used as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from taskorch.errors import BadRecord
from taskorch.records import sections

_PLACEHOLDER = re.compile(r"\{[^{}\n]*(?:\{[^{}\n]*\}[^{}\n]*)*\}")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_AND_SO_ON = ("* …", "* ...", "- …", "- ...")
_CUT = "\0"  # no record holds one: it stands where a comment was


@dataclass(frozen=True, slots=True)
class Guidance:
    """What a template says to its reader: whole lines, placeholders in them, and comments."""

    lines: frozenset[str]
    placeholders: frozenset[str]
    comments: frozenset[str]


def is_guidance(line: str) -> bool:
    """Whether a line of a template is there to be replaced."""
    bare = _COMMENT.sub("", line).strip()
    holds = bool(_PLACEHOLDER.search(bare)) and "{{" not in bare
    return holds or bare in _AND_SO_ON or (not bare and "<!--" in line)


def guidance_of(templates: Iterable[str]) -> Guidance:
    """All guidance of some templates."""
    comments: set[str] = set()
    lines: set[str] = set()
    for text in templates:
        comments.update(_COMMENT.findall(text))
        lines.update(line.rstrip() for line in _COMMENT.sub("", text).split("\n") if is_guidance(line))
    found = {place for line in lines for place in _PLACEHOLDER.findall(line)}
    return Guidance(frozenset(lines), frozenset(found), frozenset(comments))


def without_guidance(text: str, said: Guidance, start: int, path: str) -> str:
    """`text` without the guidance from offset `start` on.

    Raises BadRecord, with the line, where a placeholder is left in a line that was written, and for a text
    with NUL characters.
    """
    body = text[start:]
    if _CUT in body:
        at = text.count("\n", 0, text.index(_CUT, start)) + 1
        raise BadRecord("a NUL character", path=path, line=at, hint="take it out: records are text")
    for comment in said.comments:
        body = body.replace(comment, _CUT + f"\n{_CUT}" * comment.count("\n"))
    out: list[str] = []
    cut = False
    for number, line in enumerate(body.split("\n"), text.count("\n", 0, start) + 1):
        bare = line.replace(_CUT, "").rstrip() if _CUT in line else line
        if bare.rstrip() in said.lines or (bare != line and not bare):
            cut = True
            continue
        _refuse_left(bare, said, number, path)
        if bare.strip() or not cut or (out and out[-1].strip()):
            out.append(bare)
        cut = cut and not bare.strip()
    return text[:start] + "\n".join(out)


def without_empty_sections(text: str, start: int) -> str:
    """`text` without the headings below the first level that have nothing below them."""
    every = sections.sections(text, start)
    ends = [*(one.heading for one in every), len(text)][1:]
    kept, parts, behind = 0, [], len(text)
    for one, end in zip(reversed(every), reversed(ends), strict=True):
        if one.level == 1 or text[one.start : end].strip() or kept > one.level:
            kept = one.level
        else:
            parts.append(text[end:behind])
            behind = one.heading
    return "".join([text[:behind], *reversed(parts)])


def _refuse_left(line: str, said: Guidance, number: int, path: str) -> None:
    left = next((place for place in _PLACEHOLDER.findall(line) if place in said.placeholders), None)
    if left:
        raise BadRecord(
            f"the template's {left} still stands here", path=path, line=number,
            hint="write in its place what it asks for, or take the line out",
        )  # fmt: skip
