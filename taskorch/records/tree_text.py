"""YAML and JSON that people write by hand, read with the place of each value."""

from __future__ import annotations

import re
from typing import Any

from taskorch.errors import BadRecord
from taskorch.records.document import Entry
from taskorch.records.frontmatter import plain_entries
from taskorch.records.tree import Node

_BLANK = re.compile(r"[\s\ufeff]*")


def read(text: str, path: str) -> Node:
    """The value of a text: JSON where its name or its first character says so, else YAML.

    Raises BadRecord with path, line and column.
    """
    from taskorch.records.json_tree import read_json

    start = _BLANK.match(text)
    if path.endswith(".json"):
        return read_json(text, path)
    if not text.startswith(("{", "["), start.end() if start else 0):
        return _yaml(text, path)
    try:
        return read_json(text, path)
    except BadRecord:
        try:
            return _yaml(text, path)  # its flow style looks like JSON
        except BadRecord:
            pass
        raise


def _yaml(text: str, path: str) -> Node:
    plain = text if text.endswith("\n") else f"{text}\n"
    entries = plain_entries(plain, path)
    if entries:
        return Node({key: _of_entry(one, plain) for key, one in entries.items()}, 1, 1)
    from taskorch.records.limited_yaml import parse_tree  # slow to load, and files in plain form need none

    return parse_tree(text, path)


def _of_entry(entry: Entry, text: str) -> Node:
    """The node of a value in plain form: of a list each item has its place."""
    if not entry.items:
        return _placed(entry.value, text, entry.value_start)
    items = [_placed(one.value, text, one.start) for one in entry.items]
    return Node(items, *_place(text, entry.start))


def _placed(value: Any, text: str, offset: int) -> Node:
    line, column = _place(text, offset)
    if isinstance(value, dict):
        return Node({key: Node(one, line, column) for key, one in value.items()}, line, column)
    return Node(value, line, column)


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
