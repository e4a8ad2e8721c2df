"""Recovery: what a person or an agent needs to go on, from records, history and diffs alone."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from taskorch.errors import NotFound
from taskorch.git import history, worktree
from taskorch.git.repository import Repository
from taskorch.records import decision as decisions
from taskorch.records import session as sessions
from taskorch.records.claim import Claim
from taskorch.records.collection import Collection, Record
from taskorch.records.decision import Decision
from taskorch.records.session import Session
from taskorch.records.task import ACTIVE, Task
from taskorch.services import guidance
from taskorch.services.active_session import current
from taskorch.services.attribution import Attribution, Span, attribute, moment
from taskorch.services.binding import binding
from taskorch.services.budget import fit
from taskorch.services.claim_files import claims_path_of
from taskorch.services.folding import active_tasks
from taskorch.services.history import removal_of
from taskorch.services.ladder import Ladder
from taskorch.services.local_findings import OfTask, local_findings, unrecorded_claims
from taskorch.services.recovered_files import file_rows
from taskorch.services.shapes import Json, problem_rows, task_row, task_whole
from taskorch.services.succession import judge
from taskorch.services.verification import Scope, folded_in, scoped_claims
from taskorch.services.workspace import Workspace

DEFAULT_BUDGET = 4000


def recover(ws: Workspace, name: str | None = None, *, budget: int = DEFAULT_BUDGET) -> Json:
    """The recovery package of a task; without a name of the active one, else a brief of the project.

    It is made from the records as they are; what was observed here and is not recorded yet is told
    among the local findings, for no clone has it.
    `budget` is in estimated tokens; what is cut is named in ``omitted``.  Raises NotFound.
    """
    found = ws.load()
    one = _named_task(ws, found, name) if name is not None else _default_task(ws, found)
    package = _of_task(ws, found, one) if one else _of_project(ws, found)
    return fit(package, budget)


def _named_task(ws: Workspace, found: Collection, name: str) -> Task:
    """The task of that name.  Raises NotFound, which tells of a record that a commit removed."""
    try:
        return found.task(name)
    except NotFound as error:
        removed = removal_of(ws, name.lower())
        if removed:
            commit, path = removed
            error.message = f"the record of {name} was removed in {commit.id[:10]} ({commit.subject})"
            error.hint = f"git show {quote(f'{commit.id[:10]}^:{path}')} shows it"
        raise


def _default_task(ws: Workspace, found: Collection) -> Task | None:
    """The active session's task (of several the latest started), else the one active task."""
    going = current(ws, found, reading=True)
    mine = active_tasks(found, *going) if going else []
    if mine:
        return mine[-1]
    active = [one for one in found.tasks.values() if one.status == ACTIVE]
    return active[0] if len(active) == 1 else None


def _of_task(ws: Workspace, found: Collection, one: Task) -> Json:
    head = ws.repo.head
    claims = scoped_claims(found, Scope(task=one.id))
    worked = [s for s in found.sessions.values() if one.id in s.tasks or _claims_for(found, s, one)]
    worked.sort(key=lambda s: (s.created, s.id))
    verdicts = judge(Ladder(ws.repo, head, ws.repo.has_work_tree), claims, found.claims_in_time())
    record = ws.shown(one.path)
    spans = [_span(ws, head, session) for session in worked if not session.is_local] if head else []
    others = [claim for claim in found.net_claims() if claim.task != one.id]
    commits = attribute(ws.repo, head, record, verdicts, spans, others) if head else Attribution()
    related = binding(found, [one.id], [claim.path for claim in claims])
    paths = {path for claim in claims for path in (claim.path, claim.source) if path}
    unrecorded = _unrecorded(ws, found)
    seen = {
        path for claim, _ in unrecorded if claim.task == one.id for path in (claim.path, claim.source) if path
    }
    own = {record, ws.shown(claims_path_of(found, one.id))}
    own |= {ws.shown(path) for s in worked if not s.is_local for path in (s.path, s.claims_path)}
    ignored = [verdict.claim.path for verdict in verdicts if verdict.rung == "ignored"]
    mine = OfTask(one.id, paths | seen, ignored, own)
    review = _Review(ws, found)
    package = _empty_package() | file_rows(ws.repo, verdicts, commits)
    package |= {
        "total_decisions": len(related),
        "key_decisions": [_decision(one_of, found, review) for one_of in related],
        "outstanding_risks": [
            f"{risk} ({one_of.id} {one_of.title})"
            for one_of in related
            if one_of.status in decisions.STANDING
            for risk in one_of.risks
        ],
        "affected_components": _components(related, paths),
        "commits": [_commit(commits, commit) for commit in commits.via],
        "changed_since_by_others": _later(ws.repo, commits),
        "local": local_findings(ws, mine, unrecorded),
    }
    last = worked[-1] if worked else None
    answer: Json = {
        "task_id": one.id,
        "context_recovered": True,
        "head": head,
        "task": task_whole(ws, one, found) | review.of(one),
        "session_info": _session(last, review) if last else None,
        "recovery_package": package,
        "problems": problem_rows(found),
    }
    package["continuation_guidance"] = guidance.for_task(found, one, answer, verdicts)
    package["recovery_recommendations"] = guidance.commands(one, answer, verdicts)
    return answer


def _of_project(ws: Workspace, found: Collection) -> Json:
    """Active tasks, last hand-offs, newest accepted decisions."""
    review = _Review(ws, found)
    ordered = sorted(found.sessions.values(), key=lambda s: (s.ended or s.created, s.id), reverse=True)
    handoffs = [one for one in ordered if one.section(sessions.HANDOFF)][:3]
    accepted = [one for one in found.decisions.values() if one.status == decisions.ACCEPTED]
    accepted.sort(key=lambda one: (one.date or "", one.id), reverse=True)
    active = [one for one in found.tasks.values() if one.status == ACTIVE]
    package = _empty_package() | {
        "total_decisions": len(found.decisions),
        "key_decisions": [_decision(one, found, review) for one in accepted[:5]],
        "outstanding_risks": [f"{risk} ({one.id} {one.title})" for one in accepted for risk in one.risks],
        "affected_components": sorted({name for one in accepted for name in one.components}),
        "local": local_findings(ws, OfTask(), _unrecorded(ws, found)),
        "continuation_guidance": guidance.for_project(found, active),
        "recovery_recommendations": [f"taskorch recover {one.id}" for one in active[:5]],
    }
    return {
        "task_id": None,
        "context_recovered": bool(found.tasks or found.sessions),
        "head": ws.repo.head,
        "task": None,
        "active_tasks": [task_row(ws, one) | review.of(one) for one in active],
        "ready_tasks": [task_row(ws, one) for one in found.ready()][:5],
        "handoffs": [_session(one, review) for one in handoffs],
        "session_info": _session(ordered[0], review) if ordered else None,
        "recovery_package": package,
        "problems": problem_rows(found),
    }


def _unrecorded(ws: Workspace, found: Collection) -> list[tuple[Claim, str]]:
    """The claims that what was observed here would change, and how; no clone has them yet."""
    seen, _ = folded_in(ws, found)
    out = []
    for owner, lines in seen.claims.items():
        recorded = [claim for claim, _ in found.claims.get(owner, [])]
        out += unrecorded_claims(recorded, [claim for claim, _ in lines])
    return out


def _empty_package() -> Json:
    return {
        "files_created": [],
        "files_modified": [],
        "files_deleted": [],
        "files_moved": [],
        "total_decisions": 0,
        "key_decisions": [],
        "outstanding_risks": [],
        "affected_components": [],
        "untold": [],
        "commits": [],
        "changed_since_by_others": [],
        "local": {},
        "continuation_guidance": [],
        "recovery_recommendations": [],
        "omitted": [],
    }


def _decision(one: Decision, found: Collection, review: _Review) -> Json:
    return {
        "id": one.id,
        "title": one.title,
        "status": one.status,
        "rationale": one.rationale,
        "stands": one.status in decisions.STANDING,
        "superseded_by": found.back_links(one.id)["superseded_by"],
        **review.of(one),
    }


def _components(related: Sequence[Decision], paths: set[str]) -> list[str]:
    """The components that decisions name, and the folders of the changed files."""
    named = {name for one in related for name in one.components}
    return [*sorted(named), *sorted({path.rsplit("/", 1)[0] for path in paths if "/" in path} - named)]


def _commit(found: Attribution, commit: str) -> Json:
    info = found.described[commit]
    row = {"id": info.id, "subject": info.subject, "via": found.via[commit], "author": info.author}
    return row | {"date": info.date, "shared": commit in found.shared}


def _later(repo: Repository, found: Attribution) -> list[Json]:
    described = history.describe(repo, (event.commit for event in found.later))
    return [
        {
            "path": event.path,
            "commit": event.commit,
            "author": described[event.commit].author,
            "subject": described[event.commit].subject,
        }
        for event in found.later
    ]


def _span(ws: Workspace, head: str, one: Session) -> Span:
    """When a session's author was at work on it, as every clone can tell.

    Of a session that nobody ended only what was recorded counts: up to the newest commit that
    changed its record or its claims, and without one no time at all.  What its author did to the same
    files months later is other work.
    """
    if one.ended:
        return Span(one.agent, one.created, one.ended)
    paths = (ws.shown(one.path), ws.shown(one.claims_path))
    known = [history.last_change(ws.repo, head, path) for path in paths]
    dates = [info.date for info in known if info]
    return Span(one.agent, one.created, max(dates, key=moment, default=one.created))


def _session(one: Session, review: _Review) -> Json:
    return {
        "id": one.id,
        "agent": one.agent,
        "state": "ended" if one.ended else "open",
        "created": one.created,
        "ended": one.ended,
        "branch": one.branch,
        "purpose": one.section(sessions.PURPOSE),
        "notes": one.section(sessions.NOTES),
        "summary": one.section(sessions.SUMMARY),
        "handoff": one.section(sessions.HANDOFF),
        **review.of(one),
    }


def _claims_for(found: Collection, session: Session, one: Task) -> bool:
    return any(claim.task == one.id for claim, _ in found.claims.get(session.id, []))


def _is_local(record: Record) -> bool:
    """Whether a record is kept in this git directory: no commit has it."""
    return isinstance(record, Session) and record.is_local


class _Review:
    """Who last changed a record in which commit, and whether the default branch has it so."""

    def __init__(self, ws: Workspace, found: Collection) -> None:
        self.ws = ws
        self.head = ws.repo.head
        branch = ws.repo.default_branch(ws.settings.default_branch)
        tip = ws.repo.commit_or_none(branch) if branch else None
        paths = [ws.shown(record.path) for record in found if not _is_local(record)]
        self.at_default = worktree.states_at(ws.repo, tip, paths)
        self.at_head = worktree.states_at(ws.repo, self.head, paths)
        self.dirty = worktree.changed_records(ws.repo) if ws.repo.has_work_tree else set()

    def of(self, record: Record) -> Json:
        """``author`` and ``commit`` of the record's last change, and ``unreviewed``.

        ``cut_off``: it was before this shallow history begins.
        """
        if _is_local(record):
            return {"author": None, "commit": None, "cut_off": False, "unreviewed": True}
        path = self.ws.shown(record.path)
        info = history.last_change(self.ws.repo, self.head, path) if self.head else None
        same = self.at_head[path] is not None and self.at_head[path] == self.at_default[path]
        return {
            "author": info.author if info else None,
            "commit": info.id if info else None,
            "cut_off": info is None and self.ws.repo.is_shallow and self.at_head[path] is not None,
            "unreviewed": not same or path in self.dirty,
        }
