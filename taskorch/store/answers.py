"""Answers kept for the next time: derived, disposable, never the source of truth.

Each is a small file of its own, named by the question.  It begins with a hash of the rest, so that one
that was cut off or damaged counts as none, and it is renamed into place, so that writers may race.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from taskorch.store.record_cache import NAME as RECORDS

FOLDER = "cache"
"""The folder below ours in the git directory."""

_MOST = 200
_MOST_BYTES = 64 << 20
_TEMPORARY = ".tmp-"


class Answers:
    """The answers of one repository, in a folder that need not be there nor be writable."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, question: str) -> dict[str, Any] | None:
        """What was kept for a question, None if nothing is or it is damaged."""
        try:
            said, _, body = self._file(question).read_bytes().partition(b"\n")
            if said.decode() != _hash(body):
                return None
            found = json.loads(body)
        except (OSError, ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) and found.get("question") == question else None

    def write(self, question: str, answer: dict[str, Any]) -> None:
        """Keep an answer; where that cannot be done, nothing is."""
        body = json.dumps({"question": question, **answer}).encode()
        if len(body) > _MOST_BYTES // 2:
            return
        file = self._file(question)
        temporary = file.with_name(f"{_TEMPORARY}{os.getpid()}-{file.name}")
        try:
            self._folder.mkdir(exist_ok=True)
            self._make_room(len(body))
            temporary.write_bytes(_hash(body).encode() + b"\n" + body)
            os.replace(temporary, file)
        except OSError:
            with suppress(OSError):
                temporary.unlink()

    def _make_room(self, needed: int) -> None:
        """Remove the oldest answers beyond what is kept, and what killed writers left."""
        mine = (one for one in self._folder.iterdir() if not one.name.startswith(RECORDS))
        found = sorted(((one.stat(), one) for one in mine), key=lambda one: one[0].st_mtime)
        size = sum(stat.st_size for stat, _ in found) + needed
        while found and (len(found) >= _MOST or size > _MOST_BYTES):
            stat, oldest = found.pop(0)
            size -= stat.st_size
            oldest.unlink(missing_ok=True)

    def _file(self, question: str) -> Path:
        return (
            self._folder
            / f"{hashlib.sha256(question.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}.json"
        )


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
