"""Names and paths as words of a command that a person pastes into a shell, wherever in the work tree."""

from __future__ import annotations

import re
from shlex import quote

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_ESCAPES = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "'": r"\'", "\\": r"\\"}


def word(text: str) -> str:
    """A text as one word of a shell, on one line and with nothing in it that cannot be seen.

    Such characters are written out as bytes in ``$'...'``, which bash, zsh, ksh and POSIX 2024 read alike
    (octal: of ``\\x`` some read more than two digits).
    """
    if not _UNSEEN.search(text):
        return quote(text)
    shown = "".join(_ESCAPES.get(sign) or (_octal(sign) if _UNSEEN.match(sign) else sign) for sign in text)
    return f"$'{shown}'"


def pathspec(path: str) -> str:
    """A path as a word for git in a shell that means this path alone, also if it reads like a pattern."""
    is_pattern = path.startswith(":") or any(sign in path for sign in "*?[\\")
    return word(f":(top,literal){path}" if is_pattern else path)


def as_argument(path: str) -> str:
    """A path as a word for taskorch in a shell: neither an option nor the id of a record."""
    return word(f"./{path}" if path.startswith("-") or path[1:2] == "-" else path)


def _octal(sign: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in sign.encode("utf-8", "surrogateescape"))
