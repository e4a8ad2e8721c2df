"""The options that ask for fields of records, of ``search`` and ``decision list``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from taskorch.cli.options import NAMED, F
from taskorch.records.decision_words import CATEGORIES, IMPACTS


def field_options(statuses: Sequence[str]) -> Callable[[F], F]:
    """All of them, in this order; a record can have one of these statuses."""
    options: list[Callable[[F], F]] = [
        click.option(
            "--status", type=click.Choice(list(statuses)), multiple=True,
            help="Only with this status; can be repeated.",
        ),
        click.option("--category", type=click.Choice(CATEGORIES), help="Only of this category."),
        click.option("--impact", type=click.Choice(IMPACTS), help="Only with this impact."),
        click.option(
            "--file",
            type=NAMED,
            metavar="PATH",
            help="Only decisions that govern this file, folder or something in it.",
        ),
        click.option("--component", type=NAMED, metavar="C", help="Only those that concern this component."),
        click.option("--label", type=NAMED, metavar="L", help="Only with this label."),
        click.option("--task", type=NAMED, metavar="T", help="Only those of this task."),
        click.option("--since", type=NAMED, metavar="DATE", help="Only from this day on, as 2026-01-31."),
        click.option("--until", type=NAMED, metavar="DATE", help="Only up to this day."),
    ]  # fmt: skip

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add
