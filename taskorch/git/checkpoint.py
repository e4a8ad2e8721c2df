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

from taskorch.git.safety import in_safety
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
    asked = ["fast-import", "--quiet", "--done", "--force", "--date-format=raw"]
    return in_safety(folder, asked, stdin=stream).text.strip()


def checkpoints(folder: Path) -> list[Checkpoint]:
    """All checkpoints of a safety store, the newest first."""
    if not (folder / "HEAD").exists():
        return []
    shown = "%(refname)%00%(objectname)%00%(tree)%00%(contents:subject)%00%(contents:body)%00%01"
    found = []
    for entry in in_safety(folder, ["for-each-ref", f"--format={shown}", _REFS]).text.split("\1"):
        fields = entry.lstrip("\n").split("\0")
        number = fields[0].removeprefix(_REFS)
        if number.isdecimal():
            head = next((line[6:] for line in fields[4].splitlines() if line.startswith("Head: ")), "")
            found.append(Checkpoint(int(number), fields[1], fields[2], head or None, fields[3]))
    return sorted(found, key=lambda one: one.step, reverse=True)


def drop(folder: Path, steps: Iterable[int]) -> None:
    """Delete checkpoints; what they alone held goes with the next sweep."""
    lines = "".join(f"delete {_REFS}{step}\n" for step in steps)
    if lines:
        in_safety(folder, ["update-ref", "--stdin"], stdin=lines.encode())


def states_in(folder: Path, checkpoint: Checkpoint) -> dict[str, str]:
    """Path and state (``"<mode> <object id>"``) of all files of a checkpoint."""
    listed = in_safety(folder, ["ls-tree", "-r", "-z", "--full-tree", checkpoint.commit]).text
    return dict(tree_entries(listed))


def state_in(folder: Path, checkpoint: Checkpoint, path: str) -> str | None:
    """The state of one file of a checkpoint, None if it has none."""
    listed = in_safety(folder, ["ls-tree", "-z", "--full-tree", checkpoint.commit, "--", path]).text
    return dict(tree_entries(listed)).get(path)


def held(folder: Path, checkpoint: Checkpoint | None = None) -> set[str]:
    """The ids of all objects that a checkpoint holds, or all of them."""
    which = checkpoint.commit if checkpoint else f"--glob={_REFS}*"
    return set(in_safety(folder, ["rev-list", "--objects", "--no-object-names", which]).text.split())


def _quoted(path: str) -> bytes:
    """A path as fast-import wants it: in quotes, with octal escapes."""
    escaped = b"".join(
        b"\\%03o" % byte if byte in b'"\\' or byte < 0x20 else bytes([byte]) for byte in os.fsencode(path)
    )
    return b'"%s"' % escaped
