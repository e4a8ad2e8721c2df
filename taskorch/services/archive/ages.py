"""When records were closed: of sessions the record says it, of tasks git does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from taskorch.errors import UsageError
from taskorch.git.commit import changed_below
from taskorch.git.line_changes import last_changes
from taskorch.records.task import Task
from taskorch.services.moments import moment
from taskorch.services.workspace import Workspace

_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_STATUS = "^(status|deleted):"


def age_of(text: str) -> timedelta:
    """The time in words such as ``90d``, ``12h`` or ``6w``.  Raises UsageError."""
    found = re.fullmatch(r"(\d{1,5})([hdw])", text.strip())
    if not found:
        raise UsageError(f"'{text}' is no age", hint="a number with h, d or w for hours, days, weeks: 90d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def present(ws: Workspace) -> datetime:
    """The present time."""
    return moment(ws.instant()) or datetime.now(UTC)


def closed_at(ws: Workspace, tasks: Iterable[Task]) -> dict[str, datetime]:
    """When each of some closed tasks got the status it has, by id.

    That is when the newest commit was made that changed the lines of its status; of a file with changes
    that no commit has, when it was written last.  Git is asked once.
    """
    folder = f"{ws.prefix}/tasks"
    committed = last_changes(ws.repo, ws.repo.head, folder, _STATUS) if ws.repo.head else {}
    changed = {path for path, _, _ in changed_below(ws.repo, folder)}
    out = {}
    for one in tasks:
        path = ws.shown(one.path)
        known = committed.get(path) if path not in changed else None
        seconds = (ws.store.root / one.path).stat().st_mtime if known is None else known
        out[one.id] = max(filter(None, (datetime.fromtimestamp(seconds, UTC), moment(one.created))))
    return out
