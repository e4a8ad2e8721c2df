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
    """What `diff.Evidence` says of a pair; ``lines`` only where these were asked for."""

    digest: str
    telling: bool
    lines: tuple[str, ...] = ()


class Differences:
    """The differences of pairs of states; many pairs are compared by a few processes."""

    def __init__(self, repo: Repository, *, lines: bool = False) -> None:
        self._repo, self._has_lines = repo, lines
        self._known: dict[Pair, Difference | None] = {}

    def compare(self, pairs: Iterable[Pair]) -> None:
        """Compare all of these that were not compared yet."""
        fresh = iter(dict.fromkeys(pair for pair in pairs if pair not in self._known))
        while some := list(islice(fresh, _AT_ONCE)):
            found = diff.evidence(self._repo, {str(number): pair for number, pair in enumerate(some)})
            for number, pair in enumerate(some):
                told = found.get(str(number))
                lines = told.lines if told and self._has_lines else ()  # of many pairs they would fill memory
                self._known[pair] = Difference(told.digest, told.telling, lines) if told else None

    def of(self, old: State, new: State) -> Difference | None:
        """What was told of a pair; None where its contents tell nothing, or it was not compared."""
        return self._known.get((old, new))
