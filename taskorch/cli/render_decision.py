"""Decisions, for people."""

from __future__ import annotations

from taskorch.cli.output import (
    Json,
    Line,
    Paint,
    Part,
    emit,
    emit_body,
    problems,
    short_ids,
    status_paint,
    table,
)
from taskorch.records.decision_words import LINKS

_LINKS = (
    "supersedes", "superseded_by", "refines", "refined_by",
    "reverses", "reversed_by", "clarifies", "clarified_by",
)  # fmt: skip


_BY = {
    "supersede": "in place of", "refine": "which refines", "reverse": "which reverses",
    "clarify": "which clarifies",
}  # fmt: skip


def decision_made(data: Json) -> None:
    """A new decision and what comes next."""
    emit("made ", Paint(data["id"], "yellow"), "  ", Paint(data["title"], bold=True))
    emit("  ", data["path"])
    for task in data["for_tasks"]:
        emit("for ", Paint(task["id"], "yellow"), "  ", task["title"] or "(not here)")
    if data["active_tasks"]:
        emit("for none of the active tasks: ", ", ".join(data["active_tasks"]))
        emit("  taskorch decision edit ", data["id"], " --add-task T names one")
    for kind in LINKS:
        for older in data[kind]:
            emit(kind, " ", Paint(older, "yellow"))
    if data["status"] == "proposed":
        emit("next: taskorch decision accept ", data["id"])


def decision_changed(data: Json) -> None:
    """A decision after a change."""
    emit(*_short(data))
    emit("  ", data["path"])
    for older in data.get("nothing_instead", ()):
        emit("nothing stands in the place of ", *_short(older))
        emit("  if it holds again: taskorch decision accept ", older["id"])


def decision_linked(data: Json) -> None:
    """A decision that was linked to an older one."""
    decision_changed(data)
    if data["status"] == "proposed":
        emit("it is only proposed yet: taskorch decision accept ", data["id"])
    emit(_BY[data["verb"]], " ", *_short(data["older"]))


def decision_table(data: Json) -> None:
    """One line a decision."""
    short = short_ids([one["id"] for one in data["decisions"]])
    numbered = any(one["number"] is not None for one in data["decisions"])
    table([_row(one, short[one["id"]], numbered=numbered) for one in data["decisions"]])
    if not data["decisions"]:
        emit("no decisions")
    problems(data["problems"])


def decision_whole(data: Json) -> None:
    """All of one decision."""
    decision_changed(data)
    facts = ("date", "category", "impact", "implementation", "outcome", "session")
    rows: list[list[Part]] = [[key, str(data[key])] for key in facts if data[key]]
    for key in ("decision_makers", "tasks", "governs", "components", "labels"):
        rows += [[key.replace("_", " "), ", ".join(data[key])]] if data[key] else []
    for key in _LINKS:
        titled = [f"{other} {data['link_titles'].get(other, '(not here)')}" for other in data[key]]
        rows += [[key.replace("_", " "), ", ".join(titled)]] if titled else []
    table(rows, indent="  ")
    emit("")
    emit_body(data["body"])


def _short(one: Json) -> Line:
    return Paint(one["id"], "yellow"), "  ", status_paint(one["status"]), "  ", Paint(one["title"], bold=True)


def _row(one: Json, short: str, *, numbered: bool) -> list[Part]:
    newer = [*one["superseded_by"], *one["reversed_by"]]
    by = f"  (by {', '.join(newer)})" if newer and one["status"] == "superseded" else ""
    number = ["" if one["number"] is None else str(one["number"])] if numbered else []
    return [
        Paint(short, "yellow"),
        *number,
        one["date"] or "",
        status_paint(one["status"]),
        one["title"] + by,
    ]
