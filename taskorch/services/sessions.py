"""Sessions: opened in one work tree, kept alive by a lease, ended with a hand-off."""

from __future__ import annotations

from taskorch.errors import NotFound, TaskorchError
from taskorch.records import session as sessions
from taskorch.records.collection import Collection
from taskorch.records.session import Session
from taskorch.services.active_session import (
    current,
    interrupted_here,
    newest_here,
    require_current,
    state_of,
)
from taskorch.services.binding import taken_in
from taskorch.services.claims.folding import active_tasks, fold, fold_to_write
from taskorch.services.commit_after import at_close, commits
from taskorch.services.handover import beside, set_apart, take_up
from taskorch.services.opening import open_session, opening
from taskorch.services.safety.checkpoints import take_if_possible
from taskorch.services.shapes import Json, claim_row, problem_rows, session_row, task_row
from taskorch.services.starting import refuse_start, start_in
from taskorch.services.stashed import stashed_here
from taskorch.services.workspace import Workspace
from taskorch.services.writing import with_end, with_note
from taskorch.store.local_session import LocalSession


@commits("session start")
def start_session(
    ws: Workspace,
    *,
    task: str | None = None,
    agent: str | None = None,
    stream: str | None = None,
    purpose: str = "",
    go_on: bool = False,
) -> Json:
    """Open a session here, and start a task in it if one is named; with `go_on` keep to an active one."""
    with ws.writing("session start") as found:
        going = current(ws, found)
        if going and go_on and task is None:
            return session_row(ws, going[0], "active") | {"task_id": None, "checkpoint": None}
        if going:
            raise TaskorchError(
                f"the session {going[0].id} is active here",
                hint="end it first (taskorch session end), or work in another work tree",
            )
        one = found.task(task) if task else None
        if one:
            refuse_start(ws, found, one, None, None)
        opened = open_session(
            ws, found, agent=agent, stream=stream, purpose=purpose, task=one.id if one else None
        )
        record, changes = opened.record, opened.files
        with opening(ws, opened):
            if one:
                more, record = start_in(ws, found, one, record, opened.known, None)
                changes = {**changes, **more}
            ws.write(changes)
        return session_row(ws, record, "active") | {
            "task_id": one.id if one else None,
            "checkpoint": take_if_possible(ws, f"session start {record.id}"),
        }


def session_status(ws: Workspace) -> Json:
    """The session here, its tasks, and what changed since its last fold."""
    found = ws.load()
    with ws.repo.at_rest():
        return _status(ws, found)


def _status(ws: Workspace, found: Collection) -> Json:
    going = current(ws, found, reading=True)
    left = interrupted_here(ws, found)
    answer: Json = {
        "session": None,
        "interrupted": left.id if left else None,
        "stashed": stashed_here(ws, found),
        "tasks": [],
        "changed": [],
        "unclaimed": [],
    }
    if going:
        record, known = going
        folded = fold(ws, found, record, known)
        answer["session"] = session_row(ws, record, "active")
        answer["tasks"] = [task_row(ws, one) for one in active_tasks(found, known)]
        answer["changed"] = [{"path": c.path, "op": c.op, "task": c.task} for c in folded.claims]
        answer["unclaimed"] = folded.unclaimed
    return answer


@commits("session note")
def note_session(ws: Workspace, text: str) -> Json:
    """Append a note to the active session."""
    if not text.strip():
        raise TaskorchError("the note is empty", hint="give its text")
    author = ws.repo.author()
    with ws.writing("session note") as found:
        record, _ = require_current(ws, found)
        changed = with_note(record.text, sessions.NOTES, text, ws.now(), author)
        ws.write({record.path: changed})
        return session_row(ws, sessions.parse(changed, record.path), "active")


@commits("session end")
def end_session(ws: Workspace, *, summary: str | None = None, handoff: str | None = None) -> Json:
    """Fold what was observed into claims, and end the active session."""
    with ws.writing("session end") as found:
        going = current(ws, found)
        left = None if going else interrupted_here(ws, found)
        known = ws.local.session(left.id) if left else None
        if known:
            known = set_apart(ws, found, known)
        record, known = (left, known) if left and known else require_current(ws, found)
        folded = fold_to_write(ws, found, record, known)
        text = with_end(record.text, ws.instant_after(record.created), summary, handoff)
        changes = {**folded.files(found, record), record.path: text}
        at_close(ws, found)
        ws.write(changes)
        ws.local.forget(folded.local, beside(ws, found))
        after = sessions.parse(text, record.path)
        return session_row(ws, after, "ended") | {
            "claims": len(folded.claims),
            "unclaimed": folded.unclaimed,
            "checkpoint": take_if_possible(ws, f"session end {record.id}"),
            "still_active": [task_row(ws, one) for one in active_tasks(found, known)],
        }


def list_sessions(ws: Workspace) -> Json:
    """All sessions, the newest first."""
    found = ws.load()
    ordered = sorted(found.sessions.values(), key=lambda s: (s.created, s.id), reverse=True)
    return {
        "sessions": [
            session_row(ws, one, state_of(ws, one)) | {"title": _title(found, one)} for one in ordered
        ],
        "problems": problem_rows(found),
    }


def _title(found: Collection, one: Session) -> str:
    """What a session was about: the first line of its purpose, else the titles of its tasks."""
    purpose = one.section(sessions.PURPOSE)
    if purpose:
        return purpose.splitlines()[0]
    return ", ".join(found.tasks[task].title for task in one.tasks if task in found.tasks)


def show_session(ws: Workspace, name: str | None) -> Json:
    """One session with its texts; without a name the active or else the newest one of this work tree."""
    found = ws.load()
    one = found.session(name) if name else newest_here(ws, found)
    return session_row(ws, one, state_of(ws, one)) | {
        "title": _title(found, one),
        "purpose": one.section(sessions.PURPOSE),
        "notes": one.section(sessions.NOTES),
        "summary": one.section(sessions.SUMMARY),
        "handoff": one.section(sessions.HANDOFF),
        "decisions": [
            {"id": taken.id, "title": taken.title, "status": taken.status}
            for taken in taken_in(found, one.id)
        ],
        "claims": [claim_row(claim) for claim, _ in found.claims.get(one.id, [])],
    }


def resume_session(ws: Workspace, name: str | None) -> Json:
    """Make an interrupted session of this work tree the active one again."""
    with ws.writing("session resume") as found:
        going = current(ws, found)
        left = interrupted_here(ws, found)
        if name is None and going:
            return session_row(ws, going[0], "active") | {"safety_store": ws.safety_off}
        one = found.session(name) if name else left
        if one is None:
            raise NotFound("no interrupted session here", hint="taskorch session list shows all sessions")
        known = _resumable(ws, one)
        if going and going[0].id != one.id:
            raise TaskorchError(
                f"the session {going[0].id} is active here", hint="end it first: taskorch session end"
            )
        take_up(ws, found, known)
        return session_row(ws, one, "active") | {"safety_store": ws.safety_off}


def _resumable(ws: Workspace, one: Session) -> LocalSession:
    known = ws.local.session(one.id)
    if one.ended or not known:
        why = "has ended" if one.ended else "was opened in another clone"
        raise TaskorchError(
            f"the session {one.id} {why}: it cannot be resumed",
            hint="taskorch session start opens a new one; taskorch recover tells what was done",
        )
    if known.worktree != ws.local.worktree:
        if known.worktree not in ws.local.trees():
            raise TaskorchError(
                f"the session {one.id} belongs to a work tree that is gone",
                hint="taskorch recover tells what was done; track --range A..B claims what it committed",
            )
        raise TaskorchError(f"the session {one.id} belongs to another work tree", hint="resume it there")
    return known
