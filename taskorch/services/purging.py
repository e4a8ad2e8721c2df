"""Removing what only this repository has: the safety store."""

from __future__ import annotations

import shutil

from taskorch.git import checkpoint
from taskorch.git.object_files import object_files
from taskorch.services.journaling import FOLDER, journal_of
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store import files


def purge(ws: Workspace) -> Json:
    """Remove the safety store: journal, images and checkpoints.  Raises WriteFailed."""
    with ws.locked():
        folder = ws.private / FOLDER
        journal = journal_of(ws.private)
        answer = {
            "steps": len(journal.steps()),
            "checkpoints": len(checkpoint.checkpoints(folder)),
            "bytes": sum(one.size for one in object_files(folder / "objects")),
        }
        for gone in (folder, ws.private / "objects"):
            try:
                shutil.rmtree(gone)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise files.failed(gone, error) from None
        return answer
