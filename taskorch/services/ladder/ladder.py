"""The verification ladder: whether a claim's content is in what a target commit gained.

Rungs count only what the target gained since the claim's ``onto``: the range searched is
``merge-base(onto, target)..target``.  All facts come from git objects, the index and the disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from taskorch.git import content, disk, history, worktree
from taskorch.git.history import PathEvent
from taskorch.git.many_logs import MANY, Pair, read_ahead
from taskorch.git.repository import Repository
from taskorch.git.worktree import State
from taskorch.records.claim import Claim
from taskorch.services.ladder.claim_events import ClaimEvents, read_events
from taskorch.services.ladder.elsewhere import Elsewhere
from taskorch.services.ladder.lost_in_merges import with_merges
from taskorch.services.ladder.measure import Base, bases_of
from taskorch.services.ladder.same_change import SameChange
from taskorch.services.ladder.verdict import BY_A_MERGE, CONTENTS_LACKING, Verdict, short

_NOT_FOUND = ("ignored", "absent", "unknown")


@dataclass
class Ladder:
    """Judges claims against one target commit (None: an unborn branch).

    With ``here`` the index and the files on disk count as well.  Facts are gathered once for all
    claims; histories are read only for claims that the target's tree alone does not settle.
    """

    repo: Repository
    target: str | None
    here: bool
    at_target: dict[str, State] = field(default_factory=dict)
    on_disk: dict[str, State] = field(default_factory=dict)
    in_index: dict[str, State] = field(default_factory=dict)
    ignored: set[str] = field(default_factory=set)
    bases: dict[str | None, Base] = field(default_factory=dict)

    def judge(self, claims: Sequence[Claim], claimed: Sequence[Claim] = ()) -> list[Verdict]:
        """A verdict for each claim, those of ``read`` left out; `claimed` are the net claims there are."""
        judged = [claim for claim in claims if claim.op != "read"]
        self._gather(judged)
        self._read_ahead(judged)
        verdicts = {claim: found for claim in judged if (found := self._exact(claim))}
        if not self.target:
            return [verdicts.get(claim) or self._by_history(claim, ClaimEvents()) for claim in judged]
        elsewhere = Elsewhere(self.repo, self.target, self.bases, claimed or judged)
        verdicts |= elsewhere.still([claim for claim in judged if claim not in verdicts])
        left = [claim for claim in judged if claim not in verdicts]
        events = self._events(left)
        verdicts |= {claim: self._by_history(claim, events.get(claim, ClaimEvents())) for claim in left}
        by_change = SameChange(self.repo, self.target, self.bases, claimed or judged)
        gone = [claim for claim in events if verdicts[claim].rung == "superseded"]
        verdicts |= by_change.undone.claimed({claim: events[claim] for claim in gone})
        lost = [claim for claim in left if _may_be_elsewhere(verdicts[claim])]
        verdicts |= elsewhere.once(lost)
        del elsewhere  # what it has read of many trees is needed no more
        lost = [claim for claim in left if claim in events and verdicts[claim].rung in _NOT_FOUND]
        changed = {one: events[one] for one in lost if not _is_half(one, events[one])}
        verdicts |= by_change.judge(changed)
        verdicts |= with_merges(self.repo, self.bases, [verdicts[claim] for claim in left])
        return [verdicts[claim] for claim in judged]

    def _gather(self, claims: Sequence[Claim]) -> None:
        paths = {path for claim in claims for path in (claim.path, claim.source) if path}
        self.at_target = worktree.states_at(self.repo, self.target, paths)
        self.bases = bases_of(self.repo, self.target, claims)
        if self.here:
            self._gather_here(paths)

    def _read_ahead(self, claims: Sequence[Claim]) -> None:
        """Read at once the histories of claims whose content is in the target's tree and was so before.

        If there are many other claims that this tree does not settle, theirs as well.
        """
        same: list[Pair] = []
        others: list[Pair] = []
        blobs: list[Pair] = []
        for claim in claims:
            base = self.bases[claim.onto]
            if base.problem or not self.target:
                continue
            there = self.at_target.get(claim.path) == claim.after and self._source_gone(claim)
            if there and self._differed(claim, base):
                continue
            revisions = tuple(base.revisions)
            (same if there else others).append((revisions, claim.path))
            if claim.moved_from and not there:
                others.append((revisions, claim.moved_from))
            if claim.after and not there:
                blobs.append((revisions, claim.after[7:]))
        if len(others) > MANY:
            read_ahead(self.repo, [*same, *others], blobs)
        else:
            read_ahead(self.repo, same)

    def _gather_here(self, paths: set[str]) -> None:
        changed = paths & set(worktree.changed_paths(self.repo))
        # what neither HEAD nor status knows and is there all the same is ignored
        hidden = {
            path
            for path in paths - changed
            if self.at_target[path] is None and disk.is_there(self.repo.work_tree, path)
        }
        self.in_index = worktree.index_states(self.repo, paths)
        self.on_disk = self.at_target | worktree.staged_states(self.repo, changed | hidden)
        self.ignored = worktree.ignored(self.repo, (p for p in hidden if self.in_index[p] is None))

    def _exact(self, claim: Claim) -> Verdict | None:
        """``exact`` or ``unchanged``, or None if the target's tree has not just this content."""
        base = self.bases[claim.onto]
        if self.at_target.get(claim.path) != claim.after or not self._source_gone(claim):
            return None
        if self.target is None:
            return None
        if base.problem:
            return Verdict(claim, "unknown", detail=base.problem)
        if self._differed(claim, base) or history.path_events(self.repo, base.revisions, claim.path):
            return Verdict(claim, "exact", at_path=claim.path)
        what = "it was so before, and nothing has changed it since the work began"
        return Verdict(claim, "unchanged", at_path=claim.path, detail=what)

    def _differed(self, claim: Claim, base: Base) -> bool:
        """Whether it was not so before the range began."""
        if not base.had(claim.path, claim.after):
            return True
        return claim.moved_from is not None and not base.had(claim.moved_from, None)

    def _source_gone(self, claim: Claim) -> bool:
        return claim.moved_from is None or self.at_target.get(claim.moved_from) is None

    def _events(self, claims: Sequence[Claim]) -> dict[Claim, ClaimEvents]:
        """The commits of each claim's range that changed its path, or a name it had later."""
        if not self.target:
            return {}
        ranges = {onto: base.revisions for onto, base in self.bases.items() if not base.problem}
        return read_events(self.repo, ranges, claims)

    def _by_history(self, claim: Claim, events: ClaimEvents) -> Verdict:
        direct, renamed = list(events.direct), list(events.renamed)
        return (
            self._reverted(claim, direct, bool(renamed))
            or self._superseded(claim, direct, renamed)
            or self._made_anew(claim, events)
            or self._pending(claim)
            or self._nowhere(claim, self.bases[claim.onto], [*direct, *renamed])
        )

    def _reverted(self, claim: Claim, events: list[PathEvent], renamed: bool) -> Verdict | None:
        """The range had the content, and the target has what was there before.

        Before: as the claim says, or as a commit that brought the content found it; the two differ
        where others changed the file meanwhile.  Or it had that again before it was edited further.
        """
        brought = [event for event in events if event.new == claim.after]
        now = self.at_target.get(claim.path)
        # gone because it goes on under another name: not gone back, unless that is where it came from
        if not brought or now == claim.after or (renamed and now is None and claim.op != "move"):
            return None
        if not self._is_back(claim, events, {claim.before, *(event.old for event in brought)}):
            return None
        if now != claim.before and content.is_lacking(self.repo, (claim.before, claim.after, now)):
            return Verdict(claim, "unknown", brought[0].commit, detail=CONTENTS_LACKING)
        undoing = [event for event in events if event.old == claim.after and event.new != claim.after]
        restoring = [event for event in events if event.new == now == claim.before]
        named = [*restoring, *(event for event in undoing if event.new == now), *undoing]
        last = named[0].commit if named else None
        how = f"undone by {short(last) if last else BY_A_MERGE}"
        return Verdict(claim, "reverted", last, claim.path, how)

    def _is_back(self, claim: Claim, events: list[PathEvent], earlier: set[State]) -> bool:
        """Whether the target has what was there before the content came, or nothing more of the change."""
        now = self.at_target.get(claim.path)
        if claim.moved_from:
            return now is None and self.at_target.get(claim.moved_from) == claim.before
        if now == claim.before:
            return True
        # whoever took the content away put back what was there: later edits alone do not make it landed
        left = [event for event in events if event.old == claim.after]
        put_back = now in earlier or (bool(left) and all(event.new in earlier for event in left))
        return put_back and not content.stands(self.repo, claim.before, claim.after, now, claim.lines)

    def _superseded(self, claim: Claim, events: list[PathEvent], renamed: list[PathEvent]) -> Verdict | None:
        """The range had the content, under this name or a later one, and a later commit changed it."""
        for path in dict.fromkeys(event.path for event in [*events, *renamed]):
            same = [event for event in [*events, *renamed] if event.path == path]
            # the oldest: later ones made it again, after a revert perhaps
            had = next((event for event in reversed(same) if event.new == claim.after), None)
            still = path == claim.path and self.at_target[path] == claim.after
            if had and not still:
                # by content, not by place in the list: commits of parallel branches have no order
                later = next((event.commit for event in same if event.old == claim.after), None)
                by = f"changed since by {short(later)}" if later else "changed since in a merge"
                what = f"landed in {short(had.commit)}, {by}"
                return Verdict(claim, "superseded", had.commit, path, what)
        return None

    def _made_anew(self, claim: Claim, events: ClaimEvents) -> Verdict | None:
        """``superseded`` where a move landed whole and stands, and its old name has another file now."""
        left = {event.commit for event in events.source if event.new is None}
        moved = next((e.commit for e in events.direct if e.new == claim.after and e.commit in left), None)
        if not moved or self.at_target[claim.path] != claim.after:
            return None
        what = f"landed in {short(moved)}; {claim.source} was made anew since"
        return Verdict(claim, "superseded", moved, claim.path, what)

    def _pending(self, claim: Claim) -> Verdict | None:
        """``staged``, ``ignored`` or ``worktree``: only the index, only the disk has it."""
        if not self.here:
            return None
        if self._holds(self.in_index, claim) and not self._holds(self.at_target, claim):
            return Verdict(claim, "staged", at_path=claim.path, detail="staged, not committed")
        if not self._holds(self.on_disk, claim) or self._holds(self.at_target, claim):
            return None
        if claim.path in self.ignored:
            return Verdict(claim, "ignored", at_path=claim.path, detail="on disk, but git ignores the path")
        return Verdict(claim, "worktree", at_path=claim.path, detail="on disk, not committed")

    def _holds(self, states: dict[str, State], claim: Claim) -> bool:
        gone = claim.moved_from is None or states.get(claim.moved_from) is None
        return gone and states.get(claim.path) == claim.after

    def _nowhere(self, claim: Claim, base: Base, events: list[PathEvent]) -> Verdict:
        if base.problem:
            return Verdict(claim, "unknown", detail=base.problem)
        there = next((event for event in events if event.new == claim.after), None)
        if there and claim.source:
            what = f"{short(there.commit)} brought the content, but {claim.source} is not gone with it"
            return Verdict(claim, "unknown", there.commit, claim.path, what)
        if events:
            what = f"{short(events[0].commit)} changed the path, but never to the claimed content"
            return Verdict(claim, "unknown", events[0].commit, detail=what)
        if self.repo.is_shallow:
            return Verdict(claim, "unknown", detail="the history here is shallow: it may have been before")
        return Verdict(claim, "absent", detail="no commit in the range changed the path")


def _is_half(claim: Claim, events: ClaimEvents) -> bool:
    """Whether the content of a move came, and its source did not go."""
    return bool(claim.source) and any(event.new == claim.after for event in events.all)


def _may_be_elsewhere(verdict: Verdict) -> bool:
    """Whether a claim was lost without a commit that says how: its content may have another name."""
    return verdict.rung == "absent" or (verdict.rung == "reverted" and verdict.commit is None)
