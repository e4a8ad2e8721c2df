"""The open store in the place of a database session, and what is done with it."""

from __future__ import annotations

from typing import Any

from taskorch.errors import TaskorchError
from taskorch.orchestrator.calls import Project
from taskorch.orchestrator.places import folder_of
from taskorch.orchestrator.tracking import ContextOrchestrator
from taskorch.services.workspace import Workspace


class OpenStore:
    """The store of a project.  There is nothing to close: each call writes whole, and keeps nothing open."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @property
    def folder(self) -> str:
        """The project's folder."""
        return str(self.project.folder)

    def close(self) -> None:
        """Do nothing, for callers who close their database session."""


async def migrate_context_continuity_schema(db_session: Any = None) -> bool:
    """Bring the store to the current format, making one where there is none; whether it has it then.

    `db_session` is an orchestrator's, or whatever tells a project: see `places.folder_of`.  False where it
    cannot be done; `taskorch migrate` says why.
    """
    try:
        await _project_of(db_session).call(_migrated)
    except TaskorchError:
        return False
    return True


async def initialize_context_continuity(
    db_session: Any = None, run_migrations: bool = True
) -> ContextOrchestrator:
    """What tracks files and decisions in a project.  Raises TaskorchError where its store cannot be used."""
    project = _project_of(db_session)
    if run_migrations:
        await project.call(_migrated)
    return ContextOrchestrator(project)


def _project_of(source: Any) -> Project:
    known = getattr(source, "project", None)
    return known if isinstance(known, Project) else Project(folder_of(source))


def _migrated(ws: Workspace) -> None:
    from taskorch.services.migrating import migrate

    migrate(ws)
