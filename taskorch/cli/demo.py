"""taskorch demo."""

from __future__ import annotations

import click

from taskorch.cli.options import command
from taskorch.cli.output import write_json

SABOTAGES = ("squash", "record", "revert")
FOUND_SOMETHING = 4

commands = click.Group()


@command(commands, "demo", "taskorch demo", "taskorch demo --keep", "taskorch demo --sabotage squash")
@click.option(
    "--sabotage",
    type=click.Choice(SABOTAGES),
    help="Spoil the work on main: drop a file from the squash, corrupt a record, or revert the work.",
)
@click.option("--keep", is_flag=True, help="Leave the repositories, and say where they are.")
def demo(sabotage: str | None, keep: bool, as_json: bool) -> int:
    """Play a day in throw-away repositories and prove each step.

    Each proof is made by plain git as well.  Two people work on a small project; the work of one is
    squash-merged, her branch and her clone are deleted.  From a fresh clone it is verified, recovered
    and reviewed.  Needs git alone, touches none of your repositories, and removes what it made.  Exit
    code 4 if a proof does not hold.
    """
    from taskorch.cli import render_demo as render
    from taskorch.demo.play import play
    from taskorch.demo.stage import opened

    steps = []
    with opened(keep=keep) as stage:
        if not as_json:
            render.begin(sabotage, str(stage.root) if keep else None)
        for step in play(stage, sabotage):
            steps.append(step)
            if not as_json:
                render.step(step)
    kept = str(stage.root) if keep else None
    ok = all(step.ok for step in steps)
    if as_json:
        shown = [step.as_json() for step in steps]
        write_json(
            {"schema": "taskorch.demo/1", "ok": ok, "sabotage": sabotage, "steps": shown, "kept": kept}
        )
    else:
        render.end(steps, sabotage, kept)
    return 0 if ok else FOUND_SOMETHING
