"""Tasks: made, listed, shown, edited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from taskorch.errors import NotFound, TaskorchError, UsageError
from taskorch.records import sections
from taskorch.records import task as tasks
from taskorch.records.collection import Collection, by_priority
from taskorch.records.schema import check_choice, check_title
from taskorch.records.task import ACTIVE, CANCELLED, COMPLETED, FIELDS, PENDING, STATUSES, Task
from taskorch.services.shapes import Json, problem_rows, task_row, task_whole
from taskorch.services.workspace import Workspace
from taskorch.services.writing import new_record, with_criteria, with_fields, with_note

SORTS: dict[str, Callable[[Task], Any]] = {
    "created": lambda one: (one.created, one.id),
    "priority": by_priority,
    "status": lambda one: (STATUSES.index(one.status), one.created, one.id),
    "title": lambda one: (one.title.casefold(), one.id),
}


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
    with ws.writing() as found:
        values = {
            "title": title,
            "specialist": specialist,
            "stream": stream,
            "parent": found.task(parent).id if parent else None,
            "depends_on": _ids(found, depends_on),
            "priority": priority,
            "complexity": complexity,
            "labels": _words(labels),
        }
        path, text = task_file(ws, found, values, description, accept)
        ws.store.write({path: text})
        return task_whole(ws, tasks.parse(text, path), ws.load())


def task_file(
    ws: Workspace, found: Collection, values: dict[str, Any], description: str, accept: Sequence[str]
) -> tuple[str, str]:
    """Path and text of a new pending task; `values` may hold an id already given out."""
    whole = {
        "id": values.get("id") or ws.new_id("task", found.tasks),
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
    criteria = "\n".join(f"- [ ] {sections.one_line(item)}" for item in accept if item.strip())
    return new_record(ws, "task", FIELDS, whole, {"description": description, "criteria": criteria})


def show_task(ws: Workspace, name: str) -> Json:
    """One task with its body and what hangs on it."""
    found = ws.load()
    return task_whole(ws, found.task(name), found)


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
) -> Json:
    """Tasks in order; cancelled and deleted ones only where asked for.  `path`: with claims below it."""
    found = ws.load()
    below = found.task(parent).id if parent else None
    claimed = _claimed_below(found, path) if path else set()

    def wanted(one: Task) -> bool:
        return (
            (everything or deleted or not one.deleted)
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
    return {
        "tasks": [task_row(ws, one) | {"waits_for": found.waits_for(one)} for one in rows],
        "problems": problem_rows(found),
    }


def ready_tasks(ws: Workspace) -> Json:
    """Pending tasks that nothing holds up, the most urgent first."""
    found = ws.load()
    return {"tasks": [task_row(ws, one) for one in found.ready()], "problems": problem_rows(found)}


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

    Refuses `status` completed (`complete_task` checks the work), unknown ids and cycles.
    """
    if status == COMPLETED:
        raise TaskorchError(
            "a task is completed by what was done, not by editing",
            hint=f"taskorch task complete {name} --results TEXT",
        )
    with ws.writing() as found:
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
            changes["parent"] = found.task(parent).id if parent else None
        if depends_on is not None:
            changes["depends_on"] = _ids(found, [other for other in depends_on if other])
        labels = [label for label in one.labels if label not in remove_labels]
        labels += [label for label in _words(add_labels) if label not in labels]
        if labels != list(one.labels):
            changes["labels"] = labels
        missing = [label for label in remove_labels if label not in one.labels]
        if missing:
            raise NotFound(f"{one.id} has no label '{missing[0]}'", hint=f"it has: {', '.join(one.labels)}")
        refuse_cycles(found, one.id, changes)
        text = with_fields(one.text, FIELDS, changes)
        if add_criteria:
            text = with_criteria(text, tasks.CRITERIA, add_criteria)
        return _write(ws, found, one, text)


def replace_text(ws: Workspace, name: str, edited: str, before: str) -> Json:
    """Put the whole text of a task as a person edited it; refused if it is no task any more.

    `before` is what they started from: if the file has changed since, nothing is written.
    """
    with ws.writing() as found:
        one = found.task(name)
        if one.text != before:
            raise TaskorchError(
                f"{one.id} was changed while you edited it; your text was not written",
                hint="edit it again",
            )
        after = tasks.parse(edited, one.path)
        if after.id != one.id:
            raise TaskorchError("the id of a task never changes", hint=f"put back id: {one.id}")
        if after.status == COMPLETED != one.status:
            raise TaskorchError(
                "a task is completed by what was done, not by editing",
                hint=f"taskorch task complete {one.id} --results TEXT",
            )
        check_title(after.title)
        refuse_cycles(found, one.id, {"parent": after.parent, "depends_on": list(after.depends_on)})
        return _write(ws, found, one, edited)


def note_task(ws: Workspace, name: str, text: str) -> Json:
    """Append a note, with time and author."""
    if not text.strip():
        raise TaskorchError("the note is empty", hint="give its text")
    author = ws.repo.author()
    with ws.writing() as found:
        one = found.task(name)
        return _write(ws, found, one, with_note(one.text, tasks.NOTES, text, ws.now(), author))


def check_criteria(
    ws: Workspace, name: str, numbers: Sequence[int], *, everything: bool = False, undo: bool = False
) -> Json:
    """Tick acceptance criteria by number (from 1), or untick them."""
    if bool(numbers) == everything:
        raise UsageError("name the criteria by number, or say --all", hint=f"taskorch task check {name} 1")
    with ws.writing() as found:
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


def _write(ws: Workspace, found: Collection, one: Task, text: str) -> Json:
    if one.status == ACTIVE != tasks.parse(text, one.path).status:
        from taskorch.services.completing import let_go

        let_go(ws, found, one, text)
    else:
        ws.store.write({one.path: text})
    after = ws.load()
    return task_whole(ws, after.tasks[one.id], after)


def _ids(found: Collection, names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found.task(name).id for name in names))


def _words(labels: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(sections.one_line(label) for label in labels if label.strip()))


def _claimed_below(found: Collection, path: str) -> set[str]:
    prefix = path.rstrip("/")
    return {c.task for c in found.net_claims() if c.path == prefix or c.path.startswith(f"{prefix}/")}
