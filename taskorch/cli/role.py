"""taskorch role ..."""

from __future__ import annotations

import click

from taskorch.cli import render_orchestration as render
from taskorch.cli.options import command
from taskorch.cli.output import answer
from taskorch.cli.place import workspace

commands = click.Group()


@commands.group("role")
def group() -> None:
    """Specialist roles: what is told to whoever takes a task."""


@command(group, "list", "taskorch role list")
def list_(as_json: bool) -> None:
    """List the roles: those that come with taskorch, and your own.

    Your own stand in .orchestrator/roles/*.yaml, a role a file or several by name; what they say of a
    built-in role counts in place of its field.
    """
    from taskorch.services.roles import list_roles

    answer("role.list", list_roles(workspace()), as_json, render.role_table)


@command(group, "show", "taskorch role show architect")
@click.argument("role", metavar="R")
def show(role: str, as_json: bool) -> None:
    """Show what a role says."""
    from taskorch.services.roles import show_role

    answer("role.show", show_role(workspace(), role), as_json, render.role_whole)
