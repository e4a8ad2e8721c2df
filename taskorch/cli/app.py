"""All commands in one tree."""

from __future__ import annotations

import click

from taskorch import __version__
from taskorch.cli import claims, decision, demo, project, session, task


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="taskorch", message="%(prog)s %(version)s")
def cli() -> None:
    """Tasks, decisions and sessions kept in your git repository, with claims that git can check.

    A day in three commands: task new, task start, task complete.
    """


for part in (project, task, decision, session, claims, demo):
    part.register(cli)
