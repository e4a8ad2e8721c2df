"""A review as Markdown: for people, or as a comment on GitHub or GitLab."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from taskorch.services.binding import decided
from taskorch.services.markdown import bullets, code, counted, inline, silent
from taskorch.services.shapes import Json

MARKER = "<!-- taskorch review -->"
"""The first line of a comment, by which a program finds its own to change it; nobody sees it."""

_LONG = 10
_LONGEST_TEXT = 300
_FOR_HEADINGS = 400
_WORST_FIRST = ("failed", "partial", "unknown", "pending", "not counted", "landed")


@dataclass(frozen=True, slots=True)
class Flavor:
    """How a text of strangers is written there, and as code, and how many characters a comment takes.

    Without a limit it is a page for people, no comment.
    """

    text: Callable[[str], str]
    code: Callable[[str], str]
    limit: int = 0


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"


_SILENT = (lambda text: silent(_short(text)), lambda text: code(_short(text)))
FLAVORS = {
    "markdown": Flavor(inline, code),
    "github": Flavor(*_SILENT, limit=65_536),
    "gitlab": Flavor(*_SILENT, limit=1_000_000),
}
"""Limits: GitHub refuses a longer comment (`maximum is 65536 characters`), GitLab a longer note."""


@dataclass(frozen=True, slots=True)
class _Section:
    """Rows of the answer under a title, and how one is written."""

    title: str
    rows: Sequence[Any]
    written: Callable[[Any, Flavor], str]
    after: Sequence[str] = ()


def markdown(data: Json, form: str = "markdown") -> str:
    """The whole review, in one of the `FLAVORS`.

    A comment begins with its `MARKER` and the verdict, folds long lists, and is never longer than its
    place takes: what was left out is counted.
    """
    flavor = FLAVORS[form]
    base = (data["base"] or "")[:10] or "the beginning"
    head = [f"# Review of {base}..{data['head'][:10]}", ""]
    if flavor.limit:
        return _comment(data, flavor, [MARKER, *head])
    if not data["commits"]:
        return "\n".join([*head, "The range is empty: nothing to review."]) + "\n"
    out = [*head, f"{counted(data['commits'], 'commit')}.", ""]
    for one in _sections(data):
        out += [*bullets(one.title, [one.written(row, flavor) for row in one.rows]), *one.after]
    if not data["problems"]:
        out.append("No problems." + _untold(data))
    return "\n".join(out).rstrip() + "\n"


def _sections(data: Json) -> list[_Section]:
    unknown = any(one["from"] == "unknown" for one in [*data["tasks"], *data["decisions"]])
    words = "Where it says unknown, the record at the base is not in this clone or cannot be read."
    return [
        _Section("Tasks", data["tasks"], _task),
        _Section("Decisions", data["decisions"], _decision, (words, "") * unknown),
        _Section("Hand-offs", [one for one in data["sessions"] if one["handoff"]], _handoff),
        _Section("Claims", data["claims"], _claim),
        _Section("Changed, but in no claim", data["unclaimed"], _path),
        _Section("Problems", data["problems"], _problem),
    ]


def _comment(data: Json, flavor: Flavor, head: list[str]) -> str:
    worst = sorted(data["claims"], key=lambda one: _WORST_FIRST.index(one["counts_as"]))
    *others, troubles = _sections(data | {"claims": worst})
    left = [troubles, *others]
    out = "\n".join([*head, _verdict(data), "", ""])
    see = f"taskorch review {(data['base'] or '')[:10] + '..' if data['base'] else ''}{data['head'][:10]}"
    while left:
        one, *left = left
        room = flavor.limit - len(out) - _FOR_HEADINGS * (len(left) + 1)
        lines = [*_folding(one, flavor, room, see), *one.after, ""] if one.rows else []
        out += "\n".join(lines)
    return out.rstrip() + "\n"


def _folding(one: _Section, flavor: Flavor, room: int, see: str) -> list[str]:
    """A heading and as many items as there is room for (in characters), folded where they are many."""
    shown: list[str] = []
    for row in one.rows:
        item = f"- {one.written(row, flavor)}"
        room -= len(item) + 1
        if room < 0:
            break
        shown.append(item)
    missing = len(one.rows) - len(shown)
    more = [f"- and {missing} more: {code(see)} shows all"] if missing else []
    if len(one.rows) <= _LONG:
        return [f"## {one.title}", "", *shown, *more, ""]
    summary = f"<summary>{len(one.rows)} in all</summary>"
    return [f"## {one.title}", "", "<details>", summary, "", *shown, *more, "", "</details>", ""]


def _verdict(data: Json) -> str:
    """The whole in one line."""
    if not data["commits"]:
        return "The range is empty: nothing to review."
    problems = len(data["problems"])
    claims = Counter(one["counts_as"] for one in data["claims"])
    done = sum(one["to"] == "completed" for one in data["tasks"])
    facts = [counted(data["commits"], "commit")]
    facts += [f"{counted(done, 'task')} completed"] if done else []
    facts += [counted(len(data["decisions"]), "decision")] if data["decisions"] else []
    facts += [f"{claims['landed']} of {counted(claims.total(), 'claim')} landed"] if claims else []
    facts += [f"{counted(len(data['unclaimed']), 'file')} in no claim"] if data["unclaimed"] else []
    sign, words = ("❌", counted(problems, "problem")) if problems else ("✅", "No problems")
    return f"{sign} **{words}.** {', '.join(facts)}.{_untold(data)}"


def _untold(data: Json) -> str:
    untold = sum(one["counts_as"] == "unknown" for one in data["claims"])
    return f" Of {counted(untold, 'claim')} the history does not tell." if untold else ""


def _task(one: Json, flavor: Flavor) -> str:
    tick = f"[{'x' if one['to'] == 'completed' else ' '}] " if flavor.limit else ""
    ticked = f", {one['criteria_done']}/{one['criteria_total']} criteria" if one["criteria_total"] else ""
    forced = f", **by force**: {flavor.text(one['forced'])}" if one["forced"] else ""
    line = (
        f"{tick}{one['id']} {flavor.text(one['title'])}: {one['from'] or 'new'} -> {one['to'] or 'removed'}"
    )
    result = one["results"].splitlines()[0] if one["results"] else one["reason"] or ""
    return f"{line}{ticked}{forced}" + (f"\n  {flavor.text(result)}" if result else "")


def _decision(one: Json, flavor: Flavor) -> str:
    was = f"{one['from']} -> " if one["from"] not in (None, one["status"]) else ""
    again = " again" if one["again"] and not was else ""
    instead = _links(one, flavor)
    line = f"{one['id']} {flavor.text(one['title'])}: {was}{one['status'] or 'removed'}{again}{instead}"
    if one["status"] == "superseded":
        more = " (more than one stands)" if len(one["instead"]) > 1 else ""
        return line + more  # its reasons are history
    return "\n  ".join([line, *(flavor.text(said.splitlines()[0]) for said in decided(one))])


def _links(one: Json, flavor: Flavor) -> str:
    """What a decision is to others, and what took its place."""
    said = (
        ("in place of", one["supersedes"]),
        ("takes back", one["reverses"]),
        ("refines", one["refines"]),
        ("clarifies", one["clarifies"]),
        ("by", one["superseded_by"] if one["status"] == "superseded" else ()),
    )
    return "".join(f", {words} {flavor.text(', '.join(names))}" for words, names in said if names)


def _handoff(one: Json, flavor: Flavor) -> str:
    agent = f" of {flavor.text(one['agent'])}" if one["agent"] else ""
    return f"{one['id']}{agent}: {flavor.text(' '.join(one['handoff'].split()))}"


def _claim(one: Json, flavor: Flavor) -> str:
    path = (
        f"{flavor.code(one['from'])} -> {flavor.code(one['path'])}"
        if one["from"]
        else flavor.code(one["path"])
    )
    detail = f" ({flavor.text(one['detail'])})" if one["detail"] else ""
    return f"**{one['rung']}** {one['op']} {path} for {one['task']}{detail}"


def _path(path: str, flavor: Flavor) -> str:
    return flavor.code(path)


def _problem(one: Json, flavor: Flavor) -> str:
    return f"{flavor.code(one['path'])}:{one['line']}:{one['column']}: {flavor.text(one['message'])}"
