"""Answers about several tasks at once, for people."""

from __future__ import annotations

from taskorch.cli.output import Json, Paint, Part, emit, emit_body, heading, problems, status_paint, table
from taskorch.cli.render_task import task_table, waits
from taskorch.services.markdown import counted


def planned(data: Json) -> None:
    """The task and its subtasks as a tree, and what can be started."""
    emit("made ", Paint(data["id"], "yellow"), "  ", Paint(data["title"], bold=True))
    depth = {data["id"]: 0}
    names = {one["task_id"]: one["alias"] or one["task_id"] for one in data["subtasks"]}
    rows: list[list[Part]] = []
    for one in data["subtasks"]:
        depth[one["task_id"]] = level = depth[one["parent"]] + 1
        after = ", ".join(names.get(other, other) for other in one["dependencies"])
        marks = [*filter(None, (one["specialist_type"], after and f"after {after}"))]
        note = f"  ({'; '.join(marks)})" if marks else ""
        rows.append(
            [Paint(one["task_id"], "yellow"), one["alias"] or "", f"{'  ' * (level - 1)}{one['title']}{note}"]
        )
    table(rows, indent="  ")
    emit(f"{counted(len(rows), 'subtask')}; next: taskorch task ready")


def ready(data: Json) -> None:
    """One line a task, then those that nobody can ever start as things stand."""
    task_table(data)
    if data["waiting_in_vain"]:
        heading("waiting in vain")
        rows = [(one, waits(one["waits_for"])) for one in data["waiting_in_vain"]]
        table([[Paint(one["id"], "yellow"), one["title"], why] for one, why in rows], indent="  ")
        emit("taskorch task edit T --depends-on changes what a task waits for")


def explained(data: Json) -> None:
    """Each open task, and below it what holds it up."""
    for one in data["explained"]:
        free = Paint("ready", "green") if one["ready"] else status_paint(one["status"])
        urgent = f"  ({one['priority']})" if one["priority"] not in (None, "medium") else ""
        emit(Paint(one["id"], "yellow"), "  ", free, "  ", one["title"], urgent)
        for reason in one["reasons"]:
            emit("    ", reason["text"])
    if not data["explained"]:
        emit("no open tasks")
    problems(data["problems"])


def synthesized(data: Json) -> None:
    """The Markdown."""
    emit_body(data["text"].rstrip("\n"))


def role_table(data: Json) -> None:
    """One line a role: its name, where it comes from, and what it is."""
    rows: list[list[Part]] = [
        [Paint(one["name"], "yellow"), _kind(one), one["role_definition"]] for one in data["roles"]
    ]
    table(rows)
    problems(data["problems"])


def role_whole(data: Json) -> None:
    """All of a role."""
    emit(Paint(data["name"], "yellow"), "  ", _kind(data), Paint(_files(data), dim=True))
    if data["role_definition"]:
        emit("")
        emit_body(data["role_definition"])
    for key in ("expertise", "approach"):
        if data[key]:
            heading(key)
            for item in data[key]:
                emit("  - ", item)
    if data["output_format"]:
        heading("output format")
        emit_body(data["output_format"])
    if data["other"]:
        heading("other")
        table([[key, str(value)] for key, value in data["other"].items()], indent="  ")
    problems(data["problems"])


def _kind(one: Json) -> str:
    return "changed here" if one["overridden"] else "built in" if one["built_in"] else "own"


def _files(one: Json) -> str:
    return "".join(f"  {path}" for path in one["sources"])
