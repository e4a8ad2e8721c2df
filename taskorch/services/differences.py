"""What the differences between states of files are, each compared once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from taskorch.git import diff
from taskorch.git.repository import Repository
from taskorch.git.worktree import State

Pair = tuple[State, State]

_AT_ONCE = 2000
"""How many pairs are compared in one go: their contents are in memory meanwhile."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The digest of the removed and added lines, and whether these lines tell enough: see `diff.Evidence`."""

    digest: str
    telling: bool


class Differences:
    """The differences of pairs of states; many pairs are compared by a few processes."""

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._known: dict[Pair, Difference | None] = {}

    def compare(self, pairs: Iterable[Pair]) -> None:
        """Compare all of these that were not compared yet."""
        fresh = iter(dict.fromkeys(pair for pair in pairs if pair not in self._known))
        while some := list(islice(fresh, _AT_ONCE)):
            found = diff.evidence(self._repo, {str(number): pair for number, pair in enumerate(some)})
            for number, pair in enumerate(some):
                told = found.get(str(number))
                self._known[pair] = Difference(told.digest, told.telling) if told else None

    def of(self, old: State, new: State) -> Difference | None:
        """What was told of a pair; None where its contents tell nothing, or it was not compared."""
        return self._known.get((old, new))
