"""Moving closed records into the archive, and back."""

from __future__ import annotations

import os
from collections.abc import Iterable

from taskorch.records.gathered import CLAIMS_SUFFIX
from taskorch.records.ids import kind_of
from taskorch.records.session import Session
from taskorch.records.task import Task
from taskorch.services.archive.ages import age_of, closed_at, present
from taskorch.services.archive.choosing import Choice
from taskorch.services.commit_after import commits
from taskorch.services.moments import spelt
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store.layout import archive_path, live_path

Closed = Task | Session


@commits("archive")
def archive(ws: Workspace, *, older_than: str = "90d", dry_run: bool = False) -> Json:
    """Move closed tasks and sessions that are older than an age into the archive, byte for byte.

    What is archived and may not be (a merge made it open again) is moved back.  All is one step.
    """
    until = present(ws) - age_of(older_than)
    with ws.writing(f"archive --older-than {older_than}") as lazy:
        ws.store.sweep(archive=True)
        choice = Choice(lazy.whole)
        closed = closed_at(ws, choice.closed)
        tasks, held = choice.tasks(closed, until)
        sessions = choice.sessions({one.id for one in tasks}, until)
        back = choice.returning()
        leaving: list[Closed] = [*tasks, *sessions]
        returning: list[Closed] = [*back, *choice.sessions_of({one.id for one in back})]
        going, coming = _moves(ws, leaving, back=False), _moves(ws, returning, back=True)
        if not dry_run and (going or coming):
            ws.move({**going, **coming})
        said = {one.id: spelt(closed[one.id]) for one in tasks} | {one.id: one.ended for one in sessions}
        return {
            "older_than": older_than,
            "dry_run": dry_run,
            "archived": [_row(ws, one, going, said[one.id]) for one in leaving],
            "held": [_held(choice.live[one], why) for one, why in sorted(held.items())],
            "returned": [_row(ws, one, coming, None) for one in returning],
        }


def bring_back(ws: Workspace, choice: Choice, task: str) -> dict[str, str]:
    """Move an archived task out of the archive with its tree and sessions; gives the new paths by id."""
    tasks = choice.trees([task])
    sessions = choice.sessions_of({one.id for one in tasks})
    moves = _moves(ws, [*tasks, *sessions], back=True)
    ws.move(moves)
    return {one.id: moves[one.path] for one in tasks}


def _moves(ws: Workspace, records: Iterable[Closed], *, back: bool) -> dict[str, str]:
    """From where to where the files of records and their claims go; where a file is already, none does."""
    out = {}
    for one in records:
        for path in (one.path, one.path.removesuffix(".md") + CLAIMS_SUFFIX):
            new = live_path(path, one.created) if back else archive_path(path, one.created)
            if os.path.lexists(ws.store.root / path) and not os.path.lexists(ws.store.root / new):
                out[path] = new
    return out


def _row(ws: Workspace, one: Closed, moves: dict[str, str], closed: str | None) -> Json:
    return {
        "id": one.id,
        "kind": kind_of(one.id),
        "title": one.title,
        "closed": closed,
        "from": ws.shown(one.path),
        "path": ws.shown(moves.get(one.path, one.path)),
    }


def _held(one: Task, why: str) -> Json:
    return {"id": one.id, "title": one.title, "reason": why}
