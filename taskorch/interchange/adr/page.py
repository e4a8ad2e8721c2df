"""A decision's file as text: front matter, headings, and its Markdown with what is no text blanked out.

Comments and code are replaced by as many spaces, and odd blanks and line ends by common ones, so
that offsets into the plain text are offsets into the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from taskorch.errors import BadRecord
from taskorch.interchange.adr.adr import Problem
from taskorch.records import frontmatter
from taskorch.records.document import Entry

_BLANKS = "\ufeff\u00a0\u2007\u202f\u200b\u2060\u3000\x0c"
_NO_TEXT = re.compile(r"<!--|`{3,}|~{3,}")
_BEFORE_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?")
_NOT_BREAK = re.compile(r"[^\n]")
# The line break before a line is part of these: searching for it is fast, for line starts it is not.
_ATX = re.compile(r"\n {0,3}(#{1,6})(?:[ \t]+|(?=[A-Z]|\d+[.:] ))(\S[^\n]*)")
_ASCIIDOC = re.compile(r"\n(={1,6})[ \t]+(\S[^\n]*)")
_SETEXT = re.compile(r"\n {0,3}(=|-)\1{2,}[ \t]*(?=\n|$)")
_OVER = re.compile(r" {0,3}(?![-=>#|*+])\S[^\n]*")
_RST = re.compile(r"^(\S[^\n]*)\n([=\-~^\"'`*+#:.])\2{2,}[ \t]*$", re.MULTILINE)
_OPENING = re.compile(r"[\ufeff \t\r\n]*---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_KEY = re.compile(r"[ \t]*([A-Za-z][\w -]{0,40}?)[ \t]*:(?:[ \t]+|$|(?=[^/\s]))(.*?)[ \t]*\r?$")


class Heading(NamedTuple):
    """A heading: its level, its text, the offsets of the text, and where its line and content begin."""

    level: int
    text: str
    start: int
    text_start: int
    content: int


@dataclass(slots=True)
class Page:
    """A file's text, its front matter by key, its plain text and headings."""

    path: str
    text: str
    front: dict[str, Entry]
    body_start: int
    plain: str
    headings: list[Heading]
    problems: list[Problem]

    def line(self, offset: int) -> int:
        """The line, from 1, of an offset."""
        return self.text.count("\n", 0, offset) + 1

    def section_end(self, place: int) -> int:
        """Where the content of the heading at index `place` ends: at the next heading of any level."""
        return self.headings[place + 1].start if place + 1 < len(self.headings) else len(self.plain)


def read_page(path: str, text: str) -> Page:
    """The parts of a file's text.  What is wrong with it is among its problems."""
    page = Page(path, text, {}, 0, "", [], [])
    _read_front(page)
    page.plain = _plain(text, page)
    page.headings = _headings(page)
    return page


def _plain(text: str, page: Page) -> str:
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    if text.startswith(frontmatter.BOM):
        text = "\n" + text[1:]  # what follows is the first line
    if not text.isascii():
        for blank in _BLANKS:
            if blank in text:
                text = text.replace(blank, " ")
    if "```" in text or "~~~" in text or "<!--" in text:
        text = _without_code(text)
    if "<<<<<<<" in text or ">>>>>>>" in text:
        text = _without_conflicts(text, page)
    return text


def _without_code(text: str) -> str:
    """`text` with comments and fenced code blanked out, each where it begins first."""
    out, at = [], 0
    while found := _NO_TEXT.search(text, at):
        line_start = text.rfind("\n", 0, found.start()) + 1
        if found[0] == "<!--":
            end = text.find("-->", found.end())
            end = len(text) if end < 0 else end + 3
            quoted = text[found.start() - 1 : found.start()] == "`" and "`" in text[found.end() : end]
        else:
            end = _fence_end(text, found)
            lead = _BEFORE_FENCE.fullmatch(text, line_start, found.start())
            quoted = not lead or end < 0
        if quoted:
            out.append(text[at : found.end()])
            at = found.end()
        else:
            out += [text[at : found.start()], _NOT_BREAK.sub(" ", text[found.start() : end])]
            at = end
    return "".join([*out, text[at:]])


def _fence_end(text: str, found: re.Match[str]) -> int:
    """Where the code ends that a fence begins; -1 if it is no fence."""
    line_end = text.find("\n", found.end())
    if line_end < 0 or (found[0][0] == "`" and "`" in text[found.end() : line_end]):
        return -1 if line_end >= 0 else len(text)
    at = line_end
    while (at := text.find(found[0], at)) >= 0:
        line_start = text.rfind("\n", 0, at) + 1
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        if not text[line_start:at].strip(" \t>") and not text[at:stop].strip(" \t\r" + found[0][0]):
            return stop
        at = stop
    return len(text)


def _without_conflicts(text: str, page: Page) -> str:
    """`text` with both sides of unresolved merges blanked out: neither is a fact."""
    out, inside, at = [], False, 0
    for line in text.split("\n"):
        edge = frontmatter.is_conflict_edge(line.rstrip())
        if edge and line.startswith("<") and not inside and "\n=======" in text[at:]:
            inside = True
            page.problems.append(Problem(page.path, page.line(at), "conflict markers of an unresolved merge"))
            out.append(" " * len(line))
        elif inside:
            inside = not (edge and line.startswith(">"))
            out.append(" " * len(line))
        else:
            out.append(line)
        at += len(line) + 1
    return "\n".join(out)


def _headings(page: Page) -> list[Heading]:
    plain, path = page.plain, page.path.lower()
    if path.endswith(".rst"):
        return _underlined(page)
    pattern = _ASCIIDOC if path.endswith((".adoc", ".asciidoc")) else _ATX
    # Where the body is the whole file, a line break is put before it: offsets then count from -1.
    shift = page.body_start == 0
    if shift:
        plain = "\n" + plain
    start, size = max(page.body_start - 1, 0), len(page.plain)
    out = [
        Heading(
            len(found[1]),
            found[2].rstrip(),
            found.start() + 1 - shift,
            found.start(2) - shift,
            min(found.end() + 1 - shift, size),
        )
        for found in pattern.finditer(plain, start)
    ]
    if pattern is _ATX and (plain.find("\n---", start) >= 0 or plain.find("\n===", start) >= 0):
        out += _setext(plain, start, shift, size)
        out.sort(key=lambda heading: heading.start)
    return out


def _setext(plain: str, start: int, shift: int, size: int) -> list[Heading]:
    """The headings that are single lines with a line of ``=`` or ``-`` below them."""
    out = []
    for found in _SETEXT.finditer(plain, start):
        line_start = plain.rfind("\n", 0, found.start()) + 1
        before = plain[plain.rfind("\n", 0, max(line_start - 1, 0)) + 1 : max(line_start - 1, 0)]
        title = _OVER.fullmatch(plain, line_start, found.start())
        if title and line_start > start and (not before.strip() or line_start - 1 <= start):
            words = title[0].strip()
            text_start = line_start + title[0].index(words[0])
            level = 1 if found[1] == "=" else 2
            out.append(
                Heading(
                    level, words, line_start - shift, text_start - shift, min(found.end() + 1 - shift, size)
                )
            )
    return out


def _underlined(page: Page) -> list[Heading]:
    """reStructuredText's headings: the first character that underlines one is that of the first level."""
    marks: list[str] = []
    out = []
    for found in _RST.finditer(page.plain, page.body_start):
        if set(found[1].strip()) <= set("=-~^\"'`*+#:."):
            continue
        if found[2] not in marks:
            marks.append(found[2])
        level, end = marks.index(found[2]) + 1, min(found.end() + 1, len(page.plain))
        out.append(Heading(level, found[1].rstrip(), found.start(1), found.start(1), end))
    return out


def _read_front(page: Page) -> None:
    """Fill in the front matter and where the body begins."""
    opening = _OPENING.match(page.text)
    if not opening:
        page.body_start = 1 if page.text.startswith("\ufeff") else 0
        return
    first = _first_line(page.text, opening.end())
    closing = _CLOSING.search(page.text, opening.end())
    if closing and (_KEY.match(first) or not page.text[opening.end() : closing.start()].strip()):
        page.body_start = min(closing.end() + 1, len(page.text))
        _read_head(page, opening.end() - len(opening[0].lstrip("\ufeff \t\r\n")), opening.end(), closing)
    elif _KEY.match(first):
        page.problems.append(
            Problem(page.path, page.line(opening.end() - 1), "the front matter has no closing '---'")
        )
        page.body_start = _scan(page, opening.end(), len(page.text), stop_at_text=True)
    else:
        page.body_start = opening.end()


def _read_head(page: Page, start: int, content: int, closing: re.Match[str]) -> None:
    """Read front matter as YAML, or line by line where it is none."""
    head = page.text[: page.body_start]
    try:
        if start or closing[0].startswith("..."):
            # The scanner wants plain fences, with nothing before them.
            head = f"---{head[start + 3 : closing.start()]}---\n"
            document = frontmatter.parse(head, page.path)
            page.front = {entry.key: _moved(entry, start) for entry in document.entries.values()}
        else:
            page.front = frontmatter.parse(head, page.path).entries
    except BadRecord as bad:
        line = bad.line + page.text.count("\n", 0, start)
        page.problems.append(Problem(page.path, line, bad.message))
        _scan(page, content, closing.start())


def _moved(entry: Entry, by: int) -> Entry:
    return Entry(
        entry.key, entry.value, entry.start + by, entry.end + by, entry.colon_end + by,
        entry.value_start + by, entry.value_end + by, None,
    )  # fmt: skip


def _scan(page: Page, at: int, stop: int, stop_at_text: bool = False) -> int:
    """Read ``key: value`` lines of front matter that is no YAML; a key that stands twice says nothing.

    Gives the offset of the first line that is none, if it shall stop there.
    """
    twice: set[str] = set()
    for line in page.text[at:stop].split("\n"):
        found = _KEY.match(line)
        bare = line.strip()
        if stop_at_text and not found and not (bare.startswith("- ") and page.front):
            return at
        if found and found[2] and line[0] not in " \t-":
            key, value = found[1], found[2].strip()
            value_start = at + found.start(2)
            if key in page.front and page.front[key].value != _unquoted(value):
                twice.add(key)
            page.front[key] = Entry(
                key,
                _unquoted(value),
                at,
                at + len(line) + 1,
                at + found.end(1) + 1,
                value_start,
                value_start + len(value),
            )
        at += len(line) + 1
    for key in twice:
        del page.front[key]
    return min(at, len(page.text))


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def _first_line(text: str, at: int) -> str:
    """The first line from `at` on that is neither empty nor a comment of YAML."""
    for line in text[at : at + 4000].split("\n"):
        if line.strip() and not line.lstrip().startswith("#"):
            return line
    return ""
