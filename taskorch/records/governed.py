"""What an entry under ``governs`` names: a file, a folder with all below it, or a glob.

An entry without ``*``, ``?`` and ``[`` is a path.  With them it is also a glob, as git's pathspecs of
``:(glob)`` are: ``*`` and ``?`` do not match ``/``, ``**/`` stands for any folders or none, ``/**`` at the
end for everything inside; letters count in their case.  What is matched may be a folder: all below it is
governed.  As in git, a path that is spelt like the entry is meant, too (``app/[id]/page.tsx``).

https://git-scm.com/docs/gitglossary#Documentation/gitglossary.txt-aiddefpathspecapathspec; the rules of
a single part are those of git's wildmatch.c, except that ``?`` is a character here and a byte there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_SPECIAL = re.compile(r"[*?\[]")
_CLASSES = {
    "alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "blank": r" \t", "cntrl": r"\x00-\x1f\x7f", "digit": "0-9",
    "graph": r"\x21-\x7e", "lower": "a-z", "print": r"\x20-\x7e",
    "punct": r"\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e", "space": r" \t\n\x0b\f\r", "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}  # fmt: skip

Matches = Callable[[str], bool]


def is_glob(entry: str) -> bool:
    """Whether an entry is a glob; else it is a path."""
    return bool(_SPECIAL.search(entry))


def place(entry: str) -> str:
    """The path that an entry names, of a glob the folder in which all it matches lies; ``.`` is the root."""
    parts = _parts(entry)
    if not is_glob(entry):
        return "/".join(parts) or "."
    fixed = next(at for at, part in enumerate(parts) if is_glob(part))
    return "/".join(parts[:fixed]) or "."


def governs(entry: str, path: str) -> bool:
    """Whether an entry governs the file or folder at a path from the root of the work tree."""
    return matcher(entry)(path)


@lru_cache(maxsize=20_000)
def matcher(entry: str) -> Matches:
    """A function that says whether an entry governs a path: made once for each entry."""
    where = place(entry)
    below = f"{where}/"
    if not is_glob(entry):
        return lambda path: where in (".", path) or path.startswith(below)
    spelt = entry.rstrip("/")
    try:
        fits = re.compile(_expression(entry), re.DOTALL).match
    except (re.error, ValueError):  # a "[" that is never closed, a range from z to a: nothing fits, as in git
        return lambda path: path == spelt or path.startswith(f"{spelt}/")

    def matches(path: str) -> bool:
        if where != "." and not path.startswith(below):
            return False
        return bool(fits(f"/{path}")) or path == spelt or path.startswith(f"{spelt}/")

    return matches


def _parts(entry: str) -> list[str]:
    return [part for part in entry.split("/") if part not in ("", ".")]


def _expression(entry: str) -> str:
    """The regular expression of a glob, for paths with a ``/`` before them.  Raises ValueError.

    It may end anywhere: what follows lies below what was matched.  What stands after ``**`` or between
    two ``*`` is taken at the first place where it fits (``(?>...)``), which serves as well as any later
    one, so nothing is tried twice, whatever a stranger's glob looks like.
    """
    parts = _parts(entry)
    chunks: list[str] = [""]
    for part in parts:
        if part == "**":
            chunks.append("")
        else:
            chunks[-1] += f"/{_part(part)}"
    first, *others = (f"{chunk}(?=/|\\Z)" if chunk else "" for chunk in chunks)
    # "a/**" is all inside a; "**/a" and "**" are a and everything at any depth
    inside = entry.endswith("/") or (len(parts) > 1 and parts[-1] == "**")
    searched = (f"(?>(?:/[^/]*)*?{chunk})" for chunk in others if chunk)
    return first + "".join(searched) + ("(?=/.)" if inside else "")


def _part(part: str) -> str:
    """The expression of one part of a path, between two ``/``.  Raises ValueError."""
    pieces, at = [""], 0
    while at < len(part):
        if part[at] == "*":
            pieces.append("")
            at += 1
            continue
        one, at = _single(part, at)
        pieces[-1] += one
    first, *more = pieces
    if not more:
        return first
    *middle, last = more
    # greedy, then back from the end of the part to where the last piece ends it
    return first + "".join(f"(?>[^/]*?{piece})" for piece in middle if piece) + f"[^/]*{last}(?=/|\\Z)"


def _single(part: str, at: int) -> tuple[str, int]:
    """The expression of what stands for a single character, and where the next begins.  Raises ValueError."""
    char = part[at]
    if char == "?":
        return "[^/]", at + 1
    if char == "[":
        return _bracket(part, at + 1)
    if char == "\\" and at + 1 < len(part):
        return re.escape(part[at + 1]), at + 2
    return re.escape(char), at + 1


def _bracket(part: str, at: int) -> tuple[str, int]:
    """The expression of ``[...]`` whose inside begins at `at`.  Raises ValueError."""
    negated = part[at : at + 1] in ("!", "^")
    at += negated
    start, out = at, ""
    while at < len(part) and (part[at] != "]" or at == start):
        if part.startswith("[:", at) and ":]" in part[at:]:
            end = part.index(":]", at)
            out += _CLASSES[part[at + 2 : end]] if part[at + 2 : end] in _CLASSES else _no_class()
            at = end + 2
            continue
        at += part[at] == "\\"
        low = part[at : at + 1]
        at += 1
        out += re.escape(low)
        if part[at : at + 1] == "-" and part[at + 1 : at + 2] not in ("", "]"):
            at += 1 + (part[at + 1] == "\\")
            out += "-" + re.escape(part[at : at + 1])
            at += 1
    if at >= len(part):
        raise ValueError("never closed")
    return f"(?!/)[{'^' if negated else ''}{out}]", at + 1


def _no_class() -> str:
    raise ValueError("no class of characters")
