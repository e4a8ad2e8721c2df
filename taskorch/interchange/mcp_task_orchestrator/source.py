"""What lies in a folder ``.task_orchestrator``, read and not yet understood: plain values.

The schemas are those of https://github.com/EchoingVesper/mcp-task-orchestrator: ``db/models.py`` of 1.3.0 to
1.8.0, ``db/generic_task_schema.sql``, and what the repositories of 2.0 create.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from taskorch.interchange.mcp_task_orchestrator.values import is_empty, listed, text_of, unpacked


class Row:
    """One row of a table, which keeps track of the columns that nobody asked for.

    ``name`` says in a report which row it is: the table, and the number of the row in it.
    """

    def __init__(self, table: str, number: int, values: Mapping[str, Any]) -> None:
        self.name = f"{table} row {number}"
        self._values = dict(values)
        self._asked: set[str] = set()

    def raw(self, column: str) -> Any:
        """The value as it was read, None where there is none."""
        self._asked.add(column)
        return self._values.get(column)

    def text(self, *columns: str) -> str:
        """The text of the first of some columns that has one, empty if none has."""
        found = [text_of(self.raw(column)) for column in columns]
        return next((text for text in found if text.strip()), "")

    def word(self, column: str) -> str:
        """A text as the words of enums are written: one line, lower case."""
        return " ".join(self.text(column).split()).lower()

    def list(self, column: str) -> list[Any]:
        """The items of a column of JSON; text that is no JSON is one item."""
        return listed(self.raw(column))

    def map(self, column: str) -> dict[str, Any]:
        """The object of a column of JSON, also doubly encoded; what is none stands under the name."""
        found = unpacked(self.raw(column))
        if isinstance(found, dict):
            return {str(key): value for key, value in found.items()}
        return {} if is_empty(found) else {column: found}

    def flag(self, column: str) -> bool:
        """Whether a column says yes."""
        return text_of(self.raw(column)).strip().lower() in ("1", "true", "yes", "t")

    def rest(self, usual: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What stands in columns that were not asked for; without what is empty or as `usual`."""
        left = {name: value for name, value in self._values.items() if name not in self._asked}
        return {
            name: value
            for name, value in left.items()
            if not is_empty(value) and text_of(value) not in (usual or {}).get(name, ())
        }


@dataclass(frozen=True, slots=True)
class Database:
    """One database: the rows by table; ``problems`` are (item, reason) of what could not be read."""

    name: str
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    problems: Sequence[tuple[str, str]] = ()

    def rows(self, *tables: str) -> list[Row]:
        """The rows of some tables, which need not be there."""
        return [
            Row(table, number, values)
            for table in tables
            for number, values in enumerate(self.tables.get(table, ()), 1)
        ]

    @property
    def has_rows(self) -> bool:
        """Whether any table has a row."""
        return any(self.tables.values())


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the old system: its databases, and the texts of its other files.

    ``root`` is where the project is on this machine.  ``files`` and ``unread`` (with the reason) are by path
    relative to ``.task_orchestrator``.
    """

    root: str
    databases: Sequence[Database] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)

    def rows(self, *tables: str) -> list[Row]:
        """The rows of some tables of all databases."""
        return [row for database in self.databases for row in database.rows(*tables)]


def in_lines(values: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> list[str]:
    """Values with their names, as items of a list."""
    pairs = values.items() if isinstance(values, Mapping) else values
    return [f"- {name.replace('_', ' ')}: {' '.join(text_of(value).split())}" for name, value in pairs]
