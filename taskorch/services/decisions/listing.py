"""Decisions, listed and shown."""

from __future__ import annotations

from typing import Any

from taskorch.records import decision as decisions
from taskorch.records.collection import Collection
from taskorch.records.decision import Decision
from taskorch.records.decision_body import Option
from taskorch.services.matching import Fields, Matcher
from taskorch.services.shapes import Json, decision_row, problem_rows
from taskorch.services.workspace import Workspace


def list_decisions(ws: Workspace, **fields: Any) -> Json:
    """Decisions by date, the newest last; of those with some `Fields`."""
    every = ws.load()
    found = every.live  # decisions are not archived
    matcher = Matcher.of(ws, every, Fields(**fields))
    ordered = sorted(found.decisions.values(), key=lambda d: (d.date or "", found.number_of(d) or 0, d.id))
    rows = [decision_row(ws, one, found) for one in ordered if matcher.fits(one)]
    return {"decisions": rows, "problems": problem_rows(found)}


def show_decision(ws: Workspace, name: str) -> Json:
    """One decision with its text, links in both directions."""
    found = ws.load()
    one = found.decision(name)
    return decision_row(ws, one, found) | {
        "context": one.context,
        "drivers": one.drivers,
        "options": [_option(option) for option in one.options],
        "decision": one.decision,
        "rationale": one.rationale,
        "consequences": one.consequences,
        "confirmation": one.confirmation,
        "risks": one.risks,
        "body": one.text[one.body_start :].strip("\r\n"),
        "link_titles": {
            other: found.decisions[other].title for other in _linked(one, found) if other in found.decisions
        },
    }


def _option(one: Option) -> Json:
    return {
        "name": one.name,
        "chosen": one.chosen,
        "text": one.text,
        "pros": list(one.pros),
        "neutral": list(one.neutral),
        "cons": list(one.cons),
    }


def _linked(one: Decision, found: Collection) -> set[str]:
    forward = {other for kind in decisions.LINKS for other in one.links(kind)}
    return forward.union(*found.back_links(one.id).values())
