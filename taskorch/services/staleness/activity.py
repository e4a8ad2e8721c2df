"""When something was last done on a task or in a session."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from taskorch.git.commit import changed_below
from taskorch.git.line_changes import last_changes
from taskorch.records import session as sessions
from taskorch.records import task as tasks
from taskorch.records.collection import Collection
from taskorch.records.gathered import CLAIMS_SUFFIX
from taskorch.records.session import Session
from taskorch.records.task import Task
from taskorch.services.moments import moment
from taskorch.services.workspace import Workspace

Seen = tuple[datetime, str]
"""A time, and what was done then."""

_NOTE = re.compile(r"^### (\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Activity:
    """What records, git and this repository's leases tell of activity.

    What counts: notes, claims, sessions that were opened or ended or whose lease a command extended,
    and changes of the record, committed or not.
    """

    ws: Workspace
    found: Collection

    def of_task(self, one: Task) -> Seen:
        """The last that was done on a task."""
        seen = [*self._of_file(one.path, one.created), *_notes(one.section(tasks.NOTES))]
        seen += self._of_file(one.path.removesuffix(".md") + CLAIMS_SUFFIX, None)
        for session in self._sessions.get(one.id, ()):
            seen.append(self.of_session(session))
        return max(seen)

    def of_session(self, one: Session) -> Seen:
        """The last that was done in a session."""
        seen = [*self._of_file(one.path, one.created), *self._of_file(one.claims_path, None)]
        seen += _notes(one.section(sessions.NOTES))
        ended = moment(one.ended) if one.ended else None
        known = self.ws.local.session(one.id)
        renewed = self.ws.local.renewed(known) if known else None
        seen += [(ended, "session ended")] if ended else []
        seen += [(datetime.fromtimestamp(renewed, UTC), "session lease")] if renewed else []
        return max(seen)

    def _of_file(self, path: str, created: str | None) -> Iterator[Seen]:
        """The making and the last change of a file of the store."""
        made = moment(created) if created else None
        if made:
            yield made, "made"
        shown = self.ws.shown(path)
        committed, place = self._committed.get(shown), self.ws.store.root / path
        if committed:
            yield datetime.fromtimestamp(committed, UTC), "commit"
        if shown in self._changed and place.exists():
            yield datetime.fromtimestamp(place.stat().st_mtime, UTC), "change that is not committed"

    @cached_property
    def _committed(self) -> dict[str, int]:
        """The newest commit that changed each file of the store, by its time."""
        ws = self.ws
        return last_changes(ws.repo, ws.repo.head, ws.prefix) if ws.repo.head else {}

    @cached_property
    def _changed(self) -> set[str]:
        return {path for path, _, _ in changed_below(self.ws.repo, self.ws.prefix)}

    @cached_property
    def _sessions(self) -> dict[str, list[Session]]:
        """The sessions of each task, by its id."""
        out: dict[str, list[Session]] = {}
        for one in self.found.sessions.values():
            claimed = (claim.task for claim, _ in self.found.claims.get(one.id, ()))
            for task in {*one.tasks, *claimed}:
                out.setdefault(task, []).append(one)
        return out


def _notes(text: str) -> Iterable[Seen]:
    """The notes of a section, each under a heading with its time."""
    times = (moment(found[1]) for found in _NOTE.finditer(text))
    return [(when, "note") for when in times if when]
