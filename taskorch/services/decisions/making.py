"""Decisions, recorded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from taskorch.errors import TaskorchError
from taskorch.records import decision as decisions
from taskorch.records import sections
from taskorch.records.decision import FIELDS, PROPOSED, SUPERSEDED
from taskorch.records.schema import check_choice, check_title
from taskorch.services.commit_after import commits
from taskorch.services.shapes import Json, decision_row
from taskorch.services.workspace import Workspace
from taskorch.services.writing import new_record, one_liners


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
            "id": ws.new_id("decision", found.is_taken),
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


def _bullets(what: str, items: Sequence[str]) -> str:
    return "\n".join(f"* {item}" for item in one_liners(what, items))
