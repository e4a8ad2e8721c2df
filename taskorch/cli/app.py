"""All commands in one tree, each module loaded when one of its commands is asked for."""

from __future__ import annotations

from importlib import import_module

import click

from taskorch import __version__

# In the order of the help: the day, the project, claims and context.
_HOMES = {
    "init": "project",
    "demo": "demo",
    "status": "project",
    "task": "task",
    "decision": "decision",
    "session": "session",
    "stream": "stream",
    "role": "role",
    "track": "claims",
    "verify": "claims",
    "recover": "claims",
    "review": "claims",
    "why": "claims",
    "search": "project",
    "history": "project",
    "commit": "project",
    "undo": "safety",
    "checkpoint": "safety",
    "restore": "safety",
    "purge": "safety",
    "doctor": "project",
    "archive": "upkeep",
    "migrate": "upkeep",
    "export": "exporting",
    "import": "importing",
}


class _Commands(click.Group):
    """The top level: knows which module of this folder holds which command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_HOMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _HOMES:
            return None
        home = import_module(f"taskorch.cli.{_HOMES[cmd_name]}")
        found: click.Command = home.commands.commands[cmd_name]
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _HOMES and not args[0].startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(args[0], _HOMES, 1)
            meant = f" Did you mean '{close[0]}'?" if close else ""
            ctx.fail(f"No such command '{args[0]}'.{meant}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="taskorch", message="%(prog)s %(version)s")
def cli() -> None:
    """Tasks, decisions and sessions kept in your git repository, with claims that git can check.

    A day in three commands: task new, task start, task complete.
    """
