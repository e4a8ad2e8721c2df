"""A synthesis as Markdown: first what can be said of the whole, then each result.  Record texts are data."""

from __future__ import annotations

from taskorch.services.markdown import bullets, code, counted, fenced, inline
from taskorch.services.shapes import Json

_STATUS = {"pending": "not begun", "active": "under way", "blocked": "blocked", "failed": "failed"}


def markdown(data: Json) -> str:
    """The whole answer."""
    out = [f"# {data['task_id']}: {inline(data['title'])}", "", verdict(data), ""]
    out += bullets("Not so yet", [inline(one) for one in data["concerns"]])
    out += _body(data)
    done = [row for row in data["subtasks"] if row["status"] == "completed"]
    rest = [row for row in data["subtasks"] if row["status"] != "completed"]
    out += _sections("Results", done)
    out += _sections("Without a result to rely on", rest)
    left = [f"{one['id']} {inline(one['title'])}{_why(one)}" for one in data["left_out"]]
    out += bullets("Left out (cancelled or deleted)", left)
    return "\n".join(out).rstrip() + "\n"


def verdict(data: Json) -> str:
    """What can be said of the whole, in a sentence or two, and no more than that."""
    total, done = data["summary"]["total"], data["summary"]["completed"]
    said = (
        f"{done} of {counted(total, 'subtask')} {'is' if done == 1 else 'are'} completed."
        if total
        else f"It has no subtasks; it is {data['status']} itself."
    )
    if data["finished"]:
        where = data["target"]["revision"]
        files = any(row["landed"] for row in [*data["subtasks"], data])
        landed = f", and what they claim has landed in {inline(where)}" if files and where else ""
        return f"**Finished**{landed}. {said}"
    return f"**Not finished.** {said}"


def _body(data: Json) -> list[str]:
    out: list[str] = []
    for key, title in (("description", "Description"), ("results", "Its own results")):
        out += [f"## {title}", "", *fenced(data[key]), ""] if data[key] else []
    return out + _artifacts(data)


def _sections(title: str, rows: list[Json]) -> list[str]:
    out = [f"## {title}", ""]
    for row in rows:
        role = f", {inline(row['specialist'])}" if row["specialist"] else ""
        out += [
            f"### {row['id']}: {inline(row['title'])} ({_STATUS.get(row['status'], row['status'])}{role})",
            "",
        ]
        out += [f"Completed by force: {inline(row['forced'])}", ""] if row["forced"] else []
        out += [f"Why: {inline(row['reason'])}", ""] if row["reason"] else []
        found = row["landed"]
        files = f"{found['landed']} of {counted(found['files'], 'file change')} landed." if found else ""
        out += [files, ""] if files else []
        out += [*fenced(row["results"]), ""] if row["results"] else ["No results are recorded.", ""]
        out += _artifacts(row)
    return out if rows else []


def _artifacts(row: Json) -> list[str]:
    return [f"Artifacts: {', '.join(map(code, row['artifacts']))}", ""] if row["artifacts"] else []


def _why(one: Json) -> str:
    return f": {inline(one['reason'])}" if one["reason"] else ""
