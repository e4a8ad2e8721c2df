"""Tasks: edited by field, by hand, by a note, by a tick."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from taskorch.errors import NotFound, TaskorchError, UsageError
from taskorch.records import sections
from taskorch.records import task as tasks
from taskorch.records.collection import Collection
from taskorch.records.schema import check_choice, check_title
from taskorch.records.task import ACTIVE, COMPLETED, FIELDS, PENDING, Task
from taskorch.services.commit_after import commits
from taskorch.services.shapes import Json, task_stored
from taskorch.services.tasks import linkable, linkables
from taskorch.services.workspace import Workspace
from taskorch.services.writing import edited, one_liners, with_criteria, with_fields, with_note


@commits("task edit")
def edit_task(
    ws: Workspace,
    name: str,
    *,
    title: str | None = None,
    status: str | None = None,
    priority: str | None = None,
    complexity: str | None = None,
    assignee: str | None = None,
    specialist: str | None = None,
    stream: str | None = None,
    parent: str | None = None,
    depends_on: Sequence[str] | None = None,
    add_labels: Sequence[str] = (),
    remove_labels: Sequence[str] = (),
    add_criteria: Sequence[str] = (),
) -> Json:
    """Change fields of a task; an empty string empties a field.

    Refuses unknown ids, cycles, and a `status` that its own command would refuse (completed: always).
    """
    with ws.writing(f"task edit {name}") as found:
        one = found.task(name)
        changes: dict[str, Any] = {}
        if title is not None:
            changes["title"] = check_title(title)
        for key, value in (("status", status), ("priority", priority), ("complexity", complexity)):
            if value is not None:
                changes[key] = check_choice(FIELDS, key, value)
        for key, value in (("assignee", assignee), ("specialist", specialist), ("stream", stream)):
            if value is not None:
                changes[key] = sections.one_line(value) or None
        if parent is not None:
            changes["parent"] = linkable(found, parent) if parent else None
        if depends_on is not None:
            changes["depends_on"] = linkables(found, [other for other in depends_on if other])
        labels = [label for label in one.labels if label not in remove_labels]
        labels += [label for label in one_liners("a label", add_labels) if label not in labels]
        if labels != list(one.labels):
            changes["labels"] = labels
        missing = [label for label in remove_labels if label not in one.labels]
        if missing:
            raise NotFound(f"{one.id} has no label '{missing[0]}'", hint=f"it has: {', '.join(one.labels)}")
        refuse_cycles(found, one.id, changes)
        if status is not None:
            waits = tuple(changes.get("depends_on", one.depends_on))
            _refuse_status(ws, found, replace(one, depends_on=waits), status)
        if status in (PENDING, ACTIVE) and one.is_open:
            changes["reason"] = None
        text = with_fields(one.text, FIELDS, changes)
        if add_criteria:
            text = with_criteria(text, tasks.CRITERIA, one_liners("an acceptance criterion", add_criteria))
        return _write(ws, found, one, text)


@commits("task edit")
def replace_text(ws: Workspace, name: str, text: str, before: str) -> Json:
    """Put the whole text of a task as a person edited it; refused if it is no task any more.

    `before` is what they started from: if the file has changed since, nothing is written.
    """
    with ws.writing(f"task edit {name}") as found:
        one = found.task(name)
        after = edited(ws, one, before, text, tasks.parse)
        if after.status != one.status:
            _refuse_status(ws, found, replace(after, status=one.status), after.status)
        check_title(after.title)
        refuse_cycles(found, one.id, {"parent": after.parent, "depends_on": list(after.depends_on)})
        return _write(ws, found, one, text)


@commits("task note")
def note_task(ws: Workspace, name: str, text: str) -> Json:
    """Append a note, with time and author."""
    if not text.strip():
        raise TaskorchError("the note is empty", hint="give its text")
    author = ws.repo.author()
    with ws.writing(f"task note {name}") as found:
        one = found.task(name)
        return _write(ws, found, one, with_note(one.text, tasks.NOTES, text, ws.now(), author))


@commits("task check")
def check_criteria(
    ws: Workspace, name: str, numbers: Sequence[int], *, everything: bool = False, undo: bool = False
) -> Json:
    """Tick acceptance criteria by number (from 1), or untick them."""
    if bool(numbers) == everything:
        raise UsageError("name the criteria by number, or say --all", hint=f"taskorch task check {name} 1")
    with ws.writing(f"task check {name}") as found:
        one = found.task(name)
        criteria = one.criteria
        wrong = [number for number in numbers if not 1 <= number <= len(criteria)]
        if wrong:
            raise NotFound(
                f"{one.id} has no criterion {wrong[0]}",
                hint=f"it has {len(criteria)}: taskorch task show {one.id}",
            )
        text = one.text
        for number in range(1, len(criteria) + 1) if everything else numbers:
            text = sections.tick(text, criteria[number - 1].mark, not undo)
        return _write(ws, found, one, text)


def refuse_cycles(found: Collection, task_id: str, changes: dict[str, Any]) -> None:
    """Raise TaskorchError if a new parent or new dependencies would close a circle."""

    def depends(other: str) -> Iterable[str]:
        mine = other == task_id and "depends_on" in changes
        return changes["depends_on"] if mine else found.dependency_edges(other)

    def above(other: str) -> Iterable[str]:
        if other == task_id and "parent" in changes:
            return [changes["parent"]] if changes["parent"] else []
        return found.parent_edges(other)

    for key, edges, words in (("depends_on", depends, "wait for"), ("parent", above, "lie below")):
        way = found.cycle(task_id, edges) if key in changes else None
        if way:
            raise TaskorchError(
                f"{task_id} would {words} itself: {' -> '.join(way)}",
                hint="leave one of these links out",
            )
    if changes.keys() & {"depends_on", "parent"}:
        line = [one for start in above(task_id) for one in (start, *_line_above(found, start))]
        _refuse_waiting_for_kin(found, task_id, set(depends(task_id)), line)


def _line_above(found: Collection, task_id: str) -> list[str]:
    return [one.id for one in found.above(found.tasks[task_id])] if task_id in found.tasks else []


def _refuse_waiting_for_kin(found: Collection, task_id: str, waits: set[str], above: Iterable[str]) -> None:
    """Raise TaskorchError where a task waits for what it is a part of, or for a part of it."""
    hint = "a task is complete only when its subtasks are: leave the dependency out"
    for other in above:
        if other in waits:
            raise TaskorchError(f"{task_id} would wait for {other}, which it is a part of", hint=hint)
    for other in sorted(waits & found.descendants(task_id)) if waits else ():
        raise TaskorchError(f"{task_id} would wait for its own part {other}", hint=hint)


def _refuse_status(ws: Workspace, found: Collection, one: Task, status: str) -> None:
    """Raise TaskorchError for a status that the command for it would refuse."""
    if status == COMPLETED:
        raise TaskorchError(
            "a task is completed by what was done, not by editing",
            hint=f"taskorch task complete {one.id} --results TEXT",
        )
    if status != one.status and not one.is_open:
        raise TaskorchError(f"{one.id} is {one.status}", hint=f"taskorch task reopen {one.id} first")
    if status == ACTIVE != one.status:
        from taskorch.services.active_session import current
        from taskorch.services.starting import refuse_start

        going = current(ws, found)
        refuse_start(ws, found, one, going[0].id if going else None, None)


def _write(ws: Workspace, found: Collection, one: Task, text: str) -> Json:
    if one.status == ACTIVE != tasks.parse(text, one.path).status:
        from taskorch.services.completing import let_go

        let_go(ws, found, one, text)
    else:
        ws.write({one.path: text})
    return task_stored(ws, tasks.parse(text, one.path), found)
