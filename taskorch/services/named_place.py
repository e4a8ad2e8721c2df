"""A place that a user names: a file, a folder, or a line of a file."""

from __future__ import annotations

import re

from taskorch.errors import TaskorchError
from taskorch.git import disk, worktree
from taskorch.git.trees import folders_among
from taskorch.services.shell_words import word
from taskorch.services.workspace import Workspace

_WITH_LINE = re.compile(r"(?P<path>.+):(?P<line>[0-9]{1,9})\Z", re.DOTALL)


def place_of(ws: Workspace, named: str) -> tuple[str, int | None]:
    """The path from the root and the line that are meant: a file that is named so with its colon wins."""
    whole = ws.repo.relative(named, ws.start)
    parts = _WITH_LINE.match(named)
    if not parts or _is_known(ws, whole):
        return whole, None
    shorter = _WITH_LINE.match(parts["path"])
    if shorter and not _is_known(ws, ws.repo.relative(parts["path"], ws.start)):
        parts = shorter  # path:line:column, as compilers name places
    if int(parts["line"]) < 1:
        raise TaskorchError("lines are counted from 1", hint=f"taskorch why {word(parts['path'] + ':1')}")
    return ws.repo.relative(parts["path"], ws.start), int(parts["line"])


def _is_known(ws: Workspace, path: str) -> bool:
    here = ws.repo.has_work_tree and disk.is_there(ws.repo.work_tree, path)
    return here or worktree.states_at(ws.repo, ws.repo.head, [path])[path] is not None


def is_folder(ws: Workspace, path: str) -> bool:
    here = ws.repo.has_work_tree and disk.is_folder(ws.repo.work_tree, path)
    there = path == "." or bool(ws.repo.head and folders_among(ws.repo, ws.repo.head, [path]))
    return there or (here and worktree.states_at(ws.repo, ws.repo.head, [path])[path] is None)
