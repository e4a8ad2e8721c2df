"""`EnhancedTaskOrchestrator`: with sessions that go on, files that are verified, decisions and recovery."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

from taskorch.errors import NotFound
from taskorch.orchestrator.arguments import Artifacts, Names, checked
from taskorch.orchestrator.continuity import OpenStore, initialize_context_continuity
from taskorch.orchestrator.core import TaskOrchestrator
from taskorch.orchestrator.places import database_of, folder_of
from taskorch.orchestrator.specialists import SpecialistManager
from taskorch.orchestrator.tracking import ContextOrchestrator
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace

_FEATURES = [
    "File operations are tracked and verified against git objects",
    "Decisions are recorded with their reasons and their evolution",
    "Lost context is rebuilt from history and records, in any clone",
    "A task is completed only where its work is there",
]
_TRACKING = """

## Context continuity

What changes in the work tree is observed while the task is active, and verified when it is completed.

- `tracker = orchestrator.context_orchestrator.create_subtask_tracker("{task}")`
- `await tracker.track_file_create("path", "why")`, `track_file_modify`, `track_file_delete`: say why
- `await tracker.capture_architecture_decision(title, problem, solution, rationale)`: keep what was decided
- `await orchestrator.complete_subtask_enhanced("{task}", results, artifacts)`: refused while work is missing
"""


async def create_enhanced_orchestrator(
    state_manager: Any = None,
    specialist_manager: SpecialistManager | None = None,
    project_dir: str | Path | None = None,
    db_url: str | None = None,
) -> EnhancedTaskOrchestrator:
    """An orchestrator for the project in `project_dir`, else that of `state_manager`, else here.

    A store that is not there yet is made.  `db_url` (``sqlite:///PATH``) names a database of
    mcp-task-orchestrator: what is in it is imported, and again when it has changed; ``imported`` of the
    orchestrator says what came of it.  Raises NotARepository outside a git repository, UsageError for a
    `db_url` of another form.
    """
    if state_manager is not None and _is_missing(project_dir):
        folder = folder_of(state_manager)
        warnings.warn(f"there is no folder {project_dir}: going on in {folder}", stacklevel=2)
        project_dir = None
    database = database_of(db_url) if db_url is not None else None
    made = EnhancedTaskOrchestrator(state_manager, specialist_manager, project_dir)
    await made.project.open()
    made.context_orchestrator = await initialize_context_continuity(made)
    if database:
        made.imported = await made.project.call(_bring_in, database)
    return made


def _is_missing(folder: Any) -> bool:
    return isinstance(folder, str | os.PathLike) and not os.path.exists(folder)


class EnhancedTaskOrchestrator(TaskOrchestrator):
    """Tasks, sessions, decisions and recovery of one project: see `create_enhanced_orchestrator`.

    ``db_session`` is the open store; ``context_orchestrator`` gives the trackers of tasks; ``imported`` is
    the report of the import of an old database, None where none was asked for.
    """

    def __init__(
        self,
        state_manager: Any = None,
        specialist_manager: SpecialistManager | None = None,
        project_dir: Any = None,
        db_session: Any = None,
    ) -> None:
        given = db_session if state_manager is None and project_dir is None else project_dir
        super().__init__(state_manager, specialist_manager, given)
        self.db_session = OpenStore(self.project)
        self.context_orchestrator = ContextOrchestrator(self.project)
        self.imported: Json | None = None

    @checked
    async def initialize_session(self, *, agent: str | None = None, purpose: str = "") -> Json:
        """As the base has it, with ``context_continuity {enabled, session_id, features[]}``."""
        answer = await super().initialize_session(agent=agent, purpose=purpose)
        continuity = {"enabled": True, "session_id": answer["session_id"], "features": list(_FEATURES)}
        return answer | {"context_continuity": continuity, "enhanced_capabilities": list(_FEATURES)}

    @checked
    async def get_specialist_context(self, task_id: str) -> str:
        """As the base has it, with how its work is tracked."""
        return await super().get_specialist_context(task_id) + _TRACKING.format(task=task_id)

    @checked
    async def complete_subtask_enhanced(
        self,
        task_id: str,
        results: str,
        artifacts: Artifacts = (),
        next_action: str = "continue",
        specialist_type: str | None = None,
    ) -> Json:
        """Complete a task, and give what recovery would give now.

        The answer of ``task complete`` with ``{enhanced_completion, session_id, specialist_type,
        context_continuity {completion_status, completion_verification, context_package,
        session_continuity_info}}``.  Raises TaskorchError with all reasons if the work is not there: there is
        no lesser completion that it falls back to.
        """
        done = await super().complete_subtask(task_id, results, artifacts, next_action)
        return done | await self.project.call(_continuity_of, done, specialist_type)

    @checked
    async def complete_subtask(
        self, task_id: str, results: str, artifacts: Artifacts = (), next_action: str = "continue"
    ) -> Json:
        """`complete_subtask_enhanced`."""
        return await self.complete_subtask_enhanced(task_id, results, artifacts, next_action)

    @checked
    async def recover_context_for_task(self, task_id: str) -> Json:
        """The recovery package; ``context_recovered`` is false for an unknown task."""
        return await self.project.call(_recover, task_id)

    async def get_session_continuity_status(self) -> Json:
        """The session here: ``{context_continuity_enabled, session_id, continuity_report, capabilities}``.

        ``session_id`` is null while none is active; the report is what ``session status`` gives.
        """
        from taskorch.services.sessions import session_status

        report = await self.project.call(session_status)
        return {
            "context_continuity_enabled": True,
            "session_id": report["session"]["id"] if report["session"] else None,
            "continuity_report": report,
            "capabilities": {
                "file_tracking": True,
                "decision_documentation": True,
                "context_recovery": True,
                "verification_systems": True,
            },
        }

    @checked
    async def verify_work_stream_readiness(self, work_stream_tasks: Names) -> Json:
        """Whether tasks can be worked on: ``{ready, reason, task_readiness [...], ...}``.

        A task that does not exist is not ready, and the reason names it.
        """
        from taskorch.services.streams.readiness import readiness

        found = await self.project.call(readiness, list(work_stream_tasks))
        rows = [
            row
            | {
                "ready_for_enhanced_execution": row["ready"],
                "context_tracking_enabled": row["exists"],
                "error": None if row["exists"] else "Task not found",
            }
            for row in found["task_readiness"]
        ]
        return found | {"task_readiness": rows, "context_continuity_enabled": True}


def _continuity_of(ws: Workspace, done: Json, specialist_type: str | None) -> Json:
    from taskorch.services.recovery import recover

    recovered = recover(ws, done["task_id"])
    package = recovered["recovery_package"]
    changed = [
        path for kind in ("created", "modified", "deleted", "moved") for path in package[f"files_{kind}"]
    ]
    info = recovered["session_info"] or {}
    return {
        "enhanced_completion": True,
        "session_id": info.get("id"),
        "specialist_type": specialist_type or done["specialist"],
        "context_continuity": {
            "subtask_id": done["task_id"],
            "completion_status": done["status"],
            "completion_verification": done["verification"],
            "context_package": package,
            "session_continuity_info": {
                "total_operations": len(changed),
                "total_decisions": package["total_decisions"],
                "files_affected": len(changed),
                "continuation_guidance": package["continuation_guidance"],
                "recovery_recommendations": package["recovery_recommendations"],
            },
        },
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


def _bring_in(ws: Workspace, database: Path) -> Json:
    from taskorch.services.imports.sources import import_from

    source = "mcp-task-orchestrator"
    there = next((one for one in (database.absolute(), ws.start / database) if os.path.exists(one)), None)
    if there:
        return import_from(ws, source, str(there))
    skipped = [{"item": str(database), "reason": "there is no such file: nothing to import"}]
    created = dict.fromkeys(("task", "decision", "session", "claim", "file"), 0)
    return {"source": source, "created": created, "updated": 0, "unchanged": 0, "skipped": skipped}
