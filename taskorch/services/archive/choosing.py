"""Which records may be archived, and which archived ones have to come back.

What is archived together with all that names it can be left out wherever live records are read: a task
goes with its whole tree, a session goes with all of its tasks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from taskorch.records.collection import Collection
from taskorch.records.session import Session
from taskorch.records.task import Task
from taskorch.services.moments import moment
from taskorch.store.record_paths import is_archived


@dataclass(frozen=True)
class Choice:
    """All records of a store, and what links them."""

    found: Collection

    @cached_property
    def live(self) -> dict[str, Task]:
        """The tasks that are not archived."""
        return {one.id: one for one in self.found.tasks.values() if not is_archived(one.path)}

    @cached_property
    def closed(self) -> list[Task]:
        """Those of them in which nothing is to be done any more, and whose id no other file has."""
        return [one for one in self.live.values() if not one.is_open and one.id not in self.found.twins]

    def tasks(self, closed: Mapping[str, datetime], until: datetime) -> tuple[list[Task], dict[str, str]]:
        """The tasks that may be archived, given when they were closed; and those held back, each with why.

        Tasks that were closed after `until` are not spoken of.
        """
        old = {one.id for one in self.closed if closed[one.id] <= until}
        held = {one: f"{by} depends on it" for one, by in self._needed.items() if one in old}
        going = old - held.keys()
        while stays := self._in_tree_of_others(going):
            held |= stays
            going -= stays.keys()
        return [self.live[one] for one in sorted(going)], held

    def sessions(self, going: AbstractSet[str], until: datetime) -> list[Session]:
        """The sessions that may be archived with tasks: ended, and no task of theirs stays."""
        stays = self.live.keys() - going
        return [
            one
            for one in self.found.sessions.values()
            if not (one.is_local or is_archived(one.path) or one.id in self.found.twins)
            and one.ended
            and (moment(one.ended) or until) <= until
            and not stays & self.tasks_of(one)
        ]

    def tasks_of(self, one: Session) -> set[str]:
        """The tasks that a session names in its record or in its claims."""
        return {*one.tasks, *(claim.task for claim, _ in self.found.claims.get(one.id, ()))}

    def returning(self) -> list[Task]:
        """The archived tasks that are open, or of whose tree some are not archived."""
        wrong = [
            one.id
            for one in self._archived
            if one.is_open
            or one.parent in self.live
            or any(child in self.live for child in self._children[one.id])
        ]
        return self.trees(wrong)

    def trees(self, tasks: Iterable[str]) -> list[Task]:
        """The archived ones among the whole trees of tasks."""
        known: set[str] = set()
        queue = list(tasks)
        while queue:
            one = queue.pop()
            if one in known or one not in self.found.tasks:
                continue
            known.add(one)
            parent = self.found.tasks[one].parent
            queue += [*self._children[one], *([parent] if parent else [])]
        return [one for one in self._archived if one.id in known]

    def sessions_of(self, tasks: AbstractSet[str]) -> list[Session]:
        """The archived sessions of some tasks."""
        archived = (one for one in self.found.sessions.values() if is_archived(one.path))
        return [one for one in archived if tasks & self.tasks_of(one)]

    @cached_property
    def _archived(self) -> list[Task]:
        return [one for one in self.found.tasks.values() if is_archived(one.path)]

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        out: dict[str, list[str]] = defaultdict(list)
        for one in self.found.tasks.values():
            if one.parent:
                out[one.parent].append(one.id)
        return out

    @cached_property
    def _needed(self) -> dict[str, str]:
        """The tasks that an open one depends on, with that."""
        opened = (one for one in self.found.tasks.values() if one.is_open)
        return {other: one.id for one in opened for other in one.depends_on}

    def _in_tree_of_others(self, going: set[str]) -> dict[str, str]:
        """Those of some tasks above or below which one stays, each with why it stays."""
        out = {}
        for one in going:
            around = [other for other in (self.live[one].parent, *self._children[one]) if other in self.live]
            staying = next((other for other in around if other not in going), None)
            if staying:
                which = "its parent" if staying == self.live[one].parent else "its subtask"
                state = "is open" if self.live[staying].is_open else "stays"
                out[one] = f"{which} {staying} {state}"
        return out
