"""What archive and migrate print for people."""

from __future__ import annotations

from taskorch.cli.output import Json, Paint, emit, heading, table
from taskorch.services.markdown import counted

_MOST = 20


def archive(data: Json) -> None:
    """What was moved, what has to wait, and the count."""
    verb = "would be " if data["dry_run"] else ""
    rows = [
        [Paint(one["id"], "yellow"), f"closed {one['closed'][:10]}", one["title"]] for one in data["archived"]
    ]
    table(rows[:_MOST])
    if len(rows) > _MOST:
        emit(f"and {len(rows) - _MOST} more")
    if data["held"]:
        heading("old enough, but to stay")
        table([[Paint(one["id"], "yellow"), one["reason"]] for one in data["held"]], indent="  ")
    if data["returned"]:
        heading(f"{verb}moved back: something in its tree is open")
        table([[Paint(one["id"], "yellow"), one["title"]] for one in data["returned"]], indent="  ")
    number = counted(len(data["archived"]), "record")
    emit(f"{number} {verb}moved to the archive (closed at least {data['older_than']} ago)")


def migrate(data: Json) -> None:
    """The checklist, then the steps."""
    checks = data["checklist"]
    access, backup = checks["access"], checks["backup"]
    _item(access["ok"], "access", "the store can be read and written")
    for line in access["problems"]:
        emit("  ", line)
    unsaved = counted(len(backup["uncommitted"]), "record file")
    _item(backup["ok"], "backup", "all is committed" if backup["ok"] else f"{unsaved} not committed")
    emit("  checkpoint: ", backup["checkpoint"] or "none yet (taskorch checkpoint makes one)")
    active = checks["active_tasks"]
    _item(True, "active tasks", str(len(active)))
    table([[Paint(one["id"], "yellow"), one["title"]] for one in active], indent="  ")
    for step in data["steps"]:
        emit(f"step {step['number']}: {step['title']}", "" if data["check"] else "  done")
    if not data["steps"]:
        emit(f"format {data['format']}: nothing to be migrated")
    elif data["check"]:
        emit(f"format {data['format']}, to become {data['target']}: taskorch migrate")
    else:
        emit(f"format {data['target']}: {counted(len(data['changed']), 'file')} changed")


def _item(ok: bool, name: str, words: str) -> None:
    emit(Paint("ok  " if ok else "no  ", "green" if ok else "red"), f"{name}: {words}")
