"""Words of other systems for how far a task is and how much it matters, as ours."""

from __future__ import annotations

import re

# What means the same as one of our words.
_SAME = {
    "pending": "pending", "to do": "pending", "todo": "pending", "open": "pending", "new": "pending",
    "not started": "pending",
    "active": "active", "in progress": "active", "inprogress": "active", "doing": "active",
    "blocked": "blocked",
    "completed": "completed", "complete": "completed", "done": "completed", "closed": "completed",
    "finished": "completed",
    "failed": "failed",
    "cancelled": "cancelled", "canceled": "cancelled",
}  # fmt: skip
# What is near one of our words and says more, which a label keeps.
_NEAR = {
    "review": "active", "in review": "active", "code review": "active", "reviewing": "active",
    "testing": "active", "in testing": "active", "qa": "active", "started": "active", "hooked": "active",
    "ready": "pending", "backlog": "pending", "draft": "pending", "planned": "pending", "triage": "pending",
    "deferred": "blocked", "on hold": "blocked", "paused": "blocked", "waiting": "blocked",
    "postponed": "blocked", "pinned": "blocked", "frozen": "blocked",
    "wont do": "cancelled", "wontfix": "cancelled", "wont fix": "cancelled", "duplicate": "cancelled",
    "obsolete": "cancelled", "rejected": "cancelled", "abandoned": "cancelled", "archived": "cancelled",
}  # fmt: skip
_PRIORITIES = {
    "low": "low", "medium": "medium", "normal": "medium", "high": "high", "critical": "critical",
}  # fmt: skip
_BETWEEN = re.compile(r"[\s_-]+")


def plain(word: str) -> str:
    """A word without what differs from one spelling to the next."""
    return _BETWEEN.sub(" ", word.replace("'", "").replace("\u2019", "").lower()).strip()


def status(word: str) -> tuple[str | None, bool]:
    """Our status for a word, None if it is not known, and whether it means just the same."""
    known = plain(word)
    same = _SAME.get(known)
    return (same, True) if same else (_NEAR.get(known), False)


def priority(word: str) -> str | None:
    """Our priority for a word, None if it is not known."""
    return _PRIORITIES.get(plain(word))
