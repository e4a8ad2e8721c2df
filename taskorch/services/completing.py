"""Completing a task: what was done is observed, claimed, verified, and only then is it complete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import Any

from taskorch.errors import TaskorchError
from taskorch.git import disk, worktree
from taskorch.records import sections
from taskorch.records import session as sessions
from taskorch.records import task as tasks
from taskorch.records.collection import Collection
from taskorch.records.session import Session
from taskorch.records.task import ACTIVE, BLOCKED, COMPLETED, FIELDS, PENDING, Task
from taskorch.services.active_session import current
from taskorch.services.claims.folding import (
    Folded,
    active_tasks,
    fold,
    fold_to_write,
    unfounded_of,
    with_fold,
)
from taskorch.services.commit_after import at_close, commits
from taskorch.services.handover import beside
from taskorch.services.readiness import next_task
from taskorch.services.safety.checkpoints import take_if_possible
from taskorch.services.shapes import Json, task_row
from taskorch.services.starting import refuse_held, refuse_lost
from taskorch.services.verification import FAILED, Scope, overall, scoped_claims, verify_claims
from taskorch.services.workspace import Workspace
from taskorch.services.writing import refuse_empty, with_appended, with_end, with_fields, with_section
from taskorch.store.local_session import LocalSession

NEXT_ACTIONS = ("complete", "continue", "needs_revision", "blocked")
NOTHING = "nothing changed, nothing to verify"
_REPEATED: Json = {"session_ended": False, "findings": [], "checkpoint": None, "repeated": True}


@commits("task complete")
def complete_task(
    ws: Workspace,
    name: str,
    *,
    results: str,
    artifacts: Sequence[str] = (),
    next_action: str = "complete",
    force: str | None = None,
    again: bool = False,
    cwd: Path | None = None,
) -> Json:
    """Complete a task, or record how far it came (`next_action` needs_revision, blocked).

    Refused, with nothing changed and all reasons listed, if a claim or artifact is not there, a
    dependency or subtask is open, or criteria are not ticked; `force` (a reason, recorded) overrides.
    With `again` a task that was completed with the same results is no error: nothing is changed, and the
    answer is how things are now.  Who did not get the answer may ask once more.
    """
    if next_action not in NEXT_ACTIONS:
        raise TaskorchError(f"'{next_action}' is no next action", hint=f"one of: {', '.join(NEXT_ACTIONS)}")
    if not results.strip():
        raise TaskorchError("the results are empty", hint="say in a sentence what was done")
    refuse_empty(force, "--force")
    finishing = next_action in ("complete", "continue")
    with ws.writing(f"task complete {name}") as on_disk:
        found = on_disk
        one = found.task(name)
        paths = [ws.repo.relative(path, cwd or ws.start) for path in artifacts]
        if again and finishing and _is_told_again(one, results, paths):
            report, _ = _judged(ws, found, None, None, one, ())
            return _answer(ws, one.id, report, None) | _REPEATED
        _refuse_state(ws, found, one)
        going = current(ws, found)
        if going and one.status == PENDING and not active_tasks(found, going[1]):
            going, found = _as_started(going, found, one)
        folded = fold_to_write(ws, found, *going) if going else None
        report, reasons = _judged(ws, found, going, folded, one, paths)
        if finishing and reasons and not force:
            raise TaskorchError(
                f"{one.id} is not complete",
                reasons=reasons,
                hint="mend these, or record why not: --force REASON",
            )
        texts = _texts(ws, one, results, paths, next_action, force if reasons else None)
        ended = _write(ws, found, going, folded, one, texts, keep=next_action == "needs_revision")
        return _answer(ws, one.id, report, folded) | {
            "session_ended": ended,
            "findings": reasons,
            "checkpoint": take_if_possible(ws, f"task complete {one.id}"),
            "repeated": False,
        }


def _is_told_again(one: Task, results: str, artifacts: Sequence[str]) -> bool:
    """Whether a task was completed with these results and artifacts already."""
    said = one.section(tasks.RESULTS).endswith(sections.words(results, 0, len(results)))
    return one.status == COMPLETED and said and set(artifacts) <= set(one.artifacts)


def look_at(ws: Workspace, name: str) -> Json:
    """Whether a task could be completed now: ``{task_id, reasons[], verification}``; nothing is written.

    Without reasons against it, it could be.
    """
    found = ws.load()
    one = found.task(name)
    going = current(ws, found, reading=True)
    if going and one.status == PENDING and not active_tasks(found, going[1]):
        going, found = _as_started(going, found, one)
    folded = fold(ws, found, *going) if going else None
    report, reasons = _judged(ws, found, going, folded, one, ())
    if not one.is_open:
        reasons.insert(0, f"{one.id} is {one.status} already")
    return {"task_id": one.id, "reasons": reasons, "verification": _verification(report, folded)}


def _judged(
    ws: Workspace,
    found: Collection,
    going: tuple[Session, LocalSession] | None,
    folded: Folded | None,
    one: Task,
    artifacts: Sequence[str],
) -> tuple[Json, list[str]]:
    """How a task's claims stand, what was observed folded in; and what speaks against completing it."""
    after = with_fold(found, going[0], folded) if going and folded else found
    mine = scoped_claims(after, Scope(task=one.id))
    report = verify_claims(ws, mine, None, written=after.claims_in_time())
    report["unfounded"] = unfounded_of(going, folded, one.id)
    report["status"] = overall(report["files"], unfounded=bool(report["unfounded"]))
    return report, [*_reasons(after, one), *_file_reasons(ws, report, artifacts)]


def _as_started(
    going: tuple[Session, LocalSession], found: Collection, one: Task
) -> tuple[tuple[Session, LocalSession], Collection]:
    """The session and the records as if the task had been started: what the session did is its work."""
    record, known = going
    text = with_fields(record.text, sessions.FIELDS, {"tasks": [*record.tasks, one.id]})
    tasks_now = {**found.tasks, one.id: replace(one, status=ACTIVE)}
    started = sessions.parse(text, record.path), replace(known, holds=(*known.holds, one.id))
    return started, replace(found.whole, tasks=tasks_now)


def let_go(ws: Workspace, found: Collection, one: Task, text: str) -> bool:
    """Write a task that is no longer active, what was observed folded first; whether its session ended."""
    going = current(ws, found)
    folded = fold_to_write(ws, found, *going) if going and one.id in going[1].holds else None
    return _write(ws, found, going, folded, one, text, keep=False)


def _write(
    ws: Workspace,
    found: Collection,
    going: tuple[Session, LocalSession] | None,
    folded: Folded | None,
    one: Task,
    text: str,
    *,
    keep: bool,
) -> bool:
    """Write claims, then the session if it ends, then the task: in this order a crash loses nothing."""
    changes: dict[str, str | None] = {}
    known = going[1] if going else None
    ended = False
    if going and folded:
        known = folded.local
        changes |= {**folded.files(found, going[0]), going[0].path: going[0].text}
    if going and known and not keep and one.id in known.holds:
        known = replace(known, holds=tuple(task for task in known.holds if task != one.id))
        ended = known.on_start and not known.holds
        if ended:
            changes[going[0].path] = with_end(going[0].text, ws.instant_after(going[0].created))
    if ended or tasks.parse(text, one.path).status == COMPLETED:
        at_close(ws, found)
    ws.write({**changes, one.path: text})
    if known and ended:
        ws.local.forget(known, beside(ws, found))
    elif known:
        ws.local.save(known)
    return ended


def _refuse_state(ws: Workspace, found: Collection, one: Task) -> None:
    if one.status not in (PENDING, ACTIVE):
        done = one.status == COMPLETED
        raise TaskorchError(
            f"{one.id} is {'already completed' if done else one.status}",
            hint=f"taskorch task reopen {one.id}" + (" to go on with it" if done else " first"),
        )
    refuse_lost(ws, found, one)
    going = current(ws, found)
    refuse_held(ws, found, one, going[0].id if going else None)


def _reasons(found: Collection, one: Task) -> list[str]:
    reasons = [
        f"waits for {other} {found.tasks[other].title} ({found.tasks[other].status})"
        if other in found.tasks
        else f"waits for {other}, which is no task here"
        for other in found.waits_for(one)
    ]
    for child in found.children(one.id):
        if child.is_open:
            reasons.append(f"subtask {child.id} {child.title} is {child.status}")
    for number, criterion in enumerate(one.criteria, 1):
        if not criterion.done:
            reasons.append(f"criterion {number} is not ticked: {criterion.text}")
    return reasons


def _file_reasons(ws: Workspace, report: Json, artifacts: Sequence[str]) -> list[str]:
    reasons = [
        f"{row['path']} is {row['rung']}" + (f": {row['detail']}" if row["detail"] else "")
        for row in report["files"]
        if row["counts_as"] == "failed"
    ]
    reasons += [
        f"{path} was tracked, but has not changed after all: taskorch track --undo {quote(path)}"
        for path in report["unfounded"]
    ]
    at_head = worktree.states_at(ws.repo, ws.repo.head, artifacts)
    there = {path for path in artifacts if disk.is_there(ws.repo.work_tree, path)}
    hidden = worktree.ignored(ws.repo, there)
    for path in artifacts:
        if path in hidden:
            reasons.append(f"the artifact {path} is ignored by git: it would not be committed")
        elif path not in there and at_head[path] is None:
            reasons.append(f"the artifact {path} does not exist")
        elif path in there and disk.is_hollow(ws.repo.work_tree, path):
            reasons.append(f"the artifact {path} is a folder without a file: git keeps no such folder")
    return reasons


def _texts(
    ws: Workspace, one: Task, results: str, artifacts: Sequence[str], next_action: str, force: str | None
) -> str:
    changes: dict[str, Any] = {}
    if next_action in ("complete", "continue"):
        changes = {"status": COMPLETED, "reason": None, "forced": sections.one_line(force) if force else None}
    elif next_action == "blocked":
        changes = {"status": BLOCKED, "reason": sections.one_line(results)[:200]}
    if artifacts:
        changes["artifacts"] = list(dict.fromkeys([*one.artifacts, *artifacts]))
    text = with_fields(one.text, FIELDS, changes)
    text = with_appended(text, tasks.RESULTS, results)
    return with_section(text, tasks.NEXT_ACTION, "" if next_action == "complete" else next_action)


def _answer(ws: Workspace, task_id: str, report: Json, folded: Folded | None) -> Json:
    found = ws.load()
    one = found.tasks[task_id]
    recommended = next_task(ws, found, one)
    return task_row(ws, one) | {
        "task_id": one.id,
        "results_recorded": True,
        "verification": _verification(report, folded),
        "parent_task_progress": parent_progress(found, one),
        "next_recommended_task": {"id": recommended.id, "title": recommended.title} if recommended else None,
        "unclaimed": folded.unclaimed if folded else [],
    }


def _verification(report: Json, folded: Folded | None) -> Json:
    landed = sum(row["counts_as"] == "landed" for row in report["files"])
    return {
        "status": report["status"],
        "on_disk": report["on_disk"],
        "files": report["files"],
        "text": verification_text(report, landed, folded.unclaimed if folded else ()),
    }


def verification_text(report: Json, landed: int, unclaimed: Sequence[str]) -> str:
    """Both halves in a line: ``on disk 4/4, landed 0/4: commit to land``."""
    total = len(report["files"])
    if not total and report["status"] != FAILED:
        return "nothing is claimed, nothing to verify" if unclaimed else NOTHING
    text = f"on disk {report['on_disk_count']}/{total}, landed {landed}/{total}"
    pending = any(row["counts_as"] == "pending" for row in report["files"])
    return f"{text}: commit to land" if pending and report["status"] != FAILED else text


def parent_progress(found: Collection, one: Task) -> Json | None:
    """How many of the parent's subtasks are completed, cancelled and deleted ones left out."""
    if not one.parent or one.parent not in found.tasks:
        return None
    children = found.children(one.parent)
    done = sum(child.status == COMPLETED for child in children)
    return {
        "parent_task_id": one.parent,
        "completed_subtasks": done,
        "total_subtasks": len(children),
        "progress_percentage": round(100 * done / len(children)) if children else 0,
    }
