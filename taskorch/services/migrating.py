"""Bringing a store to the format that this taskorch writes, in numbered steps."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from taskorch.errors import TaskorchError
from taskorch.git.commit import changed_below
from taskorch.records import schema
from taskorch.records.collecting import collect
from taskorch.records.scalars import Typed
from taskorch.records.task import ACTIVE
from taskorch.services.safety.steps import steps_here
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store import config

Files = Mapping[str, str]
"""Texts of a store's files, by path relative to it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What brings a store from the format before `number` to it.

    ``run`` gives the files that change, None for one that is to go.  A step can be run again on what it
    made, and then changes nothing.
    """

    number: int
    title: str
    run: Callable[[Files], Mapping[str, str | None]]


STEPS: tuple[Step, ...] = ()
"""By number, one for each format but the first.  Format 1 is the first: there is nothing older."""


def migrate(ws: Workspace, *, check: bool = False) -> Json:
    """Bring the store to the present format, in one step that can be undone; with `check` only look.

    Raises NewerFormat, NoStore, and TaskorchError where the store cannot be written.
    """
    number = _format(ws)
    wanted = [step for step in STEPS if step.number > number]
    checks = checklist(ws)
    answer = {
        "format": number,
        "target": schema.FORMAT,
        "check": check,
        "checklist": checks,
        "steps": [{"number": step.number, "title": step.title} for step in wanted],
        "changed": [],
        "safety_store": ws.safety_off,
    }
    if check or not wanted:
        return answer | {"needed": bool(wanted)}
    if not checks["access"]["ok"]:
        raise TaskorchError(
            "the store cannot be written, so nothing was migrated",
            reasons=checks["access"]["problems"],
            hint="mend the permissions, and repeat taskorch migrate",
        )
    return answer | {"changed": _run(ws), "needed": False}


def checklist(ws: Workspace) -> Json:
    """What is to be looked at before a migration: access, what is saved, what is going on."""
    problems = _no_access(ws)
    unsaved = sorted(path for path, _, _ in changed_below(ws.repo, ws.prefix))
    found = collect(ws.store.files())
    active = [one for one in found.tasks.values() if one.status == ACTIVE]
    return {
        "access": {"ok": not problems, "problems": problems},
        "backup": {
            "ok": not unsaved,
            "uncommitted": unsaved,
            "checkpoint": next((one.time for one in reversed(steps_here(ws)) if one.checkpoint), None),
        },
        "active_tasks": [
            {"id": one.id, "title": one.title, "status": one.status, "specialist": one.specialist}
            for one in active
        ],
        "open_sessions": [one.id for one in found.sessions.values() if not one.ended],
    }


def _format(ws: Workspace) -> int:
    """The store's format.  Raises NewerFormat, NoStore or BadRecord."""
    return config.format_of(ws.store.read(config.NAME), ws.shown(config.NAME))


def _run(ws: Workspace) -> list[str]:
    """Carry out the steps that are wanted under the lock; gives the paths that changed."""
    with ws.recording("migrate"):
        before = _texts(ws)
        files: dict[str, str | None] = {**before}
        number = config.format_of(before[config.NAME].encode(), ws.shown(config.NAME))
        for step in STEPS:
            if step.number > number:
                texts = {path: text for path, text in files.items() if text is not None}
                files |= step.run(texts)
                settings = files[config.NAME] or ""
                files[config.NAME] = config.with_setting(settings, "format", Typed(step.number))
        changes = ws.store.changes({p: text for p, text in files.items() if before.get(p) != text})
        ws.change(changes)
        return [one.path for one in changes]


def _texts(ws: Workspace) -> dict[str, str]:
    """The settings and all records that are text; what is not, no step changes."""
    out = {config.NAME: ws.store.read(config.NAME).decode("utf-8")}
    for path, data in ws.store.files():
        if isinstance(data, bytes):
            try:
                out[path] = data.decode("utf-8")
            except UnicodeDecodeError:
                continue
    return out


def _no_access(ws: Workspace) -> list[str]:
    """The folders and files of the store that cannot be read or written, each in words."""
    root = ws.store.root
    folders = [root, *ws.store.folders(), *ws.store.archive_folders()]
    files = [root / config.NAME, *(root / path for path in ws.store.paths())]
    return [_refused(ws, one) for one in (*folders, *files) if one.exists() and not _is_open(one)]


def _is_open(path: Path) -> bool:
    return os.access(path, os.R_OK | os.W_OK)


def _refused(ws: Workspace, path: Path) -> str:
    shown = ws.shown(path.relative_to(ws.store.root).as_posix())
    return f"{shown}: {'cannot be written' if os.access(path, os.R_OK) else 'cannot be read'}"
