"""Which of the commits that made a file what was claimed did the claim's own change.

While work is under way others change the same file.  Where their changes were merged in or the work was
rebased, the commits between what it began and what it ended with are theirs as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from taskorch.git import diff, history, worktree
from taskorch.git.history import CommitInfo, PathEvent
from taskorch.git.repository import Repository
from taskorch.records.claim import Claim
from taskorch.services.ladder.differences import Differences, Pair
from taskorch.services.ladder.verdict import Landing

_LONGEST = 30
"""How many commits back from the last one are looked at."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One commit's change of the file; ``entire`` where all of it is the claim's."""

    commit: str
    pair: Pair
    entire: bool


class OwnChanges:
    """Measures commits' changes by the digest and the added lines that claims keep."""

    def __init__(
        self, repo: Repository, head: str, described: Mapping[str, CommitInfo], agents: AbstractSet[str]
    ) -> None:
        self._repo, self._head, self._described, self._agents = repo, head, described, agents
        self._differences = Differences(repo, lines=True)

    def compare(self, pairs: Iterable[Pair]) -> None:
        """Compare at once what `is_other` will be asked: a process for each would take long."""
        self._differences.compare(pairs)

    def is_other(self, claim: Claim, pair: Pair) -> bool:
        """Whether a change is known not to be the claim's alone."""
        found = self._differences.of(*pair)
        return found is not None and claim.digest is not None and found.digest != claim.digest

    def among(self, claim: Claim, line: Sequence[PathEvent]) -> Landing:
        """The landing by those commits of a line, the newest first, whose own change is part of the claim's.

        The newest of them that together made the claimed change; if there are none such, those that
        added lines of the claim's.
        """
        steps = _steps(line)[:_LONGEST]
        runs = [(old, steps[0][1][1]) for _, (old, _) in steps]
        self.compare([*runs, *(pair for _, pair in steps)])
        merged = self._merged(claim, line, [commit for commit, _ in steps])
        for count, run in enumerate(runs, 1):
            found = self._differences.of(*run)
            if found and found.digest == claim.digest:
                made = [commit for commit, _ in steps[:count] if merged.get(commit, True)]
                return Landing(tuple(reversed(made)), *run, whole=True)
        landing = self._by_lines(claim, steps, merged)
        pair = claim.before, claim.after
        return replace(landing, spans=(pair,), mixed=False) if self._is_here(claim) else landing

    def _is_here(self, claim: Claim) -> bool:
        """Whether the claimed change is that between two states that history has: so has every clone."""
        pair = claim.before, claim.after
        self.compare([pair])
        if self.is_other(claim, pair) or not claim.onto or not self._repo.is_ancestor(claim.onto, self._head):
            return False
        path = claim.source or claim.path
        return worktree.states_at(self._repo, claim.onto, [path])[path] == claim.before

    def _merged(self, claim: Claim, line: Sequence[PathEvent], commits: Sequence[str]) -> dict[str, bool]:
        """The merges among some commits, and whether each made the file by hand: as git would not."""
        merges = history.merges_among(self._repo, commits)
        paths = {event.path for event in line} | {claim.path}
        return {one: bool(paths & history.combined_paths(self._repo, one)) for one in merges}

    def _by_lines(
        self, claim: Claim, steps: Sequence[tuple[str, Pair]], merged: Mapping[str, bool]
    ) -> Landing:
        left = Counter(claim.lines or ())
        parts: list[_Part | None] = []
        for place, (commit, pair) in enumerate(steps):
            share = self._share(commit, pair, left) if merged.get(commit, True) else 0.0
            by_agent = self._described[commit].author in self._agents
            counts = share == 1 or (share > 0 and place == 0) or (share >= 0.5 and by_agent)
            entire = share == 1 and commit not in merged
            parts.append(_Part(commit, pair, entire) if counts else None)
            if counts:
                left -= Counter(self._lines(pair))
        for place, (commit, pair) in enumerate(steps):  # lines that a later commit went on with
            lines = Counter(self._lines(pair)) & left if merged.get(commit, True) else Counter()
            if lines and not parts[place]:
                parts[place] = _Part(commit, pair, entire=False)
                left -= lines
        own = [part for part in parts if part]
        if not own or not all(part.entire for part in own):
            newest = own[0] if own else _Part(*steps[0], entire=False)
            commits = tuple(part.commit for part in reversed(own)) or (newest.commit,)
            return Landing(commits, *newest.pair, whole=True, mixed=True)
        spans = _spans(parts)
        commits = tuple(part.commit for part in reversed(own))
        return Landing(commits, spans[-1][0], spans[0][1], whole=True, spans=spans)

    def _share(self, commit: str, pair: Pair, left: Counter[str]) -> float:
        """Which share, from 0 to 1, of the lines that a commit added are among those of the claim."""
        found = self._differences.of(*pair)
        by_agent = self._described[commit].author in self._agents
        if not found or not (found.telling or by_agent):
            return 0.0
        lines = self._lines(pair)
        last = max(left, default="")
        known = [one for one in lines if left.total() < diff.MAX_LINES or one <= last]
        if not known:  # it only removed lines, or the claim keeps no hash of its lines
            return float(by_agent)
        return (Counter(known) & left).total() / len(known)

    def _lines(self, pair: Pair) -> tuple[str, ...]:
        found = self._differences.of(*pair)
        return found.lines if found else ()


def _steps(line: Sequence[PathEvent]) -> list[tuple[str, Pair]]:
    """What each commit of a line made of the file: of a rename both events are one step."""
    out: list[tuple[str, Pair]] = []
    for event in line:
        if out and out[-1][0] == event.commit:
            out[-1] = (event.commit, (event.old, out[-1][1][1]))
        else:
            out.append((event.commit, (event.old, event.new)))
    return out


def _spans(parts: Sequence[_Part | None]) -> tuple[Pair, ...]:
    """The changes of the parts, those that follow on each other as one; the newest first."""
    out: list[Pair] = []
    follows = False
    for part in parts:
        if part and follows:
            out[-1] = (part.pair[0], out[-1][1])
        elif part:
            out.append(part.pair)
        follows = part is not None
    return tuple(out)
