"""taskorch stream ..."""

from __future__ import annotations

from typing import Any

import click

from taskorch.cli import render_stream as render
from taskorch.cli.completion_options import completion_options
from taskorch.cli.options import command
from taskorch.cli.output import answer, waiting
from taskorch.cli.place import workspace

commands = click.Group()


@commands.group("stream")
def group() -> None:
    """Work streams: documentation, testing, implementation, and your own.

    A stream has conventions, asks whether tasks are ready, and looks at what completed work really
    holds.  .orchestrator/streams/NAME.yaml makes one, or changes a built-in one.
    """


@command(group, "list", "taskorch stream list")
def list_(as_json: bool) -> None:
    """List the streams with their conventions and tasks."""
    from taskorch.services.streams.defining import list_streams

    answer("stream.list", list_streams(workspace()), as_json, render.stream_table)


@command(
    group,
    "prepare",
    "taskorch stream prepare documentation t-7k2m t-9x1c",
    "taskorch stream prepare testing t-7k2m --json",
)
@click.argument("stream", metavar="STREAM")
@click.argument("tasks", metavar="TASK...", nargs=-1, required=True)
def prepare(stream: str, tasks: tuple[str, ...], as_json: bool) -> None:
    """Keep what is uncommitted, and tell whether tasks are ready to be worked on.

    A checkpoint is made of all changed and untracked files.  Then: do the tasks exist and are they
    open, are dependencies completed or among them, is nothing unmerged or under way, has no claim of
    theirs failed, can a session be opened, is everything in the checkpoint.  No record is changed.
    Exit code 0 also where they are not ready: the answer says so, and why.
    """
    from taskorch.services.streams.preparing import prepare as make_ready

    with waiting("looking at the work tree", as_json=as_json):
        data = make_ready(workspace(), stream, tasks)
    answer("stream.prepare", data, as_json, render.prepared)


@command(
    group,
    "complete",
    "taskorch stream complete documentation t-7k2m --results 'The install page is new'",
    "taskorch stream complete testing t-7k2m --results 'Edge cases' --artifact tests/test_edge.py",
    commits=True,
)
@click.argument("stream", metavar="STREAM")
@click.argument("task_id", metavar="TASK")
@completion_options
def complete(stream: str, task_id: str, commit: bool, as_json: bool, **values: Any) -> None:
    """Complete a task as taskorch task complete does, and tell what its changes hold.

    Refused where that is.  Then the contents that the task claims are read: of pages the headings
    that came and went and the links that lead nowhere, tests that came, changed, went or are
    skipped, public names of the program.  What was not looked into is listed.
    """
    from taskorch.services.streams.finishing import complete_in_stream

    with waiting("verifying", as_json=as_json):
        data = complete_in_stream(workspace(commit=commit), stream, task_id, **values)
    answer("stream.complete", data, as_json, render.stream_completed)
