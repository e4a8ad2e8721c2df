"""taskorch demo."""

from __future__ import annotations

import click

commands = click.Group()


def register(cli: click.Group) -> None:
    """Add the command."""
    for made in commands.commands.values():
        cli.add_command(made)
