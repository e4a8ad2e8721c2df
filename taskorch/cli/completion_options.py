"""The options with which a task is completed, in a stream or without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

_NEXT_ACTIONS = ("complete", "continue", "needs_revision", "blocked")
_OPTIONS = (
    click.option("--results", required=True, metavar="TEXT", help="What was done."),
    click.option(
        "--artifact", "artifacts", multiple=True, metavar="PATH", help="A file it produced; can be repeated."
    ),
    click.option(
        "--next-action",
        type=click.Choice(_NEXT_ACTIONS),
        default="complete",
        show_default=True,
        help="needs_revision keeps the task active, blocked blocks it.",
    ),
    click.option("--force", metavar="REASON", help="Complete it all the same; the reason is recorded."),
)


def completion_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of completion, in their order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
