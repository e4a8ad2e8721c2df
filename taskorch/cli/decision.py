"""taskorch decision ...: made and read; the module in which all its commands come together."""

from __future__ import annotations

from typing import Any

import click

from taskorch.cli import decision_checks, decision_folders, decision_status
from taskorch.cli import render_decision as render
from taskorch.cli.decision_group import commands, group
from taskorch.cli.options import NAMED, at_option, command
from taskorch.cli.output import answer
from taskorch.records.decision import CATEGORIES, IMPACTS, STATUSES
from taskorch.services.workspace import Workspace

__all__ = ["commands", "decision_checks", "decision_folders", "decision_status"]

STATUS, CATEGORY, IMPACT = map(click.Choice, (STATUSES, CATEGORIES, IMPACTS))


@command(
    group,
    "new",
    "taskorch decision new 'Hash passwords with argon2id' --context 'Hashes leak' \\\n"
    "      --decision 'argon2id' --rationale 'memory-hard' --alternative bcrypt --file src/auth.py",
    commits=True,
)
@click.argument("title")
@click.option("--context", required=True, metavar="TEXT", help="The situation that calls for a decision.")
@click.option("--decision", required=True, metavar="TEXT", help="What is decided.")
@click.option("--rationale", required=True, metavar="TEXT", help="Why.")
@click.option("--category", type=CATEGORY, help="What it is about.")
@click.option("--impact", type=IMPACT, help="How far it reaches.")
@click.option(
    "--alternative", "alternatives", multiple=True, metavar="TEXT", help="What else was considered."
)
@click.option("--consequence", "consequences", multiple=True, metavar="TEXT", help="What follows from it.")
@click.option("--risk", "risks", multiple=True, metavar="TEXT", help="What could go wrong.")
@click.option("--file", "files", multiple=True, metavar="PATH", help="A file or folder it governs.")
@click.option("--component", "components", multiple=True, metavar="C", help="A component it concerns.")
@click.option("--task", type=NAMED, metavar="T", help="The task it was taken for.")
@click.option("--status", type=STATUS, default="proposed", show_default=True, help="Its status.")
def new(title: str, commit: bool, as_json: bool, **values: Any) -> None:
    """Record a decision, as MADR."""
    from taskorch.services.decisions.making import new_decision

    answer(
        "decision.new",
        new_decision(Workspace(commit=commit), title, **values),
        as_json,
        render.decision_made,
    )


@command(group, "list", "taskorch decision list", "taskorch decision list --status accepted --task t-7k2m")
@click.option("--status", type=STATUS, multiple=True, help="Only with this status; can be repeated.")
@click.option("--category", type=CATEGORY, help="Only of this category.")
@click.option("--task", type=NAMED, metavar="T", help="Only those taken for this task.")
@at_option
def list_(at: str | None, as_json: bool, **filters: Any) -> None:
    """List decisions by date."""
    from taskorch.services.decisions.listing import list_decisions

    answer("decision.list", list_decisions(Workspace(at=at), **filters), as_json, render.decision_table)


@command(group, "show", "taskorch decision show d-3f9k")
@click.argument("decision_id", metavar="D")
@at_option
def show(decision_id: str, at: str | None, as_json: bool) -> None:
    """Show one decision, links in both directions."""
    from taskorch.services.decisions.listing import show_decision

    answer("decision.show", show_decision(Workspace(at=at), decision_id), as_json, render.decision_whole)
