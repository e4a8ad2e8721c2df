"""The group of the ``taskorch task`` commands, to which the modules of commands add theirs."""

from __future__ import annotations

import click

commands = click.Group()


@commands.group("task")
def group() -> None:
    """Tasks: what is to be done, and whether it is."""
