"""What an import or an export did, for people."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.cli.output import Json, Paint, emit, heading
from taskorch.services.markdown import counted

_MOST = 20


def exported(data: Json) -> None:
    """The counts and the file."""
    emit("wrote ", data["output"], f": {_counts(data['files'])}")
    if data["left_out"]:
        emit("symbolic links, not exported: ", ", ".join(data["left_out"]))


def imported(data: Json) -> None:
    """What came, what was mapped, and what could not be brought in."""
    emit(Paint(data["source"], bold=True), ": ", _words(data, _counts(data["created"]) or "nothing new"))
    _listed("written otherwise than it was there", [(one["item"], one["how"]) for one in data["mapped"]])
    _listed("left out", [(one["item"], one["reason"]) for one in data["skipped"]])
    if data["dry_run"]:
        emit("")
        emit("nothing was written; without --dry-run it is")


def _words(data: Json, made: str) -> str:
    updated = f", {data['updated']} brought up to date" if data["updated"] else ""
    unchanged = f", {data['unchanged']} as before" if data["unchanged"] else ""
    return f"{made}{updated}{unchanged}"


def _listed(title: str, rows: Sequence[tuple[str, str]]) -> None:
    if not rows:
        return
    heading(f"{title}: {len(rows)}")
    for item, words in rows[:_MOST]:
        emit("  ", Paint(item, "yellow"), ": ", words)
    if len(rows) > _MOST:
        emit(f"  and {len(rows) - _MOST} more, all of them with --json")


def _counts(counts: Json) -> str:
    return ", ".join(counted(number, kind) for kind, number in counts.items() if number)
