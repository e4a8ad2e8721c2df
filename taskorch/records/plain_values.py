"""The values of front matter in plain form, without their positions: quick, for reading thousands of records.

`frontmatter` reads the same with positions, and whatever is not in this form; it tells what is wrong.
"""

from __future__ import annotations

import re
from typing import Any

from taskorch.records.frontmatter import front_matter_span, plain_item
from taskorch.records.scalars import NOT_YAML, read_plain

# A key with its value, an item of a list, a line that says nothing, or one that is not in plain form.
_ROW = re.compile(r"(?:([A-Za-z_][\w-]*):(?:[ \t]+([^\n]*))?|( *)- +([^\n]+)| *|(\#[^\n]*))\r?\n|([^\n]*)\n")


def plain_values(text: str) -> dict[str, Any] | None:
    """The values by key: strings, None, lists; None where it takes more to read or to refuse the text."""
    span = None if "<<<<<<<" in text or ">>>>>>>" in text else front_matter_span(text)
    if not span:
        return None
    values: dict[str, Any] = {}
    items: list[Any] | None = None
    indent = key = ""
    try:
        for name, value, space, item, comment, other in _ROW.findall(text, *span):
            if name:
                if name in values:
                    return None
                if "\r" in value and value.index("\r") != len(value) - 1:
                    return None
                bare = value.rstrip(" \t\r")
                values[name] = ([] if bare == "[]" else read_plain(bare)) if bare else None
                items, key = (None, "") if bare else ([], name)
            elif item:
                if items is None or (items and space != indent):
                    return None
                indent = space
                if not items:
                    values[key] = items
                items.append(plain_item(item.removesuffix("\r")))
            elif other or (comment and NOT_YAML.search(comment.removesuffix("\r"))):
                return None
    except ValueError:
        return None
    return values
