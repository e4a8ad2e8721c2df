"""The rungs of the verification ladder, and the verdict on one claim."""

from __future__ import annotations

from dataclasses import dataclass

from taskorch.git.worktree import State
from taskorch.records.claim import Claim

COUNTS_AS = {
    "exact": "landed",
    "moved": "landed",
    "reverted": "failed",
    "superseded": "landed",
    "patch": "landed",
    "lines": "partial",
    "staged": "pending",
    "worktree": "pending",
    "ignored": "failed",
    "unchanged": "not counted",
    "absent": "failed",
    "unknown": "unknown",
}
RUNGS = tuple(COUNTS_AS)

CONTENTS_LACKING = "contents that would tell are not in this clone"
BY_A_MERGE = "a merge that took the other side"
FEWEST_LINES, SHARE = 5, 0.9
"""How many added lines tell something, and which part of them must stand."""


@dataclass(frozen=True, slots=True)
class Landing:
    """The commits that took a claimed path from its earlier to its claimed state, oldest first.

    ``old`` and ``new`` are those states as history has them: every clone has their contents.
    ``whole`` is False where a commit is known, but not what it began with.  ``spans`` are the states
    that the change went between where others changed the file in between, and ``mixed`` says that the
    commits did more to it than the claim tells.
    """

    commits: tuple[str, ...] = ()
    old: State = None
    new: State = None
    whole: bool = False
    spans: tuple[tuple[State, State], ...] = ()
    mixed: bool = False

    @property
    def changes(self) -> tuple[tuple[State, State], ...]:
        """The states that its commits took the path between, the newest first; none where not known."""
        return (self.spans or ((self.old, self.new),)) if self.whole else ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rung a claim stands on; ``commit`` and ``at_path`` say where, ``detail`` why, for people.

    ``landing`` is how the change came in where that is not told by the claimed content, ``standing`` how
    many of the added lines stand and how many there were, where that was counted.
    """

    claim: Claim
    rung: str
    commit: str | None = None
    at_path: str | None = None
    detail: str = ""
    landing: Landing | None = None
    standing: tuple[int, int] | None = None

    @property
    def counts_as(self) -> str:
        """``landed``, ``partial``, ``pending``, ``failed``, ``unknown`` or ``not counted``."""
        return COUNTS_AS[self.rung]


def short(commit: str | None) -> str:
    """A commit id as people read it."""
    return (commit or "")[:10]
