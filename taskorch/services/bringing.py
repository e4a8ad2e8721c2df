"""Which claims a commit brought to a path: by content, by the same change, or by the lines it added.

After a squash one commit has the work of several claims, each gone on from by the next: all of them
count.  What a claim's own change added tells which of them wrote a line.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from taskorch.git import diff, worktree
from taskorch.git.diff import MAX_LINES, line_hash
from taskorch.git.history import PathEvent, path_events
from taskorch.git.objects import Objects, open_objects, read_blob
from taskorch.git.repository import Repository
from taskorch.git.worktree import State
from taskorch.records.claim import Claim
from taskorch.records.joining import changes_of
from taskorch.services.ladder.verdict import FEWEST_LINES, SHARE

CONTENT, CHANGE, LINES, LINE = "content", "change", "lines", "line"


@dataclass(frozen=True, slots=True)
class Brought:
    """A claim that a commit brought, and what tells so.

    ``how`` is ``content`` (the commit has the claimed content, or what was made of it), ``change`` (it
    made the same change), ``lines`` (it added the same lines) or ``line`` (the claim's own change
    added the line that is asked for).
    """

    claim: Claim
    how: str


@dataclass
class Bringing:
    """Finds what commits brought among `written`, all claims of all sessions in order of time."""

    repo: Repository
    written: Sequence[Claim]
    _to: dict[tuple[str, State], list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for place, claim in enumerate(self.written):
            for change in changes_of(claim):
                self._to[change.path, change.after].append(place)

    def by(self, events: Sequence[PathEvent]) -> dict[str, list[Brought]]:
        """For each commit the claims that it brought, in order of time; those without any are left out."""
        out: dict[str, dict[Claim, str]] = defaultdict(dict)
        left: list[PathEvent] = []
        for event in events:
            whole = self._by_content(event)
            out[event.commit].update(dict.fromkeys((self.written[place] for place in whole), CONTENT))
            if not whole and event.new:
                left.append(event)
        for commit, claim in self._by_change(left):
            out[commit].setdefault(claim, CHANGE)
        for commit, claim in self._by_lines([one for one in left if not out[one.commit]]):
            out[commit].setdefault(claim, LINES)
        order = {claim: place for place, claim in enumerate(self.written)}
        return {
            commit: [Brought(claim, found[claim]) for claim in sorted(found, key=order.__getitem__)]
            for commit, found in out.items()
            if found
        }

    def line(self, event: PathEvent, text: bytes) -> list[Brought]:
        """The claims that wrote a line which a commit brought.

        Of those that the commit brought the ones whose own change added it; where contents and
        records do not tell of any, all that may have.
        """
        brought = self.by([event]).get(event.commit, [])
        if not brought:
            return [Brought(claim, LINE) for claim in self._near(event, text)]
        opened = open_objects(self.repo)
        told = {one.claim: adds(opened, one.claim, text) for one in brought}
        wrote = [Brought(one.claim, LINE) for one in brought if told[one.claim]]
        if event.commit in self.repo.cut_off:
            return wrote  # what else it shows may have been before any of them
        return wrote or [one for one in brought if told[one.claim] is None] or brought

    def _by_content(self, event: PathEvent) -> list[int]:
        """The claims that end with what the commit left at the path, and those they went on from."""
        ends = self._to.get((event.path, event.new), [])
        began = [place for place in ends if self._starts(place, event)]
        if event.new is None:
            ends = began  # absence alone tells of no claim: a path can be deleted again and again
        found: list[int] = []
        queue = [(place, event) for place in began or ends[-1:]]
        while queue:
            place, at = queue.pop()
            if place in found:
                continue
            found.append(place)
            if not self._starts(place, at):
                claim = self.written[place]
                # where others' work was merged in between, an earlier session ended with something else
                for left in dict.fromkeys(state for state in (claim.before, claim.merged) if state):
                    earlier = self._to.get((claim.start, left), [])
                    queue += [(one, at) for one in earlier if one < place][-1:]
        return found

    def _starts(self, place: int, event: PathEvent) -> bool:
        """Whether a claim began with what stood there before the commit."""
        claim = self.written[place]
        if claim.start == event.path:
            return claim.before == event.old
        parent = self.repo.commit_or_none(f"{event.commit}^1")
        return worktree.states_at(self.repo, parent, [claim.start])[claim.start] == claim.before

    def _by_change(self, events: Sequence[PathEvent]) -> Iterable[tuple[str, Claim]]:
        """Commits and the claims whose removed and added lines are the same, whatever stood around them."""
        told = {claim.path for claim in self.written if _digests(claim)}
        keyed = {f"{number}": event for number, event in enumerate(events) if event.path in told}
        found = diff.evidence(self.repo, {key: (event.old, event.new) for key, event in keyed.items()})
        for key, evidence in found.items():
            mine = [claim for claim in self.written if claim.path == keyed[key].path and evidence.telling]
            same = [claim for claim in mine if evidence.digest in _digests(claim)]
            yield from ((keyed[key].commit, claim) for claim in same)

    def _by_lines(self, events: Sequence[PathEvent]) -> Iterable[tuple[str, Claim]]:
        opened = open_objects(self.repo) if events else None
        for event in events if opened else ():
            told = [c for c in self.written if c.path == event.path and len(c.lines or ()) >= FEWEST_LINES]
            for claim in told:
                enough = opened and _share(opened, event, claim) >= SHARE
                if enough and self._may_be_of(event, claim):
                    yield event.commit, claim

    def _near(self, event: PathEvent, text: bytes) -> list[Claim]:
        """Claims on the path that added the line, and whose content no other commit has: the newest only.

        So it is where their work was mixed with that of others when it was squashed or merged.
        """
        digits = line_hash(text)
        mine = [c for c in self.written if c.path == event.path and digits in (c.lines or ())]
        return [claim for claim in mine[::-1] if text.strip() and self._may_be_of(event, claim)][:1]

    def _may_be_of(self, event: PathEvent, claim: Claim) -> bool:
        """Whether the commit came after the claim's work began, and no other commit has its content."""
        onto = claim.onto
        if onto and (onto == event.commit or not self.repo.is_ancestor(onto, event.commit)):
            return False
        known = path_events(self.repo, [self.repo.head or event.commit], event.path)
        return all(one.new != claim.after or one.commit == event.commit for one in known)


def adds(opened: Objects, claim: Claim, text: bytes) -> bool | None:
    """Whether a claim's own change added a line; None where neither contents nor the record tell."""
    before = read_blob(opened, claim.before[7:]) if claim.before else b""
    after = read_blob(opened, claim.after[7:]) if claim.after else b""
    if claim.op == "copy":
        before = b""
    if before is not None and after is not None:
        old, new = (Counter(one.split(b"\n"))[text] for one in (before, after))
        return new > old
    if claim.lines is None:
        return None
    digits = line_hash(text)
    # of many added lines those with the lowest hashes are kept
    capped = len(claim.lines) >= MAX_LINES and digits > claim.lines[-1]
    return None if capped else digits in claim.lines


def _digests(claim: Claim) -> list[str]:
    """The digests of a claim's own change, and of all that its task did to the file so far."""
    return [one for one in (claim.digest, claim.whole.digest if claim.whole else None) if one]


def _share(opened: Objects, event: PathEvent, claim: Claim) -> float:
    """How much of a claim's lines the commit added: from 0 to 1."""
    old, new = (read_blob(opened, state[7:]) if state else b"" for state in (event.old, event.new))
    if old is None or new is None or not claim.lines:
        return 0.0
    added = {line_hash(line) for line in set(new.split(b"\n")) - set(old.split(b"\n"))}
    return len(added.intersection(claim.lines)) / len(set(claim.lines))
