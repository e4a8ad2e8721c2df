"""`TaskOrchestrator`: plan, work, complete and combine tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from taskorch.errors import UsageError
from taskorch.orchestrator.arguments import Artifacts, checked, paths_of
from taskorch.orchestrator.calls import Project
from taskorch.orchestrator.specialists import SpecialistManager
from taskorch.orchestrator.state import StateManager, in_old_words
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace

_CAPABILITIES = [
    "Breaking down complex tasks into manageable subtasks",
    "Assigning appropriate specialist roles to each subtask",
    "Managing dependencies between subtasks",
    "Tracking progress and coordinating work",
]
_INSTRUCTIONS = """\
Analyse the requirements and their context.
Find parts that can be worked on independently, and what each needs from the others.
Give each a clear objective, acceptance criteria and the specialist that fits.
Plan them in one step: plan_task makes all subtasks or none.
"""


class TaskOrchestrator:
    """The tasks of one project.

    ``state`` and ``specialists`` are what it was made with; the project is that of `project_dir`, else that
    of ``state``.  A store that is not there yet is made by the first call.
    """

    def __init__(
        self,
        state_manager: Any = None,
        specialist_manager: Any = None,
        project_dir: Any = None,
    ) -> None:
        given = state_manager if project_dir is None else project_dir
        self.state = state_manager if _is_ours(state_manager, given) else StateManager(given)
        self.project: Project = self.state.project
        if not isinstance(specialist_manager, SpecialistManager | None):
            kind = type(specialist_manager).__name__
            raise UsageError(
                f"specialist_manager is of type {kind}", hint="give a SpecialistManager, or none"
            )
        self.specialists = specialist_manager or SpecialistManager(project_dir=self.project.folder)
        if not self.specialists.is_bound:
            self.specialists.bind(self.project)

    @property
    def project_dir(self) -> str:
        """The project's folder."""
        return str(self.project.folder)

    @checked
    async def initialize_session(self, *, agent: str | None = None, purpose: str = "") -> Json:
        """Open a session in this work tree, or go on with the active one.

        ``{role, capabilities[], instructions, specialist_roles {name: what it is}, session_id, base, onto,
        ...}``.
        """
        return await self.project.call(_begin, agent, purpose)

    @checked
    async def plan_task(
        self,
        description: str,
        complexity: str = "moderate",
        subtasks_json: str | Sequence[Mapping[str, Any]] = "[]",
        context: str = "",
    ) -> Json:
        """Make a task and its subtasks in one step: ``{parent_task_id, subtasks [...]}``.

        See `taskorch.services.planning.plan` for the shape of `subtasks_json`.
        """
        from taskorch.services.planning import plan

        return await self.project.call(
            plan, description, subtasks_json, complexity=complexity, context=context
        )

    @checked
    async def get_specialist_context(self, task_id: str) -> str:
        """Start a task, unless it is closed, and give what its specialist is to know, as Markdown.

        Raises TaskorchError where it cannot be started: another session holds it, or it waits for others.
        """
        return str((await self.project.call(_context_for_work, task_id))["text"])

    @checked
    async def complete_subtask(
        self, task_id: str, results: str, artifacts: Artifacts = (), next_action: str = "continue"
    ) -> Json:
        """Complete a task by id, alias or prefix; the shape of ``task complete``.

        Raises TaskorchError with all reasons if the work is not there.  Called once more with the same
        results it changes nothing, and says so with ``repeated``.
        """
        from taskorch.services.completing import complete_task

        return await self.project.call(
            complete_task,
            task_id,
            results=results,
            artifacts=paths_of("artifacts", artifacts),
            next_action=next_action,
            again=True,
        )

    @checked
    async def check_criteria(self, task_id: str, numbers: Sequence[int] = ()) -> Json:
        """Tick a task's acceptance criteria by number (from 1), without numbers all of them."""
        from taskorch.services.editing import check_criteria

        return await self.project.call(check_criteria, task_id, numbers, everything=not numbers)

    @checked
    async def synthesize_results(self, parent_task_id: str) -> str:
        """The results of all subtasks as Markdown, with what is not finished.  Raises NotFound."""
        return str((await self.synthesis(parent_task_id))["text"])

    @checked
    async def synthesis(self, parent_task_id: str) -> Json:
        """The same with its parts, in the shape of ``task synthesize``."""
        from taskorch.services.synthesis import synthesize

        return await self.project.call(synthesize, parent_task_id)

    async def get_status(self, include_completed: bool = False) -> Json:
        """``{active_tasks, pending_tasks, completed_tasks, blocked_tasks, failed_tasks, tasks [...]}``.

        The numbers are those of all tasks; ``tasks`` has completed ones only where they are asked for.
        """
        return await self.project.call(_status, include_completed)


def _is_ours(state_manager: Any, given: Any) -> bool:
    return isinstance(state_manager, StateManager) and given is state_manager


def _begin(ws: Workspace, agent: str | None, purpose: str) -> Json:
    from taskorch.services.roles import all_roles
    from taskorch.services.sessions import start_session

    roles, _ = all_roles(ws)
    own = roles.pop("task_orchestrator", None)
    answer = start_session(ws, agent=agent, purpose=purpose, go_on=True)
    return answer | {
        "role": "Task Orchestrator",
        "capabilities": list(own.expertise) if own and own.expertise else _CAPABILITIES,
        "instructions": "\n".join(own.approach) if own and own.approach else _INSTRUCTIONS,
        "specialist_roles": {name: role.role_definition for name, role in roles.items()},
        "session_id": answer["id"],
    }


def _context_for_work(ws: Workspace, task_id: str) -> Json:
    from taskorch.services.specialist import specialist_context
    from taskorch.services.starting import start_task

    if ws.load().task(task_id).is_open:
        start_task(ws, task_id)
    return specialist_context(ws, task_id)


def _status(ws: Workspace, include_completed: bool) -> Json:
    from taskorch.services.tasks import list_tasks

    rows = list_tasks(ws)["tasks"]
    counts = {f"{status}_tasks": 0 for status in ("active", "pending", "completed", "blocked", "failed")}
    for row in rows:
        counts[f"{row['status']}_tasks"] += 1
    shown = [row for row in rows if include_completed or row["status"] != "completed"]
    return {**counts, "tasks": [in_old_words(row) for row in shown]}
