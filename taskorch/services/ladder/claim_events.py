"""The commits of a range that changed the paths of claims, and the names these had later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from taskorch.git import history
from taskorch.git.history import PathEvent
from taskorch.git.many_logs import Pair, read_ahead
from taskorch.git.repository import Repository
from taskorch.git.worktree import State
from taskorch.records.claim import Claim

MOST_STEPS = 4000
"""How many steps of a file are compared with a claimed change, the newest first."""


@dataclass(frozen=True, slots=True)
class Span:
    """One step of a file, or several in a row: the ``first`` one's old content, the ``last`` one's new.

    Both are places in the file's steps, of which the newest is 0.
    """

    first: int
    last: int
    old: State
    new: State


@dataclass(frozen=True, slots=True)
class ClaimEvents:
    """The commits that changed a claimed path, the names it had later, and the one it was moved from.

    Each list has the newest first.
    """

    direct: Sequence[PathEvent] = ()
    renamed: Sequence[PathEvent] = ()
    source: Sequence[PathEvent] = ()

    @property
    def parts(self) -> tuple[Sequence[PathEvent], ...]:
        """The three lists."""
        return self.direct, self.renamed, self.source

    @property
    def all(self) -> list[PathEvent]:
        """All of them."""
        return [event for part in self.parts for event in part]

    @property
    def by_name(self) -> list[list[PathEvent]]:
        """Those of the path itself, then those of each later name."""
        names = dict.fromkeys(event.path for event in self.renamed)
        return [list(self.direct), *([e for e in self.renamed if e.path == name] for name in names)]

    @property
    def steps(self) -> list[PathEvent]:
        """What became of the one file under all its names, the newest first; a rename is one step."""
        left = {event.commit: event for event in reversed(self.all) if event.new is None}
        out: list[PathEvent] = []
        renamed: set[PathEvent] = set()
        for event in [event for events in [*reversed(self.by_name), self.source] for event in events]:
            source = left.get(event.commit)
            if event.old is None and source and source.path != event.path:
                renamed.add(source)
                out.append(replace(event, old=source.old, source=source.path))
            elif event not in renamed:
                out.append(event)  # many claims share it
        return out


def read_events(
    repo: Repository, revisions_of: Mapping[str | None, Sequence[str]], claims: Sequence[Claim]
) -> dict[Claim, ClaimEvents]:
    """For each claim the commits that changed its paths, in the range that goes with its ``onto``.

    Claims of an ``onto`` without a range are left out.
    """
    out: dict[Claim, ClaimEvents] = {}
    by_onto: dict[str | None, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_onto[claim.onto].append(claim)
    read_ahead(repo, _pairs(revisions_of, claims))
    _read_later_names(repo, revisions_of, claims)
    for onto, revisions in revisions_of.items():
        for claim in by_onto[onto]:
            direct = history.path_events(repo, revisions, claim.path)
            renamed: Sequence[PathEvent] = ()
            if any(event.new is None for event in direct):
                renamed = history.following_events(repo, revisions, claim.path, direct)
            source = claim.moved_from
            out[claim] = ClaimEvents(
                direct, renamed, history.path_events(repo, revisions, source) if source else ()
            )
    return out


def _pairs(revisions_of: Mapping[str | None, Sequence[str]], claims: Sequence[Claim]) -> list[Pair]:
    """The ranges and paths whose logs the claims need."""
    known = [claim for claim in claims if claim.onto in revisions_of]
    paths = [(one, path) for one in known for path in one.ends]
    return [(tuple(revisions_of[one.onto]), path) for one, path in paths]


def _read_later_names(
    repo: Repository, revisions_of: Mapping[str | None, Sequence[str]], claims: Sequence[Claim]
) -> None:
    """Read the logs of the names to which commits of a range renamed the claims' paths, and so on."""
    pairs = dict.fromkeys(_pairs(revisions_of, claims))
    queue = list(pairs)
    while queue:
        later: list[Pair] = []
        for revisions, path in queue:
            for event in history.path_events(repo, revisions, path):
                name = history.renamed_to(repo, event.commit, path) if event.new is None else None
                later += [(revisions, name)] if name and (revisions, name) not in pairs else []
        read_ahead(repo, later)
        queue = list(dict.fromkeys(later))
        pairs |= dict.fromkeys(queue)
