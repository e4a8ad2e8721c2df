"""Which project somebody means: a folder, a database file, or an object of mcp-task-orchestrator."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from taskorch.errors import UsageError
from taskorch.orchestrator.arguments import path_of, text_of

OLD_FOLDER = ".task_orchestrator"
"""Where mcp-task-orchestrator keeps the data of a project."""

_ATTRIBUTES = (
    "folder", "project_dir", "working_directory", "base_dir", "persistence_dir", "db_path", "persistence",
)  # fmt: skip
_DEPTH = 3
_URL = "sqlite:///"
_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///", re.IGNORECASE)


def folder_of(source: Any) -> Path:
    """The project's folder that `source` means; None means the current one.

    A string or path is that of a folder, or of a file in it.  Of an object the attribute that names its
    folder is taken, as objects of mcp-task-orchestrator (1.3 to 1.8) have them; of a database session the
    folder of its file.  Raises UsageError for what has none.
    """
    try:
        found = _folder_of(source, _DEPTH)
    except UsageError:
        raise
    except Exception:  # objects of others, whose attributes may do anything: a session bound to nothing
        found = None
    if found is None:
        raise UsageError(
            f"no project's folder is known from {type(source).__name__}", hint="give the path of the project"
        )
    return found


def database_of(url: str) -> Path:
    """The file of a database URL: ``sqlite:///old.db``, also ``sqlite+aiosqlite:///old.db``.

    Raises UsageError for other ones.
    """
    form = _SQLITE.match(text_of("db_url", url))
    path = url[form.end() :].partition("?")[0].removeprefix("file:") if form else ""
    if path in ("", ":memory:"):
        raise UsageError(f"db_url is '{url}', not the file of an old database", hint=f"{_URL}PATH")
    return Path(path)


def _folder_of(source: Any, depth: int) -> Path | None:
    if source is None or source is ...:  # the guide has create_enhanced_orchestrator(...)
        return Path.cwd()
    if isinstance(source, (str, os.PathLike)):
        return _project(Path(path_of("the project's folder", source)))
    if depth == 0:
        return None
    for name in _ATTRIBUTES:
        value = getattr(source, name, None)
        if value is not None and (found := _folder_of(value, depth - 1)):
            return found
    return _folder_of_session(source)


def _folder_of_session(source: Any) -> Path | None:
    """The folder of the file behind a database session of SQLAlchemy."""
    bind = getattr(source, "get_bind", None)
    database = getattr(getattr(bind() if callable(bind) else source, "url", None), "database", None)
    return _project(Path(database)) if isinstance(database, str) and database != ":memory:" else None


def _project(path: Path) -> Path:
    """The project that a path belongs to: above the old system's folder, and above a file."""
    for one in (path, *path.parents):
        if one.name == OLD_FOLDER:
            return one.parent
    return path.parent if os.path.isfile(path) or path.suffix in (".db", ".sqlite") else path
