"""The command reference, made from the commands: ``python -m taskorch.cli.reference > docs/cli.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from inspect import cleandoc
from textwrap import fill

import click

_WIDTH = 100
_INTRODUCTION = """\
# Command reference

Made from the commands themselves by `python -m taskorch.cli.reference > docs/cli.md`: change their
help, not this page.

Where a command takes `T` (a task), `D` (a decision) or `S` (a session), give its id, an unambiguous
prefix of at least three characters with or without the letter (`t-7k2m`, `7k2`), or a task's alias.

With `--json` a command prints one JSON object on standard output, whose `schema` names its shape:
`taskorch.task.new/1` is described by `taskorch/schemas/task.new.json` in the package (JSON Schema
2020-12). Keys may be added in later versions, never renamed or removed. An error then leaves standard
output empty and prints one object `taskorch.error/1` on standard error: `kind`, `message`, `hint`,
`reasons`, `candidates`.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | refused; the message says why, the hint what to do |
| 2 | the words of the command do not go together |
| 3 | a bug in taskorch; the message names a log file |
| 4 | a check found something (`verify`, `review`, `doctor`, `demo`) |
| 130 | interrupted |

| variable | effect |
|---|---|
| `TASKORCH_SESSION` | the session this process works in, instead of the work tree's |
| `TASKORCH_AGENT` | who works, for sessions opened and tasks started by this process |
| `EDITOR`, `VISUAL` | what `task edit` and `decision edit` without flags open, and `decision new` |
| `NO_COLOR` | no colours; there are none in pipes either |
"""


def reference() -> str:
    """The whole page."""
    from taskorch.cli.app import cli

    parts = [_INTRODUCTION, *_command(cli, "taskorch", None)]
    return "\n".join(parts)


def _command(command: click.Command, words: str, parent: click.Context | None) -> Iterator[str]:
    """The parts of the page about a command and those below it, hidden ones left out."""
    context = click.Context(command, parent, info_name=words.rsplit(" ", 1)[-1])
    if isinstance(command, click.Group):
        if parent:
            yield f"## {words}\n"
            yield from _prose(command.help)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child and not child.hidden:
                yield from _command(child, f"{words} {name}", context)
        return
    yield f"{'##' if parent and not parent.parent else '###'} {words}\n"
    yield from _prose(command.help)
    yield _block("text", [" ".join([words, *_usage(command)])])
    options = [param for param in command.params if isinstance(param, click.Option) and not param.hidden]
    yield "\n".join(_option(option) for option in options) + "\n"
    yield _block("bash", _examples(command))


def _prose(text: str | None) -> Iterator[str]:
    for paragraph in cleandoc(text or "").split("\n\n"):
        yield fill(" ".join(paragraph.split()), _WIDTH) + "\n"


def _usage(command: click.Command) -> Iterator[str]:
    """The words behind the command's name: options, then arguments as help shows them."""
    yield "[OPTIONS]"
    for param in command.params:
        if isinstance(param, click.Argument):
            name = param.metavar or (param.name or "").upper()
            yield name if param.metavar or param.required else f"[{name}]"


def _option(option: click.Option) -> str:
    """A list item: the option's spellings, its value, what it does."""
    value = _value(option)
    names = ", ".join(f"`{name}`" for name in option.opts[:-1])
    last = f"`{option.opts[-1]}{' ' if value else ''}{value}`"
    text = f"- {names + ', ' if names else ''}{last}: {option.help}"
    if option.required:
        text += " [required]"
    if option.show_default:
        text += f" [default: {option.default}]"
    return fill(
        " ".join(text.split()), _WIDTH, subsequent_indent="  ", break_on_hyphens=False, break_long_words=False
    )


def _value(option: click.Option) -> str:
    """What stands behind an option on the command line."""
    if option.is_flag:
        return ""
    if isinstance(option.type, click.Choice):
        return "|".join(str(choice) for choice in option.type.choices)
    return option.metavar or ("N" if isinstance(option.type, click.IntRange) else "TEXT")


def _examples(command: click.Command) -> list[str]:
    """The lines of the epilog below ``Examples:``."""
    lines = (command.epilog or "").splitlines()
    return [line.removeprefix("  ") for line in lines if line.startswith("  ")]


def _block(language: str, lines: list[str]) -> str:
    return "\n".join([f"```{language}", *lines, "```"]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(reference())
