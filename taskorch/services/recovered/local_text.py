"""Local findings as lines of Markdown, each with the command that shows it or brings it back."""

from __future__ import annotations

from taskorch.services.markdown import code, counted, inline
from taskorch.services.on_branches import in_words
from taskorch.services.recovered.decided_elsewhere import in_words as decided
from taskorch.services.recovered.local_findings import FIRST, LOST, SAVING
from taskorch.services.shapes import Json

HERE, ON_BRANCHES = "Only in this repository", "On branches here"
"""The names of the sections."""


def local_lines(local: Json) -> list[str]:
    """The sections of what only this repository has, and of what its branches tell."""
    out = [*_kept(local), *_changes(local), *_stashes(local)]
    here = [f"## {HERE}", "", *out, ""] if out else []
    return here + _branches(local)


def _kept(local: Json) -> list[str]:
    kept = [*local.get("checkpoints", []), *local.get("journal", [])]
    out = [f"- in the safety store: {_change(row)}" for row in kept if row["change"] == LOST]
    seen = [row for row in kept if row["change"] != LOST]
    return out + [f"- observed here, not recorded yet: {_change(row)}" for row in seen]


def _changes(local: Json) -> list[str]:
    out = []
    for place in ("worktree", "index"):
        rows = [row for row in local.get(place, []) if row["command"] not in (SAVING, FIRST)]
        out += [f"- {place}: {_change(row)}" for row in rows]
    records = [row for row in local.get("worktree", []) if row["command"] in (SAVING, FIRST)]
    if records:
        mine = sum(row["of_task"] for row in records)
        of_task = f", {mine} of this task" if mine else ""
        what = f"{counted(len(records), 'record')} not committed{of_task}"
        out.append(f"- worktree: {what}: {code(records[0]['command'])}")
    return out


def _stashes(local: Json) -> list[str]:
    out = []
    for row in local.get("stashes", []):
        what = f"{inline(row['subject'])}, {counted(len(row['paths']), 'path')}{_mark(row)}"
        out.append(f"- {row['ref']}: {what}: {code(row['command'])}")
    return out


def _branches(local: Json) -> list[str]:
    """Not only this repository may have these, but another may not have them so."""
    out = [_on_branch(row) for row in local.get("on_branches", [])]
    for row in local.get("decided_on_branches", []):
        what = f"the decision {row['id']} {inline(row['title'])} is {inline(decided(row))}"
        out.append(f"- on {code(row['ref'])}, not in HEAD: {what}: {code(row['command'])}")
    left = local.get("branches_not_read", 0)
    if left:
        older = "1 older branch was" if left == 1 else f"{left} older branches were"
        out.append(f"- {older} not looked at for work on tasks.")
    for row in local.get("branches", []):
        where = (
            f"is on {code(row['ref'])}"
            if row["ref"]
            else "is at the tip of no branch, but its content is here"
        )
        out.append(f"- {code(row['path'])} {where}: {code(row['command'])}")
    one = local.get("upstream")
    if one:
        apart = f"{one['ahead']} ahead, {one['behind']} behind"
        out.append(f"- {code(one['branch'])} and {code(one['upstream'])}: {apart}: {code(one['command'])}")
    return [f"## {ON_BRANCHES}", "", *out, ""] if out else []


def _on_branch(row: Json) -> str:
    more = f" and {row['other_branches']} more" if row["other_branches"] else ""
    what = f"{row['task']} {inline(row['title'])} ({in_words(row)})"
    return f"- on {code(row['ref'])}{more}, not in HEAD: {what}: {code(row['command'])}"


def _change(row: Json) -> str:
    source = f" from {code(row['from'])}" if row["from"] else ""
    return f"{row['change']} {code(row['path'])}{source}{_mark(row)}: {code(row['command'])}"


def _mark(row: Json) -> str:
    return " (this task)" if row["of_task"] else ""
