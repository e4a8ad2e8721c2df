"""The journal: which command changed which files, and what they were before and after.

An append-only file of JSON objects, one a line.  A step's first line is written, and flushed to disk,
before its files are changed, so that a killed command has left word of what it was about to do; lines
that follow under the same number add to it.  Contents are images, named by object id and kept apart.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from taskorch.store import files

_TAIL = 65536
_MOST = 2**53
"""A number of steps that JSON can tell, and nobody makes."""
_OID = re.compile(r"[0-9a-f]{40}")
_STATE = re.compile(r"(100644|100755|120000) [0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Image:
    """A file's states before and after a step: ``"<mode> <object id>"``, or None where there was none."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """What one command did.

    ``files`` are paths relative to the work tree's root, ``local`` files of local state relative to our
    folder in the git directory.  ``undoes`` are the steps it took back, ``checkpoint`` the commit of the
    safety store that it made.
    """

    number: int
    time: str
    worktree: str
    command: str
    files: tuple[Image, ...] = ()
    local: tuple[Image, ...] = ()
    undoes: tuple[int, ...] = ()
    checkpoint: str | None = None


@dataclass
class Journal:
    """The journal at ``path``."""

    path: Path

    def steps(self) -> list[Step]:
        """All steps, the oldest first; lines that a crash tore, or that are damaged, are left out."""
        found: dict[int, Step] = {}
        for line in self._lines():
            step = _parsed(line)
            if step is None:
                continue
            known = found.get(step.number)
            found[step.number] = _joined(known, step) if known else step
        return list(found.values())

    def next_number(self) -> int:
        """The number of a step that is begun now.  Under the lock."""
        size = _TAIL
        while True:
            tail, whole = self._tail(size)
            for line in reversed(tail):
                number = _number(line)
                if number:  # else torn by a crash, or cut by our reading only the end
                    return number + 1
            if whole:
                return 1
            size *= 8

    def append(self, step: Step) -> None:
        """Add a step, or more of one, for good.  Under the lock.  Raises WriteFailed."""
        line = json.dumps(_told(step)).encode() + b"\n"
        try:
            files.make_folder(self.path.parent)
            is_new = not self.path.exists()
            handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "r+b", buffering=0) as file:
                end = file.seek(0, os.SEEK_END)
                if end and os.pread(file.fileno(), 1, end - 1) != b"\n":
                    line = b"\n" + line  # a crash tore the last line
                _write_whole(file.fileno(), line, end)
            if is_new:
                files.sync(self.path.parent)
        except OSError as error:
            raise files.failed(self.path, error) from None

    def size(self) -> int:
        """Its length in bytes."""
        return self.path.stat().st_size if self.path.exists() else 0

    def cut(self, size: int) -> None:
        """Take back what was added beyond a size: it was not done.  Under the lock.  Raises WriteFailed."""
        try:
            if not size:
                self.path.unlink(missing_ok=True)
            elif self.size() > size:
                os.truncate(self.path, size)
        except OSError as error:
            raise files.failed(self.path, error) from None

    def rewrite(self, steps: Iterable[Step]) -> None:
        """Keep these steps only.  Under the lock.  Raises WriteFailed."""
        files.write(self.path, b"".join(json.dumps(_told(step)).encode() + b"\n" for step in steps))

    def _lines(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                yield from file
        except FileNotFoundError:
            return

    def _tail(self, size: int) -> tuple[list[bytes], bool]:
        """The lines in the last `size` bytes, and whether that is all there is."""
        try:
            with self.path.open("rb") as file:
                end = file.seek(0, os.SEEK_END)
                file.seek(max(end - size, 0))
                return file.read().splitlines(), end <= size
        except FileNotFoundError:
            return [], True


def _write_whole(handle: int, line: bytes, end: int) -> None:
    """Append a line and flush it; if that fails, the file ends where it did."""
    try:
        written = 0
        while written < len(line):
            written += os.write(handle, line[written:])
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, end)
        raise


def _joined(known: Step, more: Step) -> Step:
    return replace(
        known,
        files=(*known.files, *more.files),
        local=(*known.local, *more.local),
        undoes=(*known.undoes, *more.undoes),
        checkpoint=more.checkpoint or known.checkpoint,
    )


def _told(step: Step) -> dict[str, Any]:
    """The JSON form of a step, what is empty left out."""
    found: dict[str, Any] = {
        "step": step.number,
        "time": step.time,
        "worktree": step.worktree,
        "command": step.command,
        "files": [[one.path, one.before, one.after] for one in step.files],
        "local": [[one.path, one.before, one.after] for one in step.local],
        "undoes": list(step.undoes),
        "checkpoint": step.checkpoint,
    }
    return {key: value for key, value in found.items() if value}


def _number(line: bytes) -> int | None:
    """The number of a line, also of one that only a later version reads."""
    try:
        number = json.loads(line)["step"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return number if _is_number(number) else None


def _is_number(found: object) -> bool:
    return type(found) is int and 0 < found < _MOST


def _parsed(line: bytes) -> Step | None:
    """The step a line tells of, None where it is none that we write."""
    try:
        found = json.loads(line)
        step = Step(
            number=found["step"],
            time=found["time"],
            worktree=str(found["worktree"]),
            command=str(found.get("command", "")),
            files=tuple(Image(*one) for one in found.get("files", ())),
            local=tuple(Image(*one) for one in found.get("local", ())),
            undoes=tuple(found.get("undoes", ())),
            checkpoint=found.get("checkpoint"),
        )
        return step if _is_sound(step) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _is_sound(step: Step) -> bool:
    """Whether all has the form that we write.  Raises ValueError or TypeError for some that has not."""
    numbers = all(map(_is_number, (step.number, *step.undoes)))
    images = all(map(_is_image, (*step.files, *step.local)))
    made = step.checkpoint is None or _OID.fullmatch(step.checkpoint) is not None
    return numbers and images and made and datetime.fromisoformat(step.time).tzinfo is not None


def _is_image(image: Image) -> bool:
    parts = image.path.split("/")
    states = (image.before, image.after)
    return not {"", ".", ".."} & {*parts} and all(one is None or _STATE.fullmatch(one) for one in states)
