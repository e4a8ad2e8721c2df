"""Work streams, for people."""

from __future__ import annotations

from taskorch.cli.output import Json, Paint, Part, emit, heading, problems, table
from taskorch.cli.render_safety import not_kept
from taskorch.cli.render_task import task_completed
from taskorch.services.markdown import counted

_TESTS = (("added", "+"), ("changed", "~"), ("removed", "-"), ("moved", ">"))


def stream_table(data: Json) -> None:
    """One line a stream, then what is wrong with their files."""
    rows: list[list[Part]] = [
        [Paint(one["name"], "yellow"), one["source"], _tasks(one), one["description"]]
        for one in data["streams"]
    ]
    table(rows)
    problems(data["problems"])


def prepared(data: Json) -> None:
    """Whether the tasks are ready, the checks, the conventions, and what to do."""
    status = data["readiness_status"]
    word = Paint("ready", "green") if status["ready"] else Paint("not ready", "yellow")
    emit(Paint(data["work_stream_type"], bold=True), f", {counted(data['total_tasks'], 'task')}: ", word)
    table([_ready(one) for one in status["task_readiness"]], indent="  ")
    for one in status["task_readiness"]:
        for reason in one["reasons"]:
            emit("    ", Paint("open: ", "yellow"), reason)
    table([_check(one) for one in status["checks"]], indent="  ")
    _list("conventions", data["execution_guidance"])
    _list("next", data["recommendations"])
    not_kept(data["checkpoint"])


def stream_completed(data: Json) -> None:
    """The completion, then what the changes hold."""
    task_completed(data)
    analysis = data["analysis"]
    heading(f"what changed ({data['work_stream_type']})")
    for part in ("documentation", "testing", "implementation"):
        if analysis[part] is not None:
            _PARTS[part](analysis[part])
    if analysis["kind"] == "files":
        table([[one["op"], one["path"], _lines(one)] for one in analysis["files"]], indent="  ")
    for line in analysis["findings"]:
        emit("  ", Paint("note: ", "yellow"), line)
    for one in analysis["not_analysed"]:
        emit("  ", Paint("not looked into: ", "yellow"), one["path"], ": ", one["why"])


def _documentation(part: Json) -> None:
    for page in part["pages"]:
        emit("  ", page["op"], "  ", page["path"])
        for sign, key in (("+", "headings_added"), ("-", "headings_removed")):
            for name in page[key]:
                emit("      ", sign, " ", name)
    checked = part["links"] - part["links_not_checked"]
    broken = len(part["broken_links"]) + len(part["broken_elsewhere"])
    emit("  ", counted(checked, "relative link"), f" checked, {broken} broken")


def _testing(part: Json) -> None:
    told = [f"{len(part[key])} {key}" for key, _ in _TESTS] + [f"{len(part['skipped'])} skipped"]
    emit("  tests: ", ", ".join(told))
    for key, sign in _TESTS:
        for one in part[key]:
            emit("      ", sign, f" {one['path']}::{one['test']}")


def _implementation(part: Json) -> None:
    emit(
        "  ",
        counted(len(part["code"]), "file"),
        " of code, ",
        counted(len(part["tests"]), "file"),
        " of tests",
    )
    for sign, key in (("+", "names_added"), ("-", "names_removed")):
        for one in part[key]:
            emit("      ", sign, f" {one['path']}: {one['name']}")


_PARTS = {"documentation": _documentation, "testing": _testing, "implementation": _implementation}


def _tasks(one: Json) -> str:
    return f"{one['open']}/{one['total']} open"


def _ready(one: Json) -> list[Part]:
    word = Paint("ready", "green") if one["ready"] else Paint("not ready", "yellow")
    return [Paint(one["task_id"], "yellow"), word, one["status"] or "", one["title"] or ""]


def _check(one: Json) -> list[Part]:
    word = Paint("ok", "green") if one["ready"] else Paint("open", "yellow")
    return [one["check"].replace("_", " "), word, one["detail"]]


def _lines(one: Json) -> str:
    return "" if one["added"] is None else f"+{one['added']} -{one['removed']}"


def _list(title: str, lines: list[str]) -> None:
    if lines:
        heading(title)
        for line in lines:
            emit("  - ", line)
