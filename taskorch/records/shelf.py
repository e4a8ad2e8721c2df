"""Records by id, each made of what was kept of it when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, ValuesView
from typing import Any, Generic, TypeVar

R = TypeVar("R")


class Packed:
    """A record that can be made: its id, its path, its other name (of a task the alias, of a decision its
    source), and its fields as one text, in which every id it names stands as it is.
    """

    __slots__ = ("fields", "id", "make", "other_name", "path")

    def __init__(
        self, record_id: str, path: str, other_name: str | None, fields: str, make: Callable[[Packed], Any]
    ) -> None:
        self.id, self.path, self.other_name = record_id, path, other_name
        self.fields, self.make = fields, make


class Shelf(Mapping[str, R], Generic[R]):
    """The records of one kind.  To look for those that name an id makes only these."""

    def __init__(self, elsewhere: Callable[[str], R | None] | None = None) -> None:
        """`elsewhere` finds by its id a record that is not among these: archived ones are not counted."""
        self._found: dict[str, Any] = {}
        self._elsewhere = elsewhere

    def put(self, record: Any) -> None:
        """Add a record, packed or not."""
        self._found[record.id] = record

    def path_of(self, record_id: str) -> str:
        """The path of a record."""
        path: str = self._found[record_id].path
        return path

    def __getitem__(self, record_id: str) -> R:
        found = self._found.get(record_id) or (self._elsewhere and self._elsewhere(record_id))
        if not found:
            raise KeyError(record_id)
        if type(found) is Packed:
            found = self._found[record_id] = found.make(found)
        record: R = found
        return record

    def __contains__(self, record_id: object) -> bool:
        if record_id in self._found:
            return True
        return bool(self._elsewhere and isinstance(record_id, str) and self._elsewhere(record_id))

    def has(self, record_id: str) -> bool:
        """Whether a record is among these."""
        return record_id in self._found

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def values(self) -> ValuesView[R]:
        """All records, made now."""
        return self._made().values()

    def items(self) -> ItemsView[str, R]:
        """All records by id, made now."""
        return self._made().items()

    def where(self, may_be: Callable[[Packed], bool]) -> list[R]:
        """The records of which that is so, as far as their fields tell; and those that are made already."""
        found = [one for one, known in self._found.items() if type(known) is not Packed or may_be(known)]
        return [self[one] for one in found]

    def _made(self) -> dict[str, R]:
        for one, found in self._found.items():
            if type(found) is Packed:
                self._found[one] = found.make(found)
        return self._found


def naming(records: Mapping[str, R], record_id: str) -> Iterable[R]:
    """The records that may name an id: all that do are among them."""
    return where(records, lambda one: record_id in one.fields)


def linking(records: Mapping[str, R]) -> Iterable[R]:
    """The records that may name another of their kind: all that do are among them."""
    return where(records, lambda one: one.fields.count(f'"{one.id[:2]}') > 1)


def called(records: Mapping[str, R], name: str) -> Iterable[R]:
    """The records that may have another name: all that have it are among them."""
    return where(records, lambda one: one.other_name == name)


def where(records: Mapping[str, R], may_be: Callable[[Packed], bool]) -> Iterable[R]:
    """As `Shelf.where`; of other mappings all."""
    return records.where(may_be) if isinstance(records, Shelf) else records.values()
