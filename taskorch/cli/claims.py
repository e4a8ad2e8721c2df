"""Commands about claims and context: track, verify, recover, review, why."""

from __future__ import annotations

import click

from taskorch.cli.kept import kept
from taskorch.cli.options import NAMED, at_least, at_option, chosen, command, format_option
from taskorch.cli.output import Json, answer, emit, emit_body, waiting, write_json

OPS = ("create", "modify", "delete", "move", "copy", "read")


commands = click.Group()


@command(
    commands,
    "track",
    "taskorch track src/login.py --why 'the new form'",
    "taskorch track src/auth.py --from src/login.py",
    "taskorch track --range v1.0..HEAD --task t-7k2m",
    "taskorch track --undo src/login.py",
    commits=True,
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--op", type=click.Choice(OPS), help="The operation.  [default: inferred]")
@click.option("--from", "source", metavar="PATH", help="Where it was moved or copied from.")
@click.option("--task", type=NAMED, metavar="T", help="The task it was done for.  [default: the active one]")
@click.option("--why", metavar="TEXT", help="Why; kept with the claim.")
@click.option("--range", "revisions", metavar="A..B", help="Claim what these commits changed.")
@click.option("--undo", is_flag=True, help="Take back what was tracked of PATH and is in no claim yet.")
def track(
    paths: tuple[str, ...],
    op: str | None,
    source: str | None,
    task: str | None,
    why: str | None,
    revisions: str | None,
    undo: bool,
    commit: bool,
    as_json: bool,
) -> None:
    """Say for which task files were changed.

    It is for what observing alone does not tell.  Without PATH: all that changed since the session's
    base.  What is not so is refused, and then nothing is tracked.
    """
    from taskorch.cli.place import workspace
    from taskorch.cli.render_claims import tracked
    from taskorch.services.tracking import track as tell
    from taskorch.services.tracking import untrack
    from taskorch.services.tracking_range import track_range

    if revisions is not None:
        if paths or op or source or undo:
            raise click.UsageError("--range goes without PATH, --op, --from and --undo")
        data = track_range(workspace(commit=commit), revisions, task=task, why=why)
    else:
        if commit:
            raise click.UsageError("--commit goes with --range: without it no record is written yet")
        if undo and (op or source or why or not paths):
            raise click.UsageError("--undo goes with PATH, and without --op, --from and --why")
        if undo:
            data = untrack(workspace(), paths, task=task)
        else:
            data = tell(workspace(), paths, op=op, source=source, task=task, why=why)
    answer("track", data, as_json, tracked)


@command(
    commands,
    "verify",
    "taskorch verify",
    "taskorch verify --task t-7k2m --target origin/main",
    "taskorch verify --all --target HEAD --strict --format github",
    "taskorch verify --all --at origin/main",
)
@click.option("--task", type=NAMED, metavar="T", help="The claims of this task.")
@click.option("--session", type=NAMED, metavar="S", help="The claims of this session.")
@click.option("--all", "everything", is_flag=True, help="All claims.")
@click.option("--target", type=NAMED, metavar="REF", help="Look in this commit and its history alone.")
@click.option("--path", metavar="P", help="Only claims on this file or below this folder.")
@at_option
@click.option("--strict", is_flag=True, help="Exit with 4 on anything but verified.")
@format_option("text", "json", "sarif", "github")
def verify(
    task: str | None,
    session: str | None,
    everything: bool,
    target: str | None,
    path: str | None,
    at: str | None,
    strict: bool,
    form: str | None,
    as_json: bool,
) -> int:
    """Check by content whether claimed changes are really there.

    Without --target: in HEAD, index and work tree; with --at: in that commit.  Default scope: the
    active session, else the newest one with claims.  Exit code 4 on failed claims, with --target or
    --at also on partial ones.  As a gate: --format sarif for code scanning, github for annotations.
    """
    if sum((bool(task), bool(session), everything)) > 1:
        raise click.UsageError("--task, --session and --all exclude each other")
    form = chosen(form, as_json, "text")

    def make(status: bytes | None) -> tuple[int, Json]:
        from taskorch.cli.place import workspace
        from taskorch.services.verification import exit_code
        from taskorch.services.verification import verify as check

        ws = workspace(at=at, status=status)
        with waiting("reading history", as_json=form == "json"):
            data = check(ws, task=task, session=session, everything=everything, target=target, path=path)
        code = exit_code(data, strict=strict)
        _as_verified(form, data, code)
        return code, data

    return kept(["verify", task, session, everything, target, path, at, strict, form], make)


def _as_verified(form: str, data: Json, code: int) -> None:
    """Write the answer of `verify` in one of its forms."""
    if form == "sarif":
        from taskorch.services.sarif import sarif

        write_json(sarif(data, code))
    elif form == "github":
        from taskorch.services.workflow_commands import workflow_commands

        for line in workflow_commands(data):
            emit(line)
    else:
        from taskorch.cli.render_claims import verified

        answer("verify", data, form == "json", verified)


@command(
    commands,
    "recover",
    "taskorch recover",
    "taskorch recover t-7k2m --budget 2000",
    "taskorch recover --session s-9x1c",
    "taskorch recover --branch add-login",
    "taskorch recover --at origin/main --json",
)
@click.argument("task_id", metavar="[T]", type=NAMED, required=False)
@click.option("--session", metavar="S", type=NAMED, help="What this session did.")
@click.option("--branch", metavar="B", type=NAMED, help="What was done on this branch.")
@click.option("--budget", type=at_least(200), default=4000, show_default=True, help="At most so many tokens.")
@at_option
def recover(
    task_id: str | None, session: str | None, branch: str | None, budget: int, at: str | None, as_json: bool
) -> int:
    """Print what is needed to go on with a task, a session's work or a branch.

    In any clone, from committed files alone, as Markdown or JSON.  Without T: the active task, else
    a brief of the project, and what else is under way.  A branch may be gone, if sessions were on it.
    """

    if sum(one is not None for one in (task_id, session, branch, at if branch else None)) > 1:
        raise click.UsageError("T, --session and --branch exclude each other, --branch also --at")

    def make(status: bytes | None) -> tuple[int, Json]:
        from taskorch.cli.place import workspace
        from taskorch.services.recovery import recover as rebuild

        ws = workspace(at=at, status=status)
        with waiting("reading history", as_json=as_json):
            data = rebuild(ws, task_id, session=session, branch=branch, budget=budget)
        answer("recover", data, as_json, _recovery)
        return 0, data

    return kept(["recover", task_id, session, branch, budget, at, as_json], make)


@command(
    commands,
    "review",
    "taskorch review",
    "taskorch review origin/main..HEAD",
    "taskorch review origin/main..HEAD --format github",
)
@click.argument("revisions", metavar="[A..B]", type=NAMED, required=False)
@click.option("--path", metavar="P", help="Only claims on this file or below this folder.")
@format_option("markdown", "json", "github", "gitlab")
def review(revisions: str | None, path: str | None, form: str | None, as_json: bool) -> int:
    """Print what a range of commits did to records and claims.

    As Markdown or JSON, or as a comment for a pull request on GitHub or a merge request on GitLab.
    Default: from where HEAD left the default branch to HEAD.  Exit code 4 if there are problems: failed
    claims of completed tasks, unreadable records, links that lead nowhere.
    """
    from taskorch.cli.place import workspace
    from taskorch.services.review import review as look

    form = chosen(form, as_json, "markdown")
    with waiting("reading history", as_json=form == "json"):
        data = look(workspace(), revisions, path=path)
    answer("review", data, form == "json", lambda found: _review(found, form))
    return 4 if data["problems"] else 0


@command(
    commands,
    "why",
    "taskorch why src/cart.py:12",
    "taskorch why src/cart.py",
    "taskorch why src --at origin/main --json",
)
@click.argument("place", metavar="PATH[:LINE]", type=NAMED)
@at_option
def why(place: str, at: str | None, as_json: bool) -> None:
    """Show why a line, a file or a folder is as it is.

    From the commit that wrote it, under whatever name, to the claims it brought, their tasks and the
    decisions that bind: what was squashed, rebased or renamed is followed by content.
    """
    from taskorch.cli.place import workspace
    from taskorch.cli.render_why import told
    from taskorch.services.why import why as explain

    with waiting("reading history", as_json=as_json):
        data = explain(workspace(at=at), place)
    answer("why", data, as_json, told)


def _recovery(data: Json) -> None:
    from taskorch.services.recovered.text import markdown

    emit_body(markdown(data).rstrip("\n"))


def _review(data: Json, form: str) -> None:
    from taskorch.services.review_text import markdown

    emit_body(markdown(data, form).rstrip("\n"))
