"""Synthesis: the results of a task's subtasks put together, and what of them is not so yet."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from taskorch.records import task as tasks
from taskorch.records.collection import Collection
from taskorch.records.task import CANCELLED, COMPLETED, FAILED, Task
from taskorch.services.landed import Landed, landed
from taskorch.services.shapes import Json, problem_rows
from taskorch.services.synthesis_text import markdown
from taskorch.services.workspace import Workspace


def synthesize(ws: Workspace, name: str) -> Json:
    """The results of all tasks below the one that `name` means, each after what it builds on.

    ``{task_id, title, status, finished, text, summary, subtasks [...], left_out [...], concerns [...],
    target, problems}``.  ``finished`` is true only where the task and all below it are completed, none by
    force, and their claims have landed in ``target``; else ``concerns`` says why not.  Cancelled and
    deleted ones are no part of it and are named in ``left_out``.  Changes nothing.
    Raises NotFound, Ambiguous.
    """
    found = ws.load()
    one = found.task(name)
    below = [other for other in found.descendants(one.id) if other != one.id]  # it can be one, in a ring
    everything = [found.tasks[other] for other in below if other in found.tasks]
    counted = {other.id: other for other in everything if _counts(found, other, one.id)}
    ordered = [*_in_order(counted), one]
    standing = landed(ws, found, [other.id for other in ordered])
    rows = [_row(found, other, standing) for other in ordered]
    of_root = rows.pop()
    problems = problem_rows(found)
    concerns = [concern for row in [*rows, of_root] for concern in row["concerns"]]
    if problems:
        concerns.append(f"{len(problems)} unreadable: a subtask could be among them (taskorch doctor)")
    left = [other for other in everything if other.id not in counted]
    data: Json = {
        "task_id": one.id,
        "title": one.title,
        "status": one.status,
        "finished": not concerns,
        "description": one.section(tasks.DESCRIPTION),
        "results": one.section(tasks.RESULTS),
        "artifacts": list(one.artifacts),
        "landed": of_root["landed"],
        "summary": _summary(rows),
        "subtasks": rows,
        "left_out": [
            {"id": other.id, "title": other.title, "status": other.status, "reason": other.reason}
            for other in sorted(left, key=lambda other: (other.created, other.id))
        ],
        "concerns": concerns,
        "target": standing.target,
        "problems": problems,
    }
    return data | {"text": markdown(data)}


def _counts(found: Collection, one: Task, root: str) -> bool:
    """Whether a task is part of the whole: neither it nor a task between it and the root is cancelled."""
    seen: set[str] = set()
    while one.id != root and one.id not in seen:
        if one.status == CANCELLED:
            return False
        seen.add(one.id)
        if not one.parent or one.parent not in found.tasks:
            return False
        one = found.tasks[one.parent]
    return True


def _in_order(counted: dict[str, Task]) -> Iterable[Task]:
    """Each task after those it depends on and after its own subtasks; else the oldest first."""
    ordered = sorted(counted.values(), key=lambda one: (one.created, one.id))
    graph: dict[str, set[str]] = {one.id: set(one.depends_on) & counted.keys() for one in ordered}
    for one in ordered:
        if one.parent in graph:
            graph[one.parent].add(one.id)
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError:
        return ordered  # doctor tells of the ring
    place = {one.id: number for number, one in enumerate(ordered)}
    out: list[Task] = []
    waiting: list[str] = []
    while sorter.is_active():
        waiting = sorted([*waiting, *sorter.get_ready()], key=place.__getitem__)
        first = waiting.pop(0)
        out.append(counted[first])
        sorter.done(first)
    return out


def _row(found: Collection, one: Task, standing: Landed) -> Json:
    criteria = one.criteria
    return {
        "id": one.id,
        "alias": one.alias,
        "title": one.title,
        "status": one.status,
        "specialist": one.specialist,
        "parent": one.parent,
        "depends_on": list(one.depends_on),
        "results": one.section(tasks.RESULTS),
        "artifacts": list(one.artifacts),
        "reason": one.reason,
        "forced": one.forced,
        "open_criteria": sum(not criterion.done for criterion in criteria),
        "landed": standing.of[one.id],
        "concerns": list(_concerns(found, one, standing)),
    }


def _concerns(found: Collection, one: Task, standing: Landed) -> Iterable[str]:
    """Why it cannot be said of a task that it is done."""
    called = f"{one.id} {one.title}"
    if one.status == FAILED:
        yield f"{called} has failed" + (f": {one.reason}" if one.reason else "")
    elif one.status != COMPLETED:
        yield f"{called} is {one.status}" + (f": {one.reason}" if one.reason else "")
    if one.forced:
        yield f"{called} was completed by force: {one.forced}"
    left = sum(not criterion.done for criterion in one.criteria)
    if left and one.status == COMPLETED:
        yield f"{called} is completed with {left} of its criteria not ticked"
    if one.status == COMPLETED and standing.is_open(one.id):
        row = standing.of[one.id] or {}
        where = standing.revision or "any commit"
        undone = f", {row['reverted']} reverted" if row["reverted"] else ""
        yield f"{called} has not landed in {where}: {row['landed']} of {row['files']} file changes{undone}"
    if one.status == COMPLETED and (waits := found.waits_for(one)):
        yield f"{called} is completed, and what it depends on is not: {', '.join(waits)}"


def _summary(rows: list[Json]) -> Json:
    """How many subtasks there are, and how they stand; one can be in several of the counts."""
    return {
        "total": len(rows),
        "completed": sum(row["status"] == COMPLETED for row in rows),
        "open": sum(row["status"] in tasks.OPEN for row in rows),
        "failed": sum(row["status"] == FAILED for row in rows),
        "forced": sum(bool(row["forced"]) for row in rows),
        "not_landed": sum("has not landed" in " ".join(row["concerns"]) for row in rows),
    }
