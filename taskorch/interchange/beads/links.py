"""Links between issues of beads: a few are ours as well, the others are told in the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from taskorch.interchange.foreign import Foreign
from taskorch.interchange.foreign_text import clean, fields

_PARENT = "parent-child"
_MEANT = "depends-on"  # a kind that people made up: beads itself waits for none of these
_WAITS = ("blocks", "waits-for", _MEANT)
_KNOWN = ("issue_id", "depends_on_id", "type")
_WHEN = ("created_at", "created_by")


@dataclass(frozen=True, slots=True)
class Linked:
    """The links of one issue: ours, the others as text, and what was no link."""

    depends_on: tuple[str, ...]
    parent: str | None
    text: str
    odd: tuple[Any, ...]


class Links:
    """Sorts the links of all issues, whose status in beads is known by their id."""

    def __init__(self, states: Mapping[str, str], out: Foreign) -> None:
        self._states, self._out = states, out
        self._without_when = 0
        self._kinds: Counter[str] = Counter()

    def of(self, key: str, said: Any) -> Linked:
        """The links of an issue."""
        waits: list[str] = []
        parents: list[str] = []
        lines: list[str] = []
        odd: list[Any] = []
        for link in said if isinstance(said, list) else [said] if said else []:
            other = clean(link.get("depends_on_id") or "").strip() if isinstance(link, dict) else ""
            if not other:
                odd.append(link)
                continue
            self._without_when += any(link.get(name) for name in _WHEN)
            kind = clean(link.get("type") or "blocks")
            rest = {name: value for name, value in link.items() if name not in (*_KNOWN, *_WHEN)}
            more = fields(rest)
            ours = True
            if kind == _PARENT and not parents:
                parents.append(other)
            elif kind in _WAITS and not self._is_gone(key, other):
                waits.append(other)
                self._kinds[kind] += kind == _MEANT
            else:
                ours = False
                self._kinds[kind] += kind not in _WAITS
            if more or not ours or kind == "waits-for":
                lines.append(f"- {kind}: {other}" + "".join(f"\n  {line}" for line in more.splitlines()))
        return Linked(tuple(waits), parents[0] if parents else None, "\n".join(lines), tuple(odd))

    def _is_gone(self, key: str, other: str) -> bool:
        """Whether what a task waits for was deleted, which here would keep it waiting for ever."""
        gone = self._states.get(other) == "tombstone"
        if gone:
            how = f"it waited for '{other}', which was deleted; the link is in its text"
            self._out.mapped.append((f"task {key}", how))
        return gone

    def tell(self) -> None:
        """Tell, in a line each, of what holds for many links."""
        for kind, number in sorted(self._kinds.items()):
            if number:
                how = (
                    "they became dependencies" if kind == _MEANT else "they stand in the text, under 'Links'"
                )
                self._out.mapped.append((f"{number} links '{kind}'", how))
        if self._without_when:
            self._out.skipped.append(
                (f"{self._without_when} links", "who made them and when: links here have none of that")
            )
