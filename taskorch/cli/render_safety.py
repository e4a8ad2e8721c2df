"""Answers about the safety store, for people."""

from __future__ import annotations

from taskorch.cli.output import Json, Paint, Part, emit, table
from taskorch.services.markdown import counted

_SHOWN = 10


def undone(data: Json) -> None:
    """What was taken back, and how to do it again."""
    for row in data["steps"]:
        emit("took back step ", Paint(str(row["step"]), "yellow"), "  ", row["command"])
    for file in data["files"]:
        word = "removed" if file["after"] is None else "put back"
        emit("  ", Paint(word, "red" if word == "removed" else "green"), "  ", file["path"])
    emit(Paint("to do it again: ", bold=True), f"taskorch undo {data['step']}")


def steps(data: Json) -> None:
    """One line a step."""
    rows: list[list[Part]] = []
    for row in data["steps"]:
        files = counted(len(row["files"]), "file") if row["files"] else ""
        notes = ["checkpoint"] if row["checkpoint"] else []
        notes += [f"undone by {row['undone_by']}"] if row["undone_by"] else []
        rows.append(
            [Paint(str(row["step"]), "yellow"), Paint(row["time"], dim=True), row["command"], files,
             Paint(", ".join(notes), dim=True)]
        )  # fmt: skip
    table(rows)
    if not rows:
        emit("nothing was written in this work tree yet")


def checkpoint(data: Json) -> None:
    """What was kept and what was not."""
    if data["files"]:
        kept = counted(len(data["files"]), "file")
        emit("checkpoint ", Paint(str(data["step"]), "yellow"), f"  {kept}, in the git directory")
        _paths(data["files"])
    else:
        emit("nothing has changed: no checkpoint is needed")
    for row in data["left_out"]:
        emit(Paint("left out: ", "yellow"), row["path"], ": ", row["why"])
    if data["files"]:
        emit(Paint("to bring one back: ", bold=True), "taskorch restore PATH --from checkpoint")


def not_kept(data: Json | None) -> None:
    """A line where a checkpoint that a command made by itself does not have all."""
    if data and data["failed"] and not data["failed"].startswith("the safety store is off"):
        emit(Paint("no checkpoint was made: ", "yellow"), data["failed"], err=True)
    elif data and data["left_out"]:
        count = counted(len(data["left_out"]), "changed file")
        emit(Paint("not in the checkpoint: ", "yellow"), f"{count} (taskorch checkpoint says why)", err=True)


def restored(data: Json) -> None:
    """What came back and from where."""
    word = "would come back" if data["dry_run"] else "restored"
    for row in data["restored"]:
        over = ", over what was there" if row["replaced"] else ""
        emit(Paint(word, "green"), "  ", row["path"], Paint(f"  from {row['from']}{over}", dim=True))
    for row in data["kept"]:
        emit(Paint("left as it is", "yellow"), "  ", row["path"], Paint(f"  {row['why']}", dim=True))
    if not data["restored"]:
        emit("nothing to bring back")
    elif data["step"]:
        emit(Paint("to take it back: ", bold=True), f"taskorch undo {data['step']}")


def versions(data: Json) -> None:
    """One line a version."""
    emit(Paint(data["path"], bold=True))
    table(
        [
            [Paint(row["from"], "yellow"), Paint(row["time"], dim=True), "on disk" if row["on_disk"] else "",
             row["words"]]
            for row in data["versions"]
        ],
        indent="  ",
    )  # fmt: skip
    if not data["versions"]:
        emit("  no version of it is known here")


def purged(data: Json) -> None:
    """What was removed."""
    steps_, checkpoints = counted(data["steps"], "step"), counted(data["checkpoints"], "checkpoint")
    emit(f"removed {steps_} and {checkpoints}, {data['bytes']:,} bytes")


def _paths(paths: list[str]) -> None:
    for path in paths[:_SHOWN]:
        emit("  ", path)
    if len(paths) > _SHOWN:
        emit(f"  and {len(paths) - _SHOWN} more (--json lists all)")
