"""A decision (ADR): MADR 4 in the body, status and links in the front matter.

MADR: https://adr.github.io/madr/
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from taskorch.records import decision_body, schema
from taskorch.records.decision_body import Option
from taskorch.records.decision_words import (
    ACCEPTED,
    BACK_LINKS,
    CATEGORIES,
    DEPRECATED,
    IMPACTS,
    IMPLEMENTATIONS,
    LINKS,
    PROPOSED,
    REJECTED,
    REPLACING,
    STANDING,
    STATUSES,
    SUPERSEDED,
    UNKNOWN,
    VERBS,
)
from taskorch.records.file_text import FileText, WithFile
from taskorch.records.schema import Field

__all__ = [
    "ACCEPTED", "BACK_LINKS", "CATEGORIES", "DEPRECATED", "IMPACTS", "IMPLEMENTATIONS", "LINKS", "PROPOSED",
    "REJECTED", "REPLACING", "STANDING", "STATUSES", "SUPERSEDED", "UNKNOWN", "VERBS",
]  # fmt: skip

FIELDS: dict[str, Field] = {
    "id": Field("id", required=True, fixed=True),
    "title": Field(required=True),
    "date": Field("day", fixed=True),
    "status": Field("choice", STATUSES),
    "reviewed": Field("time", attached="status"),
    "source": Field(fixed=True, optional=True),
    "imported": Field(fixed=True, optional=True),
    "session": Field("id", fixed=True, optional=True),
    "category": Field("choice", CATEGORIES),
    "impact": Field("choice", IMPACTS),
    "decision-makers": Field("list"),
    "tasks": Field("list"),
    "supersedes": Field("list"),
    "refines": Field("list"),
    "reverses": Field("list"),
    "clarifies": Field("list"),
    "governs": Field("paths"),
    "components": Field("list"),
    "labels": Field("list"),
    "implementation": Field("choice", IMPLEMENTATIONS),
    "outcome": Field(),
}

_SOURCE = re.compile(r"(.+?)(?: \((\d+)\))?")


@dataclass(frozen=True, slots=True)
class Decision(WithFile):
    """One decision record.

    ``reviewed`` is when it was accepted once more, as things were then.
    """

    id: str
    title: str
    date: str | None
    status: str
    reviewed: str | None
    source: str | None
    imported: str | None
    session: str | None
    category: str | None
    impact: str | None
    decision_makers: tuple[str, ...]
    tasks: tuple[str, ...]
    supersedes: tuple[str, ...]
    refines: tuple[str, ...]
    reverses: tuple[str, ...]
    clarifies: tuple[str, ...]
    governs: tuple[str, ...]
    components: tuple[str, ...]
    labels: tuple[str, ...]
    implementation: str | None
    outcome: str | None
    path: str
    file: FileText

    @property
    def is_adopted(self) -> bool:
        """Whether it is kept in a folder of another tool, in that tool's way."""
        return self.path.startswith("..")

    @property
    def other_name(self) -> str | None:
        """Where it came from, if it was imported: other tools know it by that."""
        return self.source

    @property
    def number(self) -> int | None:
        """The number it had where it was imported from."""
        found = names_in(self.source or "")[2:]
        return int(found[0]) if found else None

    def links(self, kind: str) -> tuple[str, ...]:
        """The ids this decision names under one of `LINKS`."""
        found: tuple[str, ...] = getattr(self, kind)
        return found

    def _part(self, name: str) -> str:
        return decision_body.part(self.text, name, self.body_start)

    def _list(self, name: str) -> list[str]:
        return decision_body.items(self._part(name))

    @property
    def context(self) -> str:
        """The situation that called for it."""
        return self._part("context")

    @property
    def drivers(self) -> list[str]:
        """What it had to do justice to."""
        return self._list("drivers")

    @property
    def options(self) -> list[Option]:
        """What was considered, each with what speaks for and against it."""
        return decision_body.options(self.text, self.body_start)

    @property
    def decision(self) -> str:
        """What was decided: the outcome without its subsections."""
        return decision_body.outcome(self.text, self.body_start)

    @property
    def rationale(self) -> str:
        """Why: the part after ``because`` or the justification in the outcome."""
        return self._part("rationale") or decision_body.reason(self.decision)

    @property
    def consequences(self) -> list[str]:
        """What follows from it, the good and the bad."""
        return self._list("consequences")

    @property
    def confirmation(self) -> str:
        """How one can tell that it is kept to."""
        return self._part("confirmation")

    @property
    def risks(self) -> list[str]:
        """The list items under ``### Risks``, or its text as one."""
        return self._list("risks")


def parse(text: str, path: str) -> Decision:
    """A decision from its file.  Raises BadRecord."""
    values = schema.read(text, path, FIELDS)
    values["decision_makers"] = values.pop("decision-makers")
    values["status"] = values["status"] or UNKNOWN
    return Decision(**values, path=path, file=FileText(text))


def names_in(source: str) -> list[str]:
    """The names that an imported decision has had: its path, its file's name and its number.

    `source` is ``PATH`` or ``PATH (NUMBER)``.
    """
    found = _SOURCE.fullmatch(source)
    if not found:
        return []
    return [found[1], found[1].rsplit("/", 1)[-1], *([found[2]] if found[2] else [])]
