"""Headings, anchors and links of a Markdown page, code and comments left out.

markdown-it-py reads the page as CommonMark with GitHub's tables.  Anchors are those that GitHub, GitLab,
Python-Markdown or an attribute make of a heading: the page does not say which of them renders it.
https://spec.commonmark.org/0.31.2/, https://github.com/gjtorikian/html-pipeline (toc_filter.rb)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# html.parser takes a minute for a page of tags that never end
_COMMENT = re.compile(r"<!--(?:(?!-->)[\s\S])*+(?:-->)?")
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_REFERENCE = re.compile(r"""\s(?:href|src)\s?=\s?(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_NAMED = re.compile(r"""\s(?:id|name)\s?=\s?(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_OWN_ID = re.compile(r"\{[^{}]*#([\w:.-]+)[^{}]*\}\s*$")
_TARGETS = {"link_open": "href", "image": "src"}
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
    page, env = Page(), dict[str, Any]()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    begin = _behind_front_matter(lines)
    tokens = _reader().parse("\n".join(lines[begin:]), env)
    for number, token in enumerate(tokens):
        line = begin + 1 + (token.map[0] if token.map else 0)
        if token.type == "heading_open":
            words = " ".join(tokens[number + 1].content.split("\n"))[:_MAX_HEADING].strip()
            page.headings.append(Heading(line, int(token.tag[1:]), words))
        elif token.type == "html_block":
            _read_html(token.content, line, page)
        elif token.type == "inline":
            _read_inline(token, line, page)
    defined = [
        *env.get("references", {}).items(),
        *((one["label"], one) for one in env.get("duplicate_refs", ())),
    ]
    for label, one in defined:
        if not label.startswith("^"):  # a footnote of one word
            page.links.append(Link(begin + 1 + one["map"][0], one["href"]))
    page.links.sort(key=lambda one: one.line)
    return page


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt  # slow to load

    class Reader(MarkdownIt):
        """Gives targets as they are written, whatever they are."""

        def normalizeLink(self, url: str) -> str:
            return url

        def validateLink(self, url: str) -> bool:
            return True

    return Reader("commonmark", {"store_labels": True}).enable("table")


def _behind_front_matter(lines: Sequence[str]) -> int:
    """How many lines of YAML or TOML stand before the text."""
    fence = lines[0].lstrip("\ufeff").rstrip()
    if fence not in ("---", "+++"):
        return 0
    return next((at + 1 for at, line in enumerate(lines[1:], 1) if line.rstrip() == fence), 0)


def _read_inline(token: Token, line: int, page: Page) -> None:
    """Put down the links of a paragraph, a heading or a cell, which begins at a line."""
    at, flat = 0, token.content.replace("\n", " ")
    for one in token.children or ():
        target = one.attrs.get(_TARGETS.get(one.type, ""))
        if target and one.markup != "autolink" and "label" not in one.meta:  # the label's definition counts
            page.links.append(Link(line, str(target)))
        elif one.type == "html_inline":
            _read_html(one.content, line, page)
            line += one.content.count("\n")
        elif one.type == "code_inline":  # its line breaks were made blanks
            start = flat.find(one.content, at)
            at = start + len(one.content)
            line += token.content.count("\n", start, at)
        elif one.type in ("softbreak", "hardbreak"):
            line += 1


def _read_html(text: str, line: int, page: Page) -> None:
    """Put down the links and ids of HTML tags; the text begins at a line."""
    text = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    page.ids.update(one for _, one in _attributes(text, _NAMED) if one)
    page.links += [Link(line + text.count("\n", 0, at), one) for at, one in _attributes(text, _REFERENCE)]


def _attributes(text: str, wanted: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Offset and value of some attributes of HTML tags."""
    for tag in _TAG.finditer(text):
        for found in wanted.finditer(tag[0]):
            yield tag.start(), unescape(found[1] or found[2] or "")


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
