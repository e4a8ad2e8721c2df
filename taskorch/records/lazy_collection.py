"""A collection that reads what is asked for: one record by its id, or else all of them.

A store of ten thousand records is mostly asked for one: its file is named by its id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property
from typing import Any, Generic, TypeVar

from taskorch.errors import BadRecord
from taskorch.records import ids
from taskorch.records.collecting import collect, read_record
from taskorch.records.collection import Collection, has
from taskorch.records.gathered import Record
from taskorch.records.session import Session
from taskorch.records.shelf import Shelf, where
from taskorch.records.task import Task

R = TypeVar("R", bound=Record)
_ID = 2 + ids.LENGTH
Content = bytes | str | None
"""A file's bytes, or why it has none in words; None where there is no such file any more."""


class LazyCollection(Collection):
    """All records of a store.  What needs more than one file is read when it is first asked for.

    `names` are the paths of the record files that are not archived, `archived` gives those that are: there
    may be very many, and mostly none is asked for.  `read` gives the content of one file; `everything` puts
    all into an empty collection, archived ones or not; `with_words` gives the paths of files that have all
    words, and those of which that is known; `some` reads what concerns tasks, archived ones or not.
    """

    def __init__(
        self,
        names: Iterable[str],
        archived: Callable[[], Iterable[str]],
        read: Callable[[str], Content],
        everything: Callable[[Collection, bool], Collection],
        with_words: Callable[[list[str]], tuple[set[str], set[str]]],
        some: Callable[[AbstractSet[str], bool], Collection],
    ) -> None:
        self._read, self._everything, self._paths_with = read, everything, with_words
        self._archived_names, self._some = archived, some
        self._whole: Collection | None = None
        self._known: dict[str, Record | None] = {}
        self._paths, self._twins = _by_id(names)
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
            self._whole = self._everything(Collection(), True) if self._archived[0] else self.live
        return self._whole

    def about(self, task_ids: AbstractSet[str]) -> Collection:
        """As of any collection; tasks are read when they are asked for, each alone."""
        if self._whole is not None:
            return self._whole
        tasks = [self.tasks.get(one) for one in task_ids]
        is_open = all(one and one.is_open for one in tasks)  # the sessions of these are not archived
        return replace(self._some(task_ids, not is_open), tasks=self.tasks)

    @cached_property
    def live(self) -> Collection:
        """All that is not archived; a task or session that is, is found by its id."""
        tasks: Shelf[Task] = Shelf(lambda one: self._archived_one(one, Task))
        sessions: Shelf[Session] = Shelf(lambda one: self._archived_one(one, Session))
        return self._everything(Collection(tasks=tasks, sessions=sessions), False)

    @cached_property
    def _archived(self) -> tuple[dict[str, str], frozenset[str]]:
        """The paths of archived records by id; and the ids that several have."""
        return _by_id(self._archived_names())

    def _archived_one(self, record_id: str, kind: type[R]) -> R | None:
        if not ids.is_id(record_id) or record_id in self._paths or record_id not in self._archived[0]:
            return None
        if self._whole is not None:
            found = self._whole._of_kind(ids.kind_of(record_id)).get(record_id)
        else:
            found = self.one(record_id)
        return found if isinstance(found, kind) else None

    def one(self, record_id: str) -> Record | None:
        """The record of the only file that is named by this id; None where that does not tell."""
        if self._whole is not None:
            return None
        if record_id not in self._known:
            paths, twins = (self._paths, self._twins) if record_id in self._paths else self._archived
            is_there = record_id in paths and record_id not in twins
            self._known[record_id] = self._read_one(record_id, paths[record_id]) if is_there else None
        return self._known[record_id]

    def problems_in(self, paths: Mapping[str, str]) -> list[BadRecord]:
        """As a collection has it; where no id is that of several files, only these are read."""
        several = (_id_in(path) in self._twins for path in paths)
        if self._whole is not None or any(several):
            return super().problems_in(paths)
        found = collect((path, data) for path in paths if (data := self._read(path)) is not None)
        for problem in found.problems:
            problem.path = paths[problem.path]
        return found.problems

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
        """Whether a file is named by this id; one that is not named so has it by no chance.

        Archived ones are not looked through: one of 100,000 has a new id once in ten million times, and
        doctor tells.
        """
        return record_id in self._paths

    def _called(self, name: str, kind: str) -> list[Record]:
        if kind == "decision" and ids.match_prefix(name, self._paths) and not name.isdecimal():
            return []  # a prefix of an id is neither a number nor a file's name
        if kind == "decision":
            return self.live._called(name, kind)
        # a name that fits a record which is not archived means that one: lists show the shortest such names
        return self.live._called(name, kind) or self._matching_live(name, kind) or super()._called(name, kind)

    def _matching(self, name: str, kind: str) -> list[Record]:
        if kind == "decision" and (found := self._matching_live(name, kind)):
            return found
        named = [i for i in ids.match_prefix(name, self._archived[0]) if ids.kind_of(i) == kind]
        only = self.one(named[0]) if len(named) == 1 else None
        return [only] if only else super()._matching(name, kind)

    def _matching_live(self, name: str, kind: str) -> list[Record]:
        named = [i for i in ids.match_prefix(name, self._paths) if ids.kind_of(i) == kind]
        only = self.one(named[0]) if len(named) == 1 else None
        return [only] if only else self.live._matching(name, kind) if named else []

    def _files_of(self, record: Record) -> list[str]:
        if self.one(record.id) is record:
            return []
        is_live = self._whole is None and record.id in self._paths
        return self.live.twins.get(record.id, []) if is_live else super()._files_of(record)


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
        # decisions are not archived
        home = self._home.live if self._kind == "decisions" else self._home.whole
        found: Mapping[str, R] = getattr(home, self._kind)
        return found


def _by_id(names: Iterable[str]) -> tuple[dict[str, str], frozenset[str]]:
    """The path of a record by the id that its file is named by; and the ids that several files have."""
    records = [path for path in names if path.endswith(".md")]
    named = [path[path.rfind("/") + 1 :][:_ID] for path in records]
    paths = dict(zip(named, records, strict=True))
    counts = Counter(named) if len(paths) < len(named) else {}
    return paths, frozenset(name for name, count in counts.items() if count > 1)


def _id_in(path: str) -> str:
    """What the name of a record's file begins with."""
    begin = path.rfind("/") + 1
    return path[begin : begin + _ID]
