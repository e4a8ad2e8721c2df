"""What was read from record files, kept by path and stamp: derived, disposable, never the source of truth.

A row counts only while its file has the same size, times and inode.  What had changed shortly before it
was read may change again within the resolution of its times: that is not kept.  SQLite lets racing
processes read and write; whatever is wrong with the file, it is made anew or left out.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")

NAME = "records-"
"""How the names of the files begin, in the folder of kept answers."""

_UNUSED_DAYS = 30
SECOND = 1_000_000_000
RECENT, RECENT_COARSE = 100_000_000, 3_000_000_000
_TABLES = """
create table made_by (version text);
create table head (
    path text unique, size int, mtime int, ctime int, inode int, id text, name text, fields text
);
create table body (path text unique, folded text);
"""


Stamp = tuple[int, int, int, int]
"""What tells that a file is as it was: size in bytes, times in nanoseconds since 1970, inode."""


def stamp_of(found: os.stat_result) -> Stamp:
    """The stamp in what the system says of a file."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def is_settled(stamp: Stamp, now: int) -> bool:
    """Whether a file read at `now`, in nanoseconds, cannot change any more and keep this stamp."""
    latest = max(stamp[1:3])
    # where a file system keeps whole seconds, its files' times are such
    return latest + (RECENT if latest % SECOND else RECENT_COARSE) < now


class Head(NamedTuple):
    """What is kept of the record in a file: its id, another name it goes by, and its fields as one text."""

    id: str
    name: str | None
    fields: str


class Row(NamedTuple):
    """What is kept of a file: its stamp, the record in it, and its text without case."""

    stamp: Stamp
    head: Head
    folded: str


class RecordCache:
    """The rows of one store.  `version` names the program whose reading they are."""

    def __init__(self, file: Path, version: str) -> None:
        self._file, self._version = file, version

    def heads(self, without: str | None = None) -> dict[str, tuple[Stamp, Head]]:
        """Stamp and record of every file, by path; of none whose path begins with the folder `without`.

        Empty where nothing can be read.
        """

        def read(rows: sqlite3.Connection) -> dict[str, tuple[Stamp, Head]]:
            outside = "" if without is None else "where path < ? or path >= ?"
            limits = () if without is None else (without, f"{without[:-1]}0")  # "0" follows "/"
            query = f"select path, size, mtime, ctime, inode, id, name, fields from head {outside}"
            found = rows.execute(query, limits)
            return {row[0]: (row[1:5], row[5:]) for row in found}

        return self._tried(read) or {}

    def with_words(self, words: Iterable[str]) -> set[str]:
        """The paths of the files that hold all words, which are without case."""
        wanted = list(words)
        where = " and ".join("instr(folded, ?)" for _ in wanted)
        query = f"select path from body where {where}"
        return self._tried(lambda rows: {path for (path,) in rows.execute(query, wanted)}) or set()

    def put(self, rows: Mapping[str, Row], gone: Iterable[str]) -> None:
        """Keep rows, and drop those of files that are gone; where that cannot be done, nothing is."""

        def write(store: sqlite3.Connection) -> None:
            store.execute("begin immediate")
            for table in ("head", "body"):
                store.executemany(f"delete from {table} where path = ?", [(path,) for path in gone])
            heads = ((path, *row.stamp, *row.head) for path, row in rows.items())
            store.executemany("replace into head values (?, ?, ?, ?, ?, ?, ?, ?)", heads)
            store.executemany("replace into body values (?, ?)", ((p, row.folded) for p, row in rows.items()))
            store.execute("commit")

        self._tried(write, make=True)

    def _tried(self, do: Callable[[sqlite3.Connection], T], *, make: bool = False) -> T | None:
        """What `do` gives; None where there are no rows, or SQLite objects."""
        if not make and not self._file.exists():
            return None
        import sqlite3  # slow to load, and only what reads many records comes by

        opened = None
        try:
            if make:
                self._file.parent.mkdir(exist_ok=True)
            opened = sqlite3.connect(self._file, timeout=0, isolation_level=None)
            return do(opened) if self._is_ours(opened, make=make) else None
        except sqlite3.OperationalError:
            return None  # busy, full, or not to be written: the next time will do
        except (sqlite3.DatabaseError, OSError):
            _remove(self._file)  # damaged: it is made anew
            return None
        finally:
            if opened:
                opened.close()

    def _is_ours(self, rows: sqlite3.Connection, *, make: bool) -> bool:
        """Whether the rows are of this version; those of others are dropped where new ones are made."""
        known = rows.execute("select name from sqlite_master where name = 'made_by'").fetchone()
        made_by = rows.execute("select version from made_by").fetchone() if known else None
        if made_by == (self._version,):
            return True
        if make:
            self._make(rows)
        return make

    def _make(self, rows: sqlite3.Connection) -> None:
        rows.executescript("begin immediate; drop table if exists made_by; drop table if exists head;"
                           f"drop table if exists body; {_TABLES}")  # fmt: skip
        rows.execute("insert into made_by values (?)", (self._version,))
        rows.execute("commit")
        oldest = time.time() - _UNUSED_DAYS * 24 * 3600
        for other in self._file.parent.glob(f"{NAME}*"):
            with suppress(OSError):
                if other != self._file and other.stat().st_mtime < oldest:
                    _remove(other)


def _remove(file: Path) -> None:
    """Remove rows, and the journal of a write that was killed: it would be played back into new ones."""
    for one in (file.with_name(f"{file.name}-journal"), file):
        with suppress(OSError):
            one.unlink(missing_ok=True)
