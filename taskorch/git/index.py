"""The index as a file: where it is, and putting it back as it was."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from taskorch.errors import GitFailed
from taskorch.git import locks
from taskorch.git.repository import Repository


def index_file(repo: Repository) -> Path:
    """The index that git commands here use."""
    # a hook's may be relative, to the root of the work tree
    return repo.work_tree / (os.environ.get("GIT_INDEX_FILE") or repo.git_dir / "index")


def unmerged(repo: Repository) -> set[str]:
    """The paths in conflict."""
    listed = repo.git(["ls-files", "--unmerged", "-z"]).text.split("\0")
    return {line.split("\t", 1)[1] for line in listed if line}


def tracked(repo: Repository, paths: Iterable[str]) -> dict[str, bool]:
    """Those of the paths that the index has, and whether each lies outside a sparse checkout."""
    # git writes an object where it takes a sparse index apart: not into the user's database
    listed = repo.git(["ls-files", "-t", "-z", "--", *paths], env=repo.object_env).text.split("\0")
    return {line[2:]: line[0] == "S" for line in listed if line}


def intended(repo: Repository) -> set[str]:
    """The paths that ``git add --intent-to-add`` announced: the index has them with no content."""
    asked = ["diff-files", "--diff-filter=A", "--no-renames", "--ignore-submodules", "--name-only", "-z"]
    listed = repo.git(asked, env=repo.object_env).text.split("\0")
    return {path for path in listed if path}


@contextmanager
def index_put_back(repo: Repository, unless: Callable[[], bool]) -> Iterator[None]:
    """If the block raises and not `unless()`, the index gets back the bytes and the time it had."""
    path = index_file(repo)
    before = _read(path)
    try:
        yield
    except BaseException as error:
        if not unless() and _read(path) != before and not _replace(path, before):
            locked = f"{path} is locked by another git: new records may still be marked in it (git status)"
            raise GitFailed(f"{error}; {locked}", hint="look when that git has ended") from error
        raise


def _read(path: Path) -> tuple[bytes, int, int] | None:
    """Content, and times of access and change in ns; None where there is none."""
    try:
        found = path.stat()
        return path.read_bytes(), found.st_atime_ns, found.st_mtime_ns
    except FileNotFoundError:
        return None


def _replace(path: Path, content: tuple[bytes, int, int] | None) -> bool:
    """Write the index the way git does, under its lock; False if that cannot be had in time.

    With its time: git takes files that changed at the index's time or later for perhaps changed.
    """
    lock = path.with_name(f"{path.name}.lock")
    end = time.monotonic() + locks.WAIT_SECONDS
    while True:
        try:
            handle = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            break
        except FileExistsError:
            if time.monotonic() > end:
                return False
            time.sleep(locks.PAUSE)
    try:
        with os.fdopen(handle, "wb") as file:
            if content:
                file.write(content[0])
        if content:
            os.utime(lock, ns=content[1:])
            os.replace(lock, path)
        else:
            path.unlink(missing_ok=True)
    finally:
        lock.unlink(missing_ok=True)
    return True
