"""Keys of front matter that name what replaced a decision, as a folder spells them.

Such as ``superseded_by: ["0032"]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from taskorch.interchange.adr.adr import Adr

_SPELLED = {"supersedes": r"supersedes", "superseded_by": r"superseded[-_ ]?by"}
KINDS = tuple(_SPELLED)
"""The kinds of links that have such keys."""
_NOTHING = ("", "[]", "null", "~", '""', "''")


def written_as(adrs: Iterable[Adr], kind: str) -> tuple[str, str] | None:
    """The key for a kind of link and the form of its value, for `str.format` with ``number``.

    None where no decision has such a key with a number in it.
    """
    found = None
    line = re.compile(
        rf"^({_SPELLED[kind]})[ \t]*:[ \t]*(\[?[ \t]*[\"']?(?:adr[-_ ]?)?)(\d+)([\"']?)",
        re.MULTILINE | re.IGNORECASE,
    )
    for adr in adrs:
        found = line.search(adr.text, 0, adr.body_start) or found
    if not found:
        return None
    digits = f"{{number:0{len(found[3])}d}}" if found[3][0] == "0" else "{number}"
    return found[1], f"{found[2]}{digits}{found[4]}" + ("]" if found[2].startswith("[") else "")


def with_link_key(text: str, start: int, key: str, value: str) -> str:
    """A text whose body begins at `start`, with a link in a key of its front matter."""
    line = re.compile(rf"^{re.escape(key)}[ \t]*:[ \t]*([^\r\n]*?)[ \t]*(?=\r?$)", re.MULTILINE)
    found = line.search(text, 0, start)
    if not found:
        after = re.compile(r"^status[ \t]*:[^\n]*\n", re.MULTILINE | re.IGNORECASE).search(text, 0, start)
        newline = "\r\n" if "\r\n" in text else "\n"
        return f"{text[: after.end()]}{key}: {value}{newline}{text[after.end() :]}" if after else text
    old = found[1]
    if old in _NOTHING:
        return f"{text[: found.start()]}{key}: {value}{text[found.end() :]}"
    if not (old.endswith("]") and value.startswith("[")):
        return text
    return f"{text[: found.end() - 1]}, {value[1:]}{text[found.end() :]}"
