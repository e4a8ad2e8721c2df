"""Two states of some paths, written as trees of our own, for git to compare."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from taskorch.errors import GitFailed
from taskorch.git.repository import Repository
from taskorch.git.worktree import State

_FOLDER = b"40000"


def two_trees(repo: Repository, states: Mapping[str, tuple[State, State]]) -> tuple[str, str]:
    """Trees that hold just these paths: in their first and in their second state.

    They go to our own object folder; what they name need not be here.  In one folder names are of one
    length: git sorts those of folders as if a slash followed.  Starting git for an index and a tree
    would take longer than comparing them.  Raises GitFailed.
    """
    import pygit2

    repo.make_objects_dir()
    try:
        database = pygit2.Odb(str(repo.objects_dir))
        before, after = (
            _write(database, {path: state for path, both in states.items() if (state := both[side])})
            for side in (0, 1)
        )
    except pygit2.GitError as error:
        raise GitFailed(f"cannot write to {repo.objects_dir}: {error}") from None
    return before, after


def _write(database: Any, states: Mapping[str, str]) -> str:
    """Write the tree of these paths.  Format: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects"""
    import pygit2

    entries: dict[bytes, tuple[bytes, str]] = {}
    folders: dict[str, dict[str, str]] = {}
    for path, state in states.items():
        folder, _, name = path.partition("/")
        if name:
            folders.setdefault(folder, {})[name] = state
        else:
            mode, oid = state.split(" ")
            entries[os.fsencode(path)] = (mode.encode(), oid)
    for folder, below in folders.items():
        entries[os.fsencode(folder)] = (_FOLDER, _write(database, below))
    data = b"".join(
        mode + b" " + name + b"\0" + bytes.fromhex(oid)
        # git compares the names of folders as if they ended in a slash
        for name, (mode, oid) in sorted(
            entries.items(), key=lambda one: one[0] + b"/" * (one[1][0] == _FOLDER)
        )
    )
    return str(database.write(pygit2.enums.ObjectType.TREE, data))
