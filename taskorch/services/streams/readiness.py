"""Whether tasks can be worked on now: the tasks themselves, and the place where it would be done."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from taskorch.errors import TaskorchError
from taskorch.git.index import unmerged
from taskorch.records.collection import Collection
from taskorch.records.task import BLOCKED, Task
from taskorch.services.active_session import current, interrupted_here
from taskorch.services.claims.folding import unfounded_of
from taskorch.services.handover import refuse_other_store
from taskorch.services.markdown import counted
from taskorch.services.opening import ENV_AGENT
from taskorch.services.safety.checkpoints import would_leave_out
from taskorch.services.shapes import Json
from taskorch.services.starting import refuse_held, refuse_lost
from taskorch.services.streams.defining import named
from taskorch.services.verification import Scope, folded_in, scoped_claims, verify_claims
from taskorch.services.workspace import Workspace
from taskorch.store.streams import CHECKS


@dataclass
class _Asked:
    """A task that was asked for by ``name``; ``task`` is None where that names no task that can be read."""

    name: str
    task: Task | None
    reasons: list[str] = field(default_factory=list)

    def row(self) -> Json:
        one = self.task
        return {
            "task_id": one.id if one else self.name,
            "name": self.name,
            "exists": one is not None,
            "title": one.title if one else None,
            "status": one.status if one else None,
            "ready": not self.reasons,
            "reasons": self.reasons,
        }


@dataclass(frozen=True)
class _Check:
    """What a check found wrong, and what it says if that is nothing."""

    name: str
    wrong: list[str]
    fine: str

    def row(self) -> Json:
        return {
            "check": self.name,
            "ready": not self.wrong,
            "detail": "; ".join(self.wrong) or self.fine,
        }


def readiness(
    ws: Workspace, task_ids: Sequence[str], stream: str | None = None, *, checkpoint: Json | None = None
) -> Json:
    """Whether tasks, by id, alias or prefix, can be worked on here now.

    ``{ready, reason, task_readiness [{task_id, name, exists, title, status, ready, reasons []}],
    checks [{check, ready, detail}]}``; ``reason`` is one text, null where all is ready.  A task that does
    not exist is not ready, with a reason.  `stream` says which of `CHECKS` are asked, None: all of them.
    `checkpoint` is the answer of one that was just made; without it, it is told whether one could be
    made.  Raises NotFound for a stream that does not exist, BadRecord where its file cannot be read.
    """
    asked_for = named(ws, stream).readiness if stream else CHECKS
    found = ws.load()
    with ws.repo.at_rest():
        tasks = _tasks(found, task_ids)
        checks = _checks(ws, found, tasks, asked_for, checkpoint)
    reasons = [reason for one in tasks for reason in one.reasons]
    reasons += [reason for check in checks for reason in check.wrong]
    reasons += [] if tasks else ["no task was named"]
    return {
        "ready": not reasons,
        "reason": "; ".join(dict.fromkeys(reasons)) or None,
        "task_readiness": [one.row() for one in tasks],
        "checks": [check.row() for check in checks],
    }


def _tasks(found: Collection, names: Iterable[str]) -> list[_Asked]:
    """The tasks of some names, each once, with what is wrong with them by themselves."""
    out: dict[str, _Asked] = {}
    for name in names:
        try:
            one = _Asked(name, found.task(name))
        except TaskorchError as error:  # not found, ambiguous, not to be read
            where = getattr(error, "path", "")
            one = _Asked(name, None, [f"{where}: {error.message}" if where else error.message])
        if one.task:
            one.reasons += _closed(one.task)
        out.setdefault(one.task.id if one.task else name, one)
    return list(out.values())


def _closed(one: Task) -> list[str]:
    if one.deleted:
        return [f"{one.id} is deleted"]
    if not one.is_open:
        return [f"{one.id} is {one.status}"]
    why = f": {one.reason}" if one.reason else ""
    return [f"{one.id} is blocked{why}"] if one.status == BLOCKED else []


def _checks(
    ws: Workspace, found: Collection, tasks: list[_Asked], asked_for: Sequence[str], checkpoint: Json | None
) -> list[_Check]:
    """The checks that are asked for; what is found of a task is added to its reasons."""
    there = {one.task.id: one for one in tasks if one.task}
    made: dict[str, _Check] = {}
    # dependencies last: what waits for a task of these that is not ready is not ready either
    for check in sorted(asked_for, key=lambda name: name == "dependencies"):
        if check == "work_tree":
            wrong, fine = _work_tree(ws), "no operation of git is under way, nothing is unmerged"
        elif check == "verification":
            wrong, fine = _verification(ws, found, there), "no claim of these tasks failed"
        elif check == "session":
            wrong, fine = _session(ws, found, there)
        elif check == "protection":
            wrong, fine = _protection(ws, checkpoint), "what is uncommitted can be kept in a checkpoint"
            fine = "what was uncommitted is in a checkpoint" if checkpoint else fine
        else:
            wrong = _dependencies(found, there)
            fine = "every dependency is met, or is among these tasks"
        made[check] = _Check(check, wrong, fine)
    return [made[check] for check in asked_for]


def _dependencies(found: Collection, there: Mapping[str, _Asked]) -> list[str]:
    """Dependencies that are neither completed nor ready among these tasks."""
    out: list[str] = []
    again = True
    while again:  # what waits for one that is not ready is not ready either
        again = False
        for task_id, asked in there.items():
            reasons = [_waits(found, task_id, other) for other in _unmet(found, there, asked)]
            new = [reason for reason in reasons if reason not in asked.reasons]
            asked.reasons += new
            out += new
            again = again or bool(new)
    for task_id, asked in there.items():
        ring = found.cycle(task_id, found.dependency_edges)
        if ring:
            asked.reasons.append(f"{task_id} waits for itself: {' -> '.join(ring)}")
            out.append(asked.reasons[-1])
    return out


def _unmet(found: Collection, there: Mapping[str, _Asked], asked: _Asked) -> list[str]:
    waits = found.waits_for(asked.task) if asked.task else []
    return [other for other in waits if other not in there or there[other].reasons]


def _waits(found: Collection, task_id: str, other: str) -> str:
    one = found.tasks.get(other)
    if one:
        return f"{task_id} waits for {other} {one.title} ({one.status})"
    broken = found.is_unreadable(other)
    return f"{task_id} waits for {other}, which {'cannot be read' if broken else 'is no task here'}"


def _work_tree(ws: Workspace) -> list[str]:
    under_way, conflicts = ws.repo.operation(), sorted(unmerged(ws.repo))
    out = [f"{under_way} is under way (git status says how to end it)"] if under_way else []
    return out + ([f"unmerged: {', '.join(conflicts)}"] if conflicts else [])


def _verification(ws: Workspace, found: Collection, there: Mapping[str, _Asked]) -> list[str]:
    """The claims of these tasks that failed, what is not folded yet included, and what never changed."""
    try:
        going = current(ws, found, reading=True)
        seen, folded = folded_in(ws, found)
    except TaskorchError:  # which session this is cannot be told: the check of the session says so
        going, seen, folded = None, found, None
    out = []
    for task, asked in there.items():
        words = [
            f"{path} was tracked for {task}, but has not changed after all"
            for path in unfounded_of(going, folded, task)
        ]
        asked.reasons += words
        out += words
    claims = [claim for one in there for claim in scoped_claims(seen, Scope(task=one))]
    if not claims:
        return out
    for row in verify_claims(ws, claims, None, written=seen.claims_in_time())["files"]:
        if row["counts_as"] == "failed":
            why = f" ({row['detail']})" if row["detail"] else ""
            out.append(f"what {row['task']} claims of {row['path']} is {row['rung']}{why}")
            there[row["task"]].reasons.append(out[-1])
    return out


def _session(ws: Workspace, found: Collection, there: Mapping[str, _Asked]) -> tuple[list[str], str]:
    """What hinders a session here, or the work of others on these tasks; and how it is, if nothing does."""
    try:
        going = current(ws, found, reading=True)
        if not going:
            refuse_other_store(ws)
            _ = os.environ.get(ENV_AGENT) or ws.repo.author()
    except TaskorchError as error:
        return [error.message], ""
    out = []
    for asked in there.values():
        if asked.task and asked.task.is_open:
            why = _held(ws, found, asked.task, going[0].id if going else None)
            asked.reasons += why
            out += why
    left = None if going else interrupted_here(ws, found)
    stands = f"session {left.id} was interrupted: taskorch session resume" if left else "task start opens one"
    return out, f"session {going[0].id} is active" if going else f"no session is active; {stands}"


def _held(ws: Workspace, found: Collection, one: Task, session_id: str | None) -> list[str]:
    try:
        refuse_lost(ws, found, one)
        refuse_held(ws, found, one, session_id)
    except TaskorchError as error:
        return [error.message]
    return []


def _protection(ws: Workspace, checkpoint: Json | None) -> list[str]:
    """Why what is uncommitted is, or would be, not protected."""
    if ws.safety_off:
        return [ws.safety_off]
    if checkpoint and checkpoint["failed"]:
        return [f"no checkpoint was made: {checkpoint['failed']}"]
    left_out = checkpoint["left_out"] if checkpoint else would_leave_out(ws)
    if not left_out:
        return []
    named_ones = "; ".join(f"{one['path']}: {one['why']}" for one in left_out[:3])
    more = f"; and {len(left_out) - 3} more" if len(left_out) > 3 else ""
    return [f"{counted(len(left_out), 'changed file')} not in a checkpoint ({named_ones}{more})"]
