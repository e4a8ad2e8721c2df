"""Tasks and subtasks of Task Master as ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from taskorch.interchange import foreign_words
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

_COMPLEXITIES = (3, "simple"), (6, "moderate"), (8, "complex"), (10, "very_complex")
_WORDS = {"simple": "simple", "moderate": "moderate", "complex": "complex", "very complex": "very_complex"}
_TEXTS = {"details": "Details", "testStrategy": "Test strategy", "implementationApproach": "Approach"}
_LISTS = {
    "relevantFiles": "Relevant files", "codebasePatterns": "Patterns of the code",
    "technicalConstraints": "Constraints", "existingInfrastructure": "Existing infrastructure",
}  # fmt: skip
# Keys that become fields or parts of the text; all others are listed at the end of the notes.
_USED = {
    "id", "title", "description", "status", "dependencies", "priority", "subtasks", "acceptanceCriteria",
    "assignee", "tags", "createdAt", *_TEXTS, *_LISTS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A task as it was read, by its whole number (``1.2``), and the one it is part of."""

    name: str
    said: Mapping[str, Any]
    above: Item | None = None


def number(value: Any) -> str:
    """An id as text: ``1`` of 1, 1.0 and "1"; empty for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "".join(clean(value).split())


@dataclass(frozen=True, slots=True)
class Tag:
    """The tasks under one tag."""

    name: str
    items: list[Item]
    begun: datetime | None = None

    def tasks(self, seen: Mapping[str, int], several: bool, out: Foreign) -> Iterator[ForeignTask]:
        """A task of ours for each; `seen` counts how many tasks of all tags have a number.

        With `several` tags each task has the label of its own.
        """
        names = {item.name for item in self.items}
        dated = [bool(utc(item.said.get("createdAt"))) for item in self.items]
        if self.begun and not all(dated):
            how = f"{dated.count(False)} tasks do not say when they were made, and have the date of their tag"
            out.mapped.append((f"tag {self.name}", how))
        for place, item in enumerate(self.items):
            task = self._task(item, names, seen[item.name] == 1, several, out)
            yield task if dated[place] else replace(task, created=self._made(place))

    def _made(self, place: int) -> str | None:
        """When the tag was made, and a millisecond more for each task before: so they keep their order."""
        return utc((self.begun + timedelta(milliseconds=place)).isoformat()) if self.begun else None

    def _key(self, name: str) -> str:
        return f"{self.name}/{name}"

    def _task(self, item: Item, names: set[str], short: bool, several: bool, out: Foreign) -> ForeignTask:
        said, told = item.said, _Told(f"task {self._key(item.name)}", out)
        status, marks = _status(said, told)
        priority, more = _priority(said, told)
        complexity = _complexity(said.get("complexity"))
        criteria, prose = _criteria(said.get("acceptanceCriteria"))
        tag = [f"tag:{self.name}"] if several else []
        return ForeignTask(
            key=self._key(item.name),
            alias=item.name if short else self._key(item.name),
            title=clean(said.get("title") or ""),
            status=status,
            created=utc(said.get("createdAt")),
            description=joined(
                [
                    _text(said.get("description")),
                    *(under(title, _text(said.get(key))) for key, title in _TEXTS.items()),
                    under("Acceptance criteria", prose),
                    *(under(title, _items(said.get(key))) for key, title in _LISTS.items()),
                ]
            ),
            criteria=criteria,
            comments=_others(item, complexity),
            assignee=", ".join(words(said.get("assignee"))) or None,
            priority=priority,
            complexity=complexity,
            labels=labels(words(said.get("tags")), tag, marks, more),
            depends_on=tuple(self._links(item, names, told)),
            parent=self._key(item.above.name) if item.above else None,
        )

    def _links(self, item: Item, names: set[str], told: _Told) -> Iterator[str]:
        """What a task waits for: of a subtask a plain number is one beside it, as in Task Master."""
        said = item.said.get("dependencies")
        for value in said if isinstance(said, list) else [said] if said not in (None, "") else []:
            name = number(value)
            if not name:
                told.skip(f"depends on {shown(value)}, which is no id")
                continue
            beside = f"{item.above.name}.{name}" if item.above and "." not in name else name
            if beside not in names and name in names:
                told.map(f"it depends on '{name}': no subtask has that number, so the task {name} is meant")
                beside = name
            yield self._key(beside)


@dataclass(frozen=True, slots=True)
class _Told:
    """Tells of one task."""

    what: str
    out: Foreign

    def map(self, how: str) -> None:
        self.out.mapped.append((self.what, how))

    def skip(self, why: str) -> None:
        self.out.skipped.append((self.what, why))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return _items(value)
    return "" if value is None else clean(value)


def _items(value: Any) -> str:
    """A list as one of Markdown; what is in an item that is no text as ``key: value``."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    return "\n".join(f"- {_one(item)}" for item in items)


def _one(item: Any) -> str:
    if isinstance(item, dict):
        return "; ".join(" ".join(clean(f"{key}: {shown(value)}").split()) for key, value in item.items())
    return " ".join(clean(item).split())


def _status(said: Mapping[str, Any], told: _Told) -> tuple[str, list[str]]:
    word = clean(said.get("status") or "pending")
    ours, same = foreign_words.status(word)
    if same and ours:
        return ours, []
    label = f"status:{word}"
    told.map(f"its status '{word}' became {ours or 'pending'}, with the label '{label}'")
    return ours or "pending", [label]


def _priority(said: Mapping[str, Any], told: _Told) -> tuple[str | None, list[str]]:
    word = clean(said.get("priority") or "")
    ours = foreign_words.priority(word)
    if not word or ours:
        return ours, []
    told.map(f"its priority '{word}' is none of ours and became a label")
    return None, [f"priority:{word}"]


def _complexity(value: Any) -> str | None:
    """A score of 1 to 10, or a word, as ours."""
    if isinstance(value, str):
        return _WORDS.get(foreign_words.plain(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return next((word for most, word in _COMPLEXITIES if value <= most), None)


def _criteria(value: Any) -> tuple[tuple[tuple[str, bool], ...], str]:
    if isinstance(value, list):
        return tuple((text, False) for text in words(value)), ""
    text = _text(value)
    items, rest = checklist(text, boxed=False)
    if items and not rest:
        return items, ""
    if text.strip() and "\n" not in text.strip():
        return ((text.strip(), False),), ""
    return (), text


def _others(item: Item, complexity: str | None) -> tuple[tuple[str, str], ...]:
    """A last note with all that has no field of ours; that a subtask names its task again is none."""
    above = item.above.name if item.above else ""
    rest = {
        key: value
        for key, value in item.said.items()
        if key not in _USED and not (key in ("parentId", "parentTaskId") and number(value) == above)
    }
    if item.said.get("createdAt") and not utc(item.said["createdAt"]):
        rest["createdAt"] = item.said["createdAt"]
    if "subtasks" in item.said and not isinstance(item.said["subtasks"], list):
        rest["subtasks"] = item.said["subtasks"]
    if complexity and rest.get("complexity") == complexity:
        del rest["complexity"]
    text = fields(rest)
    return (("From Task Master", text),) if text else ()
