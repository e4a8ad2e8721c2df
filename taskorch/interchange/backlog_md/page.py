"""One file of Backlog.md: its front matter, valid YAML or not, and its body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from taskorch.errors import BadRecord
from taskorch.interchange.foreign_text import clean
from taskorch.records import frontmatter
from taskorch.records.scalars import read_plain

_KEY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*)|)$")
_FLOW = re.compile(r"\[(.*)\][ \t]*(?:#.*)?$")
_BLOCK = re.compile(r"[|>][+-]?\d?$")
_PARTS = re.compile(r"""\s*("(?:\\.|[^"\\])*"|'(?:''|[^'])*'|[^,]*)\s*(?:,|$)""")
_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^---[ \t]*$", re.MULTILINE)
_ESCAPE = re.compile(r'\\(["\\/])')


@dataclass(frozen=True, slots=True)
class Page:
    """A file's path, its values by key (text, lists or mappings of text), and the Markdown below.

    ``trouble`` says why its front matter is no valid YAML; ``odd`` are the lines of it that say nothing
    then.
    """

    path: str
    values: dict[str, Any]
    body: str
    has_values: bool = True
    trouble: str = ""
    odd: tuple[str, ...] = field(default=())

    def text(self, key: str) -> str:
        """The value of a key as text; empty if it is not there."""
        value = self.values.get(key)
        if isinstance(value, list):
            value = ", ".join(clean(item) for item in value)
        return "" if value is None else clean(value).strip()

    def items(self, key: str) -> tuple[str, ...]:
        """The value of a key as a list."""
        value = self.values.get(key)
        items = value if isinstance(value, list) else [value]
        return tuple(text for item in items if item is not None and (text := clean(item).strip()))


def read_page(path: str, data: bytes) -> Page:
    """A file in any state: what is no UTF-8 is replaced, what is no YAML is read line by line."""
    said = data.decode("utf-8", "replace").removeprefix(frontmatter.BOM)
    text = clean(said.replace("\r\n", "\n").replace("\r", "\n"))
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if not opening or not closing:
        return Page(path, {}, text, has_values=False)
    head, body = text[opening.end() : closing.start()], text[closing.end() :]
    try:
        document = frontmatter.parse(f"---\n{head}---\n", path)
    except BadRecord as error:
        values, odd = _by_lines(head)
        return Page(path, values, body, trouble=_trouble(error), odd=odd)
    return Page(path, {name: entry.value for name, entry in document.entries.items()}, body)


def _trouble(error: BadRecord) -> str:
    where = f" (line {error.line})" if error.line else ""
    return f"its front matter is no valid YAML{where} and was read line by line"


def _by_lines(head: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The values of front matter that is no YAML, and the lines that belong to none."""
    values: dict[str, Any] = {}
    odd: list[str] = []
    key, lines = "", list[str]()
    for line in [*head.split("\n"), "end:"]:
        found = _KEY.match(line)
        if not found:
            (lines if key and (not line or line[0] in " \t-") else odd).append(line)
            continue
        if key:
            values[key] = _value(lines)
        key = found[1]
        while key in values:
            key += "_"  # said twice: both are kept
        lines = [found[2] or ""]
    return values, tuple(line for line in odd if line.strip())


def _value(lines: list[str]) -> Any:
    """The value of a key from what stands behind its colon and the lines below."""
    first, more = lines[0].strip(), [line.strip() for line in lines[1:] if line.strip()]
    flow = _FLOW.match(first)
    if flow and not more:
        return [_scalar(part) for part in _PARTS.findall(flow[1]) if part.strip()]
    if not first and more and all(line[:2] in ("- ", "-") for line in more):
        return [_scalar(line[1:].strip()) for line in more]
    if _BLOCK.match(first):
        return "\n".join(line.strip() for line in lines[1:]).strip()
    return _scalar(" ".join([first, *more]).strip())


def _scalar(text: str) -> str:
    try:
        plain = read_plain(text)
    except ValueError:
        plain = text
    if plain == text and len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        plain = _ESCAPE.sub(r"\1", text[1:-1]) if text[0] == '"' else text[1:-1].replace("''", "'")
    return plain or ""
