"""A decision (ADR): MADR 4 in the body, status and links in the front matter.

MADR: https://adr.github.io/madr/
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from taskorch.records import schema, sections
from taskorch.records.file_text import FileText
from taskorch.records.schema import Field

PROPOSED, ACCEPTED, REJECTED = "proposed", "accepted", "rejected"
DEPRECATED, SUPERSEDED = "deprecated", "superseded"
STATUSES = (PROPOSED, ACCEPTED, REJECTED, DEPRECATED, SUPERSEDED)
UNKNOWN = "unknown"
"""The status of a decision that says none: such as many that were taken over from other tools."""
STANDING = (PROPOSED, ACCEPTED, UNKNOWN)
CATEGORIES = (
    "architecture",
    "implementation",
    "design",
    "technology",
    "process",
    "quality",
    "security",
    "performance",
)
IMPACTS = ("high", "medium", "low")
LINKS = ("supersedes", "refines", "reverses", "clarifies")
"""Links are stored on the newer decision and read in both directions."""
VERBS = {
    "supersedes": "supersede",
    "refines": "refine",
    "reverses": "reverse",
    "clarifies": "clarify",
}
REPLACING = ("supersedes", "reverses")
"""The links after which the older decision does not stand any more."""
BACK_LINKS = {
    "supersedes": "superseded_by",
    "refines": "refined_by",
    "reverses": "reversed_by",
    "clarifies": "clarified_by",
}

FIELDS: dict[str, Field] = {
    "id": Field("id", required=True, fixed=True),
    "title": Field(required=True),
    "date": Field("day", fixed=True),
    "status": Field("choice", STATUSES),
    "reviewed": Field("time", attached="status"),
    "source": Field(fixed=True, optional=True),
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
    "implementation": Field("choice", ("planned", "in_progress", "completed", "failed")),
    "outcome": Field(),
}

CONTEXT, OUTCOME = "Context and Problem Statement", "Decision Outcome"
RATIONALE, RISKS = "Rationale", "Risks"
_SOURCE = re.compile(r"(.+?)(?: \((\d+)\))?")


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision record; ``path`` is relative to the store.

    ``reviewed`` is when it was accepted once more, as things were then.
    """

    id: str
    title: str
    date: str | None
    status: str
    reviewed: str | None
    source: str | None
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
    def text(self) -> str:
        """The whole file."""
        return self.file.text

    @property
    def body_start(self) -> int:
        """Where the Markdown begins."""
        return self.file.body_start

    def links(self, kind: str) -> tuple[str, ...]:
        """The ids this decision names under one of `LINKS`."""
        found: tuple[str, ...] = getattr(self, kind)
        return found

    def section(self, title: str) -> str:
        """The text of one section of the body, with the headings of its subsections."""
        return sections.content(self.text, title, self.body_start)

    def _part(self, title: str) -> str:
        """The text of a subsection; some write it as a section."""
        return sections.content(self.text, title, self.body_start, level=3) or self.section(title)

    @property
    def risks(self) -> list[str]:
        """The list items under ``### Risks``, or its text as one."""
        return _items(self._part(RISKS))

    @property
    def decision(self) -> str:
        """What was decided: the outcome without its subsections."""
        return f"\n{self.section(OUTCOME)}".split("\n### ")[0].strip()

    @property
    def rationale(self) -> str:
        """Why: the part after ``because`` or the justification in the outcome."""
        text = self._part(RATIONALE)
        if text:
            return text
        return self.decision.split(", because ", 1)[-1].strip()


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


def _items(text: str) -> list[str]:
    items: list[str] = []
    for line in text.splitlines():
        if line.startswith(("* ", "- ")):
            items.append(line[2:].strip())
        elif line.strip() and items:
            items[-1] += " " + line.strip()
        elif line.strip():
            items.append(line.strip())
    return items
