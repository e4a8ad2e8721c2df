"""Which records have given fields, and on which line of the record it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from taskorch.errors import BadRecord, UsageError
from taskorch.records import frontmatter
from taskorch.records.collection import Collection
from taskorch.records.decision import Decision
from taskorch.records.gathered import Record
from taskorch.records.session import Session
from taskorch.records.task import Task
from taskorch.services.binding import touching
from taskorch.services.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Fields:
    """What a record is to have; None or empty: anything.  A kind without the field has it not.

    ``file`` is a path as the user named it: of decisions, one that they govern.  ``since`` and ``until``
    are days, both included, of a decision's date or of when a task or session was made.
    """

    category: str | None = None
    impact: str | None = None
    status: Sequence[str] = ()
    file: str | None = None
    component: str | None = None
    label: str | None = None
    task: str | None = None
    since: str | None = None
    until: str | None = None
    cwd: Path | None = None

    @property
    def named(self) -> bool:
        """Whether there is any."""
        return any((self.category, self.impact, self.status, self.file, self.component, self.label,
                    self.task, self.since, self.until))  # fmt: skip


@dataclass(frozen=True)
class Matcher:
    """`Fields` with their names looked up: ``path`` from the root, ``task_id`` that of a task."""

    fields: Fields
    path: str | None
    task_id: str | None

    @classmethod
    def of(cls, ws: Workspace, found: Collection, fields: Fields) -> Matcher:
        """Raises UsageError for a day that is none, NotFound for a task, BadPath for a path."""
        _check_day(fields.since, "--since")
        _check_day(fields.until, "--until")
        path = ws.repo.relative(fields.file, fields.cwd or ws.start) if fields.file else None
        return cls(fields, path, found.task(fields.task).id if fields.task else None)

    def fits(self, record: Record) -> bool:
        """Whether a record has all of the fields."""
        return all(self._has(record, key) for key in self._asked)

    def line(self, record: Record) -> int:
        """The line, from 1, where a record that fits says so; that of the first field asked for."""
        try:
            document = frontmatter.parse(record.text, record.path)
        except BadRecord:  # a decision of another tool, which says it elsewhere
            return 1
        key = self._asked[0]
        name = _KEYS.get(key) or ("date" if isinstance(record, Decision) else "created")
        entry = document.entries.get(name)
        if entry is None:
            return 1
        value = self._value(record, key)
        item = next((one for one in entry.items or () if _item(one.value) == value), None)
        return document.position(item.start if item else entry.start)[0]

    @property
    def _asked(self) -> list[str]:
        return [key for key in _ORDER if getattr(self.fields, key)]

    def _has(self, record: Record, key: str) -> bool:
        if key in ("since", "until"):
            day = (record.date if isinstance(record, Decision) else record.created) or ""
            wanted = str(getattr(self.fields, key))
            return bool(day) and (day[:10] >= wanted if key == "since" else day[:10] <= wanted)
        if key == "status":
            return not isinstance(record, Session) and record.status in self.fields.status
        if key == "label":
            return not isinstance(record, Session) and self.fields.label in record.labels
        if key == "task":
            return not isinstance(record, Task) and self.task_id in record.tasks
        if not isinstance(record, Decision):
            return False
        if key == "file":
            return bool(self.path and touching(record, self.path))
        if key == "component":
            return self.fields.component in record.components
        return bool(getattr(record, key) == getattr(self.fields, key))

    def _value(self, record: Record, key: str) -> str | None:
        if key == "file" and isinstance(record, Decision):
            return touching(record, self.path or "")[0]
        return self.task_id if key == "task" else getattr(self.fields, key)


_KEYS = {
    "file": "governs", "task": "tasks", "component": "components", "label": "labels",
    "category": "category", "impact": "impact", "status": "status",
}  # fmt: skip
_ORDER = (*_KEYS, "since", "until")


def _item(value: object) -> object:
    return value.get("path") if isinstance(value, dict) else value


def _check_day(day: str | None, option: str) -> None:
    if not day:
        return
    try:
        known = date.fromisoformat(day).isoformat()
    except ValueError:
        known = ""
    if known != day:  # 20260131 and 2026-W05-6 are read by some Pythons, and days are compared as texts
        raise UsageError(f"{option} '{day}' is no day", hint=f"{option} 2026-01-31") from None
