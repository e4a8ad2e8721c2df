"""Specialist roles: what is told to whoever takes a task, in files that people write.

A file holds one role, named like the file, or several by name, as in mcp-task-orchestrator's
``project_roles.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from taskorch.errors import BadRecord
from taskorch.records.tree import Node

TEXTS = ("role_definition", "output_format")
LISTS = ("expertise", "approach")
FIELDS = ("role_definition", "expertise", "approach", "output_format")
BUILT_IN = ("architect", "implementer", "debugger", "documenter", "reviewer", "tester", "researcher")
"""The roles that come with taskorch, in the order in which work asks for them."""

MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its fields, what else its files say of it (``other``), and the files, the first one first.

    A field that nobody has given is empty.
    """

    name: str
    role_definition: str = ""
    expertise: tuple[str, ...] = ()
    approach: tuple[str, ...] = ()
    output_format: str = ""
    other: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()


def parse(node: Node, name: str, path: str) -> tuple[list[Role], list[BadRecord]]:
    """The roles in a file, and a problem for each part of it that is none; the other parts count.

    `name` is the role's where the file holds one and names none; `path` is what problems call the file.
    """
    if node.value is None:
        return [], []
    if not isinstance(node.value, dict):
        hint = "role_definition: ..., expertise: a list, approach: a list, output_format: ..."
        return [], [node.bad("not a mapping of a role's fields, nor of roles by name", path, hint=hint)]
    found: list[Role] = []
    problems: list[BadRecord] = []
    for called, one in {name: node}.items() if _is_role(node) else node.items():
        said, bad = _role(one, called, path)
        found += said
        problems += bad
    return found, problems


def merged(roles: Iterable[Role]) -> dict[str, Role]:
    """Roles by name in lower case; what a later one says of a field counts before an earlier one."""
    out: dict[str, Role] = {}
    for one in roles:
        before = out.get(one.name.casefold())
        out[one.name.casefold()] = _over(before, one) if before else one
    return out


def _over(before: Role, one: Role) -> Role:
    fields = {name: getattr(one, name) or getattr(before, name) for name in FIELDS}
    sources = tuple(dict.fromkeys((*before.sources, *one.sources)))
    return replace(before, **fields, other={**before.other, **one.other}, sources=sources)


def _is_role(node: Node) -> bool:
    """Whether a mapping says what a role is, and does not name roles; a name alone can look like a field."""
    return any(key in FIELDS and not isinstance(value.value, dict) for key, value in node.items())


def _role(node: Node, name: str, path: str) -> tuple[list[Role], list[BadRecord]]:
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME:
        return [], [node.bad(f"a role's name has 1 to {MAX_NAME} characters", path, name[:MAX_NAME])]
    if not isinstance(node.value, dict):
        hint = f"give the role its fields, below '{name}:'"
        return [], [node.bad(f"the role '{name}' is not a mapping", path, name, hint)]
    values: dict[str, Any] = {}
    other: dict[str, Any] = {}
    problems: list[BadRecord] = []
    for key, value in node.items():
        try:
            if key in TEXTS:
                values[key] = _text(value, name, key, path)
            elif key in LISTS:
                values[key] = tuple(_items(value, name, key, path))
            else:
                problems += _misspelt(value, name, key, path)
                other[key] = value.plain()
        except BadRecord as problem:
            problems.append(problem)
    return [Role(name, **values, other=other, sources=(path,))], problems


def _text(node: Node, name: str, key: str, path: str) -> str:
    if isinstance(node.value, list):
        return "\n".join(_items(node, name, key, path))
    if node.value is not None and (not isinstance(node.value, str) or "\0" in node.value):
        raise node.bad(f"'{key}' of the role '{name}' is not a text", path, key, f"{key}: a sentence")
    return (node.value or "").strip()


def _items(node: Node, name: str, key: str, path: str) -> Iterator[str]:
    one_alone = isinstance(node.value, str)
    if node.value is not None and not one_alone and not isinstance(node.value, list):
        raise node.bad(
            f"'{key}' of the role '{name}' is not a list", path, key, f"{key}: one '- text' a line"
        )
    for one in [node] if one_alone else node.value or ():
        if not isinstance(one.value, str) or "\0" in one.value:
            hint = "write each item as '- text'; one with a colon in it in quotes"
            raise one.bad(f"an item of '{key}' of the role '{name}' is not a text", path, key, hint)
        if one.value.strip():
            yield one.value.strip()


def _misspelt(node: Node, name: str, key: str, path: str) -> Iterator[BadRecord]:
    """A problem where a key is nearly that of a field."""
    from difflib import get_close_matches  # slow to load, and few files come by

    close = get_close_matches(key, FIELDS, 1, cutoff=0.75)
    if close:
        said = f"'{key}' of the role '{name}' means nothing"
        yield node.bad(said, path, key, f"did you mean '{close[0]}'?")
