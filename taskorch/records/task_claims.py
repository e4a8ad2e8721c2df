"""The claims file of a task: what sessions claimed for it whose records are kept in a git directory.

A line is a claim with one key more, ``session``: which session made it, when that began, and the place
of the task among those it worked on.  So every clone can tell the order of the claims without records
of the sessions.  The lines of one session stand together, the sessions in the order of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from taskorch.errors import BadRecord
from taskorch.records import claim as claims
from taskorch.records import ids
from taskorch.records.claim import Claim
from taskorch.records.frontmatter import BOM


@dataclass(frozen=True, slots=True)
class Origin:
    """Which session made a claim, when it began, and the task's place among its tasks, from 0."""

    session: str
    created: str
    place: int


@dataclass(frozen=True, slots=True)
class TaskClaims:
    """The claims file of a task: its text, and each claim with its origin (None: not told) and line."""

    text: str = ""
    lines: tuple[tuple[Claim, Origin | None, int], ...] = ()

    def has(self, session_id: str) -> bool:
        """Whether a session made some of the claims."""
        return any(origin.session == session_id for _, origin, _ in self.lines if origin)


def parse(text: str, path: str) -> tuple[TaskClaims, list[BadRecord]]:
    """The claims of a task's file, and a problem for each line that is none of them."""
    task = path.rsplit("/", 1)[-1][:10]

    def take(shape: Any) -> tuple[Claim, Origin | None]:
        claim = claims.from_json(shape)
        if claim.task != task:
            raise ValueError(f"a claim of {claim.task} in the claims file of {task}")
        return claim, _origin(shape.get("session"))

    found, problems = claims.read_lines(text, path, take)
    return TaskClaims(text, tuple((*both, number) for both, number in found)), problems


def exchanged(found: TaskClaims, origin: Origin, made: Sequence[Claim]) -> str:
    """The file's text with the lines of the origin's session exchanged for `made`, no others."""
    origins = {number: one for _, one, number in found.lines}
    kept: list[str] = []
    place = 0
    for number, line in enumerate(found.text.removeprefix(BOM).split("\n"), 1):
        one = origins.get(number)
        if line.strip() and not (one and one.session == origin.session):
            kept.append(line)
            if one and (one.created, one.session) <= (origin.created, origin.session):
                place = len(kept)
    told = {"id": origin.session, "created": origin.created, "place": origin.place}
    mine = [claims.as_line({**claim.as_json(), "session": told}) for claim in claims.in_order(made)]
    return "".join(f"{line}\n" for line in [*kept[:place], *mine, *kept[place:]])


def _origin(shape: Any) -> Origin | None:
    """The origin in a line.  Raises ValueError where it is none."""
    if shape is None:
        return None
    found = shape if isinstance(shape, dict) else {}
    session, created, place = (found.get(key) for key in ("id", "created", "place"))
    if not isinstance(session, str) or not ids.is_id(session) or ids.kind_of(session) != "session":
        raise ValueError("'session' has no 'id' of a session")
    if not isinstance(created, str):
        raise ValueError("'session' has no 'created': a time")
    if not isinstance(place, int) or isinstance(place, bool) or place < 0:
        raise ValueError("'session' has no 'place': a number from 0 up")
    return Origin(session, created, place)
