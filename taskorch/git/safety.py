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

from taskorch.errors import GitFailed
from taskorch.git.process import Finished, git_alone

# what is stored is flushed to disk
_SETTINGS = (
    "core.fsync=loose-object,pack,pack-metadata,reference",
    "core.looseCompression=1",
    "pack.compression=1",
)
_DAMAGED = (
    "if the safety store is damaged: taskorch purge --local removes it, and the next command begins anew"
)
_CONFIG = [part for setting in _SETTINGS for part in ("-c", setting)]


def make_repository(folder: Path) -> None:
    """Make the repository, for its owner's eyes only, if it is not there whole.  Raises GitFailed."""
    if not _is_whole(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        in_safety(folder, ["init", "--quiet", "--template=", "--object-format=sha1", "--initial-branch=none"])


def is_there(folder: Path) -> bool:
    """Whether there is a repository to read from; one that lost a part of its frame gets it again.

    Raises GitFailed.
    """
    if (folder / "objects").is_dir():
        make_repository(folder)
    return _is_whole(folder)


def _is_whole(folder: Path) -> bool:
    """Whether all is there by which git knows a repository."""
    return all((folder / name).exists() for name in ("HEAD", "objects", "refs"))


def in_safety(
    folder: Path,
    arguments: Sequence[str],
    *,
    stdin: bytes | BinaryIO | None = None,
    allow: Sequence[int] = (0,),
) -> Finished:
    """Run git in the safety store's repository.  Raises GitFailed."""
    try:
        return git_alone([*_CONFIG, *arguments], folder, stdin=stdin, allow=allow)
    except GitFailed as error:
        raise GitFailed(error.message, hint=_DAMAGED) from None


def blob_id(data: bytes) -> str:
    """The object id of a content, as https://git-scm.com/book/en/v2/Git-Internals-Git-Objects has it.

    Starting git for each record that is written would take longer than all the rest.
    """
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def loose_blob(data: bytes) -> bytes:
    """The bytes of the file in which git keeps a content."""
    return zlib.compress(b"blob %d\0" % len(data) + data, 1)


def read_objects(folder: Path, oids: Iterable[str]) -> dict[str, bytes]:
    """The contents of those of the objects that are there, by object id."""
    wanted = list(dict.fromkeys(oids))
    if not wanted or not is_there(folder):
        return {}
    names = "".join(f"{oid}\n" for oid in wanted).encode()
    out = in_safety(folder, ["cat-file", "--batch"], stdin=names).out
    found: dict[str, bytes] = {}
    at = 0
    for oid in wanted:  # answered in order: "<oid> blob <size>\n<content>\n", or "<oid> missing\n"
        end = out.index(b"\n", at)
        head, at = out[at:end], end + 1
        if not head.endswith(b" missing"):
            size = int(head.split(b" ")[2])
            found[oid] = out[at : at + size]
            at += size + 1
    return found


def kept_objects(folder: Path, names: Iterable[str]) -> set[str]:
    """The ids of those of the objects that are there, named by id or as git knows them."""
    asked = "".join(f"{name}\n" for name in dict.fromkeys(names)).encode()
    if not asked or not is_there(folder):
        return set()
    lines = in_safety(folder, ["cat-file", "--batch-check"], stdin=asked).text.splitlines()
    return {line.split(" ")[0] for line in lines if not line.endswith(" missing")}
