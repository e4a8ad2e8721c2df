"""What was done on a branch: the tasks, claims and sessions that its records tell of since it began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from taskorch.errors import NotFound, UsageError
from taskorch.git import branches, history
from taskorch.records.claim import Claim
from taskorch.records.collection import Collection
from taskorch.records.session import HANDOFF, Session
from taskorch.services.archive.places import lived_at
from taskorch.services.binding import binding
from taskorch.services.ladder.ladder import Ladder
from taskorch.services.ladder.succession import judge
from taskorch.services.markdown import counted
from taskorch.services.origins import Origins, default_commit
from taskorch.services.recovered.decided_elsewhere import decided_since
from taskorch.services.recovered.guidance import since_then, untold
from taskorch.services.recovered.lacking_on_default import lacking_on_default
from taskorch.services.recovered.local_findings import OfTask, local_findings, unrecorded
from taskorch.services.recovered.local_steps import still_here
from taskorch.services.recovered.not_here import BRINGS_HISTORY, no_default_branch
from taskorch.services.recovered.rows import (
    commit_row,
    components_of,
    decision_rows,
    empty_package,
    last_told,
    session_row,
)
from taskorch.services.recovered.rung_advice import advice
from taskorch.services.recovered.session import open_tasks, own_records, task_lines, whole_of
from taskorch.services.recovered.standing_handoffs import is_done_since
from taskorch.services.recovered.unclaimed_work import Unclaimed, newest_commits, unclaimed_work
from taskorch.services.recovered.work import Work, against_default, work_rows
from taskorch.services.shapes import Json, problem_rows
from taskorch.services.verification import Scope, scoped_claims
from taskorch.services.workspace import Workspace


@dataclass(frozen=True)
class _Branch:
    """A branch, and what was done on it: read at its tip (None: it is gone) since `base`.

    Without a base it is told from the sessions that say they were on a branch of that name.
    """

    name: str
    tip: str | None
    base: str | None
    ws: Workspace
    found: Collection
    tasks: Sequence[str]
    sessions: Sequence[Session]
    claims: Sequence[Claim]


def of_branch(ws: Workspace, name: str) -> Json:
    """The package of a branch: what the records at its tip tell that those where it left the default branch
    do not.

    Of one that is gone, or that the default branch has whole, the sessions tell that were on it.
    Raises NotFound, UsageError.
    """
    if ws.at is not None:
        raise UsageError("--branch reads the records of that branch, --at those of a commit: name one")
    ref = _ref_of(ws, name)
    one = _since_it_left(ws, name, ref) if ref else None
    return _package(ws, one or _by_sessions(ws, name, ref))


def _ref_of(ws: Workspace, name: str) -> str | None:
    """A branch of here, or of the one remote that has it, by its full name; or any other revision."""
    local = f"refs/heads/{name}"
    if ws.repo.commit_or_none(local):
        return local
    return branches.remote_of(ws.repo, name) or (name if ws.repo.commit_or_none(name) else None)


def _since_it_left(ws: Workspace, name: str, ref: str) -> _Branch | None:
    """What the branch has beyond the default branch; None where that is nothing."""
    there = Workspace(ws.start, ws.now, ws.instant, ws.randomness, at=ref)
    default, tip = default_commit(there), there.repo.commit("HEAD")
    base = there.repo.merge_base(tip, default) if default else None
    if base == tip:
        return None
    found, before = there.load(), there.load_at(base) if base else Collection()
    events = history.changes_between(ws.repo, base, tip)
    changed = {event.path for event in events if event.new is not None}
    old = {(owner, claim) for owner, lines in before.claims.items() for claim, _ in lines}
    fresh = {
        (c.task, c.path) for owner, lines in found.claims.items() for c, _ in lines if (owner, c) not in old
    }
    claims = [claim for claim in scoped_claims(found, Scope()) if (claim.task, claim.path) in fresh]
    names = [one.id for one in found.tasks.values() if there.shown(one.path) in changed]
    worked = [
        s for s in found.sessions.values() if {there.shown(s.path), there.shown(s.claims_path)} & changed
    ]
    names = list(dict.fromkeys([*names, *(claim.task for claim in claims)]))
    return _Branch(name, tip, base, there, found, names, worked, claims)


def _by_sessions(ws: Workspace, name: str, ref: str | None) -> _Branch:
    """What the sessions did that were on a branch of that name.  Raises NotFound if there is none."""
    found = ws.load()
    worked = [one for one in found.sessions.values() if one.branch == name and not one.is_local]
    worked.sort(key=lambda s: (s.created, s.id))  # archived ones are read last
    if not worked:
        what = f"'{name}' has nothing beyond the default branch" if ref else f"no branch '{name}'"
        raise NotFound(
            f"{what}, and no session was on a branch of that name",
            hint="git branch -a lists the branches, taskorch session list the sessions",
        )
    names = list(dict.fromkeys(task for one in worked for task in one.tasks))
    claims = found.net_claims([one.id for one in worked])
    names = list(dict.fromkeys([*names, *(claim.task for claim in claims)]))
    tip = ws.repo.commit_or_none(ref) if ref else None
    return _Branch(name, tip, None, ws, found, names, worked, claims)


def _package(ws: Workspace, one: _Branch) -> Json:
    there, found = one.ws, one.found
    worked = sorted(one.sessions, key=lambda s: (s.created, s.id))
    mine = set(one.claims)
    record = lived_at(there, worked[-1]) if worked else there.shown("sessions/none")
    work = Work.of(there, found, one.claims, record, worked, lambda claim: claim in mine)
    origins = Origins(there, found)
    related = binding(found, one.tasks, work.paths)
    package = empty_package() | work_rows(work, origins.default) | decision_rows(related, found, origins)
    decided_since(package, there, related, origins)
    package["affected_components"] = components_of(related, work.paths)
    package["local"] = _local(ws, one, work, worked)
    tasks = task_lines(found, one.tasks, work.verdicts, _at(ws, one))
    handoffs = [s for s in worked if s.section(HANDOFF) and not is_done_since(found, s)]
    more = Unclaimed()
    if one.base and one.tip:
        more = unclaimed_work(ws, one.base, one.tip, work.paths)
        known = work.commits.via
        made = [info for info in newest_commits(ws.repo, one.base, one.tip) if info.id not in known]
        package["commits"] += [commit_row(info, "branch") for info in made]
    package["continuation_guidance"] = [
        *_standing(ws, one, work, origins.default),
        *more.said,
        *([f"Read the hand-off of session {handoffs[-1].id}."] if handoffs else []),
        *advice(work.verdicts, package),
        *package["untold"],
        *still_here(package["local"]),
        *since_then(package),
        *open_tasks(tasks),
    ]
    package["recovery_recommendations"] = [row["command"] for row in tasks if row["title"]][:5]
    package["recovery_recommendations"] += more.commands
    return {
        **whole_of(there, found, one.tasks, origins),
        "scope": "branch",
        "context_recovered": True,
        "head": there.repo.head,
        "branch": {"name": one.name, "tip": one.tip, "base": one.base},
        "tasks": tasks,
        "handoffs": [session_row(s, origins) for s in handoffs[-3:][::-1]],
        "session_info": session_row(last_told(worked), origins) if worked else None,
        "recovery_package": package,
        "problems": problem_rows(found),
    }


def _local(ws: Workspace, one: _Branch, work: Work, worked: Sequence[Session]) -> Json:
    """What this repository alone has of it: with the branch checked out also what is not committed."""
    here = ws if one.ws is ws or ws.repo.branch == one.name else one.ws
    mine = OfTask(None, work.paths, work.ignored, own_records(one.ws, one.found, one.tasks, worked))
    observed = unrecorded(ws, one.found) if here is ws and one.ws is ws else []
    return local_findings(here, mine, observed, work.verdicts)


def _standing(ws: Workspace, one: _Branch, work: Work, default: str | None) -> list[str]:
    """Where the branch stands, and how much of it the default branch has."""
    out = []
    if one.tip is None:
        out.append(f"There is no branch {one.name} here: told from the sessions that were on it.")
    elif one.base is None and one.ws is ws:
        out.append(f"The default branch has all of {one.name}: told from the sessions that were on it.")
    elif one.base is None:
        out.append(f"{_unrelated(ws, one, default)}: all that the records at its tip tell is shown.")
    apart = against_default(one.ws, default)
    if one.base and apart:
        behind = f" and {apart['behind']} behind" if apart["behind"] else ""
        where = f"{counted(apart['ahead'], 'commit')} ahead of{behind} the default branch"
        out.append(f"{one.name} is {where} ({apart['commit'][:10]}).")
    counting = [v for v in work.verdicts if v.counts_as != "not counted"]
    if not counting:
        return [*out, "No file changes are claimed on it."]
    claims = [verdict.claim for verdict in counting]
    if not default:
        return [*out, f"{counted(len(claims), 'file change')} {_is(claims)} claimed on it."]
    landed = judge(Ladder(ws.repo, default, here=False), claims, one.found.claims_in_time())
    there = sum(verdict.counts_as == "landed" for verdict in landed)
    files = f"{there} of its {counted(len(claims), 'file change')} landed in the default branch"
    out.append(f"{files}{untold(landed)}.")
    if one.ws.repo.head == default:  # the advice on each file says it
        return out
    return [*out, *lacking_on_default(one.name, landed, merged=one.base is None and one.ws is ws)]


def _at(ws: Workspace, one: _Branch) -> str | None:
    """The revision that shows its tasks as they are on it; None for the branch that is checked out."""
    ref = one.ws.at if one.ws is not ws and ws.repo.branch != one.name else None
    return ref.removeprefix("refs/heads/").removeprefix("refs/remotes/") if ref else None


def _unrelated(ws: Workspace, one: _Branch, default: str | None) -> str:
    """Why it cannot be told where the branch left the default branch."""
    if not default:
        return no_default_branch(ws.repo)
    if ws.repo.is_shallow:
        where = f"where {one.name} left the default branch"
        return f"The history here is shallow ({BRINGS_HISTORY} {where})"
    return f"{one.name} shares no history with the default branch ({default[:10]})"


def _is(some: Sequence[object]) -> str:
    return "is" if len(some) == 1 else "are"
