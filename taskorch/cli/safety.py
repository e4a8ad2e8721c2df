"""Commands of the safety store: undo, checkpoint, restore, purge."""

from __future__ import annotations

import click

from taskorch.cli import render_safety as render
from taskorch.cli.options import NAMED, at_least, command
from taskorch.cli.output import answer, waiting
from taskorch.cli.place import workspace

commands = click.Group()


@command(
    commands,
    "undo",
    "taskorch undo             # take back the last step",
    "taskorch undo --list",
    "taskorch undo 12 11       # these steps, both or none",
)
@click.argument("steps", metavar="[STEP]...", type=at_least(1), nargs=-1)
@click.option("--last", metavar="N", type=at_least(1), help="The last N steps.")
@click.option("--list", "listing", is_flag=True, help="List the steps, the newest first.")
@click.option("--limit", type=at_least(1), default=20, show_default=True, help="With --list, so many.")
def undo(steps: tuple[int, ...], last: int | None, listing: bool, limit: int, as_json: bool) -> None:
    """Take back what the last command wrote, or the steps named.

    Records and what this repository knows of sessions are again as they were before.  Refused where
    a file is not as the step left it.  Commits, and files that are no records, are left as they are.
    An undo is a step as well, and can be taken back.
    """
    from taskorch.services.safety.steps import list_steps
    from taskorch.services.safety.undoing import undo as take_back

    if listing:
        answer("undo", list_steps(workspace(), limit), as_json, render.steps)
        return
    if steps and last:
        raise click.UsageError("name steps, or give --last, not both")
    answer("undo", take_back(workspace(), steps, last=last or 1), as_json, render.undone)


@command(commands, "checkpoint", "taskorch checkpoint", "taskorch checkpoint -m 'before the big rename'")
@click.option("-m", "--message", help="What it is called in lists.")
def checkpoint(message: str | None, as_json: bool) -> None:
    """Keep full copies of all changed and untracked files.

    They go to the safety store, in the git directory: nothing is committed, staged or stashed.  Files
    that git ignores, large ones, and those with names that secrets have (.env, keys) are left out and
    told.  A session's start and end and a task's completion make one by themselves.
    """
    from taskorch.services.safety.checkpoints import make_checkpoint

    with waiting("copying", as_json=as_json):
        data = make_checkpoint(workspace(), message)
    answer("checkpoint", data, as_json, render.checkpoint)


@command(
    commands,
    "restore",
    "taskorch restore t-7k2m                    # a record that was deleted or spoilt",
    "taskorch restore src/app.py --from checkpoint",
    "taskorch restore src/app.py --list",
    "taskorch restore --all                     # after git clean or git reset --hard",
)
@click.argument("names", metavar="[ID|PATH]...", nargs=-1)
@click.option(
    "--from", "source", type=NAMED, metavar="SOURCE",
    help="journal, checkpoint, stash, one of --list (step:12, before:12, stash@{0}), or a commit.",
)  # fmt: skip
@click.option("--list", "listing", is_flag=True, help="List the versions of one file, the newest first.")
@click.option("--all", "everything", is_flag=True, help="Bring back all that was lost.")
@click.option("--dry-run", is_flag=True, help="With --all, say what would come back.")
@click.option(
    "--replace", is_flag=True, help="Also over changes that are saved nowhere; the journal keeps them."
)
def restore(
    names: tuple[str, ...],
    source: str | None,
    listing: bool,
    everything: bool,
    dry_run: bool,
    replace: bool,
    as_json: bool,
) -> None:
    """Bring back a record or a work file, from journal, checkpoint, stash or history.

    Paths count from here, or as ``:/path`` from the root, as for git.  Without --from the newest version.
    Writes the files named, on disk only; refused where what is
    there now would be lost.  With --all come back: records that no commit has, and files of the last
    checkpoint (--from step:N: of another one) that are gone or again as HEAD has them.
    """
    from taskorch.services.safety.restoring import list_versions, restore_all
    from taskorch.services.safety.restoring import restore as bring_back

    if everything == bool(names):
        raise click.UsageError("name records or paths, or say --all")
    if (everything and (listing or replace)) or (dry_run and not everything):
        raise click.UsageError("--all goes with --from and --dry-run only, and --dry-run with --all")
    if listing and (len(names) != 1 or source):
        raise click.UsageError("--list goes with one path or id")
    ws = workspace()
    with waiting("looking for versions", as_json=as_json):
        if listing:
            data = list_versions(ws, names[0])
        elif everything:
            data = restore_all(ws, source=source, dry_run=dry_run)
        else:
            data = bring_back(ws, names, source=source, replace=replace)
    answer("restore", data, as_json, render.versions if listing else render.restored)


@command(commands, "purge", "taskorch purge --local")
@click.option("--local", is_flag=True, help="Say that you mean it.")
def purge(local: bool, as_json: bool) -> None:
    """Remove the safety store: journal, images and checkpoints, for good.

    For when a secret got into it.  Records, commits and open sessions stay.
    """
    from taskorch.services.safety.purging import purge as remove

    if not local:
        raise click.UsageError("say --local: what only this repository has is removed for good")
    answer("purge", remove(workspace()), as_json, render.purged)
