"""The specialist roles of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from taskorch.errors import NotFound
from taskorch.orchestrator.arguments import checked
from taskorch.orchestrator.calls import Project
from taskorch.orchestrator.places import folder_of
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace


class SpecialistManager:
    """The roles of a project: that of `project_dir`, else that of the orchestrator which is made with it.

    `config_path` is taken for the callers of mcp-task-orchestrator: its folder tells the project.
    """

    def __init__(self, config_path: Any = None, project_dir: Any = None) -> None:
        given = project_dir if project_dir is not None else config_path
        self._project = Project(folder_of(given)) if given is not None else None

    @property
    def is_bound(self) -> bool:
        """Whether it is known of which project it is."""
        return self._project is not None

    def bind(self, project: Project) -> None:
        """Let it be that of a project."""
        self._project = project

    async def list_roles(self) -> list[Json]:
        """The roles there are, in short, as ``role list`` gives them."""
        from taskorch.services.roles import list_roles

        return list((await self._of_project().call(list_roles))["roles"])

    @checked
    async def get_role(self, specialist_type: str) -> Json | None:
        """A role with all its fields, as ``role show`` gives it; None if nobody defined it."""
        return await self._of_project().call(_role, specialist_type)

    def _of_project(self) -> Project:
        return self._project or Project(Path.cwd())


def _role(ws: Workspace, name: str) -> Json | None:
    from taskorch.services.roles import show_role

    try:
        return show_role(ws, name)
    except NotFound:
        return None
