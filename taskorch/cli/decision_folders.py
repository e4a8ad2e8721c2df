"""taskorch decision ...: folders of decisions that other tools keep."""

from __future__ import annotations

import click

from taskorch.cli import render_decision_folders as render
from taskorch.cli.decision_group import group
from taskorch.cli.options import NAMED, command
from taskorch.cli.output import answer
from taskorch.cli.place import workspace

FORMAT = click.Choice(("madr", "adr-tools", "log4brains", "json"))


@command(
    group,
    "adopt",
    "taskorch decision adopt docs/decisions --dry-run",
    "taskorch decision adopt docs/decisions --in-place",
    commits=True,
)
@click.argument("folder", metavar="DIR", type=NAMED)
@click.option("--in-place", is_flag=True, help="Keep the decisions there, and write new ones there.")
@click.option("--dry-run", is_flag=True, help="Only show what is read.")
def adopt(folder: str, in_place: bool, dry_run: bool, commit: bool, as_json: bool) -> None:
    """Take over decisions that MADR, adr-tools, log4brains or the like wrote.

    Each becomes a record of its own, and the originals stay as they are; a second time only new ones are
    taken.  With --in-place the folder goes on as it is: config.yaml names it, taskorch reads it, and writes
    new decisions and changed statuses there in the folder's own way.
    """
    from taskorch.services.decisions.adopting import adopt as take_over
    from taskorch.services.decisions.adopting import look_at

    ws = workspace(commit=commit)
    if dry_run:
        data = look_at(ws, folder, in_place=in_place) | {"commit": None, "safety_store": None}
    else:
        data = take_over(ws, folder, in_place=in_place)
    answer("decision.adopt", data, as_json, render.adopted)


@command(group, "export", "taskorch decision export --format adr-tools docs/adr")
@click.argument("folder", metavar="DIR", type=NAMED)
@click.option("--format", "form", type=FORMAT, required=True, help="The tool whose form it is.")
def export(folder: str, form: str, as_json: bool) -> None:
    """Write all decisions into DIR, as another tool keeps them, with an index page.

    Nothing else in DIR is touched, and no file is overwritten.
    """
    from taskorch.services.decisions.exporting import export_decisions

    answer("decision.export", export_decisions(workspace(), folder, form), as_json, render.exported)
