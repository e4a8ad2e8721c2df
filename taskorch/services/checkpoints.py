"""Checkpoints: full copies of what is changed in the work tree, in the safety store."""

from __future__ import annotations

import stat
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from taskorch.errors import GitFailed, TaskorchError, WriteFailed
from taskorch.git import checkpoint, worktree
from taskorch.git.checkpoint import Checkpoint
from taskorch.git.paths import is_record
from taskorch.git.private_files import is_private
from taskorch.git.safety import blob_id
from taskorch.records import sections
from taskorch.services.copied_files import CopiedFiles, Stamp, stamp_of
from taskorch.services.journaling import FOLDER
from taskorch.services.shapes import Json
from taskorch.services.steps import steps_here
from taskorch.services.workspace import Workspace
from taskorch.store.contents import content_of
from taskorch.store.files import TEMPORARY
from taskorch.store.journal import Step

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
    ws.step.prepare()
    last = next((step for step in reversed(steps_here(ws)) if step.checkpoint), None)
    known = CopiedFiles.load(_cache(ws))
    if last and last.checkpoint == known.commit:
        with suppress(GitFailed):  # a content that the last one had may be lost: then all are copied
            return _taken(ws, message, last, known)
    return _taken(ws, message, last, CopiedFiles())


def _taken(ws: Workspace, message: str, last: Step | None, known: CopiedFiles) -> Json:
    folder, copying = ws.private / FOLDER, _Copying(ws, known)
    with TemporaryFile(dir=folder) as stream:
        copying.run(stream)
        if not copying.states or copying.is_as_before():
            same = last if last and copying.states else None
            return _answer(same.number if same else None, same.checkpoint if same else None, copying)
        seconds = int(datetime.fromisoformat(ws.now()).timestamp())
        checkpoint.write_commit(stream, ws.step.number, _message(ws, message), seconds, copying.states)
        stream.seek(0)
        commit = checkpoint.make(folder, stream)
    ws.step.checkpoint(commit)
    copying.copied(commit).save(_cache(ws))
    return _answer(ws.step.number, commit, copying)


def _cache(ws: Workspace) -> Path:
    """The file that says what the last checkpoint of this work tree copied."""
    return ws.private / FOLDER / f"last-{ws.local.worktree}.json"


def checkpoints_here(ws: Workspace) -> list[Checkpoint]:
    """The checkpoints of this work tree, the newest first."""
    mine = {step.checkpoint for step in steps_here(ws)}
    return [one for one in checkpoint.checkpoints(ws.private / FOLDER) if one.commit in mine]


class _Copying:
    """The files of a checkpoint while it is taken: states and stamps by path, and what is left out."""

    def __init__(self, ws: Workspace, known: CopiedFiles) -> None:
        self.ws = ws
        self.known = known
        self.time = time.time_ns()
        self.states: dict[str, str] = {}
        self.stamps: dict[str, Stamp] = {}
        self.left_out: list[Json] = []

    def run(self, stream: BinaryIO) -> None:
        """Put the contents that are new into the stream."""
        limits, total = self.ws.limits, 0
        for path in worktree.changed(self.ws.repo):
            if is_record(path) and path.rsplit("/", 1)[-1].startswith(TEMPORARY):
                continue  # of the command that is writing now
            try:
                stamp = stamp_of(self.ws.repo.work_tree / path)
                why = _why_not(path, stamp, limits.checkpoint_file_mib * _MIB)
                if why is None and total + stamp[0] > limits.checkpoint_mib * _MIB:
                    why = f"with it there would be more than {limits.checkpoint_mib} MiB (checkpoint_mib)"
                known = None if why else self.known.state(path, stamp)
                content = None if why or known else content_of(self.ws.repo.work_tree / path)
            except (FileNotFoundError, NotADirectoryError):
                continue  # gone: there is nothing to be copied
            except (OSError, WriteFailed):
                why, known, content = "it cannot be read", None, None
            if why:
                self.left_out.append({"path": path, "why": why})
                continue
            if content:
                checkpoint.write_blob(stream, content.data)
                known = f"{content.mode} {blob_id(content.data)}"
            if known is None:
                continue
            self.states[path] = known
            total += stamp[0]
            self.stamps[path] = stamp

    def is_as_before(self) -> bool:
        """Whether these are the files of the checkpoint before, none of them changed."""
        return self.states == {path: state for path, (state, _) in self.known.files.items()}

    def copied(self, commit: str) -> CopiedFiles:
        """What the next checkpoint needs to know."""
        kept = {path: (self.states[path], stamp) for path, stamp in self.stamps.items()}
        return CopiedFiles(commit, self.time, kept)


def _why_not(path: str, stamp: Stamp, most: int) -> str | None:
    """Why a file is not copied, None if it is."""
    if is_private(path):
        return "its name is one that secrets have"
    if stat.S_ISDIR(stamp[4]):
        return "a repository of its own"
    if stat.S_ISREG(stamp[4]) and stamp[0] > most:
        return f"larger than {most // _MIB} MiB (checkpoint_file_mib)"
    return None


def _message(ws: Workspace, message: str) -> str:
    branch = ws.repo.branch or "detached"
    return f"{sections.one_line(message)}\n\nHead: {ws.repo.head or ''}\nBranch: {branch}\n"


def _answer(step: int | None, commit: str | None, copying: _Copying) -> Json:
    return {
        "step": step,
        "commit": commit,
        "files": list(copying.states),
        "left_out": copying.left_out,
        "failed": None,
    }
