"""A task: what is to be done, how far it is, and what it waits for."""

from __future__ import annotations

from dataclasses import dataclass

from taskorch.records import schema, sections
from taskorch.records.file_text import FileText, WithFile
from taskorch.records.schema import Field
from taskorch.records.task_words import (
    ACTIVE,
    BLOCKED,
    CANCELLED,
    COMPLETED,
    COMPLEXITIES,
    FAILED,
    OPEN,
    PENDING,
    PRIORITIES,
    STATUSES,
)

__all__ = [
    "ACTIVE", "BLOCKED", "CANCELLED", "COMPLETED", "COMPLEXITIES", "FAILED", "OPEN", "PENDING", "PRIORITIES",
    "STATUSES",
]  # fmt: skip

FIELDS: dict[str, Field] = {
    "id": Field("id", required=True, fixed=True),
    "alias": Field(fixed=True, optional=True),
    "title": Field(required=True),
    "created": Field("time", required=True, fixed=True),
    "status": Field("choice", STATUSES, required=True),
    "reason": Field(attached="status"),
    "forced": Field(attached="status"),
    "deleted": Field("flag", attached="status"),
    "source": Field(fixed=True, optional=True),
    "imported": Field(fixed=True, optional=True),
    "assignee": Field(),
    "priority": Field("choice", PRIORITIES),
    "labels": Field("list"),
    "depends_on": Field("list"),
    "parent": Field("id"),
    "artifacts": Field("list"),
    "specialist": Field(),
    "stream": Field(),
    "complexity": Field("choice", COMPLEXITIES),
}

DESCRIPTION, CRITERIA, RESULTS = "Description", "Acceptance criteria", "Results"
NEXT_ACTION, NOTES = "Next action", "Notes"


@dataclass(frozen=True, slots=True)
class Task(WithFile):
    """One task record."""

    id: str
    alias: str | None
    title: str
    created: str
    status: str
    reason: str | None
    forced: str | None
    deleted: bool | None
    source: str | None
    imported: str | None
    assignee: str | None
    priority: str | None
    labels: tuple[str, ...]
    depends_on: tuple[str, ...]
    parent: str | None
    artifacts: tuple[str, ...]
    specialist: str | None
    stream: str | None
    complexity: str | None
    path: str
    file: FileText

    @property
    def other_name(self) -> str | None:
        """The name that a caller or an imported system gave it."""
        return self.alias

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.status in OPEN

    @property
    def criteria(self) -> list[sections.Criterion]:
        """Its acceptance criteria."""
        return sections.criteria(self.text, CRITERIA, self.body_start)


def parse(text: str, path: str) -> Task:
    """A task from its file.  Raises BadRecord."""
    values = schema.read(text, path, FIELDS)
    return Task(**values, path=path, file=FileText(text))
