"""The steps of a work tree: what its commands did, and which of that stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from taskorch.services.safety.journaling import journal_of
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store.journal import Image, Step
from taskorch.store.layout import KEPT


def list_steps(ws: Workspace, limit: int | None = None) -> Json:
    """The steps of this work tree, the newest first."""
    steps = steps_here(ws)
    taken = taken_back(steps)
    rows = [step_row(step, taken) for step in reversed(steps)]
    return {"undone": [], "step": None, "files": [], "steps": rows[:limit]}


def steps_here(ws: Workspace) -> list[Step]:
    """The steps that the journal has of this work tree, the oldest first."""
    return [step for step in journal_of(ws.private).steps() if step.worktree == ws.local.worktree]


def kept_records(step: Step) -> list[Image]:
    """What a step did to records that are kept in the git directory; paths relative to our folder there."""
    return [image for image in step.local if image.path.startswith(f"{KEPT}/")]


def taken_back(steps: Iterable[Step]) -> dict[int, int]:
    """Which steps do not stand, and by which later step each was taken back.

    Taking back an undo makes what it took back stand again.
    """
    by: dict[int, int] = {}
    targets: dict[int, tuple[int, ...]] = {}
    for step in steps:
        targets[step.number] = step.undoes
        for number in step.undoes:
            by[number] = step.number
            for again in targets.get(number, ()):
                by.pop(again, None)
    return by


def step_row(step: Step, taken: Mapping[int, int]) -> Json:
    """The JSON form of a step; `taken` as `taken_back` gives it."""
    return {
        "step": step.number,
        "time": step.time,
        "command": step.command,
        "files": [{"path": one.path, "before": one.before, "after": one.after} for one in step.files],
        "undoes": list(step.undoes),
        "undone_by": taken.get(step.number),
        "checkpoint": step.checkpoint,
    }
