"""A breakdown as callers write it: a task, and the tasks it is made of, at any depth.

The keys are those of mcp-task-orchestrator's ``plan_task``, and the names that task records have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from taskorch.errors import BadRecord, TaskorchError, UsageError
from taskorch.records import ids, schema
from taskorch.records.task import FIELDS
from taskorch.records.tree import Node

KEYS: Mapping[str, tuple[str, ...]] = {
    "alias": ("task_id", "alias", "id"),
    "title": ("title",),
    "description": ("description",),
    "specialist": ("specialist_type", "specialist"),
    "stream": ("stream",),
    "depends_on": ("dependencies", "depends_on"),
    "priority": ("priority",),
    "complexity": ("complexity",),
    "labels": ("labels",),
    "criteria": ("acceptance_criteria", "accept"),
    "effort": ("estimated_effort",),
    "parts": ("subtasks",),
}
"""What a task of a plan can say, and the keys that say it; the first that is there counts."""

_KNOWN = [key for keys in KEYS.values() for key in keys]
_NONE = ("", "none", "null")
_WHOLE = "the plan"
_EXAMPLE = "- title: Write the tests"


@dataclass(frozen=True, slots=True)
class Planned:
    """A task of a plan.  ``depends_on`` are names as the caller wrote them, with their places."""

    node: Node
    title: str
    alias: str | None = None
    description: str = ""
    specialist: str | None = None
    stream: str | None = None
    depends_on: tuple[Node, ...] = ()
    priority: str | None = None
    complexity: str | None = None
    labels: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    parts: tuple[Planned, ...] = field(default=())

    def below(self) -> Iterator[Planned]:
        """All tasks below this one, each before its own parts."""
        for one in self.parts:
            yield one
            yield from one.below()


class PlanReader:
    """Reads plans from a text that is called `path`; from no text if that is empty.

    Of a file every key has to be known; programs of the old system may say more than we keep.
    """

    def __init__(self, path: str) -> None:
        self.path = path

    def plan(self, node: Node, title: str | None) -> Planned:
        """The whole plan: a list of subtasks, or a mapping with ``subtasks`` and what its task says.

        `title` counts before that of the text.  Raises BadRecord with its place, or UsageError.
        """
        if self.path and node.value is None:
            raise self.bad(node, "the plan is empty", "subtasks", _EXAMPLE)
        whole = Node({"subtasks": node}, node.line, node.column) if isinstance(node.value, list) else node
        if not isinstance(whole.value, dict):
            raise self.bad(node, "the subtasks are not a list", None, _EXAMPLE)
        if not isinstance(_said(whole, "parts").value, list):
            raise self.bad(node, "'subtasks' is not there, or not a list", "subtasks", _EXAMPLE)
        if self.path and not _said(whole, "parts").value:
            raise self.bad(node, "the plan has no subtasks", "subtasks", _EXAMPLE)
        return self._planned(whole, _WHOLE, title)

    def _planned(self, node: Node, what: str, title: str | None = None) -> Planned:
        if not isinstance(node.value, dict):
            raise self.bad(node, f"{what} is not a mapping, and has no title", "title", _EXAMPLE)
        self._refuse_unknown(node, what)
        if title is None and _said(node, "title").value is None:
            hint = "name it before -F, or begin the text with title: ..." if what == _WHOLE else _EXAMPLE
            raise self.bad(node, f"{what} has no title", "title", hint)
        inside = f"a subtask of {what}" if what != _WHOLE else "subtask"
        parts = self._list(node, "parts", what)
        return Planned(
            node,
            self._title(node, what) if title is None else title,
            self._alias(node, what),
            self._description(node, what),
            self._line(node, "specialist", what),
            self._line(node, "stream", what),
            tuple(self._names(node, what)),
            self._choice(node, "priority", what),
            self._choice(node, "complexity", what),
            tuple(self._texts(node, "labels", what)),
            tuple(self._texts(node, "criteria", what)),
            tuple(self._planned(one, f"{inside} {number}") for number, one in enumerate(parts, 1)),
        )

    def _refuse_unknown(self, node: Node, what: str) -> None:
        for key, value in node.items() if self.path else ():
            if key not in _KNOWN:
                close = get_close_matches(key, _KNOWN, 1)
                hint = f"did you mean '{close[0]}'?" if close else f"known: {', '.join(_KNOWN)}"
                raise self.bad(value, f"{what} has the key '{key}', which means nothing", key, hint)

    def _title(self, node: Node, what: str) -> str:
        text = self._text(node, "title", what)
        try:
            return schema.check_title(text)
        except TaskorchError as error:
            raise self.bad(_said(node, "title"), f"{what}: {error.message}", "title", error.hint) from None

    def _alias(self, node: Node, what: str) -> str | None:
        alias = self._line(node, "alias", what)
        if alias and ids.is_id(alias):
            said = f"the name '{alias}' looks like an id of taskorch"
            raise self.bad(_said(node, "alias"), said, "alias", "choose another")
        if alias and alias.lower() in _NONE:
            said = f"the name '{alias}' means that there is no dependency"
            raise self.bad(_said(node, "alias"), said, "alias", "choose another")
        return alias

    def _description(self, node: Node, what: str) -> str:
        effort = self._line(node, "effort", what)
        texts = (self._text(node, "description", what).strip(), effort and f"Estimated effort: {effort}")
        return "\n\n".join(text for text in texts if text)

    def _line(self, node: Node, name: str, what: str) -> str | None:
        return " ".join(self._text(node, name, what).split()) or None

    def _text(self, node: Node, name: str, what: str) -> str:
        found = _said(node, name)
        if found.value is not None and not isinstance(found.value, str):
            raise self.bad(found, f"{what}: '{_key(node, name)}' is not a text", name)
        if "\0" in (found.value or ""):
            raise self.bad(found, f"{what}: '{_key(node, name)}' holds a NUL character", name)
        if not _is_utf8(found.value or ""):
            raise self.bad(found, f"{what}: '{_key(node, name)}' is not UTF-8 text", name)
        return found.value or ""

    def _choice(self, node: Node, name: str, what: str) -> str | None:
        value = self._line(node, name, what)
        choices = FIELDS[name].choices
        if value is None or value in choices:
            return value
        if name == "complexity" and not self.path:
            return None  # the old system has other words, and its programs are not to fail for them
        said = f"{what}: '{value}' is no {name}"
        raise self.bad(_said(node, name), said, name, f"one of: {', '.join(choices)}")

    def _names(self, node: Node, what: str) -> Iterator[Node]:
        """The names of what a task waits for: a list, or a text with commas."""
        found = _said(node, "depends_on")
        if isinstance(found.value, str):
            parts = [Node(part, found.line, found.column) for part in found.value.split(",")]
            found = Node(parts, found.line, found.column)
        if found.value is not None and not isinstance(found.value, list):
            title = _said(node, "title").value or what
            hint = "name them in a list, or apart by commas"
            raise self.bad(found, f"the dependencies of '{title}' are not a list", "depends_on", hint)
        for one in found.value or ():
            if one.value is not None and not isinstance(one.value, str):
                raise self.bad(one, f"{what}: a dependency is not a name", "depends_on")
            name = (one.value or "").strip()
            if name.lower() not in _NONE:
                yield Node(name, one.line, one.column)

    def _texts(self, node: Node, name: str, what: str) -> Iterator[str]:
        found = _said(node, name)
        for one in [found] if isinstance(found.value, str) else self._list(node, name, what):
            if not isinstance(one.value, str) or not one.value.strip() or not _is_storable(one.value):
                raise self.bad(one, f"{what}: an item of '{_key(node, name)}' is not a text", name)
            yield " ".join(one.value.split())

    def _list(self, node: Node, name: str, what: str) -> list[Node]:
        found = _said(node, name)
        if found.value is not None and not isinstance(found.value, list):
            raise self.bad(found, f"{what}: '{_key(node, name)}' is not a list", name)
        return found.value or []

    def bad(self, node: Node, message: str, name: str | None, hint: str | None = None) -> TaskorchError:
        """A problem with a part of the plan: in a text with its place."""
        if not self.path:
            return UsageError(message, hint=hint or _EXAMPLE)
        field_name = KEYS[name][0] if name and name in KEYS else name
        problem: BadRecord = node.bad(message, self.path, field_name, hint or "mend it; nothing was made")
        return problem


def _is_utf8(text: str) -> bool:
    """Whether a text has no half of a character, which JSON can name."""
    return not any("\ud800" <= one <= "\udfff" for one in text)


def _is_storable(text: str) -> bool:
    return "\0" not in text and _is_utf8(text)


def _key(node: Node, name: str) -> str:
    """The key by which a mapping says something; the first there could be where it does not."""
    return next((key for key in KEYS[name] if key in node.value), KEYS[name][0])


def _said(node: Node, name: str) -> Node:
    """What a mapping says of something; the node of None at its place where it says nothing."""
    return next(
        (
            node.value[key]
            for key in KEYS[name]
            if key in node.value and node.value[key].value not in (None, "")
        ),
        Node(None, node.line, node.column),
    )
