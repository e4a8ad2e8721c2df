"""Decisions, recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from taskorch.errors import NotFound, TaskorchError
from taskorch.records import decision as decisions
from taskorch.records import decision_body, sections
from taskorch.records.collection import Collection
from taskorch.records.decision import FIELDS, PROPOSED, SUPERSEDED, Decision
from taskorch.records.schema import check_choice, check_title, render_front_matter
from taskorch.services.active_session import current
from taskorch.services.claims.folding import folding_tasks
from taskorch.services.commit_after import commits
from taskorch.services.decisions import wording
from taskorch.services.decisions.given import Given
from taskorch.services.decisions.linking import new_links, texts_with_links
from taskorch.services.shapes import Json, decision_stored, task_reference
from taskorch.services.workspace import Workspace
from taskorch.services.writing import one_liners
from taskorch.store import layout


def new_decision(ws: Workspace, title: str | None, **given: Any) -> Json:
    """Record a decision from the fields of `Given`, proposed and decided on by git's author unless they
    say otherwise.

    The least is a title with `context`, `decision` and `rationale`, or in short with `rationale` alone.
    Raises UsageError for less.
    """
    return _new_decision(ws, Given(title=title, **given))


@commits("decision new")
def _new_decision(ws: Workspace, given: Given) -> Json:
    given.check()
    with ws.writing(f"decision new {given.title}") as found:
        values = front_matter(ws, found, given)
        template = wording.shape(ws, given.template)
        body = wording.body(given, template, named=bool(given.template))
        return put_new(ws, found, render_front_matter(FIELDS, values) + body, given)


def front_matter(ws: Workspace, found: Collection, given: Given) -> dict[str, Any]:
    """The values of a new decision's fields.  Raises TaskorchError for those that cannot be."""
    going = current(ws, found, reading=True)
    active = _active(ws, found, given)
    choices = {
        key: check_choice(FIELDS, key, value)
        for key in ("category", "impact", "implementation")
        if (value := getattr(given, key)) is not None
    }
    return {
        "id": ws.new_id("decision", found.is_taken),
        "title": check_title(given.title) if given.title is not None else None,
        "date": ws.now()[:10],
        "status": check_choice(FIELDS, "status", given.status or PROPOSED),
        "session": going[0].id if going else None,
        "decision-makers": one_liners("a decision maker", given.decision_makers) or [ws.repo.author()],
        "tasks": [found.task(given.task).id] if given.task else active if len(active) == 1 else [],
        "governs": [{"path": ws.repo.relative(path, given.cwd or ws.start)} for path in given.files],
        "components": one_liners("a component", given.components),
        "labels": one_liners("a label", given.labels),
        "outcome": sections.one_line(given.outcome) if given.outcome else None,
        **choices,
        **_links(found, given.links),
    }


def put_new(ws: Workspace, found: Collection, text: str, given: Given) -> Json:
    """Write a new decision and what its links change in older ones.  Raises TaskorchError."""
    one = decisions.parse(text, "")
    one = decisions.parse(text, layout.record_path(one.id, check_title(one.title), ""))
    refuse_unknown(ws, found, None, one)
    if one.status == SUPERSEDED:
        raise TaskorchError("a new decision cannot be superseded already", hint="--status accepted")
    if not decision_body.says_something(text, one.body_start):
        raise TaskorchError(
            "the decision says nothing but its title",
            hint="write what is decided, and why, below '## Decision Outcome'",
        )
    links = new_links(found, None, one)
    if ws.settings.decisions is None:
        ws.write(texts_with_links(ws, found, one, links))
        row = decision_stored(ws, one, found)
    else:
        from taskorch.services.decisions.in_place import put_in_place  # slow to load, and few need it

        one = put_in_place(ws, found, one)
        ws.write(texts_with_links(ws, found, one, links))
        after = ws.load()
        row = decision_stored(ws, after.decisions[one.id], after)
    return row | {
        "for_tasks": [task_reference(task, found) for task in one.tasks],
        "active_tasks": [] if one.tasks else _active(ws, found, given),
    }


def refuse_unknown(ws: Workspace, found: Collection, before: Decision | None, one: Decision) -> None:
    """Raise TaskorchError for tasks that are not here, and governed paths that leave the work tree.

    What stood there `before` is not asked about.
    """
    for task in _added(before.tasks if before else (), one.tasks):
        if task not in found.tasks:
            raise NotFound(f"no task '{task}'", hint="taskorch task list shows all tasks, by their whole ids")
    for path in _added(before.governs if before else (), one.governs):
        ws.repo.relative(f":/{path}", ws.start)


def _added(before: Iterable[str], after: Iterable[str]) -> list[str]:
    return [one for one in after if one not in set(before)]


def _active(ws: Workspace, found: Collection, given: Given) -> list[str]:
    """The tasks that are worked on here, where nobody said which one the decision is for."""
    going = current(ws, found, reading=True) if not given.task and not given.no_task else None
    return folding_tasks(found, going[1]) if going else []


def _links(found: Collection, links: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    return {
        kind: list(dict.fromkeys(found.decision(name).id for name in names)) for kind, names in links.items()
    }
