"""taskorch decision ...: what became of the decisions, and how they hang together."""

from __future__ import annotations

import click

from taskorch.cli.decision_group import group
from taskorch.cli.options import NAMED, at_option, chosen, command, format_option
from taskorch.cli.output import answer, waiting
from taskorch.records.decision_words import STATUSES, UNKNOWN


@command(
    group,
    "graph",
    "taskorch decision graph",
    "taskorch decision graph d-3f9k --format mermaid",
    "taskorch decision graph --status accepted --format dot | dot -Tsvg > decisions.svg",
)
@click.argument("decisions", metavar="[D]...", type=NAMED, nargs=-1)
@click.option(
    "--status",
    type=click.Choice((*STATUSES, UNKNOWN)),
    multiple=True,
    help="Only with this status; can be repeated.",
)
@click.option("--all", "everything", is_flag=True, help="In the tree, show those without links as well.")
@at_option
@format_option("tree", "mermaid", "dot", "json")
def graph(
    decisions: tuple[str, ...],
    status: tuple[str, ...],
    everything: bool,
    at: str | None,
    form: str | None,
    as_json: bool,
) -> None:
    """Show which decisions replace, refine or clarify which.

    As a tree, the newest that stand at the top and what they name below them, or as the text of a
    diagram.  With D: those, and all that is connected to them.
    """
    from taskorch.cli.place import workspace
    from taskorch.cli.render_decision_graph import graph_as
    from taskorch.services.decisions.graph import decision_graph

    form = chosen(form, as_json, "tree")
    data = decision_graph(workspace(at=at), decisions, status=status)
    answer("decision.graph", data, form == "json", graph_as(form, everything=everything))


@command(
    group,
    "check",
    "taskorch decision check",
    "taskorch decision check d-3f9k",
    "taskorch decision check --path src --target origin/main",
)
@click.argument("decisions", metavar="[D]...", type=NAMED, nargs=-1)
@click.option("--target", type=NAMED, metavar="REV", help="Look in this commit and its history alone.")
@click.option("--path", type=NAMED, metavar="P", help="Only decisions that govern this file or folder.")
def check(decisions: tuple[str, ...], target: str | None, path: str | None, as_json: bool) -> int:
    """Look for decisions that no longer fit what is there.

    Governed files changed since a decision was accepted, with the commits that did it; paths and globs
    that match nothing; decisions without status or outcome; dead links; decisions that rely on ones
    that do not stand any more.  Without --target: HEAD.  Exit code 4 if anything was found.
    """
    from taskorch.cli.place import workspace
    from taskorch.cli.render_decision_check import checked
    from taskorch.services.decisions.check import check as look

    with waiting("reading history", as_json=as_json):
        data = look(workspace(at=target), decisions, path=path)
    answer("decision.check", data, as_json, checked)
    return 4 if data["findings"] else 0
