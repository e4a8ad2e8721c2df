"""The files of an object folder: loose objects, one a file, and packs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from taskorch.git.process import git

_SHA1_DIGITS = 40


@dataclass(frozen=True, slots=True)
class ObjectFile:
    """One file of objects, with those that go with it: their ids, its size in bytes, and its time.

    ``made`` is in seconds since the epoch.
    """

    oids: frozenset[str]
    paths: tuple[Path, ...]
    size: int
    made: float


def object_files(folder: Path) -> Iterator[ObjectFile]:
    """All files of an object folder."""
    for start in sorted(folder.glob("[0-9a-f][0-9a-f]")):
        with os.scandir(start) as entries:
            for entry in entries:
                found = entry.stat()
                oids = frozenset({f"{start.name}{entry.name}"})
                yield ObjectFile(oids, (Path(entry.path),), found.st_size, found.st_mtime)
    for index in sorted(folder.glob("pack/*.idx")):
        paths = tuple(sorted(index.parent.glob(f"{index.stem}.*")))
        sizes = [path.stat().st_size for path in paths]
        yield ObjectFile(_packed(index), paths, sum(sizes), index.stat().st_mtime)
    for left in folder.glob("pack/tmp_*"):  # of a git that was killed
        found = left.stat()
        yield ObjectFile(frozenset(), (left,), found.st_size, found.st_mtime)


def _packed(index: Path) -> frozenset[str]:
    """The ids of a pack's objects.  Format: https://git-scm.com/docs/git-show-index"""
    listed = git(["show-index", "--object-format=sha1"], index.parent, stdin=index.read_bytes()).text
    return frozenset(line.split(" ")[1] for line in listed.splitlines())


def is_blob(oid: str, data: bytes) -> bool:
    """Whether an object id, of SHA-1 or SHA-256, is that of a content.

    https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
    """
    algorithm = "sha1" if len(oid) == _SHA1_DIGITS else "sha256"
    return hashlib.new(algorithm, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() == oid
