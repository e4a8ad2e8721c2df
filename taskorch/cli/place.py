"""Where a command was started; what is slow to load is loaded when a command needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskorch.services.workspace import Workspace


def workspace(*, at: str | None = None, commit: bool = False, status: bytes | None = None) -> Workspace:
    """The workspace of the current folder; see `taskorch.services.workspace.Workspace`."""
    from taskorch.services.workspace import Workspace

    return Workspace(at=at, commit=commit, status=status)
