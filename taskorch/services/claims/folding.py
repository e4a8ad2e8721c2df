"""Folding: raw observations of a session become net claims of its active task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from taskorch.errors import NotFound, TaskorchError
from taskorch.git import worktree
from taskorch.git.commit import refuse_if_busy
from taskorch.git.worktree import State
from taskorch.records import claim as claims
from taskorch.records.claim import TOLD, Change, Claim
from taskorch.records.collection import Collection
from taskorch.records.joining import changes_of, join_changes
from taskorch.records.session import Session
from taskorch.records.task import ACTIVE, PENDING, Task
from taskorch.services.claims.claim_files import claim_files
from taskorch.services.claims.claiming import build_claims
from taskorch.services.claims.going_on import going_on
from taskorch.services.claims.observing import Observed, observe
from taskorch.services.claims.put_back import to_keep, with_put_back
from taskorch.services.workspace import Workspace
from taskorch.store.local_session import LocalSession, Told


@dataclass(frozen=True, slots=True)
class Folded:
    """A session's claims with all that was observed folded in; nothing is written yet.

    ``claims`` are all claims of the session, ``unclaimed`` paths that changed and are in none,
    ``unfounded`` paths that `track` was told of and that did not change in the end.  ``local`` is
    the local state to save once the claims are written.
    """

    claims: list[Claim]
    unclaimed: list[str]
    unfounded: list[str]
    local: LocalSession
    changed: bool

    def files(self, found: Collection, session: Session) -> dict[str, str | None]:
        """The claims files to write, none where nothing changed.  Raises BadRecord."""
        return claim_files(found, session, self.claims) if self.changed else {}


def active_tasks(found: Collection, known: LocalSession) -> list[Task]:
    """The tasks a session started and still holds, in the order of their start.

    A stash, or a checkout of an older commit, may have put back the records as they were before the
    start: the task is worked on all the same.
    """
    held = [found.tasks[one] for one in known.holds if one in found.tasks]
    return [one for one in held if one.status in (ACTIVE, PENDING)]


def folding_tasks(found: Collection, known: LocalSession) -> list[str]:
    """The tasks that what was observed can belong to: the active ones without an active descendant."""
    active = [one.id for one in active_tasks(found, known)]
    return [one for one in active if not found.descendants(one) & set(active)]


def task_for(found: Collection, going: tuple[Session, LocalSession] | None, name: str | None) -> Task:
    """The task a change is for: the one named, else the one active in the session."""
    if name:
        return found.task(name)
    active = active_tasks(found, going[1]) if going else []
    if len(active) == 1:
        return active[0]
    if active:
        raise TaskorchError(
            f"{len(active)} tasks are active: for which one?",
            hint="--task T",
            candidates=[f"{one.id}  {one.title}" for one in active],
        )
    raise NotFound("no task is active here", hint="name one with --task T, or taskorch task start T")


def fold(ws: Workspace, found: Collection, session: Session, known: LocalSession) -> Folded:
    """Compare the work tree with the session's last fold, and join what changed into its claims."""
    observed = observe(ws.repo, known.fold, branches=known.branches)
    back, away = _returned(ws, known, observed)
    seen = join_changes(known.pending, [*back.values(), *observed.changes.values()])
    observed = replace(observed, changes=seen)
    active = folding_tasks(found, known)
    written = [claim for claim, _ in found.claims.get(session.id, [])]
    old, missing = with_put_back(ws.repo, written, known.claimed, observed)
    told = {one.path: one for one in known.told if one.op != "read"}
    reads = [one for one in known.told if one.op == "read"]
    by_task, unclaimed = _assign(observed, told, active)
    late, unfounded = _told_before(ws, told, observed)
    for task, changes in late.items():
        by_task.setdefault(task, []).extend(changes)
    mine = {(claim.path, claim.after) for claim in old}
    theirs = {path: commit for path, (commit, s) in observed.theirs.items() if (path, s) not in mine}
    upon = {**known.upon, **theirs}
    new = _joined(ws, session, old, by_task, told, _merged_in(ws, observed, old, upon))
    new += [_read_claim(session, one) for one in reads if not _has_read(old, one)]
    new = going_on(ws, found.claims_before(session.id, session.created), new, session.base, old)
    new.sort(key=lambda claim: (claim.task, claim.path))
    claimed = {path for claim in new for path in (claim.path, claim.source) if path}
    unclaimed += [path for path in known.unclaimed if path not in unclaimed]
    elsewhere = {one.path for owner in found.claims if owner != session.id for one, _ in found.claims[owner]}
    untold = [path for path in observed.untold if path not in elsewhere]
    unclaimed = sorted(path for path in {*unclaimed, *untold, *away} if path not in claimed)
    unfounded = sorted({*unfounded, *known.unfounded} - claimed)
    # with nothing active yet, what changed waits for the first task that is started
    waits = not active and not known.told
    local = replace(
        known,
        fold=known.fold if waits else observed.now,
        pending=known.pending if waits else (),
        away=known.away if waits else tuple(away.values()),
        branches=known.branches if waits else observed.branches,
        told=(),
        unclaimed=() if waits else tuple(unclaimed),
        unfounded=tuple(unfounded),
        upon={path: commit for path, commit in upon.items() if path in claimed},
        claimed=to_keep([*new, *missing]),
    )
    changed = claims.render(new) != claims.render(written)
    return Folded(new, unclaimed, unfounded, local, changed)


def fold_to_write(ws: Workspace, found: Collection, session: Session, known: LocalSession) -> Folded:
    """`fold`, for writing it down.  Raises TaskorchError in the middle of a merge or the like."""
    refuse_if_busy(ws.repo, "what it brings cannot be told from your work yet")
    return fold(ws, found, session, known)


def unfounded_of(going: tuple[Session, LocalSession] | None, folded: Folded | None, task: str) -> list[str]:
    """The paths that were tracked for a task in the session here, and have not changed after all."""
    if not going or not folded:
        return []
    told = {word.path for word in going[1].told if word.task == task} | set(going[1].unfounded)
    return [path for path in folded.unfounded if path in told]


def with_fold(found: Collection, session: Session, folded: Folded) -> Collection:
    """The collection as if the fold were written."""
    lines = [(claim, 0) for claim in folded.claims]
    return replace(found.whole, claims={**found.claims, session.id: lines})


def _returned(
    ws: Workspace, known: LocalSession, observed: Observed
) -> tuple[dict[str, Change], dict[str, Change]]:
    """Of the work that was left on other branches, what is here now, and what is not."""
    away = join_changes(known.away, observed.away.values())
    if not away:
        return {}, {}
    at_head = worktree.states_at(ws.repo, observed.now.head, away)
    now = at_head | dict(observed.now.dirty)
    # as it was left, or gone on from there
    begins = {path: one.before for path, one in observed.changes.items()}
    here = {path for path, one in away.items() if one.after in (now[path], begins.get(path, now[path]))}
    return {p: away[p] for p in away if p in here}, {p: away[p] for p in away if p not in here}


def _merged_in(
    ws: Workspace, observed: Observed, old: Sequence[Claim], upon: Mapping[str, str]
) -> dict[str, State]:
    """The states others gave the paths in `upon`, as far as the claimed content has their work in it.

    A claim that ends where it was before the merge is compared with its own beginning.
    """
    now = worktree.states_at(ws.repo, observed.now.head, upon) | dict(observed.now.dirty)
    after = {claim.path: claim.after for claim in old}
    after |= {path: change.after for path, change in observed.changes.items()}
    return theirs_at(ws, {p: one for p, one in upon.items() if p in after and after[p] == now[p]})


def theirs_at(ws: Workspace, upon: Mapping[str, str]) -> dict[str, State]:
    """The states of paths in the commits of others given for them, where HEAD has these commits."""
    out: dict[str, State] = {}
    head = ws.repo.head if upon else None
    for commit in {*upon.values()} if head else ():
        if head and ws.repo.is_ancestor(commit, head):
            out |= worktree.states_at(ws.repo, commit, [p for p, one in upon.items() if one == commit])
    return out


def _joined(
    ws: Workspace,
    session: Session,
    old: Sequence[Claim],
    by_task: Mapping[str, list[Change]],
    told: Mapping[str, Told],
    upon: Mapping[str, State],
) -> list[Claim]:
    out = [claim for claim in old if claim.task not in by_task or claim.op == "read"]
    for task, changes in by_task.items():
        mine = [claim for claim in old if claim.task == task and claim.op != "read"]
        first = [change for claim in mine for change in changes_of(claim)]
        words = {path: one for path, one in told.items() if one.task == task}
        out += build_claims(ws, task, join_changes(first, changes), session.onto, mine, words, upon=upon)
    return out


def _assign(
    observed: Observed, told: Mapping[str, Told], active: Sequence[str]
) -> tuple[dict[str, list[Change]], list[str]]:
    """The observed changes by task, and the paths that belong to none."""
    by_task: dict[str, list[Change]] = {}
    unclaimed: list[str] = []
    sources = {one.source: one.task for one in told.values() if one.op == "move" and one.source}
    for path, change in observed.changes.items():
        task = told[path].task if path in told else sources.get(path)
        task = task or (active[0] if len(active) == 1 else None)
        if task:
            by_task.setdefault(task, []).append(change)
        else:
            unclaimed.append(path)
    return by_task, unclaimed


def _told_before(
    ws: Workspace, told: Mapping[str, Told], observed: Observed
) -> tuple[dict[str, list[Change]], list[str]]:
    """Told changes from before the last fold, by task; and told paths that are not changed any more."""
    left = [one for one in told.values() if one.path not in observed.changes]
    if not left:
        return {}, []
    at_head = worktree.states_at(ws.repo, observed.now.head, [one.path for one in left])
    by_task: dict[str, list[Change]] = {}
    unfounded: list[str] = []
    ignored = {one.path for one in left if at_head[one.path] is None and one.path not in observed.now.dirty}
    on_disk = worktree.staged_states(ws.repo, ignored)
    for one in left:
        state = observed.now.dirty.get(one.path, on_disk.get(one.path) or at_head[one.path])
        if state is None if one.op == "copy" else state == one.before and one.source is None:
            unfounded.append(one.path)
        elif one.op == "copy":  # `before` is the source's
            by_task.setdefault(one.task, []).append(Change(one.path, None, state))
        elif one.op == "move" and one.source:
            by_task.setdefault(one.task, []).append(Change(one.source, one.before, None))
            by_task[one.task].append(Change(one.path, None, state))
        else:
            by_task.setdefault(one.task, []).append(Change(one.path, one.before, state))
    return by_task, unfounded


def _read_claim(session: Session, one: Told) -> Claim:
    return Claim(one.task, one.path, "read", one.before, one.after, session.onto, TOLD, why=one.why)


def _has_read(old: Sequence[Claim], one: Told) -> bool:
    return any(c.op == "read" and (c.task, c.path) == (one.task, one.path) for c in old)
