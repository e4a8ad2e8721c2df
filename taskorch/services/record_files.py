"""The record files of a store on disk, read by way of what was kept of them."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields
from functools import partial
from pathlib import Path

from taskorch import __version__
from taskorch.errors import BadRecord, NotFound
from taskorch.records.collecting import collect, read_record
from taskorch.records.collection import Collection
from taskorch.records.decision import Decision
from taskorch.records.file_text import FileText
from taskorch.records.frontmatter import decode
from taskorch.records.gathered import CLAIMS_SUFFIX, Record
from taskorch.records.lazy_collection import LazyCollection
from taskorch.records.session import Session
from taskorch.records.shelf import Packed
from taskorch.records.task import Task
from taskorch.services.program import program
from taskorch.store.answers import FOLDER
from taskorch.store.folders import ARCHIVE, OF_KIND
from taskorch.store.layout import Store
from taskorch.store.record_cache import NAME, Head, RecordCache, Row, Stamp, is_settled

_MAKERS: dict[str, Callable[..., Record]] = {"t": Task, "d": Decision, "s": Session}
_FIELDS = {
    letter: [field.name for field in fields(made) if field.name not in ("path", "file")]  # type: ignore[arg-type]
    for letter, made in _MAKERS.items()
}
_DECISIONS = f"{OF_KIND['decision']}/"
Heads = Mapping[str, tuple[Stamp, Head]]
_FEW = 16
"""So many files may be read anew each time before what was read is kept."""


class RecordFiles:
    """The files of one store; `more` are those kept elsewhere, by path: they are read each time.

    `adopted` gives records that stand in no file of the store.

    `private` is our folder in the git directory, None where it is not known.
    """

    def __init__(
        self,
        store: Store,
        more: Store | None,
        home: str,
        private: Path | None,
        adopted: Callable[[], Iterable[Record]],
    ) -> None:
        self._store, self._more, self._home, self._adopted = store, more, home, adopted
        self._cache = _cache_of(store, private) if private else None
        self._paths: list[str] = []
        self._unreadable: list[tuple[str, str]] = []
        self._archived: tuple[list[str], list[tuple[str, str]]] | None = None
        self._kept: set[str] = set()

    def collection(self, finish: Callable[[Collection], Collection]) -> LazyCollection:
        """The records, read as they are asked for; `finish` is what is done to the whole collection."""
        self._paths, self._unreadable = self._store.listed(ordered=False)  # which takes longer than all else
        self._archived = None
        more = [f"{self._home}{path}" for path in self._more_paths()]

        def everything(out: Collection, archived: bool) -> Collection:
            return finish(collect(self._everything(archived=archived), out))

        return LazyCollection(
            [*self._paths, *more],
            lambda: self._archived_files()[0],
            self._read,
            everything,
            self._with_words,
            lambda tasks, archived: finish(collect(self._about(tasks, archived=archived))),
        )

    def _archived_files(self) -> tuple[list[str], list[tuple[str, str]]]:
        """The paths of archived files, listed once; and the folders that cannot be read, with why not."""
        if self._archived is None:
            self._archived = self._store.archived()
        return self._archived

    def _more_paths(self) -> list[str]:
        return self._more.listed()[0] if self._more else []

    def _read(self, path: str) -> bytes | str | None:
        if path.startswith(self._home) and self._more:
            return self._more.content(path.removeprefix(self._home))
        return self._store.content(path)

    def _everything(self, *, archived: bool) -> Iterator[tuple[str, bytes | str | Record | Packed]]:
        heads = self._cache.heads(None if archived else f"{ARCHIVE}/") if self._cache else {}
        fresh: dict[str, Row] = {}
        paths, unreadable = self._archived_files() if archived else ([], [])
        yield from (*self._unreadable, *unreadable)
        self._paths.sort()
        for path, found in self._store.stamped((*self._paths, *paths)):
            known = heads.pop(path, None)
            if isinstance(found, str):
                yield path, found
            elif known and known[0] == found:
                self._kept.add(path)
                record_id, name, fields_of = known[1]
                yield path, Packed(record_id, path, name, fields_of, self._unpacked)
            else:
                yield from self._read_now(path, found, fresh)
        for path in self._more_paths():
            yield from self._read_now(f"{self._home}{path}", None, fresh)
        yield from ((record.path, record) for record in self._adopted())
        if self._cache and (len(fresh) > _FEW or len(heads) > _FEW):
            self._cache.put(fresh, heads)

    def _about(
        self, tasks: AbstractSet[str], *, archived: bool
    ) -> Iterator[tuple[str, bytes | str | Record | Packed]]:
        """Decisions, the sessions that name one of the tasks, and the claims of these: no task is read."""
        heads = self._cache.heads(f"{OF_KIND['task']}/") if self._cache else {}
        fresh: dict[str, Row] = {}
        claims: list[str] = []
        concerned: set[str] = set()
        for path, found in self._without_tasks(tasks, archived=archived):
            if path.endswith(CLAIMS_SUFFIX):
                claims.append(path)
                continue
            for _, one in self._as_kept(path, found, heads, fresh):
                if path.startswith(_DECISIONS) or isinstance(one, bytes | str) or _names(one, tasks):
                    concerned.add(path.removesuffix(".md"))
                    yield path, one
        for path in claims:
            if _is_task_file(path) or path.removesuffix(CLAIMS_SUFFIX) in concerned:
                yield from self._read_now(path, None, fresh)
        yield from ((record.path, record) for record in self._adopted())
        if self._cache and len(fresh) > _FEW:
            self._cache.put(fresh, ())

    def _as_kept(
        self, path: str, found: Stamp | str | None, heads: Heads, fresh: dict[str, Row]
    ) -> Iterator[tuple[str, bytes | str | Record | Packed]]:
        """A file as it was kept, where its stamp is still the same; else as it is on disk."""
        known = heads.get(path)
        if known and known[0] == found:
            record_id, name, fields_of = known[1]
            yield path, Packed(record_id, path, name, fields_of, self._unpacked)
        elif isinstance(found, str):
            yield path, found
        else:
            yield from self._read_now(path, found, fresh)

    def _without_tasks(
        self, tasks: AbstractSet[str], *, archived: bool
    ) -> Iterator[tuple[str, Stamp | str | None]]:
        """Paths and stamps of all record files but tasks and what other tasks' files claim."""
        every = [*self._paths, *(self._archived_files()[0] if archived else ())]
        mine = tuple(f"/{one}" for one in tasks)
        paths = sorted(
            path for path in every if not _is_task_file(path) or path[path.rfind("/") :].startswith(mine)
        )
        yield from self._store.stamped(
            path for path in paths if path.endswith(".md") and not _is_task_file(path)
        )
        yield from ((path, None) for path in paths if path.endswith(CLAIMS_SUFFIX))
        yield from ((f"{self._home}{path}", None) for path in self._more_paths())

    def _read_now(
        self, path: str, stamp: Stamp | None, fresh: dict[str, Row]
    ) -> Iterator[tuple[str, bytes | str | Record]]:
        """A file as it is on disk, which becomes a row of `fresh` where it can be kept."""
        now = time.time_ns()
        data = self._read(path)
        if data is None:
            return  # removed since it was listed
        try:
            record = None if path.endswith(CLAIMS_SUFFIX) else read_record(path, data)
        except BadRecord:
            record = None  # whoever collects is told the same
        if record and stamp and is_settled(stamp, now):
            fresh[path] = Row(
                stamp, Head(record.id, record.other_name, _packed(record)), record.text.casefold()
            )
        yield path, record or data

    def _unpacked(self, packed: Packed) -> Record:
        values = [tuple(value) if type(value) is list else value for value in json.loads(packed.fields)]
        return _MAKERS[packed.id[0]](*values, packed.path, FileText(partial(self._text, packed.path)))

    def _text(self, path: str) -> str:
        """The text of a file.  Raises NotFound or BadRecord where it has changed to none."""
        data = self._read(path)
        if isinstance(data, bytes):
            return decode(data, self._store.shown(path))
        raise NotFound(f"{self._store.shown(path)} is not there any more", hint="repeat the command")

    def _with_words(self, words: list[str]) -> tuple[set[str], set[str]]:
        """The paths of files that have all words, among those of which that is known; and these."""
        return (self._cache.with_words(words) & self._kept if self._cache else set()), self._kept


def _is_task_file(path: str) -> bool:
    return path[path.rfind("/") + 1 :].startswith("t-")


def _cache_of(store: Store, private: Path) -> RecordCache | None:
    """What is kept of a store; None where the program cannot tell of which version it is."""
    name = hashlib.sha256(os.fsencode(os.path.realpath(store.root))).hexdigest()[:16]
    try:
        version = repr((__version__, program([Path(__file__).parents[1] / "records"])))
    except OSError:
        return None
    return RecordCache(private / FOLDER / f"{NAME}{name}.sqlite", version)


def _names(one: Record | Packed, ids: AbstractSet[str]) -> bool:
    """Whether a session names one of some ids, as far as what was kept of it tells."""
    return (
        any(i in one.fields for i in ids)
        if isinstance(one, Packed)
        else isinstance(one, Session) and bool(ids & set(one.tasks))
    )


def _packed(record: Record) -> str:
    return json.dumps([getattr(record, name) for name in _FIELDS[record.id[0]]], ensure_ascii=False)
