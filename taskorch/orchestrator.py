"""The async library: the vocabulary of mcp-task-orchestrator, over the services.

Every call runs one service function in a worker thread; the facade adds no rules of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from taskorch.errors import NotFound, UsageError
from taskorch.services.workspace import Workspace

Json = dict[str, Any]


async def create_enhanced_orchestrator(
    *, project_dir: str | Path | None = None, db_url: str | None = None
) -> EnhancedTaskOrchestrator:
    """An orchestrator for the project in `project_dir` (default: the current folder).

    A store that is not there yet is made.  Raises UsageError for a `db_url`: old databases cannot be
    imported yet; NotARepository outside a git repository.
    """
    if db_url is not None:
        raise UsageError(
            "db_url names an old database, and this version cannot import one yet",
            hint="leave db_url out: tasks, decisions and sessions are files in the repository",
        )
    orchestrator = EnhancedTaskOrchestrator(Path(project_dir) if project_dir else Path.cwd())
    await orchestrator.open()
    return orchestrator


class EnhancedTaskOrchestrator:
    """Tasks, sessions and recovery of one project.  Make it with `create_enhanced_orchestrator`."""

    def __init__(self, project_dir: Path) -> None:
        self.project_dir = project_dir

    async def open(self) -> None:
        """Make the store if there is none.  Raises NotARepository."""
        from taskorch.services.initializing import initialize

        await asyncio.to_thread(initialize, self._workspace())

    async def initialize_session(self, *, agent: str | None = None, purpose: str = "") -> Json:
        """Open a session in this work tree, or go on with the active one.

        ``{session_id, base, onto, context_continuity {enabled, session_id}, ...}``.
        """
        return await self._run(_begin, agent, purpose)

    async def plan_task(
        self,
        description: str,
        complexity: str = "moderate",
        subtasks_json: str | Sequence[dict[str, Any]] = "[]",
        context: str = "",
    ) -> Json:
        """Make a task and its subtasks in one step: ``{parent_task_id, subtasks [...]}``.

        See `taskorch.services.planning.plan` for the shape of `subtasks_json`.
        """
        from taskorch.services.planning import plan

        ws = self._workspace()
        return await asyncio.to_thread(
            plan, ws, description, subtasks_json, complexity=complexity, context=context
        )

    async def complete_subtask(
        self,
        task_id: str,
        results: str,
        artifacts: Sequence[str] = (),
        next_action: str = "continue",
    ) -> Json:
        """Complete a task by id, alias or prefix; the shape of ``task complete``.

        Raises TaskorchError with all reasons if the work is not there.
        """
        from taskorch.services.completing import complete_task

        ws = self._workspace()
        return await asyncio.to_thread(
            complete_task, ws, task_id, results=results, artifacts=artifacts, next_action=next_action
        )

    async def check_criteria(self, task_id: str, numbers: Sequence[int] = ()) -> Json:
        """Tick a task's acceptance criteria by number (from 1), without numbers all of them."""
        from taskorch.services.editing import check_criteria

        ws = self._workspace()
        return await asyncio.to_thread(check_criteria, ws, task_id, numbers, everything=not numbers)

    async def recover_context_for_task(self, task_id: str) -> Json:
        """The recovery package; ``context_recovered`` is false for an unknown task."""
        return await self._run(_recover, task_id)

    async def _run(self, service: Callable[..., Json], *arguments: Any) -> Json:
        return await asyncio.to_thread(service, self._workspace(), *arguments)

    def _workspace(self) -> Workspace:
        return Workspace(self.project_dir)


def _begin(ws: Workspace, agent: str | None, purpose: str) -> Json:
    from taskorch.services.sessions import start_session

    answer = start_session(ws, agent=agent, purpose=purpose, go_on=True)
    return answer | {
        "session_id": answer["id"],
        "context_continuity": {"enabled": True, "session_id": answer["id"]},
    }


def _recover(ws: Workspace, task_id: str) -> Json:
    from taskorch.services.recovery import recover

    try:
        return recover(ws, task_id)
    except NotFound as error:
        return {
            "task_id": task_id,
            "context_recovered": False,
            "session_info": None,
            "recovery_package": None,
            "message": error.message,
        }
