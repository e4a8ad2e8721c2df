"""How claimed content came into history: the commits that brought it, from where the work began."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from taskorch.git.history import CommitInfo, PathEvent
from taskorch.git.repository import Repository
from taskorch.records.claim import Claim
from taskorch.services.ladder.claim_events import ClaimEvents
from taskorch.services.ladder.verdict import Landing, Verdict
from taskorch.services.recovered.own_change import OwnChanges

_MOST_TRIED = 20


def landings_of(
    repo: Repository,
    head: str,
    events: Mapping[Claim, ClaimEvents],
    described: Mapping[str, CommitInfo],
    agents: AbstractSet[str],
) -> dict[Claim, Landing]:
    """How each claim's content came into the history of `head`: by commits whose own change is part of it."""
    own = OwnChanges(repo, head, described, agents)
    landings = {claim: _landing_of(claim, found, described, agents) for claim, found in events.items()}
    told = {claim: (one.old, one.new) for claim, one in landings.items() if one.commits and claim.digest}
    own.compare(told.values())
    for claim, pair in told.items():
        if own.is_other(claim, pair) and claim.op in ("create", "modify", "move"):
            landings[claim] = own.among(claim, _line(claim, events[claim]))
    return landings


def _landing_of(
    claim: Claim, events: ClaimEvents, described: Mapping[str, CommitInfo], agents: AbstractSet[str]
) -> Landing:
    """The commit that made the path what was claimed, and those before it back to ``before``.

    The earlier ones, of a move also those to its source, only if they are by the author of the last
    or one of `agents`: a squash stands on commits of others that changed the same file while the
    work was under way.
    """
    direct = [e for e in events.direct if e.new == claim.after]
    brought = direct or [e for e in events.renamed if e.new == claim.after]
    if not brought:
        return Landing()
    # who edits and reverts later gives the same content again: the oldest is meant, of the agents if one
    # is theirs, but rather one that leads back to where the work began
    theirs = [e for e in brought if described[e.commit].author in agents]
    oldest = list(reversed([*brought, *theirs]))[:_MOST_TRIED]
    tried = [_chain(claim, one, events, described, agents) for one in oldest]
    chain = next((found for found, leads_back in tried if leads_back), tried[0][0])
    commits = tuple(dict.fromkeys(event.commit for event in reversed(chain)))
    whole = claim.op != "move" or chain[-1].path == claim.source
    return Landing(commits, chain[-1].old, chain[0].new, whole)


def _line(claim: Claim, events: ClaimEvents) -> list[PathEvent]:
    """The oldest commit's change that gave the claimed content, and all before it that leads back.

    Where several gave it, rather one that leads to where the work began.
    """
    brought = [e for e in events.direct if e.new == claim.after]
    brought = brought or [e for e in events.renamed if e.new == claim.after]
    walks = [_walk(claim, first, events) for first in list(reversed(brought))[:_MOST_TRIED]]
    return next((walk for walk in walks if _begins(claim, walk[-1])), walks[0])


def _chain(
    claim: Claim,
    first: PathEvent,
    events: ClaimEvents,
    described: Mapping[str, CommitInfo],
    agents: AbstractSet[str],
) -> tuple[list[PathEvent], bool]:
    """A commit's change and those before it, and whether they lead back to where the work began.

    If they do not, only the changes of that one commit are sure.
    """
    own = agents | {described[first.commit].author}
    mine = ClaimEvents(*([e for e in part if described[e.commit].author in own] for part in events.parts))
    chain = _walk(claim, first, mine)
    if _begins(claim, chain[-1]):
        return chain, True
    return [event for event in chain if event.commit == first.commit], False


def _walk(claim: Claim, first: PathEvent, events: ClaimEvents) -> list[PathEvent]:
    """A commit's change and those before it that it stands on, as far as where the work began."""
    walk = [first]
    while not _begins(claim, walk[-1]) and (earlier := _earlier(claim, walk[-1], events)):
        walk.append(earlier)
    return walk


def with_ladder(verdict: Verdict, events: ClaimEvents, landing: Landing) -> Landing:
    """The landing as the ladder knows it: by the same change, or where the content went on to live."""
    if verdict.landing:
        return verdict.landing
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
    left = [one for one in line[line.index(event) + 1 :] if one.new == event.old]
    return left[-1] if left else None  # the oldest: who takes it back and makes it again did not bring it
