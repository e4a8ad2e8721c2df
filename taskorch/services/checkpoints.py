"""Checkpoints: full copies of what is changed in the work tree, in the safety store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO

from taskorch.errors import GitFailed, TaskorchError, WriteFailed
from taskorch.git import checkpoint, worktree
from taskorch.git.checkpoint import Checkpoint
from taskorch.git.private_files import is_private
from taskorch.records import sections
from taskorch.services.journaling import FOLDER
from taskorch.services.shapes import Json
from taskorch.services.steps import steps_here
from taskorch.services.workspace import Workspace
from taskorch.store.contents import content_of

_MIB = 1024 * 1024


def make_checkpoint(ws: Workspace, message: str | None = None) -> Json:
    """Copy all changed and untracked files that git does not ignore.  Raises TaskorchError."""
    with ws.recording("checkpoint"):
        return take(ws, message or "checkpoint")


def take_if_possible(ws: Workspace, message: str) -> Json:
    """`take`, for a command that does not depend on it: where it fails, the answer says why."""
    try:
        return take(ws, message)
    except (GitFailed, WriteFailed, OSError) as error:
        words = error.message if isinstance(error, TaskorchError) else str(error)
        return {"step": None, "commit": None, "files": [], "left_out": [], "failed": words}


def take(ws: Workspace, message: str) -> Json:
    """A checkpoint of the work tree as it is now, unless the last one is the same.  Under the lock."""
    files = ws.private / FOLDER
    left_out: list[Json] = []
    ws.step.prepare()
    with TemporaryFile(dir=files) as stream:
        kept = list(_copied(ws, stream, left_out))
        if not kept:
            return _answer(None, [], left_out)
        seconds = int(datetime.fromisoformat(ws.now()).timestamp())
        checkpoint.write_commit(stream, ws.step.number, _message(ws, message), seconds, kept)
        stream.seek(0)
        made = checkpoint.make(files, ws.step.number, stream)
    last = next((one for one in checkpoints_here(ws) if one.step != made.step), None)
    if last and last.tree == made.tree:
        checkpoint.drop(files, [made.step])
        made = last
    else:
        ws.step.checkpoint(made.commit)
    return _answer(made, [path for _, path, _ in kept], left_out)


def checkpoints_here(ws: Workspace) -> list[Checkpoint]:
    """The checkpoints of this work tree, the newest first."""
    mine = {step.checkpoint for step in steps_here(ws)}
    return [one for one in checkpoint.checkpoints(ws.private / FOLDER) if one.commit in mine]


def _copied(ws: Workspace, stream: BinaryIO, left_out: list[Json]) -> Iterator[tuple[str, str, int]]:
    """Mode, path and mark of each file whose content was put into the stream; the others with a reason."""
    limits, total, mark = ws.limits, 0, 0
    for path in worktree.changed(ws.repo):
        file = ws.repo.work_tree / path
        why = _why_not(ws, path, limits.checkpoint_file_mib * _MIB)
        content = None
        if why is None:
            try:
                content = content_of(file)
            except WriteFailed:
                why = "it cannot be read"
        if content and total + len(content.data) > limits.checkpoint_mib * _MIB:
            why = f"with it there would be more than {limits.checkpoint_mib} MiB (checkpoint_mib)"
        if why:
            left_out.append({"path": path, "why": why})
        elif content:
            total += len(content.data)
            mark += 1
            checkpoint.write_blob(stream, mark, content.data)
            yield content.mode, path, mark


def _why_not(ws: Workspace, path: str, most: int) -> str | None:
    """Why a file is not copied, None if it is; one that is gone has nothing to be copied."""
    file = ws.repo.work_tree / path
    if is_private(path):
        return "its name is one that secrets have"
    if file.is_dir() and not file.is_symlink():
        return "a repository of its own"
    if not file.is_symlink() and file.exists() and file.stat().st_size > most:
        return f"larger than {most // _MIB} MiB (checkpoint_file_mib)"
    return None


def _message(ws: Workspace, message: str) -> str:
    branch = ws.repo.branch or "detached"
    return f"{sections.one_line(message)}\n\nHead: {ws.repo.head or ''}\nBranch: {branch}\n"


def _answer(made: Checkpoint | None, files: Sequence[str], left_out: Sequence[Json]) -> Json:
    return {
        "step": made.step if made else None,
        "commit": made.commit if made else None,
        "files": list(files),
        "left_out": list(left_out),
        "failed": None,
    }
