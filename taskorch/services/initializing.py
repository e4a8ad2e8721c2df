"""Making a store, and setting up a clone that has one."""

from __future__ import annotations

import os
from pathlib import Path

from taskorch.errors import TaskorchError
from taskorch.services.hidden_records import refuse_ignored
from taskorch.services.hidden_store import refuse_hidden_store
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
    start = Path(ws.start).resolve()
    found = ws.located()
    folder = start if here else (found.root.parent.resolve() if found else top)
    repo.relative(str(folder), ws.start)  # core.worktree and GIT_WORK_TREE may lead elsewhere
    root = folder / FOLDER
    existed = os.path.lexists(root / config.NAME)
    if root.is_symlink() or (root.exists() and not root.is_dir()):
        raise TaskorchError(
            f"{root} is no plain folder", hint="move it away: taskorch keeps its records in a folder there"
        )
    store = Store(root, top)
    if existed:
        store.config()  # a store of a newer format is left alone
    refuse_hidden_store(repo, start if start.is_relative_to(top) else top, only=folder if here else None)
    missing = [name for name in INITIAL_FILES if not (root / name).exists()]
    refuse_ignored(repo, store.prefix, [store.shown(name) for name in missing])
    set_up = not ws.local.worktree
    ws.__dict__["store"] = store
    with ws.recording("init"):
        ws.local.name_worktree(ws.randomness(8))
        made = {name: Content(FILE, INITIAL_FILES[name].encode()) for name in missing}
        ws.change([Change(store.shown(name), None, content) for name, content in made.items()])
    ws.__dict__.pop("store", None)
    shown = store.prefix
    return {
        "store": shown,
        "created": [f"{shown}/{name}" for name in missing],
        "existed": existed,
        "clone_set_up": set_up,
        "safety_store": ws.safety_off,
        "next": ["taskorch status"] if existed else [f"git add {shown} && git commit -m 'taskorch: init'"],
    }
