"""Making what was read fit together: links that lead nowhere or in a ring are left out, and told of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from taskorch.interchange.foreign import Foreign, ForeignDecision, ForeignSession, ForeignTask
from taskorch.records.decision_words import LINKS

T = TypeVar("T", ForeignTask, ForeignDecision, ForeignSession)
Told = list[tuple[str, str]]


def untangled(foreign: Foreign) -> Foreign:
    """The same with every key once, and no link that leads to nothing or back to where it begins."""
    mapped, skipped = list(foreign.mapped), list(foreign.skipped)
    tasks = {one.key: one for one in _with_own_keys("task", foreign.tasks, mapped)}
    decisions = {one.key: one for one in _with_own_keys("decision", foreign.decisions, mapped)}
    sessions = {one.key: one for one in _with_own_keys("session", foreign.sessions, mapped)}
    tasks = {key: _task(one, tasks, skipped) for key, one in tasks.items()}
    tasks = _without_rings(tasks, skipped)
    decisions = {key: _decision(one, tasks, decisions, sessions, skipped) for key, one in decisions.items()}
    decisions = _without_chains_in_rings(decisions, skipped)
    return replace(
        foreign,
        tasks=list(tasks.values()),
        decisions=list(decisions.values()),
        sessions=[_session(one, tasks, skipped) for one in sessions.values()],
        mapped=mapped,
        skipped=skipped,
    )


def _with_own_keys(what: str, items: Sequence[T], mapped: Told) -> Iterator[T]:
    """The items, of several with one key the later ones under keys of their own, and none without a title."""
    seen: dict[str, int] = {}
    for one in (_titled(what, item, mapped) for item in items):
        number = seen[one.key] = seen.get(one.key, 0) + 1
        if number == 1:
            yield one
            continue
        key = f"{one.key} ({number})"
        mapped.append((f"{what} {one.key}", f"there are several with this id; this one is '{key}'"))
        alias = getattr(one, "alias", None)  # else two of one plan would have the same
        changes: dict[str, Any] = {"key": key, **({"alias": f"{alias} ({number})"} if alias else {})}
        yield replace(one, **changes)


def _titled(what: str, one: T, mapped: Told) -> T:
    if getattr(one, "title", one.key).strip():  # a session has none
        return one
    mapped.append((f"{what} {one.key}", "it has no title; its id serves as one"))
    changes: dict[str, Any] = {"title": one.key}
    return replace(one, **changes)


def _known(
    what: str, keys: Sequence[str], there: Collection[str], skipped: Told, how: str
) -> tuple[str, ...]:
    """Those keys that are there, each once; of the others is told."""
    for key in keys:
        if key not in there:
            skipped.append((what, f"{how} '{key}', which is not in the source"))
    return tuple(dict.fromkeys(key for key in keys if key in there))


def _task(one: ForeignTask, tasks: Collection[str], skipped: Told) -> ForeignTask:
    what = f"task {one.key}"
    parents = _known(what, [one.parent] if one.parent else [], tasks, skipped, "its parent is")
    depends = _known(what, one.depends_on, tasks, skipped, "depends on")
    return replace(one, parent=parents[0] if parents else None, depends_on=depends)


def _without_rings(tasks: Mapping[str, ForeignTask], skipped: Told) -> dict[str, ForeignTask]:
    """Tasks of which none depends on itself, and none lies under itself."""
    out = dict(tasks)
    for key, other in _closing({key: one.depends_on for key, one in out.items()}):
        depends = tuple(name for name in out[key].depends_on if name != other)
        out[key] = replace(out[key], depends_on=depends)
        skipped.append((f"task {key}", f"depends on '{other}', which waits for it: a ring"))
    for key, other in _closing({key: (one.parent,) if one.parent else () for key, one in out.items()}):
        out[key] = replace(out[key], parent=None)
        skipped.append((f"task {key}", f"its parent is '{other}', which lies under it: a ring"))
    return out


def _decision(
    one: ForeignDecision,
    tasks: Collection[str],
    decisions: Collection[str],
    sessions: Collection[str],
    skipped: Told,
) -> ForeignDecision:
    what = f"decision {one.key}"
    links: dict[str, Any] = {
        kind: _known(what, getattr(one, kind), decisions, skipped, kind) for kind in LINKS
    }
    session = _known(what, [one.session] if one.session else [], sessions, skipped, "its session is")
    return replace(
        one,
        tasks=_known(what, one.tasks, tasks, skipped, "is for the task"),
        session=session[0] if session else None,
        **links,
    )


def _without_chains_in_rings(
    decisions: Mapping[str, ForeignDecision], skipped: Told
) -> dict[str, ForeignDecision]:
    """Decisions of which none is linked to itself over others."""
    out = dict(decisions)
    edges = {key: tuple(other for kind in LINKS for other in getattr(one, kind)) for key, one in out.items()}
    for key, other in _closing(edges):
        kept: dict[str, Any] = {
            kind: tuple(name for name in getattr(out[key], kind) if name != other) for kind in LINKS
        }
        out[key] = replace(out[key], **kept)
        skipped.append((f"decision {key}", f"its link to '{other}' closes a ring"))
    return out


def _session(one: ForeignSession, tasks: Collection[str], skipped: Told) -> ForeignSession:
    what = f"session {one.key}"
    claims = tuple(claim for claim in one.claims if claim.task in tasks)
    for claim in one.claims:
        if claim.task not in tasks:
            skipped.append(
                (what, f"{claim.op} of {claim.path} for '{claim.task}', which is not in the source")
            )
    return replace(one, tasks=_known(what, one.tasks, tasks, skipped, "worked on"), claims=claims)


def _closing(edges: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """The edges that close rings, found by walking in depth (without recursion: chains may be long)."""
    found: list[tuple[str, str]] = []
    done: set[str] = set()
    for start in edges:
        way: dict[str, Iterator[str]] = {} if start in done else {start: iter(edges[start])}
        while way:
            at = next(reversed(way))
            other = next(way[at], None)
            if other is None:
                done.add(at)
                del way[at]
            elif other in way:
                found.append((at, other))
            elif other not in done:
                way[other] = iter(edges.get(other, ()))
    return found
