"""Planning: a task and its subtasks made in one step or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from taskorch.errors import TaskorchError, UsageError
from taskorch.records import ids, task
from taskorch.records.collection import Collection
from taskorch.records.schema import MAX_TITLE
from taskorch.services.shapes import Json
from taskorch.services.tasks import linkable, task_file
from taskorch.services.workspace import Workspace

_ALIAS_KEYS = ("task_id", "alias", "id")
_NONE = ("", "none", "null")


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
    task_id?, priority?, complexity?, acceptance_criteria?}``.  ``task_id`` (or ``alias``) is the
    caller's own name and becomes the alias; ``dependencies`` name other entries by it, by title, or
    tasks that exist.  Raises TaskorchError, and then nothing was made.
    """
    entries = _entries(subtasks)
    with ws.writing(f"task plan {description}") as found:
        parent_id, *given = _new_ids(ws, found, len(entries) + 1)
        given.sort()  # tasks of the same second are listed by id: the plan's order is kept
        names = _names(entries, given)
        files: dict[str, str] = {}
        first, _, rest = description.strip().partition("\n")
        title, rest = (
            (first, rest) if len(first) <= MAX_TITLE else (first[: MAX_TITLE - 1] + "…", description)
        )
        body = "\n\n".join(part.strip() for part in (rest, context) if part.strip())
        path, text = task_file(
            ws, found, {"id": parent_id, "title": title, "complexity": complexity}, body, ()
        )
        files[path] = text
        depends = [_dependencies(found, entry, names) for entry in entries]
        _refuse_rings(given, depends)
        for entry, task_id, waits in zip(entries, given, depends, strict=True):
            path, text = task_file(
                ws, found, _values(entry, task_id, parent_id, waits), _text(entry), _criteria(entry)
            )
            files[path] = text
        ws.write(files)
        after = ws.load()
        made = [after.tasks[task_id] for task_id in given]
        return {
            "parent_task_id": parent_id,
            "description": description,
            "complexity": complexity,
            "subtasks": [
                {
                    "task_id": one.id,
                    "alias": one.alias,
                    "title": one.title,
                    "specialist_type": one.specialist,
                    "dependencies": list(one.depends_on),
                    "status": one.status,
                    "path": ws.shown(one.path),
                }
                for one in made
            ],
        }


def _new_ids(ws: Workspace, found: Collection, number: int) -> list[str]:
    given: list[str] = []
    for _ in range(number):
        given.append(ws.new_id("task", lambda one: one in given or found.is_taken(one)))
    return given


def _entries(subtasks: str | Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    parsed: Any = subtasks
    if isinstance(subtasks, str):
        try:
            parsed = json.loads(subtasks)
        except json.JSONDecodeError as error:
            raise UsageError(
                f"the subtasks are not JSON: {error.msg} (line {error.lineno}, column {error.colno})",
                hint='a list such as [{"title": "Write the tests", "specialist_type": "tester"}]',
            ) from None
    if isinstance(parsed, dict):
        parsed = parsed.get("subtasks")
    if not isinstance(parsed, (list, tuple)):
        raise UsageError("the subtasks are not a list", hint='[{"title": "..."}]')
    for number, entry in enumerate(parsed, 1):
        if not isinstance(entry, Mapping) or not isinstance(entry.get("title"), str):
            raise UsageError(f"subtask {number} has no title", hint='{"title": "..."}')
    return list(parsed)


def _names(entries: Sequence[Mapping[str, Any]], given: Sequence[str]) -> dict[str, str]:
    """The id each entry goes by, under its alias and its title.  Raises on an alias given twice."""
    names: dict[str, str] = {}
    for entry, task_id in zip(entries, given, strict=True):
        names.setdefault(entry["title"].strip(), task_id)
    aliases: set[str] = set()
    for entry, task_id in zip(entries, given, strict=True):
        alias = _alias(entry)
        if alias is None:
            continue
        if alias in aliases:
            raise TaskorchError(f"two subtasks are named '{alias}'", hint="give each a name of its own")
        if ids.is_id(alias):
            raise TaskorchError(f"the name '{alias}' looks like an id of taskorch", hint="choose another")
        aliases.add(alias)
        names[alias] = task_id
    return names


def _alias(entry: Mapping[str, Any]) -> str | None:
    for key in _ALIAS_KEYS:
        if entry.get(key):
            return " ".join(str(entry[key]).split())
    return None


def _dependencies(found: Collection, entry: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    named = entry.get("dependencies", entry.get("depends_on")) or []
    if isinstance(named, str):
        named = [part.strip() for part in named.split(",")]
    if not isinstance(named, (list, tuple)):
        raise UsageError(
            f"the dependencies of '{entry['title']}' are not a list",
            hint="name them in a list, or apart by commas",
        )
    wanted = [str(name).strip() for name in named if str(name).strip().lower() not in _NONE]
    return list(dict.fromkeys(names.get(name) or linkable(found, name) for name in wanted))


def _refuse_rings(given: Sequence[str], depends: Sequence[Sequence[str]]) -> None:
    from graphlib import CycleError, TopologicalSorter

    try:
        TopologicalSorter(dict(zip(given, depends, strict=True))).prepare()
    except CycleError as error:
        ring = [str(given.index(one) + 1) for one in error.args[1]]
        raise TaskorchError(
            f"subtasks wait for each other in a ring: {' -> '.join(ring)}",
            hint="leave one of these dependencies out",
        ) from None


def _values(entry: Mapping[str, Any], task_id: str, parent_id: str, waits: Sequence[str]) -> dict[str, Any]:
    complexity = str(entry.get("complexity") or "moderate")
    return {
        "id": task_id,
        "alias": _alias(entry),
        "title": entry["title"],
        "parent": parent_id,
        "depends_on": list(waits),
        "specialist": entry.get("specialist_type") or entry.get("specialist"),
        "priority": entry.get("priority"),
        "complexity": complexity if complexity in task.COMPLEXITIES else "moderate",
        "labels": [str(label) for label in entry.get("labels") or ()],
    }


def _text(entry: Mapping[str, Any]) -> str:
    effort = entry.get("estimated_effort")
    return "\n\n".join(
        str(part).strip()
        for part in (entry.get("description"), f"Estimated effort: {effort}" if effort else None)
        if part
    )


def _criteria(entry: Mapping[str, Any]) -> list[str]:
    named = entry.get("acceptance_criteria") or ()
    return [named] if isinstance(named, str) else [str(one) for one in named]
