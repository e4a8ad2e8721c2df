"""Claimed content at other paths than the claimed ones: renamed on its way to the target, or after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from taskorch.git import history
from taskorch.git.arrivals import arrivals, arrivals_at
from taskorch.git.history import PathEvent
from taskorch.git.repository import Repository
from taskorch.git.tree_states import Trees
from taskorch.git.worktree import State
from taskorch.records.claim import Claim
from taskorch.services.ladder.measure import Base
from taskorch.services.ladder.verdict import Verdict, short

_EMPTY_BLOB = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
"""The empty file, which is the same everywhere: that it is somewhere proves nothing."""


class Elsewhere:
    """Looks in one target commit and what it gained.

    `claimed` are all claims there are: a path that has its content by a claim of its own proves
    nothing for another claim of the same content.
    """

    def __init__(
        self, repo: Repository, target: str, bases: dict[str | None, Base], claimed: Iterable[Claim]
    ) -> None:
        self._repo, self._target, self._bases, self._trees = repo, target, bases, Trees(repo)
        self._claimed = {(one.path, one.after[7:]) for one in claimed if one.after}
        self._taken: dict[str, str] = {}
        self._oids: set[str] = set()
        self._held: dict[str, dict[str, list[tuple[str, str]]]] = {}

    def still(self, claims: Sequence[Claim]) -> dict[Claim, Verdict]:
        """``moved``: a commit of the range put the blob at another path, where it still is.

        To be asked first, of all claims that `once` may be asked of.
        """
        wanted = self._wanted(claims)
        self._oids = set(wanted.values())
        out: dict[Claim, Verdict] = {}
        for claim, oid in wanted.items():
            held = self._with(self._target, oid)
            others = [path for path, state in held if self._can_be_at(claim, path, state)]
            verdict = self._first_gained(claim, oid, others) if others else None
            if verdict and verdict.at_path:
                self._taken[verdict.at_path] = claim.path
                out[claim] = verdict
        return out

    def once(self, claims: Sequence[Claim]) -> dict[Claim, Verdict]:
        """``superseded``: a commit of the range put the blob at another path, which was changed since."""
        wanted = self._wanted(claims)
        by_base: dict[str | None, list[Claim]] = defaultdict(list)
        for claim in wanted:
            by_base[claim.onto].append(claim)
        out: dict[Claim, Verdict] = {}
        for onto, mine in by_base.items():
            revisions = self._bases[onto].revisions
            arrived = arrivals(self._repo, revisions, {wanted[claim] for claim in mine})
            for claim in mine:
                for event in arrived:
                    fits = event.new and event.new[7:] == wanted[claim]
                    if fits and event.new and self._can_be_at(claim, event.path, event.new):
                        verdict = self._became(claim, wanted[claim], event)
                        if verdict:
                            out[claim] = verdict
                            break
        return out

    def _wanted(self, claims: Sequence[Claim]) -> dict[Claim, str]:
        """The blobs of the claims whose content can tell where it is."""
        return {
            one: one.after[7:]
            for one in claims
            if one.after
            and one.after[:3] in ("100", "120")
            and one.after[7:] != _EMPTY_BLOB
            and not self._bases[one.onto].problem
        }

    def _can_be_at(self, claim: Claim, path: str, state: str) -> bool:
        """Whether `state`, which has the claim's blob, at another path can be what the claim brought."""
        if path == claim.path or not claim.after or state[:3] != claim.after[:3]:
            return False
        if (path, claim.after[7:]) in self._claimed or self._taken.get(path, claim.path) != claim.path:
            return False
        if claim.before and claim.before[7:] == claim.after[7:]:
            # not the content is new, but where it is, or the mode
            return self._source_gone(claim) if claim.op == "move" else state == claim.after
        return True

    def _source_gone(self, claim: Claim) -> bool:
        source = claim.source or claim.path
        return self._trees.state(self._target, source) is None

    def _with(self, commit: str, oid: str) -> list[tuple[str, str]]:
        """Path and state of the files of a commit's tree that hold a claimed blob; each tree is read once."""
        if commit not in self._held:
            self._held[commit] = self._trees.paths_with(commit, self._oids)
        return self._held[commit].get(oid, [])

    def _before(self, claim: Claim, oid: str) -> set[str]:
        """The paths that had this content before the work began, or where the histories part."""
        base = self._bases[claim.onto]
        commits = {*([base.onto] if base.onto else []), *base.parting}
        return {path for commit in commits for path, _ in self._with(commit, oid)}

    def _first_gained(self, claim: Claim, oid: str, others: list[str]) -> Verdict | None:
        name = claim.path.rsplit("/", 1)[-1]
        before = self._before(claim, oid)
        new = [path for path in others if path not in before]
        gone = [path for path, now in self._stood(claim, oid).items() if now is None]
        if claim.op != "move" and len(new) <= len(gone):  # each may be one of these, renamed by others
            return None
        for path in sorted(new, key=lambda other: (other.rsplit("/", 1)[-1] != name, other)):
            for event in arrivals_at(self._repo, self._bases[claim.onto].revisions, path, oid):
                if event.new:
                    return Verdict(claim, "moved", event.commit, path, f"the same content, at {path}")
        return None

    def _stood(self, claim: Claim, oid: str) -> dict[str, State]:
        """The other files that had this content where the histories part, with their states in the target."""
        parting = self._bases[claim.onto].parting[:1]
        stood = [path for commit in parting for path, _ in self._with(commit, oid) if path != claim.path]
        return self._trees.states(self._target, stood) if stood else {}

    def _became(self, claim: Claim, oid: str, event: PathEvent) -> Verdict | None:
        """The verdict if `event` put the content at its path, and what became of it there."""
        still = {path for path, _ in self._with(self._target, oid)}
        if self._stood(claim, oid) or event.path in still | self._before(claim, oid):
            return None
        revisions = self._bases[claim.onto].revisions
        events = history.path_events(self._repo, revisions, event.path)
        later = next((one for one in events if (one.old or "")[7:] == oid and one.new != one.old), None)
        landed = f"landed in {short(event.commit)} at {event.path}"
        renamed = history.following_events(self._repo, revisions, event.path, events)
        now = self._trees.state(self._target, event.path)
        if now is None and not renamed:
            return None
        by = f"changed since by {short(later.commit)}" if later else "changed since in a merge"
        return Verdict(claim, "superseded", event.commit, event.path, f"{landed}, {by}")
