"""What to do next, said in sentences, from what recovery found."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from taskorch.records.collection import Collection
from taskorch.records.task import COMPLETED, NEXT_ACTION, Task
from taskorch.services.local_findings import LOST, work_in
from taskorch.services.markdown import counted
from taskorch.services.shapes import Json
from taskorch.services.verdict import Verdict

_ADVICE = {
    "reverted": "was reverted ({detail}): find out why before doing it again",
    "absent": "is nowhere in the history: do it again, or take it from a branch that still has it",
    "unknown": "may or may not have landed: {detail}",
    "ignored": "is on disk, but git ignores it: it will never be committed so",
    "worktree": "is only on disk: commit it",
    "staged": "is staged, not committed: commit it",
    "superseded": "was changed again after it landed: {detail}",
}


def for_task(found: Collection, one: Task, answer: Json, verdicts: Sequence[Verdict]) -> list[str]:
    """Where the task stands and what is left, the most pressing first."""
    package = answer["recovery_package"]
    out = [_standing(one, verdicts, found.children(one.id))]
    for other in found.waits_for(one):
        task = found.tasks.get(other)
        out.append(
            f"Waits for {other} {task.title} ({task.status})."
            if task
            else f"Waits for {other}, which {'cannot be read' if found.is_unreadable(other) else 'is gone'}."
        )
    open_criteria = [criterion.text for criterion in one.criteria if not criterion.done]
    out += [f"Open criterion: {text}" for text in open_criteria]
    out += [f"Open subtask: {c.id} {c.title} ({c.status})." for c in found.children(one.id) if c.is_open]
    changed_since = {row["path"] for row in package["changed_since_by_others"]}
    for verdict in verdicts:
        advice = _ADVICE.get(verdict.rung)
        told_below = verdict.rung == "superseded" and verdict.claim.path in changed_since
        if advice and not told_below:
            words = advice.format(commit=(verdict.commit or "")[:10], detail=verdict.detail)
            out.append(f"{verdict.claim.path} {words}.")
    for row in package["changed_since_by_others"]:
        out.append(
            f"{row['path']} was changed since by {row['author']} in {row['commit'][:10]} ({row['subject']}): "
            "read it before going on."
        )
    for decision in package["key_decisions"]:
        if not decision["stands"]:
            by = decision["superseded_by"]
            instead = f": follow {by[0]}" if by else ""
            out.append(f"The decision {decision['id']} {decision['title']} is {decision['status']}{instead}.")
    action = one.section(NEXT_ACTION)
    if action:
        out.append(f"Next action recorded: {action}")
    session = answer["session_info"]
    if session and session["handoff"]:
        out.append(f"Read the hand-off of session {session['id']}.")
    journal = package["local"]["journal"]
    seen = sum(row["of_task"] for row in journal if row["change"] != LOST)
    if seen:
        out.append(f"Observed here and not recorded yet: {seen} of its changes; see the local findings.")
    if work_in(package["local"]):
        out.append("There is uncommitted work here: see the local findings before changing anything.")
    return out


def commands(one: Task, answer: Json, verdicts: Sequence[Verdict]) -> list[str]:
    """The commands that come next."""
    out = []
    if one.status == COMPLETED:
        if any(verdict.counts_as != "landed" for verdict in verdicts):
            out.append(f"taskorch verify --task {one.id}")
        else:
            out.append("taskorch task ready")
    elif one.is_open:
        out.append(f"taskorch task start {one.id}")
        if one.criteria and any(not criterion.done for criterion in one.criteria):
            out.append(f"taskorch task check {one.id} N")
        out.append(f"taskorch task complete {one.id} --results TEXT")
    else:
        out.append(f"taskorch task reopen {one.id}")
    for verdict in verdicts:
        if verdict.rung == "reverted" and verdict.commit:
            out.append(f"git show {verdict.commit[:10]}")
    for row in answer["recovery_package"]["changed_since_by_others"][:3]:
        out.append(f"git show {row['commit'][:10]} -- {quote(row['path'])}")
    return list(dict.fromkeys(out))


def for_project(found: Collection, active: Sequence[Task]) -> list[str]:
    """Where the project stands."""
    ready = found.ready()
    out = [f"{len(active)} active and {counted(len(ready), 'ready task')}."]
    out += [f"Active: {one.id} {one.title}" for one in active[:5]]
    if not active and ready:
        out.append(f"Next: {ready[0].id} {ready[0].title}")
    return out


def _standing(one: Task, verdicts: Sequence[Verdict], subtasks: Sequence[Task]) -> str:
    landed = sum(verdict.counts_as == "landed" for verdict in verdicts)
    if not verdicts and subtasks:
        names = ", ".join(child.id for child in subtasks)
        return f"{one.id} is {one.status}; the work is in its subtasks: {names}."
    if not verdicts:
        return f"{one.id} is {one.status}; no file changes are claimed for it."
    files = f"{landed} of {counted(len(verdicts), 'file change')} landed in HEAD"
    return f"{one.id} is {one.status}; {files}."
