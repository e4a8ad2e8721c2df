"""Commands that commit what they have written: where they are asked to, or the config has it so."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Concatenate, ParamSpec

from taskorch.errors import GitFailed, TaskorchError
from taskorch.records.collection import Collection
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace

P = ParamSpec("P")
Service = Callable[Concatenate[Workspace, P], Json]


def commits(command: str) -> Callable[[Service[P]], Service[P]]:
    """Make a service commit what it has written, where its workspace asks for it or `at_close` says so.

    Its answer gets two keys: ``commit``, the answer of `commit_records` or null, and ``safety_store``,
    in words why there is none now, or null.  What would hinder the commit is refused before anything
    is written; GitFailed tells of what hindered it afterwards.
    """

    def around(service: Service[P]) -> Service[P]:
        @wraps(service)
        def run(ws: Workspace, /, *arguments: P.args, **options: P.kwargs) -> Json:
            asked = ws.commit
            with ws.held() if asked else nullcontext():
                if asked:
                    from taskorch.services.committing import refuse_commit  # slow to load

                    refuse_commit(ws, ws.load())
                try:
                    answer = service(ws, *arguments, **options)
                    done = _commit_after(ws, command, answer) if ws.commit else None
                    return answer | {"commit": done, "safety_store": ws.safety_off}
                finally:
                    ws.commit = asked

        return run

    return around


def at_close(ws: Workspace, found: Collection) -> None:
    """To be called where a task is about to be completed or a session to end, before anything is written.

    If the config has it so, that is committed.  Raises TaskorchError for what would hinder the commit.
    """
    if ws.settings.commits_sessions and not ws.commit:
        from taskorch.services.committing import refuse_commit

        refuse_commit(ws, found)
        ws.commit = True


def _commit_after(ws: Workspace, command: str, answer: Json) -> Json | None:
    from taskorch.services.committing import commit_records

    words = (command.format(**answer), answer.get("id") or answer.get("task_id"), answer.get("title"))
    said = " ".join(word for word in words if word)
    try:
        done = commit_records(ws, f"taskorch: {said}")
    except TaskorchError as error:
        raise GitFailed(
            f"{said}: this is written, but not committed: {error.message}",
            reasons=error.reasons,
            hint="what was written stays on disk: mend the cause, then taskorch commit",
        ) from error
    return done if done["commit"] else None
