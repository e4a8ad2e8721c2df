"""A review as Markdown, for a pull request."""

from __future__ import annotations

from taskorch.services.markdown import bullets, code, counted, inline
from taskorch.services.shapes import Json


def markdown(data: Json) -> str:
    """The whole review."""
    base = (data["base"] or "")[:10] or "the beginning"
    out = [f"# Review of {base}..{data['head'][:10]}", ""]
    if not data["commits"]:
        return "\n".join([*out, "The range is empty: nothing to review."]) + "\n"
    out += [f"{counted(data['commits'], 'commit')}.", ""]
    out += bullets("Tasks", [_task(one) for one in data["tasks"]])
    out += bullets("Decisions", [_decision(one) for one in data["decisions"]])
    if any(one["from"] == "unknown" for one in [*data["tasks"], *data["decisions"]]):
        out += ["Where it says unknown, the record at the base is not in this clone or cannot be read.", ""]
    out += bullets("Claims", [_claim(one) for one in data["claims"]])
    out += bullets("Changed, but in no claim", [code(path) for path in data["unclaimed"]])
    out += bullets("Problems", [_problem(one) for one in data["problems"]])
    if not data["problems"]:
        untold = sum(one["counts_as"] == "unknown" for one in data["claims"])
        out.append(
            "No problems." + (f" Of {counted(untold, 'claim')} the history does not tell." if untold else "")
        )
    return "\n".join(out).rstrip() + "\n"


def _task(one: Json) -> str:
    ticked = f", {one['criteria_done']}/{one['criteria_total']} criteria" if one["criteria_total"] else ""
    forced = f", **by force**: {inline(one['forced'])}" if one["forced"] else ""
    line = f"{one['id']} {inline(one['title'])}: {one['from'] or 'new'} -> {one['to'] or 'removed'}"
    result = one["results"].splitlines()[0] if one["results"] else one["reason"] or ""
    return f"{line}{ticked}{forced}" + (f"\n  {inline(result)}" if result else "")


def _decision(one: Json) -> str:
    was = f"{one['from']} -> " if one["from"] else ""
    instead = f", in place of {inline(', '.join(one['supersedes']))}" if one["supersedes"] else ""
    why = one["rationale"].splitlines()[0] if one["rationale"] else ""
    line = f"{one['id']} {inline(one['title'])}: {was}{one['status']}{instead}"
    return line + (f"\n  {inline(why)}" if why else "")


def _claim(one: Json) -> str:
    path = f"{code(one['from'])} -> {code(one['path'])}" if one["from"] else code(one["path"])
    detail = f" ({inline(one['detail'])})" if one["detail"] else ""
    return f"**{one['rung']}** {one['op']} {path} for {one['task']}{detail}"


def _problem(one: Json) -> str:
    return f"{code(one['path'])}:{one['line']}:{one['column']}: {inline(one['message'])}"
