"""Decisions as a graph: which is linked to which, as data and as the rows of a tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from taskorch.records import decision, ids
from taskorch.records.collection import Collection
from taskorch.records.decision import Decision
from taskorch.services.shapes import Json, problem_rows
from taskorch.services.workspace import Workspace


def decision_graph(ws: Workspace, names: Sequence[str] = (), *, status: Sequence[str] = ()) -> Json:
    """The decisions, the newest first, and the links between them, from the newer to the older one.

    With `names` only those and what is connected to them, by whatever links; with `status` only those
    that have it.  Links to decisions that are not among them are left out.  Raises NotFound, Ambiguous.
    """
    found = ws.load()
    named = [found.decision(name).id for name in names]
    shown = _connected(found, named) if named else found.decisions.keys()
    nodes = [
        one for one in found.decisions.values() if one.id in shown and (not status or one.status in status)
    ]
    nodes.sort(key=lambda one: (one.date or "", one.id), reverse=True)
    known = {one.id for one in nodes}
    short = ids.shortest(list(found.decisions))
    return {
        "nodes": [
            {
                "id": one.id, "short": short[one.id], "title": one.title, "status": one.status,
                "date": one.date,
            }
            for one in nodes
        ],
        "edges": [edge for one in nodes for edge in _edges(one) if edge["to"] in known],
        "problems": problem_rows(found),
    }  # fmt: skip


def _edges(one: Decision) -> Iterator[Json]:
    for kind in decision.LINKS:
        for other in dict.fromkeys(one.links(kind)):
            yield {"from": one.id, "to": other, "kind": kind}


def _connected(found: Collection, start: Iterable[str]) -> set[str]:
    """The ids that links, followed in both directions, lead to."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for one in found.decisions.values():
        for other in found.decision_edges(one.id):
            neighbours[one.id].add(other)
            neighbours[other].add(one.id)
    reached: set[str] = set()
    queue = list(start)
    while queue:
        at = queue.pop()
        if at not in reached:
            reached.add(at)
            queue += neighbours[at] - reached
    return reached


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the tree: a node, what the one above it is to it, and whether it was shown before."""

    node: Json
    depth: int
    kind: str | None = None
    again: bool = False


def tree(graph: Json) -> list[Row]:
    """The linked nodes of a graph: those that no newer one names at the top, what they name below them.

    The newest that stand come first.  A node is shown with all below it once, and named again where
    others lead to it; in a ring one of its nodes is at the top.
    """
    nodes = {node["id"]: node for node in graph["nodes"]}
    older: dict[str, list[Json]] = defaultdict(list)
    for edge in graph["edges"]:
        older[edge["from"]].append(edge)
    named = {edge["to"] for edge in graph["edges"]}
    linked = [name for name in nodes if name in named or name in older]
    linked.sort(key=lambda name: nodes[name]["status"] not in decision.STANDING)
    rows: list[Row] = []
    shown: set[str] = set()
    for top in [*(name for name in linked if name not in named), *linked]:
        if top not in shown:
            rows += _below(top, nodes, older, shown)
    return rows


def unlinked(graph: Json) -> list[Json]:
    """The nodes that no link of the graph begins or ends at."""
    linked = {edge[end] for edge in graph["edges"] for end in ("from", "to")}
    return [node for node in graph["nodes"] if node["id"] not in linked]


def _below(top: str, nodes: Json, older: dict[str, list[Json]], shown: set[str]) -> Iterator[Row]:
    """A node and all below it; not by recursion, for a chain may be long."""
    stack: list[tuple[str, int, str | None]] = [(top, 0, None)]
    while stack:
        name, depth, kind = stack.pop()
        yield Row(nodes[name], depth, kind, again=name in shown)
        if name not in shown:
            shown.add(name)
            stack += [(edge["to"], depth + 1, edge["kind"]) for edge in reversed(older[name])]
