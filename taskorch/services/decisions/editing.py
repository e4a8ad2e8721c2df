"""Decisions, edited: by field, or by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from taskorch.errors import NotFound, TaskorchError
from taskorch.records import decision as decisions
from taskorch.records import decision_body, sections
from taskorch.records.collection import Collection
from taskorch.records.decision import FIELDS, SUPERSEDED, Decision
from taskorch.records.schema import check_choice, check_title
from taskorch.services.commit_after import commits
from taskorch.services.decisions.linking import new_links, replaced_texts
from taskorch.services.decisions.making import refuse_unknown
from taskorch.services.decisions.status import refuse_status
from taskorch.services.shapes import Json, decision_stored
from taskorch.services.workspace import Workspace
from taskorch.services.writing import edited, one_liners, with_fields


def to_edit(ws: Workspace, found: Collection, name: str) -> Decision:
    """The decision that a name means.  Raises TaskorchError for one in a folder of another tool."""
    one = found.decision(name)
    if one.is_adopted:
        raise TaskorchError(
            f"{one.id} is kept in {ws.shown(one.path)}, in the form of another tool",
            hint="edit that file as its tool has it; taskorch reads it again",
        )
    return one


@commits("decision edit")
def edit_decision(
    ws: Workspace,
    name: str,
    *,
    title: str | None = None,
    category: str | None = None,
    impact: str | None = None,
    implementation: str | None = None,
    outcome: str | None = None,
    add_labels: Sequence[str] = (),
    remove_labels: Sequence[str] = (),
    add_components: Sequence[str] = (),
    remove_components: Sequence[str] = (),
    add_decision_makers: Sequence[str] = (),
    remove_decision_makers: Sequence[str] = (),
    add_files: Sequence[str] = (),
    remove_files: Sequence[str] = (),
    add_tasks: Sequence[str] = (),
    remove_tasks: Sequence[str] = (),
    cwd: Path | None = None,
) -> Json:
    """Change fields of a decision; an empty string empties a field.

    A title is changed in its heading as well.  Raises NotFound for what is to be removed and is not there.
    """
    with ws.writing(f"decision edit {name}") as found:
        one = to_edit(ws, found, name)
        here = cwd or ws.start
        changes: dict[str, Any] = {"title": check_title(title)} if title is not None else {}
        for key, value in (("category", category), ("impact", impact), ("implementation", implementation)):
            if value is not None:
                changes[key] = check_choice(FIELDS, key, value) if value else None
        if outcome is not None:
            changes["outcome"] = sections.one_line(outcome) or None
        for key, what, there, add, remove in (
            ("labels", "label", one.labels, add_labels, remove_labels),
            ("components", "component", one.components, add_components, remove_components),
            ("decision-makers", "decision maker", one.decision_makers, add_decision_makers,
             remove_decision_makers),
            ("tasks", "task", one.tasks, [found.task(task).id for task in add_tasks],
             [_task(found, one, task) for task in remove_tasks]),
            ("governs", "file", one.governs, [ws.repo.relative(path, here) for path in add_files],
             [_file(ws, one, path, here) for path in remove_files]),
        ):  # fmt: skip
            listed = _changed(one, what, there, one_liners(f"a {what}", add), remove)
            if listed != list(there):
                changes[key] = [{"path": path} for path in listed] if key == "governs" else listed
        text = with_fields(one.text, FIELDS, changes)
        return _write(ws, found, one, _retitled(one, text))


@commits("decision edit")
def replace_text(ws: Workspace, name: str, text: str, before: str) -> Json:
    """Put the whole text of a decision as a person edited it; refused if it is no decision any more.

    `before` is what they started from: if the file has changed since, nothing is written.  A new link
    changes the older decision's status as ``decision supersede`` does, and is refused as there.
    """
    with ws.writing(f"decision edit {name}") as found:
        one = to_edit(ws, found, name)
        after = edited(ws, one, before, text, decisions.parse)
        if after.status == SUPERSEDED != one.status:
            raise TaskorchError(
                "a decision is superseded by another one",
                hint=f"taskorch decision supersede {one.id} --by NEW",
            )
        if after.status != one.status:
            refuse_status(found, one, after.status)
        refuse_unknown(ws, found, one, after)
        older = replaced_texts(found, after, new_links(found, one, after))
        return _write(ws, found, one, text, older)


def _changed(
    one: Decision, what: str, there: Sequence[str], add: Sequence[str], remove: Sequence[str]
) -> list[str]:
    missing = [item for item in remove if item not in there]
    if missing:
        has = f"it has: {', '.join(there)}" if there else "it has none"
        raise NotFound(f"{one.id} has no {what} '{missing[0]}'", hint=has)
    kept = [item for item in there if item not in remove]
    return kept + [item for item in add if item not in kept]


def _task(found: Collection, one: Decision, name: str) -> str:
    """The id of a task that is to be taken out: it need not be here any more."""
    return name if name in one.tasks else found.task(name).id


def _file(ws: Workspace, one: Decision, path: str, here: Path) -> str:
    """A governed path that is to be taken out: as it stands there, or as it is named from this folder."""
    return path if path in one.governs else ws.repo.relative(path, here)


def _retitled(one: Decision, text: str) -> str:
    """The text with a new title in its heading, too, if that had the old one."""
    after = decisions.parse(text, one.path)
    if decision_body.heading(one.text, one.body_start) != one.title:
        return text
    return decision_body.with_heading(text, after.body_start, after.title)


def _write(
    ws: Workspace, found: Collection, one: Decision, text: str, older: dict[str, str] | None = None
) -> Json:
    ws.write({one.path: text, **(older or {})})
    return decision_stored(ws, decisions.parse(text, one.path), found)
