"""Completing a task of a stream: as any other, and then it is told what its changes really hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from taskorch.errors import TaskorchError
from taskorch.services.completing import complete_task
from taskorch.services.shapes import Json
from taskorch.services.streams.analysing import analyse, not_made
from taskorch.services.streams.defining import named
from taskorch.services.workspace import Workspace
from taskorch.store.streams import Stream


def complete_in_stream(
    ws: Workspace,
    stream: str,
    name: str,
    *,
    results: str,
    artifacts: Sequence[str] = (),
    next_action: str = "complete",
    force: str | None = None,
    cwd: Path | None = None,
) -> Json:
    """`complete_task`, and with its answer ``work_stream_type`` and ``analysis`` (see `analyse`).

    Refused as that is, and for a stream that does not exist (NotFound) or whose own file cannot be read
    (BadRecord); then nothing has changed.  What the analysis finds refuses nothing.
    """
    one = named(ws, stream)
    done = complete_task(
        ws, name, results=results, artifacts=artifacts, next_action=next_action, force=force, cwd=cwd
    )
    return {**done, "work_stream_type": one.name, "analysis": _analysis(ws, one, done["task_id"])}


def _analysis(ws: Workspace, stream: Stream, task_id: str) -> Json:
    """The analysis; the task is completed by now, so what hinders it is told and not raised."""
    try:
        with ws.repo.at_rest():
            return analyse(ws, stream, task_id)
    except (TaskorchError, OSError) as error:
        return not_made(stream, str(error))
