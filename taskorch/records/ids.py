"""Record ids: a kind letter, ``-`` and eight random characters of Crockford's base 32.

Alphabet: https://www.crockford.com/base32.html, lower-case (no i, l, o, u).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 8
RANDOM_BYTES = 5
"""Bytes of randomness in an id: 40 bits."""

KINDS = {"t": "task", "d": "decision", "s": "session"}
LETTERS = {kind: letter for letter, kind in KINDS.items()}

_ID = re.compile(rf"[{''.join(KINDS)}]-[{ALPHABET}]{{{LENGTH}}}\Z")
_PREFIX = re.compile(rf"(?:([{''.join(KINDS)}])-)?([{ALPHABET}]{{3,{LENGTH}}})\Z")
_SHORTEST = 4


def new_id(kind: str, randomness: bytes) -> str:
    """The id of a new record of `kind`, made of five random bytes."""
    number = int.from_bytes(randomness[:RANDOM_BYTES], "big")
    digits = [ALPHABET[(number >> 5 * place) & 31] for place in reversed(range(LENGTH))]
    return f"{LETTERS[kind]}-{''.join(digits)}"


def derived_id(kind: str, name: str) -> str:
    """The id of a record of `kind` that is known elsewhere by a name: in every clone the same."""
    import hashlib  # slow to load, and only what brings in the records of others comes by

    return new_id(kind, hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest())


def is_id(text: str) -> bool:
    """Whether `text` has the form of a whole id."""
    return _ID.match(text) is not None


def kind_of(record_id: str) -> str:
    """``task``, ``decision`` or ``session``."""
    return KINDS[record_id[0]]


def match_prefix(text: str, ids: Iterable[str]) -> list[str]:
    """The ids that `text`, a prefix of three or more characters with or without the letter, begins."""
    found = _PREFIX.match(text.lower())
    if not found:
        return []
    letter, stem = found.groups()
    return sorted({i for i in ids if i[2:].startswith(stem) and (not letter or i[0] == letter)})


def shortest(ids: Iterable[str]) -> dict[str, str]:
    """For each id the shortest prefix (letter included) that no other of its kind has."""
    ordered = sorted(set(ids))
    short: dict[str, str] = {}
    for place, record_id in enumerate(ordered):
        neighbours = ordered[max(place - 1, 0) : place] + ordered[place + 1 : place + 2]
        need = max((_common(record_id, other) for other in neighbours), default=0) + 1
        short[record_id] = record_id[: max(need, 2 + _SHORTEST)]
    return short


def slug(title: str, limit: int = 40) -> str:
    """Lower-case ASCII words of `title` joined by hyphens; empty if it has none."""
    from unicodedata import normalize

    plain = normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    out = ""
    for word in words:
        if out and len(out) + 1 + len(word) > limit:
            break
        out = f"{out}-{word}" if out else word[:limit]
    return out


def _common(left: str, right: str) -> int:
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count
