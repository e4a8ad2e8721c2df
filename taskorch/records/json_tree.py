"""JSON with the place of each value: RFC 8259, no key twice, limited depth.

https://www.rfc-editor.org/rfc/rfc8259
"""

from __future__ import annotations

import re
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # what json.loads reads strings with
from typing import Any, NoReturn

from taskorch.errors import BadRecord
from taskorch.records.tree import MAX_DEPTH, Node

_BLANK = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null")


def read_json(text: str, path: str) -> Node:
    """The one value of a JSON text.  Raises BadRecord with path, line and column."""
    reader = _Reader(text.removeprefix("\ufeff"), path)
    node, end = reader.value(reader.blank(0), 1)
    if reader.blank(end) < len(reader.text):
        reader.bad("more than one JSON value", reader.blank(end))
    return node


class _Reader:
    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text, path

    def blank(self, at: int) -> int:
        """The offset of what comes next."""
        found = _BLANK.match(self.text, at)
        return found.end() if found else at

    def value(self, at: int, depth: int) -> tuple[Node, int]:
        """The value at an offset, and where it ends."""
        sign = self.text[at : at + 1]
        if depth > MAX_DEPTH:
            self.bad(f"nested deeper than {MAX_DEPTH} levels", at)
        if sign == '"':
            found, end = self._string(at)
            return self._node(found, at), end
        if sign == "{":
            return self._mapping(at, depth)
        if sign == "[":
            return self._list(at, depth)
        word = _WORD.match(self.text, at)
        if not word:
            self.bad("a JSON value is missing here", at)
        return self._node(None if word[0] == "null" else word[0], at), word.end()

    def _list(self, start: int, depth: int) -> tuple[Node, int]:
        out: list[Node] = []
        at = self.blank(start + 1)
        while self.text[at : at + 1] != "]" or out:
            one, at = self.value(at, depth + 1)
            out.append(one)
            at, more = self._comma(at, "]")
            if not more:
                return self._node(out, start), at
        return self._node(out, start), at + 1

    def _mapping(self, start: int, depth: int) -> tuple[Node, int]:
        out: dict[str, Node] = {}
        at = self.blank(start + 1)
        while self.text[at : at + 1] != "}" or out:
            if self.text[at : at + 1] != '"':
                self.bad("a key in double quotes is missing here", at)
            key, end = self._string(at)
            if key in out:
                self.bad(f"the key '{key}' stands twice", at)
            at = self.blank(end)
            if self.text[at : at + 1] != ":":
                self.bad(f"a colon is missing behind the key '{key}'", at)
            out[key], at = self.value(self.blank(at + 1), depth + 1)
            at, more = self._comma(at, "}")
            if not more:
                return self._node(out, start), at
        return self._node(out, start), at + 1

    def _comma(self, at: int, closing: str) -> tuple[int, bool]:
        """Where it goes on behind a member, and whether another one has to follow."""
        at = self.blank(at)
        sign = self.text[at : at + 1]
        if sign not in (",", closing) or not sign:
            self.bad(f"a comma or {closing} is missing here", at)
        return (self.blank(at + 1), True) if sign == "," else (at + 1, False)

    def _string(self, at: int) -> tuple[str, int]:
        try:
            found, end = scanstring(self.text, at + 1, True)
        except JSONDecodeError as error:
            self.bad(f"not JSON: {error.msg}", error.pos)
        return str(found), int(end)

    def _node(self, value: Any, at: int) -> Node:
        line = self.text.count("\n", 0, at) + 1
        return Node(value, line, at - self.text.rfind("\n", 0, at))

    def bad(self, message: str, at: int) -> NoReturn:
        """Raise the problem at an offset."""
        place = self._node(None, at)
        raise BadRecord(message, path=self.path, line=place.line, column=place.column)
