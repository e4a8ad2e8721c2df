"""``reverted``: of a change that landed nothing is left, and what it had replaced is back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from taskorch.git import content
from taskorch.git.history import PathEvent
from taskorch.git.repository import Repository
from taskorch.git.tree_states import Trees
from taskorch.git.worktree import State
from taskorch.records.claim import Claim
from taskorch.services.ladder.claim_events import ClaimEvents, Span
from taskorch.services.ladder.differences import Differences, Pair
from taskorch.services.ladder.verdict import BY_A_MERGE, CONTENTS_LACKING, SHARE, Verdict, short

Landed = tuple[Sequence[PathEvent], Span]
"""The steps of a file, and which of them made a claimed change."""


class Undone:
    """Judges whether one target commit has undone a change."""

    def __init__(self, repo: Repository, target: str, trees: Trees, differences: Differences) -> None:
        self._repo, self._target, self._trees, self._differences = repo, target, trees, differences
        self._grown: dict[Pair, int | None] = {}

    def claimed(self, events: Mapping[Claim, ClaimEvents]) -> dict[Claim, Verdict]:
        """``reverted`` for those claims whose content a commit had, but of whose change nothing is left.

        What was rewritten since is not undone, as long as what it had replaced is not back.
        """
        landed: dict[Claim, Landed] = {}
        for claim, found in events.items():
            steps = found.steps
            place = next((number for number, one in enumerate(steps) if _brings(claim, one)), None)
            if place is not None and self.now(steps) != claim.after:
                landed[claim] = steps, Span(place, place, steps[place].old, claim.after)
        self.compare(landed)
        return {claim: verdict for claim, how in landed.items() if (verdict := self.of(claim, *how))}

    def compare(self, landed: Mapping[Claim, Landed]) -> None:
        """Compare at once what `of` will ask about these: a process for each would take long."""
        self._differences.compare(
            pair
            for claim, (steps, span) in landed.items()
            for pair in _pairs(span, self._likely(claim, span, steps[: span.last]))
        )

    def of(self, claim: Claim, steps: Sequence[PathEvent], span: Span) -> Verdict | None:
        """``reverted`` where the steps behind a span undid its change, ``unknown`` where none can tell."""
        later, now = steps[: span.last], self.now(steps)
        states = {span.old, span.new, now, *(one.old for one in later)}
        if not keeps_content(claim) and now and content.is_lacking(self._repo, states):
            return Verdict(claim, "unknown", steps[span.last].commit, detail=CONTENTS_LACKING)
        by = self._made_backwards(span, self._likely(claim, span, later), now)
        if not by and not self._is_gone(claim, span, later, now):
            return None
        came = steps[span.last].commit
        # the newest commit that took it away: it may have come and gone several times
        if claim.op == "move" and keeps_content(claim):
            took = [one for one in steps if one.path == claim.source and one.new and one.commit != came]
        else:
            took = [one for one in later if self._carries(span, one.old) and not self._carries(span, one.new)]
        named = took[0].commit if took and not by else by
        made = steps[span.last].old, steps[span.last].new
        first = next(one.commit for one in reversed(steps) if (one.old, one.new) == made)
        landed = f"landed in {short(first)}, undone by "
        how = landed + (short(named) if named else BY_A_MERGE)
        return Verdict(claim, "reverted", named, claim.path, how)

    def now(self, steps: Sequence[PathEvent]) -> State:
        """The state of the file in the target, under its last name."""
        return self._trees.state(self._target, steps[0].path)

    def _is_gone(self, claim: Claim, span: Span, later: Sequence[PathEvent], now: State) -> bool:
        """Whether nothing is left of the change, and what it had replaced is back."""
        mode = mode_change(claim.before, claim.after)
        if claim.moved_from and keeps_content(claim):
            there = self._trees.states(self._target, [claim.path, claim.moved_from])
            return there[claim.path] is None and there[claim.moved_from] is not None
        if mode and keeps_content(claim):
            return (now or "")[:6] == mode[0]
        if span.new is None:
            return bool(now) and content.is_most_of(self._repo, span.old, now, SHARE)
        if claim.before is None:
            return now is None
        if content.stands(self._repo, span.old, span.new, now) is not False:
            return False
        lost_in_a_merge = claim.op != "move" and not any(
            self._carries(span, one.old) for one in reversed(later)
        )
        states = span.old, span.new, now
        if content.adds(self._repo, span.old, span.new):
            undone = content.is_put_back(self._repo, *states)
            # of a move the other half may stand all the same
            undone = undone or (claim.op != "move" and content.is_closed_again(self._repo, *states))
        else:
            undone = content.is_back_in_place(self._repo, *states)
        return lost_in_a_merge or undone

    def _carries(self, span: Span, state: State) -> bool:
        """Whether a state of the file has something of the change."""
        if state == span.new:
            return True
        if span.new is None:
            return state is None
        if span.old and span.old[7:] == span.new[7:]:
            return (state or "")[:6] == span.new[:6]
        return bool(content.stands(self._repo, span.old, span.new, state))

    def _likely(self, claim: Claim, span: Span, later: Sequence[PathEvent]) -> list[PathEvent]:
        """The steps that may have made a change backwards, told by how much longer they made the file."""
        if keeps_content(claim) or not span.old or not span.new:
            return []
        grown = self._growth(span.new, span.old)
        return [one for one in later if grown == self._growth(one.old, one.new) is not None]

    def _growth(self, old: State, new: State) -> int | None:
        if (old, new) not in self._grown:
            self._grown[old, new] = content.growth(self._repo, old, new)
        return self._grown[old, new]

    def _made_backwards(self, span: Span, likely: Sequence[PathEvent], now: State) -> str | None:
        """The newest commit that took away and put back just these lines, if nothing made them again.

        Lines that the file has elsewhere as well do not hide that: compared are the changes.
        """
        self._differences.compare(_pairs(span, likely))
        backwards = self._differences.of(span.new, span.old)
        for one in likely:
            found = self._differences.of(one.old, one.new)
            change = span.old, span.new
            if (
                backwards and found and found.digest == backwards.digest
                and content.is_taken_back(self._repo, change, (one.old, one.new))
            ):  # fmt: skip
                return None if content.is_made_again(self._repo, change, (one.new, now)) else one.commit
        return None


def _pairs(span: Span, likely: Sequence[PathEvent]) -> list[Pair]:
    """What is to be compared to know whether one of these steps made a change backwards."""
    return [(span.new, span.old), *((one.old, one.new) for one in likely)] if likely else []


def keeps_content(claim: Claim) -> bool:
    """Whether the claim is of the mode of a file, or of its place, and not of its content."""
    return bool(claim.before and claim.after) and (claim.before or "")[7:] == (claim.after or "")[7:]


def mode_change(old: State, new: State) -> tuple[str, str] | None:
    """The modes before and behind, None where they are the same."""
    return (old[:6], new[:6]) if old and new and old[:6] != new[:6] else None


def _brings(claim: Claim, step: PathEvent) -> bool:
    """Whether a step gives the file the claimed content; a mere rename of a file that has it does not."""
    return step.new == claim.after and (step.old != claim.after or keeps_content(claim))
