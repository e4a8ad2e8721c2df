"""What the commands share: their examples, ``--json``, and kinds of values."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


if TYPE_CHECKING:
    _Text = click.ParamType[str]  # generic since click 8.5, for type checkers; older ones serve as well
else:
    _Text = click.ParamType


class _Named(_Text):
    """A text that names something.

    An empty one, of a shell variable that is not set perhaps, is not taken for none: that would mean
    the default, or all.
    """

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as it is.  Fails if it is empty."""
        if not value.strip():
            self.fail("is empty: name one, or leave it out", param, ctx)
        return value


class _AtLeast(click.IntRange):
    """A number from a smallest one up."""

    name = "integer"  # errors say so; click's own name is "integer range"


class _Command(click.Command):
    """A command whose usage is shown with every usage error, also where click does not know it.

    What names something is not taken from the next option: for that there is ``--target=--all``.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        naming = {name for param in self.params if param.type is NAMED for name in param.opts}
        known = {name for param in self.params for name in param.opts if name.startswith("-")}
        words = args[: args.index("--")] if "--" in args else args
        try:
            for word, following in pairwise(words):
                if word in naming and following in known:
                    raise click.UsageError(f"'{word}' needs a value, and '{following}' is an option.")
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise


NAMED = _Named()


def at_least(smallest: int) -> click.IntRange:
    """The type of a number from `smallest` up."""
    return _AtLeast(smallest)


at_option = click.option(
    "--at", type=NAMED, metavar="REV",
    help="Read the records of this commit; REV:FOLDER those of a folder's store.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def format_option(*formats: str) -> Callable[[F], F]:
    """The option of a command that prints its answer in other forms as well, the first by default."""
    shown = f"The form of the answer; json is --json.  [default: {formats[0]}]"
    return click.option("--format", "form", type=click.Choice(formats), help=shown)


def chosen(form: str | None, as_json: bool, default: str) -> str:
    """The form that ``--format`` and ``--json`` ask for together.  Raises click.UsageError."""
    if as_json and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form} exclude each other")
    return "json" if as_json else form or default


commit_option = click.option(
    "--commit", is_flag=True, help="Commit the records afterwards, and nothing else."
)


def example(*lines: str) -> str:
    """The part of a command's help that shows how it is used."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def command(group: click.Group, name: str, *examples: str, commits: bool = False) -> Callable[[F], F]:
    """Add a function to a group as a command with ``--json`` and examples in its help.

    One that writes records (`commits`) has ``--commit`` as well.
    """

    def add(function: F) -> F:
        with_options = json_option(commit_option(function) if commits else function)
        made = click.command(name, cls=_Command, epilog=example(*examples), no_args_is_help=False)(
            with_options
        )
        group.add_command(made)
        return function

    return add
