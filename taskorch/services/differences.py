"""What the differences between states of files are, each compared once."""

from __future__ import annotations

from taskorch.git import diff
from taskorch.git.diff import Evidence
from taskorch.git.repository import Repository
from taskorch.git.worktree import State

Pair = tuple[State, State]


class Differences:
    """The evidence of pairs of states; many pairs are compared by one process."""

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._known: dict[Pair, Evidence | None] = {}

    def compare(self, pairs: set[Pair]) -> None:
        """Compare all of these that were not compared yet."""
        fresh = {str(number): pair for number, pair in enumerate(pairs - self._known.keys())}
        found = diff.evidence(self._repo, fresh) if fresh else {}
        self._known |= {pair: found.get(number) for number, pair in fresh.items()}

    def of(self, old: State, new: State) -> Evidence | None:
        """What was told of a pair; None where its contents tell nothing, or it was not compared."""
        return self._known.get((old, new))
