"""What else is under way, told by ``recover`` where no task was named."""

from __future__ import annotations

from collections.abc import Container

from taskorch.records.collection import Collection, by_priority
from taskorch.records.session import HANDOFF
from taskorch.records.task import ACTIVE, BLOCKED, Task
from taskorch.services.shapes import Json
from taskorch.services.shell_words import reading

_ORDER = {ACTIVE: 0, BLOCKED: 1}


def also_under_way(found: Collection, shown: Container[str], at: str | None) -> list[Json]:
    """A row for each open task that somebody began or that is blocked, with the command for the rest.

    The active ones come first, then the blocked ones; those in `shown` are told elsewhere.  `at` is the
    revision that the records were read from.
    """
    sessions = found.sessions.values()
    handed_on = {task for one in sessions if one.section(HANDOFF) for task in one.tasks}
    begun = {task for one in sessions for task in one.tasks}
    begun |= {claim.task for lines in found.claims.values() for claim, _ in lines}
    tasks = [
        one
        for one in found.tasks.values()
        if one.is_open and one.id not in shown and (one.status in _ORDER or one.id in begun)
    ]
    tasks.sort(key=lambda one: (_ORDER.get(one.status, 2), by_priority(one)))
    return [_row(one, one.id in handed_on, at) for one in tasks]


def _row(one: Task, handoff: bool, at: str | None) -> Json:
    return {
        "id": one.id,
        "title": one.title,
        "status": one.status,
        "reason": one.reason,
        "handoff": handoff,
        "command": f"taskorch recover {one.id}{reading(at)}",
    }
