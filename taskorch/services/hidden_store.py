"""Stores that git has and the disk has not."""

from __future__ import annotations

import os
from pathlib import Path
from shlex import quote

from taskorch.errors import NoStore
from taskorch.git import index
from taskorch.git.paths import STORE
from taskorch.git.repository import Repository
from taskorch.git.worktree import states_at
from taskorch.store import config


def refuse_hidden_store(repo: Repository, start: Path, *, only: Path | None = None) -> None:
    """Raise NoStore if the nearest store upward from `start` is in git and not on disk.

    It lies outside a sparse checkout, or was deleted.  With `only` just that folder's store counts.
    """
    top = repo.work_tree
    folders = repo.upward(start) if only is None else repo.upward(only)[:1]
    stores = [STORE if folder == "." else f"{folder}/{STORE}" for folder in folders]
    settings = {f"{store}/{config.NAME}": store for store in stores}
    tracked = index.tracked(repo, settings)
    at_head = states_at(repo, repo.head, settings)
    for path, store in settings.items():
        if os.path.lexists(top / path):
            return
        if path in tracked or at_head[path]:
            whole = not os.path.lexists(top / store)
            raise _hidden(repo, start, store if whole else path, path in tracked, tracked.get(path, False))


def _hidden(repo: Repository, start: Path, path: str, in_index: bool, is_sparse: bool) -> NoStore:
    """The error for what is not on disk, with the command that brings it there and overwrites nothing."""
    look = "to read it from the commit: taskorch task list --at HEAD"
    if is_sparse:
        command = sparse_add(repo, start, path.removesuffix(f"/{config.NAME}"))
        words = f"{path} is in git, but outside this sparse checkout"
        return NoStore(words, hint=f"{command} brings it to disk; {look}")
    git = _git(repo, start)
    source = "" if in_index else "--source=HEAD --staged --worktree "
    command = f"{git} restore {source}-- {quote(path)}"
    words = f"{path} is in git, but was deleted here"
    more = "git status tells what else is gone" if path.endswith(config.NAME) else ""
    more = more or "taskorch restore --all also what was not committed"
    if not in_index:
        look += "; to do without, commit that it is gone"
    return NoStore(words, hint=f"{command} brings it back as git has it; {more}; {look}")


def sparse_add(repo: Repository, start: Path, folder: str) -> str:
    """The command that brings a folder of a sparse checkout to disk, all that is in it."""
    cone = repo.git(["config", "--type=bool", "core.sparseCheckoutCone"], allow=(0, 1)).text == "true\n"
    return f"{_git(repo, start)} sparse-checkout add {quote(folder if cone else f'/{folder}/**')}"


def _git(repo: Repository, start: Path) -> str:
    """How git is called from `start` for the whole work tree."""
    where = os.path.relpath(repo.work_tree, start)
    return "git" if where == "." else f"git -C {quote(where)}"
