"""Claims, verdicts and reviews, for people."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.cli.output import Json, Paint, Part, emit, heading, problems, status_paint, table
from taskorch.cli.render_safety import not_kept


def tracked(data: Json) -> None:
    """What was tracked."""
    if data.get("undone"):
        emit(f"no longer tracked for {data['task_id']}: {', '.join(data['undone'])}")
    elif data["operations"]:
        emit(f"tracked for {data['task_id']} in session {data['session_id']}:")
    else:
        emit(f"tracked for {data['task_id']}: it came and went in this session, nothing is left to claim")
    table([[one["op"], _path(one)] for one in data["operations"]], indent="  ")
    not_kept(data["checkpoint"])


def verified(data: Json) -> None:
    """The whole, then one line a file."""
    where = f"in {data['target']}" if data["target"] else "in HEAD, index and work tree"
    commit = f" ({data['commit'][:10]})" if data["commit"] else ""
    emit(status_paint(data["status"]), f" {where}{commit}")
    total, landed = len(data["files"]), sum(row["counts_as"] == "landed" for row in data["files"])
    if total:
        on_disk = "" if data["target"] else f"on disk {data['on_disk_count']}/{total}, "
        emit(f"{on_disk}landed {landed}/{total}")
    else:
        emit("no claims: nothing to verify")
    by_task: dict[str, list[Json]] = {}
    for row in data["files"]:
        by_task.setdefault(row["task"], []).append(row)
    for task, files in by_task.items():
        if len(by_task) > 1:
            heading(f"{task}  {files[0]['title'] or ''}")
        verdicts(files)
    for path in data["unfounded"]:
        emit(Paint("unfounded: ", "red"), path, "  was tracked, but has not changed")
    unclaimed = data["unclaimed"]
    if unclaimed:
        more = f" and {len(unclaimed) - 5} more" if len(unclaimed) > 5 else ""
        emit("changed as well, in no claim: ", ", ".join(unclaimed[:5]), more)
    problems(data["problems"])
    for note in data["notes"]:
        emit(Paint("note: ", "yellow"), note)


def verdicts(files: Sequence[Json]) -> None:
    """One line a file: rung, path, detail."""
    rows: list[list[Part]] = []
    for row in files:
        rung = status_paint(row["counts_as"] if row["counts_as"] != "failed" else "failed", row["rung"])
        rows.append([rung, row["op"], _path(row), row["detail"]])
    table(rows, indent="  ")


def landed_part(found: Json | None) -> Part:
    """How many of a task's claims have landed; empty where it has none."""
    if not found:
        return ""
    undone = f", {found['reverted']} reverted" if found["reverted"] else ""
    color = "red" if undone else "green" if found["status"] == "verified" else "yellow"
    return Paint(f"landed {found['landed']}/{found['files']}{undone}", color)


def _path(one: Json) -> str:
    return f"{one['from']} -> {one['path']}" if one.get("from") else str(one["path"])
