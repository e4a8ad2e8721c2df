"""Decisions, moved from status to status."""

from __future__ import annotations

from taskorch.errors import TaskorchError
from taskorch.records import decision as decisions
from taskorch.records import sections
from taskorch.records.decision import ACCEPTED, DEPRECATED, FIELDS, PROPOSED, REJECTED, UNKNOWN, Decision
from taskorch.services.commit_after import commits
from taskorch.services.shapes import Json, decision_row
from taskorch.services.workspace import Workspace
from taskorch.services.writing import with_appended, with_fields

MORE = "More Information"
_FROM = {
    PROPOSED: (REJECTED, DEPRECATED, UNKNOWN),
    ACCEPTED: (PROPOSED, UNKNOWN),
    REJECTED: (PROPOSED, UNKNOWN),
    DEPRECATED: (PROPOSED, ACCEPTED, UNKNOWN),
}
_VERBS = {PROPOSED: "propose", ACCEPTED: "accept", REJECTED: "reject", DEPRECATED: "deprecate"}


@commits("decision {status}")
def set_status(ws: Workspace, name: str, status: str, reason: str | None = None) -> Json:
    """Propose (once more), accept, reject or deprecate a decision; the reason is kept in its text."""
    with ws.writing(f"decision {_VERBS[status]} {name}") as found:
        one = found.decision(name)
        refuse_status(one, status)
        text = with_fields(one.text, FIELDS, {"status": status})
        if reason and reason.strip():
            words = f"{status.capitalize()} on {ws.now()[:10]}: {sections.one_line(reason)}"
            text = with_appended(text, MORE, words)
        ws.write({one.path: text})
        return decision_row(ws, decisions.parse(text, one.path), ws.load())


def refuse_status(one: Decision, status: str) -> None:
    """Raise TaskorchError if a decision cannot get to a status from its own."""
    if one.status == status:
        raise TaskorchError(f"{one.id} is {status} already", hint=f"taskorch decision show {one.id}")
    if one.status not in _FROM[status]:
        raise TaskorchError(
            f"{one.id} is {one.status}: it cannot be {status} any more",
            hint="record a new decision, and taskorch decision supersede OLD --by NEW",
        )
