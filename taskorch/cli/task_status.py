"""taskorch task ...: from status to status."""

from __future__ import annotations

from typing import Any

import click

from taskorch.cli import render_task as render
from taskorch.cli.completion_options import completion_options
from taskorch.cli.options import command
from taskorch.cli.output import answer, waiting
from taskorch.cli.place import workspace
from taskorch.cli.task_group import group


@command(
    group,
    "start",
    "taskorch task start t-7k2m",
    "taskorch task start t-7k2m --steal 'Ann is on leave'",
    commits=True,
)
@click.argument("task_id", metavar="T")
@click.option("--steal", metavar="REASON", help="Take it over from another session; the reason is recorded.")
def start(task_id: str, steal: str | None, commit: bool, as_json: bool) -> None:
    """Begin to work on a task: what changes from now on is observed.

    Opens a session if none is active here.  In this repository only one session holds a task.
    """
    from taskorch.services.starting import start_task

    answer(
        "task.start", start_task(workspace(commit=commit), task_id, steal=steal), as_json, render.task_started
    )


@command(
    group,
    "complete",
    "taskorch task complete t-7k2m --results 'Login works, with tests'",
    "taskorch task complete t-7k2m --results 'Half of it' --next-action needs_revision",
    commits=True,
)
@click.argument("task_id", metavar="T")
@completion_options
def complete(task_id: str, commit: bool, as_json: bool, **values: Any) -> None:
    """Complete a task: what changed is claimed for it and verified.

    Refused, and nothing changed, if claimed files or artifacts are not there, a dependency or
    subtask is open, or acceptance criteria are not ticked.
    """
    from taskorch.services.completing import complete_task

    with waiting("verifying", as_json=as_json):
        data = complete_task(workspace(commit=commit), task_id, **values)
    answer("task.complete", data, as_json, render.task_completed)


@command(group, "block", "taskorch task block t-7k2m 'waiting for the API key'", commits=True)
@click.argument("task_id", metavar="T")
@click.argument("reason", required=False)
def block(task_id: str, reason: str | None, commit: bool, as_json: bool) -> None:
    """Say that a task cannot go on."""
    from taskorch.services.lifecycle import block_task

    answer("task.block", block_task(workspace(commit=commit), task_id, reason), as_json, render.task_changed)


@command(group, "fail", "taskorch task fail t-7k2m 'the library cannot do it'", commits=True)
@click.argument("task_id", metavar="T")
@click.argument("reason", required=False)
def fail(task_id: str, reason: str | None, commit: bool, as_json: bool) -> None:
    """Close a task as failed."""
    from taskorch.services.lifecycle import fail_task

    answer("task.fail", fail_task(workspace(commit=commit), task_id, reason), as_json, render.task_changed)


@command(group, "cancel", "taskorch task cancel t-7k2m 'not wanted any more'", commits=True)
@click.argument("task_id", metavar="T")
@click.argument("reason", required=False)
def cancel(task_id: str, reason: str | None, commit: bool, as_json: bool) -> None:
    """Close a task as no longer wanted."""
    from taskorch.services.lifecycle import cancel_task

    answer(
        "task.cancel", cancel_task(workspace(commit=commit), task_id, reason), as_json, render.task_changed
    )


@command(group, "reopen", "taskorch task reopen t-7k2m", commits=True)
@click.argument("task_id", metavar="T")
def reopen(task_id: str, commit: bool, as_json: bool) -> None:
    """Make a closed, blocked or deleted task pending again."""
    from taskorch.services.lifecycle import reopen_task

    answer("task.reopen", reopen_task(workspace(commit=commit), task_id), as_json, render.task_changed)


@command(group, "delete", "taskorch task delete t-7k2m", commits=True)
@click.argument("task_id", metavar="T")
def delete(task_id: str, commit: bool, as_json: bool) -> None:
    """Mark a task as deleted; its file stays, reopen undoes it."""
    from taskorch.services.lifecycle import delete_task

    answer("task.delete", delete_task(workspace(commit=commit), task_id), as_json, render.task_changed)


@command(group, "release", "taskorch task release t-7k2m", commits=True)
@click.argument("task_id", metavar="T")
def release(task_id: str, commit: bool, as_json: bool) -> None:
    """Give an active task up, for anyone to start."""
    from taskorch.services.lifecycle import release_task

    answer("task.release", release_task(workspace(commit=commit), task_id), as_json, render.task_changed)
