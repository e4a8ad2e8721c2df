"""What the commands share: their examples, ``--json``, and choices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from taskorch.records import decision, task

F = TypeVar("F", bound=Callable[..., Any])

STATUS = click.Choice(task.STATUSES)
PRIORITY = click.Choice(task.PRIORITIES)
COMPLEXITY = click.Choice(task.COMPLEXITIES)
DECISION_STATUS = click.Choice(decision.STATUSES)
CATEGORY = click.Choice(decision.CATEGORIES)
IMPACT = click.Choice(decision.IMPACTS)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def example(*lines: str) -> str:
    """The part of a command's help that shows how it is used."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def command(group: click.Group, name: str, *examples: str) -> Callable[[F], F]:
    """Add a function to a group as a command with ``--json`` and examples in its help."""

    def add(function: F) -> F:
        made = click.command(name, epilog=example(*examples), no_args_is_help=False)(json_option(function))
        group.add_command(made)
        return function

    return add
