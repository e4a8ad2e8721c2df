"""The links in a record's Markdown body: what they name, and where they stand.

Enough of CommonMark (https://spec.commonmark.org/0.31.2/#links) to tell links from code and comments.
Whatever a text looks like, reading it takes time in proportion to its length.
"""

from __future__ import annotations

import html
import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})(.*)$")
_MAY_BE_CODE = re.compile(r"```|~~~|^ {0,3}(?:\t| {4})", re.MULTILINE)
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TICKS = re.compile(r"`+")
_GAP = re.compile(r"\n[ \t\r]*\n")
_OPEN = re.compile(r"(?<!\\)\[")
_INLINE = re.compile(r"(?<!\\)\]\(")
_DEFINITION = re.compile(
    r"^ {0,3}\[(?!\^)[^\]\[\n]{1,999}\]:[ \t]*\n?[ \t]*(<[^<>\n]*>|[^\s<]\S*)", re.MULTILINE
)
_TAG = re.compile(
    r"""<(?:a|img)\b[^<>]{0,500}?\b(?:href|src)[ \t]*=[ \t]*["']([^"'<>\n]*)["']""", re.IGNORECASE
)
_TITLE = re.compile(r"""(?:\s+(?:"[^"]{0,500}"|'[^']{0,500}'|\([^()]{0,500}\)))?\s*\)""")
_DESTINATION = re.compile(r"\s{0,9}(?:<([^<>\n]*)>|)")
_ENDS = re.compile(r"\\.|[()\s]")
_LONGEST = 4096
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|\?", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_NEAR = 2000
"""Characters before ``](`` among which a bracket has to open."""


_DEEPEST = 8
"""Brackets within brackets in a destination; CommonMark asks for three at least."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a file: its path as the link names it, decoded and without anchor, and its offset."""

    path: str
    offset: int


def prose(text: str, start: int, *, code: bool = False) -> str:
    """`text` from `start` on with code blocks and comments blanked, and all before; offsets stay.

    With `code` what stands in backticks within a line of text is kept.
    """
    shown = _blanked(text[:start]) + text[start:]
    if _MAY_BE_CODE.search(shown, start):
        shown = shown[:start] + "".join(_outside_blocks(shown[start:]))
    if "<!--" in shown:
        shown = _COMMENT.sub(_blank, shown)
    return shown if code else _without_spans(shown)


def links(text: str, start: int) -> list[Link]:
    """The links to files in a body that begins at `start`; those to other places on the web left out."""
    if not any(sign in text for sign in ("](", "]:", "<a", "<A", "<img", "<IMG")):
        return []
    shown = prose(text, start)
    found = list(_inline(shown))
    if "]:" in shown:
        found += ((one[1].strip("<>"), one.start(1)) for one in _DEFINITION.finditer(shown))
    if "<" in shown:
        found += ((one[1], one.start(1)) for one in _TAG.finditer(shown))
    named = (Link(_path(target), at) for target, at in found if not _ELSEWHERE.match(target))
    return sorted((link for link in named if link.path), key=lambda link: link.offset)


def _path(target: str) -> str:
    """The path that a destination names: neither anchor nor query, nothing escaped."""
    plain = target.strip()
    if "\\" in plain or "&" in plain:
        plain = html.unescape(_ESCAPED.sub(r"\1", plain))
    bare = plain.partition("#")[0].partition("?")[0]
    return unquote(bare, errors="surrogateescape").replace("\0", "")


def _inline(shown: str) -> Iterator[tuple[str, int]]:
    opened = [one.start() for one in _OPEN.finditer(shown)]
    for found in _INLINE.finditer(shown):
        before = bisect(opened, found.start())
        if not before or opened[before - 1] < found.start() - _NEAR:
            continue
        at = found.end()
        angled = _DESTINATION.match(shown, at)
        if angled and angled[1] is not None:
            target, at, end = angled[1], angled.start(1), angled.end()
        else:
            at = angled.end() if angled else at
            end = _bare_end(shown, at)
            target = shown[at:end]
        if _TITLE.match(shown, end):
            yield target, at


def _bare_end(shown: str, at: int) -> int:
    """Where a destination without angle brackets ends: at a blank, or the bracket that closes the link."""
    depth = 0
    for found in _ENDS.finditer(shown, at, at + _LONGEST):
        if found[0] == "(" and depth < _DEEPEST:
            depth += 1
        elif found[0] == ")" and depth:
            depth -= 1
        elif not found[0].startswith("\\"):
            return found.start()
    return min(len(shown), at + _LONGEST)


def _outside_blocks(body: str) -> Iterator[str]:
    """The lines of a body, those of fenced and indented code blanked."""
    fence, after_blank, in_list, indented = "", True, False, False
    for line in _LINE.findall(body):
        bare = line.rstrip("\r\n")
        opens = _FENCE.match(bare)
        if fence:
            closes = (
                opens and opens[1][0] == fence[0] and len(opens[1]) >= len(fence) and not opens[2].strip()
            )
            fence = "" if closes else fence
            yield _blanked(line)
        elif opens and not (opens[1][0] == "`" and "`" in opens[2]) and not _is_deep(bare, in_list):
            fence = opens[1]
            yield _blanked(line)
        elif bare.strip() and _is_deep(bare, in_list) and (after_blank or indented):
            indented = True
            yield _blanked(line)
        else:
            yield line
            indented = indented and not bare.strip()
        if bare.strip():
            in_list = bool(_ITEM.match(bare)) or (in_list and bare[0] in " \t")
        after_blank = not bare.strip()


def _is_deep(line: str, in_list: bool) -> bool:
    """Whether a line is indented as code is; in a list that is how items go on."""
    return not in_list and line.startswith(("    ", "\t", " \t", "  \t", "   \t"))


def _without_spans(shown: str) -> str:
    """The text with code in backticks blanked: a span ends at as many backticks, in the same paragraph."""
    runs = [(one.start(), one.end()) for one in _TICKS.finditer(shown)]
    if not runs:
        return shown
    ends = [gap.start() for gap in _GAP.finditer(shown)] + [len(shown)]
    nearest: dict[tuple[int, int], int] = {}  # by paragraph and length, the next run from here on
    closing: dict[int, int] = {}
    paragraph = len(ends) - 1
    for number in range(len(runs) - 1, -1, -1):
        start, end = runs[number]
        while paragraph and ends[paragraph - 1] >= start:
            paragraph -= 1
        if (paragraph, end - start) in nearest:
            closing[number] = nearest[paragraph, end - start]
        nearest[paragraph, end - start] = number
    out, at, number = [], 0, 0
    while number < len(runs):
        last = closing.get(number)
        if last is None or shown[runs[number][0] - 1 : runs[number][0]] == "\\":
            number += 1
            continue
        out += [shown[at : runs[number][0]], _blanked(shown[runs[number][0] : runs[last][1]])]
        at, number = runs[last][1], last + 1
    return "".join([*out, shown[at:]])


def _blank(found: re.Match[str]) -> str:
    return _blanked(found[0])


def _blanked(text: str) -> str:
    """A text of the same length and lines with nothing in it."""
    return "\n".join([" " * len(line) for line in text.split("\n")])
