"""Headings, anchors and links of a Markdown page, code and comments left out.

A reader of lines and paragraphs, no renderer: what GitHub Flavored Markdown calls fenced and indented code,
HTML comments, ``pre``, ``script`` and ``style``, code spans and escapes is passed over.  Anchors are those
that GitHub, GitLab, Python-Markdown or an attribute make of a heading: the page does not say which of them
renders it.  https://github.github.com/gfm/, https://github.com/gjtorikian/html-pipeline (toc_filter.rb)
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

_QUOTE = re.compile(r" {0,3}(?:>[ \t]?)+")
_FENCE = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)$")
_ATX = re.compile(r" {0,3}(#{1,6})([ \t].*)?$")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)")
_DEFINITION = re.compile(r"[ \t]*\[[^\]^][^\]]*\]:[ \t]*(?:<([^>]*)>|(\S+))")
_RAW = re.compile(r"[ \t]*<(pre|script|style|textarea)\b", re.IGNORECASE)
_BACKTICKS = re.compile(r"`+")
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_REFERENCE = re.compile(r"""\s(?:href|src)\s?=\s?(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_NAMED = re.compile(r"""\s(?:id|name)\s?=\s?(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_OWN_ID = re.compile(r"\{[^{}]*#([\w:.-]+)[^{}]*\}\s*$")
# bounded, so that no page, whatever it holds, takes long
_DESTINATION = re.compile(
    r"\(\s{0,99}(?:<([^<>\n]{0,4000})>|((?:[^\s()\\]|\\.|\([^\s()]{0,4000}\)){1,4000}))"
    r"""\s{0,99}(?:["'(][^\n]{0,999}?["')]\s{0,99})?\)"""
)
_MAX_HEADING = 1000


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it is written, without its marks; ``line`` counts from 1."""

    line: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """What a link or an image leads to, as it is written; ``line`` counts from 1."""

    line: int
    target: str


@dataclass
class Page:
    """A page's headings and links in order, and the ids that HTML tags in it give."""

    headings: list[Heading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def anchors(self) -> set[str]:
        """The fragments that lead into the page, in lower case: more than any one renderer makes."""
        found = {one.lower() for one in self.ids}
        seen: Counter[str] = Counter()
        for heading in self.headings:
            for slug in _slugs(heading.text):
                found |= {slug, f"{slug}-{seen[slug]}", f"{slug}_{seen[slug]}"} if seen[slug] else {slug}
                seen[slug] += 1
        return found


def read_page(text: str) -> Page:
    """What a Markdown text holds."""
    page = Page()
    for start, lines in _paragraphs(text, page):
        prose = "\n".join(lines)
        prose = _without_comments(_without_code(prose))
        page.ids.update(one for _, one in _attributes(prose, _NAMED) if one)
        places = sorted([*_inline(prose), *_attributes(prose, _REFERENCE), *_definitions(prose)])
        breaks = [found.start() for found in re.finditer("\n", prose)]
        page.links += [Link(start + bisect_left(breaks, at), target) for at, target in places]
    page.links.sort(key=lambda one: one.line)
    return page


def _paragraphs(text: str, page: Page) -> Iterator[tuple[int, list[str]]]:
    """The runs of lines that are prose with the number of the first; headings are put down on the way."""
    run: list[str] = []
    blocks, in_list, before = _Blocks(), False, ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    begin = _behind_front_matter(lines)
    for number, whole in enumerate(lines[begin:], begin + 1):
        quoted = _QUOTE.match(whole)
        line = whole[quoted.end() :] if quoted else whole
        ends = True
        if blocks.has(line) or not line.strip():
            pass
        elif not run and not in_list and _INDENTED.match(line) and not before.strip():
            line = ""  # code: so that the line below it, too, has an empty one above
        elif heading := _ATX.match(line):
            page.headings.append(Heading(number, len(heading[1]), _heading(heading[2] or "")))
            in_list = False
            yield number, [heading[2] or ""]
        elif (under := _SETEXT.match(line)) and run and not _ITEM.match(run[0]) and "|" not in run[-1]:
            level = 1 if under[1][0] == "=" else 2
            page.headings.append(Heading(number - len(run), level, " ".join(run)[:_MAX_HEADING].strip()))
        else:
            in_list = bool(_ITEM.match(line)) or (in_list and (bool(run) or line[0] in " \t"))
            run.append(line)
            ends = False
        if ends and run:
            yield number - len(run), run
            run = []
        before = line
    if run:
        yield len(lines) - len(run) + 1, run


@dataclass
class _Blocks:
    """Where the text is in a block that is no prose: what it was opened by, empty outside of one."""

    fence: str = ""
    tag: str = ""

    def has(self, line: str) -> bool:
        """Whether a line, the next one, belongs to such a block or opens one."""
        found = _FENCE.match(line)
        if self.fence:
            closes = found and found[1].startswith(self.fence) and not found[2].strip()
            self.fence = "" if closes else self.fence
        elif self.tag:
            self._close(line)
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            self.fence = found[1]
        elif line.lstrip().startswith("<!--") and "-->" not in line:
            self.tag = "-->"
        elif opened := _RAW.match(line):
            self.tag = f"</{opened[1].lower()}"
            self._close(line)
        else:
            return False
        return True

    def _close(self, line: str) -> None:
        self.tag = "" if self.tag in line.lower() else self.tag


def _behind_front_matter(lines: list[str]) -> int:
    """How many lines of YAML or TOML stand before the text."""
    fence = lines[0].lstrip("\ufeff").rstrip()
    if fence not in ("---", "+++"):
        return 0
    return next((at + 1 for at, line in enumerate(lines[1:], 1) if line.rstrip() == fence), 0)


def _without_code(prose: str) -> str:
    """Blanks in place of code spans: what stands between two runs of backticks of one length."""
    runs = [(found.start(), found.end()) for found in _BACKTICKS.finditer(prose)]
    last: dict[int, list[int]] = {}
    for start, end in runs:
        last.setdefault(end - start, []).append(start)
    out, at = [], 0
    for start, end in runs:
        if start < at or prose[start - 1 : start] == "\\":
            continue
        same = last[end - start]
        later = bisect_left(same, end)
        if later < len(same):
            out += [prose[at:start], _blanks(prose[start : same[later] + end - start])]
            at = same[later] + end - start
    return "".join([*out, prose[at:]])


def _without_comments(prose: str) -> str:
    """Blanks in place of HTML comments."""
    out, at = [], 0
    while (start := prose.find("<!--", at)) >= 0 and (end := prose.find("-->", start)) >= 0:
        out += [prose[at:start], _blanks(prose[start : end + 3])]
        at = end + 3
    return "".join([*out, prose[at:]])


def _blanks(text: str) -> str:
    """As many blanks, line breaks kept: so offsets keep their meaning."""
    return re.sub(r"[^\n]", " ", text)


def _inline(prose: str) -> Iterator[tuple[int, str]]:
    """Offset and target of ``[text](target)``, also of images; a bracket after ``\\`` is none."""
    opened = 0
    skip = False
    for at, sign in enumerate(prose):
        if skip:
            skip = False
        elif sign == "\\":
            skip = True
        elif sign == "[":
            opened += 1
        elif sign == "]" and opened:
            opened -= 1
            found = _DESTINATION.match(prose, at + 1) if prose.startswith("(", at + 1) else None
            if found:
                yield at, re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", found[1] or found[2] or "")


def _attributes(prose: str, wanted: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Offset and value of some attributes of HTML tags."""
    for tag in _TAG.finditer(prose):
        for found in wanted.finditer(tag[0]):
            yield tag.start(), unescape(found[1] or found[2] or "")


def _definitions(prose: str) -> Iterator[tuple[int, str]]:
    """Targets of ``[name]: target``, one a line."""
    at = 0
    for line in prose.split("\n"):
        if found := _DEFINITION.match(line):
            yield at, found[1] or found[2]
        at += len(line) + 1


def _heading(text: str) -> str:
    """What stands on the line of a heading, without the marks that may close it."""
    text = text[:_MAX_HEADING].strip()
    bare = text.rstrip("#")
    return bare.rstrip() if bare[-1:] in ("", " ", "\t") else text


def _slugs(heading: str) -> set[str]:
    """The fragments that one renderer or another makes of a heading, in lower case."""
    own = _OWN_ID.search(heading)
    text = heading[: own.start()] if own else heading
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)|<[^>]*>", "", text)
    text = unescape(re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])", r"\1", text))
    plain = re.sub(r"(?<!\w)_+|_+(?!\w)", "", text)
    forms = {text, plain, re.sub(r":[\w+-]+:", "", plain), re.sub(r"\\(.)", r"\1", plain)}
    dashed = {re.sub(r"[^\w\- ]", "", form.lower()).replace(" ", "-") for form in forms}
    dashed |= {one.strip("-") for one in dashed} | {form.strip().lower().replace(" ", "-") for form in forms}
    found = dashed | {re.sub(r"-+", "-", one) for one in dashed}
    return {one.lower() for one in ({*found, own[1]} if own else found)}
