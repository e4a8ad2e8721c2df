"""taskorch decision ...: from status to status, and in another one's place."""

from __future__ import annotations

from collections.abc import Callable

import click

from taskorch.cli import render_decision as render
from taskorch.cli.decision_group import group
from taskorch.cli.options import command
from taskorch.cli.output import answer
from taskorch.cli.place import workspace

_STATUS = {
    "propose": (
        "proposed",
        "'it came up again'",
        "Propose a decision once more that was rejected or deprecated.\n\nA new one: decision new.",
    ),
    "accept": (
        "accepted",
        "'agreed in the review'",
        "Accept a proposed decision.\n\n"
        "With --again one whose files changed since, as decision check tells: it holds as they are now.",
    ),
    "reject": ("rejected", "'too slow'", "Reject a proposed decision."),
    "deprecate": (
        "deprecated",
        "'no passwords any more'",
        "Say that a decision no longer matters.\n\nFor one with another in its place there is supersede.",
    ),
}
_LINKS = {
    "supersede": ("supersedes", "Put a newer decision in an older one's place."),
    "refine": (
        "refines",
        "Say that a newer decision works an older one out.\n\nThe older one stands; both are to be read.",
    ),
    "reverse": (
        "reverses",
        "Say that a newer decision takes an older one back.\n\n"
        "The older one does not stand any more, as with supersede.",
    ),
    "clarify": (
        "clarifies",
        "Say that a newer decision makes an older one clearer.\n\nWhat was decided stays as it was.",
    ),
}


def _add_status(verb: str, status: str, why: str, help_text: str) -> None:
    def run(decision_id: str, reason: str | None, commit: bool, as_json: bool, again: bool = False) -> None:
        from taskorch.services.decisions.status import set_status

        data = set_status(workspace(commit=commit), decision_id, status, reason, again=again)
        answer(f"decision.{verb}", data, as_json, render.decision_changed)

    argument = click.argument("decision_id", metavar="D")
    option = click.option("--reason", metavar="TEXT", help="Why; kept in the decision's text.")
    made = argument(option(run))
    if status == "accepted":
        made = click.option("--again", is_flag=True, help="Accept one that is accepted, as things are now.")(
            made
        )
    _add(verb, f"taskorch decision {verb} d-3f9k --reason {why}", help_text, made)


def _add_link(verb: str, kind: str, help_text: str) -> None:
    def run(old: str, by: str, commit: bool, as_json: bool) -> None:
        from taskorch.services.decisions.linking import link

        data = link(workspace(commit=commit), kind, old, by)
        answer(f"decision.{verb}", data, as_json, render.decision_linked)

    argument = click.argument("old", metavar="OLD")
    option = click.option("--by", required=True, metavar="NEW", help="The newer decision.")
    _add(verb, f"taskorch decision {verb} d-3f9k --by d-8w2c", help_text, argument(option(run)))


def _add(verb: str, example: str, help_text: str, run: Callable[..., None]) -> None:
    run.__doc__ = help_text
    command(group, verb, example, commits=True)(run)


for _verb, _status in _STATUS.items():
    _add_status(_verb, *_status)
for _verb, _link in _LINKS.items():
    _add_link(_verb, *_link)
