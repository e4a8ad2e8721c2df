"""Which commits brought a task's work, and which others touched the same files since.

By content first (a commit that put a claimed content at its path), then by changes to the task's own
record, then by ``Task:`` trailers, then by a session's author and time.  All from the history of one
commit, so that every clone gives the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from taskorch.git import content, history, trailers
from taskorch.git.history import CommitInfo, PathEvent
from taskorch.git.repository import Repository
from taskorch.records.claim import Claim
from taskorch.services.ladder.claim_events import ClaimEvents, read_events
from taskorch.services.ladder.measure import revisions_of
from taskorch.services.ladder.verdict import Landing, Verdict
from taskorch.services.recovered.landing import landings_of, with_ladder


@dataclass(frozen=True, slots=True)
class Span:
    """The time in which a session's author worked on its tasks; ISO times, both ends included."""

    author: str | None
    start: str
    end: str

    def holds(self, commit: CommitInfo) -> bool:
        """Whether its author made the commit in that time."""
        # to the second, as git keeps time: the end may be of the same second
        made, start, end = (moment(text) for text in (commit.date, self.start, self.end))
        return commit.author == self.author and start <= made <= end


@dataclass
class Attribution:
    """Commits of a task by id in the order found, with how each was found, and landings by claim."""

    via: dict[str, str] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    landings: dict[Claim, Landing] = field(default_factory=dict)
    later: list[PathEvent] = field(default_factory=list)
    described: dict[str, CommitInfo] = field(default_factory=dict)
    beside: list[PathEvent] = field(default_factory=list)
    """What the commits changed that changed the task's record, the oldest first."""


def attribute(
    repo: Repository,
    head: str,
    record_path: str,
    verdicts: Sequence[Verdict],
    spans: Sequence[Span],
    others: Sequence[Claim],
) -> Attribution:
    """The commits in the history of `head` that belong to the task whose record is at `record_path`.

    `verdicts` are those on its claims, `spans` the times of its sessions, `others` the claims of
    other tasks.
    """
    out = Attribution()
    folder, _, name = record_path.rpartition("/")
    events = _events(repo, head, [verdict.claim for verdict in verdicts])
    out.described = history.describe(repo, (e.commit for found in events.values() for e in found.all))
    touching = set(out.described)
    agents = {span.author for span in spans if span.author}
    landings = landings_of(repo, head, events, out.described, agents)
    landings |= _with_successors(repo, head, verdicts, landings, others, agents)
    for verdict in verdicts:
        landing = with_ladder(verdict, events[verdict.claim], landings[verdict.claim])
        out.landings[verdict.claim] = landing
        out.via.update(dict.fromkeys(landing.commits, "content"))
    recorded = [event.commit for event in reversed(history.path_events(repo, [head], record_path))]
    for commit in recorded:
        out.via.setdefault(commit, "record")
    for commit in reversed(trailers.commits_with_trailer(repo, [head], "Task", name[:10])):
        out.via.setdefault(commit, "trailer")
    left = [commit for commit in touching - set(out.via) if _in_one(spans, out.described[commit])]
    changed = history.changed_by(repo, [*out.via, *left])
    out.beside = [event for commit in recorded for event in changed[commit]]
    foreign = {commit for commit in changed if records_of_others(changed[commit], folder, name)}
    if left:
        taken = foreign | _taken(repo, head, left, events, others, agents)
        for commit in sorted(set(left) - taken, key=lambda one: (moment(out.described[one].date), one)):
            out.via[commit] = "session"
    out.shared = foreign & set(out.via)
    out.described |= history.describe(repo, set(out.via) - touching)
    outside = {verdict.claim for verdict in verdicts if verdict.counts_as in ("failed", "pending")}
    out.later = _Later(repo, out, spans, outside).among(events)
    return out


def _events(repo: Repository, head: str, claims: Sequence[Claim]) -> dict[Claim, ClaimEvents]:
    """The events of claims; where the range is not known, in all the history."""
    ontos = dict.fromkeys(claim.onto for claim in claims)
    return read_events(repo, {onto: revisions_of(repo, onto, head) for onto in ontos}, claims)


def _in_one(spans: Sequence[Span], commit: CommitInfo) -> bool:
    return any(span.holds(commit) for span in spans)


def _taken(
    repo: Repository,
    head: str,
    commits: Iterable[str],
    events: Mapping[Claim, ClaimEvents],
    others: Sequence[Claim],
    agents: AbstractSet[str],
) -> set[str]:
    """Those of the commits that are another task's, by content or by trailer."""
    asked = set(commits)
    paths = {event.path for found in events.values() for event in found.all if event.commit in asked}
    near = [claim for claim in others if {claim.path, claim.source} & paths]
    taken = {c for landing in _landings(repo, head, near, agents).values() for c in landing.commits}
    return (taken & asked) | set(trailers.trailers_of(repo, asked, "Task"))


def _landings(
    repo: Repository, head: str, claims: Sequence[Claim], agents: AbstractSet[str]
) -> dict[Claim, Landing]:
    events = _events(repo, head, claims)
    described = history.describe(repo, (e.commit for found in events.values() for e in found.all))
    return landings_of(repo, head, events, described, agents)


def _with_successors(
    repo: Repository,
    head: str,
    verdicts: Sequence[Verdict],
    landings: Mapping[Claim, Landing],
    others: Sequence[Claim],
    agents: AbstractSet[str],
) -> dict[Claim, Landing]:
    """Landings of claims whose content no commit had, but that of claims that went on from them."""
    never = [v.claim for v in verdicts if v.rung == "superseded" and not landings[v.claim].commits]
    lines = {claim: _went_on(claim, others) for claim in never}
    known = _landings(repo, head, list(dict.fromkeys(c for line in lines.values() for c in line)), agents)
    out = {}
    for claim, line in lines.items():
        came = next((known[one] for one in line if known[one].commits), None)
        if came:
            out[claim] = replace(came, commits=came.commits[:1], whole=True, spans=(), mixed=True)
    return out


def _went_on(claim: Claim, others: Sequence[Claim]) -> list[Claim]:
    """The claims that went on from one and from each other, the nearest first."""
    line = [claim]
    for last in line:
        began = [one for one in others if last.after and last.after in (one.before, one.merged)]
        line += [one for one in began if last.path in (one.path, one.source) and one not in line]
    return line[1:]


@dataclass(frozen=True, slots=True)
class _Later:
    """Tells the changes of others from those of the task; claims `outside` are not in the history."""

    repo: Repository
    found: Attribution
    spans: Sequence[Span]
    outside: AbstractSet[Claim]

    def among(self, events: Mapping[Claim, ClaimEvents]) -> list[PathEvent]:
        """Commits of others that changed a claimed path after the work landed there, the newest first.

        None where it is not known when it landed; of claims `outside` of the history all since they began.
        """
        out: dict[tuple[str, str], PathEvent] = {}
        for claim, changed in events.items():
            landed = set(self.found.landings[claim].commits)
            if not landed and claim not in self.outside:
                continue
            for of_one_name in changed.by_name:
                for event in of_one_name:
                    if event.commit in landed:
                        break
                    if not self._is_own(claim, event, landed):
                        out.setdefault((event.commit, event.path), event)
        return list(out.values())

    def _is_own(self, claim: Claim, event: PathEvent, landed: AbstractSet[str]) -> bool:
        """Whether a change is the task's.

        Of a commit that took its record along only what was made in its sessions, or brought a part of
        what did not land: ``git commit --all`` takes records that others have changed.
        """
        via = self.found.via.get(event.commit)
        if via != "record" or _in_one(self.spans, self.found.described[event.commit]):
            return via is not None
        return not landed and self._brings_a_part(claim, event)

    def _brings_a_part(self, claim: Claim, event: PathEvent) -> bool:
        added = content.line_hashes(self.repo, event.new) - content.line_hashes(self.repo, event.old)
        return claim.lines is None or bool(added & set(claim.lines))


def records_of_others(changed: Iterable[PathEvent], folder: str, name: str) -> bool:
    """Whether the records of other tasks than the one in the file `name` are among changed paths."""
    inside = [
        event.path.removeprefix(f"{folder}/") for event in changed if event.path.startswith(f"{folder}/")
    ]
    return any(path[:10] != name[:10] for path in inside)


def moment(text: str) -> datetime:
    """An ISO time to the second; without a zone it is UTC, without an hour the day's first second.

    A commit can carry a time that there is none of (a zone of 99 hours): that is before all others.
    """
    try:
        when = datetime.fromisoformat(text).replace(microsecond=0)
    except ValueError:
        when = datetime.min
    return when if when.tzinfo else when.replace(tzinfo=UTC)
