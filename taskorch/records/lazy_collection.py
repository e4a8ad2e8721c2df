"""A collection that reads what is asked for: one record by its id, or else all of them.

A store of ten thousand records is mostly asked for one: its file is named by its id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any, Generic, TypeVar

from taskorch.errors import BadRecord
from taskorch.records import ids
from taskorch.records.collecting import read_record
from taskorch.records.collection import Collection, Record, has
from taskorch.records.shelf import where

R = TypeVar("R", bound=Record)
_ID = 2 + ids.LENGTH
Content = bytes | str | None
"""A file's bytes, or why it has none in words; None where there is no such file any more."""


class LazyCollection(Collection):
    """All records of a store.  What needs more than one file is read when it is first asked for.

    `names` are the paths of the record files, `read` gives the content of one, `everything` reads all;
    `with_words` gives the paths of files that have all words, and those of which that is known; `some`
    reads what concerns tasks.
    """

    def __init__(
        self,
        names: Iterable[str],
        read: Callable[[str], Content],
        everything: Callable[[], Collection],
        with_words: Callable[[list[str]], tuple[set[str], set[str]]],
        some: Callable[[AbstractSet[str]], Collection],
    ) -> None:
        self._read, self._everything, self._paths_with = read, everything, with_words
        self._some = some
        self._whole: Collection | None = None
        self._known: dict[str, Record | None] = {}
        records = [path for path in names if path.endswith(".md")]
        named = [path[path.rfind("/") + 1 :][:_ID] for path in records]
        self._paths = dict(zip(named, records, strict=True))
        self._twins = _repeated(named) if len(self._paths) < len(named) else frozenset[str]()
        self.tasks = LazyRecords(self, "tasks")
        self.decisions = LazyRecords(self, "decisions")
        self.sessions = LazyRecords(self, "sessions")

    def __getattr__(self, name: str) -> Any:
        """What only the whole collection tells: claims, problems and the like."""
        if name.startswith("_"):
            raise AttributeError(name)
        value = getattr(self.whole, name)
        setattr(self, name, value)
        return value

    @property
    def whole(self) -> Collection:
        if self._whole is None:
            self._whole = self._everything()
        return self._whole

    def about(self, task_ids: AbstractSet[str]) -> Collection:
        """As of any collection; tasks are read when they are asked for, each alone."""
        return self._whole or replace(self._some(task_ids), tasks=self.tasks)

    def one(self, record_id: str) -> Record | None:
        """The record of the only file that is named by this id; None where that does not tell."""
        if self._whole is not None or record_id not in self._paths or record_id in self._twins:
            return None
        if record_id not in self._known:
            self._known[record_id] = self._read_one(record_id, self._paths[record_id])
        return self._known[record_id]

    def _read_one(self, record_id: str, path: str) -> Record | None:
        data = self._read(path)
        try:
            record = read_record(path, data) if data is not None else None
        except BadRecord:
            return None
        return record if record and record.id == record_id else None

    def with_words(self, words: list[str]) -> list[Record]:
        shelves: Any = (self.whole.tasks, self.whole.decisions, self.whole.sessions)
        have, known = self._paths_with(words)
        return [
            one
            for shelf in shelves
            for one in where(shelf, lambda packed: packed.path in have or packed.path not in known)
            if one.path in have or (one.path not in known and has(one, words))
        ]

    def is_taken(self, record_id: str) -> bool:
        """Whether a file is named by this id; one that is not named so has it by no chance."""
        return record_id in self._paths

    def _called(self, name: str, kind: str) -> list[Record]:
        if kind == "decision" and ids.match_prefix(name, self._paths) and not name.isdecimal():
            return []  # a prefix of an id is neither a number nor a file's name
        return super()._called(name, kind)

    def _matching(self, name: str, kind: str) -> list[Record]:
        named = [i for i in ids.match_prefix(name, self._paths) if ids.kind_of(i) == kind]
        only = self.one(named[0]) if len(named) == 1 else None
        return [only] if only else super()._matching(name, kind)

    def _files_of(self, record: Record) -> list[str]:
        return [] if self.one(record.id) is record else super()._files_of(record)


def _repeated(names: Iterable[str]) -> frozenset[str]:
    """The names that stand there more than once."""
    return frozenset(name for name, count in Counter(names).items() if count > 1)


class LazyRecords(Mapping[str, R], Generic[R]):
    """The records of one kind, by id."""

    def __init__(self, home: LazyCollection, kind: str) -> None:
        self._home, self._kind = home, kind

    def __getitem__(self, record_id: str) -> R:
        if not ids.is_id(record_id) or record_id[0] != self._kind[0]:
            raise KeyError(record_id)
        only: Any = self._home.one(record_id)
        return only if only else self._all[record_id]

    def __contains__(self, record_id: object) -> bool:
        return isinstance(record_id, str) and self.get(record_id) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @property
    def _all(self) -> Mapping[str, R]:
        found: Mapping[str, R] = getattr(self._home.whole, self._kind)
        return found
