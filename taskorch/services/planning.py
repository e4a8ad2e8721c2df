"""Planning: a task and its subtasks made in one step or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any

from taskorch.errors import BadRecord, TaskorchError, UsageError
from taskorch.records import frontmatter, task, tree
from taskorch.records.collection import Collection
from taskorch.records.plan import Planned, PlanReader
from taskorch.records.schema import MAX_TITLE, check_title
from taskorch.records.tree_text import read
from taskorch.services.commit_after import commits
from taskorch.services.shapes import Json
from taskorch.services.tasks import linkable, task_file
from taskorch.services.workspace import Workspace


def plan(
    ws: Workspace,
    description: str,
    subtasks: str | Sequence[Mapping[str, Any]],
    *,
    complexity: str = "moderate",
    context: str = "",
) -> Json:
    """Make a parent task from `description` and its subtasks.

    `subtasks` is a list (or its JSON text) of ``{title, description?, specialist_type?, dependencies?,
    task_id?, priority?, complexity?, acceptance_criteria?, subtasks?}``.  ``task_id`` (or ``alias``) is the
    caller's own name and becomes the alias; ``dependencies`` name other entries by it, by title, or
    tasks that exist.  Raises TaskorchError, and then nothing was made.
    """
    first, _, rest = description.strip().partition("\n")
    title, rest = (first, rest) if len(first) <= MAX_TITLE else (first[: MAX_TITLE - 1] + "…", description)
    reader = PlanReader("")
    whole = reader.plan(_parsed(subtasks), title)
    texts = (rest, context, whole.description)
    said = "\n\n".join(text.strip() for text in texts if text.strip())
    whole = replace(whole, description=said, complexity=complexity)
    return _make(ws, whole, reader) | {"description": description, "complexity": complexity}


def plan_from_text(ws: Workspace, title: str | None, data: bytes, name: str) -> Json:
    """Make a task and its subtasks from a YAML or JSON text, in UTF-8; `name` is what errors call it.

    The text is a list of subtasks as in `plan`, or a mapping with ``subtasks`` and what is said of their
    parent: ``title`` (which `title` goes before), ``description``, and so on.  Raises BadRecord with the
    line and the field, and then nothing was made.
    """
    reader = PlanReader(name)
    if title is not None:
        title = check_title(title)
    try:
        node = read(frontmatter.decode(data, name), name)
    except BadRecord as error:
        error.hint = error.hint or "mend it; nothing was made"  # `doctor` knows nothing of plans
        raise
    return _make(ws, reader.plan(node, title), reader)


@commits("task plan")
def _make(ws: Workspace, whole: Planned, reader: PlanReader) -> Json:
    with ws.writing(f"task plan {whole.title}") as found:
        below = list(whole.below())
        given = _new_ids(ws, found, len(below) + 1)
        # tasks of the same second are listed by id: the plan's order is kept
        by_place = dict(zip((id(one) for one in (whole, *below)), sorted(given), strict=True))
        names = _names(whole, by_place, reader)
        waits = {id(one): _dependencies(found, one, names, reader) for one in (whole, *below)}
        _refuse_rings(whole, by_place, waits, reader)
        made = list(_rows(whole, None, by_place, waits))
        files = dict(task_file(ws, found, *row) for row in made)
        ws.write(files)
        stored = [task.parse(text, path) for path, text in files.items()]
        parent = stored[0]
        return {
            "id": parent.id,
            "title": parent.title,
            "path": ws.shown(parent.path),
            "parent_task_id": parent.id,
            "description": whole.description,
            "complexity": parent.complexity,
            "subtasks": [_row(ws, one) for one in stored[1:]],
        }


def _row(ws: Workspace, one: task.Task) -> Json:
    return {
        "task_id": one.id,
        "alias": one.alias,
        "title": one.title,
        "specialist_type": one.specialist,
        "dependencies": list(one.depends_on),
        "status": one.status,
        "parent": one.parent,
        "path": ws.shown(one.path),
    }


def _parsed(subtasks: str | Sequence[Mapping[str, Any]]) -> tree.Node:
    """The subtasks as a tree.  Raises UsageError for a text that is not JSON."""
    if not isinstance(subtasks, str):
        return tree.of(subtasks)
    from taskorch.records.json_tree import read_json

    try:
        return read_json(subtasks, "")
    except BadRecord as error:
        raise UsageError(
            f"the subtasks are not JSON: {error.message} (line {error.line}, column {error.column})",
            hint='a list such as [{"title": "Write the tests", "specialist_type": "tester"}]',
        ) from None


def _new_ids(ws: Workspace, found: Collection, number: int) -> list[str]:
    given: list[str] = []
    for _ in range(number):
        given.append(ws.new_id("task", lambda one: one in given or found.is_taken(one)))
    return given


def _names(whole: Planned, given: Mapping[int, str], reader: PlanReader) -> dict[str, list[str]]:
    """The ids that go by a name: of a title of several tasks all.  Raises on an alias given twice."""
    names: dict[str, list[str]] = {}
    for one in whole.below():
        names.setdefault(one.title, []).append(given[id(one)])
    names.setdefault(whole.title, [given[id(whole)]])
    aliases: set[str] = set()
    for one in (whole, *whole.below()):
        if one.alias in aliases:
            what = "tasks of the plan" if one.alias == whole.alias else "subtasks"
            said = f"two {what} are named '{one.alias}'"
            raise reader.bad(one.node, said, "alias", "give each a name of its own")
        if one.alias:
            aliases.add(one.alias)
            names[one.alias] = [given[id(one)]]
    return names


def _dependencies(
    found: Collection, one: Planned, names: Mapping[str, Sequence[str]], reader: PlanReader
) -> dict[str, tree.Node]:
    """The ids of what a task waits for, each with the place where it is named."""
    out: dict[str, tree.Node] = {}
    for named in one.depends_on:
        there = names.get(named.value, ())
        if len(there) > 1:
            said = f"'{one.title}' depends on '{named.value}': {len(there)} subtasks have that title"
            raise reader.bad(named, said, "depends_on", "give the one that is meant a task_id, and name that")
        try:
            out.setdefault(there[0] if there else linkable(found, named.value), named)
        except TaskorchError as error:
            if not reader.path:
                raise
            said = f"'{one.title}' depends on '{named.value}': {error.message}"
            hint = "a name or title of this plan, or a task that exists"
            raise reader.bad(named, said, "depends_on", hint) from None
    return out


def _refuse_rings(
    whole: Planned, given: Mapping[int, str], waits: Mapping[int, Mapping[str, tree.Node]], reader: PlanReader
) -> None:
    """Raise where tasks wait for each other.

    One is complete only when its subtasks are; these are begun only when what it waits for is complete.
    """
    every = {given[id(one)]: one for one in (whole, *whole.below())}
    graph: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for task_id, one in every.items():
        graph.setdefault(("begun", task_id), set()).update(("complete", other) for other in waits[id(one)])
        parts = [given[id(part)] for part in one.parts]
        graph["complete", task_id] = {("begun", task_id), *(("complete", part) for part in parts)}
        for part in parts:
            graph["begun", part] = {("begun", task_id)}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        steps = [task_id for _, task_id in reversed(error.args[1])]
        ring = [a for a, b in pairwise(steps) if a != b] or steps[:1]
        places = (waits[id(every[a])].get(b) for a, b in pairwise(steps))
        said = " -> ".join(every[one].alias or every[one].title for one in (*ring, ring[0]))
        place = next(filter(None, places), whole.node)
        words = f"subtasks wait for each other in a ring: {said}"
        raise reader.bad(place, words, "depends_on", "leave one of these dependencies out") from None


def _rows(
    one: Planned, parent: str | None, given: Mapping[int, str], waits: Mapping[int, Mapping[str, tree.Node]]
) -> list[tuple[dict[str, Any], str, Sequence[str]]]:
    """What `task_file` takes of a task and of all below it."""
    values: dict[str, Any] = {
        "id": given[id(one)],
        "alias": one.alias,
        "title": one.title,
        "parent": parent,
        "depends_on": list(waits[id(one)]),
        "specialist": one.specialist,
        "stream": one.stream,
        "priority": one.priority,
        "complexity": one.complexity,
        "labels": list(dict.fromkeys(one.labels)),
    }
    rows: list[tuple[dict[str, Any], str, Sequence[str]]] = [(values, one.description, one.criteria)]
    for part in one.parts:
        rows += _rows(part, given[id(one)], given, waits)
    return rows
