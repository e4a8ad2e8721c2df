"""How claimed content came into history: the commits that brought it, from where the work began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from taskorch.git import history
from taskorch.git.history import CommitInfo, PathEvent
from taskorch.git.repository import Repository
from taskorch.git.worktree import State
from taskorch.records.claim import Claim
from taskorch.services.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Landing:
    """The commits that took a claimed path from its earlier to its claimed state, oldest first.

    ``old`` and ``new`` are those states as history has them: every clone has their contents.
    ``whole`` is False where a commit is known, but not what it began with.
    """

    commits: tuple[str, ...] = ()
    old: State = None
    new: State = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ClaimEvents:
    """The commits that changed a claimed path, the names it had later, and the one it was moved from.

    Each list has the newest first.
    """

    direct: Sequence[PathEvent] = ()
    renamed: Sequence[PathEvent] = ()
    source: Sequence[PathEvent] = ()

    @property
    def parts(self) -> tuple[Sequence[PathEvent], ...]:
        """The three lists."""
        return self.direct, self.renamed, self.source

    @property
    def all(self) -> list[PathEvent]:
        """All of them."""
        return [event for part in self.parts for event in part]

    @property
    def by_name(self) -> list[list[PathEvent]]:
        """Those of the path itself, then those of each later name."""
        names = dict.fromkeys(event.path for event in self.renamed)
        return [list(self.direct), *([e for e in self.renamed if e.path == name] for name in names)]


def read_events(repo: Repository, head: str, claims: Sequence[Claim]) -> dict[Claim, ClaimEvents]:
    """For each claim the commits in the history of `head` since its onto that changed its paths."""
    out: dict[Claim, ClaimEvents] = {}
    for onto in dict.fromkeys(claim.onto for claim in claims):
        mine = [claim for claim in claims if claim.onto == onto]
        base = repo.merge_base(onto, head) if onto and repo.commit_or_none(onto) else None
        revisions = history.range_of(base, head)
        sources = {claim: claim.source for claim in mine if claim.op == "move" and claim.source}
        found = history.events_of(repo, revisions, [*(claim.path for claim in mine), *sources.values()])
        for claim in mine:
            direct = found[claim.path]
            renamed = history.following_events(repo, revisions, claim.path, direct) if direct else []
            out[claim] = ClaimEvents(direct, renamed, found[sources[claim]] if claim in sources else ())
    return out


def landing_of(
    claim: Claim, events: ClaimEvents, described: Mapping[str, CommitInfo], agents: AbstractSet[str]
) -> Landing:
    """The newest commit that made the path what was claimed, and those before it back to ``before``.

    The earlier ones, of a move also those to its source, only if they are by the author of the last
    or one of `agents`: a squash stands on commits of others that changed the same file while the
    work was under way.
    """
    first = next((e for e in [*events.direct, *events.renamed] if e.new == claim.after), None)
    if not first:
        return Landing()
    own = agents | {described[first.commit].author}
    mine = ClaimEvents(*([e for e in part if described[e.commit].author in own] for part in events.parts))
    chain, sure = [first], 1
    while not _begins(claim, chain[-1]):
        earlier = _earlier(claim, chain[-1], mine)
        if not earlier:
            chain = chain[:sure]  # it does not lead back to where the work began: only the last is sure
            break
        chain.append(earlier)
        sure += earlier.commit == first.commit
    commits = tuple(dict.fromkeys(event.commit for event in reversed(chain)))
    whole = claim.op != "move" or chain[-1].path == claim.source
    return Landing(commits, chain[-1].old, first.new, whole)


def with_ladder(verdict: Verdict, events: ClaimEvents, landing: Landing) -> Landing:
    """The landing with the commit that the ladder names where the content lives on at another path."""
    commit = verdict.commit if verdict.counts_as == "landed" and verdict.at_path else None
    if not commit or commit in landing.commits:
        return landing
    if landing.commits:
        return replace(landing, commits=(*landing.commits, commit))
    gone = next((e for e in events.direct if e.commit == commit and e.new is None), None)
    whole = gone is not None or verdict.claim.before is None
    return Landing((commit,), gone.old if gone else None, verdict.claim.after, whole)


def _begins(claim: Claim, event: PathEvent) -> bool:
    """Whether the work on a claim began with what the commit changed."""
    if claim.op == "copy":
        return event.old is None
    return event.old == claim.before and (claim.op != "move" or event.path == claim.source)


def _earlier(claim: Claim, event: PathEvent, events: ClaimEvents) -> PathEvent | None:
    """The commit before that left what this one began with, at the source where it was moved from there."""
    if event.old is None and claim.op == "move" and event.path == claim.path:
        gone = [one for one in events.source if one.new is None]
        return next((one for one in gone if one.commit == event.commit), gone[0] if gone else None)
    line = [one for one in events.all if one.path == event.path]
    return next((one for one in line[line.index(event) + 1 :] if one.new == event.old), None)
