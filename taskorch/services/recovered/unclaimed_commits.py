"""Commits that look like a task's work and of which no claim tells: nobody recorded what was observed.

So it is where a machine was lost, or work was pushed without the records: the history still has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from taskorch.git import history, trailers
from taskorch.git.history import CommitInfo, PathEvent
from taskorch.git.paths import is_record
from taskorch.records.collection import Collection
from taskorch.records.session import Session
from taskorch.records.task import Task
from taskorch.services.markdown import counted
from taskorch.services.origins import is_local
from taskorch.services.recovered.attribution import Attribution, moment, records_of_others
from taskorch.services.recovered.rows import commit_row
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace

_MOST = 200
"""How many of the newest commits since a session was last recorded are looked at."""
_SHOWN = 5


def unclaimed_commits(
    ws: Workspace, found: Collection, one: Task, worked: Sequence[Session], known: Attribution
) -> list[Json]:
    """Rows for them, the oldest first, each with the ``paths`` that no claim has, and a ``command``.

    Those are commits with the task's trailer, those that took its record along (and no other task's),
    and what the agent of a session that was never ended committed since it was last recorded, up to
    the agent's next session.  `known` are the commits attributed to the task.
    """
    if not ws.repo.head or not one.is_open:
        return []
    found_by = _candidates(ws, found, ws.repo.head, worked, known)
    changed = history.changed_by(ws.repo, found_by)
    in_session = {commit: changed[commit] for commit, (_, via) in found_by.items() if via == "session"}
    others = _of_others(ws, ws.shown(one.path), in_session)
    ordered = _in_order(ws, {commit: info for commit, (info, _) in found_by.items() if commit not in others})
    work = {commit: [event for event in changed[commit] if not is_record(event.path)] for commit in ordered}
    last = {event.path: event.new for commit in ordered for event in work[commit]}  # claims are net
    claims = [claim for claims in found.claims.values() for claim, _ in claims] if ordered else []
    ends = {end for claim in claims for end in claim.ends.items()}
    mine = {path for claim in claims if claim.task == one.id for path in claim.ends}
    rows = []
    for commit in ordered:
        info, via = found_by[commit]
        # with its record a task's own paths were recorded as well, as they were then
        left = [event.path for event in work[commit] if commit in in_session or event.path not in mine]
        left = [path for path in left if (path, last[path]) not in ends]
        if left:
            rows.append(commit_row(info, via) | {"paths": left})
    return _with_commands(ws, one, rows)


def _candidates(
    ws: Workspace, found: Collection, head: str, worked: Sequence[Session], known: Attribution
) -> dict[str, tuple[CommitInfo, str]]:
    """Commits that may be the task's work, each with how it was found."""
    named = {c: how for c, how in known.via.items() if how in ("record", "trailer") and c not in known.shared}
    out = {commit: (known.described[commit], how) for commit, how in named.items()}
    for session in worked:
        if not session.ended and not is_local(session):
            since = _since_recorded(ws, found, head, session)
            out |= {c: (info, "session") for c, info in since.items() if c not in known.via}
    return out


def _in_order(ws: Workspace, infos: Mapping[str, CommitInfo]) -> list[str]:
    """The commits, the oldest first: those of the same second as they stand on each other."""
    newest = history.commits_in(ws.repo, [ws.repo.head or ""], f"--max-count={_MOST}") if infos else []
    place = {commit: -number for number, commit in enumerate(newest)}
    return sorted(infos, key=lambda one: (place.get(one, -_MOST), moment(infos[one].date)))


def _with_commands(ws: Workspace, one: Task, rows: list[Json]) -> list[Json]:
    """The rows with the command that claims what each changed: the same for a run of commits."""
    parents = {row["id"]: ws.repo.parents(row["id"])[:1] for row in rows}
    runs: list[list[Json]] = []
    for row in rows:
        if runs and parents[row["id"]] == [runs[-1][-1]["id"]]:
            runs[-1].append(row)
        else:
            runs.append([row])
    for run in runs:
        base = parents[run[0]["id"]]
        text = f"{base[0][:10]}..{run[-1]['id'][:10]}" if base else ""
        command = f"taskorch track --range {text} --task {one.id}" if base else None
        for row in run:
            row["command"] = command
    return rows


def step(rows: Sequence[Json]) -> list[str]:
    """What is to be done about them."""
    if not rows:
        return []
    paths = list(dict.fromkeys(path for row in rows for path in row["paths"]))
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    what = (
        f"{counted(len(rows), 'commit')} may be its work and {'is' if len(rows) == 1 else 'are'} in no claim"
    )
    return [f'{what} ({", ".join(paths[:_SHOWN])}{more}): see "Commits in no claim".']


def _since_recorded(ws: Workspace, found: Collection, head: str, one: Session) -> dict[str, CommitInfo]:
    """What the agent of an open session committed since a commit had its claims, the oldest first.

    One that never had any was not recorded, though ``git commit`` may have taken its record along: then
    since it began.
    """
    if not history.last_change(ws.repo, head, ws.shown(one.path)):
        return {}
    recorded = history.last_change(ws.repo, head, ws.shown(one.claims_path))
    since = recorded.id if recorded else one.base
    if not since or not ws.repo.commit_or_none(since) or not ws.repo.is_ancestor(since, head):
        return {}
    wanted = ("--no-merges", "--topo-order", f"--max-count={_MOST}")
    commits = history.commits_in(ws.repo, history.range_of(since, head), *wanted)
    later = [s.created for s in found.sessions.values() if s.agent == one.agent and s.created > one.created]
    until = moment(min(later)) if later else None
    return {
        info.id: info
        for info in history.describe(ws.repo, reversed(commits)).values()
        if info.author == one.agent and (until is None or moment(info.date) <= until)
    }


def _of_others(ws: Workspace, record: str, changed: Mapping[str, Sequence[PathEvent]]) -> set[str]:
    """Those of some commits that are another task's, by its record or by trailer."""
    folder, _, name = record.rpartition("/")
    recorded = {commit for commit, events in changed.items() if records_of_others(events, folder, name)}
    return recorded | set(trailers.trailers_of(ws.repo, changed, "Task"))
