"""taskorch task plan, ready and synthesize: several tasks at once."""

from __future__ import annotations

import click

from taskorch.cli import render_orchestration as render
from taskorch.cli.options import NAMED, at_option, command
from taskorch.cli.output import answer, waiting
from taskorch.cli.place import workspace
from taskorch.cli.task_group import group


@command(
    group,
    "plan",
    "taskorch task plan 'Add login' -F plan.yaml",
    "taskorch task plan -F plan.json",
    "printf '%s\\n' '- title: Write the form' | taskorch task plan 'Add login' -F -",
    commits=True,
)
@click.argument("title", required=False)
@click.option(
    "-F", "--file", "source", type=NAMED, required=True, metavar="FILE",
    help="The breakdown, in YAML or JSON; - is the standard input.",
)  # fmt: skip
def plan(title: str | None, source: str, commit: bool, as_json: bool) -> None:
    """Make a task and its subtasks in one step, or none of them.

    FILE has a list of subtasks, or a mapping with subtasks and what is said of the task itself.  Each
    has a title and can have task_id (a name of your own, by which others can name it), description,
    specialist_type, dependencies (names, titles or tasks that exist), acceptance_criteria, priority,
    complexity, labels, stream, estimated_effort, and subtasks of its own.
    """
    from taskorch.cli.text_input import read_text
    from taskorch.services.planning import plan_from_text

    data, name = read_text(source)
    answer(
        "task.plan",
        plan_from_text(workspace(commit=commit), title, data, name),
        as_json,
        render.planned,
    )


@command(group, "ready", "taskorch task ready", "taskorch task ready --explain", "taskorch task ready --json")
@click.option("--explain", is_flag=True, help="All open tasks: why each can be started, or why not.")
@at_option
def ready(explain: bool, at: str | None, as_json: bool) -> None:
    """List the tasks that nothing holds up, the most urgent first."""
    from taskorch.services.tasks import ready_tasks

    data = ready_tasks(workspace(at=at), explain=explain)
    answer("task.ready", data, as_json, render.explained if explain else render.ready)


@command(
    group, "synthesize", "taskorch task synthesize t-7k2m", "taskorch task synthesize t-7k2m > report.md"
)
@click.argument("task_id", metavar="T")
@at_option
def synthesize(task_id: str, at: str | None, as_json: bool) -> None:
    """Put the results of all subtasks together, each after what it builds on.

    In Markdown.  It says what is not finished, failed, was completed by force or has not landed, and
    calls the whole finished only where none of that is so.
    """
    from taskorch.services.synthesis import synthesize as put_together

    with waiting("reading history", as_json=as_json):
        data = put_together(workspace(at=at), task_id)
    answer("task.synthesize", data, as_json, render.synthesized)
