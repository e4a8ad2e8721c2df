"""Starting a task: exclusive in this repository."""

from __future__ import annotations

import os
from dataclasses import replace

from taskorch.errors import TaskorchError
from taskorch.git import worktree
from taskorch.records import session as sessions
from taskorch.records import task as tasks
from taskorch.records.collection import Collection
from taskorch.records.session import Session
from taskorch.records.task import ACTIVE, Task
from taskorch.services.active_session import current, interrupted_here, refuse_unreadable, state_of
from taskorch.services.commit_after import commits
from taskorch.services.handover import take_up
from taskorch.services.markdown import counted
from taskorch.services.opening import ENV_AGENT, Opened, is_lost, open_session, opening
from taskorch.services.safety.checkpoints import take_if_possible
from taskorch.services.shapes import Json, task_stored
from taskorch.services.specialist import context_of
from taskorch.services.stashed import stash_with
from taskorch.services.workspace import Workspace
from taskorch.services.writing import refuse_empty, with_fields, with_note
from taskorch.store.local_session import LocalSession


@commits("task start")
def start_task(ws: Workspace, name: str, *, steal: str | None = None) -> Json:
    """Make a task active in the session here; opens one, or resumes its interrupted one.

    Refused if another session here holds the task, it is closed, or a dependency is not completed.
    """
    refuse_empty(steal, "--steal")
    with ws.writing(f"task start {name}") as found:
        one = found.task(name)
        opened: Opened | None = None
        resumed = False
        changed: list[str] = []
        going = current(ws, found)
        if not going:
            left = interrupted_here(ws, found)
            known = ws.local.session(left.id) if left else None
            if left and known and one.id in known.holds:
                going, resumed = (left, take_up(ws, found, known)), True
        if not going:
            refuse_start(ws, found, one, None, steal)
            with ws.repo.at_rest():  # the status that the session begins with is the checkpoint's
                opened = open_session(ws, found, on_start=True, task=one.id)
                changed = worktree.changed(ws.repo)
            going = opened.record, opened.known
        with opening(ws, opened):
            more, record = start_in(ws, found, one, *going, steal)
            written = {**(opened.files if opened else {}), **more}
            ws.write(written)
        changed += [ws.shown(path) for path in written if not path.startswith(sessions.LOCAL)]
        kept = take_if_possible(ws, f"task start {one.id}", changed) if opened else None
        after = tasks.parse(more.get(one.path, one.text), one.path)
        return task_stored(ws, after, found) | {
            "specialist_context": context_of(ws, found, after),
            "session_id": record.id,
            "session_opened": opened is not None,
            "session_resumed": resumed,
            "changed": bool(more),
            "checkpoint": kept,
        }


def start_in(
    ws: Workspace,
    found: Collection,
    one: Task,
    record: Session,
    known: LocalSession,
    steal: str | None,
) -> tuple[dict[str, str], Session]:
    """The files to write for starting a task in a session (none if it is started there already).

    Local state is written here.  Only under the writer's lock.
    """
    if one.id in known.holds and one.status == ACTIVE:
        return _again(ws, one, record, known, steal)
    refuse_start(ws, found, one, record.id, steal)
    task_text = with_fields(one.text, tasks.FIELDS, {"status": ACTIVE, "reason": None})
    session_text = record.text
    if one.id not in record.tasks:
        session_text = with_fields(session_text, sessions.FIELDS, {"tasks": [*record.tasks, one.id]})
    for other in _holders(ws, one.id, record.id):
        ws.local.save(replace(other, holds=tuple(t for t in other.holds if t != one.id)))
        if steal:
            words = f"Took over {one.id} from session {other.id}: {steal}"
            author = record.agent or ""
            session_text = with_note(session_text, sessions.NOTES, words, ws.now(), author)
    holds = tuple(dict.fromkeys((*known.holds, one.id)))
    ws.local.save(replace(known, holds=holds, agents=_agents(known, one)))
    changes = {record.path: session_text, one.path: task_text}
    return changes, sessions.parse(session_text, record.path)


def _again(
    ws: Workspace, one: Task, record: Session, known: LocalSession, steal: str | None
) -> tuple[dict[str, str], Session]:
    """As `start_in`, of a task that is active in this session: another agent of the work tree may hold it."""
    me, holder = os.environ.get(ENV_AGENT), known.agents.get(one.id)
    if not me or not holder or me == holder:
        return {}, record
    if not steal:
        raise TaskorchError(
            f"{one.id} is being worked on by {holder} in session {record.id}",
            hint=f"wait for it, or take it over: taskorch task start {one.id} --steal REASON",
        )
    words = f"Took over {one.id} from {holder}: {steal}"
    text = with_note(record.text, sessions.NOTES, words, ws.now(), me)
    ws.local.save(replace(known, agents=_agents(known, one)))
    return {record.path: text}, sessions.parse(text, record.path)


def _agents(known: LocalSession, one: Task) -> dict[str, str]:
    """Who started the tasks that a session holds, this process the last one, if it says who it is."""
    me = os.environ.get(ENV_AGENT)
    others = {task: agent for task, agent in known.agents.items() if task != one.id and task in known.holds}
    return {**others, one.id: me} if me else others


def refuse_start(
    ws: Workspace, found: Collection, one: Task, session_id: str | None, steal: str | None
) -> None:
    """Raise TaskorchError if the task cannot be started."""
    if not one.is_open:
        raise TaskorchError(
            f"{one.id} is {one.status}: it cannot be started", hint=f"taskorch task reopen {one.id}"
        )
    waits = found.waits_for(one)
    if waits:
        raise TaskorchError(
            f"{one.id} waits for {counted(len(waits), 'task')}",
            reasons=[_describe(found, other) for other in waits],
            hint=f"complete what it waits for, or change it: taskorch task edit {one.id} --depends-on ...",
        )
    if not steal:
        refuse_held(ws, found, one, session_id)


def refuse_lost(ws: Workspace, found: Collection, one: Task) -> None:
    """Raise TaskorchError if the session of this work tree that works on the task has no record here."""
    for other in ws.local.here():
        if one.id in other.holds and other.id not in found.sessions:
            refuse_unreadable(found, other.id)
            where, back = _whereabouts(ws, found, one, other.id)
            raise TaskorchError(
                f"{one.id} was started in session {other.id}, whose record is {where}", hint=back
            )


def _whereabouts(ws: Workspace, found: Collection, one: Task, session_id: str) -> tuple[str, str]:
    """Where the record of a task's session is that is not here, and what goes on with its work."""
    steal = f"or taskorch task start {one.id} --steal REASON"
    stashed = stash_with(ws, session_id)
    if stashed:
        return f"in {stashed}", f"git stash pop {stashed} brings it back, {steal}"
    if is_lost(ws, found, session_id):
        return "gone", f"taskorch task start {one.id} goes on in a new session, with all that was observed"
    return "on another branch", f"go back to that branch, {steal}"


def refuse_held(ws: Workspace, found: Collection, one: Task, session_id: str | None) -> None:
    """Raise TaskorchError if a session of this repository other than `session_id` works on the task."""
    for other in _holders(ws, one.id, session_id):
        if other.worktree == ws.local.worktree and is_lost(ws, found, other.id):
            continue  # the session that is opened now goes on with its work
        if _is_alive(ws, found, other):
            record = found.sessions.get(other.id)
            stashed = None if record else stash_with(ws, other.id)
            who = other.agents.get(one.id) or (record.agent if record else None)
            where = (f" ({who})" if who else "") + (f", whose record is in {stashed}" if stashed else "")
            wait = f"git stash pop {stashed} brings it back" if stashed else "wait for it"
            raise TaskorchError(
                f"{one.id} is being worked on in session {other.id}{where}",
                hint=f"{wait}, or take it over: taskorch task start {one.id} --steal REASON",
            )


def _holders(ws: Workspace, task_id: str, session_id: str | None) -> list[LocalSession]:
    return [one for one in ws.local.sessions() if task_id in one.holds and one.id != session_id]


def _is_alive(ws: Workspace, found: Collection, other: LocalSession) -> bool:
    """Whether a session of this repository goes on; its record may be on another branch only."""
    record = found.sessions.get(other.id)
    return state_of(ws, record) == "active" if record else ws.local.is_active(other)


def _describe(found: Collection, task_id: str) -> str:
    other = found.tasks.get(task_id)
    if found.is_unreadable(task_id):
        return f"{task_id} cannot be read (taskorch doctor says why)"
    return f"{task_id} {other.title} ({other.status})" if other else f"{task_id} is no task here (dangling)"
