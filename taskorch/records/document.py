"""A record's text with its front matter by key and position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class Item(NamedTuple):
    """One item of a block list: its value and the character offsets of its lines."""

    value: Any
    start: int
    end: int


class Entry(NamedTuple):
    """One key of the front matter.

    ``start`` to ``end`` are the character offsets of all its lines, ``colon_end`` the one behind
    the colon, ``value_start`` to ``value_end`` those of the value alone (all three are equal where
    there is none).  ``items`` is filled for block lists with one item a line or more, and None
    otherwise.
    """

    key: str
    value: Any
    start: int
    end: int
    colon_end: int
    value_start: int
    value_end: int
    items: tuple[Item, ...] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A record's text, its front matter by key, and where the closing fence and the body start."""

    text: str
    newline: str
    entries: dict[str, Entry]
    fence_start: int
    body_start: int

    @property
    def body(self) -> str:
        """All after the closing fence."""
        return self.text[self.body_start :]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of a character offset."""
        line_start = self.text.rfind("\n", 0, offset) + 1
        return self.text.count("\n", 0, offset) + 1, offset - line_start + 1
