"""Reading a project of mcp-task-orchestrator from its folder or one of its databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from taskorch.errors import NotFound, TaskorchError
from taskorch.interchange.foreign import Foreign
from taskorch.interchange.mcp_task_orchestrator.places import FOLDER
from taskorch.interchange.mcp_task_orchestrator.reading import GENERATIONS, foreign_of
from taskorch.interchange.mcp_task_orchestrator.source import Database, Project
from taskorch.services.imports.databases import read_database

_DATABASES = ("tasks.sqlite", "task_orchestrator.db", "tasks.db", "databases/operational/tasks.db")
"""Where databases are: of 2.0 the first has the tasks, and the second is empty; of 1.x the second."""
_ENDINGS = (".json", ".md", ".txt", ".yaml", ".yml")
_MOST_BYTES = 4 << 20
_ASIDE = ("logs", "backups", "backup", "__pycache__")


def read(path: Path) -> Foreign:
    """What is read of a project's folder, its ``.task_orchestrator``, or a database in that.

    Of a database that is empty beside others these are read: 2.0 leaves such a one.  Nothing is changed
    there.  Raises NotFound where no database is, TaskorchError for a file that is none of the old system, and
    what `databases.read_database` raises.
    """
    path = path.resolve()
    folder = path.parent if path.is_file() else path / FOLDER if (path / FOLDER).is_dir() else path
    is_inside = folder.name == FOLDER
    root = folder.parent if is_inside else folder
    problems: list[TaskorchError] = []
    databases = list(_databases(folder, path, problems))
    if not any(_is_one(one) for one in databases):
        raise _nothing(path, databases, problems)
    files, unread = _files(folder) if is_inside else ({}, {})
    foreign = foreign_of(Project(str(root), databases, files, unread))
    foreign.skipped += [("database", error.message) for error in problems]
    return foreign


def _databases(folder: Path, path: Path, problems: list[TaskorchError]) -> Iterator[Database]:
    """The databases; the one that was named alone if it has anything in it."""
    places = [folder / name for name in _DATABASES]
    if path.is_file():
        found = read_database(path, path.name)
        yield found
        places = [] if found.has_rows else [file for file in places if file != path]
    for file in places:
        if file.is_file():
            try:
                yield read_database(file, file.relative_to(folder).as_posix())
            except TaskorchError as error:
                problems.append(error)


def _is_one(database: Database) -> bool:
    return any(table in database.tables for table in GENERATIONS)


def _nothing(path: Path, databases: list[Database], problems: list[TaskorchError]) -> TaskorchError:
    if problems:
        return problems[0]
    if databases:
        tables = [table for database in databases for table in database.tables]
        what = f"its tables are: {', '.join(sorted(tables))}" if tables else "it is empty"
        return TaskorchError(f"{path} is no database of mcp-task-orchestrator: {what}")
    hint = f"give a database, or a folder with {FOLDER}/{_DATABASES[1]} or {FOLDER}/{_DATABASES[0]}"
    return NotFound(f"there is no database of mcp-task-orchestrator in {path}", hint=hint)


def _files(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The texts of the other files by path, and why some were not read."""
    texts: dict[str, str] = {}
    unread: dict[str, str] = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if name.removesuffix("-wal").removesuffix("-shm").removesuffix("-journal") in _DATABASES:
            continue
        try:
            if file.is_symlink():
                unread[name] = "a symbolic link, which is not followed"
            elif file.is_file():
                _take(file, name, texts, unread)
        except OSError as error:
            unread[name] = f"cannot be read: {error.strerror}"
    return texts, unread


def _take(file: Path, name: str, texts: dict[str, str], unread: dict[str, str]) -> None:
    if not name.endswith(_ENDINGS) or name.split("/", maxsplit=1)[0] in _ASIDE:
        unread[name] = f"{file.stat().st_size} bytes: nothing that is imported"
    elif file.stat().st_size > _MOST_BYTES:
        unread[name] = f"{file.stat().st_size} bytes are more than is read"
    else:
        texts[name] = file.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
