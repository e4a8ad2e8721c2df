"""Tracking: telling taskorch what was changed, where observing does not say it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from taskorch.errors import BadPath, NotFound, UsageError
from taskorch.git.paths import is_record
from taskorch.records.claim import OPS, TOLD, Claim
from taskorch.records.session import Session
from taskorch.records.task import Task
from taskorch.services.active_session import current
from taskorch.services.claims.claiming import with_evidence
from taskorch.services.claims.folding import task_for, theirs_at
from taskorch.services.opening import Opened, open_session, opening
from taskorch.services.safety.checkpoints import take_if_possible
from taskorch.services.shapes import Json, claim_row
from taskorch.services.telling import told_of, without_what_went
from taskorch.services.workspace import Workspace
from taskorch.store.local_session import Told, with_told


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
            told = told_of(ws, known, record, named, op, origin, one.id, why)
            ws.write(opened.files if opened else {})
        kept = take_if_possible(ws, "track") if opened else None
        known = without_what_went(with_told(known, tuple(told)))
        ws.local.save(known)
        said = {word.path for word in told}
        words = [word for word in known.told if word.task == one.id and word.path in said]
        made = with_evidence(
            ws, [_claim(word, record.onto) for word in words], upon=theirs_at(ws, known.upon)
        )
        return _answer(ws, record, one, [claim_row(one) for one in made], checkpoint=kept)


def untrack(ws: Workspace, paths: Sequence[str], *, task: str | None = None, cwd: Path | None = None) -> Json:
    """Take back what the session was told of paths for a task: only what git and the disk say counts.

    A claim that was made already stays.  All or nothing.  Raises NotFound for a path that it was not told of.
    """
    with ws.writing("track --undo") as found:
        named = [_tracked_path(ws, path, cwd or ws.start) for path in paths]
        going = current(ws, found)
        one = task_for(found, going, task)
        if not going:
            raise NotFound("no session is active here", hint="its claims stay: taskorch verify tells of them")
        record, known = going
        told = {word.path for word in known.told if word.task == one.id} | {*known.unfounded}
        for path in named:
            if path not in told:
                hint = "taskorch verify tells what is claimed, and what was tracked in vain"
                raise NotFound(f"{path} was not tracked for {one.id}, or is claimed already", hint=hint)
        ws.local.save(
            replace(
                known,
                told=tuple(word for word in known.told if word.path not in named or word.task != one.id),
                unfounded=tuple(path for path in known.unfounded if path not in named),
            )
        )
        return _answer(ws, record, one, [], undone=named)


def _answer(
    ws: Workspace,
    record: Session,
    one: Task,
    operations: list[Json],
    *,
    undone: Sequence[str] = (),
    checkpoint: Json | None = None,
) -> Json:
    return {
        "operations": operations,
        "undone": list(undone),
        "session_id": record.id,
        "task_id": one.id,
        "checkpoint": checkpoint,
        "commit": None,
        "safety_store": ws.safety_off,
    }


def _tracked_path(ws: Workspace, path: str, cwd: Path) -> str:
    relative = ws.repo.relative(path, cwd)
    if is_record(relative):
        raise BadPath(f"'{path}' is a record of taskorch, which is never claimed", hint="name a project file")
    return relative


def _claim(word: Told, onto: str | None) -> Claim:
    before = None if word.op == "copy" else word.before  # there it is the source's
    return Claim(word.task, word.path, word.op, before, word.after, onto, TOLD, word.source, word.why)
