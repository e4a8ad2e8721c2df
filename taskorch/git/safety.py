"""The safety store's repository: a private bare one in our folder of the git directory.

It has no alternates, so that what git prunes in the user's repository stays here, and no refs in
theirs.  Plain git reads it: ``git --git-dir=.git/taskorch/safety ...``.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from taskorch.git.process import Finished, git_alone

# what is stored is flushed to disk, and stays in files of one object each: retention deletes those
_SETTINGS = (
    "core.fsync=loose-object,reference",
    "core.looseCompression=1",
    "fastimport.unpackLimit=1000000000",
)
_CONFIG = [part for setting in _SETTINGS for part in ("-c", setting)]


def make_repository(folder: Path) -> None:
    """Make the repository, for its owner's eyes only, if it is not there.  Raises GitFailed."""
    if not (folder / "HEAD").exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        in_safety(folder, ["init", "--quiet", "--template=", "--object-format=sha1", "--initial-branch=none"])


def in_safety(
    folder: Path,
    arguments: Sequence[str],
    *,
    stdin: bytes | BinaryIO | None = None,
    allow: Sequence[int] = (0,),
) -> Finished:
    """Run git in the safety store's repository.  Raises GitFailed."""
    return git_alone([*_CONFIG, *arguments], folder, stdin=stdin, allow=allow)


def loose_blob(data: bytes) -> tuple[str, bytes]:
    """The object id of a blob, and the bytes of the file that git keeps it in.

    The format is that of https://git-scm.com/book/en/v2/Git-Internals-Git-Objects.  Starting git for
    each record that is written would take longer than all the rest.
    """
    whole = b"blob %d\0" % len(data) + data
    return hashlib.sha1(whole, usedforsecurity=False).hexdigest(), zlib.compress(whole, 1)


def read_blobs(folder: Path, oids: Iterable[str]) -> dict[str, bytes]:
    """The contents of those of the blobs that are there, by object id."""
    wanted = list(dict.fromkeys(oids))
    if not wanted or not (folder / "HEAD").exists():
        return {}
    left = in_safety(
        folder, ["cat-file", "--batch"], stdin="".join(f"{oid}\n" for oid in wanted).encode()
    ).out
    found: dict[str, bytes] = {}
    for oid in wanted:  # answered in order: "<oid> blob <size>\n<content>\n", or "<oid> missing\n"
        head, _, left = left.partition(b"\n")
        if head.endswith(b" missing"):
            continue
        size = int(head.split(b" ")[2])
        found[oid], left = left[:size], left[size + 1 :]
    return found
