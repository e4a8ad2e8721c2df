"""taskorch decision new and edit: from flags, from a text, or in an editor."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from taskorch.cli import render_decision as render
from taskorch.cli.decision_group import group
from taskorch.cli.options import NAMED, F, command
from taskorch.cli.output import answer
from taskorch.cli.place import workspace
from taskorch.cli.text_input import read_text
from taskorch.errors import TaskorchError, UsageError
from taskorch.records.decision_words import CATEGORIES, IMPACTS, IMPLEMENTATIONS, LINKS, STATUSES

if TYPE_CHECKING:
    from taskorch.services.workspace import Workspace

STATUS, CATEGORY, IMPACT, IMPLEMENTATION = map(click.Choice, (STATUSES, CATEGORIES, IMPACTS, IMPLEMENTATIONS))


@command(
    group,
    "new",
    "taskorch decision new 'Use ruff for lint and format' --because 'one tool, and fast'",
    "taskorch decision new 'Hash passwords with argon2id' --context 'Hashes leak' \\\n"
    "      --decision argon2id --rationale 'memory-hard' --alternative bcrypt \\\n"
    "      --con 'bcrypt: 72 bytes at most' --file src/auth.py",
    "taskorch decision new 'Hash passwords with argon2id'   # on a terminal: opens $EDITOR",
    "taskorch decision new --template nygard -e",
    "taskorch decision new 'Use ruff' -F - < notes.md",
    commits=True,
)
@click.argument("title", required=False)
@click.option("--context", metavar="TEXT", help="The situation that calls for a decision.")
@click.option("--decision", metavar="TEXT", help="What is decided.")
@click.option(
    "--rationale", "--because", "rationale", metavar="TEXT",
    help="Why.  With a title alone: what is decided is the title.",
)  # fmt: skip
@click.option("--driver", "drivers", multiple=True, metavar="TEXT", help="What it has to do justice to.")
@click.option(
    "--alternative", "alternatives", multiple=True, metavar="TEXT", help="What else was considered."
)
@click.option(
    "--pro",
    "pros",
    multiple=True,
    metavar="OPTION: TEXT",
    help="What speaks for an option.",
)
@click.option("--con", "cons", multiple=True, metavar="OPTION: TEXT", help="What speaks against an option.")
@click.option("--consequence", "consequences", multiple=True, metavar="TEXT", help="What follows from it.")
@click.option("--risk", "risks", multiple=True, metavar="TEXT", help="What could go wrong.")
@click.option("--confirmation", metavar="TEXT", help="How one can tell that it is kept to.")
@click.option(
    "-F", "--body", "source", type=NAMED, metavar="FILE",
    help="Take the whole text from a file; - is the standard input.",
)  # fmt: skip
@click.option("-e", "--edit", "by_hand", is_flag=True, help="Open $EDITOR on it.")
@click.option(
    "--template", type=NAMED, metavar="NAME",
    help="Its form: madr, madr-minimal, nygard, or one of .orchestrator/templates/NAME.md.",
)  # fmt: skip
@click.option("--category", type=CATEGORY, help="What it is about.")
@click.option("--impact", type=IMPACT, help="How far it reaches.")
@click.option("--implementation", type=IMPLEMENTATION, help="How far it is carried out.")
@click.option("--outcome", metavar="TEXT", help="What came of it.")
@click.option("--file", "files", multiple=True, metavar="PATH", help="A file or folder it governs.")
@click.option("--component", "components", multiple=True, metavar="C", help="A component it concerns.")
@click.option("--label", "labels", multiple=True, metavar="L", help="A label.")
@click.option(
    "--decision-maker", "decision_makers", multiple=True, metavar="NAME",
    help="Who decides.  [default: git's author]",
)  # fmt: skip
@click.option("--supersedes", multiple=True, type=NAMED, metavar="D", help="A decision in whose place it is.")
@click.option("--refines", multiple=True, type=NAMED, metavar="D", help="A decision that it works out.")
@click.option("--reverses", multiple=True, type=NAMED, metavar="D", help="A decision that it takes back.")
@click.option("--clarifies", multiple=True, type=NAMED, metavar="D", help="A decision that it makes clearer.")
@click.option(
    "--task",
    type=NAMED,
    metavar="T",
    help="The task it is taken for.  [default: the active one]",
)
@click.option("--no-task", is_flag=True, help="For no task.")
@click.option("--status", type=STATUS, help="Its status.  [default: proposed]")
def new(
    title: str | None, source: str | None, by_hand: bool, commit: bool, as_json: bool, **values: Any
) -> None:
    """Record a decision, as MADR.

    In short with its title and --because; at length with --context, --decision and --rationale; as
    a whole text with -F; on a terminal with less than that in $EDITOR.
    """
    from taskorch.services.decisions.from_text import new_from_text
    from taskorch.services.decisions.given import Given
    from taskorch.services.decisions.making import new_decision

    ws = workspace(commit=commit)
    values["links"] = {kind: values.pop(kind) for kind in LINKS}
    if values["task"] and values["no_task"]:
        raise UsageError("--task and --no-task exclude each other")
    if source and by_hand:
        raise UsageError("-F and -e exclude each other")
    if source:
        text, name = read_text(source)
        data = new_from_text(ws, title, text, name, **values)
    elif by_hand or (_is_at_terminal() and (title is None or Given(title=title, **values).lacking)):
        data = _written(ws, title, values)
    else:
        data = new_decision(ws, title, **values)
    answer("decision.new", data, as_json, render.decision_made)


def _written(ws: Workspace, title: str | None, values: dict[str, Any]) -> dict[str, Any]:
    """A decision that is written in an editor.  Raises TaskorchError where nothing was written."""
    from taskorch.cli.editor import edited_by_hand, refuse_without_editor
    from taskorch.services.committing import refuse_commit
    from taskorch.services.decisions.drafting import draft_decision, new_from_draft

    refuse_without_editor(_is_at_terminal())
    draft = draft_decision(ws, title, **values)
    if ws.commit:  # not after somebody has written
        refuse_commit(ws, ws.load())
    data = None
    with edited_by_hand(draft.text, draft.name) as text:
        if not draft.is_unwritten(text):
            data = new_from_draft(ws, draft, text)
    if data is None:
        raise TaskorchError(
            "no decision was made: nothing was written", hint="save the text changed, or give it with options"
        )
    return data


def _is_at_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _changed(name: str, known: Sequence[str], shown: str) -> Callable[[F], F]:
    """The option of a choice that can be emptied."""
    return click.option(f"--{name}", type=click.Choice(("", *known)), metavar="|".join(known), help=shown)


def _both(name: str, param: str, metavar: str, what: str) -> Callable[[F], F]:
    """The two options that add to a list and take from it."""

    def add(function: F) -> F:
        def option(verb: str, does: str) -> Callable[[F], F]:
            return click.option(
                f"--{verb}-{name}", f"{verb}_{param}", multiple=True, type=NAMED, metavar=metavar,
                help=f"{what} to {does}.",
            )  # fmt: skip

        return option("add", "add")(option("remove", "take out")(function))

    return add


@command(
    group,
    "edit",
    "taskorch decision edit d-3f9k --impact high --add-label api",
    "taskorch decision edit d-3f9k --implementation completed --outcome 'logins take 80 ms'",
    "taskorch decision edit d-3f9k   # opens $EDITOR on the whole record",
    commits=True,
)
@click.argument("decision_id", metavar="D")
@click.option("--title", metavar="S", help="The new title.")
@_changed("category", CATEGORIES, "What it is about; '' for none.")
@_changed("impact", IMPACTS, "How far it reaches; '' for none.")
@_changed("implementation", IMPLEMENTATIONS, "How far it is carried out; '' for none.")
@click.option("--outcome", metavar="TEXT", help="What came of it; '' for none.")
@_both("label", "labels", "L", "A label")
@_both("file", "files", "PATH", "A file or folder that it governs,")
@_both("component", "components", "C", "A component")
@_both("task", "tasks", "T", "A task")
@_both("decision-maker", "decision_makers", "NAME", "A decision maker")
def edit(decision_id: str, commit: bool, as_json: bool, **changes: Any) -> None:
    """Change fields of a decision; without flags open it in $EDITOR.

    Its status is changed by accept, reject and the like, its links by supersede and the like.
    """
    from taskorch.cli.editor import edited_record
    from taskorch.services.decisions.editing import edit_decision, replace_text, to_edit

    ws = workspace(commit=commit)
    if any(value not in (None, ()) for value in changes.values()):
        data = edit_decision(ws, decision_id, **changes)
    else:
        data = edited_record(ws, lambda found: to_edit(ws, found, decision_id), replace_text)
    answer("decision.edit", data, as_json, render.decision_changed)
