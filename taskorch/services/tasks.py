"""Tasks: made, listed, shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from taskorch.errors import TaskorchError
from taskorch.git.paths import is_below
from taskorch.records import sections
from taskorch.records import task as tasks
from taskorch.records.collection import Collection, by_priority
from taskorch.records.schema import check_choice, check_title
from taskorch.records.task import CANCELLED, FIELDS, PENDING, STATUSES, Task
from taskorch.services.commit_after import commits
from taskorch.services.shapes import Json, problem_rows, task_row, task_stored, task_whole, waits_for
from taskorch.services.shell_words import word
from taskorch.services.workspace import Workspace
from taskorch.services.writing import new_record, one_liners
from taskorch.store.record_paths import is_archived

SORTS: dict[str, Callable[[Task], Any]] = {
    "created": lambda one: (one.created, one.id),
    "priority": by_priority,
    "status": lambda one: (STATUSES.index(one.status), one.created, one.id),
    "title": lambda one: (one.title.casefold(), one.id),
}


@commits("task new")
def new_task(
    ws: Workspace,
    title: str,
    *,
    description: str = "",
    accept: Sequence[str] = (),
    specialist: str | None = None,
    stream: str | None = None,
    parent: str | None = None,
    depends_on: Sequence[str] = (),
    priority: str | None = None,
    complexity: str | None = None,
    labels: Sequence[str] = (),
) -> Json:
    """Make a task, pending."""
    with ws.writing(f"task new {title}") as found:
        values = {
            "title": title,
            "specialist": specialist,
            "stream": stream,
            "parent": linkable(found, parent) if parent else None,
            "depends_on": linkables(found, depends_on),
            "priority": priority,
            "complexity": complexity,
            "labels": one_liners("a label", labels),
        }
        path, text = task_file(ws, found, values, description, accept)
        ws.write({path: text})
        return task_stored(ws, tasks.parse(text, path), found)


def task_file(
    ws: Workspace, found: Collection, values: dict[str, Any], description: str, accept: Sequence[str]
) -> tuple[str, str]:
    """Path and text of a new pending task; `values` may hold an id already given out."""
    whole = {
        "id": values.get("id") or ws.new_id("task", found.is_taken),
        "created": ws.instant(),
        "status": PENDING,
        **values,
        "title": check_title(str(values["title"])),
        "priority": check_choice(FIELDS, "priority", values.get("priority") or "medium"),
        "complexity": check_choice(FIELDS, "complexity", values.get("complexity") or "moderate"),
    }
    for name in ("specialist", "stream"):
        if whole.get(name):
            whole[name] = sections.one_line(str(whole[name]))
    criteria = "\n".join(f"- [ ] {item}" for item in one_liners("an acceptance criterion", accept))
    return new_record(ws, "task", FIELDS, whole, {"description": description, "criteria": criteria})


def show_task(ws: Workspace, name: str, *, context: bool = False) -> Json:
    """One task with its body and what hangs on it; with `context` what a specialist is told as well."""
    from taskorch.services.lost_records import telling_of_lost_record  # reads git: listing needs none

    found = ws.load()
    with telling_of_lost_record(ws, name, f"taskorch task show {word(name)}"):
        one = found.task(name)
        told = None
        if context:
            from taskorch.services.specialist import specialist_context

            told = specialist_context(ws, one.id)
        return task_whole(ws, one, found) | {"specialist_context": told}


def list_tasks(
    ws: Workspace,
    *,
    status: Sequence[str] = (),
    specialist: str | None = None,
    stream: str | None = None,
    assignee: str | None = None,
    priority: Sequence[str] = (),
    label: Sequence[str] = (),
    parent: str | None = None,
    path: str | None = None,
    deleted: bool = False,
    everything: bool = False,
    sort: str = "created",
    reverse: bool = False,
    landed: bool = False,
    archived: bool = False,
) -> Json:
    """Tasks in order; cancelled and deleted ones only where asked for, and `archived` ones.

    `path`: with claims below it.  With `landed` each says how its claims stand in the default branch,
    which ``target`` names then.
    """
    every = ws.load()
    below = every.task(parent).id if parent else None
    found = every.whole if archived or path or landed else every.live
    claimed = _claimed_below(found, path) if path else set()

    def wanted(one: Task) -> bool:
        return (
            (archived or not is_archived(one.path))
            and (everything or deleted or not one.deleted)
            and (everything or deleted or CANCELLED in status or one.status != CANCELLED)
            and (not status or one.status in status)
            and (not priority or one.priority in priority)
            and (specialist is None or one.specialist == specialist)
            and (stream is None or one.stream == stream)
            and (assignee is None or one.assignee == assignee)
            and set(label) <= set(one.labels)
            and (below is None or one.parent == below)
            and (path is None or one.id in claimed)
        )

    rows = sorted((one for one in found.tasks.values() if wanted(one)), key=SORTS[sort], reverse=reverse)
    shown = [_row(ws, one, found) for one in rows]
    target = None
    if landed:
        from taskorch.services.landed import landed as held_against

        standing = held_against(ws, found, [one.id for one in rows])
        target = standing.target
        shown = [row | {"landed": standing.of[row["id"]]} for row in shown]
    return {"tasks": shown, "target": target, "problems": problem_rows(found)}


def ready_tasks(ws: Workspace, *, explain: bool = False) -> Json:
    """Pending tasks that nothing holds up, the most urgent first; and those that wait in vain.

    With `explain` every open task with what holds it up, as `readiness.explained` gives it; else None.
    """
    from taskorch.services.readiness import explained, startable

    found = ws.load().live
    in_vain = sorted(filter(found.waits_in_vain, found.tasks.values()), key=by_priority)
    return {
        "tasks": [_row(ws, one, found) for one in startable(ws, found)],
        "explained": explained(ws, found) if explain else None,
        "waiting_in_vain": [_row(ws, one, found) for one in in_vain],
        "problems": problem_rows(found),
    }


def linkable(found: Collection, name: str) -> str:
    """The id of a task to depend on or to lie under.  Raises NotFound, Ambiguous, or for a deleted one."""
    one = found.task(name)
    if one.deleted:
        raise TaskorchError(f"{one.id} is deleted", hint=f"taskorch task reopen {one.id} first")
    return one.id


def linkables(found: Collection, names: Iterable[str]) -> list[str]:
    """`linkable` for several names, each id once."""
    return list(dict.fromkeys(linkable(found, name) for name in names))


def _row(ws: Workspace, one: Task, found: Collection) -> Json:
    return task_row(ws, one) | {"waits_for": waits_for(one, found), "landed": None}


def _claimed_below(found: Collection, path: str) -> set[str]:
    return {claim.task for claim in found.net_claims() if is_below(claim.path, path.rstrip("/"))}
