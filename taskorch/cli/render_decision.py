"""Decisions, for people."""

from __future__ import annotations

from taskorch.cli.output import Json, Paint, Part, emit, emit_body, problems, short_ids, status_paint, table

_LINKS = (
    "supersedes", "superseded_by", "refines", "refined_by",
    "reverses", "reversed_by", "clarifies", "clarified_by",
)  # fmt: skip


def decision_made(data: Json) -> None:
    """A new decision and what comes next."""
    emit("made ", Paint(data["id"], "yellow"), "  ", Paint(data["title"], bold=True))
    emit("  ", data["path"])
    if data["status"] == "proposed":
        emit("next: taskorch decision accept ", data["id"])


def decision_changed(data: Json) -> None:
    """A decision after a change."""
    emit(
        Paint(data["id"], "yellow"), "  ", status_paint(data["status"]), "  ", Paint(data["title"], bold=True)
    )
    emit("  ", data["path"])
    if data.get("superseded") and data["status"] == "proposed":
        emit("it is only proposed yet: taskorch decision accept ", data["id"])
    if data.get("superseded"):
        old = data["superseded"]
        emit(
            "in place of ", Paint(old["id"], "yellow"), "  ", status_paint(old["status"]), "  ", old["title"]
        )


def decision_table(data: Json) -> None:
    """One line a decision."""
    short = short_ids([one["id"] for one in data["decisions"]])
    table([_row(one, short[one["id"]]) for one in data["decisions"]])
    if not data["decisions"]:
        emit("no decisions")
    problems(data["problems"])


def decision_whole(data: Json) -> None:
    """All of one decision."""
    decision_changed(data)
    rows: list[list[Part]] = [[key, str(data[key])] for key in ("date", "category", "impact") if data[key]]
    for key in ("decision_makers", "tasks", "governs", "components", "labels"):
        rows += [[key.replace("_", " "), ", ".join(data[key])]] if data[key] else []
    for key in _LINKS:
        titled = [f"{other} {data['link_titles'].get(other, '(not here)')}" for other in data[key]]
        rows += [[key.replace("_", " "), ", ".join(titled)]] if titled else []
    table(rows, indent="  ")
    emit("")
    emit_body(data["body"])


def _row(one: Json, short: str) -> list[Part]:
    by = f"  (by {', '.join(one['superseded_by'])})" if one["superseded_by"] else ""
    return [Paint(short, "yellow"), one["date"] or "", status_paint(one["status"]), one["title"] + by]
