"""Decisions: made, listed, shown, and moved through their states."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from taskorch.errors import TaskorchError
from taskorch.records import decision as decisions
from taskorch.records import sections
from taskorch.records.collection import Collection
from taskorch.records.decision import (
    ACCEPTED,
    DEPRECATED,
    FIELDS,
    PROPOSED,
    REJECTED,
    SUPERSEDED,
    Decision,
)
from taskorch.records.schema import check_choice, check_title
from taskorch.services.commit_after import commits
from taskorch.services.shapes import Json, decision_row, problem_rows
from taskorch.services.workspace import Workspace
from taskorch.services.writing import new_record, one_liners, with_appended, with_fields

MORE = "More Information"
_FROM = {ACCEPTED: (PROPOSED,), REJECTED: (PROPOSED,), DEPRECATED: (PROPOSED, ACCEPTED)}
_VERBS = {ACCEPTED: "accept", REJECTED: "reject", DEPRECATED: "deprecate"}


@commits("decision new")
def new_decision(
    ws: Workspace,
    title: str,
    *,
    context: str,
    decision: str,
    rationale: str,
    category: str | None = None,
    impact: str | None = None,
    alternatives: Sequence[str] = (),
    risks: Sequence[str] = (),
    consequences: Sequence[str] = (),
    files: Sequence[str] = (),
    components: Sequence[str] = (),
    task: str | None = None,
    status: str = PROPOSED,
    cwd: Path | None = None,
) -> Json:
    """Record a decision, proposed unless `status` says otherwise, decided on by the git author."""
    author = ws.repo.author()
    for what, text in (("context", context), ("decision", decision), ("rationale", rationale)):
        if not text.strip():
            raise TaskorchError(f"the {what} is empty", hint=f"say it in a sentence: --{what} TEXT")
    with ws.writing(f"decision new {title}") as found:
        one = found.task(task) if task else None
        title = check_title(title)
        values: dict[str, Any] = {
            "id": ws.new_id("decision", found.decisions),
            "title": title,
            "date": ws.now()[:10],
            "status": check_choice(FIELDS, "status", status),
            "category": check_choice(FIELDS, "category", category) if category else None,
            "impact": check_choice(FIELDS, "impact", impact) if impact else None,
            "decision-makers": [author],
            "tasks": [one.id] if one else [],
            "governs": [{"path": ws.repo.relative(path, cwd or ws.start)} for path in files],
            "components": one_liners("a component", components),
        }
        if status == SUPERSEDED:
            raise TaskorchError("a new decision cannot be superseded already", hint="--status accepted")
        body = {
            "title": title,
            "context": context,
            "options": _bullets("an alternative", [decision, *alternatives]) if alternatives else "",
            "decision": f'Chosen option: "{sections.one_line(decision)}"' if alternatives else decision,
            "rationale": rationale,
            "consequences": _bullets("a consequence", consequences),
            "risks": _bullets("a risk", risks),
        }
        path, text = new_record(ws, "decision", FIELDS, values, body)
        ws.write({path: text})
        return decision_row(ws, decisions.parse(text, path), ws.load())


def list_decisions(
    ws: Workspace,
    *,
    status: Sequence[str] = (),
    category: str | None = None,
    task: str | None = None,
) -> Json:
    """Decisions by date, the newest last."""
    found = ws.load()
    wanted = found.task(task).id if task else None
    rows = [
        decision_row(ws, one, found)
        for one in sorted(found.decisions.values(), key=lambda d: (d.date or "", d.id))
        if (not status or one.status in status)
        and (category is None or one.category == category)
        and (wanted is None or wanted in one.tasks)
    ]
    return {"decisions": rows, "problems": problem_rows(found)}


def show_decision(ws: Workspace, name: str) -> Json:
    """One decision with its text, links in both directions."""
    found = ws.load()
    one = found.decision(name)
    return decision_row(ws, one, found) | {
        "context": one.section(decisions.CONTEXT),
        "decision": one.decision,
        "rationale": one.rationale,
        "risks": one.risks,
        "body": one.text[one.body_start :].strip("\r\n"),
        "link_titles": {
            other: found.decisions[other].title for other in _linked(one, found) if other in found.decisions
        },
    }


@commits("decision {status}")
def set_status(ws: Workspace, name: str, status: str, reason: str | None = None) -> Json:
    """Accept, reject or deprecate a decision; the reason is kept in its text."""
    with ws.writing(f"decision {_VERBS[status]} {name}") as found:
        one = found.decision(name)
        if one.status == status:
            raise TaskorchError(f"{one.id} is {status} already", hint=f"taskorch decision show {one.id}")
        if one.status not in _FROM[status]:
            raise TaskorchError(
                f"{one.id} is {one.status}: it cannot be {status} any more",
                hint="record a new decision, and taskorch decision supersede OLD --by NEW",
            )
        text = with_fields(one.text, FIELDS, {"status": status})
        if reason and reason.strip():
            words = f"{status.capitalize()} on {ws.now()[:10]}: {sections.one_line(reason)}"
            text = with_appended(text, MORE, words)
        ws.write({one.path: text})
        return decision_row(ws, decisions.parse(text, one.path), ws.load())


@commits("decision supersede")
def supersede(ws: Workspace, old_name: str, new_name: str) -> Json:
    """Say that a newer decision takes an older one's place.

    The link is stored on the newer one; the older one's status line changes for readers of MADR.
    """
    with ws.writing(f"decision supersede {old_name} --by {new_name}") as found:
        old, new = found.decision(old_name), found.decision(new_name)
        _refuse_supersession(found, old, new)
        changes = {
            new.path: with_fields(new.text, FIELDS, {"supersedes": [*new.supersedes, old.id]}),
            old.path: with_fields(old.text, FIELDS, {"status": SUPERSEDED}),
        }
        ws.write(changes)
        after = ws.load()
        return decision_row(ws, after.decisions[new.id], after) | {
            "superseded": decision_row(ws, after.decisions[old.id], after)
        }


def _refuse_supersession(found: Collection, old: Decision, new: Decision) -> None:
    if old.id == new.id:
        raise TaskorchError(f"{old.id} cannot supersede itself", hint="name the newer decision with --by")
    by = found.back_links(old.id)["superseded_by"]
    if by:
        raise TaskorchError(f"{old.id} is superseded by {by[0]} already", hint=f"supersede {by[0]} instead")
    if new.status not in (PROPOSED, ACCEPTED):
        raise TaskorchError(
            f"{new.id} is {new.status}: it cannot take another one's place",
            hint="name a proposed or accepted decision with --by",
        )

    known = found.link_edges("supersedes")

    def edges(other: str) -> tuple[str, ...]:
        return (*known(other), old.id) if other == new.id else known(other)

    way = found.cycle(new.id, edges)
    if way:
        raise TaskorchError(
            f"{new.id} would supersede itself: {' -> '.join(way)}", hint="leave one of these links out"
        )


def _linked(one: Decision, found: Collection) -> set[str]:
    forward = {other for kind in decisions.LINKS for other in one.links(kind)}
    return forward.union(*found.back_links(one.id).values())


def _bullets(what: str, items: Sequence[str]) -> str:
    return "\n".join(f"* {item}" for item in one_liners(what, items))
