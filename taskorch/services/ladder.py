"""The verification ladder: whether a claim's content is in what a target commit gained.

Rungs count only what the target gained since the claim's ``onto``: the range searched is
``merge-base(onto, target)..target``.  All facts come from git objects, the index and the disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from taskorch.git import history, worktree
from taskorch.git.history import PathEvent
from taskorch.git.repository import Repository
from taskorch.git.worktree import State
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
_EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
"""The empty file, which is the same everywhere: that it is somewhere proves nothing."""


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
    bases: dict[str | None, _Base] = field(default_factory=dict)

    def judge(self, claims: Sequence[Claim]) -> list[Verdict]:
        """A verdict for each claim, those of ``read`` left out."""
        judged = [claim for claim in claims if claim.op != "read"]
        self._gather(judged)
        verdicts = [self._exact(claim) for claim in judged]
        open_claims = [c for c, verdict in zip(judged, verdicts, strict=True) if verdict is None]
        moved = self._moved(open_claims)
        left = [claim for claim in open_claims if claim not in moved]
        events = self._events(left)
        return [
            verdict or moved.get(claim) or self._by_history(claim, events.get(claim, []))
            for claim, verdict in zip(judged, verdicts, strict=True)
        ]

    def disk_holds(self, claim: Claim) -> bool:
        """Whether the claimed content is on disk or in HEAD."""
        states = [self.on_disk.get(claim.path)] if self.here else []
        return claim.after in [*states, self.at_target.get(claim.path)]

    def _gather(self, claims: Sequence[Claim]) -> None:
        paths = {path for claim in claims for path in (claim.path, claim.source) if path}
        self.at_target = worktree.states_at(self.repo, self.target, paths)
        for onto in {claim.onto for claim in claims}:
            mine = {p for c in claims if c.onto == onto for p in (c.path, c.source) if p}
            self.bases[onto] = _base(self.repo, onto, self.target, mine)
        if self.here:
            self._gather_here(paths)

    def _gather_here(self, paths: set[str]) -> None:
        changed = paths & set(worktree.changed_paths(self.repo))
        # what neither HEAD nor status knows and is there all the same is ignored
        hidden = {
            path
            for path in paths - changed
            if self.at_target[path] is None and os.path.lexists(self.repo.work_tree / path)
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
        differed = base.onto.get(claim.path) != claim.after
        if claim.op == "move" and claim.source:
            differed = differed or base.onto.get(claim.source) is not None
        if differed or history.path_events(self.repo, base.revisions, claim.path):
            return Verdict(claim, "exact", at_path=claim.path)
        what = "it was so before the work began, and nothing has changed it since"
        return Verdict(claim, "unchanged", at_path=claim.path, detail=what)

    def _source_gone(self, claim: Claim) -> bool:
        return claim.op != "move" or claim.source is None or self.at_target.get(claim.source) is None

    def _moved(self, claims: Sequence[Claim]) -> dict[Claim, Verdict]:
        """Claims whose blob a commit of the range put at another path, where it still is."""
        wanted = {c: c.after for c in claims if c.after and c.after[:3] in ("100", "120")}
        if not wanted or not self.target:
            return {}
        found = worktree.paths_with(self.repo, self.target, {state[7:] for state in wanted.values()})
        out: dict[Claim, Verdict] = {}
        for claim, after in wanted.items():
            base = self.bases[claim.onto]
            others = [path for path, state in found.get(after[7:], []) if self._can_be_at(claim, path, state)]
            if not others or base.problem or after[7:] == _EMPTY_BLOB:
                continue
            verdict = self._first_gained(claim, base, others)
            if verdict:
                out[claim] = verdict
        return out

    def _can_be_at(self, claim: Claim, path: str, state: str) -> bool:
        """Whether `state`, which has the claim's blob, at another path can be what the claim brought."""
        if path == claim.path or not claim.after or state[:3] != claim.after[:3]:
            return False
        if claim.before and claim.before[7:] == claim.after[7:]:
            # not the content is new, but where it is, or the mode
            return self._source_gone(claim) if claim.op == "move" else state == claim.after
        return True

    def _first_gained(self, claim: Claim, base: _Base, others: list[str]) -> Verdict | None:
        oid = (claim.after or "")[7:]
        had = [
            worktree.states_at(self.repo, commit, others)
            for commit in {base.commit, base.merge_base}
            if commit
        ]
        name = claim.path.rsplit("/", 1)[-1]
        for path in sorted(others, key=lambda other: (other.rsplit("/", 1)[-1] != name, other)):
            if any((states.get(path) or "")[7:] == oid for states in had):
                continue
            for event in history.path_events(self.repo, base.revisions, path):
                if event.new and event.new[7:] == oid:
                    return Verdict(claim, "moved", event.commit, path, f"the same content, at {path}")
        return None

    def _events(self, claims: Sequence[Claim]) -> dict[Claim, list[PathEvent]]:
        """The commits of each claim's range that changed its path."""
        out: dict[Claim, list[PathEvent]] = {}
        for onto, base in self.bases.items():
            mine = [claim for claim in claims if claim.onto == onto]
            if mine and self.target and not base.problem:
                found = history.events_of(self.repo, base.revisions, [claim.path for claim in mine])
                out.update({claim: found[claim.path] for claim in mine})
        return out

    def _by_history(self, claim: Claim, events: list[PathEvent]) -> Verdict:
        base = self.bases[claim.onto]
        renamed: list[PathEvent] = []
        if self.target and not base.problem and any(event.new is None for event in events):
            renamed = history.following_events(self.repo, base.revisions, claim.path, events)
        return (
            self._reverted(claim, events, bool(renamed))
            or self._superseded(claim, events, renamed)
            or self._pending(claim)
            or self._nowhere(claim, base, [*events, *renamed])
        )

    def _reverted(self, claim: Claim, events: list[PathEvent], renamed: bool) -> Verdict | None:
        """The range had the content, and the target has what was there before.

        Before: as the claim says, or as a commit that brought the content found it; the two differ
        where others changed the file meanwhile.  Or it had that again before it was edited further.
        """
        brought = [event for event in events if event.new == claim.after]
        now = self.at_target.get(claim.path)
        # gone because it goes on under another name: not gone back, unless that is where it came from
        if not brought or (renamed and now is None and claim.op != "move"):
            return None
        if claim.op == "move" and claim.source:
            back = now is None and self.at_target.get(claim.source) == claim.before
        else:
            # whoever took the content away put back what was there: later edits do not make it landed
            earlier = {claim.before, *(event.old for event in brought)}
            left = [event for event in events if event.old == claim.after]
            back = now == claim.before or (bool(left) and all(event.new in earlier for event in left))
        if not back or now == claim.after:
            return None
        undoing = [event for event in events if event.old == claim.after and event.new != claim.after]
        restoring = [event for event in events if event.new == now == claim.before]
        named = [*(event for event in undoing if event.new == now), *restoring, *undoing]
        last = named[0].commit if named else None
        how = f"undone by {_short(last)}" if last else "undone by a merge that took the other side"
        return Verdict(claim, "reverted", last, claim.path, how)

    def _superseded(self, claim: Claim, events: list[PathEvent], renamed: list[PathEvent]) -> Verdict | None:
        """The range had the content, under this name or a later one, and a later commit changed it."""
        for path in dict.fromkeys(event.path for event in [*events, *renamed]):
            same = [event for event in [*events, *renamed] if event.path == path]
            had = next((event for event in same if event.new == claim.after), None)
            still = path == claim.path and self.at_target[path] == claim.after
            if had and not still:
                # by content, not by place in the list: commits of parallel branches have no order
                later = next((event.commit for event in same if event.old == claim.after), None)
                by = f"changed since by {_short(later)}" if later else "changed since in a merge"
                what = f"landed in {_short(had.commit)}, {by}"
                return Verdict(claim, "superseded", had.commit, path, what)
        return None

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
        gone = claim.op != "move" or claim.source is None or states.get(claim.source) is None
        return gone and states.get(claim.path) == claim.after

    def _nowhere(self, claim: Claim, base: _Base, events: list[PathEvent]) -> Verdict:
        if base.problem:
            return Verdict(claim, "unknown", detail=base.problem)
        if events:
            last = events[0].commit
            return Verdict(
                claim,
                "unknown",
                last,
                detail=f"{_short(last)} changed the path, but never to the claimed content",
            )
        if self.repo.is_shallow:
            return Verdict(claim, "unknown", detail="the history here is shallow: it may have been before")
        return Verdict(claim, "absent", detail="no commit in the range changed the path")


@dataclass(frozen=True, slots=True)
class _Base:
    """What claims of one ``onto`` are measured against; ``problem`` says why they cannot be."""

    commit: str | None
    merge_base: str | None
    revisions: list[str]
    onto: dict[str, State]
    problem: str = ""


def _base(repo: Repository, onto: str | None, target: str | None, paths: Iterable[str]) -> _Base:
    if onto is None or target is None:
        return _Base(None, None, history.range_of(None, target or "HEAD"), {})
    if repo.commit_or_none(onto) is None:
        return _Base(None, None, [], {}, f"{_short(onto)}, where the work began, is not in this clone")
    merge_base = repo.merge_base(onto, target)
    if merge_base is None:
        return _Base(None, None, [], {}, f"{_short(onto)}, where the work began, shares no history with it")
    # merge-base..target, also where two branches that were merged to and fro have several
    revisions = history.range_of(onto, target)
    return _Base(onto, merge_base, revisions, worktree.states_at(repo, onto, paths))


def _short(commit: str | None) -> str:
    return (commit or "")[:10]
