"""The state of things in one screen."""

from __future__ import annotations

from taskorch.git.commit import changed_below
from taskorch.records.collection import Collection
from taskorch.records.task import ACTIVE, BLOCKED, COMPLETED, STATUSES
from taskorch.services.active_session import current, interrupted_here, state_of
from taskorch.services.claims.folding import fold
from taskorch.services.landed import landed
from taskorch.services.lost_records import telling_of_lost_store
from taskorch.services.shapes import Json, problem_rows, session_row, task_row
from taskorch.services.stashed import stashed_here
from taskorch.services.workspace import Workspace


def overview(ws: Workspace) -> Json:
    """Session, active, ready and blocked tasks, what changed, what is not committed, what is broken."""
    with telling_of_lost_store(ws, "taskorch status"):
        found = ws.load()
    with ws.repo.at_rest():
        return _overview(ws, found)


def _overview(ws: Workspace, found: Collection) -> Json:
    going = current(ws, found, reading=True)
    left = interrupted_here(ws, found)
    folded = fold(ws, found, *going) if going else None
    visible = [one for one in found.tasks.values() if not one.deleted]
    newest = max(
        (one for one in found.sessions.values() if one.ended),
        key=lambda one: (one.ended or "", one.id),
        default=None,
    )
    completed = [one for one in visible if one.status == COMPLETED]
    standing = landed(ws, found, [one.id for one in completed])
    return {
        "at": ws.committed.commit if ws.committed else None,
        "session": session_row(ws, going[0], "active") if going else None,
        "interrupted": session_row(ws, left, state_of(ws, left)) if left else None,
        "stashed": stashed_here(ws, found),
        "counts": {status: sum(one.status == status for one in visible) for status in STATUSES},
        "active": [task_row(ws, one) for one in visible if one.status == ACTIVE],
        "blocked": [task_row(ws, one) for one in visible if one.status == BLOCKED],
        "ready": [task_row(ws, one) for one in found.ready()],
        "landed_in": standing.target,
        "not_landed": [
            task_row(ws, one) | {"landed": standing.of[one.id]}
            for one in completed
            if standing.is_open(one.id)
        ],
        "proposed_decisions": [
            {"id": one.id, "title": one.title} for one in found.decisions.values() if one.status == "proposed"
        ],
        "last_handoff": {"session_id": newest.id, "text": newest.section("Hand-off")}
        if newest and newest.section("Hand-off")
        else None,
        "changed": [{"path": claim.path, "op": claim.op, "task": claim.task} for claim in folded.claims]
        if folded
        else [],
        "unclaimed": folded.unclaimed if folded else [],
        "uncommitted_records": _uncommitted(ws),
        "problems": problem_rows(found),
        "safety_store": None if ws.at else ws.safety_off,
    }


def _uncommitted(ws: Workspace) -> list[str]:
    if not ws.repo.has_work_tree:
        return []
    return sorted(path for path, _, _ in changed_below(ws.repo, ws.prefix))
