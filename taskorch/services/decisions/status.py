"""Decisions, moved from status to status."""

from __future__ import annotations

from taskorch.errors import TaskorchError
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
_NEW = "record a new decision, and taskorch decision supersede OLD --by NEW"
_VERBS = {PROPOSED: "propose", ACCEPTED: "accept", REJECTED: "reject", DEPRECATED: "deprecate"}


@commits("decision {status}")
def set_status(
    ws: Workspace, name: str, status: str, reason: str | None = None, *, again: bool = False
) -> Json:
    """Propose (once more), accept, reject or deprecate a decision; the reason is kept in its text.

    With `again` one that is accepted is accepted as things are now: the commit that records it is the
    one that governed files are compared with from then on.
    """
    with ws.writing(f"decision {_VERBS[status]} {name}") as found:
        one = found.decision(name)
        if again:
            _refuse_again(one)
        else:
            refuse_status(one, status)
        text = _changed(ws, one, {"reviewed": ws.instant()} if again else {"status": status})
        if reason and reason.strip():
            what = f"{status.capitalize()} again" if again else status.capitalize()
            words = f"{what} on {ws.now()[:10]}: {sections.one_line(reason)}"
            text = with_appended(text, MORE, words)
        ws.write({one.path: text})
        after = ws.load()
        return decision_row(ws, after.decisions[one.id], after)


def refuse_status(one: Decision, status: str) -> None:
    """Raise TaskorchError if a decision cannot get to a status from its own."""
    if one.status == status:
        hint = f"taskorch decision show {one.id}"
        if status == ACCEPTED:
            hint += "; --again accepts it as things are now"
        raise TaskorchError(f"{one.id} is {status} already", hint=hint)
    if one.status not in _FROM[status]:
        raise TaskorchError(f"{one.id} is {one.status}: it cannot be {status} any more", hint=_NEW)


def _refuse_again(one: Decision) -> None:
    if one.status != ACCEPTED:
        hint = f"taskorch decision accept {one.id}" if one.status == PROPOSED else _NEW
        raise TaskorchError(f"{one.id} is {one.status}: it cannot be accepted again", hint=hint)


def _changed(ws: Workspace, one: Decision, changes: dict[str, str]) -> str:
    """The text of a decision with some fields changed, in the way of the folder where it is kept."""
    if not one.is_adopted:
        return with_fields(one.text, FIELDS, changes)
    from taskorch.services.decisions.in_place import with_changes  # slow to load, and few need it

    return with_changes(ws, one, changes)
