"""Commands about the whole store: init, status, commit, doctor, search, history."""

from __future__ import annotations

from typing import Any

import click

from taskorch.cli import render_project as render
from taskorch.cli.field_options import field_options
from taskorch.cli.kept import kept_list
from taskorch.cli.options import at_least, at_option, command
from taskorch.cli.output import answer, waiting
from taskorch.cli.place import workspace
from taskorch.records.decision_words import STATUSES
from taskorch.records.task_words import STATUSES as TASK_STATUSES

FOUND_SOMETHING = 4


commands = click.Group()


@command(commands, "init", "taskorch init", "taskorch init --here   # a store of its own for this folder")
@click.option("--here", is_flag=True, help="Make the store in this folder, not at the root of the work tree.")
def init(here: bool, as_json: bool) -> None:
    """Set up this repository or this clone.  Can be repeated.

    Writes .orchestrator/ (config.yaml, README.md, .gitattributes) and taskorch's own folder in the
    git directory.  Commits nothing, adds no git config.
    """
    from taskorch.services.initializing import initialize

    answer("init", initialize(workspace(), here=here), as_json, render.init)


@command(commands, "status", "taskorch status", "taskorch status --at v1.0")
@at_option
def status(at: str | None, as_json: bool) -> None:
    """Show on one screen where things stand.

    What is active, ready, changed, and not committed.
    """
    from taskorch.services.overview import overview

    with waiting("looking at the work tree", as_json=as_json):
        data = overview(workspace(at=at))
    answer("status", data, as_json, render.overview)


@command(commands, "commit", "taskorch commit", "taskorch commit -m 'Plan the login work'")
@click.option("-m", "--message", help="The commit message.  [default: a summary]")
def commit(message: str | None, as_json: bool) -> None:
    """Commit the changed records, and nothing else.

    Runs your hooks and signs as git commit would.  What else is staged stays staged.  Refused in
    the middle of a merge, rebase or the like.
    """
    from taskorch.services.committing import commit_records

    answer("commit", commit_records(workspace(), message), as_json, render.commit)


@command(commands, "doctor", "taskorch doctor", "taskorch doctor --stale", "taskorch doctor --stale --fix")
@click.option("--stale", is_flag=True, help="Look also for what lies about.")
@click.option(
    "--fix", is_flag=True, help="With --stale: release, unlink, end what can be; undo takes it back."
)
def doctor(stale: bool, fix: bool, as_json: bool) -> int:
    """Check all records for problems, by file, line and column.

    With --stale also for active tasks on which nothing was done for long (hours by role, which
    config.yaml can change), open tasks whose parent is gone or closed or that wait in vain, sessions
    that nobody ended, and records to archive.  Exit code 4 if there is something.  Changes nothing
    without --fix.
    """
    from taskorch.services.doctor import examine

    if fix and not stale:
        raise click.UsageError("--fix goes with --stale")
    with waiting("looking at all records", as_json=as_json):
        data = examine(workspace(), stale=stale, fix=fix)
    answer("doctor", data, as_json, render.doctor)
    return FOUND_SOMETHING if data["found"] else 0


@command(
    commands,
    "search",
    "taskorch search 'rate limit'",
    "taskorch search argon2 --kind decision --status accepted",
    "taskorch search --file src/auth.py --impact high",
)
@click.argument("text", required=False)
@click.option("--kind", type=click.Choice(["task", "decision", "session"]), help="Only records of this kind.")
@field_options((*TASK_STATUSES, *STATUSES))
@click.option("--limit", type=at_least(1), default=50, show_default=True, help="At most so many lines.")
@at_option
def search(text: str | None, at: str | None, as_json: bool, **asked: Any) -> None:
    """Show the lines of records that hold all words of TEXT, the likeliest record first.

    With fields only those of records that have them all; then TEXT can be left out.
    """

    def make() -> None:
        from taskorch.services.search import search as find

        answer("search", find(workspace(at=at), text, **asked), as_json, render.search)

    if at:
        make()
    else:
        kept_list(["search", text, asked, as_json], make, archived=True)


@command(commands, "history", "taskorch history t-7k2m", "taskorch history d-3f9k")
@click.argument("record_id", metavar="ID")
def history(record_id: str, as_json: bool) -> None:
    """Show which commit changed which field of a record.

    ID is that of a task, decision or session.
    """
    from taskorch.services.history import record_history

    answer("history", record_history(workspace(), record_id), as_json, render.history)
