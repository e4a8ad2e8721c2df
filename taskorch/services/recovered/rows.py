"""The JSON forms of what a recovery package holds beside files: decisions, commits, sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from taskorch.git import diff, history
from taskorch.git.history import CommitInfo, PathEvent
from taskorch.git.repository import Repository
from taskorch.records import decision as decisions
from taskorch.records import session as sessions
from taskorch.records.collection import Collection, by_priority
from taskorch.records.decision import Decision
from taskorch.records.session import Session
from taskorch.records.task import ACTIVE, BLOCKED, COMPLETED, Task
from taskorch.services.binding import decision_brief, standing_instead
from taskorch.services.ladder.verdict import Verdict
from taskorch.services.origins import Origins
from taskorch.services.recovered.attribution import Attribution
from taskorch.services.shapes import Json, task_reference
from taskorch.services.shell_words import reading


def empty_package() -> Json:
    """A package that holds nothing."""
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
        "unclaimed_commits": [],
        "reverts": [],
        "changed_since_by_others": [],
        "markers": [],
        "tests_changed": [],
        "against_default": None,
        "local": {},
        "continuation_guidance": [],
        "recovery_recommendations": [],
        "omitted": [],
    }


def decision_rows(related: Sequence[Decision], found: Collection, origins: Origins) -> Json:
    """The package's keys about decisions: how many, which, and the risks of those that stand."""
    return {
        "total_decisions": len(related),
        "key_decisions": [_decision(one, found, origins) for one in related],
        "outstanding_risks": risks_of(related),
    }


def _decision(one: Decision, found: Collection, origins: Origins) -> Json:
    brief = decision_brief(one, found)
    instead = [standing_instead(found, name) for name in brief["superseded_by"] if name in found.decisions]
    return brief | {"instead": instead} | origins.of(one)


def risks_of(related: Iterable[Decision]) -> list[str]:
    """The risks of the decisions that stand, each with the decision it is of."""
    standing = [one for one in related if one.status in decisions.STANDING]
    return [f"{risk} ({one.id} {one.title})" for one in standing for risk in one.risks]


def components_of(related: Iterable[Decision], paths: Iterable[str]) -> list[str]:
    """The components that decisions name, and the folders of the changed files."""
    named = {name for one in related for name in one.components}
    return [*sorted(named), *sorted({path.rsplit("/", 1)[0] for path in paths if "/" in path} - named)]


def commit_rows(found: Attribution) -> list[Json]:
    """The attributed commits, in the order they were found."""
    return [
        commit_row(found.described[commit], via, shared=commit in found.shared)
        for commit, via in found.via.items()
    ]


def commit_row(info: CommitInfo, via: str, *, shared: bool = False) -> Json:
    """A commit and how it was found to belong here."""
    row = {"id": info.id, "subject": info.subject, "via": via, "author": info.author}
    return row | {"date": info.date, "shared": shared}


def later_rows(repo: Repository, found: Attribution, verdicts: Sequence[Verdict]) -> list[Json]:
    """What others changed in the same files since: who, when and how much; reverts have rows of their own."""
    undone = {(v.claim.path, v.commit) for v in verdicts if v.rung == "reverted"}
    events = [event for event in found.later if (event.path, event.commit) not in undone]
    renames = _renames(repo, events)
    events = [event for event in events if event not in renames.values()]
    described = history.describe(repo, (event.commit for event in events))
    ends = [renames.get(event, event) for event in events]
    spans = {f"{n:08d}": (event.old, ends[n].new) for n, event in enumerate(events)}
    counts = diff.line_counts(repo, spans) if spans else {}
    rows: list[Json] = []
    for number, event in enumerate(events):
        info, (added, removed) = described[event.commit], counts[f"{number:08d}"]
        rows.append(
            {
                "path": event.path,
                "commit": event.commit,
                "author": info.author,
                "date": info.date,
                "subject": info.subject,
                "added": added,
                "removed": removed,
                "deleted": ends[number].new is None,
                "renamed_to": renames[event].path if event in renames else None,
                "newest": all(row["path"] != event.path for row in rows),
            }
        )
    return rows


def _renames(repo: Repository, events: Sequence[PathEvent]) -> dict[PathEvent, PathEvent]:
    """Of events that took files away those that renamed them, each with the event of the new name."""
    came = {(event.commit, event.path): event for event in events if event.old is None}
    out = {}
    for event in events:
        name = history.renamed_to(repo, event.commit, event.path) if event.new is None and came else None
        if name and (event.commit, name) in came:
            out[event] = came[event.commit, name]
    return out


def revert_rows(repo: Repository, verdicts: Sequence[Verdict]) -> list[Json]:
    """The commits that undid claimed work, with what they say for it and the paths."""
    paths: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.rung == "reverted" and verdict.commit:
            paths.setdefault(verdict.commit, []).append(verdict.claim.path)
    described = history.describe(repo, paths)
    messages = history.messages(repo, paths)
    return [
        {
            "commit": commit,
            "author": described[commit].author,
            "date": described[commit].date,
            "subject": described[commit].subject,
            "message": messages[commit],
            "paths": undone,
        }
        for commit, undone in paths.items()
        if commit in described
    ]


def last_told(worked: Sequence[Session], one: Task | None = None) -> Session:
    """The newest session that says something: one that was just begun hides no hand-off of the one before.

    Of a task that is completed the newest: what was handed on before it was done since.
    """
    if one and one.status == COMPLETED:
        return worked[-1]
    told = [one for one in worked if one.ended or one.section(sessions.HANDOFF)]
    return (told or worked)[-1]


def handed_on_before(one: Task, worked: Sequence[Session]) -> list[Session]:
    """The session whose hand-off still stands where later ones of an open task left none; none otherwise."""
    if not one.is_open or not worked or last_told(worked).section(sessions.HANDOFF):
        return []
    return [s for s in worked if s.section(sessions.HANDOFF)][-1:]


def project_handoffs(found: Collection, told: Sequence[Session], origins: Origins) -> list[Json]:
    """The last hand-offs, the newest first, with the tasks each was for; of work that goes on where there is
    any, never of deleted tasks alone.
    """
    of_tasks = [(s, [found.tasks[name] for name in s.tasks if name in found.tasks]) for s in told]
    living = [(s, tasks) for s, tasks in of_tasks if not tasks or not all(one.deleted for one in tasks)]
    going_on = [(s, tasks) for s, tasks in living if not tasks or any(one.is_open for one in tasks)]
    return [
        session_row(s, origins) | {"tasks": [_ref(one) for one in tasks if not one.deleted]}
        for s, tasks in (going_on or living)[:3]
    ]


def session_row(one: Session, origins: Origins) -> Json:
    """A session with its texts, as every clone knows it."""
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
        **origins.of(one),
    }


def tree_of(one: Task, found: Collection, at: str | None = None) -> Json:
    """What a task is part of, what it builds on, its subtasks, the next to do first, and which open tasks
    wait for it; `at` is the revision that is looked at.
    """
    before = [other for name in one.depends_on if (other := found.tasks.get(name))]
    above = found.tasks.get(one.parent or "")
    below = sorted(found.children(one.id), key=lambda child: _turn(child, found))
    waiting = [other for other in found.tasks.values() if one.id in other.depends_on and other.is_open]
    return {
        "parent_task": _ref(above) if above else None,
        "builds_on": [
            _ref(other) | {"command": f"taskorch recover {other.id}{reading(at)}"} for other in before
        ],
        "subtasks": [task_reference(child.id, found) for child in below],
        "needed_by": [_ref(other) for other in sorted(waiting, key=lambda other: other.id)],
    }


def _turn(one: Task, found: Collection) -> tuple[int, tuple[int, str, str]]:
    """Where a task stands in the order of work: under way, free, held up, and what is closed at the end."""
    held = one.status == BLOCKED or bool(found.waits_for(one))
    return (3 if not one.is_open else 2 if held else 0 if one.status == ACTIVE else 1), by_priority(one)


def _ref(one: Task) -> Json:
    return {"id": one.id, "title": one.title, "status": one.status}
