"""Sessions, for people."""

from __future__ import annotations

from taskorch.cli.output import Json, Paint, Part, emit, emit_body, heading, problems, status_paint, table
from taskorch.cli.render_safety import not_kept
from taskorch.services.markdown import counted

_COLORS = {"active": "cyan", "interrupted": "yellow", "ended": "green"}


def session_started(data: Json) -> None:
    """A new session."""
    session_changed(data)
    emit("from ", (data["base"] or "an unborn branch")[:10], ", onto ", (data["onto"] or "nothing yet")[:10])
    if data["dirty_count"]:
        emit(counted(data["dirty_count"], "file"), " changed before it began: not claimed")
    if data["task_id"]:
        emit("started ", Paint(data["task_id"], "yellow"))
    not_kept(data["checkpoint"])


def session_changed(data: Json) -> None:
    """A session after a change."""
    emit("session ", Paint(data["id"], "yellow"), "  ", _state(data), f"  {data['agent'] or ''}")


def session_stashed(data: Json) -> None:
    """What brings a session back whose record a stash has."""
    emit(
        "session ", Paint(data["session_id"], "yellow"), f" is in {data['ref']}: git stash pop {data['ref']}"
    )


def session_status(data: Json) -> None:
    """The session here and what has changed in it."""
    if not data["session"]:
        left = data["interrupted"]
        if left:
            emit(f"session {left} was interrupted: taskorch session resume {left}")
        elif data["stashed"]:
            session_stashed(data["stashed"])
        else:
            emit("no session is active here (taskorch task start T opens one)")
        return
    session_changed(data["session"])
    rows: list[list[Part]] = [
        [Paint(one["id"], "yellow"), one["title"], _put_back(one)] for one in data["tasks"]
    ]
    _section("active tasks", rows)
    _section("changed", [[one["op"], one["path"], one["task"]] for one in data["changed"]])
    _section("unclaimed", [[path] for path in data["unclaimed"]])


def _put_back(task: Json) -> str:
    """What to do where a stash or a checkout took a task's start out of its record."""
    if task["status"] != "pending":
        return ""
    return f"(its record says pending again: taskorch task start {task['id']})"


def session_ended(data: Json) -> None:
    """What the ended session leaves."""
    session_changed(data)
    emit(counted(data["claims"], "claim"), " recorded")
    _section("unclaimed (taskorch track PATH --task T)", [[path] for path in data["unclaimed"]])
    _section("still active", [[Paint(one["id"], "yellow"), one["title"]] for one in data["still_active"]])
    if not data["commit"]:
        emit("next: taskorch commit")
    not_kept(data["checkpoint"])


def session_table(data: Json) -> None:
    """One line a session."""
    rows: list[list[Part]] = [
        [Paint(one["id"], "yellow"), _state(one), one["created"], one["agent"] or "", one["title"]]
        for one in data["sessions"]
    ]
    table(rows)
    if not rows:
        emit("no sessions")
    problems(data["problems"])


def session_whole(data: Json) -> None:
    """All of one session."""
    session_changed(data)
    facts = ("created", "ended", "branch", "base", "onto", "stream", "path")
    rows: list[list[Part]] = [[key, str(data[key])] for key in facts if data[key]]
    rows += [["tasks", ", ".join(data["tasks"])]] if data["tasks"] else []
    table(rows, indent="  ")
    for key in ("purpose", "notes", "summary", "handoff"):
        if data[key]:
            heading("hand-off" if key == "handoff" else key)
            emit_body(data[key])
    _section(
        "decisions",
        [[Paint(d["id"], "yellow"), status_paint(d["status"]), d["title"]] for d in data["decisions"]],
    )
    _section("claims", [[one["op"], one["path"], one["task"]] for one in data["claims"]])


def _state(data: Json) -> Paint:
    return Paint(data["state"], _COLORS.get(data["state"]))


def _section(title: str, rows: list[list[Part]]) -> None:
    if rows:
        heading(title)
        table(rows, indent="  ")
