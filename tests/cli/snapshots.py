"""A whole repository as bytes, so that a test can say: nothing has changed."""

from __future__ import annotations

import os
import re
import stat

from tests.repos import Repo

Snapshot = dict[str, tuple[int, bytes]]

_OURS = re.compile(r"(\.git/)?(worktrees/[^/]+/)?taskorch(/|$)")
# made by refused commands, too, and no state: lock, name of the work tree, objects, bug reports, kept answers
_NO_STATE = re.compile(r"taskorch/(lock|objects|logs|cache|worktree-id|safety/(?!journal).*)(/|$)")


def snapshot(repo: Repo, *, local: bool = False) -> Snapshot:
    """Mode and content of every file of a repository and its work tree, empty folders included.

    That is work tree, index, refs, reflogs, configuration, stash, objects, records and hooks.
    The files of taskorch's own folders in the git directory count with `local` only.
    """
    found: Snapshot = {}
    has_git_dir = (repo.path / ".git").exists()
    # by folders: names from the root may be longer than the system takes
    for folder, names, files, handle in os.fwalk(repo.path):
        for name in [*names, *files]:
            path = os.path.relpath(os.path.join(folder, name), repo.path)
            mode = os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode
            ours = _OURS.match(path) and (path.startswith(".git/") or not has_git_dir)
            if not ours or (local and stat.S_ISREG(mode) and not _NO_STATE.search(path)):
                found[path] = (mode, _content(name, mode, handle))
    return found


def _content(name: str, mode: int, folder: int) -> bytes:
    if stat.S_ISLNK(mode):
        return os.fsencode(os.readlink(name, dir_fd=folder))
    if not stat.S_ISREG(mode):
        return b""
    with open(os.open(name, os.O_RDONLY, dir_fd=folder), "rb") as file:
        return file.read()
