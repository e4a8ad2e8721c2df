"""Claims whose content later claims went on from: what became of these counts for the earlier ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from taskorch.git.worktree import State
from taskorch.records.claim import Claim
from taskorch.records.joining import net
from taskorch.services.ladder.ladder import Ladder
from taskorch.services.ladder.measure import measured
from taskorch.services.ladder.verdict import Verdict

_NOT_FOUND = ("lines", "absent", "unknown")


def judge(ladder: Ladder, claims: Sequence[Claim], written: Sequence[Claim]) -> list[Verdict]:
    """The ladder's verdict for each claim, those of ``read`` left out, or its successors' if it is nowhere.

    `written` are all claims of all sessions, in order of time.
    """
    judged = measured(ladder.repo, (claim for claim in claims if claim.op != "read"), ladder.target)
    written = measured(ladder.repo, written, ladder.target)
    line = _Line(written)
    reached = sorted(line.reached_from(judged), reverse=True)
    every = list(dict.fromkeys([*judged, *(written[place] for place in reached)]))
    verdicts = dict(zip(every, ladder.judge(every, [*judged, *net(written)]), strict=True))
    settled: dict[int, Verdict] = {}
    by_change: set[int] = set()

    def settle(claim: Claim, place: int) -> Verdict:
        verdict = verdicts[claim]
        # what a shallow history does not tell of a claim, its successors do not tell either
        cut_off = verdict.rung == "unknown" and ladder.repo.is_shallow
        if verdict.rung not in _NOT_FOUND or cut_off:
            return verdict
        after = [one for one in line.after(claim, place) if _goes_on(written[one], claim, one in by_change)]
        return _with_later(verdict, [settled[one] for one in after])

    for place in reached:  # the last first: what went on from a claim is settled before it
        settled[place] = settle(written[place], place)
        by_change |= {place} if settled[place].rung == "patch" else set()
    return [settle(claim, line.place(claim)) for claim in judged]


class _Line:
    """All claims in order of time, and which went on from which."""

    def __init__(self, written: Sequence[Claim]) -> None:
        self._written = written
        self._begin: dict[tuple[str, State], list[int]] = defaultdict(list)
        self._end: dict[tuple[str, str, State], int] = {}
        for place, one in enumerate(written):
            if one.op != "read":
                for state in dict.fromkeys((one.before, one.merged or one.before)):
                    self._begin[one.start, state].append(place)
                self._end[one.task, one.path, one.after] = place

    def place(self, claim: Claim) -> int:
        """Where a claim, or the last of those that were joined to it, stands; at the end if nowhere."""
        return self._end.get((claim.task, claim.path, claim.after), len(self._written))

    def after(self, claim: Claim, place: int) -> list[int]:
        """The places of the later claims that began with what this one ended with."""
        return [other for other in self._begin.get((claim.path, claim.after), []) if other > place]

    def reached_from(self, claims: Sequence[Claim]) -> set[int]:
        """The places of all claims that went on from these, and so on."""
        seen: set[int] = set()
        queue = [one for claim in claims for one in self.after(claim, self.place(claim))]
        while queue:
            place = queue.pop()
            if place not in seen:
                seen.add(place)
                queue += self.after(self._written[place], place)
        return seen


def _goes_on(later: Claim, claim: Claim, by_change: bool) -> bool:
    """Whether what became of a later claim tells something of the one it started from.

    Not where it brought back what was before, nor where its change landed without the content that it
    was made to: unless it is measured together with the task's earlier work.
    """
    if later.path == (claim.source or claim.path) and later.after == claim.before:
        return False
    return not by_change or (later.task == claim.task and later.merged is not None)


def _with_later(verdict: Verdict, later: Sequence[Verdict]) -> Verdict:
    """Superseded where a later claim landed; where one is only in the index or on disk, so is the claim."""
    for one in later:
        if one.counts_as == "landed":
            what = f"{one.claim.task} went on from it, and that landed"
            return replace(verdict, rung="superseded", commit=one.commit, detail=what)
    for one in later:
        if one.counts_as == "pending":
            what = f"{one.claim.task} went on from it: {one.detail}"
            return replace(verdict, rung=one.rung, commit=None, at_path=one.at_path, detail=what)
    return verdict
