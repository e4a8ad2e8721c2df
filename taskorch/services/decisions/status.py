"""Decisions, moved from status to status."""

from __future__ import annotations

from taskorch.errors import TaskorchError
from taskorch.records import sections
from taskorch.records.collection import Collection
from taskorch.records.decision import (
    ACCEPTED,
    DEPRECATED,
    FIELDS,
    PROPOSED,
    REJECTED,
    REPLACING,
    SUPERSEDED,
    UNKNOWN,
    Decision,
)
from taskorch.services.commit_after import commits
from taskorch.services.shapes import Json, decision_stored
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
            _refuse_again(found, one)
        else:
            refuse_status(found, one, status)
        text = _changed(ws, one, {"reviewed": ws.instant()} if again else {"status": status})
        if reason and reason.strip():
            what = f"{status.capitalize()} again" if again else status.capitalize()
            words = f"{what} on {ws.now()[:10]}: {sections.one_line(reason)}"
            text = with_appended(text, MORE, words)
        ws.write({one.path: text})
        after = ws.load()
        answer = decision_stored(ws, after.decisions[one.id], after)
        return answer | ({"nothing_instead": _nothing_instead(after, one)} if status == REJECTED else {})


def refuse_status(found: Collection, one: Decision, status: str) -> None:
    """Raise TaskorchError if a decision cannot get to a status from its own.

    One whose replacement was rejected can be proposed and accepted again.
    """
    if one.status == status:
        hint = f"taskorch decision show {one.id}"
        if status == ACCEPTED:
            hint += "; --again accepts it as things are now"
        raise TaskorchError(f"{one.id} is {status} already", hint=hint)
    is_free = one.status == SUPERSEDED and status in (PROPOSED, ACCEPTED) and not found.replaced_by(one.id)
    if one.status not in _FROM[status] and not is_free:
        hint = _way_from(found, one)
        raise TaskorchError(f"{one.id} is {one.status}: it cannot be {status} any more", hint=hint)


def _way_from(found: Collection, one: Decision) -> str:
    """What can be done with a decision that cannot get to a status."""
    if one.status in (REJECTED, DEPRECATED):
        return f"taskorch decision propose {one.id}"
    last = next(iter(found.standing_ends(one.id)), one.id)
    return f"record a new decision, and taskorch decision supersede {last} --by NEW"


def _nothing_instead(found: Collection, rejected: Decision) -> list[Json]:
    """The decisions that a rejected one was to replace, and in the place of which nothing is now."""
    named = dict.fromkeys(old for kind in REPLACING for old in rejected.links(kind))
    older = [found.decisions[old] for old in named if old in found.decisions and not found.replaced_by(old)]
    return [
        {"id": one.id, "title": one.title, "status": one.status} for one in older if one.status == SUPERSEDED
    ]


def _refuse_again(found: Collection, one: Decision) -> None:
    if one.status != ACCEPTED:
        hint = f"taskorch decision accept {one.id}" if one.status == PROPOSED else _way_from(found, one)
        raise TaskorchError(f"{one.id} is {one.status}: it cannot be accepted again", hint=hint)


def _changed(ws: Workspace, one: Decision, changes: dict[str, str]) -> str:
    """The text of a decision with some fields changed, in the way of the folder where it is kept."""
    if not one.is_adopted:
        return with_fields(one.text, FIELDS, changes)
    from taskorch.services.decisions.in_place import with_changes  # slow to load, and few need it

    return with_changes(ws, one, changes)
