"""Verifying claims: whether what was claimed is really there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from taskorch.errors import NotFound
from taskorch.git import history, worktree
from taskorch.git.paths import is_below, is_record
from taskorch.git.repository import Repository
from taskorch.git.worktree import State
from taskorch.records.claim import Claim
from taskorch.records.collection import Collection
from taskorch.records.gathered import CLAIMS_SUFFIX
from taskorch.services.active_session import current
from taskorch.services.claims.folding import Folded, fold, with_fold
from taskorch.services.ladder.ladder import Ladder
from taskorch.services.ladder.succession import judge
from taskorch.services.ladder.verdict import RUNGS, Verdict
from taskorch.services.lost_records import telling_of_lost_record
from taskorch.services.shapes import Json, problem_rows
from taskorch.services.shell_words import word
from taskorch.services.stashed import refuse_stashed
from taskorch.services.workspace import Workspace

UNSHALLOW = "git fetch --unshallow (in CI: a checkout with fetch-depth 0)"
VERIFIED, PARTIAL, PENDING, FAILED = "verified", "partial", "pending", "failed"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which claims are verified: of one task, of one session, or all."""

    task: str | None = None
    session: str | None = None


def verify(
    ws: Workspace,
    *,
    task: str | None = None,
    session: str | None = None,
    everything: bool = False,
    target: str | None = None,
    path: str | None = None,
) -> Json:
    """Verify the claims in scope: by default those of the active session, else of this work tree's newest.

    Without `target`: in work tree, index and HEAD.  What is observed but not folded yet is included.
    The records of a commit are verified in that commit.
    """
    target = target or (ws.committed.revision if ws.committed else None)
    with ws.repo.at_rest():
        return _verify(ws, task, session, everything, target, path)


def _verify(
    ws: Workspace,
    task: str | None,
    session: str | None,
    everything: bool,
    target: str | None,
    path: str | None,
) -> Json:
    commit = ws.repo.commit(target) if target else None
    found, folded = folded_in(ws, ws.load())
    scope = Scope()
    if task:
        with telling_of_lost_record(ws, task, "taskorch verify --task " + word(task)):
            scope = Scope(task=found.task(task).id)
    elif session:
        with telling_of_lost_record(ws, session, "taskorch verify --session " + word(session)):
            scope = Scope(session=found.session(session).id)
    elif not everything:
        scope = Scope(session=_default_session(ws, found))
    claims = scoped_claims(found, scope)
    if path:
        folder = ws.repo.relative(path, ws.start)
        claims = [claim for claim in claims if is_below(claim.path, folder)]
    report = verify_claims(ws, claims, commit, target, written=found.claims_in_time())
    unfounded = folded.unfounded if folded and not task and not target else []
    for row in report["files"]:
        row["title"] = found.tasks[row["task"]].title if row["task"] in found.tasks else None
    report["unfounded"] = unfounded
    report["problems"] = _problems_in(found, scope)
    report["unclaimed"] = _unclaimed(ws, found, folded, claims, report["files"], commit)
    report["status"] = overall(report["files"], problems=bool(report["problems"]), unfounded=bool(unfounded))
    return report


def folded_in(ws: Workspace, found: Collection) -> tuple[Collection, Folded | None]:
    """The collection with the active session's observations folded in, in memory."""
    going = current(ws, found, reading=True)
    if not going:
        return found, None
    folded = fold(ws, found, *going)
    return with_fold(found, going[0], folded), folded


def scoped_claims(found: Collection, scope: Scope) -> list[Claim]:
    """The net claims in scope, those of older tasks first."""
    sessions = [scope.session] if scope.session else None
    claims = [claim for claim in found.net_claims(sessions) if not scope.task or claim.task == scope.task]
    made = {task.id: task.created for task in found.tasks.values()}
    return sorted(claims, key=lambda claim: (made.get(claim.task, ""), claim.task, claim.path))


def verify_claims(
    ws: Workspace,
    claims: Sequence[Claim],
    commit: str | None,
    target: str | None = None,
    *,
    written: Sequence[Claim] = (),
) -> Json:
    """The report on some claims, against `commit` alone, or (None) work tree, index and HEAD.

    `written` are all claims in order of time: what later ones made of a claim's content counts too.
    """
    here = commit is None and ws.repo.has_work_tree
    head = commit or ws.repo.head
    ladder = Ladder(ws.repo, head, here)
    verdicts = judge(ladder, claims, written)
    present = _present(ws.repo, [verdict.claim for verdict in verdicts], ladder.on_disk if here else None)
    files = [verdict_row(verdict) for verdict in verdicts]
    counts = Counter(verdict.rung for verdict in verdicts)
    return {
        "target": target,
        "commit": head,
        "status": overall(files),
        "on_disk": all(present),
        "summary": {rung: counts[rung] for rung in RUNGS if counts[rung]},
        "unclaimed": [],
        "unfounded": [],
        "problems": [],
        "files": files,
        "on_disk_count": sum(present),
        "notes": _notes(ws.repo, files),
    }


def _present(repo: Repository, claims: Sequence[Claim], on_disk: Mapping[str, State] | None) -> list[bool]:
    """For each claim whether its content is in HEAD or on disk, whose states are given if they are known."""
    at_head = worktree.states_at(repo, repo.head, {claim.path for claim in claims})
    if on_disk is None:
        left = [claim.path for claim in claims if at_head[claim.path] != claim.after]
        on_disk = worktree.staged_states(repo, left) if left and repo.has_work_tree else {}
    return [
        claim.after in (at_head[claim.path], on_disk.get(claim.path, at_head[claim.path])) for claim in claims
    ]


def _notes(repo: Repository, files: Sequence[Json]) -> list[str]:
    """What this clone lacks to tell more, and the command that brings it."""
    untold = any(row["counts_as"] == "unknown" for row in files)
    return (
        [f"this clone is shallow: {UNSHALLOW} brings what would tell"] if untold and repo.is_shallow else []
    )


def overall(files: Sequence[Json], *, problems: bool = False, unfounded: bool = False) -> str:
    """``failed``, ``pending``, ``partial`` or ``verified``, the worst first."""
    counted = {row["counts_as"] for row in files}
    if "failed" in counted or unfounded:
        return FAILED
    if "pending" in counted or not counted - {"not counted"}:
        return PENDING
    return PARTIAL if {"partial", "unknown"} & counted or problems else VERIFIED


def exit_code(report: Json, *, strict: bool = False) -> int:
    """4 on failed, with a target also on partial, with unreadable records, and with `strict` on all else."""
    status = report["status"]
    if strict:
        return 0 if status == VERIFIED else 4
    bad = status == FAILED or (report["target"] and status == PARTIAL) or report["problems"]
    return 4 if bad else 0


def verdict_row(verdict: Verdict) -> Json:
    """A verdict's JSON object."""
    claim = verdict.claim
    return {
        "task": claim.task,
        "path": claim.path,
        "op": claim.op,
        "from": claim.source,
        "recorded": claim.after[7:] if claim.after else None,
        "rung": verdict.rung,
        "counts_as": verdict.counts_as,
        "commit": verdict.commit,
        "at_path": verdict.at_path,
        "detail": verdict.detail,
    }


def _default_session(ws: Workspace, found: Collection) -> str:
    going = current(ws, found, reading=True)
    if going:
        return going[0].id
    left = "" if ws.committed else ws.local.current() or ws.local.last() or ""
    if left in found.sessions:
        return left
    refuse_stashed(ws, found)
    if left:
        what = f"the newest session here, {left}, has no record of {ws.prefix} on this branch"
    else:
        what = "a commit has no session of its own" if ws.committed else "no session was here yet"
    raise NotFound(what, hint="name the claims: --all, --task T or --session S")


def _unclaimed(
    ws: Workspace,
    found: Collection,
    folded: Folded | None,
    claims: Sequence[Claim],
    files: Sequence[Json],
    commit: str | None,
) -> list[str]:
    """Paths in no claim: that changed here, or that the target changed since the claims' bases."""
    if not commit:
        return folded.unclaimed if folded else []
    claimed = {path for claim in found.net_claims() for path in (claim.path, claim.source) if path}
    claimed |= {row["at_path"] for row in files}
    changed: set[str] = set()
    for onto in {claim.onto for claim in claims if claim.onto}:
        if ws.repo.commit_or_none(onto):
            base = ws.repo.merge_base(onto, commit)
            changed |= (
                {event.path for event in history.changes_between(ws.repo, base, commit)} if base else set()
            )
    return sorted(path for path in changed - claimed if not is_record(path))


def _problems_in(found: Collection, scope: Scope) -> list[Json]:
    """The unreadable records that could hold claims in scope: a session's own, a task's and all claims."""
    rows = problem_rows(found)
    if scope.session:
        return [row for row in rows if _can_hold(row["path"], scope.session)]
    if scope.task:
        return [row for row in rows if "/s-" in row["path"] or f"/{scope.task}" in row["path"]]
    return rows


def _can_hold(path: str, session_id: str) -> bool:
    """Whether claims of a session can stand in the file: in one of its own, or in that of a task."""
    return f"/{session_id}." in path or ("/t-" in path and path.endswith(CLAIMS_SUFFIX))
