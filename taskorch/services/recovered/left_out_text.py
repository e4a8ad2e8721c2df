"""What was left out for the budget, in Markdown: a mark where it stood, and at the end what shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from taskorch.services.markdown import bullets, code, counted
from taskorch.services.shapes import Json

_MOST_NAMED = 8
_SESSION = {f"session {key}": key for key in ("purpose", "summary", "notes")}
_KINDS: Mapping[str, Mapping[str, str]] = {
    "criteria": {"task criteria": "criterion"},
    "tasks": {"tasks": "task", "active_tasks": "active task", "ready_tasks": "ready task"},
    "also": {"also_under_way": "task"},
    "steps": {"continuation_guidance": "step"},
    "handoff": {"session handoff": "hand-off", "handoffs": "older hand-off"},
    "description": {"task description": "description"},
    "tree": {"task subtasks": "subtask", "task needed_by": "waiting task", "task builds_on": "earlier task"},
    "commands": {"recovery_recommendations": "command"},
    "files": {f"files_{kind}": f"{kind} file" for kind in ("created", "modified", "moved", "deleted")},
    "reverts": {"reverts": "revert"},
    "markers": {"markers": "TODO line"},
    "decisions": {"key_decisions": "decision"},
    "risks": {"outstanding_risks": "risk"},
    "session": _SESSION,
    "results": {"task results": "results"},
    "notes": {"task notes": "notes"},
    "others": {"changed_since_by_others": "later change"},
    "components": {"affected_components": "component"},
    "commits": {"commits": "commit"},
    "unclaimed": {"unclaimed_commits": "unclaimed commit"},
    "unreadable": {"problems": "unreadable record"},
}
"""What of each section is cut, as ``omitted`` calls it and as people do."""

_LOCAL = {
    "journal": "journal step",
    "worktree": "uncommitted path",
    "index": "staged path",
    "branches": "branch",
    "on_branches": "path on branches",
    "decided_on_branches": "decision on branches",
    "stashes": "stash",
    "checkpoints": "checkpoint",
}
_NAMES = _LOCAL | {what: kind for kinds in _KINDS.values() for what, kind in kinds.items()}
_MANY = {
    "criterion": "criteria",
    "branch": "branches",
    "stash": "stashes",
    "path on branches": "paths on branches",
    "decision on branches": "decisions on branches",
}
"""The plurals that do not end in one ``s`` more."""


def marked(answer: Json, section: str, lines: list[str]) -> list[str]:
    """A section with a mark for what was cut in it, so that nobody takes what is left for all there is.

    What is gone whole has no section to be marked in; the end of the package names it.
    """
    kinds = _KINDS.get(section, {})
    if section == "title" and answer["scope"] == "session":
        kinds = _SESSION
    told = answer["session_info"] or {}
    gone = {what for what, key in _SESSION.items() if not told.get(key)}
    cut = [row for row in answer["recovery_package"]["omitted"] if row["what"] in kinds.keys() - gone]
    if not lines or not cut:
        return lines
    marks = [_mark(row, kinds[row["what"]]) for row in cut]
    body = lines[:-1]
    return [*body, *([] if _is_item(body[-1]) and _is_item(marks[0]) else [""]), *marks, ""]


def omitted_lines(answer: Json) -> list[str]:
    """What was cut, by the command that shows it."""
    shown: dict[str, list[str]] = {}
    package = answer["recovery_package"]
    for row in package["omitted"]:
        shown.setdefault(row["see"], []).append(_told(row))
    rows = [f"{code(see)}: {_some(what)}" for see, what in shown.items()]
    if package.get("over_budget"):
        rows.append("Nothing more can be left out; it is more than the budget all the same.")
    return bullets("Left out for the budget", rows)


def _told(row: Json) -> str:
    kind = _NAMES[row["what"]]
    if row["unit"] == "characters":
        return f"{counted(row['count'], 'character')} of the {row['what'].split()[0]}'s {kind}"
    return f"{row['count']} {_numbered(row['count'], kind)}"


def _numbered(count: int, kind: str) -> str:
    return kind if count == 1 else _MANY.get(kind, f"{kind}s")


def _mark(row: Json, kind: str) -> str:
    if row["unit"] == "characters":
        return f"… {counted(row['count'], 'more character')} of the {kind}, see the end"
    more = f"- … {row['count']} more {_numbered(row['count'], kind)}"
    return f"{more}: {code(row['see'])}" if kind == "criterion" else more


def _is_item(line: str) -> bool:
    return line.startswith(("- ", "  "))


def _some(names: Sequence[str]) -> str:
    few = names if len(names) <= _MOST_NAMED else names[: _MOST_NAMED - 1]
    return ", ".join(few) + (f" and {len(names) - len(few)} more kinds" if few is not names else "")
