"""Work streams, in the words of mcp-task-orchestrator."""

from __future__ import annotations

from taskorch.errors import UsageError
from taskorch.orchestrator.arguments import Artifacts, Names, checked, paths_of, texts_of
from taskorch.orchestrator.enhanced import EnhancedTaskOrchestrator
from taskorch.services.shapes import Json


class EnhancedWorkStreamHandler:
    """Prepares and completes the tasks of a stream: ``documentation``, ``testing``, or any there is."""

    def __init__(self, orchestrator: EnhancedTaskOrchestrator) -> None:
        if not isinstance(orchestrator, EnhancedTaskOrchestrator):
            raise UsageError(
                f"orchestrator is of type {type(orchestrator).__name__}, which tracks nothing",
                hint="give what create_enhanced_orchestrator makes",
            )
        self.orchestrator = orchestrator
        self.context_orchestrator = orchestrator.context_orchestrator

    @checked
    async def prepare_work_stream_execution(self, task_ids: Names, work_stream_type: str) -> Json:
        """Keep what is uncommitted, and tell whether the tasks are ready: ``stream prepare``."""
        from taskorch.services.streams.preparing import prepare

        return await self.orchestrator.project.call(prepare, work_stream_type, texts_of("task_ids", task_ids))

    @checked
    async def execute_work_stream_task_enhanced(
        self, task_id: str, work_stream_type: str, specialist_instructions: str | None = None
    ) -> Json:
        """Start a task; what its specialist is to know is ``enhanced_context``.

        ``{task_id, work_stream_type, specialist_type, execution_status, context_tracking_enabled,
        enhanced_context, ready_for_execution}``.  Raises TaskorchError where it cannot be started, and for
        a stream that does not exist: then it is not started.
        """
        from taskorch.services.streams.defining import named

        await self.orchestrator.project.call(named, work_stream_type)
        context = await self.orchestrator.get_specialist_context(task_id)
        if specialist_instructions:
            context += f"\n\n## Further instructions\n\n{specialist_instructions}\n"
        task = await self.orchestrator.state.get_subtask(task_id)
        return {
            "task_id": task_id,
            "work_stream_type": work_stream_type,
            "specialist_type": task["specialist_type"] if task else None,
            "execution_status": "ready",
            "context_tracking_enabled": True,
            "enhanced_context": context,
            "ready_for_execution": bool(task and task["status"] == "active"),
        }

    @checked
    async def complete_work_stream_task(
        self, task_id: str, results: str, artifacts: Artifacts = (), work_stream_type: str = "implementation"
    ) -> Json:
        """Complete a task, with what its diffs contain: ``stream complete``.

        The answer of that, with ``work_stream_analysis`` and ``enhanced_completion``.  Raises TaskorchError
        with all reasons if the work is not there.
        """
        from taskorch.services.streams.finishing import complete_in_stream

        done = await self.orchestrator.project.call(
            complete_in_stream,
            work_stream_type,
            task_id,
            results=results,
            artifacts=paths_of("artifacts", artifacts),
        )
        return done | {"work_stream_analysis": done["analysis"], "enhanced_completion": True}


async def prepare_documentation_work_stream(orchestrator: EnhancedTaskOrchestrator, task_ids: Names) -> Json:
    """`EnhancedWorkStreamHandler.prepare_work_stream_execution` for ``documentation``."""
    return await EnhancedWorkStreamHandler(orchestrator).prepare_work_stream_execution(
        task_ids, "documentation"
    )


async def prepare_testing_work_stream(orchestrator: EnhancedTaskOrchestrator, task_ids: Names) -> Json:
    """`EnhancedWorkStreamHandler.prepare_work_stream_execution` for ``testing``."""
    return await EnhancedWorkStreamHandler(orchestrator).prepare_work_stream_execution(task_ids, "testing")
