"""Reading SQLite databases of others: copies of them, so that nothing is changed where they are.

To open a database in place would write beside it (``-shm``), miss what is only in its ``-wal``, or wait for
the program that has it open.  Files: https://www.sqlite.org/tempfiles.html
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from taskorch.errors import Busy, TaskorchError
from taskorch.interchange.mcp_task_orchestrator.source import Database

_MAGIC = b"SQLite format 3\0"
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY 1"
_BESIDE = ("-wal", "-journal")  # not -shm: it is made anew, and of a live database locked
_TRIES, _PAUSE = 5, 0.2
"""How often a database is copied that changes meanwhile, and seconds between."""


def read_database(path: Path, name: str) -> Database:
    """The rows of all tables of a database, which `name` names in reports; none of an empty file.

    Raises TaskorchError for a file that is no database, is encrypted or damaged, or cannot be read, Busy for
    one that is written all the time.
    """
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
        if start and start != _MAGIC:
            hint = "give the file that the old system wrote, or the folder of its project"
            raise TaskorchError(f"{name} is no SQLite database, or an encrypted one", hint=hint)
        with tempfile.TemporaryDirectory(prefix="taskorch-") as folder:
            return _read(_copied(path, Path(folder)), name)
    except OSError as error:
        raise TaskorchError(f"{name} cannot be read: {error.strerror}") from None


def _copied(path: Path, folder: Path) -> Path:
    """A copy of a database with what belongs to it, all from one moment."""
    for _ in range(_TRIES):
        before = _state(path)
        for suffix in ("", *_BESIDE):
            source, copy = Path(f"{path}{suffix}"), folder / f"copy.db{suffix}"
            copy.unlink(missing_ok=True)
            if source.exists():
                shutil.copyfile(source, copy)
        if _state(path) == before:
            return folder / "copy.db"
        time.sleep(_PAUSE)
    raise Busy(
        f"{path} is being written all the time", hint="stop the server of the old system, and try again"
    )


def _state(path: Path) -> list[tuple[int, int] | None]:
    """Size and time of change of a database's files."""
    files = [Path(f"{path}{suffix}") for suffix in ("", *_BESIDE)]
    found = [file.stat() if file.exists() else None for file in files]
    return [(one.st_size, one.st_mtime_ns) if one else None for one in found]


def _read(path: Path, name: str) -> Database:
    tables: dict[str, list[dict[str, Any]]] = {}
    problems: list[tuple[str, str]] = []
    with closing(sqlite3.connect(path)) as opened:
        opened.text_factory = lambda raw: raw.decode("utf-8", "replace")
        try:
            names = [str(found[0]) for found in opened.execute(_TABLES)]
        except sqlite3.Error as error:
            raise TaskorchError(f"{name} is damaged: {error}") from None
        for table in names:
            tables[table] = []
            try:
                tables[table].extend(_rows(opened, table))
            except sqlite3.Error as error:
                reason = f"damaged: {error}; {len(tables[table])} rows before that were read"
                problems.append((f"table {table}", reason))
    return Database(name, tables, problems)


def _rows(opened: sqlite3.Connection, table: str) -> Iterator[dict[str, Any]]:
    quoted = table.replace('"', '""')
    found = opened.execute(f'SELECT * FROM "{quoted}"')
    columns = [column[0] for column in found.description]
    for row in found:
        yield dict(zip(columns, row, strict=True))
