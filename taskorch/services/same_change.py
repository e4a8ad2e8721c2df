"""``patch`` and ``lines``: the change itself, where the file has other content than was claimed.

So it is where others changed the file as well: a squash or a rebase then makes contents that nobody
claimed, by the same change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from taskorch.git import content, diff, history
from taskorch.git.diff import Evidence
from taskorch.git.history import PathEvent
from taskorch.git.objects import known_objects
from taskorch.git.repository import Repository
from taskorch.git.tree_states import Trees
from taskorch.git.worktree import State
from taskorch.records.claim import Claim
from taskorch.services.claim_events import ClaimEvents, Step
from taskorch.services.measure import Base
from taskorch.services.verdict import Landing, Verdict, short

_LONGEST_RUN = 30
_MOST_STEPS = 400
CONTENTS_LACKING = "contents that would tell are not in this clone"
FEWEST_LINES, SHARE = 5, 0.9
"""How many added lines tell something, and which part of them must stand."""


@dataclass(frozen=True, slots=True)
class _Span:
    """One step of a file, or several in a row: the ``first`` one's old content, the ``last`` one's new.

    Both are places in the file's steps, of which the newest is 0.
    """

    first: int
    last: int
    old: State
    new: State


class SameChange:
    """Looks for claimed changes in what one target commit gained."""

    def __init__(
        self,
        repo: Repository,
        target: str,
        bases: Mapping[str | None, Base],
        claimed: Iterable[Claim] = (),
    ) -> None:
        self._repo, self._target, self._bases, self._trees = repo, target, bases, Trees(repo)
        self._claimed = {one.path for one in claimed}
        self._evidence: dict[tuple[State, State], Evidence | None] = {}
        self._came: dict[str, list[PathEvent]] = {}

    def judge(self, events: Mapping[Claim, ClaimEvents]) -> dict[Claim, Verdict]:
        """``patch``, ``reverted`` or ``lines`` for claims whose change is there, else what is lacking.

        Given are the events of each.  Claims that have none are left out, unless their lines stand in a
        file of another name.  `claimed` paths are those of claims of their own.
        """
        steps = {claim: found.steps[:_MOST_STEPS] for claim, found in events.items() if found.all}
        out: dict[Claim, Verdict] = {}
        for spans_of in (_single, _runs):
            left = {claim: spans_of(steps[claim]) for claim in steps if claim not in out}
            self._compare({(span.old, span.new) for claim in left for span in left[claim] if claim.digest})
            for claim, spans in left.items():
                made = next((span for span in spans if self._is_same(claim, steps[claim], span)), None)
                if made:
                    out[claim] = self._made(claim, steps[claim], made)
        lost = {claim: steps[claim] for claim in steps if claim not in out}
        out |= {claim: self._by_lines(claim, done) for claim, done in lost.items()}
        nowhere = [claim for claim, found in events.items() if not found.all]
        return out | {claim: verdict for claim in nowhere if (verdict := self._elsewhere(claim))}

    def _elsewhere(self, claim: Claim) -> Verdict | None:
        """``lines`` where the claimed file came under another name and was edited.

        Only files of the same name in another folder, or of the same folder: all others are strangers.
        """
        wanted = {*(claim.lines or ())}
        base = self._bases[claim.onto]
        if len(wanted) < FEWEST_LINES or claim.op not in ("create", "move") or not base.parting:
            return None
        folder, _, name = claim.path.rpartition("/")
        best: tuple[int, str, State] = (0, "", None)
        for event in self._added(base.parting[0]):
            its_folder, _, its_name = event.path.rpartition("/")
            if (its_folder == folder or its_name == name) and event.path not in self._claimed:
                stand = len(wanted & content.line_hashes(self._repo, event.new))
                best = max(best, (stand, event.path, event.new), key=lambda one: one[0])
        stand, path, _ = best
        if stand < SHARE * len(wanted):
            return None
        came = history.path_events(self._repo, base.revisions, path)
        what = f"at {path} {stand} of {len(wanted)} added lines stand ({100 * stand // len(wanted)} %)"
        return Verdict(claim, "lines", came[0].commit if came else None, path, what)

    def _added(self, base: str) -> list[PathEvent]:
        """The files that the target has and a commit had not."""
        if base not in self._came:
            changes = history.changes_between(self._repo, base, self._target)
            self._came[base] = [one for one in changes if one.old is None and (one.new or "")[:3] == "100"]
        return self._came[base]

    def _compare(self, states: set[tuple[State, State]]) -> None:
        fresh = {str(number): pair for number, pair in enumerate(states - self._evidence.keys())}
        found = diff.evidence(self._repo, fresh) if fresh else {}
        self._evidence |= {pair: found.get(number) for number, pair in fresh.items()}

    def _is_same(self, claim: Claim, steps: Sequence[Step], span: _Span) -> bool:
        """Whether the span is the change that was claimed."""
        if not claim.before or not claim.after or not span.new:
            return False
        if claim.op == "move" and _keeps_content(claim):
            renamed = steps[span.first]
            return (renamed.source, renamed.path) == (claim.source, claim.path)
        if _keeps_content(claim):
            return _mode_change(span.old, span.new) == (claim.before[:6], claim.after[:6])
        found = self._evidence.get((span.old, span.new))
        same = found is not None and found.telling and found.digest in _digests(claim)
        return same and _mode_change(span.old, span.new) == _mode_change(claim.before, claim.after)

    def _made(self, claim: Claim, steps: Sequence[Step], span: _Span) -> Verdict:
        """The verdict on a change that the range made: it stands, was changed again, or was undone."""
        by, later = steps[span.last], steps[: span.last]
        commits = dict.fromkeys(one.commit for one in reversed(steps[span.last : span.first + 1]))
        landing = Landing(tuple(commits), span.old, span.new, whole=True)
        now = self._now(steps)
        what = f"the same change, made by {short(by.commit)}"
        undone = self._undoing(claim, steps, span) if now != span.new or _keeps_content(claim) else None
        if undone:
            return replace(undone, landing=landing)
        if now == span.new:
            return Verdict(claim, "patch", by.commit, by.path, what, landing)
        what += f"; changed since by {short(later[-1].commit)}" if later else "; changed since in a merge"
        return Verdict(claim, "patch", by.commit, by.path, what, landing)

    def undone(self, events: Mapping[Claim, ClaimEvents]) -> dict[Claim, Verdict]:
        """``reverted`` for those claims whose content a commit had, but of whose change nothing is left.

        What was rewritten since is not undone, as long as what it had replaced is not back.
        """
        out: dict[Claim, Verdict] = {}
        for claim, found in events.items():
            steps = found.steps[:_MOST_STEPS]
            place = next((number for number, one in enumerate(steps) if _brings(claim, one)), None)
            if place is not None and self._now(steps) != claim.after:
                span = _Span(place, place, steps[place].old, claim.after)
                verdict = self._undoing(claim, steps, span)
                out |= {claim: verdict} if verdict else {}
        return out

    def _undoing(self, claim: Claim, steps: Sequence[Step], span: _Span) -> Verdict | None:
        later, now = steps[: span.last], self._now(steps)
        states = {span.old, span.new, now, *(one.old for one in later)}
        if not _keeps_content(claim) and now and content.is_lacking(self._repo, states):
            return Verdict(claim, "unknown", steps[span.last].commit, detail=CONTENTS_LACKING)
        if not self._is_undone(claim, span, later, now):
            return None
        # the newest commit that took it away: it may have come and gone several times
        took = [one for one in later if self._carries(span, one.old) and not self._carries(span, one.new)]
        by = took[0].commit if took else None
        landed = f"landed in {short(steps[span.last].commit)}, undone by "
        how = landed + (short(by) if by else "a merge that took the other side")
        return Verdict(claim, "reverted", by, claim.path, how)

    def _is_undone(self, claim: Claim, span: _Span, later: Sequence[Step], now: State) -> bool:
        """Whether nothing is left of a change that landed, and what it had replaced is back."""
        mode = _mode_change(claim.before, claim.after)
        if claim.op == "move" and claim.source and _keeps_content(claim):
            there = self._trees.states(self._target, [claim.path, claim.source])
            return there[claim.path] is None and there[claim.source] is not None
        if mode and _keeps_content(claim):
            return (now or "")[:6] == mode[0]
        if span.new is None:
            return bool(now) and content.is_most_of(self._repo, span.old, now, SHARE)
        if claim.before is None:
            return now is None
        if content.stands(self._repo, span.old, span.new, now) is not False:
            return False
        lost_in_a_merge = claim.op != "move" and not any(self._carries(span, one.old) for one in later)
        return (
            lost_in_a_merge
            or content.is_put_back(self._repo, span.old, span.new, now)
            or self._was_made_backwards(span, later)
        )

    def _carries(self, span: _Span, state: State) -> bool:
        """Whether a state of the file has something of the change."""
        if state == span.new:
            return True
        if span.new is None:
            return state is None
        if span.old and span.old[7:] == span.new[7:]:
            return (state or "")[:6] == span.new[:6]
        return bool(content.stands(self._repo, span.old, span.new, state))

    def _was_made_backwards(self, span: _Span, later: Sequence[Step]) -> bool:
        """Whether a later commit took away and put back just these lines."""
        self._compare({(span.new, span.old), *((one.old, one.new) for one in later)})
        backwards = self._evidence[span.new, span.old]
        found = [self._evidence[one.old, one.new] for one in later]
        return backwards is not None and any(says and says.digest == backwards.digest for says in found)

    def _now(self, steps: Sequence[Step]) -> State:
        """The state of the file in the target, under its last name."""
        return self._trees.state(self._target, steps[0].path)

    def _by_lines(self, claim: Claim, steps: Sequence[Step]) -> Verdict:
        """``lines``, or what is known of a change that no commit made as it was claimed."""
        newest = steps[0]
        changed = f"{short(newest.commit)} changed the path"
        if self._repo.is_shallow:
            what = f"{changed}; the history here is shallow: it may have been before"
            return Verdict(claim, "unknown", newest.commit, detail=what)
        oids = {state[7:] for one in steps for state in (one.old, one.new) if state and state[:3] == "100"}
        if oids - known_objects(self._repo, oids):
            what = f"{changed}; {CONTENTS_LACKING}"
            return Verdict(claim, "unknown", newest.commit, detail=what)
        wanted = {*(claim.lines or ())}
        stand = len(wanted & self._gained_lines(claim, steps))
        share = f"{stand} of {len(wanted)} added lines stand"
        if len(wanted) >= FEWEST_LINES and stand >= SHARE * len(wanted):
            what = f"{share} ({100 * stand // len(wanted)} %)"
            return Verdict(claim, "lines", newest.commit, newest.path, what)
        if self._cannot_tell(claim, steps, stand, len(wanted)):
            what = f"{changed}, not as was claimed; {share if wanted else 'no added lines tell more'}"
            return Verdict(claim, "unknown", newest.commit, detail=what)
        what = f"{changed}, but never to the claimed content" + (f"; {share}" if wanted else "")
        return Verdict(claim, "absent", newest.commit, detail=what)

    def _gained_lines(self, claim: Claim, steps: Sequence[Step]) -> set[str]:
        """The hashes of the lines that stand in the file now and did not where the range began."""
        began = self._bases[claim.onto].states.get(claim.source or claim.path)
        now = content.line_hashes(self._repo, self._now(steps), any_end=True)
        return now - content.line_hashes(self._repo, began)

    def _cannot_tell(self, claim: Claim, steps: Sequence[Step], stand: int, wanted: int) -> bool:
        """Whether too few lines are known of a change of text to say that it is not there."""
        if not claim.after or claim.after[:3] != "100" or _keeps_content(claim):
            return False
        if claim.digest is None:  # no text, or nobody put down its lines
            came: list[State] = [one.new for one in steps if one.new] or [steps[-1].old]
            return any(content.line_hashes(self._repo, state) for state in dict.fromkeys(came))
        return wanted == 0 or 0 < stand < wanted < FEWEST_LINES or 0 < stand == wanted


def _digests(claim: Claim) -> set[str | None]:
    """The digest of the change, and where others' work was merged in that of all the task's own."""
    return {claim.digest, *([claim.whole.digest] if claim.merged and claim.whole else [])}


def _brings(claim: Claim, step: Step) -> bool:
    """Whether a step gives the file the claimed content; a mere rename of a file that has it does not."""
    return step.new == claim.after and (step.old != claim.after or _keeps_content(claim))


def _single(steps: Sequence[Step]) -> list[_Span]:
    return [_Span(place, place, one.old, one.new) for place, one in enumerate(steps)]


def _runs(steps: Sequence[Step]) -> list[_Span]:
    """Several steps in a row, each going on from the one before: commits that were rebased one by one."""
    out = []
    for last, newest in enumerate(steps):
        for first in range(last + 1, min(len(steps), last + _LONGEST_RUN)):
            if steps[first].new != steps[first - 1].old:
                break
            out.append(_Span(first, last, steps[first].old, newest.new))
    return out


def _keeps_content(claim: Claim) -> bool:
    """Whether the claim is of the mode of a file, or of its place, and not of its content."""
    return bool(claim.before and claim.after) and (claim.before or "")[7:] == (claim.after or "")[7:]


def _mode_change(old: State, new: State) -> tuple[str, str] | None:
    """The modes before and behind, None where they are the same."""
    return (old[:6], new[:6]) if old and new and old[:6] != new[:6] else None
