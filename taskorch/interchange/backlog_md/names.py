"""How tasks of Backlog.md are called, and which one a name means.

Letters may be of either case, zeros before a number do not count (``task-1.01`` is ``TASK-1.1``), and
where the prefix was changed, old names go on to stand in links (``task-3`` for ``BACK-3``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAME = re.compile(r"(?:([A-Za-z]+)-)?(\d+(?:\.\d+)*)\Z")
_IN_FILE = re.compile(r"([A-Za-z]+-\d+(?:\.\d+)*)")


def canonical(name: str) -> tuple[str, str]:
    """A name's prefix in upper case and its number without leading zeros; ("", name) if it has none."""
    found = _NAME.match(name.strip())
    if not found:
        return "", name.strip().upper()
    body = ".".join(part.lstrip("0") or "0" for part in found[2].split("."))
    return (found[1] or "").upper(), body


def in_file(file: str, *prefixes: str) -> str:
    """The name at the beginning of a file's, in upper case; empty if there is none.

    It has a number, or begins with one of `prefixes` (``task-epic-1.2 - Title.md``).
    """
    found = _IN_FILE.match(file)
    if found:
        return found[1].upper()
    name = file.removesuffix(".md").partition(" - ")[0].strip()
    begins = any(name.lower().startswith(f"{prefix.lower()}-") for prefix in prefixes)
    return name.upper() if begins else ""


def parent_of(name: str) -> str:
    """The name that a subtask's begins with; empty for others."""
    return name.rpartition(".")[0]


class Names:
    """The tasks that are there; of several with one name the first counts.

    `prefixes` are those that a project's tasks have or had: any of them with a number means the same task.
    """

    def __init__(self, names: Iterable[str], *prefixes: str) -> None:
        self._ours = {"", "TASK", *(prefix.upper() for prefix in prefixes)}
        self._exact: dict[tuple[str, str], str] = {}
        self._numbers: dict[str, str] = {}
        for name in names:
            prefix, body = canonical(name)
            self._exact.setdefault((prefix, body), name)
            if prefix in self._ours:
                self._numbers.setdefault(body, name)

    def find(self, name: str) -> str | None:
        """The task that a link means, None if none is there."""
        prefix, body = canonical(name)
        exact = self._exact.get((prefix, body))
        return exact or (self._numbers.get(body) if prefix in self._ours else None)
