"""What `decision check` reports: one finding in a few keys, the same for every kind."""

from __future__ import annotations

from taskorch.errors import BadRecord
from taskorch.records import frontmatter
from taskorch.records.collection import Collection
from taskorch.records.decision import STANDING, UNKNOWN, Decision
from taskorch.services.binding import standing_instead
from taskorch.services.place import Place
from taskorch.services.shapes import Json

CHANGED, GOVERNS_NOTHING = "changed", "governs_nothing"
NO_STATUS, NO_OUTCOME = "no_status", "no_outcome"
DEAD_LINK, RELIES_ON, UNREADABLE = "dead_link", "relies_on", "unreadable"


def finding(ws: Place, kind: str, one: Decision, line: int, message: str, hint: str, **more: object) -> Json:
    """A finding on a decision, at a line of its record."""
    return row(kind, ws.shown(one.path), line, message, hint, decision=one.id, title=one.title, **more)


def row(kind: str, path: str, line: int, message: str, hint: str, **more: object) -> Json:
    """A finding at a line of a file; `more` are the keys that it has something to say in."""
    told: Json = {
        "kind": kind,
        "decision": None,
        "title": None,
        "path": path,
        "line": line,
        "message": message,
        "hint": hint,
        "governed": None,
        "accepted_in": None,
        "files": [],
        "files_omitted": 0,
        "commits": [],
        "commits_omitted": 0,
        "names": None,
        "instead": None,
    }
    return told | more


def line_of(one: Decision, field: str, item: str | None = None) -> int:
    """The line of a field in a decision's record, or that of one item of a list; 1 where it has none."""
    try:
        document = frontmatter.parse(one.text, one.path)
    except BadRecord:
        return 1  # kept in another tool's form
    entry = document.entries.get(field)
    if not entry:
        return 1
    for listed in entry.items or () if item is not None else ():
        value = listed.value
        if (value.get("path") if isinstance(value, dict) else value) == item:
            return document.position(listed.start)[0]
    return document.position(entry.start)[0]


def line_at(text: str, offset: int) -> int:
    """The line, from 1, of a character offset."""
    return text.count("\n", 0, offset) + 1


def fallen(found: Collection, other: Decision) -> str | None:
    """How a decision stopped to stand, in a word; None if it stands, or that is not known."""
    for kind in ("superseded", "reversed"):
        newer = found.back_links(other.id)[f"{kind}_by"]
        if any(found.decisions[name].status in STANDING for name in newer):
            return kind
    return other.status if other.status not in (*STANDING, UNKNOWN) else None


def instead_of(found: Collection, other: Decision) -> Json | None:
    """The decision that stands in another's place, if one does."""
    end = standing_instead(found, other.id)
    return end if end["id"] != other.id and end["status"] in STANDING else None
