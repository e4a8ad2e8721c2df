"""All records of a store at one moment, and the rules that need more than one of them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from taskorch.errors import BadRecord
from taskorch.records import ids
from taskorch.records.claim import Claim
from taskorch.records.decision import BACK_LINKS, LINKS, REJECTED, REPLACING, STANDING, Decision
from taskorch.records.finding import Finding
from taskorch.records.gathered import Record
from taskorch.records.joining import net
from taskorch.records.shelf import linking, naming
from taskorch.records.task import COMPLETED, PENDING, PRIORITIES, Task


@dataclass
class Collection(Finding):
    """All records of a store, and what follows from several of them."""

    @property
    def whole(self) -> Collection:
        """The same with all in it; one that reads what is asked for reads the rest."""
        return self

    def about(self, task_ids: AbstractSet[str]) -> Collection:
        """A collection in which nothing lacks that concerns some tasks: all decisions, the sessions that
        name one of the tasks, and the claims of these.
        """
        return self

    @property
    def live(self) -> Collection:
        """The same without archived records, where these are kept apart; by their ids they are found."""
        return self

    def problems_in(self, paths: Mapping[str, str]) -> list[BadRecord]:
        """The problems of files, given their paths relative to the store, and as problems name them."""
        named = set(paths.values())
        return [problem for problem in self.problems if problem.path in named]

    def is_taken(self, record_id: str) -> bool:
        """Whether there is a record with this id."""
        return record_id in self._of_kind(ids.kind_of(record_id))

    def with_words(self, words: list[str]) -> list[Record]:
        """The records whose text has all words, which are without case."""
        return [one for one in self if has(one, words)]

    def children(self, task_id: str) -> list[Task]:
        """The subtasks of a task that count: not cancelled, not deleted."""
        return [
            t for t in naming(self.whole.tasks, task_id) if t.parent == task_id and t.status != "cancelled"
        ]

    def descendants(self, task_id: str) -> set[str]:
        """The ids of all tasks below a task."""
        children: dict[str, list[str]] = defaultdict(list)
        for one in linking(self.whole.tasks):
            if one.parent:
                children[one.parent].append(one.id)
        below: set[str] = set()
        queue = [task_id]
        while queue:
            fresh = set(children[queue.pop()]) - below
            below |= fresh
            queue += fresh
        return below

    def dangling(self, one: Task) -> list[str]:
        """The ids a task depends on or lies under that are no task here."""
        named = [*one.depends_on, *([one.parent] if one.parent else [])]
        return [other for other in named if other not in self.tasks]

    def waits_for(self, one: Task) -> list[str]:
        """The ids of dependencies that are not completed; only ``completed`` satisfies one."""
        return [
            other
            for other in one.depends_on
            if other not in self.tasks or self.tasks[other].status != COMPLETED
        ]

    def waits_in_vain(self, one: Task) -> bool:
        """Whether an open task waits for one that is closed without being completed, or is not here."""
        return one.is_open and any(
            other not in self.tasks or not self.tasks[other].is_open for other in self.waits_for(one)
        )

    def above(self, one: Task) -> Iterator[Task]:
        """The tasks above a task, the nearest first; none twice, in a ring neither."""
        seen = {one.id}
        while one.parent and one.parent not in seen and one.parent in self.tasks:
            one = self.tasks[one.parent]
            seen.add(one.id)
            yield one

    def waiting_above(self, one: Task) -> Task | None:
        """The nearest task above that waits for another: its parts wait with it."""
        return next((t for t in self.above(one) if self.waits_for(t)), None)

    def ready(self) -> list[Task]:
        """Pending tasks that nothing holds up, the most urgent and then the oldest first.

        A task whose subtasks are open is not among them, nor one that is part of what waits.
        """
        waiting = {t.parent for t in self.tasks.values() if t.is_open and t.parent}
        free = [
            t
            for t in self.tasks.values()
            if t.status == PENDING
            and t.id not in waiting
            and not self.waits_for(t)
            and not (t.parent and self.waiting_above(t))
        ]
        return sorted(free, key=by_priority)

    def cycle(self, start: str, edges: Callable[[str], Iterable[str]]) -> list[str] | None:
        """A way from `start` back to itself along `edges`, if there is one."""
        trail: dict[str, str] = {}
        queue = deque([start])
        while queue:
            at = queue.popleft()
            for other in edges(at):
                if other == start:
                    way = [start, at]
                    while way[-1] != start:
                        way.append(trail[way[-1]])
                    return way[::-1]
                if other not in trail and (other in self.tasks or other in self.decisions):
                    trail[other] = at
                    queue.append(other)
        return None

    def dependency_edges(self, task_id: str) -> tuple[str, ...]:
        """What a task depends on."""
        return self.tasks[task_id].depends_on if task_id in self.tasks else ()

    def parent_edges(self, task_id: str) -> tuple[str, ...]:
        """The task's parent as a tuple of one or none."""
        one = self.tasks.get(task_id)
        return (one.parent,) if one and one.parent else ()

    def decision_edges(self, decision_id: str) -> tuple[str, ...]:
        """The older decisions that one names under any kind of link."""
        one = self.decisions.get(decision_id)
        return tuple(other for kind in LINKS for other in one.links(kind)) if one else ()

    def back_links(self, decision_id: str) -> dict[str, list[str]]:
        """Which decisions name this one, by the reading of the link from here."""
        named = self._named_by.get(decision_id, {})
        return {BACK_LINKS[kind]: list(named.get(kind, ())) for kind in LINKS}

    @cached_property
    def _named_by(self) -> dict[str, dict[str, list[str]]]:
        """By the id of an older decision and the kind of link, the decisions that name it."""
        out: dict[str, dict[str, list[str]]] = {}
        for one in linking(self.live.decisions):
            for kind in LINKS:
                for other in one.links(kind):
                    out.setdefault(other, {}).setdefault(kind, []).append(one.id)
        return out

    def number_of(self, one: Decision) -> int | None:
        """The number another tool gave a decision."""
        return self.numbers.get(one.id) if one.is_adopted else one.number

    def replaced_by(self, decision_id: str) -> list[str]:
        """The decisions in the place of this one: they supersede or reverse it, and were not rejected."""
        back = self.back_links(decision_id)
        named = dict.fromkeys(newer for kind in REPLACING for newer in back[BACK_LINKS[kind]])
        return [newer for newer in named if self.decisions[newer].status != REJECTED]

    def standing_ends(self, decision_id: str) -> list[str]:
        """What stands in the place of this one at the end: one, unless several replaced it."""
        seen, ends = [decision_id], []
        for one in seen:
            newer = self.replaced_by(one)
            seen += [other for other in newer if other not in seen]
            if not newer and one != decision_id and self.decisions[one].status in STANDING:
                ends.append(one)
        return ends

    def net_claims(self, session_ids: Iterable[str] | None = None) -> list[Claim]:
        """The net claims of all sessions, or of some, joined across sessions in order of time."""
        return list(self._net) if session_ids is None else self._net_of(set(session_ids))

    @cached_property
    def _net(self) -> list[Claim]:
        return self._net_of(self.claims.keys())

    def _net_of(self, owners: AbstractSet[str]) -> list[Claim]:
        ordered = sorted(self.claims.keys() & owners, key=lambda owner: (self._created(owner), owner))
        return net([claim for owner in ordered for claim, _ in self.claims[owner]])

    def claims_in_time(self) -> list[Claim]:
        """All claims as they were written, in order of time: by session, then by the start of the task."""
        out: list[Claim] = []
        for owner in sorted(self.claims, key=lambda owner: (self._created(owner), owner)):
            place = self._places(owner)
            mine = [claim for claim, _ in self.claims[owner]]
            out += sorted(mine, key=lambda claim: place.get(claim.task, len(place)))
        return out

    def claims_before(self, session_id: str, created: str) -> list[Claim]:
        """The claims of the sessions before one that began at `created`, in order of time."""
        ordered = sorted((self._created(owner), owner) for owner in self.claims)
        before = [owner for when, owner in ordered if (when, owner) < (created, session_id)]
        return [claim for owner in before for claim, _ in self.claims[owner]]

    def _created(self, owner: str) -> str:
        if owner in self.sessions:
            return self.sessions[owner].created
        return self.begun.get(owner, "")

    def _places(self, owner: str) -> dict[str, int]:
        """In which order a session began its tasks."""
        if owner in self.sessions:
            return {task: number for number, task in enumerate(self.sessions[owner].tasks)}
        return self.places.get(owner, {})


def by_priority(one: Task) -> tuple[int, str, str]:
    """Sort key: the most urgent first, then the oldest."""
    return (-PRIORITIES.index(one.priority or "medium"), one.created, one.id)


def has(record: Record, words: Iterable[str]) -> bool:
    """Whether a record's text has all words, which are without case."""
    whole = record.text.casefold()
    return all(word in whole for word in words)
