"""Making a store, and setting up a clone that has one."""

from __future__ import annotations

import os
from pathlib import Path

from taskorch.errors import TaskorchError
from taskorch.git.repository import Repository
from taskorch.git.worktree import ignored
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store import config
from taskorch.store.contents import FILE, Change, Content
from taskorch.store.layout import FOLDER, INITIAL_FILES, Store


def initialize(ws: Workspace, *, here: bool = False) -> Json:
    """Make what is missing of the store, and this clone's own folder.  Repeatable.

    The store is made at the root of the work tree, with `here` in the folder the command runs in.
    """
    repo = ws.repo
    top = repo.work_tree
    found = Store.locate(ws.start)
    folder = Path(ws.start) if here else (found.root.parent if found else top)
    root = folder / FOLDER
    existed = os.path.lexists(root / config.NAME)
    if root.is_symlink() or (root.exists() and not root.is_dir()):
        raise TaskorchError(
            f"{root} is no plain folder", hint="move it away: taskorch keeps its records in a folder there"
        )
    store = Store(root)
    if existed:
        store.config()  # a store of a newer format is left alone
    _refuse_ignored(repo, root, top)
    set_up = not ws.local.worktree
    with ws.recording("init"):
        ws.local.name_worktree(ws.randomness(8))
        missing = [name for name in INITIAL_FILES if not (root / name).exists()]
        made = {name: Content(FILE, INITIAL_FILES[name].encode()) for name in missing}
        ws.change([Change(store.shown(name), None, content) for name, content in made.items()])
    ws.__dict__.pop("store", None)
    shown = root.relative_to(top).as_posix() if root.is_relative_to(top) else root.as_posix()
    return {
        "store": shown,
        "created": [f"{shown}/{name}" for name in missing],
        "existed": existed,
        "clone_set_up": set_up,
        "next": ["taskorch status"] if existed else [f"git add {shown} && git commit -m 'taskorch: init'"],
    }


def _refuse_ignored(repo: Repository, root: Path, top: Path) -> None:
    shown = (root / config.NAME).resolve().relative_to(top.resolve()).as_posix()
    if ignored(repo, [shown]):
        raise TaskorchError(
            f"git ignores {shown}: records there would never be committed",
            hint=f"git check-ignore -v {shown} names the rule; add the line !{FOLDER}/ below it",
        )
