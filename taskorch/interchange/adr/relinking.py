"""Links of a Markdown text that is put elsewhere: they are made to lead where they led."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from taskorch.interchange.adr.page import Page
from taskorch.records.links import prose

_TARGET = re.compile(
    r"<(?:img|a|source|video)\b[^<>]*?\s(?:src|href)=[\"']([^\"'<>\n]*)"
    r"|(?<!\\)\]\(\s*(<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)"
    r"|^ {0,3}\[[^\]\n]+\]:[ \t]*(\S+)",
    re.MULTILINE,
)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|/|[({]|<?$", re.IGNORECASE)
_QUERY = re.compile(r"[?#]")
_KEPT = "/.~_-!$&'*+,;=:@"


def relinked(page: Page, span: tuple[int, int], source: str, there: str, moved: Callable[[str], str]) -> str:
    """The part of a page's text within `span`, with its relative links for the file `there`.

    What is code or comment stays byte for byte.  `source` is the path of the file it comes from, and
    `moved` says where what was at a path is now.
    """
    shown = prose(page.plain, page.body_start)

    def leading(found: re.Match[str]) -> str:
        group = next(group for group in (1, 2, 3) if found[group] is not None)
        target = found[group].strip("<>")
        if shown[found.start(group) : found.start(group) + 1] == " " or _ELSEWHERE.match(target):
            return found[0]
        path = _QUERY.split(target, maxsplit=1)[0]
        was = posixpath.normpath(posixpath.join(posixpath.dirname(source), unquote(path)))
        new = quote(posixpath.relpath(moved(was), posixpath.dirname(there) or "."), safe=_KEPT)
        at = found.start(group) - found.start()
        return found[0][:at] + new + target[len(path) :] + found[0][at + len(found[group]) :]

    pieces, at = [], span[0]
    for found in _TARGET.finditer(page.text, *span):
        pieces += [page.text[at : found.start()], leading(found)]
        at = found.end()
    return "".join([*pieces, page.text[at : span[1]]])
