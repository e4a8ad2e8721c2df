"""The context of a specialist as Markdown, for people and agents.

Texts of records stand in fences longer than any in them, or on one line in which nothing is structure:
they are data.
"""

from __future__ import annotations

from taskorch.services.binding import decided
from taskorch.services.markdown import bullets, code, counted, fenced, inline
from taskorch.services.shapes import Json

MOST = 4000
"""Characters of a single text that are shown; the record has all."""

_DID = {"create": "created", "modify": "modified", "delete": "deleted", "move": "moved", "copy": "copied"}
_MOST_FILES = 50


def markdown(parts: Json) -> str:
    """All parts that have something to say."""
    sections = (_title, _role, _task, _dependencies, _decisions, _conventions, _problems)
    return "\n".join(line for section in sections for line in section(parts)).rstrip() + "\n"


def _title(parts: Json) -> list[str]:
    task = parts["task"]
    known = [f"{key} {task[key]}" for key in ("priority", "complexity") if task[key]]
    facts = ", ".join([f"status {task['status']}", *known])
    return [f"# {task['id']}: {inline(task['title'])}", "", f"{facts}.", ""]


def _role(parts: Json) -> list[str]:
    role = parts["role"]
    if not role:
        return []
    out = [f"## Role: {inline(role['name'])}", ""]
    if not role["defined"]:
        name = code(f"{role['folder']}/{role['name']}.yaml")
        return [*out, f"No role file says what this role is; {name} would.", ""]
    out += [_flat(role["role_definition"]), ""] if role["role_definition"] else []
    for key, title in (("expertise", "Expertise"), ("approach", "Approach")):
        out += [f"{title}:", "", *(f"- {_flat(one)}" for one in role[key]), ""] if role[key] else []
    out += [f"Output: {_flat(role['output_format'])}", ""] if role["output_format"] else []
    told = ", ".join(code(path) for path in role["sources"])
    return [*out, f"(Told by {told}.)", ""] if told else out


def _task(parts: Json) -> list[str]:
    task, out = parts["task"], []
    if task["description"]:
        out += ["## Description", "", *_text(task["description"], task["id"]), ""]
    ticked = [
        f"[{'x' if one['done'] else ' '}] {one['number']}: {inline(one['text'])}" for one in task["criteria"]
    ]
    out += bullets("Acceptance criteria", ticked)
    if task["notes"]:
        out += ["## Notes", "", *_text(task["notes"], task["id"]), ""]
    above = task["parent"]
    if above:
        out += [f"## Part of {above['id']}: {inline(above['title'])}", ""]
        out += [*_text(above["description"], above["id"]), ""] if above["description"] else []
    return out


def _dependencies(parts: Json) -> list[str]:
    out: list[str] = []
    for one in parts["dependencies"]:
        if one["title"] is None:
            why = "cannot be read" if one["unreadable"] else "is no task here"
            out += [f"### {one['id']} {why}", ""]
            continue
        out += [f"### {one['id']}: {inline(one['title'])} ({one['status']})", ""]
        out += [f"Completed by force: {inline(one['forced'])}", ""] if one["forced"] else []
        out += [*_text(one["results"], one["id"]), ""] if one["results"] else []
        out += [f"Artifacts: {', '.join(map(code, one['artifacts']))}", ""] if one["artifacts"] else []
        out += _files(one["files"])
    return ["## What it builds on", "", *out] if out else []


def _files(rows: list[Json]) -> list[str]:
    shown = [f"- {_DID[row['op']]} {code(row['path'])}{_source(row)}" for row in rows[:_MOST_FILES]]
    more = len(rows) - len(shown)
    return [*shown, *([f"- and {counted(more, 'more file')}"] if more else []), ""] if rows else []


def _source(row: Json) -> str:
    return f" from {code(row['from'])}" if row["from"] else ""


def _decisions(parts: Json) -> list[str]:
    out: list[str] = []
    for one in parts["decisions"]:
        out += [f"### {one['id']}: {inline(one['title'])}", "", f"{_standing(one)}.{_reach(one)}", ""]
        for number, said in enumerate(decided(one)):
            out += [*(["Because:", ""] if number else []), *_text(said, one["id"], "decision"), ""]
    return ["## Decisions that bind it", "", *out] if out else []


def _standing(one: Json) -> str:
    words = {"accepted": "accepted", "proposed": "proposed, nobody has accepted it yet"}
    mark = "; **unreviewed**: not so on the default branch" if one["unreviewed"] else ""
    return words.get(one["status"], f"status {one['status']}") + mark


def _reach(one: Json) -> str:
    """Why a decision binds the task."""
    out = f" Taken for {', '.join(one['for_tasks'])}." if one["for_tasks"] else ""
    return out + (f" Governs {', '.join(map(code, one['governs']))}." if one["governs"] else "")


def _conventions(parts: Json) -> list[str]:
    said = parts["conventions"]
    return bullets(
        f"Conventions of the stream {inline(said['stream'] or '')}", list(map(_flat, said["guidance"]))
    )


def _problems(parts: Json) -> list[str]:
    rows = [f"{code(p['path'])}:{p['line']}: {inline(p['message'])}" for p in parts["problems"]]
    return bullets("Unreadable here", rows)


def _flat(text: str) -> str:
    """A text on one line, its line breaks taken for blanks."""
    return inline(" ".join(text.split()))


def _text(text: str, record_id: str, kind: str = "task") -> list[str]:
    """A text in a fence; of a long one the beginning, and where the rest is."""
    if len(text) <= MOST:
        return fenced(text)
    more = f"({len(text) - MOST:,} more characters: taskorch {kind} show {record_id})"
    return [*fenced(text[:MOST]), "", more]
