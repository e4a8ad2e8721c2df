"""Tracking: telling taskorch what was changed, where observing does not say it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from taskorch.errors import BadPath, NotFound, TaskorchError, UsageError
from taskorch.git import diff, disk, worktree
from taskorch.git.paths import is_record
from taskorch.git.worktree import State
from taskorch.records import claim as claims
from taskorch.records.claim import OPS, TOLD, Change, Claim
from taskorch.records.joining import join_changes
from taskorch.records.session import Session
from taskorch.services.active_session import current
from taskorch.services.claims.claiming import with_evidence
from taskorch.services.claims.folding import task_for, theirs_at
from taskorch.services.claims.observing import Observed, observe
from taskorch.services.opening import Opened, open_session, opening
from taskorch.services.safety.checkpoints import take_if_possible
from taskorch.services.shapes import Json, claim_row
from taskorch.services.workspace import Workspace
from taskorch.store.local_session import LocalSession, Told, with_told


def track(
    ws: Workspace,
    paths: Sequence[str] = (),
    *,
    op: str | None = None,
    source: str | None = None,
    task: str | None = None,
    why: str | None = None,
    cwd: Path | None = None,
) -> Json:
    """Tell that paths were changed for a task; the operation is inferred from what git and the disk say.

    Without paths: all that changed since the session's base.  All or nothing: a path that did not
    change, or not in the way of `op`, refuses the whole.
    """
    if op is not None and op not in OPS:
        raise UsageError(f"'{op}' is no operation", hint=f"one of: {', '.join(OPS)}")
    if source and len(paths) != 1:
        raise UsageError("--from goes with exactly one path")
    if op in ("move", "copy") and not source:
        raise UsageError(f"a {op} needs --from PATH")
    with ws.writing("track") as found:
        here = cwd or ws.start
        named = [_tracked_path(ws, path, here) for path in paths]
        origin = _tracked_path(ws, source, here) if source else None
        going = current(ws, found)
        one = task_for(found, going, task)
        opened: Opened | None = None
        if not going:
            opened = open_session(ws, found, not_dirty=[*named, origin or ""] if named else None)
            going = opened.record, opened.known
        record, known = going
        with opening(ws, opened):
            told = _told(ws, known, record, named, op, origin, one.id, why)
            ws.write(opened.files if opened else {})
        kept = take_if_possible(ws, "track") if opened else None
        known = _without_what_went(with_told(known, tuple(told)))
        ws.local.save(known)
        said = {word.path for word in told}
        words = [word for word in known.told if word.task == one.id and word.path in said]
        made = with_evidence(
            ws, [_claim(word, record.onto) for word in words], upon=theirs_at(ws, known.upon)
        )
        return {
            "operations": [claim_row(one) for one in made],
            "session_id": record.id,
            "task_id": one.id,
            "checkpoint": kept,
            "commit": None,
            "safety_store": ws.safety_off,
        }


def _told(
    ws: Workspace,
    known: LocalSession,
    record: Session,
    named: Sequence[str],
    op: str | None,
    origin: str | None,
    task: str,
    why: str | None,
) -> list[Told]:
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
    then = _earlier_states(ws, known, record, every, now, {p: c.before for p, c in observed.changes.items()})
    went = {
        path
        for path in _made_here(ws, known, observed, every, task)
        if then[path] is None and now[path] is None
    }
    if op == "read":
        missing = [path for path in wanted if now[path] is None]
        if missing:
            raise NotFound(f"{missing[0]} does not exist", hint="name a file that is there")
        return [Told(task, path, "read", now[path], now[path], None, why) for path in wanted]
    if origin in went and op != "copy" and now[wanted[0]] is not None:
        # what was made here and moved was made where it is now; what was moved twice, moved once
        made = _told_one(wanted[0], None, then[wanted[0]], now[wanted[0]], task, why)
        for word in known.told:
            if (word.task, word.path) == (task, origin) and word.source:
                made = replace(made, op=word.op, before=word.before, source=word.source)
        return [made, Told(task, origin, "delete", None, None)]
    if origin:
        word = _told_from(wanted[0], origin, op, then, now, task, why)
        _refuse_unlike(ws, word)
        return [word]
    return [
        Told(task, path, "delete", None, None)
        if path in went and op in (None, "delete")
        else _told_one(path, op, then[path], now[path], task, why)
        for path in wanted
    ]


def _made_here(
    ws: Workspace, known: LocalSession, observed: Observed, paths: Sequence[str], task: str
) -> set[str]:
    """The paths of which the session was told for the task, or that it committed."""
    told = {word.path for word in known.told if word.task == task and word.op != "read"}
    at_head = worktree.states_at(ws.repo, observed.now.head, paths)
    return {path for path in paths if path in told or path in known.unfounded or at_head[path] is not None}


def _without_what_went(known: LocalSession) -> LocalSession:
    """The session without the files that came and went in it: told of both, nothing is left to claim."""
    went = {one.path for one in known.told if one.op == "delete" and one.before == one.after}
    told = tuple(one for one in known.told if one.path not in went or one.op == "read")
    return replace(known, told=told, unfounded=tuple(one for one in known.unfounded if one not in went))


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


def _tracked_path(ws: Workspace, path: str, cwd: Path) -> str:
    relative = ws.repo.relative(path, cwd)
    if is_record(relative):
        raise BadPath(f"'{path}' is a record of taskorch, which is never claimed", hint="name a project file")
    return relative


def _claim(word: Told, onto: str | None) -> Claim:
    before = None if word.op == "copy" else word.before  # there it is the source's
    return Claim(word.task, word.path, word.op, before, word.after, onto, TOLD, word.source, word.why)
