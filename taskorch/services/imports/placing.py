"""The paths of a project that is not at the root of the work tree."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from pathlib import Path

from taskorch.interchange.foreign import Foreign
from taskorch.services.workspace import Workspace


def folder_of(ws: Workspace, foreign: Foreign) -> str:
    """Where the project is within the work tree, as git spells it; empty at its root.

    A project that is elsewhere is taken for the one of the store.
    """
    top = ws.repo.work_tree.resolve()
    if foreign.root and Path(foreign.root).is_relative_to(top):
        folder = Path(foreign.root).relative_to(top).as_posix()
        return "" if folder == "." else folder
    return posixpath.dirname(ws.prefix)


def placed(foreign: Foreign, folder: str) -> Foreign:
    """The same with the paths that its root is known for relative to the work tree."""
    if not folder or foreign.root is None:
        return foreign
    tasks = [replace(one, artifacts=_within(folder, one.artifacts)) for one in foreign.tasks]
    decisions = [replace(one, governs=_within(folder, one.governs)) for one in foreign.decisions]
    return replace(foreign, tasks=tasks, decisions=decisions)


def _within(folder: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(posixpath.join(folder, path) for path in paths)
