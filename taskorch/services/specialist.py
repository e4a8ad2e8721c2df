"""What a specialist is told who takes a task: role, task, what it builds on, what binds it.

Of the records only those are read that concern the task, however many there are.
"""

from __future__ import annotations

import re
from collections.abc import Collection as Many
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec

from taskorch.errors import BadRecord
from taskorch.git import worktree
from taskorch.git.object_files import is_blob
from taskorch.records import task as tasks
from taskorch.records.claim import Claim
from taskorch.records.collection import Collection
from taskorch.records.decision import ACCEPTED, STANDING, Decision
from taskorch.records.role import Role
from taskorch.records.task import ACTIVE, Task
from taskorch.services.binding import binding, decision_brief, governing, with_parents
from taskorch.services.origins import default_commit
from taskorch.services.roles import all_roles, role_whole
from taskorch.services.shapes import Json, problem_row, task_reference
from taskorch.services.specialist_text import markdown
from taskorch.services.workspace import Workspace
from taskorch.store import roles

_STREAMS = "taskorch.services.streams"
_WORD = re.compile(r"[\w.@+~/-]*[\w@+~/-]")
_PATH_LIKE = re.compile(r"\w/|/\w|\w\.\w")
_MOST_NAMED = 500
"""So many words of a task are held against what decisions govern, not more."""


def specialist_context(ws: Workspace, name: str) -> Json:
    """What is told to whoever takes the task that `name` means: also what the tasks above it build on.

    ``{task_id, specialist_type, text, role, task, dependencies, decisions, conventions, problems}``:
    ``text`` is all of it as Markdown, the others are its parts; ``role`` is null without a specialist.
    Changes nothing.  Raises NotFound, Ambiguous.
    """
    found = ws.load()
    one = found.task(name)
    touched: list[str] = []
    if one.status == ACTIVE and ws.repo.has_work_tree:
        from taskorch.services.recovered.local_findings import unrecorded  # slow to load

        with ws.repo.at_rest():
            touched = [claim.path for claim, _ in unrecorded(ws, found) if claim.task == one.id]
    return context_of(ws, found, one, touched)


def context_of(ws: Workspace, found: Collection, one: Task, touched: Iterable[str] = ()) -> Json:
    """The same of a task among records; `touched` are paths it changed that no claim tells of yet."""
    line = [one, *found.above(one)]
    builds_on = dict.fromkeys(other for each in line for other in each.depends_on)
    about = found.about({one.id, *builds_on})
    claims = [claim for claim in about.net_claims() if claim.op != "read"]
    paths = {claim.path for claim in claims if claim.task == one.id} | set(touched)
    paths = paths.union(*map(named_paths, line))
    role, role_problems = _role(ws, one)
    decisions = [_decision(d, about, one, paths) for d in _that_bind(about, one, paths)]
    _mark_unreviewed(ws, [about.decisions[row["id"]] for row in decisions], decisions)
    problems = [problem_row(one) for one in about.problems if "/tasks/" not in one.path]
    problems += map(problem_row, role_problems)
    parts: Json = {
        "task_id": one.id,
        "specialist_type": one.specialist,
        "role": role,
        "task": _task(found, one),
        "dependencies": [_dependency(found, other, claims) for other in builds_on],
        "decisions": decisions,
        "conventions": {"stream": one.stream, "guidance": _guidance(ws, one.stream)},
        "problems": problems,
    }
    return parts | {"text": markdown(parts)}


def named_paths(one: Task) -> set[str]:
    """The paths that a task names: its artifacts, and words of its texts that look like paths."""
    texts = (one.title, one.section(tasks.DESCRIPTION), one.section(tasks.CRITERIA))
    words = (word.removeprefix("./") for text in texts for word in _WORD.findall(text))
    named = dict.fromkeys(word for word in words if _PATH_LIKE.search(word))
    return {*one.artifacts, *list(named)[:_MOST_NAMED]}


def _role(ws: Workspace, one: Task) -> tuple[Json | None, list[BadRecord]]:
    """The role of a task's specialist; one that nobody defined has a name and nothing else."""
    if not one.specialist:
        return None, []
    found, problems = all_roles(ws)
    known = found.get(one.specialist.casefold())
    folder = ws.source.shown(roles.FOLDER)
    if known:
        return role_whole(known) | {"defined": True, "folder": folder}, problems
    return role_whole(Role(one.specialist)) | {"defined": False, "folder": folder}, problems


def _task(found: Collection, one: Task) -> Json:
    parent = found.tasks.get(one.parent) if one.parent else None
    return {
        "id": one.id,
        "title": one.title,
        "status": one.status,
        "priority": one.priority,
        "complexity": one.complexity,
        "description": one.section(tasks.DESCRIPTION),
        "criteria": [
            {"number": number, "text": criterion.text, "done": criterion.done}
            for number, criterion in enumerate(one.criteria, 1)
        ],
        "notes": one.section(tasks.NOTES),
        "parent": parent
        and {"id": parent.id, "title": parent.title, "description": parent.section(tasks.DESCRIPTION)},
    }


def _dependency(found: Collection, task_id: str, claims: Sequence[Claim]) -> Json:
    """What a dependency produced: its results, its artifacts, and the files it changed."""
    row = task_reference(task_id, found)
    other = found.tasks.get(task_id)
    return row | {
        "specialist": other.specialist if other else None,
        "forced": other.forced if other else None,
        "results": other.section(tasks.RESULTS) if other else "",
        "artifacts": list(other.artifacts) if other else [],
        "files": [
            {"path": claim.path, "op": claim.op, "from": claim.source}
            for claim in claims
            if claim.task == task_id
        ],
    }


def _that_bind(about: Collection, one: Task, paths: Many[str]) -> list[Decision]:
    """The decisions that stand and concern a task, accepted ones first.

    Where one that concerns it was replaced, what stands in its place.
    """
    out: dict[str, Decision] = {}
    for found in binding(about, [one.id], paths):
        standing = [found.id] if found.status in STANDING else about.standing_ends(found.id)
        out |= {other: about.decisions[other] for other in standing}
    return sorted(out.values(), key=lambda d: (d.status != ACCEPTED, d.date or "", d.id))


def _decision(one: Decision, about: Collection, task: Task, paths: Many[str]) -> Json:
    line = with_parents(about, [task.id])
    return decision_brief(one, about) | {
        "for_tasks": sorted(line & set(one.tasks)),
        "governs": governing(one, paths),
        "path": one.path,
        "unreviewed": None,
    }


def _mark_unreviewed(ws: Workspace, decisions: Sequence[Decision], rows: Sequence[Json]) -> None:
    """Say of each decision whether the default branch has it not so; None where that cannot be told."""
    for row in rows:
        row["path"] = ws.shown(row["path"])
    default = default_commit(ws) if rows else None
    if default is None:
        return
    there = worktree.states_at(ws.repo, default, [row["path"] for row in rows])
    for row, one in zip(rows, decisions, strict=True):
        state = there[row["path"]]
        row["unreviewed"] = state is None or not is_blob(state[7:], one.text.encode("utf-8"))


def _guidance(ws: Workspace, stream: str | None) -> list[str]:
    """The conventions of a stream of work, where streams are known."""
    if not stream or not find_spec(_STREAMS):
        return []
    said: list[str] = import_module(_STREAMS).guidance(ws, stream)
    return list(said)
