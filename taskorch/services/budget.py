"""Fitting a recovery package into a number of tokens: the least valuable goes first, and is named."""

from __future__ import annotations

from taskorch.services.recovery_text import markdown
from taskorch.services.shapes import Json

CHARACTERS_PER_TOKEN = 4
_LONG_TEXT = 400

# Where lists can be cut, the least valuable first: (place, how many stay, what shows the rest).
_CUTS = (
    (("task", "notes"), 0, "taskorch task show {task}"),
    (("session_info", "notes"), 0, "taskorch session show {session}"),
    (("recovery_package", "commits"), 5, "git log"),
    (("recovery_package", "affected_components"), 5, "taskorch decision list"),
    (("recovery_package", "changed_since_by_others"), 3, "taskorch recover {task} --json --budget 100000"),
    (("recovery_package", "outstanding_risks"), 3, "taskorch decision list"),
    (("recovery_package", "local", "journal"), 10, "taskorch session status"),
    (("recovery_package", "local", "worktree"), 10, "git status"),
    (("recovery_package", "local", "index"), 10, "git status"),
    (("recovery_package", "files_created"), 10, "taskorch verify --task {task}"),
    (("recovery_package", "files_modified"), 10, "taskorch verify --task {task}"),
    (("recovery_package", "files_deleted"), 5, "taskorch verify --task {task}"),
    (("recovery_package", "files_moved"), 5, "taskorch verify --task {task}"),
    (("recovery_package", "key_decisions"), 3, "taskorch decision list --task {task}"),
    (("task", "results"), _LONG_TEXT, "taskorch task show {task}"),
    (("session_info", "purpose"), _LONG_TEXT, "taskorch session show {session}"),
    (("session_info", "summary"), _LONG_TEXT, "taskorch session show {session}"),
    (("recovery_package", "continuation_guidance"), 12, "taskorch verify --task {task}"),
    (("task", "description"), _LONG_TEXT, "taskorch task show {task}"),
    (("recovery_package", "files_created"), 0, "taskorch verify --task {task}"),
    (("recovery_package", "files_modified"), 0, "taskorch verify --task {task}"),
    (("recovery_package", "key_decisions"), 0, "taskorch decision list --task {task}"),
)


def tokens(text: str) -> int:
    """The estimated number of tokens of a text."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def fit(answer: Json, budget: int) -> Json:
    """The package cut until its Markdown is within the budget, or nothing more can go."""
    names = {
        "task": answer["task_id"] or "",
        "session": (answer["session_info"] or {}).get("id", ""),
    }
    for place, keep, see in _CUTS:
        while tokens(markdown(answer)) > budget:
            if not _cut(answer, place, keep, see.format(**names)):
                break
    return answer


def _cut(answer: Json, place: tuple[str, ...], keep: int, see: str) -> bool:
    """Halve what is at a place, not below `keep`; whether anything went."""
    home = answer
    for key in place[:-1]:
        if not isinstance(home.get(key), dict):
            return False
        home = home[key]
    value = home.get(place[-1])
    if not isinstance(value, (list, str)) or len(value) <= keep:
        return False
    kept = max(keep, len(value) // 2)
    home[place[-1]] = value[:kept]
    omitted = answer["recovery_package"]["omitted"]
    what = place[-1]
    row = next((one for one in omitted if one["what"] == what), None)
    if row:
        row["count"] += len(value) - kept
    else:
        unit = "items" if isinstance(value, list) else "characters"
        omitted.append({"what": what, "count": len(value) - kept, "unit": unit, "see": see})
    return True
