"""Recovery: what a person or an agent needs to go on, from records, history and diffs alone."""

from __future__ import annotations

from shlex import quote

from taskorch.errors import UsageError
from taskorch.git import trailers
from taskorch.records import decision as decisions
from taskorch.records import session as sessions
from taskorch.records.collection import Collection
from taskorch.records.session import Session
from taskorch.records.task import ACTIVE, Task
from taskorch.services import on_branches
from taskorch.services.active_session import current
from taskorch.services.archive.places import lived_at
from taskorch.services.binding import binding
from taskorch.services.claims.claim_files import claims_path_of
from taskorch.services.claims.folding import active_tasks
from taskorch.services.lost_records import telling_of_lost_record, telling_of_lost_store
from taskorch.services.origins import Origins, is_local
from taskorch.services.recovered import guidance
from taskorch.services.recovered.attribution import moment
from taskorch.services.recovered.budget import fit
from taskorch.services.recovered.decided_elsewhere import decided_on_branches, decided_since
from taskorch.services.recovered.lacking_records import (
    Asked,
    lacking_records,
    unreadable_besides,
    unreadable_records,
)
from taskorch.services.recovered.local_findings import OfTask, local_findings, unrecorded
from taskorch.services.recovered.next_commands import commands
from taskorch.services.recovered.rows import (
    components_of,
    decision_rows,
    empty_package,
    last_told,
    project_handoffs,
    risks_of,
    session_row,
    tree_of,
)
from taskorch.services.recovered.standing_handoffs import other_handoffs
from taskorch.services.recovered.unclaimed_commits import unclaimed_commits
from taskorch.services.recovered.under_way import also_under_way
from taskorch.services.recovered.work import Work, work_rows
from taskorch.services.shapes import Json, problem_rows, task_row, task_whole
from taskorch.services.shell_words import reading
from taskorch.services.verification import Scope, scoped_claims
from taskorch.services.workspace import Workspace

DEFAULT_BUDGET = 4000


def recover(
    ws: Workspace,
    name: str | None = None,
    *,
    session: str | None = None,
    branch: str | None = None,
    budget: int = DEFAULT_BUDGET,
) -> Json:
    """The recovery package of a task, a session or a branch; without one of the active task, else a brief of
    the project.

    It is made from the records as they are (of a branch, from those at its tip); what was observed here
    and is not recorded yet is told among the local findings, for no clone has it.  `budget` is in
    estimated tokens; what is cut is named in ``omitted``.  Raises NotFound, UsageError.
    """
    if sum(one is not None for one in (name, session, branch)) > 1:
        raise UsageError("a task, --session and --branch exclude each other")
    asked = "" if name is None else f" {quote(name)}"
    command = f"taskorch recover{asked if session is None else f' --session {quote(session)}'}"
    with telling_of_lost_store(ws, command):
        repo = ws.repo
    with repo.at_rest():
        answer: Json = {"also_under_way": []}
        answer |= _package(ws, name, session, branch, command)
        return fit(answer, budget, at=ws.at)


def _package(ws: Workspace, name: str | None, session: str | None, branch: str | None, command: str) -> Json:
    if branch is not None:
        from taskorch.services.recovered.branch import of_branch

        with telling_of_lost_store(ws, command):  # --at goes with no branch: the command names none
            return of_branch(ws, branch)
    with telling_of_lost_store(ws, command):
        found = ws.load()
    if session is not None:
        from taskorch.services.recovered.session import of_session

        with telling_of_lost_record(ws, session, command):
            return of_session(ws, found, found.session(session))
    if name is None:
        one = _default_task(ws, found)
    else:
        with telling_of_lost_record(ws, name, command):
            one = found.task(name)
    return _of_task(ws, found, one, named=name is not None) if one else _of_project(ws, found)


def _default_task(ws: Workspace, found: Collection) -> Task | None:
    """The active session's task (of several the latest started), else the one active task."""
    going = current(ws, found, reading=True)
    mine = active_tasks(found, going[1]) if going else []
    if mine:
        return mine[-1]
    active = [one for one in found.tasks.values() if one.status == ACTIVE]
    return active[0] if len(active) == 1 else None


def _of_task(ws: Workspace, found: Collection, one: Task, *, named: bool) -> Json:
    head = ws.repo.head
    if head:
        trailer = ("Task", one.path.rsplit("/", 1)[-1][:10])
        trailers.begin(ws.repo, head, lived_at(ws, one), trailer, moment(one.created))
    claims = scoped_claims(found, Scope(task=one.id))
    worked = [s for s in found.sessions.values() if one.id in s.tasks or _claims_for(found, s, one)]
    worked.sort(key=lambda s: (s.created, s.id))
    record = lived_at(ws, one)
    work = Work.of(ws, found, claims, record, worked, lambda claim: claim.task == one.id)
    related = binding(found, [one.id], [claim.path for claim in claims])
    origins = Origins(ws, found)
    observed = unrecorded(ws, found)
    paths = work.paths | work.paths_of([c for c, _ in observed if c.task == one.id])
    own = {record, ws.shown(one.path), ws.shown(claims_path_of(found, one.id))}
    own |= {ws.shown(path) for s in worked if not is_local(s) for path in (s.path, s.claims_path)}
    mine = OfTask(one.id, paths, work.ignored, own)
    package = empty_package() | work_rows(work, origins.default)
    package |= decision_rows(related, found, origins)
    decided_since(package, ws, related, origins)
    package["affected_components"] = components_of(related, work.paths)
    package["unclaimed_commits"] = unclaimed_commits(ws, found, one, worked, work.commits)
    beside = {row["id"] for row in package["unclaimed_commits"]}
    package["changed_since_by_others"] = [
        row for row in package["changed_since_by_others"] if row["commit"] not in beside
    ]
    package["local"] = local_findings(ws, mine, observed, work.verdicts)
    package["local"] |= on_branches.of_task(ws, found, one)
    package["local"]["decided_on_branches"] = decided_on_branches(ws, found, package)
    answer: Json = {
        "task_id": one.id,
        "scope": "task",
        "branch": None,
        "tasks": [],
        "context_recovered": True,
        "head": ws.repo.head,
        "task": task_whole(ws, one, found) | tree_of(one, found, ws.at) | origins.of(one),
        "handoffs": [session_row(other, origins) for other in other_handoffs(ws, one, worked)],
        "session_info": session_row(last_told(worked, one), origins) if worked else None,
        "recovery_package": package,
        "problems": problem_rows(found),
    }
    asked = Asked({one.id}, {s.id for s in worked}, f"taskorch recover {one.id}")
    lacks = lacking_records(ws, found, asked, work.commits.beside)
    steps = guidance.for_task(found, one, answer, work.verdicts, lacks, ws.at)
    if not named:
        tree = [*answer["task"]["subtasks"], *answer["task"]["builds_on"], *answer["task"]["needed_by"]]
        answer["also_under_way"] = also_under_way(found, {one.id, *(row["id"] for row in tree)}, ws.at)
        steps = [*unreadable_besides(found, lacks), *steps]
    package["continuation_guidance"] = steps
    following = commands(ws, found, one, answer, work.verdicts)
    package["recovery_recommendations"] = [*lacks.commands, *following]
    return answer


def _of_project(ws: Workspace, found: Collection) -> Json:
    """Active tasks, last hand-offs, newest accepted decisions."""
    origins = Origins(ws, found)
    ordered = sorted(found.sessions.values(), key=lambda s: (s.ended or s.created, s.id), reverse=True)
    handoffs = [one for one in ordered if one.section(sessions.HANDOFF)]
    accepted = [one for one in found.decisions.values() if one.status == decisions.ACCEPTED]
    accepted.sort(key=lambda one: (one.date or "", one.id), reverse=True)
    active = [one for one in found.tasks.values() if one.status == ACTIVE]
    local = local_findings(ws, OfTask(), unrecorded(ws, found)) | on_branches.of_project(ws, found)
    broken = unreadable_records(ws, found, "taskorch recover")
    also = also_under_way(found, {one.id for one in active}, ws.at)
    package = empty_package() | decision_rows(accepted[:5], found, origins)
    package |= {
        "total_decisions": len(found.decisions),
        "outstanding_risks": risks_of(accepted),
        "affected_components": sorted({name for one in accepted for name in one.components}),
        "local": local,
        "continuation_guidance": [*broken.said, *guidance.for_project(found, active, local)],
        "recovery_recommendations": [
            *broken.commands,
            *(f"taskorch recover {one.id}{reading(ws.at)}" for one in active[:5]),
        ],
    }
    return {
        "task_id": None,
        "scope": "project",
        "branch": None,
        "tasks": [],
        "context_recovered": bool(found.tasks or found.sessions),
        "head": ws.repo.head,
        "task": None,
        "active_tasks": [task_row(ws, one) | origins.of(one) for one in active],
        "also_under_way": also,
        "ready_tasks": [task_row(ws, one) for one in found.ready()][:5],
        "handoffs": project_handoffs(found, handoffs, origins),
        "session_info": session_row(ordered[0], origins) if ordered else None,
        "recovery_package": package,
        "problems": problem_rows(found),
    }


def _claims_for(found: Collection, session: Session, one: Task) -> bool:
    return any(claim.task == one.id for claim, _ in found.claims.get(session.id, []))
