"""Databases of mcp-task-orchestrator built by hand: the tables of its models, and rows in a line each."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OLD = HERE / "old_projects"
"""Projects that versions 1.4.1, 1.8.0 and 2.0.0 of it made."""

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def make_database(path: Path, tables: Tables, *pragmas: str) -> Path:
    """A database with tables as their rows need them: a row has the columns that it names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as opened:
        for pragma in pragmas:
            opened.execute(f"PRAGMA {pragma}")
        fill(opened, tables)
        opened.commit()
    return path


def fill(opened: sqlite3.Connection, tables: Tables) -> None:
    """Add tables and rows."""
    for table, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row)) or ["id"]
        opened.execute(f'CREATE TABLE IF NOT EXISTS "{table}" ({", ".join(columns)})')
        for row in rows:
            marks = ", ".join("?" * len(columns))
            opened.execute(f'INSERT INTO "{table}" VALUES ({marks})', [row.get(name) for name in columns])


def subtask(key: str, **values: Any) -> dict[str, Any]:
    """A row of ``subtasks`` as 1.8 writes it."""
    return {
        "task_id": key, "parent_task_id": "big", "title": f"Title {key}", "description": "d",
        "specialist_type": "implementer", "dependencies": "[]", "estimated_effort": "Unknown",
        "status": "pending", "results": None, "artifacts": "[]", "file_operations_count": 0,
        "verification_status": "pending", "created_at": "2025-06-01 12:00:00.5", "completed_at": None,
        **values,
    }  # fmt: skip


def breakdown(key: str = "big", **values: Any) -> dict[str, Any]:
    """A row of ``task_breakdowns``."""
    return {
        "parent_task_id": key, "description": "Build it", "complexity": "moderate", "context": None,
        "created_at": "2025-06-01 12:00:00", **values,
    }  # fmt: skip


def operation(key: str, path: str, **values: Any) -> dict[str, Any]:
    """A row of ``file_operations``."""
    return {
        "operation_id": key, "subtask_id": "one", "session_id": "s1", "operation_type": "create",
        "file_path": path, "timestamp": "2025-06-01 10:00:00", "content_hash": None, "file_size": None,
        "file_metadata": "{}", "verification_status": "pending", "created_at": "2025-06-01 10:00:00.01",
        **values,
    }  # fmt: skip


def decided(key: str, **values: Any) -> dict[str, Any]:
    """A row of ``architectural_decisions``."""
    return {
        "decision_id": key, "decision_number": 1, "subtask_id": "one", "session_id": "s1",
        "specialist_type": "architect", "title": f"Decision {key}", "category": "design",
        "impact_level": "low", "status": "accepted", "problem_statement": "", "context": "c",
        "decision": "d", "rationale": "r", "supersedes": "[]", "affected_files": "[]",
        "timestamp": "2025-06-01 10:00:00", "created_at": "2025-06-01 10:00:00.01", **values,
    }  # fmt: skip
