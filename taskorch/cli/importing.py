"""taskorch import: what another system keeps, as records."""

from __future__ import annotations

import click

from taskorch.cli import render_importing as render
from taskorch.cli.options import NAMED, command
from taskorch.cli.output import answer, waiting
from taskorch.cli.place import workspace

SOURCES = ("taskorch", "mcp-task-orchestrator", "backlog-md", "beads", "task-master")

commands = click.Group()


@command(
    commands,
    "import",
    "taskorch import backlog-md backlog --dry-run",
    "taskorch import beads .beads/issues.jsonl",
    "taskorch import mcp-task-orchestrator ../old-project --name old",
    "taskorch import taskorch store.jsonl",
    commits=True,
)
@click.argument("source", type=click.Choice(SOURCES))
@click.argument("path", type=NAMED)
@click.option("--name", metavar="NAME", help="What to call this source, where there are two of one system.")
@click.option("--theirs", is_flag=True, help="Also overwrite what was changed here since it was imported.")
@click.option("--dry-run", is_flag=True, help="Only show what would come of it.")
def import_(
    source: str, path: str, name: str | None, theirs: bool, dry_run: bool, commit: bool, as_json: bool
) -> None:
    """Bring in the tasks, decisions and sessions that another system keeps in PATH.

    With taskorch as the SOURCE, PATH is an export of another store.  Nothing there is changed.  A second
    time only what has changed since comes in.  What cannot be brought in is listed with the reason; original
    ids go on to name the tasks.
    """
    from taskorch.services.imports.sources import import_from

    with waiting(f"importing from {source}", as_json=as_json):
        ws = workspace(commit=commit)
        data = import_from(ws, source, path, name=name, theirs=theirs, dry_run=dry_run)
    answer("import", data, as_json, render.imported)
