"""YAML front matter of any form, safely: no tags, no aliases, limited depth, no duplicate keys.

python-frontmatter calls this loader; it never sees a record in plain form (``frontmatter``).
Values are strings, None, lists and mappings: nothing is resolved to a date or a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from taskorch.errors import BadRecord
from taskorch.records.document import Entry, Item
from taskorch.records.scalars import NOT_YAML, NULLS
from taskorch.records.tree import MAX_DEPTH as MAX_TREE_DEPTH
from taskorch.records.tree import Node

MAX_DEPTH = 8
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# python-frontmatter's own takes longer lines of hyphens for a fence, and blank lines for part of it.
_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_HYPHEN = re.compile(r"^ *-", re.MULTILINE)
_BREAKS = "\r\x85\u2028\u2029"
_NO_KEYS = "not a list of 'key: value' lines"


def parse_entries(text: str, head: str, path: str) -> dict[str, Entry]:
    """The entries of `head`, the part of `text` up to and with the closing fence.

    Raises BadRecord with path, line and column.
    """
    handler = _Handler(text, path)
    handler.refuse_strange(head)
    frontmatter.loads(head, handler=handler)
    return handler.entries


def parse_tree(text: str, path: str) -> Node:
    """The one value of a YAML text of any shape, with places; the same limits hold.

    Raises BadRecord with path, line and column.
    """
    text = text.removeprefix("\ufeff")
    handler = _Handler(text, path)
    handler.refuse_strange(text)
    return handler.tree()


class _Handler(YAMLHandler):
    """Gives python-frontmatter our loader, and keeps the entries with their positions."""

    FM_BOUNDARY = _FENCE

    def __init__(self, text: str, path: str) -> None:
        super().__init__()
        self.text, self.path = text, path
        self.line_starts = [0]
        for line in text.split("\n"):
            self.line_starts.append(self.line_starts[-1] + len(line) + 1)
        self.entries: dict[str, Entry] = {}

    def refuse_strange(self, head: str) -> None:
        """Raise BadRecord for a character in a part of the text that YAML does not take."""
        strange = NOT_YAML.search(head)
        if strange:
            found = strange[0]
            what = "a line break that is neither LF nor CRLF" if found in _BREAKS else "a control character"
            raise self.bad_at(f"{what} ({found!a})", self.text.index(head) + strange.start())

    def load(self, fm: str, **_: object) -> dict[str, Any]:
        # `fm` begins behind the hyphens of the first line, so that its lines are those of the text
        with self._told():
            self._read(yaml.parse(fm, Loader=_LOADER))
        return {key: entry.value for key, entry in self.entries.items()}

    def tree(self) -> Node:
        """The one value of the whole text."""
        with self._told():
            found: Node | None = None
            stream: Any = iter(yaml.parse(self.text, Loader=_LOADER))
            for event in stream:
                if isinstance(event, (yaml.DocumentStartEvent, yaml.StreamStartEvent)):
                    if found:
                        raise self._bad("more than one YAML document", event.start_mark)
                elif not isinstance(event, (yaml.DocumentEndEvent, yaml.StreamEndEvent)):
                    found = self._node(event, stream, 1)
            return found or Node(None, 1, 1)

    def _node(self, event: Any, stream: Any, depth: int) -> Node:
        """The value that begins with `event`."""
        mark = event.start_mark
        if depth > MAX_TREE_DEPTH:
            raise self._bad(f"nested deeper than {MAX_TREE_DEPTH} levels", mark)
        if isinstance(event, yaml.AliasEvent):
            raise self._bad("aliases (*name) are not allowed in records", mark)
        self._check_bare(event)
        value: Any = None
        if isinstance(event, yaml.ScalarEvent):
            value = None if not event.style and event.value in NULLS else event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            ended = yaml.SequenceEndEvent
            value = [self._node(one, stream, depth + 1) for one in _until(stream, ended)]
        else:
            value = {}
            for one in _until(stream, yaml.MappingEndEvent):
                key = self._scalar_key(one)
                if key in value:
                    raise self._bad(f"the key '{key}' stands twice", one.start_mark)
                value[key] = self._node(next(stream), stream, depth + 1)
        return Node(value, mark.line + 1, mark.column + 1)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What is no YAML becomes BadRecord, with its place."""
        try:
            yield
        except yaml.MarkedYAMLError as error:
            problem = " ".join(str(part) for part in (error.context, error.problem) if part)
            # what was begun and not ended is missed only further down: it is shown where it begins
            begun = error.context_mark if str(error.context).startswith("while scanning a ") else None
            raise self._bad(problem, begun or error.problem_mark or error.context_mark) from None
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            raise BadRecord(f"not YAML: {str(error).splitlines()[0]}", path=self.path) from None

    def _read(self, events: Any) -> None:
        """Fill `entries` from the events of one document: a block mapping in the first column."""
        stream: Any = iter(events)
        for event in stream:
            if isinstance(event, yaml.MappingStartEvent):
                self._check_bare(event)
                mark: Any = event.start_mark
                if event.flow_style or mark.column:
                    raise self._bad(_NO_KEYS, mark)
                break
            if not _frames(event):
                raise self._bad(_NO_KEYS, event.start_mark)
        for event in stream:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._scalar_key(event)
            if key in self.entries:
                raise self._bad(f"the key '{key}' stands twice", event.start_mark)
            if event.start_mark.column:
                raise self._bad(_NO_KEYS, event.start_mark)
            self.entries[key] = self._entry(key, event, next(stream), stream)
        for event in stream:
            if not _frames(event):
                raise self._bad("the YAML ends before the closing '---'", event.start_mark)

    def _entry(self, key: str, key_event: Any, event: Any, stream: Any) -> Entry:
        start, colon = self._offset(key_event.start_mark), self._colon_end(key_event)
        if isinstance(event, yaml.SequenceStartEvent) and not event.flow_style:
            self._check_bare(event)
            items = self._block_items(self._line_start(self._offset(event.start_mark)), stream)
            values = [item.value for item in items]
            return Entry(key, values, start, items[-1].end, colon, colon, colon, tuple(items))
        value, value_end = self._value(event, stream, 1)
        value_start = self._offset(event.start_mark)
        if value_start == value_end:
            value_start = value_end = colon
        return Entry(key, value, start, self._line_end(value_end), colon, value_start, value_end)

    def _block_items(self, at: int, stream: Any) -> list[Item]:
        """The items of a block list that begins at or below the line at offset `at`."""
        items: list[Item] = []
        for event in stream:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            value, end = self._value(event, stream, 1)
            hyphen = _HYPHEN.search(self.text, at)  # it may stand on a line above the value's
            start, at = hyphen.start() if hyphen else at, self._line_end(end)
            items.append(Item(value, start, at))
        return items

    def _value(self, event: Any, stream: Any, depth: int) -> tuple[Any, int]:
        """The value that begins with `event`, and the offset of its end."""
        if depth > MAX_DEPTH:
            raise self._bad(f"nested deeper than {MAX_DEPTH} levels", event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise self._bad("aliases (*name) are not allowed in records", event.start_mark)
        self._check_bare(event)
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style is None or event.style == ""
            value = None if plain and event.value in NULLS else event.value
            return value, self._scalar_end(event)
        # A block collection's own end mark stands at the next token: its last value's end is meant.
        end = self._offset(event.start_mark)
        if isinstance(event, yaml.SequenceStartEvent):
            out: list[Any] = []
            for inner in stream:
                if isinstance(inner, yaml.SequenceEndEvent):
                    return out, self._offset(inner.end_mark) if event.flow_style else end
                item, end = self._value(inner, stream, depth + 1)
                out.append(item)
        mapping: dict[str, Any] = {}
        for inner in stream:
            if isinstance(inner, yaml.MappingEndEvent):
                return mapping, self._offset(inner.end_mark) if event.flow_style else end
            key = self._scalar_key(inner)
            if key in mapping:
                raise self._bad(f"the key '{key}' stands twice", inner.start_mark)
            mapping[key], end = self._value(next(stream), stream, depth + 1)
        raise AssertionError("the parser ends every collection it starts")

    def _scalar_key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
            raise self._bad("a key is not a simple word", event.start_mark)
        return str(event.value)

    def _check_bare(self, event: Any) -> None:
        if event.anchor:
            raise self._bad("anchors (&name) are not allowed in records", event.start_mark)
        if event.tag:
            raise self._bad(f"the tag {event.tag} is not allowed in records", event.start_mark)

    def _scalar_end(self, event: Any) -> int:
        """The end of a scalar; empty lines behind a block scalar are not of it unless it keeps them."""
        end = self._offset(event.end_mark)
        start = self._offset(event.start_mark)
        if event.style not in ("|", ">") or "+" in self.text[start : start + 3]:
            return end
        while self.text.endswith(("\n\n", "\n\r\n"), start, end):
            end -= 2 if self.text[end - 2] == "\r" else 1
        return end

    def _colon_end(self, key_event: Any) -> int:
        return self.text.index(":", self._offset(key_event.end_mark)) + 1

    def _offset(self, mark: Any) -> int:
        line, column = int(mark.line), int(mark.column)
        return min(self.line_starts[min(line, len(self.line_starts) - 1)] + column, len(self.text))

    def _line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def _line_end(self, offset: int) -> int:
        if offset and self.text[offset - 1] == "\n":
            return offset
        stop = self.text.find("\n", offset)
        return len(self.text) if stop < 0 else stop + 1

    def bad_at(self, problem: str, offset: int) -> BadRecord:
        """A problem with the line and column of an offset."""
        start = self._line_start(offset)
        line = self.text.count("\n", 0, start) + 1
        return BadRecord(problem, path=self.path, line=line, column=offset - start + 1)

    def _bad(self, problem: str, mark: Any) -> BadRecord:
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return BadRecord(problem, path=self.path, line=line, column=column)


def _until(events: Iterator[Any], end: type) -> Iterator[Any]:
    """The events before the one that ends a collection."""
    return takewhile(lambda event: not isinstance(event, end), events)


def _frames(event: Any) -> bool:
    """Whether an event is only the unmarked begin or end of a stream's one document."""
    if isinstance(event, (yaml.DocumentStartEvent, yaml.DocumentEndEvent)):
        return not event.explicit
    return isinstance(event, (yaml.StreamStartEvent, yaml.StreamEndEvent))
