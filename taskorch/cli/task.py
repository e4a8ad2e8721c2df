"""taskorch task ...: made, listed and edited; the module in which all its commands come together."""

from __future__ import annotations

from typing import Any

import click

from taskorch.cli import render_task as render
from taskorch.cli import task_orchestration, task_status
from taskorch.cli.kept import kept_list
from taskorch.cli.options import NAMED, at_option, command
from taskorch.cli.output import answer, waiting
from taskorch.cli.place import workspace
from taskorch.cli.task_group import commands, group
from taskorch.records.task_words import COMPLEXITIES, PRIORITIES, STATUSES

__all__ = ["commands", "task_orchestration", "task_status"]

STATUS, PRIORITY, COMPLEXITY = map(click.Choice, (STATUSES, PRIORITIES, COMPLEXITIES))
SORTS = ("created", "priority", "status", "title")


@command(
    group,
    "new",
    "taskorch task new 'Add login'",
    "taskorch task new 'Hash passwords' -d 'Use argon2id' --accept 'old hashes still work' --parent t-7k2m",
    commits=True,
)
@click.argument("title")
@click.option("-d", "--description", default="", help="What is to be done, in Markdown.")
@click.option("--accept", multiple=True, metavar="TEXT", help="An acceptance criterion; can be repeated.")
@click.option("--specialist", metavar="R", help="The role it is for, such as implementer.")
@click.option("--stream", metavar="S", help="The stream of work it belongs to.")
@click.option("--parent", metavar="T", help="The task it is a part of.")
@click.option(
    "--depends-on", multiple=True, metavar="T", help="A task to be completed first; can be repeated."
)
@click.option("--priority", type=PRIORITY, help="How urgent it is.  [default: medium]")
@click.option("--complexity", type=COMPLEXITY, help="How hard it is.  [default: moderate]")
@click.option("--label", "labels", multiple=True, metavar="L", help="A label; can be repeated.")
def new(title: str, commit: bool, as_json: bool, **values: Any) -> None:
    """Make a task."""
    from taskorch.services.tasks import new_task

    answer("task.new", new_task(workspace(commit=commit), title, **values), as_json, render.task_made)


@command(
    group,
    "list",
    "taskorch task list --status active",
    "taskorch task list --tree",
    "taskorch task list --label api --sort priority",
    "taskorch task list --status completed --landed",
    "taskorch task list --at v1.0",
)
@click.option("--status", type=STATUS, multiple=True, help="Only with this status; can be repeated.")
@click.option("--specialist", metavar="R", help="Only for this role.")
@click.option("--stream", metavar="S", help="Only of this stream.")
@click.option("--assignee", metavar="A", help="Only of this person.")
@click.option("--priority", type=PRIORITY, multiple=True, help="Only with this priority; can be repeated.")
@click.option("--label", multiple=True, metavar="L", help="Only with this label; can be repeated.")
@click.option("--parent", type=NAMED, metavar="T", help="Only subtasks of this task.")
@click.option("--path", metavar="P", help="Only those that changed this file or folder.")
@click.option("--deleted", is_flag=True, help="Also cancelled and deleted ones.")
@click.option("--archived", is_flag=True, help="Also archived ones.")
@click.option("--sort", type=click.Choice(SORTS), default="created", show_default=True, help="The order.")
@click.option("--reverse", is_flag=True, help="The other way round.")
@click.option("--tree", is_flag=True, help="Subtasks below their tasks.")
@click.option("--landed", is_flag=True, help="With what of each has landed in the default branch.")
@at_option
def list_(tree: bool, at: str | None, as_json: bool, **filters: Any) -> None:
    """List tasks.  Cancelled, deleted and archived ones are hidden."""

    def make() -> None:
        from taskorch.services.tasks import list_tasks

        with waiting("reading history", as_json=as_json):
            data = list_tasks(workspace(at=at), **filters)
        answer("task.list", data, as_json, render.task_tree if tree else render.task_table)

    if at or filters["landed"] or filters["path"]:  # which depend on more than the records
        make()
    else:
        kept_list(["task list", filters, tree, as_json], make, archived=filters["archived"])


@command(group, "show", "taskorch task show t-7k2m", "taskorch task show t-7k2m --context")
@click.argument("task_id", metavar="T")
@click.option("--context", is_flag=True, help="What a specialist is told who starts it.")
@at_option
def show(task_id: str, context: bool, at: str | None, as_json: bool) -> None:
    """Show one task with all that hangs on it."""

    def make() -> None:
        from taskorch.services.tasks import show_task

        data = show_task(workspace(at=at), task_id, context=context)
        answer("task.show", data, as_json, render.task_context if context else render.task_whole)

    if at or context:  # which depend on more than the records
        make()
    else:
        kept_list(["task show", task_id, as_json], make)


@command(
    group,
    "edit",
    "taskorch task edit t-7k2m --priority high --add-label api",
    "taskorch task edit t-7k2m --depends-on t-9x1c",
    "taskorch task edit t-7k2m   # opens $EDITOR on the whole record",
    commits=True,
)
@click.argument("task_id", metavar="T")
@click.option("--title", metavar="S", help="The new title.")
@click.option(
    "--status", type=STATUS, help="The new status, if its own command allows it; completed is refused."
)
@click.option("--priority", type=PRIORITY, help="The new priority.")
@click.option("--complexity", type=COMPLEXITY, help="The new complexity.")
@click.option("--assignee", metavar="A", help="Who does it; '' for nobody.")
@click.option("--specialist", metavar="R", help="The role it is for; '' for none.")
@click.option("--stream", metavar="S", help="Its stream of work; '' for none.")
@click.option("--parent", metavar="T", help="The task it is a part of; '' for none.")
@click.option(
    "--depends-on", multiple=True, default=None, metavar="T",
    help="All tasks to be completed first; repeated for several, '' for none.",
)  # fmt: skip
@click.option("--add-label", "add_labels", multiple=True, metavar="L", help="A label to add.")
@click.option("--remove-label", "remove_labels", multiple=True, metavar="L", help="A label to remove.")
@click.option(
    "--accept", "add_criteria", multiple=True, metavar="TEXT", help="An acceptance criterion to add."
)
def edit(
    task_id: str, commit: bool, as_json: bool, depends_on: tuple[str, ...] | None, **changes: Any
) -> None:
    """Change fields of a task; without flags open it in $EDITOR.

    A task is completed by taskorch task complete, which checks the work.
    """
    from taskorch.cli.editor import edited_record
    from taskorch.services.editing import edit_task, replace_text

    ws = workspace(commit=commit)
    changes["depends_on"] = depends_on or None
    if any(value not in (None, ()) for value in changes.values()):
        data = edit_task(ws, task_id, **changes)
    else:
        data = edited_record(ws, lambda found: found.task(task_id), replace_text)
    answer("task.edit", data, as_json, render.task_changed)


@command(group, "note", "taskorch task note t-7k2m 'The old tokens must stay valid'", commits=True)
@click.argument("task_id", metavar="T")
@click.argument("text")
def note(task_id: str, text: str, commit: bool, as_json: bool) -> None:
    """Append a note to a task, with time and author."""
    from taskorch.services.editing import note_task

    answer("task.note", note_task(workspace(commit=commit), task_id, text), as_json, render.task_changed)


@command(
    group, "check", "taskorch task check t-7k2m 1 3", "taskorch task check t-7k2m --all --undo", commits=True
)
@click.argument("task_id", metavar="T")
@click.argument("numbers", metavar="[N]...", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All criteria.")
@click.option("--undo", is_flag=True, help="Untick them.")
def check(
    task_id: str, numbers: tuple[int, ...], everything: bool, undo: bool, commit: bool, as_json: bool
) -> None:
    """Tick acceptance criteria by number."""
    from taskorch.services.editing import check_criteria

    data = check_criteria(workspace(commit=commit), task_id, numbers, everything=everything, undo=undo)
    answer("task.check", data, as_json, render.task_checked)
