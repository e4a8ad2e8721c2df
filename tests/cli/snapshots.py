"""A whole repository as bytes, so that a test can say: nothing has changed."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tests.repos import Repo

Snapshot = dict[str, tuple[int, bytes]]

_OURS = re.compile(r"(\.git/)?(worktrees/[^/]+/)?taskorch(/|$)")
# made by refused commands, too, and no state: lock, the name of the work tree, objects, bug reports
_NO_STATE = re.compile(r"taskorch/(lock|objects|logs|worktree-id|safety/(?!journal).*)(/|$)")


def snapshot(repo: Repo, *, local: bool = False) -> Snapshot:
    """Mode and content of every file of a repository and its work tree, empty folders included.

    That is work tree, index, refs, reflogs, configuration, stash, objects, records and hooks.
    The files of taskorch's own folders in the git directory count with `local` only.
    """
    found: Snapshot = {}
    for folder, names, files in os.walk(repo.path):
        for name in [*names, *files]:
            path = Path(folder, name)
            shown = path.relative_to(repo.path).as_posix()
            ours = _OURS.match(shown) and (shown.startswith(".git/") or not (repo.path / ".git").exists())
            if not ours or (local and path.is_file() and not _NO_STATE.search(shown)):
                found[shown] = (path.lstat().st_mode, _content(path))
    return found


def _content(path: Path) -> bytes:
    if path.is_symlink():
        return os.fsencode(os.readlink(path))
    return path.read_bytes() if path.is_file() else b""
