"""Removing what only this repository has: the safety store."""

from __future__ import annotations

import shutil
from pathlib import Path

from taskorch.git import checkpoint
from taskorch.git.object_files import object_files
from taskorch.services.safety.journaling import journal_of
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store import answers, files


def purge(ws: Workspace) -> Json:
    """Remove the safety store: journal, images and checkpoints.  Raises WriteFailed."""
    with ws.locked():
        folder = ws.safety_dir
        journal = journal_of(ws.private)
        answer = {
            "steps": len(journal.steps()),
            "checkpoints": len(checkpoint.checkpoints(folder)),
            "bytes": sum(one.size for one in object_files(folder / "objects")),
        }
        for gone in (folder, ws.private / "objects", ws.private / answers.FOLDER):
            _remove(gone)
        return answer


def _remove(folder: Path) -> None:
    """Remove a folder, and what is left of one that an earlier purge was killed in.  Raises WriteFailed."""
    aside = folder.with_name(f"{files.TEMPORARY}{folder.name}")
    try:
        if aside.exists():
            shutil.rmtree(aside)
        if folder.exists():
            folder.rename(aside)  # a purge that is killed leaves no half of it in use
            shutil.rmtree(aside)
        files.sync(folder.parent)
    except OSError as error:
        raise files.failed(folder, error) from None
