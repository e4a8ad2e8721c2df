"""Markdown made of texts of strangers: none of them can become structure."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Control characters, line and paragraph separators, those that reorder text (bidi), and the lone
# surrogates that stand for bytes which are not UTF-8.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
# what makes a heading, list, fence or rule only at the start of a line
_STARTS_BLOCK = re.compile(r"(?=#{1,6}(?: |$)|[-+](?: |$)|[-= ]+$|~~~)|(\d{1,9})(?=[.)](?: |$))")
# What code hosts make of plain text after Markdown is done, so that no backslash keeps them from it:
# mentions (which send mail), references to issues, merge requests, labels and the like, inline diffs.
# https://docs.github.com/get-started/writing-on-github, https://docs.gitlab.com/user/markdown/#gitlab-specific-references
_REFERS = re.compile(r"([@#!~%$&^*\[{])(?=\S)|(\bGH-)(?=\d)", re.IGNORECASE)
_LINKS_ITSELF = re.compile(r":(?=//)|\bwww(?=\.)", re.IGNORECASE)
_NO_WIDTH = "\u200b"


def one_line(text: str) -> str:
    """`text` on one line: what cannot be seen in it is written out, as ``\\n``, ``\\x1b`` or ``\\u202e``."""
    return _UNSEEN.sub(_written_out, text)


def inline(text: str) -> str:
    """A text on one line, so that it cannot become a heading, a list, a link or emphasis."""
    shown = re.sub(" +", " ", one_line(text.strip()))
    escaped = re.sub(r"([\\`*\[\]<>|])", r"\\\1", shown)
    escaped = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", escaped)  # inside a word it means nothing
    starts = _STARTS_BLOCK.match(escaped)
    return f"{starts[1] or ''}\\{escaped[starts.end() :]}" if starts else escaped


def silent(text: str) -> str:
    """`inline`, for a comment on a code host: it mentions nobody, refers to nothing and is no command.

    A space of no width stands where one of these would begin: of ``@name``, ``#12``, a bare address.
    """
    escaped = re.sub(r"([~&$])", r"\\\1", inline(text))
    quiet = _REFERS.sub(lambda found: found[0] + _NO_WIDTH, escaped)
    quiet = _LINKS_ITSELF.sub(lambda found: found[0] + _NO_WIDTH, quiet)
    return f"\\{quiet}" if quiet.startswith("/") else quiet  # a quick action, at the start of a line


def code(text: str) -> str:
    """A path or command as code on one line, whatever backticks it holds."""
    shown = one_line(text)
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * (longest + 1)
    # of a blank at both ends Markdown takes one away
    pad = " " if "`" in shown or (shown[:1] == shown[-1:] == " ") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def fenced(text: str) -> list[str]:
    """A text as a code block whose fence is longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *text.splitlines(), fence]


def counted(number: int, what: str) -> str:
    """A number of things in words: ``1 task``, ``2 tasks``."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def bullets(title: str, items: Sequence[str]) -> list[str]:
    """A heading with a list below it; nothing without items."""
    return [f"## {title}", "", *(f"- {item}" for item in items), ""] if items else []


def _written_out(found: re.Match[str]) -> str:
    number = ord(found[0])
    if 0xDC80 <= number <= 0xDCFF:  # a byte that is not UTF-8
        number -= 0xDC00
    return _NAMED.get(found[0]) or (f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}")
