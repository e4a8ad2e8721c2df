"""The rungs of the verification ladder, and the verdict on one claim."""

from __future__ import annotations

from dataclasses import dataclass

from taskorch.records.claim import Claim

COUNTS_AS = {
    "exact": "landed",
    "moved": "landed",
    "reverted": "failed",
    "superseded": "landed",
    "staged": "pending",
    "worktree": "pending",
    "ignored": "failed",
    "unchanged": "not counted",
    "absent": "failed",
    "unknown": "unknown",
}
RUNGS = tuple(COUNTS_AS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rung a claim stands on; ``commit`` and ``at_path`` say where, ``detail`` why, for people."""

    claim: Claim
    rung: str
    commit: str | None = None
    at_path: str | None = None
    detail: str = ""

    @property
    def counts_as(self) -> str:
        """``landed``, ``pending``, ``failed``, ``unknown`` or ``not counted``."""
        return COUNTS_AS[self.rung]


def short(commit: str | None) -> str:
    """A commit id as people read it."""
    return (commit or "")[:10]
