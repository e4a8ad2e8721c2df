"""taskorch decision ...: read; the module in which all its commands come together."""

from __future__ import annotations

from typing import Any

import click

from taskorch.cli import decision_capture, decision_checks, decision_folders, decision_status
from taskorch.cli import render_decision as render
from taskorch.cli.decision_group import commands, group
from taskorch.cli.field_options import field_options
from taskorch.cli.kept import kept_list
from taskorch.cli.options import at_option, command
from taskorch.cli.output import answer
from taskorch.cli.place import workspace
from taskorch.records.decision_words import STATUSES

__all__ = ["commands", "decision_capture", "decision_checks", "decision_folders", "decision_status"]


@command(
    group,
    "list",
    "taskorch decision list",
    "taskorch decision list --status accepted --task t-7k2m",
    "taskorch decision list --file src/auth.py --since 2026-01-01",
)
@field_options(STATUSES)
@at_option
def list_(at: str | None, as_json: bool, **filters: Any) -> None:
    """List decisions by date."""

    def make() -> None:
        from taskorch.services.decisions.listing import list_decisions

        answer("decision.list", list_decisions(workspace(at=at), **filters), as_json, render.decision_table)

    if at:
        make()
    else:
        kept_list(["decision list", filters, as_json], make)


@command(group, "show", "taskorch decision show d-3f9k")
@click.argument("decision_id", metavar="D")
@at_option
def show(decision_id: str, at: str | None, as_json: bool) -> None:
    """Show one decision, links in both directions."""

    def make() -> None:
        from taskorch.services.decisions.listing import show_decision

        answer("decision.show", show_decision(workspace(at=at), decision_id), as_json, render.decision_whole)

    if at:
        make()
    else:
        kept_list(["decision show", decision_id, as_json], make)
