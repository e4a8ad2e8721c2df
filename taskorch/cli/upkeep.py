"""Commands that keep a store small and up to date: archive, migrate."""

from __future__ import annotations

import click

from taskorch.cli import render_upkeep as render
from taskorch.cli.options import NAMED, command
from taskorch.cli.output import answer, waiting
from taskorch.cli.place import workspace

FOUND_SOMETHING = 4

commands = click.Group()


@command(
    commands,
    "archive",
    "taskorch archive --dry-run",
    "taskorch archive --older-than 30d --commit",
    commits=True,
)
@click.option(
    "--older-than", type=NAMED, metavar="AGE", default="90d", show_default=True,
    help="Closed at least so long ago: a number with h, d or w.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only tell what would be moved.")
def archive(older_than: str, dry_run: bool, commit: bool, as_json: bool) -> None:
    """Move closed tasks and ended sessions of long ago to .orchestrator/archive/.

    They are hidden from task list (--archived shows them) and found by all else.  Kept back is what an
    open task depends on, and a task of whose tree something stays.  taskorch undo takes it back.
    """
    from taskorch.services.archive.archiving import archive as move

    with waiting("reading history", as_json=as_json):
        data = move(workspace(commit=commit), older_than=older_than, dry_run=dry_run)
    answer("archive", data, as_json, render.archive)


@command(commands, "migrate", "taskorch migrate --check", "taskorch migrate")
@click.option("--check", is_flag=True, help="Change nothing; exit code 4 if there is something to be done.")
def migrate(check: bool, as_json: bool) -> int:
    """Bring the store to the format of this taskorch.

    Tells first what is to be looked at before: whether the store can be written, whether all is
    committed, which tasks are active.  It is one step, which taskorch undo takes back; a second time it
    changes nothing.  A store of a newer format is refused.
    """
    from taskorch.services.migrating import migrate as bring

    data = bring(workspace(), check=check)
    answer("migrate", data, as_json, render.migrate)
    return FOUND_SOMETHING if check and (data["needed"] or not data["checklist"]["access"]["ok"]) else 0
