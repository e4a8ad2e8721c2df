"""Tasks, for people."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.cli.output import (
    Json,
    Paint,
    Part,
    emit,
    emit_body,
    heading,
    problems,
    short_ids,
    status_paint,
    table,
)
from taskorch.cli.render_claims import landed_part, verdicts
from taskorch.cli.render_safety import not_kept
from taskorch.records.task_words import BLOCKED, OPEN
from taskorch.services.markdown import counted


def task_made(data: Json) -> None:
    """A new task and what comes next."""
    emit("made ", Paint(data["id"], "yellow"), "  ", Paint(data["title"], bold=True))
    emit("  ", data["path"])
    if data["waits_for"]:
        emit(waits(data["waits_for"]))
    else:
        emit("next: taskorch task start ", data["id"])


def task_changed(data: Json) -> None:
    """A task after a change."""
    emit(
        Paint(data["id"], "yellow"), "  ", status_paint(data["status"]), "  ", Paint(data["title"], bold=True)
    )
    if data["deleted"]:
        emit("  deleted; taskorch task reopen ", data["id"], " brings it back")
    if data.get("session_ended"):
        emit("its session has ended with it")


def task_started(data: Json) -> None:
    """A started task, its session, and what is to be done."""
    if not data["changed"]:
        emit(Paint(data["id"], "yellow"), " is active in this session already")
    elif data["session_opened"]:
        emit("opened session ", Paint(data["session_id"], "yellow"))
    elif data["session_resumed"]:
        emit("resumed session ", Paint(data["session_id"], "yellow"))
    emit("")
    task_context(data)
    emit("")
    emit(f"when it is done: taskorch task complete {data['id']} --results 'what was done'")
    not_kept(data["checkpoint"])


def task_context(data: Json) -> None:
    """What a specialist is told who takes a task."""
    emit_body(data["specialist_context"]["text"].rstrip("\n"))


def task_checked(data: Json) -> None:
    """The acceptance criteria after some were ticked."""
    task_criteria(data)
    if not data["criteria"]:
        emit(data["id"], " has no acceptance criteria; taskorch task edit T --accept TEXT adds one")


def task_criteria(data: Json) -> None:
    """Numbered acceptance criteria."""
    table([_criterion(one) for one in data["criteria"]], indent="  ")


def task_completed(data: Json) -> None:
    """Both halves: what is on disk, what has landed; then what comes next."""
    if data["status"] == "completed":
        emit("completed ", Paint(data["task_id"], "yellow"), "  ", Paint(data["title"], bold=True))
    else:
        stands = " is now " if data["status"] == BLOCKED else " stays "
        status = status_paint(data["status"])
        emit(Paint(data["task_id"], "yellow"), stands, status, "; the results are recorded")
    checked = data["verification"]
    emit(checked["text"])
    verdicts(checked["files"])
    for line in data["findings"]:
        emit(Paint("open: ", "yellow"), line)
    for path in data["unclaimed"]:
        emit(Paint("unclaimed: ", "yellow"), path, "  (taskorch track PATH --task T)")
    progress = data["parent_task_progress"]
    if progress:
        done = f"{progress['completed_subtasks']}/{progress['total_subtasks']}"
        emit(f"{progress['parent_task_id']}: {done} subtasks completed ({progress['progress_percentage']} %)")
    if data["session_ended"]:
        emit("the session has ended with its last active task")
    if any(row["counts_as"] == "pending" for row in checked["files"]):
        records = "" if data["commit"] else ", taskorch commit for the records"
        emit(f"then: git commit for the files{records}")
    if data["next_recommended_task"]:
        emit(
            "next: ",
            Paint(data["next_recommended_task"]["id"], "yellow"),
            "  ",
            data["next_recommended_task"]["title"],
        )
    not_kept(data["checkpoint"])


def task_table(data: Json) -> None:
    """One line a task."""
    short = short_ids([one["id"] for one in data["tasks"]])
    table([_row(one, short[one["id"]], "", data.get("target")) for one in data["tasks"]])
    if not data["tasks"]:
        emit("no tasks")
    _held_against(data)
    problems(data["problems"])


def task_tree(data: Json) -> None:
    """One line a task, subtasks below their tasks."""
    short = short_ids([one["id"] for one in data["tasks"]])
    known = {one["id"] for one in data["tasks"]}
    below: dict[str | None, list[Json]] = {}
    for one in data["tasks"]:
        below.setdefault(one["parent"] if one["parent"] in known else None, []).append(one)
    rows: list[list[Part]] = []
    shown: set[str] = set()

    def add(one: Json, indent: str) -> None:
        if one["id"] not in shown:
            shown.add(one["id"])
            rows.append(_row(one, short[one["id"]], indent, data["target"]))
            for child in below.get(one["id"], []):
                add(child, indent + "  ")

    for one in [*below.get(None, []), *data["tasks"]]:  # the second part: tasks in a ring of parents
        add(one, "")
    table(rows)
    _held_against(data)
    problems(data["problems"])


def _held_against(data: Json) -> None:
    target = data.get("target")
    if target and target["commit"]:
        emit(f"landed in {target['revision']} ({target['commit'][:10]})")


def task_whole(data: Json) -> None:
    """All of one task."""
    task_changed(data)
    emit(Paint(data["path"], dim=True))
    facts = (
        "alias",
        "priority",
        "complexity",
        "specialist",
        "stream",
        "assignee",
        "parent",
        "reason",
        "forced",
    )
    rows: list[list[Part]] = [[key, str(data[key])] for key in facts if data[key]]
    rows += [["labels", ", ".join(data["labels"])]] if data["labels"] else []
    rows += [["artifacts", ", ".join(data["artifacts"])]] if data["artifacts"] else []
    rows += [["sessions", ", ".join(data["sessions"])]] if data["sessions"] else []
    table(rows, indent="  ")
    for key in ("description", "results", "next_action", "notes"):
        if data[key]:
            heading(key.replace("_", " "))
            emit_body(data[key])
    if data["criteria"]:
        heading("acceptance criteria")
        task_criteria(data)
    for key, title in (("waits_for", "waits for"), ("subtasks", "subtasks"), ("decisions", "decisions")):
        if data[key]:
            heading(title)
            table([_reference(one) for one in data[key]], indent="  ")


def _row(one: Json, short: str, indent: str, held_against: Json | None) -> list[Part]:
    marks = [one["alias"]] if one["alias"] else []
    marks += [one["priority"]] if one["priority"] not in (None, "medium") else []
    marks += [waits(one["waits_for"])] if one.get("waits_for") and one["status"] in OPEN else []
    marks += ["deleted"] if one["deleted"] else []
    marks += [f"@{one['assignee']}"] if one["assignee"] else []
    note = f"  ({', '.join(marks)})" if marks else ""
    standing = [landed_part(one["landed"])] if held_against else []
    title = f"{indent}{one['title']}{note}"
    return [Paint(short, "yellow"), status_paint(one["status"]), *standing, title]


def waits(others: Sequence[Json]) -> str:
    """For how many tasks one waits, and which of them will not be completed as things stand."""
    in_vain = [
        f"{one['id']} ({one['status'] or _missing(one)})" for one in others if one["status"] not in OPEN
    ]
    if in_vain:
        return f"waits in vain for {', '.join(in_vain)}"
    return f"waits for {counted(len(others), 'task')}"


def _criterion(one: Json) -> list[Part]:
    return [str(one["number"]), Paint("[x]", "green") if one["done"] else "[ ]", one["text"]]


def _reference(one: Json) -> list[Part]:
    if one["status"] is None:
        words = "no such record here" if _missing(one) == "gone" else "taskorch doctor says why"
        return [Paint(one["id"], "yellow"), Paint(_missing(one), "red"), words]
    return [Paint(one["id"], "yellow"), status_paint(one["status"]), one["title"]]


def _missing(one: Json) -> str:
    return "unreadable" if one.get("unreadable") else "gone"
