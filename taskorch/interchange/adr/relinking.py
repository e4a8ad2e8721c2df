"""Links of a Markdown text that is put elsewhere: they are made to lead where they led."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from urllib.parse import quote, unquote

_TARGET = re.compile(
    r"<(?:img|a|source|video)\b[^<>]*?\s(?:src|href)=[\"']([^\"'<>\n]*)"
    r"|(?<!\\)\]\(\s*(<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)"
    r"|^ {0,3}\[[^\]\n]+\]:[ \t]*(\S+)",
    re.MULTILINE,
)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|/|[({]|<?$", re.IGNORECASE)
_QUERY = re.compile(r"[?#]")
_KEPT = "/.~_-!$&'*+,;=:@"


def relinked(
    text: str, plain: str, span: tuple[int, int], source: str, there: str, moved: Callable[[str], str]
) -> str:
    """The part of `text` within `span`, with its relative links for the file `there`.

    `plain` is the text with code blanked out, whose links are left as they are; `source` is the path of
    the file it comes from, and `moved` says where what was at a path is now.
    """

    def leading(found: re.Match[str]) -> str:
        group = next(group for group in (1, 2, 3) if found[group] is not None)
        target = found[group].strip("<>")
        if plain[found.start() : found.start() + 1] == " " or _ELSEWHERE.match(target):
            return found[0]
        path = _QUERY.split(target, maxsplit=1)[0]
        was = posixpath.normpath(posixpath.join(posixpath.dirname(source), unquote(path)))
        new = quote(posixpath.relpath(moved(was), posixpath.dirname(there) or "."), safe=_KEPT)
        at = found.start(group) - found.start()
        return found[0][:at] + new + target[len(path) :] + found[0][at + len(found[group]) :]

    pieces, at = [], span[0]
    for found in _TARGET.finditer(text, *span):
        pieces += [text[at : found.start()], leading(found)]
        at = found.end()
    return "".join([*pieces, text[at : span[1]]])
