"""taskorch decision ..."""

from __future__ import annotations

from typing import Any

import click

from taskorch.cli import render_decision as render
from taskorch.cli.options import NAMED, at_option, command
from taskorch.cli.output import answer
from taskorch.records.decision import CATEGORIES, IMPACTS, STATUSES
from taskorch.services.workspace import Workspace

STATUS, CATEGORY, IMPACT = map(click.Choice, (STATUSES, CATEGORIES, IMPACTS))

commands = click.Group()


@commands.group("decision")
def group() -> None:
    """Decisions (ADRs): why it is as it is."""


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
    from taskorch.services.decisions import new_decision

    answer(
        "decision.new", new_decision(Workspace(commit=commit), title, **values), as_json, render.decision_made
    )


@command(group, "list", "taskorch decision list", "taskorch decision list --status accepted --task t-7k2m")
@click.option("--status", type=STATUS, multiple=True, help="Only with this status; can be repeated.")
@click.option("--category", type=CATEGORY, help="Only of this category.")
@click.option("--task", type=NAMED, metavar="T", help="Only those taken for this task.")
@at_option
def list_(at: str | None, as_json: bool, **filters: Any) -> None:
    """List decisions by date."""
    from taskorch.services.decisions import list_decisions

    answer("decision.list", list_decisions(Workspace(at=at), **filters), as_json, render.decision_table)


@command(group, "show", "taskorch decision show d-3f9k")
@click.argument("decision_id", metavar="D")
@at_option
def show(decision_id: str, at: str | None, as_json: bool) -> None:
    """Show one decision, links in both directions."""
    from taskorch.services.decisions import show_decision

    answer("decision.show", show_decision(Workspace(at=at), decision_id), as_json, render.decision_whole)


@command(group, "accept", "taskorch decision accept d-3f9k --reason 'agreed in the review'", commits=True)
@click.argument("decision_id", metavar="D")
@click.option("--reason", metavar="TEXT", help="Why; kept in the decision's text.")
def accept(decision_id: str, reason: str | None, commit: bool, as_json: bool) -> None:
    """Accept a proposed decision."""
    _set_status("accept", decision_id, "accepted", reason, commit, as_json)


@command(group, "reject", "taskorch decision reject d-3f9k --reason 'too slow'", commits=True)
@click.argument("decision_id", metavar="D")
@click.option("--reason", metavar="TEXT", help="Why; kept in the decision's text.")
def reject(decision_id: str, reason: str | None, commit: bool, as_json: bool) -> None:
    """Reject a proposed decision."""
    _set_status("reject", decision_id, "rejected", reason, commit, as_json)


@command(
    group, "deprecate", "taskorch decision deprecate d-3f9k --reason 'no passwords any more'", commits=True
)
@click.argument("decision_id", metavar="D")
@click.option("--reason", metavar="TEXT", help="Why; kept in the decision's text.")
def deprecate(decision_id: str, reason: str | None, commit: bool, as_json: bool) -> None:
    """Say that a decision no longer matters.

    For one with another in its place there is supersede.
    """
    _set_status("deprecate", decision_id, "deprecated", reason, commit, as_json)


@command(group, "supersede", "taskorch decision supersede d-3f9k --by d-8w2c", commits=True)
@click.argument("old", metavar="OLD")
@click.option("--by", required=True, metavar="NEW", help="The newer decision.")
def supersede(old: str, by: str, commit: bool, as_json: bool) -> None:
    """Put a newer decision in an older one's place."""
    from taskorch.services.decisions import supersede as put_in_place

    answer(
        "decision.supersede",
        put_in_place(Workspace(commit=commit), old, by),
        as_json,
        render.decision_changed,
    )


def _set_status(
    command_name: str, decision_id: str, status: str, reason: str | None, commit: bool, as_json: bool
) -> None:
    from taskorch.services.decisions import set_status

    data = set_status(Workspace(commit=commit), decision_id, status, reason)
    answer(f"decision.{command_name}", data, as_json, render.decision_changed)
