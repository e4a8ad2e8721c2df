"""Where a session's claims are written: in a file beside its record, or beside its tasks."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.records import claim as claims
from taskorch.records import task_claims
from taskorch.records.claim import Claim
from taskorch.records.collection import Collection
from taskorch.records.gathered import CLAIMS_SUFFIX
from taskorch.records.session import Session
from taskorch.records.task_claims import Origin, TaskClaims


def claim_files(found: Collection, session: Session, made: Sequence[Claim]) -> dict[str, str | None]:
    """The files to write, by path relative to the store, so that `made` are all claims of a session.

    Those of a session that is kept in the git directory travel with the tasks: they stand in the claims
    files of its tasks, of which its own lines are exchanged and no others.  None: nothing is left of
    such a file.  Raises BadRecord if one that is to be changed cannot be read.
    """
    files: dict[str, str | None] = {} if session.is_local else {session.claims_path: claims.render(made)}
    by_task: dict[str, list[Claim]] = {}
    for claim in made if session.is_local else ():
        by_task.setdefault(claims_path_of(found, claim.task), []).append(claim)
    for path in {**found.carried, **by_task}:
        _refuse_unreadable(found, path)
        before, lines = found.carried.get(path, TaskClaims()), by_task.get(path, [])
        if lines or before.has(session.id):
            after = task_claims.exchanged(before, _origin(session, lines), lines)
            files[path] = after or None
    return files


def claims_path_of(found: Collection, task: str) -> str:
    """The path of a task's claims file, relative to the store."""
    stem = found.tasks[task].path.removesuffix(".md") if task in found.tasks else f"tasks/{task}"
    return f"{stem}{CLAIMS_SUFFIX}"


def _origin(session: Session, lines: Sequence[Claim]) -> Origin:
    """What a task's claims file says of the session that made some of its claims."""
    task = lines[0].task if lines else None
    place = session.tasks.index(task) if task in session.tasks else len(session.tasks)
    return Origin(session.id, session.created, place)


def _refuse_unreadable(found: Collection, path: str) -> None:
    """Raise the problem of a file that is there and cannot be read: it is not to be written over."""
    for problem in found.problems:
        if path not in found.carried and problem.path.endswith(f"/{path}"):
            raise problem
