"""What was changed in a work tree since an earlier moment, by work done in it.

Compared are the files on disk then and now.  Between the two HEAD may have moved: commits made
here are work; what a checkout, merge, pull or reset brought is not.  HEAD's reflog tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from taskorch.git import history, reflog, worktree
from taskorch.git.paths import is_record
from taskorch.git.repository import Repository
from taskorch.git.worktree import State
from taskorch.records.claim import Change
from taskorch.records.joining import join_changes
from taskorch.services.claims.tracker import Tracker
from taskorch.store.local_session import Snapshot

_BRINGING = ("merge", "merged", "rebase start")
"""The moves of HEAD after which work stands upon what others did."""


@dataclass(frozen=True, slots=True)
class Observed:
    """The net changes by path since a snapshot, and the snapshot of now.

    ``theirs`` are the paths that merges and rebases brought from others meanwhile: the commit they
    came with, and their states there.  ``untold`` are paths of which nobody can say what was done:
    files that cannot be read, what HEAD gained by a way its reflog does not tell, and what was
    committed on a branch that is none of the work's and has come into it.  ``away`` is work that was
    committed and that a checkout left on another branch: it is not here, so nothing of it is claimed
    yet.  ``branches`` are those on which commits counted as work.
    """

    changes: Mapping[str, Change]
    now: Snapshot
    theirs: Mapping[str, tuple[str, State]]
    untold: Sequence[str] = ()
    away: Mapping[str, Change] = field(default_factory=dict)
    branches: tuple[str, ...] = ()


def observe(
    repo: Repository, since: Snapshot, until: Snapshot | None = None, branches: Iterable[str] = ()
) -> Observed:
    """The net changes that work in this work tree made since a snapshot, up to now or another one.

    Our own records are left out.  `branches` are those that were the work's own before.
    """
    listed = worktree.changed_paths(repo) if until is None else []
    untold = worktree.unreadable(repo, listed)
    now = until or Snapshot(repo.head, reflog.length(repo), worktree.dirty(repo, listed))
    tracker = Tracker(dict(since.dirty))
    moves = reflog.moves_since(repo, since.head, since.reflog, now.reflog) or []
    foreign: dict[str, State] = {}
    reached = moves[-1].new if moves else since.head
    if now.head and now.head != reached:
        moves.append(reflog.Move(reached, now.head, "untold"))
    own = _own_branches(moves, {repo.branch, *branches}) if moves else set(branches)
    events = history.changes_of_moves(repo, [(move.old, move.new) for move in moves])
    theirs: dict[str, tuple[str, State]] = {}
    given_up = tracker, theirs
    for move, changed in zip(moves, events, strict=True):
        if move.kind == "rebase start":
            given_up = deepcopy((tracker, theirs))
        if move.kind == "rebase abort":
            tracker, theirs = given_up  # all is as it was before
            continue
        if move.kind in _BRINGING:
            commit, brought = _brought(repo, move)
            theirs |= {path: (commit, s) for path, s in brought.items() if (path, s) not in tracker.made}
        by_hand = history.combined_paths(repo, move.new) if move.kind == "merge" else set()
        for event in changed:
            if not is_record(event.path):
                kind = "work" if event.path in by_hand else move.kind
                if kind == "work" and move.branch not in own:
                    foreign[event.path] = event.new
                kind = kind if move.branch in own else "other"
                tracker.moved(event.path, event.old, event.new, kind)
                if kind == "untold":  # the reflog does not say whether it was work here
                    untold.add(event.path)
        if move.kind == "rebase finish":
            tracker.rebased()
    merging = _merging(repo, now.head) if until is None else set()
    paths = sorted({*tracker.then, *now.dirty})
    # on a new branch without commits, what was there before is in the commit that HEAD left
    at_head = worktree.states_at(repo, now.head or reached, paths)
    on_disk = {path: now.dirty.get(path, at_head[path] if now.head else None) for path in paths}
    final = [
        Change(path, tracker.then.get(path, at_head[path]), state)
        for path, state in on_disk.items()
        if tracker.then.get(path, at_head[path]) != state
        and not tracker.only_reset(path, state)
        and (path, state) not in merging
    ]
    # committed here, on a branch that seemed to be none of the work's, and now it is in it all the same
    come = worktree.states_at(repo, now.head, foreign)
    untold |= {path for path, state in foreign.items() if state and come[path] == state}
    away = join_changes((), tracker.away)
    own_names = tuple(sorted(name for name in own if name))
    return Observed(join_changes((), [*tracker.left, *final]), now, theirs, sorted(untold), away, own_names)


def _own_branches(moves: Sequence[reflog.Move], known: set[str | None]) -> set[str | None]:
    """The branches on which commits were work of the session.

    That is where it began, where HEAD is now, and what was begun from one of them.  What was
    committed on others in between is not.
    """
    own = {None, *known, *(move.came_from for move in moves[:1])}
    for move in moves:
        if move.kind == "other" and move.old == move.new and move.came_from in own:
            own.add(move.branch)
    return own


def _merging(repo: Repository, head: str | None) -> set[tuple[str, State]]:
    """What a merge that is not concluded yet brings from others: paths with their states there."""
    other = repo.commit_or_none("MERGE_HEAD") if (repo.git_dir / "MERGE_HEAD").exists() else None
    return set(_brought(repo, reflog.Move(head, other, "merged"))[1].items()) if head and other else set()


def _brought(repo: Repository, move: reflog.Move) -> tuple[str, dict[str, State]]:
    """The commit of others that HEAD took up, and the paths they changed with their states in it."""
    parents = repo.parents(move.new) if move.kind != "rebase start" else []
    theirs = parents[1] if len(parents) > 1 and parents[0] == move.old else move.new
    base = repo.merge_base(move.old, theirs) if move.old else None
    changed = history.changes_between(repo, base, theirs) if base else []
    return theirs, {event.path: event.new for event in changed}
