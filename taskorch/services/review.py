"""Review: what a range of commits did to tasks, decisions and claims, read from its two ends."""

from __future__ import annotations

from collections.abc import Mapping

from taskorch.errors import BadRecord, TaskorchError, UsageError
from taskorch.git import history
from taskorch.git.paths import is_below, is_record
from taskorch.records import session as sessions
from taskorch.records.claim import Claim
from taskorch.records.collection import Collection
from taskorch.records.decision import Decision
from taskorch.records.joining import changes_of
from taskorch.records.task import COMPLETED, Task
from taskorch.services.doctor import link_problems
from taskorch.services.shapes import Json, problem_rows
from taskorch.services.verification import UNSHALLOW, verify_claims
from taskorch.services.workspace import Workspace


def review(ws: Workspace, revisions: str | None = None, *, path: str | None = None) -> Json:
    """The review of ``A..B``; by default from where HEAD left the default branch to HEAD.

    ``problems`` holds what should stop a merge: failed or partial claims of completed tasks,
    unreadable records, links that lead nowhere, rings.  An empty range has none.
    """
    base, head = ends(ws, revisions)
    before = ws.load_at(base) if base else Collection()
    after = ws.load_at(head)
    recorded = _claims_changed(before, after)
    folder = ws.repo.relative(path, ws.start) if path else "."
    claims = [claim for claim in recorded if is_below(claim.path, folder)]
    report = verify_claims(ws, claims, head, head, written=after.claims_in_time())
    titles = {one.id: one for one in after.tasks.values()}
    rows = [
        row | {"title": titles[row["task"]].title if row["task"] in titles else None}
        for row in report["files"]
    ]
    changes = {event.path: event.new for event in history.changes_between(ws.repo, base, head)}
    # what was recorded in the range; an older claim says of a new change nothing but its own content
    claimed = {p for claim in recorded for p in (claim.path, claim.source) if p}
    claimed |= {row["at_path"] for row in rows if row["rung"] == "moved"}
    known = [change for claim in after.net_claims() for change in changes_of(claim)]
    claimed |= {one.path for one in known if changes.get(one.path, "") == one.after}
    commits = history.commits_in(ws.repo, history.range_of(base, head))
    return {
        "base": base,
        "head": head,
        "commits": len(commits),
        "tasks": _tasks_moved(before, after),
        "decisions": _decisions(before, after),
        "sessions": _sessions(before, after),
        "claims": rows,
        "unclaimed": sorted(p for p in changes.keys() - claimed if is_below(p, folder) and not is_record(p)),
        "problems": _problems(ws, after, rows, head) if commits else [],
    }


def ends(ws: Workspace, revisions: str | None) -> tuple[str | None, str]:
    """The two commits compared; the first is None if there is nothing before.

    Of ``A..B`` the first is where B left A, A itself where they share no history.
    """
    if revisions and ".." in revisions:
        start, _, end = revisions.partition("..")
        if end.startswith("."):
            raise UsageError(f"'{revisions}' has three dots", hint="taskorch review A..B")
        return _fork(ws, ws.repo.commit(start or "HEAD"), ws.repo.commit(end or "HEAD"))
    head = ws.repo.commit("HEAD")
    if revisions:
        return _fork(ws, ws.repo.commit(revisions), head)
    branch = ws.repo.default_branch(ws.settings.default_branch)
    tip = ws.repo.commit_or_none(branch) if branch else None
    base = ws.repo.merge_base(tip, head) if tip else None
    if base is None and ws.repo.is_shallow:
        raise TaskorchError("this clone is shallow: where the branch began is not here", hint=UNSHALLOW)
    return base, head


def _fork(ws: Workspace, start: str, head: str) -> tuple[str, str]:
    """Where `head` left `start`: what `start` gained since is no change of the range."""
    base = ws.repo.merge_base(start, head)
    if base is None and ws.repo.is_shallow:
        raise TaskorchError(
            f"this clone is shallow: where {head[:10]} left {start[:10]} is not here", hint=UNSHALLOW
        )
    return base or start, head


def _claims_changed(before: Collection, after: Collection) -> list[Claim]:
    """The net claims of the sessions whose claims are not the same at both ends."""

    def lines(found: Collection, owner: str) -> list[Claim]:
        return [claim for claim, _ in found.claims.get(owner, [])]

    return after.net_claims(o for o in after.claims if lines(after, o) != lines(before, o))


def _was(one: Task | Decision, before: Collection) -> str | None:
    """A record's status at the base; None where it is new, ``unknown`` where it could not be read."""
    known: Mapping[str, Task | Decision] = before.tasks if isinstance(one, Task) else before.decisions
    if one.id in known:
        return known[one.id].status
    return "unknown" if before.is_unreadable(one.id) else None


def _gone(one: Task | Decision, after: Collection) -> str:
    """Why a record of the base is not among those of the range's end."""
    return "its record cannot be read any more" if after.is_unreadable(one.id) else "its record was removed"


def _tasks_moved(before: Collection, after: Collection) -> list[Json]:
    rows = []
    for one in sorted(after.tasks.values(), key=lambda t: (t.created, t.id)):
        old = before.tasks.get(one.id)
        if not old or old.status != one.status or old.deleted != one.deleted:
            done = sum(criterion.done for criterion in one.criteria)
            rows.append(
                {
                    "id": one.id,
                    "title": one.title,
                    "from": _was(one, before),
                    "to": "deleted" if one.deleted else one.status,
                    "forced": one.forced,
                    "reason": one.reason,
                    "criteria_done": done,
                    "criteria_total": len(one.criteria),
                    "results": one.section("Results"),
                }
            )
    gone = [one for one in before.tasks.values() if one.id not in after.tasks]
    return rows + [
        {
            "id": one.id,
            "title": one.title,
            "from": one.status,
            "to": None,
            "forced": None,
            "reason": _gone(one, after),
            "criteria_done": 0,
            "criteria_total": 0,
            "results": "",
        }
        for one in gone
    ]


def _decisions(before: Collection, after: Collection) -> list[Json]:
    rows = []
    for one in sorted(after.decisions.values(), key=lambda d: (d.date or "", d.id)):
        old = before.decisions.get(one.id)
        if not old or (old.status, old.reviewed) != (one.status, one.reviewed):
            rows.append(
                {
                    "id": one.id,
                    "title": one.title,
                    "from": _was(one, before),
                    "again": bool(old and one.reviewed and old.reviewed != one.reviewed),
                    "status": one.status,
                    "decision": one.decision,
                    "rationale": one.rationale,
                    "risks": one.risks,
                    "supersedes": list(one.supersedes),
                    "reverses": list(one.reverses),
                    "refines": list(one.refines),
                    "clarifies": list(one.clarifies),
                    "superseded_by": after.replaced_by(one.id),
                    "instead": after.standing_ends(one.id),
                }
            )
    gone = [one for one in before.decisions.values() if one.id not in after.decisions]
    return rows + [
        {
            "id": one.id,
            "title": one.title,
            "from": one.status,
            "again": False,
            "status": None,
            "decision": "",
            "rationale": _gone(one, after),
            "risks": [],
            "supersedes": [],
            "reverses": [],
            "refines": [],
            "clarifies": [],
            "superseded_by": [],
            "instead": [],
        }
        for one in gone
    ]


def _sessions(before: Collection, after: Collection) -> list[Json]:
    """The sessions whose records the range brought or changed, with what they left to whoever goes on."""
    made = sorted(after.sessions.values(), key=lambda s: (s.created, s.id))
    changed = [one for one in made if one.id not in before.sessions or before.sessions[one.id] != one]
    return [
        {
            "id": one.id,
            "agent": one.agent,
            "tasks": list(one.tasks),
            "ended": one.ended,
            "summary": one.section(sessions.SUMMARY),
            "handoff": one.section(sessions.HANDOFF),
        }
        for one in changed
    ]


def _problems(ws: Workspace, after: Collection, claims: list[Json], head: str) -> list[Json]:
    found: list[BadRecord] = link_problems(ws, after)
    rows = problem_rows(after)
    after.problems = found
    rows += problem_rows(after)
    for row in claims:
        task = after.tasks.get(row["task"])
        bad = row["counts_as"] in ("failed", "partial")
        if bad and task and task.status == COMPLETED:
            rows.append(
                {
                    "path": row["path"],
                    "line": 1,
                    "column": 1,
                    "field": None,
                    "message": f"{row['rung']}: claimed by completed {task.id} {task.title}; {row['detail']}",
                    "hint": f"taskorch verify --task {task.id} --target {head[:10]}",
                }
            )
    return rows
