"""taskorch export: everything in the store, for people and programs elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from taskorch.cli import render_importing as render
from taskorch.cli.options import NAMED, command
from taskorch.cli.output import answer, emit_body
from taskorch.cli.place import workspace

commands = click.Group()


@command(
    commands, "export", "taskorch export --output store.jsonl", "taskorch export | gzip > store.jsonl.gz"
)
@click.option("--output", type=NAMED, metavar="FILE", help="Write to this file, not to standard output.")
def export(output: str | None, as_json: bool) -> None:
    """Write out everything in the store as JSON Lines.

    The first line says what it is; each other line is a file: records, claims, settings, roles,
    templates, byte for byte, always in the same order.  taskorch import taskorch FILE takes it in.
    """
    from taskorch.services import exporting

    ws = workspace()
    if output:
        answer("export", exporting.export_to(ws, Path.cwd() / output), as_json, render.exported)
    elif as_json:
        raise click.UsageError("--json goes with --output FILE: without it the export itself is printed")
    else:
        for line in exporting.export(ws):
            emit_body(line)
