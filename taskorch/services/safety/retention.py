"""What the safety store keeps: steps and checkpoints up to an age, a count and a size."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from taskorch.git import checkpoint
from taskorch.git.object_files import ObjectFile, object_files
from taskorch.services.safety.journaling import journal_of
from taskorch.store import files
from taskorch.store.config import Limits
from taskorch.store.journal import Step
from taskorch.store.layout import SAFETY

_AT_LEAST = 20
"""So many steps stay whatever their age: a clock may have been wrong."""

_IN_USE = 3600.0
"""Seconds for which a new object stays though nothing names it yet: a command may be about to."""


def keep_within_limits(private: Path, limits: Limits, now: str) -> None:
    """Drop steps that are too old or too many, then the objects nothing names.  Under the lock.

    `private` is our folder in the git directory, `now` the time in ISO form.  Raises TaskorchError.
    """
    journal, folder = journal_of(private), private / SAFETY
    steps = journal.steps()
    kept = _within_size(folder, _young(steps, limits, now), limits.safety_mib * 1024 * 1024)
    if len(kept) < len(steps):
        journal.rewrite(kept)
        _drop_checkpoints(folder, kept)
    _sweep(folder / "objects", _named_by(kept) | checkpoint.held(folder))
    _sweep(private / "objects", _named_by_sessions(private))


def _young(steps: list[Step], limits: Limits, now: str) -> list[Step]:
    """The steps that are neither too old nor too many."""
    oldest = datetime.fromisoformat(now) - timedelta(days=limits.safety_days)
    newest = steps[-limits.safety_steps :]
    return [step for step in newest[:-_AT_LEAST] if _is_after(step, oldest)] + newest[-_AT_LEAST:]


def _is_after(step: Step, oldest: datetime) -> bool:
    try:
        return datetime.fromisoformat(step.time) >= oldest
    except (ValueError, TypeError):
        return False


def _within_size(folder: Path, steps: list[Step], room: int) -> list[Step]:
    """The newest of the steps whose images and checkpoints have room together (bytes)."""
    every = list(object_files(folder / "objects"))
    if sum(one.size for one in every) <= room:
        return steps
    files = {oid: one for one in every for oid in one.oids}
    by_commit = {one.commit: one for one in checkpoint.checkpoints(folder)}
    kept: list[Step] = []
    counted: set[ObjectFile] = set()
    for step in reversed(steps):
        named = _named_by([step])
        if step.checkpoint in by_commit:
            named |= checkpoint.held(folder, by_commit[step.checkpoint])
        counted |= {files[oid] for oid in named if oid in files}
        if sum(one.size for one in counted) > room:
            break
        kept.append(step)
    return kept[::-1]


def _drop_checkpoints(folder: Path, kept: Iterable[Step]) -> None:
    wanted = {step.checkpoint for step in kept}
    checkpoint.drop(folder, [o.step for o in checkpoint.checkpoints(folder) if o.commit not in wanted])


def _named_by(steps: Iterable[Step]) -> set[str]:
    """The object ids of the images of steps."""
    images = (image for step in steps for image in (*step.files, *step.local))
    return {state[7:] for image in images for state in (image.before, image.after) if state}


def _named_by_sessions(private: Path) -> set[str]:
    """The ids of the objects that open sessions have seen."""
    texts = (path.read_text() for path in private.glob("worktrees/*/sessions/*.json"))
    return {oid for text in texts for oid in re.findall(r"[0-9a-f]{40}", text)}


def _sweep(folder: Path, named: set[str]) -> None:
    now = time.time()
    for one in object_files(folder):
        if not one.oids & named and now - one.made > _IN_USE:
            for path in one.paths:
                files.remove(path)
