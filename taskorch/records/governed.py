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
from collections.abc import Callable, Sequence
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
    if not is_glob(entry):
        below = f"{where}/"
        return lambda path: where in (".", path) or path.startswith(below)
    spelt = entry.rstrip("/")
    chunks, inside = _chunks(_parts(entry), folder=entry.endswith("/"))
    head = "" if where == "." else f"{where}/"

    def matches(path: str) -> bool:
        if not path.startswith(head):
            return False
        return path == spelt or path.startswith(f"{spelt}/") or _found(chunks, path.split("/"), inside)

    return matches


def _parts(entry: str) -> list[str]:
    return [part for part in entry.split("/") if part not in ("", ".")]


Part = Callable[[str], object]


def _chunks(parts: Sequence[str], *, folder: bool) -> tuple[list[list[Part]], bool]:
    """The tests of the parts between ``**``, and whether something has to follow: what lies inside."""
    chunks: list[list[Part]] = [[]]
    for part in parts:
        if part == "**":
            chunks.append([])
        else:
            chunks[-1].append(_part(part))
    # "a/**" is all inside a, "**/a" and "**" are a and everything at any depth
    inside = folder or (len(parts) > 1 and parts[-1] == "**")
    return chunks, inside


def _found(chunks: Sequence[Sequence[Part]], names: Sequence[str], inside: bool) -> bool:
    """Whether the chunks stand in a path one after the other, the first at its beginning.

    What follows the last one lies below what was matched.  The first place where a chunk fits serves
    as well as any later one, so nothing is tried twice, whatever a stranger's glob looks like.
    """
    at = 0
    for number, chunk in enumerate(chunks):
        last = len(names) - len(chunk)
        starts = range(at, (last if number else min(at, last)) + 1)
        begin = next((one for one in starts if _fits(chunk, names, one)), None)
        if begin is None:
            return False
        at = begin + len(chunk)
    return at < len(names) or not inside


def _fits(chunk: Sequence[Part], names: Sequence[str], at: int) -> bool:
    return all(test(names[at + number]) for number, test in enumerate(chunk))


def _part(part: str) -> Part:
    """The test for one part of a path, between two ``/``."""
    if not is_glob(part):
        return part.__eq__
    try:
        return re.compile(_expression(part), re.DOTALL).fullmatch
    except (re.error, ValueError):  # a "[" that is never closed, a range from z to a: nothing fits, as in git
        return lambda name: False


def _expression(part: str) -> str:
    """The regular expression of a part: what stands between two ``*`` is taken at its first place."""
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
    return first + "".join(f"(?>.*?{piece})" for piece in middle if piece) + f".*{last}"


def _single(part: str, at: int) -> tuple[str, int]:
    """The expression of what stands for a single character, and where the next begins.  Raises ValueError."""
    char = part[at]
    if char == "?":
        return ".", at + 1
    if char == "[":
        return _bracket(part, at + 1)
    if char == "\\":
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
    return f"[{'^' if negated else ''}{out}]", at + 1


def _no_class() -> str:
    raise ValueError("no class of characters")
