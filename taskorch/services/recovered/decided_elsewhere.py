"""Decisions that HEAD's records let stand, and the default branch or another one does no longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from taskorch.git import branches, history
from taskorch.git.history import PathEvent
from taskorch.git.objects import open_objects, read_blob
from taskorch.git.worktree import State
from taskorch.records import decision as decisions
from taskorch.records.collecting import collect
from taskorch.records.collection import Collection
from taskorch.records.decision import Decision
from taskorch.services.binding import decision_brief, standing_instead
from taskorch.services.origins import Origins
from taskorch.services.shapes import Json
from taskorch.services.shell_words import reading
from taskorch.services.workspace import Workspace


def decided_since(package: Json, ws: Workspace, related: Sequence[Decision], origins: Origins) -> None:
    """Let no decision stand that the records here have as it was and the default branch no longer."""
    paths = [ws.shown(one.path) for one in related if one.status in decisions.STANDING]
    if not origins.default or all(origins.at_default[path] == origins.at_head[path] for path in paths):
        return
    default = ws.load_at(origins.default)
    for row in package["key_decisions"]:
        now = default.decisions.get(row["id"])
        if not now or not row["stands"] or now.status in decisions.STANDING:
            continue
        path = ws.shown(now.path)
        if _was_here(ws, path, origins.at_default.get(path)):
            continue
        brief = decision_brief(now, default)
        row |= {key: brief[key] for key in ("stands", "superseded_by")}
        row["instead"] = _instead(default, now)
        risks = {f"{risk} ({now.id} {row['title']})" for risk in now.risks}
        package["outstanding_risks"] = [one for one in package["outstanding_risks"] if one not in risks]


def decided_on_branches(ws: Workspace, found: Collection, package: Json) -> list[Json]:
    """The decisions of a package that a branch superseded, deprecated or rejected, the newest branch of each.

    The trees of the tips are compared with HEAD's at these records alone.
    """
    standing = [found.decisions[row["id"]] for row in package["key_decisions"] if row["stands"]]
    head = ws.repo.head
    if not head or ws.committed or not standing:
        return []
    tips, _ = branches.tips_elsewhere(ws.repo, head)
    paths = [ws.shown(one.path) for one in standing]
    changed = {event.commit for event in branches.unlike(ws.repo, head, tips, paths) if event.new}
    asked = [tip for tip in tips if tip.commit in changed]
    of_tip: dict[str, list[PathEvent]] = {}
    for event in branches.unlike(ws.repo, head, asked, [f"{ws.prefix}/decisions"]):
        of_tip.setdefault(event.commit, []).append(event)
    rows: dict[str, Json] = {}
    for tip in asked:
        events = of_tip[tip.commit]
        states = {event.path: event.new for event in events}
        there = _records(ws, events, found)
        ref = branches.short_name(tip.ref)
        for one in standing:
            now, path = there.decisions[one.id], ws.shown(one.path)
            if one.id in rows or now.status in decisions.STANDING or _was_here(ws, path, states.get(path)):
                continue
            rows[one.id] = {
                "id": one.id,
                "title": one.title,
                "status": now.status,
                "instead": _instead(there, now),
                "ref": ref,
                "commit": tip.commit,
                "command": f"taskorch decision show {one.id}{reading(ref)}",
            }
    return list(rows.values())


def in_words(row: Json) -> str:
    """What became of a decision on a branch."""
    by = ", ".join(f"{one['id']} {one['title']} ({one['status']})" for one in row["instead"])
    return f"{row['status']}{f' by {by}' if by else ''}"


def _instead(there: Collection, one: Decision) -> list[Json]:
    by = decision_brief(one, there)["superseded_by"]
    return [standing_instead(there, name) for name in by if name in there.decisions]


def _records(ws: Workspace, events: Sequence[PathEvent], found: Collection) -> Collection:
    """The decisions as a tip has them: those that differ read, the rest as `found` has them."""
    opened = open_objects(ws.repo)
    files = []
    for event in events:
        data = read_blob(opened, event.new[7:]) if event.new else None
        if data is not None:
            files.append((event.path.removeprefix(f"{ws.prefix}/"), data))
    return replace(found.whole, decisions={**found.decisions, **collect(files).decisions})


def _was_here(ws: Workspace, path: str, state: State) -> bool:
    """Whether the history of what is looked at had the record just so: then it stands again since."""
    events = history.path_events(ws.repo, [ws.repo.head or ""], path)
    return any(state in (event.old, event.new) for event in events)
