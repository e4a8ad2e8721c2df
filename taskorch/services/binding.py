"""The decisions that bind: made for a task or those above it, or governing a path."""

from __future__ import annotations

from collections.abc import Collection as Many
from collections.abc import Iterable

from taskorch.records import decision as decisions
from taskorch.records import governed
from taskorch.records.collection import Collection
from taskorch.records.decision import Decision
from taskorch.records.governed import matcher
from taskorch.services.shapes import Json


def binding(found: Collection, tasks: Iterable[str], paths: Many[str]) -> list[Decision]:
    """Decisions made for one of the tasks or its parents, or that govern one of the paths.

    Those that stand come first, then the older ones.
    """
    line = with_parents(found, tasks)
    related = [d for d in found.decisions.values() if line & set(d.tasks) or governing(d, paths)]
    return sorted(related, key=lambda d: (d.status not in decisions.STANDING, d.date or "", d.id))


def taken_in(found: Collection, session_id: str) -> list[Decision]:
    """The decisions that were recorded in a session."""
    return [one for one in found.decisions.values() if one.session == session_id]


def with_parents(found: Collection, tasks: Iterable[str]) -> set[str]:
    """The ids of tasks and of all above them."""
    line: set[str] = set()
    for one in tasks:
        above: str | None = one
        while above and above not in line:
            line.add(above)
            above = found.tasks[above].parent if above in found.tasks else None
    return line


def governing(one: Decision, paths: Many[str]) -> list[str]:
    """Those of a decision's governed files, folders and globs that govern one of the paths."""
    return [entry for entry in one.governs if any(map(matcher(entry), paths))]


def touching(one: Decision, place: str) -> list[str]:
    """Those of a decision's entries that govern a file or folder, or something below it."""
    return [entry for entry in one.governs if governed.governs(entry, place) or _lies_in(entry, place)]


def _lies_in(entry: str, folder: str) -> bool:
    return folder == "." or f"{governed.place(entry)}/".startswith(f"{folder}/")


def decision_brief(one: Decision, found: Collection) -> Json:
    """A decision in a few keys: what, why, and whether it still stands."""
    return {
        "id": one.id,
        "title": one.title,
        "status": one.status,
        "decision": one.decision,
        "rationale": one.rationale,
        "stands": one.status in decisions.STANDING,
        "superseded_by": found.replaced_by(one.id),
    }


def decided(brief: Json) -> list[str]:
    """What was decided, and why; one text where it is said in one, or where the title says what."""
    texts = [brief["decision"], brief["rationale"]]
    return [text for text in texts[: 1 if texts[1] in texts[0] else 2] if text not in ("", brief["title"])]


def standing_instead(found: Collection, name: str) -> Json:
    """The decision that stands now in place of another: the end of the line of those that replaced it."""
    seen = {name}
    while further := [d for d in found.replaced_by(name) if d not in seen]:
        name = further[0]
        seen.add(name)
    one = found.decisions[name]
    return {"id": one.id, "title": one.title, "status": one.status}
