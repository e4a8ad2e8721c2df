"""Checkpoints: commits of the safety store whose trees hold files as they were on disk.

They have no parents and stand under ``refs/checkpoints/<step>``, so that plain git lists and shows them.
Contents are the bytes on disk: no filter is asked when they are taken or put back.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from taskorch.git.safety import in_safety, is_there, kept_objects, read_objects
from taskorch.git.worktree import tree_entries

_REFS = "refs/checkpoints/"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint: the step that made it, commit and tree, the HEAD of then, the message's first line."""

    step: int
    commit: str
    tree: str
    head: str | None
    subject: str


def write_blob(stream: BinaryIO, data: bytes) -> None:
    """Add a content to a stream for `make`.  Format: https://git-scm.com/docs/git-fast-import"""
    stream.write(b"blob\ndata %d\n" % len(data))
    stream.write(data)
    stream.write(b"\n")


def write_commit(stream: BinaryIO, step: int, message: str, seconds: int, states: Mapping[str, str]) -> None:
    """End a stream for `make` with the commit.

    `states` are those of the files by path, of contents in the stream or in the store; `seconds` count
    from the epoch.
    """
    text = message.encode("utf-8", "surrogateescape")
    stream.write(b"commit %s%d\nmark :1\n" % (_REFS.encode(), step))
    stream.write(b"committer taskorch <taskorch@localhost> %d +0000\n" % seconds)
    stream.write(b"data %d\n%s\n" % (len(text), text))
    for path, state in states.items():
        stream.write(b"M %s %s\n" % (state.encode(), _quoted(path)))
    stream.write(b"\nget-mark :1\ndone\n")


def make(folder: Path, stream: BinaryIO) -> str:
    """Make the checkpoint that a stream describes, flushed to disk; gives the commit.  Raises GitFailed."""
    _unlock(folder)
    asked = ["fast-import", "--quiet", "--done", "--force", "--date-format=raw"]
    return in_safety(folder, asked, stdin=stream).text.strip()


def is_whole(folder: Path, step: int, commit: str, states: Iterable[str]) -> bool:
    """Whether the checkpoint of a step is that commit still, with its root folder and these contents."""
    name, blobs = f"{_REFS}{step}", {state[7:] for state in states}
    found = kept_objects(folder, [name, f"{name}^{{tree}}", *blobs])
    return commit in found and len(found) == len(blobs) + 2


def checkpoints(folder: Path) -> list[Checkpoint]:
    """All checkpoints of a safety store, the newest first; those whose commit is lost are left out."""
    if not is_there(folder):
        return []
    listed = in_safety(folder, ["for-each-ref", "--format=%(refname) %(objectname)", _REFS]).text.split()
    steps = {name.removeprefix(_REFS): oid for name, oid in zip(listed[::2], listed[1::2], strict=True)}
    commits = read_objects(folder, steps.values())
    found = [
        _checkpoint(int(step), oid, commits[oid])
        for step, oid in steps.items()
        if step.isdecimal() and oid in commits
    ]
    return sorted(found, key=lambda one: one.step, reverse=True)


def _checkpoint(step: int, oid: str, commit: bytes) -> Checkpoint:
    """A checkpoint from its commit.

    Format: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
    """
    headers, _, message = commit.decode("utf-8", "surrogateescape").partition("\n\n")
    subject, _, body = message.partition("\n")
    head = next((line[6:] for line in body.split("\n") if line.startswith("Head: ")), "")
    return Checkpoint(step, oid, headers.split("\n")[0].removeprefix("tree "), head or None, subject)


def drop(folder: Path, steps: Iterable[int]) -> None:
    """Delete checkpoints; what they alone held goes with the next sweep."""
    lines = "".join(f"delete {_REFS}{step}\n" for step in steps)
    if lines:
        _unlock(folder)
        in_safety(folder, ["update-ref", "--stdin"], stdin=lines.encode())


def states_in(folder: Path, checkpoint: Checkpoint) -> dict[str, str]:
    """Path and state (``"<mode> <object id>"``) of all files of a checkpoint."""
    listed = in_safety(folder, ["ls-tree", "-r", "-z", "--full-tree", checkpoint.commit]).text
    return dict(tree_entries(listed))


def state_in(folder: Path, checkpoint: Checkpoint, path: str) -> str | None:
    """The state of one file of a checkpoint, None if it has none there, or a folder."""
    listed = in_safety(folder, ["ls-tree", "-z", "--full-tree", checkpoint.commit, "--", path]).text
    state = dict(tree_entries(listed)).get(path)
    return None if state is None or state.startswith("040000") else state


def held(folder: Path, checkpoint: Checkpoint | None = None) -> set[str]:
    """The ids of all objects that a checkpoint holds, or all of them."""
    which = checkpoint.commit if checkpoint else f"--glob={_REFS}*"
    return set(in_safety(folder, ["rev-list", "--objects", "--no-object-names", which]).text.split())


def _unlock(folder: Path) -> None:
    """Delete the lock files of a git that was killed: under the writer's lock no other one is at work."""
    for left in (*folder.glob(f"{_REFS}*.lock"), folder / "packed-refs.lock"):
        left.unlink(missing_ok=True)


def _quoted(path: str) -> bytes:
    """A path as fast-import wants it: in quotes, with octal escapes."""
    escaped = b"".join(
        b"\\%03o" % byte if byte in b'"\\' or byte < 0x20 else bytes([byte]) for byte in os.fsencode(path)
    )
    return b'"%s"' % escaped
