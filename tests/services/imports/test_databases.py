"""Reading databases as they are found: open, unmerged, locked, damaged, or none; never changing one."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from taskorch.errors import Busy, NotFound, TaskorchError
from taskorch.interchange.foreign import Foreign
from taskorch.services.imports import databases
from taskorch.services.imports.databases import read_database
from taskorch.services.imports.sources import read_source
from tests.services.imports.databases import breakdown, fill, make_database, subtask


def read(path: Path) -> Foreign:
    return read_source("mcp-task-orchestrator", path)


def stamps(folder: Path) -> list[tuple[str, int, int, bytes]]:
    """All of a folder and its files: names, times and contents."""
    files = [folder, *sorted(folder.rglob("*"))]
    states = [(file, file.stat()) for file in files]
    return [(f.name, s.st_mtime_ns, s.st_size, f.read_bytes() if f.is_file() else b"") for f, s in states]


def keys(foreign: Foreign) -> list[str]:
    return [task.key for task in foreign.tasks]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database in a project's folder."""
    tables = {"task_breakdowns": [breakdown()], "subtasks": [subtask("one")]}
    return make_database(tmp_path / "old" / ".task_orchestrator" / "task_orchestrator.db", tables)


def test_what_is_only_in_the_wal_is_read_and_nothing_is_changed(file: Path) -> None:
    with closing(sqlite3.connect(file)) as server:
        server.execute("PRAGMA journal_mode = wal")
        server.execute("PRAGMA wal_autocheckpoint = 0")
        fill(server, {"subtasks": [subtask("two")]})
        server.commit()
        for name in file.parent.iterdir():
            name.chmod(0o444)
        file.parent.chmod(0o555)
        before = stamps(file.parent)
        assert keys(read(file)) == ["big", "one", "two"]
        assert keys(read(file.parent.parent)) == ["big", "one", "two"]
        assert stamps(file.parent) == before
        file.parent.chmod(0o755)


def test_a_database_that_is_locked_is_read_as_it_was_before(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as server:
        fill(server, {"subtasks": [subtask(f"t{number}", description="x" * 2000) for number in range(100)]})
        server.execute("PRAGMA cache_size = 1")
        server.execute("BEGIN EXCLUSIVE")
        server.execute("UPDATE subtasks SET title = 'half way'")
        assert b"half way" in file.read_bytes()
        found = read(file)
        assert len(found.tasks) == 102
        assert {task.title for task in found.tasks if task.key != "big"} == {
            "Title one", *(f"Title t{number}" for number in range(100)),
        }  # fmt: skip


def test_a_database_that_is_written_all_the_time_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "_PAUSE", 0.001)
    now = [1]

    def touch(path: Path) -> list[tuple[int, int] | None]:
        now[0] += 1
        return [(0, now[0])]

    monkeypatch.setattr(databases, "_state", touch)
    with pytest.raises(Busy, match="written all the time"):
        read(file)


@pytest.mark.parametrize("content", [b"SQLite?", b"\x8f\x02" * 4096, b"\xff\xfe{}"])
def test_what_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.db").write_bytes(content)
    with pytest.raises(TaskorchError, match="encrypted"):
        read(tmp_path / "x.db")


def test_an_empty_file_and_tables_of_others_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.db").touch()
    with pytest.raises(TaskorchError, match="it is empty"):
        read(tmp_path / "x.db")
    with pytest.raises(TaskorchError, match="its tables are: songs"):
        read(make_database(tmp_path / "y.db", {"songs": [{"id": 1}]}))
    (tmp_path / "folder").mkdir()
    with pytest.raises(NotFound, match="no database"):
        read(tmp_path / "folder")


def test_tables_without_rows_are_nothing_to_import(tmp_path: Path) -> None:
    assert keys(read(make_database(tmp_path / "x.db", {"subtasks": []}))) == []


def test_damaged_pages_cost_the_rows_behind_them(tmp_path: Path) -> None:
    many = [subtask(f"t{number:03}", description="x" * 500) for number in range(200)]
    file = make_database(tmp_path / "x.db", {"task_breakdowns": [breakdown()], "subtasks": many})
    content = bytearray(file.read_bytes())
    at = len(content) // 2 // 4096 * 4096
    content[at : at + 4096] = b"\xff" * 4096
    file.write_bytes(content)
    found = read(file)
    assert 10 < len(found.tasks) < 201
    [reason] = [reason for item, reason in found.skipped if item == "table subtasks"]
    assert reason.startswith("damaged: ") and "rows before that were read" in reason


def test_a_header_that_is_cut_off_is_refused(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:60])
    with pytest.raises(TaskorchError, match=r"task_orchestrator\.db is damaged"):
        read(file)


def test_what_cannot_be_opened_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(TaskorchError, match="cannot be read"):
        read_database(file, "x")


def test_the_empty_database_beside_the_live_one_of_2_0(tmp_path: Path) -> None:
    folder = tmp_path / ".task_orchestrator"
    row = {
        "id": "a",
        "type": "standard",
        "status": "pending",
        "title": "A",
        "created_at": "2025-06-01T10:00:00",
    }
    make_database(folder / "task_orchestrator.db", {"tasks": []})
    make_database(folder / "tasks.sqlite", {"tasks": [row]})
    for path in (tmp_path, folder, folder / "task_orchestrator.db", folder / "tasks.sqlite"):
        assert keys(read(path)) == ["a"]
    (folder / "task_orchestrator.db").write_bytes(b"")
    assert keys(read(tmp_path)) == ["a"]
    (folder / "task_orchestrator.db").write_bytes(b"no database at all")
    found = read(tmp_path)
    assert keys(found) == ["a"]
    assert ("database", "task_orchestrator.db is no SQLite database, or an encrypted one") in found.skipped


def test_a_server_that_writes_meanwhile(file: Path) -> None:
    """Whatever moment is met, what is read is of one moment."""
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(file)) as server:
            server.execute("PRAGMA journal_mode = wal")
            number = 0
            while not stop.wait(0.02):
                number += 1
                fill(server, {"subtasks": [subtask(f"a{number}"), subtask(f"b{number}")]})
                server.commit()

    server = threading.Thread(target=write)
    server.start()
    try:
        for _ in range(5):
            found = keys(read(file))
            assert (
                len([key for key in found if key[0] == "a"])
                == len([k for k in found if k[1:].isdecimal()]) / 2
            )
    finally:
        stop.set()
        server.join()
