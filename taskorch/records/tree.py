"""Values that know where in a text they stand.

A value is a text, None, a list or a mapping; nothing is resolved to a date or a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from taskorch.errors import BadRecord

MAX_DEPTH = 32
"""Lists and mappings within each other."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value, and the line and column, from 1, where it begins; 0 where it comes from no text.

    ``value`` is a string, None, a list of nodes, or a mapping of keys to nodes.
    """

    value: Any
    line: int = 0
    column: int = 0

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, list):
            return [one.plain() for one in self.value]
        if isinstance(self.value, dict):
            return {key: one.plain() for key, one in self.value.items()}
        return self.value

    def items(self) -> Iterator[tuple[str, Node]]:
        """The keys and values of a mapping; none of anything else."""
        yield from (self.value.items() if isinstance(self.value, dict) else ())

    def bad(self, message: str, path: str, field: str | None = None, hint: str | None = None) -> BadRecord:
        """A problem with this value."""
        at = max(self.line, 1), max(self.column, 1)
        return BadRecord(message, path=path, line=at[0], column=at[1], field=field, hint=hint)


def of(value: Any) -> Node:
    """The node of a value of JSON types that comes from no text."""
    if isinstance(value, Mapping):
        return Node({str(key): of(one) for key, one in value.items()})
    if isinstance(value, list | tuple):
        return Node([of(one) for one in value])
    if value is None or isinstance(value, str):
        return Node(value)
    return Node(str(value).lower() if isinstance(value, bool) else str(value))
