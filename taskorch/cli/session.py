"""taskorch session ..."""

from __future__ import annotations

import click

from taskorch.cli import render_session as render
from taskorch.cli.options import NAMED, at_option, command
from taskorch.cli.output import answer, waiting
from taskorch.cli.place import workspace

commands = click.Group()


@commands.group("session")
def group() -> None:
    """Sessions: stretches of work, each with its hand-off.

    Each work tree has its own.  TASKORCH_SESSION names the session of one process, TASKORCH_AGENT the
    agent that works in it.
    """


@command(
    group,
    "start",
    "taskorch session start --purpose 'Finish the login'",
    "taskorch session start --task t-7k2m",
    commits=True,
)
@click.option("--task", type=NAMED, metavar="T", help="Start this task in it.")
@click.option("--agent", metavar="NAME", help="Who works.  [default: TASKORCH_AGENT, else git's author]")
@click.option("--stream", metavar="S", help="The stream of work.")
@click.option("--purpose", default="", metavar="TEXT", help="What it is for.")
def start(
    task: str | None, agent: str | None, stream: str | None, purpose: str, commit: bool, as_json: bool
) -> None:
    """Open a session in this work tree."""
    from taskorch.services.sessions import start_session

    data = start_session(workspace(commit=commit), task=task, agent=agent, stream=stream, purpose=purpose)
    answer("session.start", data, as_json, render.session_started)


@command(group, "status", "taskorch session status")
def status(as_json: bool) -> None:
    """Show the session here, its tasks, and what has changed in it."""
    from taskorch.services.sessions import session_status

    with waiting("looking at the work tree", as_json=as_json):
        data = session_status(workspace())
    answer("session.status", data, as_json, render.session_status)


@command(group, "note", "taskorch session note 'The tests need a running server'", commits=True)
@click.argument("text")
def note(text: str, commit: bool, as_json: bool) -> None:
    """Append a note to the active session, with time and author."""
    from taskorch.services.sessions import note_session

    answer("session.note", note_session(workspace(commit=commit), text), as_json, render.session_changed)


@command(
    group,
    "end",
    "taskorch session end --summary 'Login works' --handoff 'Next: the reset mail'",
    commits=True,
)
@click.option("--summary", metavar="TEXT", help="What was done.")
@click.option("--handoff", metavar="TEXT", help="What whoever goes on must know.")
def end(summary: str | None, handoff: str | None, commit: bool, as_json: bool) -> None:
    """End the session: what was observed becomes claims."""
    from taskorch.services.sessions import end_session

    data = end_session(workspace(commit=commit), summary=summary, handoff=handoff)
    answer("session.end", data, as_json, render.session_ended)


@command(group, "list", "taskorch session list")
@at_option
def list_(at: str | None, as_json: bool) -> None:
    """List sessions, the newest first."""
    from taskorch.services.sessions import list_sessions

    answer("session.list", list_sessions(workspace(at=at)), as_json, render.session_table)


@command(group, "show", "taskorch session show", "taskorch session show s-9x1c")
@click.argument("session_id", metavar="[S]", type=NAMED, required=False)
@at_option
def show(session_id: str | None, at: str | None, as_json: bool) -> None:
    """Show a session; without S the active or else the newest one."""
    from taskorch.services.sessions import show_session

    answer("session.show", show_session(workspace(at=at), session_id), as_json, render.session_whole)


@command(group, "resume", "taskorch session resume", "taskorch session resume s-9x1c")
@click.argument("session_id", metavar="[S]", type=NAMED, required=False)
def resume(session_id: str | None, as_json: bool) -> None:
    """Go on with an interrupted session of this work tree."""
    from taskorch.services.sessions import resume_session

    answer("session.resume", resume_session(workspace(), session_id), as_json, render.session_changed)
