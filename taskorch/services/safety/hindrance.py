"""What stands in the way of a file that is to be put back."""

from __future__ import annotations

import stat
from pathlib import PurePosixPath

from taskorch.errors import TaskorchError
from taskorch.git import disk
from taskorch.services.workspace import Workspace


def hindrance(ws: Workspace, path: str) -> str | None:
    """What stands where a folder above a file was, None if nothing does."""
    for folder in PurePosixPath(path).parents:
        mode = disk.mode(ws.repo.work_tree, str(folder))
        if mode is not None and not stat.S_ISDIR(mode):
            return f"{folder} is no folder now"
        if str(folder) != "." and disk.is_there(ws.repo.work_tree, f"{folder}/.git"):
            return f"{folder} is a repository of its own now"
    return None


def refuse_hindered(ws: Workspace, path: str) -> None:
    """Raise TaskorchError if a file cannot be put at a path, or not without leaving the work tree."""
    why = hindrance(ws, path)
    if why:
        raise TaskorchError(
            f"{path} cannot be put in its place: {why}", hint="move that away, and repeat the command"
        )
