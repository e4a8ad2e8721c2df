"""File tracking and decisions of one task, in the words of mcp-task-orchestrator."""

from __future__ import annotations

from os import fspath
from typing import Any

from taskorch.errors import UsageError
from taskorch.orchestrator.arguments import Artifacts, FilePath, Names, checked, paths_of, text_of, texts_of
from taskorch.orchestrator.calls import Project
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace


class SubtaskTracker:
    """What is done for one task: see `ContextOrchestrator.create_subtask_tracker`."""

    def __init__(self, project: Project, task_id: str) -> None:
        self._project, self.subtask_id = project, text_of("task_id", task_id)

    @checked
    async def track_file_create(self, file_path: FilePath, rationale: str = "") -> str:
        """Tell that a file was made.  Gives the operation's id; the path is from the project's folder.

        Raises TaskorchError if git and the disk say otherwise.
        """
        return await self._track("create", file_path, rationale)

    @checked
    async def track_file_modify(self, file_path: FilePath, rationale: str = "") -> str:
        """Tell that a file was changed; of one that this session made or moved, that is claimed."""
        return await self._track("modify", file_path, rationale)

    @checked
    async def track_file_delete(self, file_path: FilePath, rationale: str = "") -> str:
        """Tell that a file was deleted."""
        return await self._track("delete", file_path, rationale)

    @checked
    async def track_file_move(self, source_path: FilePath, file_path: FilePath, rationale: str = "") -> str:
        """Tell that a file was moved from `source_path`."""
        return await self._track("move", file_path, rationale, source_path)

    @checked
    async def track_file_copy(self, source_path: FilePath, file_path: FilePath, rationale: str = "") -> str:
        """Tell that a file was made as a copy of `source_path`."""
        return await self._track("copy", file_path, rationale, source_path)

    @checked
    async def track_file_read(self, file_path: FilePath, rationale: str = "") -> str:
        """Tell that a file was read for the task."""
        return await self._track("read", file_path, rationale)

    @checked
    async def capture_architecture_decision(
        self,
        title: str,
        problem: str,
        solution: str,
        rationale: str,
        affected_files: Artifacts = None,
        risks: Names | None = None,
    ) -> str:
        """Record an accepted decision of category architecture and high impact; gives its id."""
        return await self._decide(
            title,
            context=problem,
            decision=solution,
            rationale=rationale,
            category="architecture",
            impact="high",
            files=tuple(paths_of("affected_files", affected_files)),
            risks=tuple(texts_of("risks", risks or ())),
        )

    @checked
    async def capture_implementation_decision(
        self, title: str, decision: str, rationale: str, affected_files: Artifacts = None
    ) -> str:
        """Record an accepted decision of category implementation and medium impact; gives its id."""
        return await self._decide(
            title,
            context=f"It came up in the work on {self.subtask_id}.",
            decision=decision,
            rationale=rationale,
            category="implementation",
            impact="medium",
            files=tuple(paths_of("affected_files", affected_files)),
        )

    async def generate_comprehensive_context(self) -> Json:
        """The recovery package of the task.  Raises NotFound."""
        package: Json = (await self._project.call(_recovered, self.subtask_id))["recovery_package"]
        return package

    async def verify_subtask_completion(self) -> Json:
        """Whether the task could be completed now: what was claimed is verified, nothing is written.

        ``{subtask_id, completion_approved, critical_issues[], file_verification {status, on_disk, files[]},
        context_package, recommendations[]}``.  Raises NotFound.
        """
        return await self._project.call(_could_be_completed, self.subtask_id)

    async def _track(self, op: str, path: FilePath, why: str, source: FilePath | None = None) -> str:
        given = None if source is None else fspath(source)
        return await self._project.call(_track, self.subtask_id, op, fspath(path), why, given)

    async def _decide(self, title: str, **given: Any) -> str:
        given |= {"task": self.subtask_id, "status": "accepted"}
        return str((await self._project.call(_decide, title, given))["id"])


class ContextOrchestrator:
    """Where the trackers of a project's tasks come from."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def create_subtask_tracker(self, task_id: str, specialist_type: str | None = None) -> SubtaskTracker:
        """The tracker of a task, by id, alias or prefix; what it does fails if there is no such task.

        `specialist_type` is taken for the callers of mcp-task-orchestrator: the task itself says it.
        """
        return SubtaskTracker(self._project, task_id)

    create_subtask_context_tracker = create_subtask_tracker

    @checked
    async def search_decisions(self, text: str | None = None, **fields: Any) -> list[Json]:
        """The lines of decisions that hold all words, and have the fields, as ``search`` gives them."""
        return list((await self._project.call(_search, text, fields))["results"])

    @checked
    async def supersede_decision(self, original: str, new: str) -> Json:
        """Say that a decision takes the place of an older one."""
        from taskorch.services.decisions.linking import link

        return await self._project.call(link, "supersedes", original, new)

    @checked
    async def get_decision_evolution(self, decision: str) -> Json:
        """How a decision came to be as it is: its links, and from git every change of status and text."""
        from taskorch.services.history import record_history

        return await self._project.call(record_history, decision)


def _decide(ws: Workspace, title: str, given: Json) -> Json:
    from taskorch.services.decisions.making import new_decision

    return new_decision(ws, title, **given)


def _search(ws: Workspace, text: str | None, fields: Json) -> Json:
    import dataclasses

    from taskorch.services.matching import Fields
    from taskorch.services.search import search

    wrong = sorted(set(fields) - {one.name for one in dataclasses.fields(Fields)})
    if wrong:
        raise UsageError(
            f"a decision has no field {wrong[0]}", hint="category, impact, status, file, label, ..."
        )
    taken: Json = {name: text_of(name, value) for name, value in fields.items() if value is not None}
    if "status" in taken:
        taken["status"] = (taken["status"],)
    return search(ws, text, kind="decision", **taken)


def _recovered(ws: Workspace, task_id: str) -> Json:
    from taskorch.services.recovery import recover

    return recover(ws, task_id)


def _track(ws: Workspace, task_id: str, op: str, path: str, why: str, source: str | None) -> str:
    from taskorch.services.tracking import track

    # A caller tells of one step, a claim of them all: what was made here and then changed was made.
    stated = None if op == "modify" and (ws.start / path).is_file() else op
    done = track(ws, [path], op=stated, source=source, task=task_id, why=why or None)
    if not done["operations"]:  # made and deleted in this session: nothing is left to claim
        return f"{done['task_id']}:{op}:{path}"
    [claim] = [one for one in done["operations"] if one["op"] == op] or done["operations"]
    return f"{claim['task']}:{claim['op']}:{claim['path']}"


def _could_be_completed(ws: Workspace, task_id: str) -> Json:
    from taskorch.services.completing import look_at

    looked = look_at(ws, task_id)
    package = _recovered(ws, task_id)["recovery_package"]
    return {
        "subtask_id": task_id,
        "completion_approved": not looked["reasons"],
        "critical_issues": looked["reasons"],
        "file_verification": looked["verification"],
        "context_package": package,
        "recommendations": package["recovery_recommendations"],
    }
