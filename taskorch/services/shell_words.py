"""Names and paths as words of a command that a person pastes into a shell, wherever in the work tree."""

from __future__ import annotations

import re
from shlex import quote

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SHORT = re.compile(r"[A-Za-z0-9.\u0080-\U0010ffff][^*?\[\\]*\Z")
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
    """A path from the root as a word for git that means this path alone, from whatever folder.

    The long form is for paths that read like a pattern, or that begin with what ``:/`` may be followed by:
    https://git-scm.com/docs/gitglossary#Documentation/gitglossary.txt-pathspec
    """
    return word(f":/{path}" if _SHORT.match(path) else f":(top,literal){path}")


def top_pathspec(path: str) -> str:
    """The same for ``git check-ignore``, which takes every path literally, and no word of magic but this."""
    return word(f":/{path}" if _SHORT.match(path) else f":(top){path}")


def as_argument(path: str) -> str:
    """A path from the root as a word for taskorch, from whatever folder: no option nor the id of a record."""
    return word(f":/{path}")


def at_commit(revision: str, path: str) -> str:
    """What a revision, or the index for an empty one, has at a path, as a word for ``git show``."""
    return word(f"{revision}:{path}")


def reading(at: str | None) -> str:
    """What follows a command so that it reads the records of a revision; nothing for those on disk."""
    return f" --at {word(at)}" if at else ""


def _octal(sign: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in sign.encode("utf-8", "surrogateescape"))
