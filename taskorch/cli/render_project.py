"""Answers of the commands about the whole store, for people."""

from __future__ import annotations

from typing import Any

from taskorch.cli.output import Json, Paint, Part, emit, heading, place, problems, status_paint, table
from taskorch.cli.render_claims import landed_part
from taskorch.cli.render_session import session_stashed
from taskorch.services.markdown import counted


def init(data: Json) -> None:
    """What init did and what comes next."""
    if data["created"]:
        emit("created ", ", ".join(data["created"]))
    else:
        emit("the store ", data["store"], " is complete")
    if data["clone_set_up"]:
        emit("set up this clone (its own folder in the git directory)")
    emit("")
    emit(Paint("next: ", bold=True), data["next"][0])
    if not data["existed"]:
        emit("      taskorch task new 'What is to be done'")


def commit(data: Json) -> None:
    """The commit and its paths."""
    if not data["commit"]:
        emit("no record has changed: nothing to commit")
        return
    emit("committed ", Paint(data["commit"][:10], "yellow"), " ", data["message"].splitlines()[0])
    for path in data["paths"]:
        emit("  ", path, Paint("  removed", "red") if path in data["removed"] else "")


def doctor(data: Json) -> None:
    """Each problem, then the count."""
    checked = ", ".join(counted(count, kind.removesuffix("s")) for kind, count in data["checked"].items())
    for row in data["problems"]:
        emit(Paint(place(row), "red"), ": ", row["message"])
        if row["hint"]:
            emit("  hint: ", row["hint"])
    if data["stale"]:
        _stale(data["stale"])
    emit(counted(len(data["problems"]), "problem"), f"; readable: {checked}")


def _stale(data: Json) -> None:
    """What lies about, each with what to do."""
    for key, title in (("tasks", "stale tasks"), ("orphans", "orphans"), ("sessions", "abandoned sessions")):
        if data[key]:
            heading(title)
        for one in data[key]:
            idle = f"nothing since {one['last_activity']} ({one['activity']})" if key != "orphans" else ""
            why = one["reason"] if key == "orphans" else idle
            emit(Paint(one["id"], "yellow"), "  ", one["title"], ": ", why)
            emit("  hint: " if not one["fixed"] else "  mended", "" if one["fixed"] else one["hint"])
    if data["archive"]["records"]:
        heading("to be archived")
        emit(counted(data["archive"]["records"], "closed record"), f": {data['archive']['hint']}")
    for one in data["fixed"]:
        emit("mended ", Paint(one["id"], "yellow"), "  ", one["done"])
    if data["fixed"]:
        emit("taskorch undo takes it back")
    if data["unfixed"] or data["fixed"]:
        emit("")


def search(data: Json) -> None:
    """Matching lines by record."""
    last = None
    for row in data["results"]:
        if row["id"] != last:
            status: list[Part] = [status_paint(row["status"]), "  "] if row["status"] else []
            emit(Paint(row["id"], "yellow"), "  ", *status, Paint(row["title"], bold=True))
            last = row["id"]
        emit("  ", Paint(f"{row['path']}:{row['line']}", dim=True), "  ", row["text"])
    if not data["results"]:
        emit("nothing found")
    elif data["total"] > len(data["results"]):
        left = counted(data["total"] - len(data["results"]), "more line")
        emit(f"and {left}: --limit {data['total']}")
    problems(data["problems"])


def history(data: Json) -> None:
    """The decisions a record is linked with, and since when; then its commits with their changes."""
    emit(Paint(data["id"], "yellow"), "  ", Paint(data["title"], bold=True), "  ", data["path"])
    if data["chain"]:
        heading("status" if len(data["chain"]) == 1 else "the chain of decisions, the oldest first")
    for one in data["chain"]:
        _chained(one, alone=len(data["chain"]) == 1)
    for row in data["history"]:
        if row["commit"]:
            heading(f"{row['commit'][:10]}  {_who(row)}  {row['subject']}")
        else:
            heading(row["subject"] or "not committed")
        if row["deleted"]:
            emit("  the file was removed")
        if row["renamed_from"]:
            emit("  the file was ", row["renamed_from"])
        for change in [] if row["deleted"] else row["changes"]:
            _change(change, max(len(one["field"]) for one in row["changes"]))


def _chained(one: Json, *, alone: bool) -> None:
    if not alone:
        links = ", ".join(f"{link['kind']} {link['to']}" for link in one["links"])
        said = f"  ({links})" if links else ""
        asked = Paint(one["title"], bold=not one["depth"])
        emit("  ", Paint(one["id"], "yellow"), "  ", status_paint(one["status"]), "  ", asked, said)
    rows: list[list[Part]] = [
        [status_paint(row["to"], " -> ".join(filter(None, (row["from"], row["to"])))), *_commit_parts(row)]
        for row in one["statuses"]
    ]
    table(rows, indent="  " if alone else "    ")


def _commit_parts(row: Json) -> list[Part]:
    if not row["commit"]:
        return ["", row["subject"] or "not committed", ""]
    return [Paint(row["commit"][:10], "yellow"), _who(row), f'"{row["subject"]}"']


def _who(row: Json) -> str:
    return f"{row['date'][:10]} {row['author']}"


def _change(change: Json, width: int) -> None:
    name = change["field"].ljust(width)
    if change["diff"]:
        emit("  ", change["field"])
        for line in change["diff"]:
            emit("    ", Paint(line, {"-": "red", "+": "green"}.get(line[0])))
        return
    old, new = _value(change["from"]), _value(change["to"])
    words = f"{old} -> {new}" if change["from"] is not None else new
    shown = status_paint(str(change["to"]), words) if change["field"] == "status" else words
    table([[name, shown]], indent="  ")


def _value(value: Any) -> str:
    if value is None:
        return "(empty)"
    if isinstance(value, list):
        return ", ".join(
            str(item.get("path", item)) if isinstance(item, dict) else str(item) for item in value
        )
    lines = str(value).splitlines()
    return lines[0] + (f" (+{counted(len(lines) - 1, 'line')})" if len(lines) > 1 else "") if lines else ""


def overview(data: Json) -> None:
    """One screen: session, tasks, changes, what is not committed."""
    session = data["session"]
    if data["at"]:
        emit("commit ", Paint(data["at"][:10], "yellow"))
    elif session:
        on = f" on {session['branch']}" if session["branch"] else ""
        emit(
            "session ",
            Paint(session["id"], "yellow"),
            f" of {session['agent']}{on}, since {session['created']}",
        )
    elif data["interrupted"]:
        left = data["interrupted"]["id"]
        emit(Paint(f"session {left} was interrupted", "yellow"), f": taskorch session resume {left}")
    elif data["stashed"]:
        session_stashed(data["stashed"])
    else:
        emit("no session is active here")
    counts = [f"{count} {status}" for status, count in data["counts"].items() if count]
    none = "none that can be read" if data["problems"] else "none yet (taskorch task new TITLE)"
    emit("tasks: ", ", ".join(counts) or none)
    for key, title in (("active", "active"), ("ready", "ready to start"), ("blocked", "blocked")):
        _some(title, [_task_row(one) for one in data[key]])
    if data["not_landed"]:
        where = data["landed_in"]["revision"] or "a commit"
        _some(f"completed, not landed in {where}", [_unlanded(one) for one in data["not_landed"]])
    changed: list[list[Part]] = [[one["op"], one["path"], one["task"]] for one in data["changed"]]
    changed += [
        [Paint("unclaimed", "yellow"), path, "taskorch track PATH --task T"] for path in data["unclaimed"]
    ]
    _some("changed in this session", changed)
    _some(
        "decisions to be made", [[Paint(d["id"], "yellow"), d["title"]] for d in data["proposed_decisions"]]
    )
    if data["last_handoff"]:
        heading(f"last hand-off ({data['last_handoff']['session_id']})")
        for line in data["last_handoff"]["text"].splitlines()[:5]:
            emit("  ", line)
    records = data["uncommitted_records"]
    if records:
        emit("")
        emit(f"{counted(len(records), 'record file')} not committed: taskorch commit")
    problems(data["problems"])


def _task_row(one: Json) -> list[Part]:
    reason = f" ({one['reason']})" if one["reason"] else ""
    return [Paint(one["id"], "yellow"), status_paint(one["status"]), one["title"] + reason]


def _unlanded(one: Json) -> list[Part]:
    return [Paint(one["id"], "yellow"), landed_part(one["landed"]), one["title"]]


def _some(title: str, rows: list[list[Part]], most: int = 8) -> None:
    if rows:
        heading(title)
        table(rows[:most], indent="  ")
        if len(rows) > most:
            emit(f"  and {len(rows) - most} more")
