"""The words of the old system's enums in ours; what is none of ours is kept as a label."""

from __future__ import annotations

from taskorch.interchange.mcp_task_orchestrator.draft import Draft
from taskorch.records.decision_words import ACCEPTED, CATEGORIES, IMPACTS, IMPLEMENTATIONS, PROPOSED
from taskorch.records.decision_words import STATUSES as DECISION_STATUSES
from taskorch.records.task_words import ACTIVE, CANCELLED, COMPLETED, COMPLEXITIES, PENDING, PRIORITIES
from taskorch.records.task_words import STATUSES as TASK_STATUSES

_TASK_STATUSES = {
    "in_progress": ACTIVE, "in progress": ACTIVE, "running": ACTIVE, "started": ACTIVE,
    "done": COMPLETED, "complete": COMPLETED, "canceled": CANCELLED, "created": PENDING, "todo": PENDING,
}  # fmt: skip
_PUT_AWAY = ("archived", "deleted", "superseded")
_COMPLEXITIES = {"highly_complex": "very_complex", "medium": "moderate", "low": "simple", "high": "complex"}
_DECISION_STATUSES = {"approved": ACCEPTED, "implemented": ACCEPTED, "draft": PROPOSED, "pending": PROPOSED}


def task_status(draft: Draft, item: str, word: str, completed: bool) -> tuple[str, list[str]]:
    """A task's status, and the labels that keep the word where it is none of ours.

    What is none is completed where the task is `completed` (it has a time or results), else pending; what
    was put away unfinished is cancelled.
    """
    known = _TASK_STATUSES.get(word, word)
    otherwise = COMPLETED if completed else CANCELLED if word in _PUT_AWAY else PENDING
    status = known if known in TASK_STATUSES else otherwise
    return status, _kept(draft, item, "status", word, status)


def complexity(draft: Draft, item: str, word: str) -> tuple[str | None, list[str]]:
    """A task's complexity, with labels likewise."""
    return _choice(draft, item, "complexity", word, _COMPLEXITIES.get(word, word), COMPLEXITIES)


def priority(draft: Draft, item: str, word: str) -> tuple[str | None, list[str]]:
    """A task's priority, with labels likewise."""
    return _choice(draft, item, "priority", word, word, PRIORITIES)


def decision_status(draft: Draft, item: str, word: str) -> tuple[str, list[str]]:
    """A decision's status, with labels likewise; proposed where it cannot be told."""
    known = _DECISION_STATUSES.get(word, word)
    status = known if known in DECISION_STATUSES else PROPOSED
    return status, _kept(draft, item, "status", word, status)


def category(draft: Draft, item: str, word: str) -> tuple[str | None, list[str]]:
    """A decision's category, with labels likewise."""
    return _choice(draft, item, "category", word, word, CATEGORIES)


def impact(draft: Draft, item: str, word: str) -> tuple[str | None, list[str]]:
    """A decision's impact, with labels likewise."""
    return _choice(draft, item, "impact", word, word, IMPACTS)


def implementation(draft: Draft, item: str, word: str) -> tuple[str | None, list[str]]:
    """How far a decision is carried out, with labels likewise."""
    return _choice(draft, item, "implementation", word, word, IMPLEMENTATIONS)


def _choice(
    draft: Draft, item: str, what: str, word: str, known: str, choices: tuple[str, ...]
) -> tuple[str | None, list[str]]:
    if not word:
        return None, []
    found = known if known in choices else None
    return found, _kept(draft, item, what, word, found)


def _kept(draft: Draft, item: str, what: str, word: str, written: str | None) -> list[str]:
    if word == written:
        return []
    if not word:
        draft.map(item, f"has no {what}; it is {written}")
        return []
    label = f"{what}:{word}"
    draft.map(item, f"the {what} '{word}' is the label '{label}'" + (f", and {written}" if written else ""))
    return [label]
