"""Issues of beads as tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from taskorch.interchange import foreign_words
from taskorch.interchange.beads.links import Links
from taskorch.interchange.foreign import Foreign, ForeignTask
from taskorch.interchange.foreign_text import (
    checklist,
    clean,
    fields,
    joined,
    labels,
    shown,
    under,
    utc,
    words,
)

Issue = Mapping[str, Any]

TOMBSTONE = "tombstone"
_PRIORITIES = {0: "critical", 1: "high", 2: "medium", 3: "low"}
_BACKLOG = 4
# Keys that become fields or parts of the text; all others are listed at the end of the notes.
_USED = {
    "_type", "id", "title", "description", "design", "acceptance_criteria", "notes", "status", "priority",
    "issue_type", "assignee", "labels", "dependencies", "comments", "close_reason", "delete_reason",
}  # fmt: skip
# Counted or copied from other issues when the file was written.
_DERIVED = {"dependency_count", "dependent_count", "comment_count", "parent"}


class Issues:
    """Makes tasks of the issues of one file; tells of what becomes something else."""

    def __init__(self, issues: Sequence[Issue], out: Foreign) -> None:
        self._issues, self._out = issues, out
        self._later = 0  # how many are for some day
        states = {name(one): clean(one.get("status") or "") for one in issues}
        self._links = Links(states, out)

    def tasks(self) -> Iterator[ForeignTask]:
        """A task for each issue, deleted ones among them."""
        for one in self._issues:
            yield self._task(one)
        self._links.tell()
        if self._later:
            how = f"priority {_BACKLOG} became low, with the label 'priority:{_BACKLOG}'"
            self._out.mapped.append((f"{self._later} issues", how))

    def _task(self, one: Issue) -> ForeignTask:
        key = name(one)
        status, marks = self._status(one)
        priority, more = self._priority(one)
        criteria, prose = _criteria(_text(one, "acceptance_criteria"))
        links = self._links.of(key, one.get("dependencies"))
        why, closed = _reason(one, status)
        return ForeignTask(
            key=key,
            title=clean(one.get("title") or ""),
            status=status,
            created=utc(one.get("created_at")),
            description=joined(
                [
                    _text(one, "description"),
                    under("Design", _text(one, "design")),
                    under("Acceptance criteria", prose),
                    under("Links", links.text),
                ]
            ),
            criteria=criteria,
            results=closed,
            notes=_text(one, "notes"),
            comments=(*self._comments(one), *_others(one, links.odd)),
            reason=why,
            deleted=clean(one.get("status") or "") == TOMBSTONE,
            assignee=" ".join(clean(one.get("assignee") or "").split()) or None,
            priority=priority,
            labels=labels(words(one.get("labels")), _type(one), marks, more),
            depends_on=links.depends_on,
            parent=links.parent,
        )

    def _status(self, one: Issue) -> tuple[str, list[str]]:
        """Our status, and labels that keep what it does not say."""
        word = clean(one.get("status") or "open")
        if word == TOMBSTONE:
            return "cancelled", []
        ours, same = foreign_words.status(word)
        if same and ours:
            return ours, []
        label = f"status:{word}"
        self._tell(one, f"its status '{word}' became {ours or 'pending'}, with the label '{label}'")
        return ours or "pending", [label]

    def _priority(self, one: Issue) -> tuple[str | None, list[str]]:
        said = one.get("priority")
        if said is None:
            return None, []
        known = _PRIORITIES.get(said) if isinstance(said, int) and not isinstance(said, bool) else None
        if known:
            return known, []
        label = f"priority:{clean(said)}"
        if said == _BACKLOG:
            self._later += 1
            return "low", [label]
        self._tell(one, f"its priority {shown(said)} is none of ours and became a label")
        return None, [label]

    def _tell(self, one: Issue, how: str) -> None:
        self._out.mapped.append((f"task {name(one)}", how))

    def _comments(self, one: Issue) -> Iterator[tuple[str, str]]:
        said = one.get("comments")
        for comment in said if isinstance(said, list) else [said] if said else []:
            if not isinstance(comment, dict):
                yield "Comment", clean(comment)
                continue
            when = utc(comment.get("created_at")) or clean(comment.get("created_at") or "")
            known = ("author", "text", "created_at", "issue_id")
            rest = {key: value for key, value in comment.items() if key not in known}
            above = f"{when} {clean(comment.get('author') or '')}".strip()
            yield above or "Comment", joined([clean(comment.get("text") or ""), fields(rest)])


def name(one: Issue) -> str:
    """The id of an issue."""
    return clean(one["id"]).strip()


def _text(one: Issue, key: str) -> str:
    value = one.get(key)
    return clean(value) if value not in (None, "") else ""


def _type(one: Issue) -> list[str]:
    """A label for the kind of issue; a plain task needs none."""
    kind = clean(one.get("issue_type") or "task")
    return [] if kind == "task" else [f"type:{kind}"]


def _criteria(text: str) -> tuple[tuple[tuple[str, bool], ...], str]:
    """The items of a list; prose stays prose, but for a single line."""
    items, rest = checklist(text, boxed=False)
    if items and not rest:
        return items, ""
    if text.strip() and "\n" not in text.strip():
        return ((text.strip(), False),), ""
    return (), text


def _reason(one: Issue, status: str) -> tuple[str | None, str]:
    """Why a task has its status, and what came of it: closing words are results of what was completed."""
    closed, deleted = _text(one, "close_reason"), _text(one, "delete_reason")
    if status == "completed":
        return deleted or None, closed
    until = utc(one.get("defer_until"))
    waits = f"deferred until {until}" if until and status == "blocked" else ""
    return "; ".join(part for part in (deleted, closed, waits) if part) or None, ""


def _others(one: Issue, odd: Sequence[Any]) -> list[tuple[str, str]]:
    """A last note with all that has no field of ours."""
    created = ("created_at",) if utc(one.get("created_at")) else ()
    rest = {key: value for key, value in one.items() if key not in _USED and key not in created}
    said = {
        key: value for key, value in rest.items() if key not in _DERIVED or isinstance(value, list | dict)
    }
    text = fields({**said, "dependencies": list(odd)})
    return [("From beads", text)] if text else []
