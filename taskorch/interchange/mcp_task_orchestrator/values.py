"""Values as databases give them, whatever they are, as text and lists."""

from __future__ import annotations

import json
import re
from typing import Any

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MOST_ENCODED = 3
"""2.0 encodes the metadata of a task twice."""


def text_of(value: Any) -> str:
    """A value as text: bytes as UTF-8, what is nested as JSON; line ends are LF, no control characters."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else _as_json(value)
    return _UNSEEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return str(value)


def unpacked(value: Any) -> Any:
    """What a column of JSON holds, also where it was encoded several times; text that is no JSON itself."""
    found = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    for _ in range(_MOST_ENCODED):
        if not isinstance(found, str) or not found.strip():
            break
        try:
            found = json.loads(found)
        except (ValueError, RecursionError):
            break
    return found


def listed(value: Any) -> list[Any]:
    """The items of a column of JSON: of a text its lines, of another single value that one."""
    found = unpacked(value)
    if is_empty(found):
        return []
    if isinstance(found, str):
        return [line.strip() for line in text_of(found).split("\n") if line.strip()]
    return found if isinstance(found, list) else [found]


def is_empty(value: Any) -> bool:
    """Whether a value says nothing: none, blank, or an empty list or object, in JSON also."""
    if isinstance(value, bytes | str):
        return text_of(value).strip() in ("", "[]", "{}", "null", '""', '"{}"', '"[]"')
    return value is None or value in ([], {})


def words_of(value: Any) -> str:
    """An item of a list as people read it: of an object the values with their names."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {words_of(one)}" for key, one in value.items() if not is_empty(one))
    if isinstance(value, list):
        return ", ".join(words_of(one) for one in value)
    return text_of(value).strip()


def counted(number: int, word: str) -> str:
    """A number with its word."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def clipped(text: str, most: int = 300) -> str:
    """A text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def quoted(text: str) -> str:
    """A text as a quotation, so that none of its lines is a heading or a fence of what it stands in."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip("\n").split("\n"))
