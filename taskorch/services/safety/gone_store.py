"""A store that git has and the disk has not: where it stood, and which of its records a commit has."""

from __future__ import annotations

import os
from collections.abc import Collection

from taskorch.git import disk, history, index
from taskorch.git.objects import files_below
from taskorch.git.paths import STORE
from taskorch.git.trees import files_under
from taskorch.git.worktree import states_at
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store import config
from taskorch.store.contents import FILE, Change, Content


def store_of(ws: Workspace) -> str | None:
    """The path of the nearest store there is, else of the nearest that HEAD or its history had."""
    if ws.has_store:
        return ws.prefix
    head = ws.repo.head
    for folder in ws.repo.upward(ws.start) if head else ():
        store = STORE if folder == "." else f"{folder}/{STORE}"
        settings = f"{store}/{config.NAME}"
        if states_at(ws.repo, head, [settings])[settings] or history.last_removal(
            ws.repo, head or "", settings
        ):
            return store
    return None


def records_at_head(ws: Workspace, store: str) -> list[str]:
    """The paths of the files that HEAD has below a store."""
    return files_under(ws.repo, ws.repo.head, store) if ws.repo.head else []


def settings_lacking(ws: Workspace, path: str) -> str | None:
    """The path of the settings of the store that a record lies in, where they are not on disk."""
    before, found, _ = f"/{path}".rpartition(f"/{STORE}/")
    settings = f"{before}{found}{config.NAME}".lstrip("/")
    return settings if found and not os.path.lexists(ws.repo.work_tree / settings) else None


def of_deleted_store(ws: Workspace, but: Collection[str]) -> tuple[list[Change], list[Json]]:
    """What brings a store back that was deleted here and that HEAD has, but for some paths.

    And the files that cannot be had, each with the reason.  A store whose settings are on disk, or
    that lies outside a sparse checkout, was not deleted.
    """
    store, head = store_of(ws), ws.repo.head
    settings = f"{store}/{config.NAME}"
    if not store or not head or disk.is_there(ws.repo.work_tree, settings):
        return [], []
    if not states_at(ws.repo, head, [settings])[settings] or index.tracked(ws.repo, [settings]).get(settings):
        return [], []
    changes: list[Change] = []
    kept: list[Json] = []
    for name, data in files_below(ws.repo, head, store):
        path = f"{store}/{name}"
        if path in but or disk.is_there(ws.repo.work_tree, path):
            continue
        if isinstance(data, str):
            kept.append({"path": path, "why": data})
        else:
            changes.append(Change(path, None, Content(FILE, data)))
    return changes, kept
