"""What a session is told of changed paths, held against what git and the disk say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from taskorch.errors import NotFound, TaskorchError
from taskorch.git import diff, disk, worktree
from taskorch.git.worktree import State
from taskorch.records import claim as claims
from taskorch.records.claim import Change
from taskorch.records.joining import join_changes
from taskorch.records.session import Session
from taskorch.services.claims.observing import observe
from taskorch.services.workspace import Workspace
from taskorch.store.local_session import LocalSession, Told


def told_of(
    ws: Workspace,
    known: LocalSession,
    record: Session,
    named: Sequence[str],
    op: str | None,
    origin: str | None,
    task: str,
    why: str | None,
) -> list[Told]:
    """What a session is told of the named paths, or of all that changed.  Raises TaskorchError."""
    observed = observe(ws.repo, known.fold, branches=known.branches)
    away = join_changes(known.away, observed.away.values())
    changed = set(observed.changes) | set(known.unclaimed) | set(away)
    wanted = _expand(ws, named, changed) if named else sorted(changed)
    if not wanted:
        raise TaskorchError(
            "nothing has changed since the session's base", hint="git status shows what git sees"
        )
    every = [*wanted, *([origin] if origin else [])]
    now = worktree.staged_states(ws.repo, every)
    # work that was committed and is on another branch now counts as it was left there
    now |= {path: away[path].after for path in every if path in away}
    now |= {path: observed.changes[path].after for path in every if path in observed.changes}
    if op == "read":
        return [_read(path, now[path], task, why) for path in wanted]
    then = _earlier_states(ws, known, record, every, now, {p: c.before for p, c in observed.changes.items()})
    went = _came_and_went(ws, known, observed.now.head, every, task, then, now)
    if not origin:
        gone = went if op in (None, "delete") else set()
        return [
            _nothing_left(path, task)
            if path in gone
            else _told_one(path, op, then[path], now[path], task, why)
            for path in wanted
        ]
    [path] = wanted
    if origin in went and op != "copy" and now[path] is not None:
        return [_moved_on(known, path, origin, then[path], now[path], task, why), _nothing_left(origin, task)]
    word = _told_from(path, origin, op, then, now, task, why)
    _refuse_unlike(ws, word)
    return [word]


def without_what_went(known: LocalSession) -> LocalSession:
    """The session without the files that came and went in it: told of both, nothing is left to claim."""
    went = {one.path for one in known.told if _is_nothing_left(one)}
    told = tuple(one for one in known.told if one.path not in went or one.op == "read")
    return replace(known, told=told, unfounded=tuple(one for one in known.unfounded if one not in went))


def _nothing_left(path: str, task: str) -> Told:
    return Told(task, path, "delete", None, None)


def _is_nothing_left(word: Told) -> bool:
    return word.op == "delete" and word.before == word.after


def _came_and_went(
    ws: Workspace,
    known: LocalSession,
    head: str | None,
    paths: Sequence[str],
    task: str,
    then: Mapping[str, State],
    now: Mapping[str, State],
) -> set[str]:
    """The paths that were not there before the session and are not now, but were in it: it was told of them
    for the task, or committed them.
    """
    told = {word.path for word in known.told if word.task == task and word.op != "read"} | {*known.unfounded}
    at_head = worktree.states_at(ws.repo, head, paths)
    missing = (path for path in paths if then[path] is None and now[path] is None)
    return {path for path in missing if path in told or at_head[path] is not None}


def _moved_on(
    known: LocalSession, path: str, origin: str, then: State, now: State, task: str, why: str | None
) -> Told:
    """What was made here and moved was made where it is now; what was moved twice, moved once."""
    made = _told_one(path, None, then, now, task, why)
    for word in known.told:
        if (word.task, word.path) == (task, origin) and word.source:
            made = replace(made, op=word.op, before=word.before, source=word.source)
    return made


def _read(path: str, now: State, task: str, why: str | None) -> Told:
    if now is None:
        raise NotFound(f"{path} does not exist", hint="name a file that is there")
    return Told(task, path, "read", now, now, None, why)


def _earlier_states(
    ws: Workspace,
    known: LocalSession,
    record: Session,
    paths: Sequence[str],
    now: dict[str, State],
    observed: dict[str, State],
) -> dict[str, State]:
    """What each path was before: at the last fold, else at the session's start, else in its base commit.

    The first of these that differs from now is meant, so that work folded already can be told of.
    """
    at_fold = worktree.states_at(ws.repo, known.fold.head, paths) | dict(known.fold.dirty)
    at_start = worktree.states_at(ws.repo, known.start.head, paths) | dict(known.start.dirty)
    at_base = worktree.states_at(ws.repo, record.base, paths)
    out: dict[str, State] = {}
    for path in paths:
        earlier = [observed.get(path, now[path]), at_fold[path], at_start[path], at_base[path]]
        out[path] = next((state for state in earlier if state != now[path]), now[path])
    return out


def _told_one(path: str, op: str | None, then: State, now: State, task: str, why: str | None) -> Told:
    if then == now:
        if now is None:
            raise NotFound(
                f"{path} does not exist, and did not when the session began", hint="check the path"
            )
        raise TaskorchError(
            f"{path} has not changed since the session's base", hint="git log -- PATH tells when it last did"
        )
    inferred = claims.op_of(Change(path, then, now))
    if op and op != inferred:
        raise TaskorchError(
            f"{path}: that is a {inferred}, not a {op}", hint="leave --op out, and the operation is inferred"
        )
    return Told(task, path, inferred, then, now, None, why)


def _told_from(
    path: str,
    origin: str,
    op: str | None,
    then: dict[str, State],
    now: dict[str, State],
    task: str,
    why: str | None,
) -> Told:
    came = then[origin] if now[origin] is None else now[origin]
    if now[path] is None:
        raise NotFound(f"{path} does not exist", hint="name the new path, and the old one with --from")
    if came is None:
        raise NotFound(f"{origin} does not exist, and did not when the session began", hint="check --from")
    inferred = "move" if now[origin] is None else "copy"
    if op and op != inferred:
        there = "is gone" if inferred == "move" else "is still there"
        raise TaskorchError(
            f"{origin} {there}: that is a {inferred}, not a {op}", hint="leave --op out, and it is inferred"
        )
    if then[path] is not None and then[path] == now[path]:
        raise TaskorchError(
            f"{path} has not changed since the session's base", hint="git log -- PATH tells when it last did"
        )
    return Told(task, path, inferred, came, now[path], origin, why)


def _refuse_unlike(ws: Workspace, word: Told) -> None:
    """Raise TaskorchError for a copy that git would not call one: the two files have little in common."""
    same = word.op != "copy" or word.before == word.after or not word.source
    if not same and word.path not in diff.renames(
        ws.repo, {str(word.source): (word.before, None), word.path: (None, word.after)}
    ):
        raise TaskorchError(
            f"{word.path} is no copy of {word.source}: they have little in common",
            hint=f"taskorch track {word.path}",
        )


def _expand(ws: Workspace, named: Sequence[str], changed: set[str]) -> list[str]:
    """The named paths, folders replaced by what changed below them."""
    out: list[str] = []
    for path in named:
        top = ws.repo.work_tree
        if path == "." or (disk.is_folder(top, path) and not disk.is_there(top, f"{path}/.git")):
            below = sorted(one for one in changed if path == "." or one.startswith(f"{path}/"))
            if not below:
                raise TaskorchError(
                    f"nothing below {path} has changed since the session's base",
                    hint="git status shows what git sees",
                )
            out += below
        else:
            out.append(path)
    return list(dict.fromkeys(out))
