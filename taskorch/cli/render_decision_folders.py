"""Folders of decisions, for people."""

from __future__ import annotations

from collections import Counter

from taskorch.cli.output import Json, Paint, Part, emit, heading, status_paint, table

_TOOLS = {"madr2": "MADR 2", "madr3": "MADR 3", "madr4": "MADR 4", "other": "a way of its own"}
_SAID = 60
_FILES = 10


def adopted(data: Json) -> None:
    """What was read, and what has become of it."""
    tool = _TOOLS.get(data["dialect"], data["dialect"])
    said = (
        f"{_counted(len(data['decisions']), 'decision')}, in {tool}" if data["decisions"] else "no decisions"
    )
    emit(Paint(data["dir"], bold=True), f": {said}")
    if data["decisions"]:
        counts = Counter(row["status"] for row in data["decisions"])
        emit("  ", ", ".join(f"{number} {status}" for status, number in counts.most_common()))
        table([_row(row) for row in data["decisions"]], indent="  ")
    if data["problems"]:
        heading("problems")
        for problem in data["problems"]:
            emit("  ", Paint(f"{problem['path']}:{problem['line']}", "red"), ": ", problem["message"])
    _skipped(data)
    emit("")
    emit(*_done(data))


def _skipped(data: Json) -> None:
    """The files that are no decisions, by the reason."""
    if data["skipped"]:
        heading("other files, which stay as they are")
    reasons: dict[str, list[str]] = {}
    for one in data["skipped"]:
        reasons.setdefault(one["reason"], []).append(one["item"])
    for reason, files in reasons.items():
        more = f" and {len(files) - _FILES} more" if files[_FILES:] else ""
        emit("  ", reason, ": ", ", ".join(files[:_FILES]), more)


def exported(data: Json) -> None:
    """What was written."""
    number, left = len(data["written"]), len(data["files"]) - len(data["written"])
    emit(Paint(data["dir"], bold=True), f": {_counted(data['decisions'], 'decision')} in {data['format']}")
    emit(f"wrote {_counted(number, 'file')}" + (f"; {left} were there already" if left else ""))


def _row(row: Json) -> list[Part]:
    status = status_paint(row["status"])
    raw = row["raw_status"] or ""
    said = f"  ({raw[:_SAID]})" if raw and raw.lower() != row["status"] else ""
    number = "" if row["number"] is None else str(row["number"])
    return [Paint(row["id"], "yellow"), number, row["date"] or "", status, row["title"] + said]


def _done(data: Json) -> list[Part]:
    number = sum(row["imported"] for row in data["decisions"])
    if data["dry_run"]:
        if data["in_place"]:
            return ["nothing was written; without --dry-run config.yaml would name this folder"]
        return [f"nothing was written; without --dry-run {_counted(number, 'record')} would be made"]
    if data["in_place"]:
        return [f"adopted: decisions are kept in {data['dir']} from now on"]
    known = len(data["decisions"]) - number
    return [f"made {_counted(number, 'record')}" + (f"; {known} were there already" if known else "")]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
