"""The group of the ``taskorch decision`` commands, to which the modules of commands add theirs."""

from __future__ import annotations

import click

commands = click.Group()


@commands.group("decision")
def group() -> None:
    """Decisions (ADRs): why it is as it is."""
