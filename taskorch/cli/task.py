"""taskorch task ..."""

from __future__ import annotations

from typing import Any

import click

from taskorch.cli import render_task as render
from taskorch.cli.kept import kept_list
from taskorch.cli.options import NAMED, at_option, command
from taskorch.cli.output import answer, waiting
from taskorch.cli.place import workspace
from taskorch.records.task_words import COMPLEXITIES, PRIORITIES, STATUSES

STATUS, PRIORITY, COMPLEXITY = map(click.Choice, (STATUSES, PRIORITIES, COMPLEXITIES))
SORTS = ("created", "priority", "status", "title")


commands = click.Group()


@commands.group("task")
def group() -> None:
    """Tasks: what is to be done, and whether it is."""


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
@click.option("--sort", type=click.Choice(SORTS), default="created", show_default=True, help="The order.")
@click.option("--reverse", is_flag=True, help="The other way round.")
@click.option("--tree", is_flag=True, help="Subtasks below their tasks.")
@click.option("--landed", is_flag=True, help="With what of each has landed in the default branch.")
@at_option
def list_(tree: bool, at: str | None, as_json: bool, **filters: Any) -> None:
    """List tasks.  Cancelled and deleted ones are hidden."""

    def make() -> None:
        from taskorch.services.tasks import list_tasks

        with waiting("reading history", as_json=as_json):
            data = list_tasks(workspace(at=at), **filters)
        answer("task.list", data, as_json, render.task_tree if tree else render.task_table)

    if at or filters["landed"] or filters["path"]:  # which depend on more than the records
        make()
    else:
        kept_list(["task list", filters, tree, as_json], make)


@command(group, "show", "taskorch task show t-7k2m")
@click.argument("task_id", metavar="T")
@at_option
def show(task_id: str, at: str | None, as_json: bool) -> None:
    """Show one task with all that hangs on it."""

    def make() -> None:
        from taskorch.services.tasks import show_task

        answer("task.show", show_task(workspace(at=at), task_id), as_json, render.task_whole)

    if at:
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
    from taskorch.cli.editor import edited_by_hand
    from taskorch.services.committing import refuse_commit
    from taskorch.services.editing import edit_task, replace_text

    ws = workspace(commit=commit)
    changes["depends_on"] = depends_on or None
    if any(value not in (None, ()) for value in changes.values()):
        data = edit_task(ws, task_id, **changes)
    else:
        everything = ws.load()
        found = everything.task(task_id)
        if commit:  # not after somebody has written
            refuse_commit(ws, everything)
        with edited_by_hand(found.text, f"{found.id}.md") as text:
            data = replace_text(ws, found.id, text, found.text)
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
@click.option("--results", required=True, metavar="TEXT", help="What was done.")
@click.option(
    "--artifact", "artifacts", multiple=True, metavar="PATH", help="A file it produced; can be repeated."
)
@click.option(
    "--next-action",
    type=click.Choice(["complete", "continue", "needs_revision", "blocked"]),
    default="complete",
    show_default=True,
    help="needs_revision keeps the task active, blocked blocks it.",
)
@click.option("--force", metavar="REASON", help="Complete it all the same; the reason is recorded.")
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


@command(group, "ready", "taskorch task ready", "taskorch task ready --json")
@at_option
def ready(at: str | None, as_json: bool) -> None:
    """List the tasks that nothing holds up, the most urgent first."""
    from taskorch.services.tasks import ready_tasks

    answer("task.ready", ready_tasks(workspace(at=at)), as_json, render.task_ready)
