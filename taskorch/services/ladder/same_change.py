"""``patch`` and ``lines``: the change itself, where the file has other content than was claimed.

So it is where others changed the file as well: a squash or a rebase then makes contents that nobody
claimed, by the same change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from taskorch.git import content, history
from taskorch.git.history import PathEvent
from taskorch.git.repository import Repository
from taskorch.git.tree_states import Trees
from taskorch.git.worktree import State
from taskorch.records.claim import Claim
from taskorch.services.ladder.claim_events import MOST_STEPS, ClaimEvents, Span
from taskorch.services.ladder.differences import Differences
from taskorch.services.ladder.measure import Base
from taskorch.services.ladder.undone import Undone, keeps_content, mode_change
from taskorch.services.ladder.verdict import CONTENTS_LACKING, FEWEST_LINES, SHARE, Landing, Verdict, short

_LONGEST_RUN, _MOST_IN_RUNS = 30, 400
"""How many steps in a row are taken together, and of how many of a file's steps that is tried."""


class SameChange:
    """Looks for claimed changes in what one target commit gained, and for those that it has ``undone``."""

    def __init__(
        self,
        repo: Repository,
        target: str,
        bases: Mapping[str | None, Base],
        claimed: Iterable[Claim] = (),
    ) -> None:
        self._repo, self._target, self._bases, self._trees = repo, target, bases, Trees(repo)
        self._claimed = {one.path for one in claimed}
        self._differences = Differences(repo)
        self.undone = Undone(repo, target, self._trees, self._differences)
        self._came: dict[str, list[PathEvent]] = {}

    def judge(self, events: Mapping[Claim, ClaimEvents]) -> dict[Claim, Verdict]:
        """``patch``, ``reverted`` or ``lines`` for claims whose change is there, else what is lacking.

        Given are the events of each.  Claims that have none are left out, unless their lines stand in a
        file of another name.  `claimed` paths are those of claims of their own.
        """
        steps = {claim: found.steps[:MOST_STEPS] for claim, found in events.items() if found.all}
        out: dict[Claim, Verdict] = {}
        for spans_of in (_single, _runs):
            left = {claim: steps[claim] for claim in steps if claim not in out}
            told = (found for claim, found in left.items() if claim.digest)
            self._differences.compare((span.old, span.new) for found in told for span in spans_of(found))
            first = {claim: self._first(claim, found, spans_of(found)) for claim, found in left.items()}
            made = {claim: (steps[claim], span) for claim, span in first.items() if span}
            self.undone.compare(made)
            out |= {claim: self._made(claim, *how) for claim, how in made.items()}
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

    def _first(self, claim: Claim, steps: Sequence[PathEvent], spans: Iterable[Span]) -> Span | None:
        """The oldest of the spans that is the change that was claimed.

        Who edits the file and takes that back later makes the same of it once more.
        """
        return next((span for span in reversed(list(spans)) if self._is_same(claim, steps, span)), None)

    def _is_same(self, claim: Claim, steps: Sequence[PathEvent], span: Span) -> bool:
        """Whether the span is the change that was claimed."""
        if not claim.before or not claim.after or not span.new:
            return False
        if claim.op == "move" and keeps_content(claim):
            renamed = steps[span.first]
            return (renamed.source, renamed.path) == (claim.source, claim.path)
        if keeps_content(claim):
            return mode_change(span.old, span.new) == (claim.before[:6], claim.after[:6])
        found = self._differences.of(span.old, span.new)
        same = found is not None and found.telling and found.digest in _digests(claim)
        return same and mode_change(span.old, span.new) == mode_change(claim.before, claim.after)

    def _made(self, claim: Claim, steps: Sequence[PathEvent], span: Span) -> Verdict:
        """The verdict on a change that the range made: it stands, was changed again, or was undone."""
        by, later = steps[span.last], steps[: span.last]
        commits = dict.fromkeys(one.commit for one in reversed(steps[span.last : span.first + 1]))
        landing = Landing(tuple(commits), span.old, span.new, whole=True)
        now = self.undone.now(steps)
        what = f"the same change, made by {short(by.commit)}"
        undone = self.undone.of(claim, steps, span) if now != span.new or keeps_content(claim) else None
        if undone:
            return replace(undone, landing=landing)
        if now == span.new:
            return Verdict(claim, "patch", by.commit, by.path, what, landing)
        what += f"; changed since by {short(later[-1].commit)}" if later else "; changed since in a merge"
        return Verdict(claim, "patch", by.commit, by.path, what, landing)

    def _by_lines(self, claim: Claim, steps: Sequence[PathEvent]) -> Verdict:
        """``lines``, or what is known of a change that no commit made as it was claimed."""
        newest = steps[0]
        changed = f"{short(newest.commit)} changed the path"
        if self._repo.is_shallow:
            what = f"{changed}; the history here is shallow: it may have been before"
            return Verdict(claim, "unknown", newest.commit, detail=what)
        if content.is_lacking(self._repo, (state for one in steps for state in (one.old, one.new))):
            what = f"{changed}; {CONTENTS_LACKING}"
            return Verdict(claim, "unknown", newest.commit, detail=what)
        if len(steps) >= MOST_STEPS:
            what = f"{changed}, as did more than {MOST_STEPS - 1} others: only so many are compared"
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
        return Verdict(claim, "absent", newest.commit, detail=what, standing=(stand, len(wanted)))

    def _gained_lines(self, claim: Claim, steps: Sequence[PathEvent]) -> set[str]:
        """The hashes of the lines that stand in the file now and did not where the range began."""
        began = self._bases[claim.onto].states.get(claim.source or claim.path)
        now = content.line_hashes(self._repo, self.undone.now(steps), any_end=True)
        return now - content.line_hashes(self._repo, began)

    def _cannot_tell(self, claim: Claim, steps: Sequence[PathEvent], stand: int, wanted: int) -> bool:
        """Whether too few lines are known of a change of text to say that it is not there."""
        if not claim.after or claim.after[:3] != "100" or keeps_content(claim):
            return False
        if claim.digest is None:  # no text, or nobody put down its lines
            came: list[State] = [one.new for one in steps if one.new] or [steps[-1].old]
            return any(content.line_hashes(self._repo, state) for state in dict.fromkeys(came))
        return wanted == 0 or 0 < stand < wanted < FEWEST_LINES or 0 < stand == wanted


def _digests(claim: Claim) -> set[str | None]:
    """The digest of the change, and where others' work was merged in that of all the task's own."""
    return {claim.digest, *([claim.whole.digest] if claim.merged and claim.whole else [])}


def _single(steps: Sequence[PathEvent]) -> Iterator[Span]:
    return (Span(place, place, one.old, one.new) for place, one in enumerate(steps))


def _runs(steps: Sequence[PathEvent]) -> Iterator[Span]:
    """Several steps in a row, each going on from the one before: commits that were rebased one by one."""
    for last, newest in enumerate(steps[:_MOST_IN_RUNS]):
        for first in range(last + 1, min(len(steps), last + _LONGEST_RUN)):
            if steps[first].new != steps[first - 1].old:
                break
            yield Span(first, last, steps[first].old, newest.new)
