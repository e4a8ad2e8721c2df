"""Sessions and hand-offs of a recovery package as lines of Markdown, and where a record's text comes from."""

from __future__ import annotations

import re

from taskorch.services.markdown import fenced, inline
from taskorch.services.shapes import Json


def handoff_lines(answer: Json) -> list[str]:
    """The hand-offs of a task that stand, the last first; of a project or branch those of the last ones."""
    last = [answer["session_info"]] if answer["session_info"] else []
    sessions = [*(last if answer["scope"] in ("task", "session") else ()), *answer.get("handoffs", ())]
    out: list[str] = []
    for one in sessions:
        if one["handoff"]:
            of_tasks = ", ".join(named(task) for task in one.get("tasks", ()))
            whose = f"For {of_tasks}. {origin(one).strip()}" if of_tasks else origin(one).strip()
            out += [f"## Hand-off of {one['id']}", "", whose, "", *fenced(one["handoff"]), ""]
    return out


def session_lines(answer: Json) -> list[str]:
    """The last session, but for what it handed on."""
    one = answer["session_info"] if answer["scope"] != "session" else None
    return ["## Last session", "", *session_texts(one)] if one else []


def session_texts(one: Json) -> list[str]:
    """Who was at work when and where, and what was written down but for the hand-off."""
    ended = f"to {_minute(one['ended'])}" if one["ended"] else "not ended"
    on_branch = f", on {inline(one['branch'])}" if one["branch"] else ""
    who = f"{one['id']}, {inline(one['agent'] or '')}, {_minute(one['created'])} {ended}{on_branch}"
    out = [f"{who}.{origin(one)}", ""]
    for key, heading in (("purpose", "Purpose"), ("summary", "Summary"), ("notes", "Notes")):
        if one[key]:
            out += [f"{heading}:", "", *fenced(one[key]), ""]
    return out


def _minute(instant: str) -> str:
    """An instant of UTC without its seconds."""
    return re.sub(r"(T\d\d:\d\d):[\d.]+Z$", r"\1Z", instant)


def named(one: Json) -> str:
    """A task or decision by id, title and status."""
    return f"{one['id']} {inline(one['title'])} ({one['status']})"


def origin(one: Json) -> str:
    """Where a record's text comes from."""
    by = (
        f" Recorded by {inline(one['author'])} in {one['commit'][:10]}."
        if one["commit"]
        else " Recorded before this shallow history begins."
        if one.get("cut_off")
        else " Not committed."
    )
    why = "no default branch can be told here" if one["no_default"] else "not so on the default branch"
    return by + (f" **Unreviewed**: {why}." if one["unreviewed"] else "")
