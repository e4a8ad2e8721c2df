"""The tasks a commit is for: whose claims it brought, whose records it changed, or that it names."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.errors import TaskorchError
from taskorch.git import history, trailers, worktree
from taskorch.git.history import PathEvent
from taskorch.git.origin import Line
from taskorch.records import ids, joining
from taskorch.records.collection import Collection
from taskorch.services.bringing import Brought
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store.folders import ARCHIVE


def event_of(ws: Workspace, line: Line) -> PathEvent:
    """What the commit that a line comes from did to its file."""
    commit = line.commit or ""
    changed = history.changed_by(ws.repo, [commit])[commit]
    new = worktree.states_at(ws.repo, commit, [line.path])[line.path]
    same = next((event for event in changed if event.path == line.path), None)
    return same or PathEvent(commit, line.path, None, new)


def tasks_of(brought: Sequence[Brought], via: str) -> list[Json]:
    """The tasks of claims, with the net claims of each and what tells of them."""
    rows = []
    for task in dict.fromkeys(one.claim.task for one in brought):
        mine = [one for one in brought if one.claim.task == task]
        net = joining.net(one.claim for one in mine)
        rows.append(
            {
                "id": task,
                "via": via,
                "by": mine[-1].how,
                "shared": False,
                "claims": [
                    {"path": one.path, "op": one.op, "from": one.source, "why": one.why} for one in net
                ],
            }
        )
    return rows


def by_record_or_trailer(ws: Workspace, found: Collection, commits: Sequence[str]) -> dict[str, list[Json]]:
    """The tasks whose records commits changed, else those that their ``Task:`` trailers name."""
    changed = history.changed_by(ws.repo, commits)
    told = trailers.trailers_of(ws.repo, commits, "Task")
    out: dict[str, list[Json]] = {}
    folders = (f"{ws.prefix}/tasks/", f"{ws.prefix}/{ARCHIVE}/")
    for commit in commits:
        names = [e.path.rpartition("/")[2][:10] for e in changed[commit] if e.path.startswith(folders)]
        known = dict.fromkeys(name for name in names if ids.is_id(name) and ids.kind_of(name) == "task")
        named = dict.fromkeys(one for word in told.get(commit, ()) if (one := _named(found, word)))
        via, tasks = ("record", known) if known else ("trailer", named)
        shared = len(tasks) > 1
        out[commit] = [{"id": one, "via": via, "by": None, "shared": shared, "claims": []} for one in tasks]
    return out


def _named(found: Collection, word: str) -> str | None:
    """The id of the task that a trailer means, None if there is none."""
    try:
        return found.task(word).id
    except TaskorchError:
        return None
