"""Claims, verdicts and reviews, for people."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.cli.output import Json, Paint, Part, emit, heading, place, problems, status_paint, table


def tracked(data: Json) -> None:
    """What was tracked."""
    emit(f"tracked for {data['task_id']} in session {data['session_id']}:")
    table([[one["op"], _path(one)] for one in data["operations"]], indent="  ")


def verified(data: Json) -> None:
    """The whole, then one line a file."""
    where = f"in {data['target']}" if data["target"] else "in HEAD, index and work tree"
    commit = f" ({data['commit'][:10]})" if data["commit"] else ""
    emit(status_paint(data["status"]), f" {where}{commit}")
    total, landed = len(data["files"]), sum(row["counts_as"] == "landed" for row in data["files"])
    if total:
        emit(f"on disk {data['on_disk_count']}/{total}, landed {landed}/{total}")
    else:
        emit("no claims: nothing to verify")
    verdicts(data["files"])
    for path in data["unfounded"]:
        emit(Paint("unfounded: ", "red"), path, "  was tracked, but has not changed")
    unclaimed = data["unclaimed"]
    if unclaimed:
        more = f" and {len(unclaimed) - 5} more" if len(unclaimed) > 5 else ""
        emit("changed, but in no claim: ", ", ".join(unclaimed[:5]), more)
    problems(data["problems"])


def verdicts(files: Sequence[Json]) -> None:
    """One line a file: rung, path, detail."""
    rows: list[list[Part]] = []
    for row in files:
        rung = status_paint(row["counts_as"] if row["counts_as"] != "failed" else "failed", row["rung"])
        rows.append([rung, row["op"], _path(row), row["detail"]])
    table(rows, indent="  ")


def review(data: Json) -> None:
    """The review as Markdown."""
    base = (data["base"] or "the beginning")[:13]
    emit(f"# Review of {base[:10]}..{data['head'][:10]}")
    emit("")
    if not data["commits"]:
        emit("The range is empty: nothing to review.")
        return
    emit(f"{data['commits']} commits.")
    _bullets("Tasks", [_task(one) for one in data["tasks"]])
    _bullets("Decisions", [_decision(one) for one in data["decisions"]])
    _bullets("Claims", [_claim(one) for one in data["claims"]])
    _bullets("Changed, but in no claim", [f"`{path}`" for path in data["unclaimed"]])
    _bullets("Problems", [f"{place(one)}: {one['message']}" for one in data["problems"]])
    if not data["problems"]:
        emit("")
        emit("No problems.")


def _task(one: Json) -> str:
    was = one["from"] or "new"
    ticked = f", {one['criteria_done']}/{one['criteria_total']} criteria" if one["criteria_total"] else ""
    forced = f", **by force**: {one['forced']}" if one["forced"] else ""
    result = one["results"].splitlines()[0] if one["results"] else one["reason"] or ""
    return f"{one['id']} {one['title']}: {was} -> {one['to'] or 'removed'}{ticked}{forced}" + (
        f"\n  {result}" if result else ""
    )


def _decision(one: Json) -> str:
    was = f"{one['from']} -> " if one["from"] else ""
    why = one["rationale"].splitlines()[0] if one["rationale"] else ""
    instead = f", in place of {', '.join(one['supersedes'])}" if one["supersedes"] else ""
    return f"{one['id']} {one['title']}: {was}{one['status']}{instead}" + (f"\n  {why}" if why else "")


def _claim(one: Json) -> str:
    detail = f" ({one['detail']})" if one["detail"] else ""
    return f"**{one['rung']}** {one['op']} `{_path(one)}` for {one['task']}{detail}"


def _path(one: Json) -> str:
    return f"{one['from']} -> {one['path']}" if one.get("from") else str(one["path"])


def _bullets(title: str, items: Sequence[str]) -> None:
    if items:
        heading(f"## {title}")
        emit("")
        for item in items:
            emit("- ", item)
