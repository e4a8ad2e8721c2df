"""The chain of decisions that led to one, and on from it: who linked what, and since when each stands."""

from __future__ import annotations

from collections import deque

from taskorch.records.collection import Collection
from taskorch.records.decision import LINKS, Decision
from taskorch.services.evolution import versions
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace


def chain(ws: Workspace, found: Collection, one: Decision, own: list[Json]) -> list[Json]:
    """All decisions that links connect with one, the oldest first, each with the commits of its statuses.

    `own` is the history of the one itself, as `versions` gives it.
    """
    members = {**found.decisions, one.id: one}
    distance = _distances(found, members, one)
    ordered = _in_order([members[name] for name in distance])
    rows = []
    for each in ordered:
        statuses = _statuses(own if each.id == one.id else versions(ws, each, each.text))
        rows.append(
            {
                "id": each.id,
                "title": each.title,
                "status": each.status,
                "date": each.date,
                "depth": distance[each.id],
                "links": [{"kind": kind, "to": to} for kind in LINKS for to in each.links(kind)],
                "became": next((row for row in reversed(statuses) if row["to"] == each.status), None),
                "statuses": statuses,
            }
        )
    return rows


def _distances(found: Collection, members: dict[str, Decision], one: Decision) -> dict[str, int]:
    """How many links lie between each connected decision and the one."""
    distance = {one.id: 0}
    queue = deque([one])
    while queue:
        each = queue.popleft()
        older = [name for kind in LINKS for name in each.links(kind)]
        newer = [name for names in found.back_links(each.id).values() for name in names]
        for name in (*older, *newer):
            if name in members and name not in distance:
                distance[name] = distance[each.id] + 1
                queue.append(members[name])
    return distance


def _in_order(connected: list[Decision]) -> list[Decision]:
    """Each behind those it links to, otherwise by date; links in a ring count for nothing."""
    waiting = sorted(connected, key=lambda one: (one.date or "", one.id))
    known = {one.id for one in waiting}
    out: list[Decision] = []
    done: set[str] = set()
    while waiting:
        ready = (
            one
            for one in waiting
            if all(to in done or to not in known for kind in LINKS for to in one.links(kind))
        )
        following = next(ready, waiting[0])
        waiting.remove(following)
        done.add(following.id)
        out.append(following)
    return out


def _statuses(rows: list[Json]) -> list[Json]:
    """The commits that changed the status; a commit that removed the file has none."""
    return [
        {
            "from": change["from"],
            "to": change["to"],
            **{key: row[key] for key in ("commit", "author", "date", "subject")},
        }
        for row in rows
        for change in row["changes"]
        if change["field"] == "status" and change["to"]
    ]
