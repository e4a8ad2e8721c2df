"""Claims of what a range of commits changed, recorded afterwards."""

from __future__ import annotations

from dataclasses import replace

from taskorch.errors import TaskorchError, UsageError
from taskorch.git import history
from taskorch.git.paths import is_record
from taskorch.records import session as sessions
from taskorch.records.claim import TOLD, Change, Claim
from taskorch.records.collection import Collection
from taskorch.records.joining import changes_of, join_changes
from taskorch.records.session import FIELDS, Session
from taskorch.records.task import Task
from taskorch.services.active_session import current
from taskorch.services.claims.claim_files import claim_files
from taskorch.services.claims.claiming import build_claims
from taskorch.services.claims.folding import task_for
from taskorch.services.claims.going_on import going_on
from taskorch.services.commit_after import commits
from taskorch.services.handover import snapshot
from taskorch.services.opening import new_session
from taskorch.services.shapes import Json, claim_row
from taskorch.services.workspace import Workspace
from taskorch.services.writing import with_end, with_fields
from taskorch.store.local_session import LocalSession


@commits("track --range")
def track_range(ws: Workspace, revisions: str, *, task: str | None = None, why: str | None = None) -> Json:
    """Claim for a task what the commits ``A..B`` changed, net; written at once.

    A must be an ancestor of B.
    """
    start, dots, end = revisions.partition("..")
    if not dots or not start or end.startswith("."):
        raise UsageError(f"'{revisions}' is no range", hint="taskorch track --range A..B")
    base, tip = ws.repo.commit(start), ws.repo.commit(end or "HEAD")
    if not ws.repo.is_ancestor(base, tip):
        raise TaskorchError(
            f"{start} is not an ancestor of {end or 'HEAD'}",
            hint=f"git merge-base {start} {end or 'HEAD'} gives the commit where they part",
        )
    with ws.writing(f"track --range {revisions}") as found:
        going = current(ws, found)
        one = task_for(found, going, task)
        changed = {
            event.path: Change(event.path, event.old, event.new)
            for event in history.changes_between(ws.repo, base, tip)
            if not is_record(event.path)
        }
        if not changed:
            raise TaskorchError(
                f"no file of the project changed in {revisions}",
                hint=f"git diff --stat {revisions} shows what it did",
            )
        fork = _fork(ws, base)
        made = build_claims(ws, one.id, changed, base, by=TOLD)
        made = [replace(claim, fork=fork, why=why or claim.why) for claim in made]
        files, session_id = _range_files(ws, found, going, one, base, made)
        ws.write(files)
        return {
            "operations": [claim_row(claim) for claim in made],
            "undone": [],
            "session_id": session_id,
            "task_id": one.id,
            "checkpoint": None,
        }


def _range_files(
    ws: Workspace,
    found: Collection,
    going: tuple[Session, LocalSession] | None,
    one: Task,
    base: str,
    made: list[Claim],
) -> tuple[dict[str, str | None], str]:
    """The files that hold the claims of a range: the active session's, or a session's of its own."""
    if going:
        record = going[0]
        kept = [claim for claim, _ in found.claims.get(record.id, [])]
        mine = [claim for claim in kept if claim.task == one.id and claim.onto == base]
        rest = [claim for claim in kept if claim not in mine]
        if mine:
            first = [change for claim in mine for change in changes_of(claim)]
            now = [change for claim in made for change in changes_of(claim)]
            made = build_claims(ws, one.id, join_changes(first, now), base, made, by=TOLD)
        text = record.text
        if one.id not in record.tasks:
            text = with_fields(text, FIELDS, {"tasks": [*record.tasks, one.id]})
        record = sessions.parse(text, record.path)
        made = going_on(ws, found.claims_before(record.id, record.created), [*rest, *made], base, kept)
        return {**claim_files(found, record, made), record.path: text}, record.id
    purpose = f"Claims of the commits from {base[:10]} on, recorded afterwards."
    record, text = new_session(ws, found, snapshot(ws), purpose=purpose)
    text = with_fields(text, FIELDS, {"tasks": [one.id]})
    text = with_end(text, ws.instant_after(record.created))
    record = sessions.parse(text, record.path)
    made = going_on(ws, found.claims_before(record.id, record.created), made, base)
    return {**claim_files(found, record, made), record.path: text}, record.id


def _fork(ws: Workspace, base: str) -> str | None:
    """Where `base` left the default branch, None if it is on it or shares nothing with it."""
    branch = ws.repo.default_branch(ws.settings.default_branch)
    tip = ws.repo.commit_or_none(branch) if branch else None
    found = ws.repo.merge_base(base, tip) if tip else None
    return found if found != base else None
