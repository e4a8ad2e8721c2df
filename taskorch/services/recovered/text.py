"""The recovery package as Markdown, for people and agents: one function a section, in order of value.

Texts of records stand in fences longer than any in them, with author and commit: they are data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from taskorch.records.task import BLOCKED
from taskorch.services.binding import decided
from taskorch.services.markdown import bullets, code, counted, fenced, inline
from taskorch.services.recovered.left_out_text import marked, omitted_lines
from taskorch.services.recovered.local_text import local_lines
from taskorch.services.recovered.session_text import (
    handoff_lines,
    named,
    origin,
    session_lines,
    session_texts,
)
from taskorch.services.shapes import Json

_FILES = {
    "files_created": "Created",
    "files_modified": "Modified",
    "files_moved": "Moved",
    "files_deleted": "Deleted",
}
_LISTED = re.compile(r"Open criterion: .*\((\d+)\)|Open subtask: (\S+) .*\(\w+\)\.", re.DOTALL)
"""The steps that the lists of criteria and subtasks show already; none that begins with a file's name."""


def markdown(answer: Json) -> str:
    """The whole package."""
    return "\n".join(line for name in SECTIONS for line in section(answer, name)).rstrip() + "\n"


def section(answer: Json, name: str) -> list[str]:
    """The lines of one of the sections, with a mark where the budget cut it."""
    return marked(answer, name, SECTIONS[name](answer))


def _title(answer: Json) -> list[str]:
    if answer["scope"] == "session":
        return [f"# Session {answer['session_info']['id']}", "", *session_texts(answer["session_info"])]
    if answer["scope"] == "branch":
        one = answer["branch"]
        tip = [f"Its tip is {one['tip'][:10]}.", ""] if one["tip"] else []
        return [f"# Branch {inline(one['name'])}", "", *tip]
    return _task_title(answer["task"]) if answer["task"] else ["# Project", ""]


def _task_title(task: Json) -> list[str]:
    known = [key for key in ("priority", "specialist", "stream", "assignee") if task[key]]
    status = f"status {task['status']}{', deleted' if task['deleted'] else ''}"
    facts = [status, *(f"{key} {inline(task[key])}" for key in known)]
    out = [f"# {task['id']}: {inline(task['title'])}", "", ", ".join(facts) + "." + origin(task), ""]
    if task["reason"]:
        out += [f"Reason: {inline(task['reason'])}", ""]
    if task["forced"]:
        out += [f"Completed by force: {inline(task['forced'])}", ""]
    return out


def _criteria(answer: Json) -> list[str]:
    task = answer["task"] if answer["scope"] == "task" else None
    if not task or not task["criteria"]:
        return []
    ticked = [f"- [{'x' if c['done'] else ' '}] {inline(c['text'])}" for c in task["criteria"]]
    return ["## Acceptance criteria", "", *ticked, ""]


def _tasks(answer: Json) -> list[str]:
    """Of a session or branch its tasks; of the project those that are active or ready."""
    if answer["scope"] == "project":
        out = bullets("Active tasks", [_line(one) for one in answer["active_tasks"]])
        elsewhere = {one["task"]: one for one in answer["recovery_package"]["local"]["on_branches"]}
        ready = [_line(one) + _under_way(elsewhere.get(one["id"])) for one in answer["ready_tasks"]]
        return out + bullets("Ready tasks", ready)
    at_tip = answer["scope"] == "branch" and answer["branch"]["base"]
    where = "landed on the branch" if at_tip else "landed in this history"
    return bullets("Tasks", [_task_line(row, where) for row in answer["tasks"]])


def _task_line(row: Json, where: str) -> str:
    if row["title"] is None:
        return f"{row['id']}, whose record is not here: {row['landed']} of {row['claimed']} {where}"
    files = f"; {row['landed']} of {counted(row['claimed'], 'file change')} {where}" if row["claimed"] else ""
    state = f"{row['status']}{criteria_left(row)}"
    return f"{row['id']} {inline(row['title'])} ({state}){files}: {code(row['command'])}"


def criteria_left(row: Json) -> str:
    """How many criteria of a task are open, in words that follow its status."""
    left = row["open_criteria"]
    return f", {left} {'criterion' if left == 1 else 'criteria'} open" if left else ""


def _line(one: Json) -> str:
    return f"{one['id']} {inline(one['title'])} ({one['status']}, {one['priority'] or 'medium'})"


def _under_way(row: Json | None) -> str:
    return f", but {row['status']} on {inline(row['ref'])}" if row else ""


def _also(answer: Json) -> list[str]:
    """What else is under way, where no task was named."""
    rows = [f"{_begun(row)}: {code(row['command'])}" for row in answer["also_under_way"]]
    return bullets("Also under way", rows)


def _begun(row: Json) -> str:
    why = f": {inline(row['reason'])}" if row["reason"] and row["status"] == BLOCKED else ""
    left = ", hand-off" if row["handoff"] else ""
    return f"{row['id']} {inline(row['title'])} ({row['status']}{why}{left})"


def _tree(answer: Json) -> list[str]:
    task = answer["task"] if answer["scope"] == "task" else None
    if not task:
        return []
    above = task["parent_task"]
    tree = [f"part of {named(above)}"] if above else []
    tree += [f"after {named(one)}: {code(one['command'])}" for one in task["builds_on"]]
    tree += [f"subtask {named(one)}" for one in task["subtasks"]]
    return bullets("Tree", tree + [f"needed by {named(one)}" for one in task["needed_by"]])


def listed_in(answer: Json, step: str) -> str | None:
    """The number of the criterion, or the id of the subtask, whose list shows a step of a task already."""
    found = _LISTED.fullmatch(step) if answer["scope"] == "task" else None
    return found and (found[1] or found[2])


def _steps(answer: Json) -> list[str]:
    lines = answer["recovery_package"]["continuation_guidance"]
    return bullets("Next steps", [inline(line) for line in lines if not listed_in(answer, line)])


def _text_of(key: str, title: str) -> Callable[[Json], list[str]]:
    """The section of one of the task's texts."""

    def render(answer: Json) -> list[str]:
        task = answer["task"] if answer["scope"] == "task" else None
        return [f"## {title}", "", *fenced(task[key]), ""] if task and task[key] else []

    return render


def _commands(answer: Json) -> list[str]:
    return bullets("Commands", [code(one) for one in answer["recovery_package"]["recovery_recommendations"]])


def _files(answer: Json) -> list[str]:
    package = answer["recovery_package"]
    of_several = answer["scope"] != "task" and len(answer["tasks"]) > 1
    rows = [(row, title) for key, title in _FILES.items() for row in package[key]]
    out = [line for row, title in rows for line in _file(row, title, of_several)]
    told: list[str] = []
    tests = package["tests_changed"]
    shown = f"Tests among them: {', '.join(code(path) for path in tests[:10])}"
    more = f" and {len(tests) - 10} more" if len(tests) > 10 else ""
    told += [f"{shown}{more}.", ""] if tests else []
    return ["## Files", "", *out, "", *told] if out else []


def _file(row: Json, title: str, of_several: bool) -> list[str]:
    source = f" from {code(row['from'])}" if row["from"] else ""
    where = f", now at {code(row['at_path'])}" if row["rung"] == "moved" else ""
    counts = (("+", row["added"]), ("-", row["removed"]))
    lines = "".join(f" {sign}{count}" for sign, count in counts if count is not None)
    commits = " ".join(commit[:10] for commit in row["commits"])
    found = f" (brought by {commits})" if row["rung"] == "reverted" else f" in {commits}"
    task = f", for {row['task']}" if of_several else ""
    rung = f"**{row['rung']}**{where}{found if commits else ''}{task}"
    out = [f"- {title} {code(row['path'])}{source}{lines}: {rung}"]
    if row["detail"] and row["rung"] not in ("exact", "moved"):
        out.append(f"  ({inline(row['detail'])})")
    if row["why"]:
        out.append(f"  why: {inline(row['why'])}")
    return out


def _reverts(answer: Json) -> list[str]:
    """What the commits that undid work say for it, beyond their subject."""
    out: list[str] = []
    for row in answer["recovery_package"]["reverts"]:
        if row["message"] != row["subject"]:
            by = f"{row['commit'][:10]} by {inline(row['author'])}, {row['date'][:10]}, reverts "
            named = ", ".join(code(path) for path in row["paths"][:5])
            more = f" and {len(row['paths']) - 5} more" if len(row["paths"]) > 5 else ""
            out += [f"{by}{named}{more}:", "", *fenced(row["message"]), ""]
    return ["## Reverts", "", *out] if out else []


def _decisions(answer: Json) -> list[str]:
    out: list[str] = []
    for one in answer["recovery_package"]["key_decisions"]:
        now = ", ".join(named(other) for other in one["instead"])
        stands = "" if one["stands"] else f" (no longer stands{f'; instead: {now}' if now else ''})"
        out += [f"### {one['id']}: {inline(one['title'])}", "", f"{one['status']}{stands}.{origin(one)}", ""]
        for number, said in enumerate(decided(one)):
            out += [*(["Because:", ""] if number else []), *fenced(said), ""]
    return ["## Decisions", "", *out] if out else []


def _markers(answer: Json) -> list[str]:
    rows = answer["recovery_package"]["markers"]
    lines = [f"{code(row['path'] + ':' + str(row['line']))} {code(row['text'])}" for row in rows]
    return bullets("Left to do in the code", lines)


def _risks(answer: Json) -> list[str]:
    return bullets("Risks", [inline(risk) for risk in answer["recovery_package"]["outstanding_risks"]])


def _components(answer: Json) -> list[str]:
    return bullets("Components", [inline(name) for name in answer["recovery_package"]["affected_components"]])


def _by_others(answer: Json) -> list[str]:
    """What the steps do not name already: there is the newest for each path."""
    earlier = [row for row in answer["recovery_package"]["changed_since_by_others"] if not row["newest"]]
    return bullets("Changed by others before that", [_other(row) for row in earlier])


def _other(row: Json) -> str:
    by = f"{row['commit'][:10]} by {inline(row['author'])}: {inline(row['subject'])}"
    name = f" renamed to {code(row['renamed_to'])}" if row["renamed_to"] else ""
    return f"{code(row['path'])}{name} in {by}"


def _commits(answer: Json) -> list[str]:
    return bullets("Commits", [_commit(row) for row in answer["recovery_package"]["commits"]])


def _unclaimed_commits(answer: Json) -> list[str]:
    rows = answer["recovery_package"]["unclaimed_commits"]
    lines = [f"{_commit(row)}: {_some_paths(row['paths'])}" for row in rows]
    commands = dict.fromkeys(row["command"] for row in rows if row["command"])
    lines += [f"to claim them where nobody goes on with that session: {code(one)}" for one in commands]
    return bullets("Commits in no claim", lines)


def _some_paths(paths: list[str]) -> str:
    more = f" and {len(paths) - 10} more" if len(paths) > 10 else ""
    return ", ".join(code(path) for path in paths[:10]) + more


def _commit(row: Json) -> str:
    shared = ", shared with other tasks" if row["shared"] else ""
    return f"{row['id'][:10]} {inline(row['subject'])} ({inline(row['author'])}; by {row['via']}{shared})"


def _unreadable(answer: Json) -> list[str]:
    rows = [f"{code(p['path'])}:{p['line']}: {inline(p['message'])}" for p in answer["problems"]]
    return bullets("Unreadable records", rows)


SECTIONS: Mapping[str, Callable[[Json], list[str]]] = {
    "title": _title,
    "criteria": _criteria,
    "tasks": _tasks,
    "steps": _steps,
    "handoff": handoff_lines,
    "description": _text_of("description", "Description"),
    "tree": _tree,
    "commands": _commands,
    "also": _also,
    "files": _files,
    "reverts": _reverts,
    "markers": _markers,
    "decisions": _decisions,
    "risks": _risks,
    "session": session_lines,
    "results": _text_of("results", "Results"),
    "notes": _text_of("notes", "Notes"),
    "others": _by_others,
    "components": _components,
    "commits": _commits,
    "unclaimed": _unclaimed_commits,
    "local": lambda answer: local_lines(answer["recovery_package"]["local"]),
    "unreadable": _unreadable,
    "omitted": omitted_lines,
}
"""The sections in their order; each is made from the answer alone, so that its cost can be told alone."""
