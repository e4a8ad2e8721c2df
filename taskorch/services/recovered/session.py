"""What a session did: its hand-off, its tasks, its claims and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from taskorch.records.collection import Collection
from taskorch.records.session import HANDOFF, Session
from taskorch.services.archive.places import lived_at
from taskorch.services.binding import binding, taken_in
from taskorch.services.claims.claim_files import claims_path_of
from taskorch.services.ladder.verdict import Verdict
from taskorch.services.origins import Origins, is_local
from taskorch.services.recovered.decided_elsewhere import decided_on_branches, decided_since
from taskorch.services.recovered.guidance import claimed, since_then, untold
from taskorch.services.recovered.lacking_records import Asked, Lacking, lacking_records
from taskorch.services.recovered.local_findings import OfTask, local_findings, unrecorded
from taskorch.services.recovered.local_steps import still_here
from taskorch.services.recovered.rows import components_of, decision_rows, empty_package, session_row, tree_of
from taskorch.services.recovered.rung_advice import advice
from taskorch.services.recovered.text import criteria_left
from taskorch.services.recovered.work import Work, work_rows
from taskorch.services.shapes import Json, problem_rows, task_whole
from taskorch.services.shell_words import reading
from taskorch.services.verification import Scope, scoped_claims
from taskorch.services.workspace import Workspace


def of_session(ws: Workspace, found: Collection, one: Session) -> Json:
    """The package of one session; ``task_id`` is its one task, None where it has several or none.

    Of a task's package it has what the session itself did; its tasks follow in a line each.
    """
    claims = scoped_claims(found, Scope(session=one.id))
    names = list(dict.fromkeys([*one.tasks, *(claim.task for claim in claims)]))
    own = set(claims)
    work = Work.of(ws, found, claims, lived_at(ws, one), [one], lambda claim: claim in own)
    origins = Origins(ws, found)
    records = own_records(ws, found, names, [one])
    mine = OfTask(None, work.paths, work.ignored, records)
    related = binding(found, names, work.paths)
    known = {other.id for other in related}
    related += [taken for taken in taken_in(found, one.id) if taken.id not in known]
    package = empty_package() | work_rows(work, origins.default) | decision_rows(related, found, origins)
    decided_since(package, ws, related, origins)
    package["affected_components"] = components_of(related, work.paths)
    package["local"] = local_findings(ws, mine, unrecorded(ws, found), work.verdicts)
    package["local"]["decided_on_branches"] = decided_on_branches(ws, found, package)
    tasks = task_lines(found, names, work.verdicts, ws.at)
    asked = Asked((), {one.id}, f"taskorch recover --session {one.id}")
    lacks = lacking_records(ws, found, asked, work.commits.beside)
    package["continuation_guidance"] = [
        *lacks.said,
        _standing(one, work.verdicts, lacks),
        *(["Read its hand-off."] if one.section(HANDOFF) else []),
        *advice(work.verdicts, package),
        *package["untold"],
        *still_here(package["local"]),
        *since_then(package),
        *open_tasks(tasks),
    ]
    more = [row["command"] for row in tasks if row["title"]]
    package["recovery_recommendations"] = [*lacks.commands, *more]
    return {
        **whole_of(ws, found, names, origins),
        "scope": "session",
        "branch": None,
        "context_recovered": True,
        "head": ws.repo.head,
        "tasks": tasks,
        "session_info": session_row(one, origins),
        "recovery_package": package,
        "problems": problem_rows(found),
    }


def own_records(
    ws: Workspace, found: Collection, names: Iterable[str], worked: Iterable[Session]
) -> set[str]:
    """The paths of the records of some tasks and sessions, as git names them."""
    known = [name for name in names if name in found.tasks]
    out = {ws.shown(found.tasks[name].path) for name in known}
    out |= {ws.shown(claims_path_of(found, name)) for name in known}
    return out | {ws.shown(path) for s in worked if not is_local(s) for path in (s.path, s.claims_path)}


def task_lines(
    found: Collection, names: Sequence[str], verdicts: Sequence[Verdict], at: str | None
) -> list[Json]:
    """A row for each task: how it stands, how many of these changes landed, and the command for the rest.

    It reads the records `at` the revision that these were read from; None: those on disk.
    """
    out = []
    for name in names:
        one = found.tasks.get(name)
        mine = [v for v in verdicts if v.claim.task == name and v.counts_as != "not counted"]
        out.append(
            {
                "id": name,
                "title": one.title if one else None,
                "status": one.status if one else None,
                "open": bool(one and one.is_open),
                "landed": sum(verdict.counts_as == "landed" for verdict in mine),
                "claimed": len(mine),
                "open_criteria": sum(not criterion.done for criterion in one.criteria) if one else 0,
                "command": f"taskorch recover {name}{reading(at)}",
            }
        )
    return out


def _standing(one: Session, verdicts: Sequence[Verdict], lacks: Lacking) -> str:
    state = "has ended" if one.ended else "is open"
    if not verdicts:
        return f"{one.id} {state}; it claims no file changes{' that can be read' if lacks.claims else ''}."
    landed = sum(verdict.counts_as == "landed" for verdict in verdicts)
    counting = sum(verdict.counts_as != "not counted" for verdict in verdicts)
    files = f"{landed} of its {claimed(counting, lacks)} landed in this history{untold(verdicts)}"
    return f"{one.id} {state}; {files}."


def whole_of(ws: Workspace, found: Collection, names: Sequence[str], origins: Origins) -> Json:
    """``task_id`` and ``task``: the one task there is, else None."""
    only = found.tasks.get(names[0]) if len(names) == 1 else None
    whole = task_whole(ws, only, found) | tree_of(only, found) | origins.of(only) if only else None
    return {"task_id": only.id if only else None, "task": whole}


def open_tasks(rows: Iterable[Json]) -> list[str]:
    """A sentence for each task that is open, with the command that tells more."""
    return [_open(row) for row in rows if row["open"]]


def _open(row: Json) -> str:
    return f"{row['id']} {row['title']} is {row['status']}{criteria_left(row)}: {row['command']}"
