"""Whatever tells a project tells the right one."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from taskorch import StateManager, UsageError
from taskorch.orchestrator.places import database_of, folder_of


def sources(folder: Path) -> dict[str, Any]:
    """One project, told in the ways of the old system's versions."""
    old = folder / ".task_orchestrator"
    old.mkdir()
    (old / "task_orchestrator.db").write_bytes(b"")
    url = SimpleNamespace(database=str(old / "task_orchestrator.db"))
    engine = SimpleNamespace(url=url)
    manager = SimpleNamespace(base_dir=folder, persistence_dir=old)
    return {
        "a folder": folder,
        "in words": str(folder),
        "the old folder": old,
        "a database": old / "task_orchestrator.db",
        "a database that is not there yet": folder / "tasks.db",
        "a persistence manager": manager,
        "one with the old folder alone": SimpleNamespace(persistence_dir=str(old)),
        "an old state manager": SimpleNamespace(db_path=str(old / "x.db"), persistence=manager),
        "a session": SimpleNamespace(get_bind=lambda: engine),
        "an engine": engine,
        "ours": StateManager(folder),
    }


def test_each_way_tells_the_project(tmp_path: Path) -> None:
    for way, source in sources(tmp_path).items():
        assert folder_of(source) == tmp_path, way


def test_nothing_and_an_ellipsis_are_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert folder_of(None) == folder_of(...) == tmp_path  # the guide has create_enhanced_orchestrator(...)


@pytest.mark.parametrize("source", [object(), SimpleNamespace(url=SimpleNamespace(database=":memory:")), 1])
def test_what_tells_none_is_refused(source: object) -> None:
    with pytest.raises(UsageError, match="no project's folder"):
        folder_of(source)


def test_a_database_by_its_url() -> None:
    assert database_of("sqlite:///old.db") == Path("old.db")
    assert database_of("sqlite:////tmp/old.db?mode=ro") == Path("/tmp/old.db")
    assert database_of("sqlite+aiosqlite:///old.db") == Path("old.db")
    assert database_of("sqlite:///file:old.db?mode=ro&uri=true") == Path("old.db")
    for url in (
        "sqlite:///",
        "sqlite:///a\0b",
        "postgresql://host/db",
        "sqlite://",
        "sqlite:///:memory:",
        "old.db",
    ):
        with pytest.raises(UsageError):
            database_of(url)


def test_an_object_that_fails_when_it_is_asked_tells_none(tmp_path: Path) -> None:
    def unbound() -> None:
        raise RuntimeError("bound to nothing")

    for source in (SimpleNamespace(get_bind=unbound), "a\0b", "a\ud800"):
        with pytest.raises(UsageError):
            folder_of(source)
    assert folder_of("x" * 5000) == Path("x" * 5000)  # as long as no folder is asked for
