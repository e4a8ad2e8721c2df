"""Fitting a recovery package into a number of tokens: the least valuable goes first, and is named."""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import dataclass
from shlex import quote
from typing import Any

from taskorch.services.recovered.shown_elsewhere import counted_as_shown
from taskorch.services.recovered.text import SECTIONS, section
from taskorch.services.recovered.tokens import weight
from taskorch.services.shapes import Json
from taskorch.services.shell_words import reading


@dataclass(frozen=True, slots=True)
class _Cut:
    """A list or text that can be shortened to `keep` items or characters, and what shows the rest."""

    section: str
    place: tuple[str, ...]
    keep: int
    see: str

    @property
    def what(self) -> str:
        """What is left out, by its key; the texts of records with the record's kind before it."""
        kind = {"task": "task ", "session_info": "session ", "handoffs": "session "}.get(self.place[0], "")
        return f"{kind}{self.place[-1]}" if len(self.place) > 1 else self.place[-1]


_FEW = 1000
"""Up to so many tokens one command that shows the whole is named for all that is left out."""

_WHOLE = "{recover} --budget 1000000"
_SHOW, _SESSION = "taskorch task show {task}", "taskorch session show {session}"
_VERIFY, _DECISIONS = "taskorch verify {scope}", "taskorch decision list{at}"


def _of(section: str, place: str, keep: int, see: str = _WHOLE) -> _Cut:
    """A cut of what stands in the package itself, or at a dotted place of the answer."""
    parts = tuple(place.split("."))
    whole = parts if parts[0] in _OF_ANSWER else ("recovery_package", *parts)
    return _Cut(section, whole, keep, see)


_OF_ANSWER = (
    "task",
    "session_info",
    "handoffs",
    "problems",
    "tasks",
    "active_tasks",
    "ready_tasks",
    "also_under_way",
)

# What can be cut, the least valuable first.
_CUTS = (
    _of("session", "session_info.notes", 0, _SESSION),
    _of("commits", "commits", 5),
    _of("components", "affected_components", 5),
    _of("others", "changed_since_by_others", 5),
    _of("notes", "task.notes", 400, _SHOW),
    _of("risks", "outstanding_risks", 3, _DECISIONS),
    _of("local", "local.journal", 10, "taskorch session status"),
    _of("local", "local.worktree", 10, "git status"),
    _of("local", "local.index", 10, "git status"),
    _of("local", "local.branches", 5),
    _of("local", "local.on_branches", 2),
    _of("local", "local.decided_on_branches", 3),
    _of("local", "local.stashes", 3, "git stash list"),
    _of("reverts", "reverts", 3),
    _of("markers", "markers", 5),
    _of("unclaimed", "unclaimed_commits", 5),
    _of("files", "files_deleted", 5, _VERIFY),
    _of("files", "files_moved", 5, _VERIFY),
    _of("files", "files_created", 10, _VERIFY),
    _of("files", "files_modified", 10, _VERIFY),
    _of("decisions", "key_decisions", 3, _DECISIONS),
    _of("results", "task.results", 400, _SHOW),
    _of("session", "session_info.purpose", 200, _SESSION),
    _of("session", "session_info.summary", 400, _SESSION),
    _of("description", "task.description", 800, _SHOW),
    _of("steps", "continuation_guidance", 15),
    _of("tree", "task.subtasks", 10, _SHOW),
    _of("also", "also_under_way", 5, "taskorch task list{at}"),
    _of("tasks", "ready_tasks", 3, "taskorch task ready{at}"),
    _of("handoff", "handoffs", 2, "taskorch session list{at}"),
    _of("unreadable", "problems", 5, "taskorch doctor"),
    # what was left goes by and by, the same order again
    _of("commits", "commits", 0),
    _of("components", "affected_components", 0),
    _of("others", "changed_since_by_others", 0),
    _of("notes", "task.notes", 0, _SHOW),
    _of("reverts", "reverts", 0),
    _of("risks", "outstanding_risks", 0, _DECISIONS),
    _of("results", "task.results", 0, _SHOW),
    _of("session", "session_info.purpose", 0, _SESSION),
    _of("session", "session_info.summary", 0, _SESSION),
    _of("markers", "markers", 0),
    _of("local", "local.journal", 2, "taskorch session status"),
    _of("local", "local.worktree", 2, "git status"),
    _of("local", "local.index", 2, "git status"),
    _of("unclaimed", "unclaimed_commits", 0),
    _of("files", "files_moved", 0, _VERIFY),
    _of("files", "files_deleted", 0, _VERIFY),
    _of("decisions", "key_decisions", 0, _DECISIONS),
    _of("files", "files_created", 0, _VERIFY),
    _of("files", "files_modified", 0, _VERIFY),
    _of("commands", "recovery_recommendations", 3),
    _of("tree", "task.subtasks", 0, _SHOW),
    _of("tree", "task.needed_by", 0, _SHOW),
    _of("tree", "task.builds_on", 2, _SHOW),
    _of("description", "task.description", 200, _SHOW),
    _of("handoff", "handoffs", 1, "taskorch session list{at}"),
    _of("handoff", "session_info.handoff", 1200, _SESSION),
    _of("handoff", "handoffs.0.handoff", 1200, "taskorch session list{at}"),
    _of("tasks", "ready_tasks", 1, "taskorch task ready{at}"),
    _of("also", "also_under_way", 2, "taskorch task list{at}"),
    _of("tasks", "active_tasks", 10, "taskorch task list --status active{at}"),
    _of("tasks", "tasks", 10),
    _of("steps", "continuation_guidance", 8),
    _of("criteria", "task.criteria", 10, _SHOW),
    _of("commands", "recovery_recommendations", 1),
    _of("local", "local.stashes", 0, "git stash list"),
    _of("local", "local.branches", 0),
    _of("local", "local.on_branches", 1),
    _of("local", "local.decided_on_branches", 0),
    _of("local", "local.checkpoints", 2, "taskorch restore --list"),
    _of("description", "task.description", 0, _SHOW),
    _of("handoff", "session_info.handoff", 200, _SESSION),
    _of("steps", "continuation_guidance", 4),
    _of("criteria", "task.criteria", 3, _SHOW),
    _of("steps", "continuation_guidance", 2),
    _of("handoff", "session_info.handoff", 60, _SESSION),
    _of("handoff", "handoffs.0.handoff", 100, "taskorch session list{at}"),
    _of("also", "also_under_way", 0, "taskorch task list{at}"),
    _of("tasks", "active_tasks", 3, "taskorch task list --status active{at}"),
    _of("tasks", "tasks", 3),
    _of("unreadable", "problems", 1, "taskorch doctor"),
)

_LAST = {cut.what: number for number, cut in enumerate(_CUTS)}
"""The later something is cut for the last time, the sooner it is named: the most valuable first."""


def fit(answer: Json, budget: int, *, at: str | None = None) -> Json:
    """The package cut until its Markdown is within the budget, or nothing more can go.

    ``estimated_tokens`` says what it came to.  `at` is the revision it was read from.
    """
    costs = {name: _cost(answer, name) for name in SECTIONS}
    names = _names(answer, at)
    if sum(costs.values()) > budget:
        with counted_as_shown(answer):
            for cut in _CUTS:
                if sum(costs.values()) <= budget:
                    break
                see = (_WHOLE if budget < _FEW else cut.see).format(**names)
                _shorten(answer, cut, see, budget, costs)
    answer["recovery_package"]["over_budget"] = sum(costs.values()) > budget
    if answer["recovery_package"]["over_budget"]:
        costs["omitted"] = _cost(answer, "omitted")
    answer["recovery_package"]["estimated_tokens"] = round(sum(costs.values()))
    return answer


def _names(answer: Json, at: str | None) -> dict[str, str]:
    """What the commands that show the rest need to name."""
    task, scope = answer["task_id"] or "", answer["scope"]
    session = (answer["session_info"] or {}).get("id", "")
    shown = reading(at)
    whole = {"task": f" {task}", "session": f" --session {session}", "project": ""}
    whole["branch"] = f" --branch {quote(answer['branch']['name'])}" if scope == "branch" else ""
    verified = {"task": f"--task {task}", "session": f"--session {session}"}.get(scope, "--all")
    return {
        "recover": f"taskorch recover{whole[scope]}{shown}",
        "task": f"{task}{shown}",
        "session": f"{session}{shown}",
        "scope": f"{verified}{shown}",
        "at": shown,
    }


def _shorten(answer: Json, cut: _Cut, see: str, budget: int, costs: dict[str, float]) -> None:
    """Shorten what is at the place of a cut, as little as the budget asks for.

    Where the mark that names what is left out takes more than it saves, nothing is cut.
    """
    home: Any = answer
    for key in cut.place[:-1]:
        home = home.get(key) if isinstance(home, dict) else home[0] if home else None
    value = whole = home.get(cut.place[-1]) if isinstance(home, dict) else None
    omitted, before = deepcopy(answer["recovery_package"]["omitted"]), dict(costs)
    while value and len(value) > cut.keep and (excess := sum(costs.values()) - budget) > 0:
        share = math.ceil(len(value) * excess / max(1.0, _here(cut, answer, costs))) + len(value) // 50
        kept = max(cut.keep, len(value) - max(1, share))
        _tell(answer, cut, len(value) - kept, "characters" if isinstance(value, str) else "items", see)
        value = value[:kept] if isinstance(value, str) else _first(value, kept)
        home[cut.place[-1]] = value
        for name in {cut.section, "omitted", "title" if cut.section == "session" else "omitted"}:
            costs[name] = _cost(answer, name)
    if value is not whole and sum(costs.values()) >= sum(before.values()):
        home[cut.place[-1]] = whole
        answer["recovery_package"]["omitted"] = omitted
        costs |= before


def _here(cut: _Cut, answer: Json, costs: dict[str, float]) -> float:
    """The cost of the section that a cut shortens: the texts of a session stand below its title."""
    return costs["title" if cut.section == "session" and answer["scope"] == "session" else cut.section]


def _first(items: list[Any], number: int) -> list[Any]:
    """The first items, of criteria the open ones before those that are done, in their order."""
    done = [isinstance(item, dict) and bool(item.get("done")) for item in items]
    kept = sorted(sorted(range(len(items)), key=lambda at: (done[at], at))[:number])
    return [items[at] for at in kept]


def _tell(answer: Json, cut: _Cut, count: int, unit: str, see: str) -> None:
    omitted = answer["recovery_package"]["omitted"]
    what = cut.what
    row = next((one for one in omitted if one["what"] == what), None)
    if row:
        row["count"] += count
    else:
        omitted.append({"what": what, "count": count, "unit": unit, "see": see})
        omitted.sort(key=lambda row: -_LAST[row["what"]])


def _cost(answer: Json, name: str) -> float:
    """The tokens of one section, with the line break behind it."""
    lines = section(answer, name)
    return weight("\n".join([*lines, ""])) if lines else 0.0
