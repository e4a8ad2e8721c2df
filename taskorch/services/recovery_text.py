"""The recovery package as Markdown, for people and agents.

Texts of records stand in fences longer than any in them, with author and commit: they are data.
"""

from __future__ import annotations

from taskorch.services.local_findings import LOST, SAVING
from taskorch.services.markdown import bullets, code, counted, fenced, inline
from taskorch.services.shapes import Json

_NAMES = {
    "files_created": "Created",
    "files_modified": "Modified",
    "files_moved": "Moved",
    "files_deleted": "Deleted",
}


def markdown(answer: Json) -> str:
    """The whole package."""
    package = answer["recovery_package"]
    out: list[str] = []
    if answer["task"]:
        out += _task(answer["task"])
    else:
        out += _project(answer)
    out += bullets("Next steps", [inline(line) for line in package["continuation_guidance"]])
    out += bullets("Commands", [code(command) for command in package["recovery_recommendations"]])
    out += _session(answer["session_info"])
    out += _files(package)
    out += _decisions(package)
    out += bullets("Risks", [inline(risk) for risk in package["outstanding_risks"]])
    out += bullets("Components", [inline(name) for name in package["affected_components"]])
    out += bullets(
        "Changed since by others",
        [
            f"{code(row['path'])} in {row['commit'][:10]} by {inline(row['author'])}: "
            + inline(row["subject"])
            for row in package["changed_since_by_others"]
        ],
    )
    out += bullets("Commits", [_commit(row) for row in package["commits"]])
    out += _local(package["local"])
    unreadable = [f"{code(p['path'])}:{p['line']}: {inline(p['message'])}" for p in answer["problems"]]
    out += bullets("Unreadable records", unreadable)
    out += bullets(
        "Left out for the budget",
        [
            f"{row['what']}: {counted(row['count'], row['unit'].removesuffix('s'))} ({code(row['see'])})"
            for row in package["omitted"]
        ],
    )
    return "\n".join(out).rstrip() + "\n"


def _task(task: Json) -> list[str]:
    out = [f"# {task['id']}: {inline(task['title'])}", ""]
    facts = [f"status {task['status']}"]
    known = [key for key in ("priority", "specialist", "stream", "assignee") if task[key]]
    facts += [f"{key} {inline(task[key])}" for key in known]
    out += [", ".join(facts) + "." + _from(task), ""]
    if task["reason"]:
        out += [f"Reason: {inline(task['reason'])}", ""]
    if task["forced"]:
        out += [f"Completed by force: {inline(task['forced'])}", ""]
    if task["criteria"]:
        out += ["## Acceptance criteria", ""]
        out += [f"- [{'x' if c['done'] else ' '}] {inline(c['text'])}" for c in task["criteria"]] + [""]
    for key, title in (("description", "Description"), ("results", "Results"), ("notes", "Notes")):
        if task[key]:
            out += [f"## {title}", "", *fenced(task[key]), ""]
    tree = [f"subtask {s['id']} {inline(s['title'])} ({s['status']})" for s in task["subtasks"]]
    tree += [
        f"waits for {s['id']} {inline(s['title'])} ({s['status']})"
        if s["status"]
        else f"waits for {s['id']}, which {'cannot be read' if s['unreadable'] else 'is gone'}"
        for s in task["waits_for"]
    ]
    return out + bullets("Tree and blockers", tree)


def _project(answer: Json) -> list[str]:
    out = ["# Project", ""]
    out += bullets("Active tasks", [_line(one) for one in answer["active_tasks"]])
    out += bullets("Ready tasks", [_line(one) for one in answer["ready_tasks"]])
    for one in answer["handoffs"][1:]:
        out += [f"## Hand-off of {one['id']}", "", _from(one).strip(), "", *fenced(one["handoff"]), ""]
    return out


def _line(one: Json) -> str:
    return f"{one['id']} {inline(one['title'])} ({one['status']}, {one['priority'] or 'medium'})"


def _session(one: Json | None) -> list[str]:
    if not one:
        return []
    when = f"{one['created']} to {one['ended']}" if one["ended"] else f"since {one['created']}, not ended"
    out = ["## Last session", "", f"{one['id']}, {inline(one['agent'] or '')}, {when}.{_from(one)}", ""]
    for key, title in (
        ("purpose", "Purpose"),
        ("summary", "Summary"),
        ("handoff", "Hand-off"),
        ("notes", "Notes"),
    ):
        if one[key]:
            out += [f"{title}:", "", *fenced(one[key]), ""]
    return out


def _files(package: Json) -> list[str]:
    out: list[str] = []
    for key, title in _NAMES.items():
        for row in package[key]:
            source = f" from {code(row['from'])}" if row["from"] else ""
            where = f", now at {code(row['at_path'])}" if row["rung"] == "moved" else ""
            lines = "" if row["added"] is None else f" +{row['added']} -{row['removed']}"
            commits = " ".join(commit[:10] for commit in row["commits"])
            word = "brought by" if row["rung"] == "reverted" else "in"
            found = f"**{row['rung']}**{where}" + (
                f" ({word} {commits})" if word != "in" else f" in {commits}"
            )
            rung = found if commits else f"**{row['rung']}**{where}"
            out.append(f"- {title} {code(row['path'])}{source}{lines}: {rung}")
            if row["detail"] and row["rung"] not in ("exact", "moved"):
                out.append(f"  ({inline(row['detail'])})")
            if row["why"]:
                out.append(f"  why: {inline(row['why'])}")
    told = [line for sentence in package["untold"] for line in (inline(sentence), "")]
    return ["## Files", "", *out, "", *told] if out else []


def _decisions(package: Json) -> list[str]:
    out: list[str] = []
    for one in package["key_decisions"]:
        stands = "" if one["stands"] else " (no longer stands)"
        out += [f"### {one['id']}: {inline(one['title'])}", "", f"{one['status']}{stands}.{_from(one)}", ""]
        out += [*fenced(one["rationale"]), ""] if one["rationale"] else []
    return ["## Decisions", "", *out] if out else []


def _commit(row: Json) -> str:
    shared = ", shared with other tasks" if row["shared"] else ""
    return f"{row['id'][:10]} {inline(row['subject'])} ({inline(row['author'])}; by {row['via']}{shared})"


def _local(local: Json) -> list[str]:
    kept = [*local.get("checkpoints", []), *local.get("journal", [])]
    out = [f"- in the safety store: {_change(row)}" for row in kept if row["change"] == LOST]
    seen = [row for row in kept if row["change"] != LOST]
    out += [f"- observed here, not recorded yet: {_change(row)}" for row in seen]
    for place in ("worktree", "index"):
        rows = [row for row in local.get(place, []) if row["command"] != SAVING]
        out += [f"- {place}: {_change(row)}" for row in rows]
    records = [row for row in local.get("worktree", []) if row["command"] == SAVING]
    if records:
        mine = sum(row["of_task"] for row in records)
        what = counted(len(records), "record")
        of_task = f", {mine} of this task" if mine else ""
        out.append(f"- worktree: {what} not committed{of_task}: {code(SAVING)}")
    for row in local.get("stashes", []):
        what = f"{inline(row['subject'])}, {counted(len(row['paths']), 'path')}{_mark(row)}"
        out.append(f"- {row['ref']}: {what}: {code(row['command'])}")
    return ["## Only in this repository", "", *out, ""] if out else []


def _change(row: Json) -> str:
    return f"{row['change']} {code(row['path'])}{_mark(row)}: {code(row['command'])}"


def _mark(row: Json) -> str:
    return " (this task)" if row["of_task"] else ""


def _from(one: Json) -> str:
    """Where a record's text comes from."""
    by = (
        f" Recorded by {inline(one['author'])} in {one['commit'][:10]}."
        if one["commit"]
        else " Recorded before this shallow history begins."
        if one.get("cut_off")
        else " Not committed."
    )
    return by + (" **Unreviewed**: not so on the default branch." if one["unreviewed"] else "")
