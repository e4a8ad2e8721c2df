"""Checkpoints: full copies of what is changed in the work tree, in the safety store."""

from __future__ import annotations

import stat
import time
from collections.abc import Iterable, Sequence
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
from taskorch.records import sections
from taskorch.services.safety.copied_files import CopiedFiles, Stamp, stamp_of
from taskorch.services.safety.journaling import state_of
from taskorch.services.safety.steps import steps_here
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store.contents import Content, content_of
from taskorch.store.files import TEMPORARY

_MIB = 1024 * 1024


def make_checkpoint(ws: Workspace, message: str | None = None) -> Json:
    """Copy all changed and untracked files that git does not ignore.  Raises TaskorchError."""
    with ws.recording("checkpoint"):
        return take(ws, message or "checkpoint")


def take_if_possible(ws: Workspace, message: str, changed: Iterable[str] | None = None) -> Json:
    """`take`, for a command that does not depend on it: where it fails, the answer says why."""
    try:
        return take(ws, message, changed)
    except (GitFailed, WriteFailed, OSError) as error:
        words = error.message if isinstance(error, TaskorchError) else str(error)
        return {"step": None, "commit": None, "files": [], "left_out": [], "failed": words}


def take(ws: Workspace, message: str, changed: Iterable[str] | None = None) -> Json:
    """A checkpoint of the work tree as it is now, unless the last one is the same.  Under the lock.

    `changed` are the paths that differ from HEAD, where the command has just been told.
    """
    paths = None if changed is None else sorted(set(changed))
    ws.step.prepare()
    known = CopiedFiles.load(_cache(ws))
    if known.step < ws.step.number:  # else the journal was lost, and begins anew
        with suppress(GitFailed):  # a content that the last one had may be lost: then all are copied
            return _taken(ws, message, known, paths)
    return _taken(ws, message, CopiedFiles(), paths)


def _taken(ws: Workspace, message: str, known: CopiedFiles, paths: Sequence[str] | None) -> Json:
    """A checkpoint that copies what is not `known`.  Raises GitFailed where that is lost."""
    folder, copying = ws.safety_dir, _Copying(ws, known)
    with TemporaryFile(dir=folder) as stream:
        copying.run(stream, worktree.changed(ws.repo) if paths is None else paths)
        if not copying.states:
            return _answer(None, None, copying)
        if copying.is_as_before():
            if not checkpoint.is_whole(folder, known.step, known.commit, copying.states.values()):
                raise GitFailed(f"the checkpoint of step {known.step} is lost")
            return _answer(known.step, known.commit, copying)
        seconds = int(datetime.fromisoformat(ws.now()).timestamp())
        checkpoint.write_commit(stream, ws.step.number, _message(ws, message), seconds, copying.states)
        stream.seek(0)
        _cache(ws).unlink(missing_ok=True)  # killed before the end, it would tell of one that is not the last
        commit = checkpoint.make(folder, stream)
    ws.step.checkpoint(commit)
    copying.copied(ws.step.number, commit).save(_cache(ws))
    return _answer(ws.step.number, commit, copying)


def _cache(ws: Workspace) -> Path:
    """The file that says what the last checkpoint of this work tree copied."""
    return ws.safety_dir / f"last-{ws.local.worktree}.json"


def would_leave_out(ws: Workspace) -> list[Json]:
    """What a checkpoint of the work tree as it is now would not have: ``[{path, why}]``; makes none."""
    copying = _Copying(ws, CopiedFiles.load(_cache(ws)))
    copying.run(None, worktree.changed(ws.repo))
    return copying.left_out


def checkpoints_here(ws: Workspace) -> list[Checkpoint]:
    """The checkpoints of this work tree, the newest first."""
    mine = {step.checkpoint for step in steps_here(ws)}
    return [one for one in checkpoint.checkpoints(ws.safety_dir) if one.commit in mine]


class _Copying:
    """The files of a checkpoint while it is taken: states and stamps by path, and what is left out.

    ``total`` are the bytes so far.
    """

    def __init__(self, ws: Workspace, known: CopiedFiles) -> None:
        self.ws = ws
        self.known = known
        self.time = time.time_ns()
        self.states: dict[str, str] = {}
        self.stamps: dict[str, Stamp] = {}
        self.left_out: list[Json] = []
        self.total = 0

    def run(self, stream: BinaryIO | None, paths: Iterable[str]) -> None:
        """Put the contents of those of the paths that are new into the stream.

        Without a stream, look what would be left out.
        """
        for path in paths:
            if is_record(path) and path.rsplit("/", 1)[-1].startswith(TEMPORARY):
                continue  # of the command that is writing now
            try:
                stamp, state, content = self._look_at(path)
            except (FileNotFoundError, NotADirectoryError):
                continue  # gone: there is nothing to be copied
            except (OSError, WriteFailed):
                self._leave_out(path, "it cannot be read")
                continue
            if content and stream:
                checkpoint.write_blob(stream, content.data)
            if content:
                state = state_of(content)
            if state:
                self.states[path], self.stamps[path] = state, stamp
                self.total += stamp[0]

    def _look_at(self, path: str) -> tuple[Stamp, str | None, Content | None]:
        """The stamp of a file, its state where that is known, else its content; neither if it is left out.

        Raises OSError or WriteFailed.
        """
        file = self.ws.repo.work_tree / path
        stamp = stamp_of(file)
        why = self._why_not(path, stamp)
        if why:
            self._leave_out(path, why)
            return stamp, None, None
        known = self.known.state(path, stamp)
        return stamp, known, None if known else content_of(file)

    def _why_not(self, path: str, stamp: Stamp) -> str | None:
        """Why a file is not copied, None if it is."""
        limits = self.ws.limits
        if is_private(path):
            return "its name is one that secrets have"
        if stat.S_ISDIR(stamp[4]):
            return "a repository of its own"
        if stat.S_ISREG(stamp[4]) and stamp[0] > limits.checkpoint_file_mib * _MIB:
            return f"larger than {limits.checkpoint_file_mib} MiB (checkpoint_file_mib)"
        if self.total + stamp[0] > limits.checkpoint_mib * _MIB:
            return f"with it there would be more than {limits.checkpoint_mib} MiB (checkpoint_mib)"
        return None

    def _leave_out(self, path: str, why: str) -> None:
        self.left_out.append({"path": path, "why": why})

    def is_as_before(self) -> bool:
        """Whether these are the files of the checkpoint before, none of them changed."""
        return self.states == {path: state for path, (state, _) in self.known.files.items()}

    def copied(self, step: int, commit: str) -> CopiedFiles:
        """What the next checkpoint needs to know."""
        kept = {path: (self.states[path], stamp) for path, stamp in self.stamps.items()}
        return CopiedFiles(step, commit, self.time, kept)


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
