"""The tasks of a project, in the words of mcp-task-orchestrator."""

from __future__ import annotations

from typing import Any

from taskorch.errors import NotFound
from taskorch.orchestrator.arguments import checked
from taskorch.orchestrator.calls import Project
from taskorch.orchestrator.places import folder_of
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace


class StateManager:
    """The tasks of the project that `source` means: see `places.folder_of`."""

    def __init__(self, source: Any = None, *, base_dir: Any = None, db_path: Any = None) -> None:
        given = [one for one in (source, base_dir, db_path) if one is not None]
        self.project = Project(folder_of(given[0] if given else None))

    @property
    def folder(self) -> str:
        """The project's folder."""
        return str(self.project.folder)

    @checked
    async def get_subtask(self, task_id: str) -> Json | None:
        """A task by id, alias or prefix, None if there is none.

        ``{task_id, title, description, specialist_type, dependencies[], status, results, artifacts[],
        created_at, parent_task_id, ...}``, beside what ``task show`` gives.
        """
        return await self.project.call(_one, task_id)

    @checked
    async def get_subtasks_for_parent(self, parent_task_id: str) -> list[Json]:
        """The tasks below a task, in the shape of ``task list``.  Raises NotFound."""
        from taskorch.services.tasks import list_tasks

        return list((await self.project.call(list_tasks, parent=parent_task_id))["tasks"])

    async def get_all_tasks(self) -> list[Json]:
        """All tasks, in the shape of ``task list``; deleted ones are left out."""
        from taskorch.services.tasks import list_tasks

        return list((await self.project.call(list_tasks))["tasks"])


def _one(ws: Workspace, task_id: str) -> Json | None:
    from taskorch.services.tasks import show_task

    try:
        return in_old_words(show_task(ws, task_id))
    except NotFound:
        return None


def in_old_words(task: Json) -> Json:
    """A task with the names that mcp-task-orchestrator has for its fields as well."""
    return task | {
        "task_id": task["id"],
        "specialist_type": task["specialist"],
        "dependencies": task["depends_on"],
        "parent_task_id": task["parent"],
        "created_at": task["created"],
    }
