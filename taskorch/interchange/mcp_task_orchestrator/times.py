"""Times of the old system in UTC, whatever it meant by them.

1.x wrote ``datetime.now()`` into ``created_at`` and ``updated_at``, and ``datetime.utcnow()`` into
``timestamp``, ``verification_timestamp`` and ``completed_at``; none says so.  Where a row has both,
written at one moment, their difference is the offset of that machine then: it holds for the times around.
The result does not depend on where it is read.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from taskorch.interchange.mcp_task_orchestrator.source import Project
from taskorch.interchange.mcp_task_orchestrator.values import text_of

_STEP = timedelta(minutes=15)
"""Offsets of time zones are whole steps of this."""
_WIDEST = timedelta(hours=14)
_AT_ONCE = (
    ("file_operations", "timestamp"),
    ("architectural_decisions", "timestamp"),
    ("file_verifications", "verification_timestamp"),
)
_MILLISECONDS = 1e11
"""Greater numbers than this are no seconds since 1970."""


class Clock:
    """Reads times; ``offsets`` are the offsets that rows told, each with the local time of its row."""

    def __init__(self, project: Project) -> None:
        self.offsets = sorted(set(_told(project))) or _told_by_maintenance(project)

    def utc(self, value: Any) -> str | None:
        """A time that was written in UTC, or says its zone; None where it is none."""
        return _written(_read(value))

    def local(self, value: Any) -> str | None:
        """A time that was written as the clock on the wall showed it."""
        found = _read(value)
        if found is None or found.tzinfo or not self.offsets:
            return _written(found)
        at = bisect(self.offsets, (found, timedelta.min))
        _, offset = min(self.offsets[max(at - 1, 0) : at + 1], key=lambda one: abs(one[0] - found))
        return _written(found - offset)

    @property
    def told(self) -> list[str]:
        """The offsets that rows told, as people write them."""
        return sorted({_as_zone(offset) for _, offset in self.offsets})


def _told(project: Project) -> Iterable[tuple[datetime, timedelta]]:
    for table, column in _AT_ONCE:
        for row in project.rows(table):
            local, utc = _read(row.raw("created_at")), _read(row.raw(column))
            if local and utc and not local.tzinfo and not utc.tzinfo:
                offset = round((local - utc) / _STEP) * _STEP
                if abs(offset) <= _WIDEST:
                    yield local, offset


def _told_by_maintenance(project: Project) -> list[tuple[datetime, timedelta]]:
    """Maintenance ends some time after it began: the shortest tells."""
    found: list[tuple[timedelta, datetime]] = []
    for row in project.rows("maintenance_operations"):
        local, utc = _read(row.raw("created_at")), _read(row.raw("completed_at"))
        if local and utc and not local.tzinfo and not utc.tzinfo and abs(local - utc) <= _WIDEST:
            found.append((round((local - utc) / _STEP) * _STEP, local))
    return [(local, offset) for offset, local in sorted(found)[-1:]]


def _read(value: Any) -> datetime | None:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value / 1000 if abs(value) > _MILLISECONDS else value
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        return datetime.fromisoformat(text_of(value).strip())
    except (ValueError, OverflowError):
        return None


def _written(found: datetime | None) -> str | None:
    """A time as records have it."""
    try:
        moved = found.astimezone(UTC) if found and found.tzinfo else found
        return moved.replace(microsecond=0, tzinfo=None).isoformat() + "Z" if moved else None
    except OverflowError:
        return None


def _as_zone(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
