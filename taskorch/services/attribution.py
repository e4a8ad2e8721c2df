"""Which commits brought a task's work, and which others touched the same files since.

By content first (a commit that put a claimed content at its path), then by changes to the task's own
record, then by ``Task:`` trailers, then by the session's base, time and author.  All from the
history of one commit, so that every clone gives the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from taskorch.git import history
from taskorch.git.history import CommitInfo, PathEvent
from taskorch.git.repository import Repository
from taskorch.git.worktree import State
from taskorch.records.claim import Claim
from taskorch.records.session import Session


@dataclass(frozen=True, slots=True)
class Landing:
    """The commits that took a claimed path from its earlier to its claimed state, oldest first."""

    commits: tuple[str, ...] = ()
    old: State = None
    new: State = None


@dataclass
class Attribution:
    """Commits of a task by id in the order found, with how each was found, and landings by claim."""

    via: dict[str, str] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    landings: dict[Claim, Landing] = field(default_factory=dict)
    later: list[PathEvent] = field(default_factory=list)
    described: dict[str, CommitInfo] = field(default_factory=dict)


def attribute(
    repo: Repository,
    head: str,
    task_id: str,
    record_path: str,
    claims: Sequence[Claim],
    sessions: Sequence[Session],
) -> Attribution:
    """The commits in the history of `head` that belong to a task."""
    out = Attribution()
    events = _claim_events(repo, head, claims)
    touching = {event.commit for found in events.values() for event in found}
    authors = {id: info.author for id, info in history.describe(repo, touching).items()}
    agents = {session.agent for session in sessions if session.agent}
    for claim, found in events.items():
        landing = _landing(claim, found, authors, agents)
        out.landings[claim] = landing
        for commit in landing.commits:
            out.via.setdefault(commit, "content")
    for event in reversed(history.path_events(repo, [head], record_path)):
        if event.commit not in out.via:
            out.via[event.commit] = "record"
            if _changes_other_tasks(repo, event.commit, record_path):
                out.shared.add(event.commit)
    for commit in reversed(history.commits_with_trailer(repo, [head], "Task", task_id)):
        out.via.setdefault(commit, "trailer")
    left = touching - set(out.via)
    out.described = history.describe(repo, [*out.via, *left])
    for commit in sorted(left, key=lambda one: (out.described[one].date, one)):
        if any(_in_session(out.described[commit], session) for session in sessions):
            out.via[commit] = "session"
    out.later = _later(events, out)
    return out


def _claim_events(repo: Repository, head: str, claims: Sequence[Claim]) -> dict[Claim, list[PathEvent]]:
    """For each claim the commits since its onto that changed its path, later names included."""
    out: dict[Claim, list[PathEvent]] = {}
    for onto in dict.fromkeys(claim.onto for claim in claims):
        mine = [claim for claim in claims if claim.onto == onto]
        base = repo.merge_base(onto, head) if onto and repo.commit_or_none(onto) else None
        revisions = history.range_of(base, head)
        found = history.events_of(repo, revisions, [claim.path for claim in mine])
        for claim in mine:
            direct = found[claim.path]
            renamed = history.following_events(repo, revisions, claim.path, direct) if direct else []
            out[claim] = [*direct, *renamed]
    return out


def _landing(
    claim: Claim, events: Sequence[PathEvent], authors: Mapping[str, str], agents: AbstractSet[str]
) -> Landing:
    """The newest commit that made the path what was claimed, and those before it back to ``before``.

    The earlier ones only if they are by the author of the last or an agent of the task's sessions:
    a squash stands on commits of others that changed the same file while the work was under way.
    """
    for place, event in enumerate(events):
        if event.new != claim.after:
            continue
        chain = [event]
        own = agents | {authors[event.commit]}
        wanted = None if claim.op in ("move", "copy") else claim.before
        for earlier in events[place + 1 :]:
            if chain[-1].old == wanted:
                break
            same = earlier.path == event.path and earlier.new == chain[-1].old
            if same and authors[earlier.commit] in own:
                chain.append(earlier)
        if chain[-1].old != wanted:  # it does not lead back to where the work began: only the last is sure
            chain = [event]
        commits = tuple(one.commit for one in reversed(chain))
        return Landing(commits, chain[-1].old, event.new)
    return Landing()


def _later(events: dict[Claim, list[PathEvent]], found: Attribution) -> list[PathEvent]:
    """Commits of others that changed a claimed path after the work landed there, the newest first."""
    out: dict[tuple[str, str], PathEvent] = {}
    for claim, changed in events.items():
        landed = found.landings[claim].commits
        for event in changed:
            if landed and event.commit == landed[-1]:
                break
            if event.commit not in found.via:
                out.setdefault((event.commit, event.path), event)
    return list(out.values())


def _changes_other_tasks(repo: Repository, commit: str, record_path: str) -> bool:
    folder = record_path.rsplit("/", 1)[0] + "/"
    parent = repo.commit_or_none(f"{commit}^1")
    changed = {event.path for event in history.changes_between(repo, parent, commit)}
    return any(path.startswith(folder) and path != record_path for path in changed)


def _in_session(info: CommitInfo, session: Session) -> bool:
    from datetime import UTC, datetime

    when = datetime.fromisoformat(info.date).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return info.author == session.agent and session.created <= when <= (session.ended or "9999")
