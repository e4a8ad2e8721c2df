"""A session: one stretch of work in one work tree, with its hand-off."""

from __future__ import annotations

from dataclasses import dataclass

from taskorch.records import schema
from taskorch.records.file_text import FileText, WithFile
from taskorch.records.schema import Field

FIELDS: dict[str, Field] = {
    "id": Field("id", required=True, fixed=True),
    "agent": Field(fixed=True),
    "stream": Field(fixed=True, optional=True),
    "source": Field(fixed=True, optional=True),
    "imported": Field(fixed=True, optional=True),
    "created": Field("time", required=True, fixed=True),
    "tasks": Field("list"),
    "base": Field("oid", fixed=True),
    "onto": Field("oid", fixed=True),
    "branch": Field(fixed=True),
    "dirty_count": Field("count", fixed=True),
    "ended": Field("time"),
}

LOCAL = "local/"
"""How the path of a session begins that is kept in the git directory."""
PURPOSE, NOTES, SUMMARY, HANDOFF = "Purpose", "Notes", "Summary", "Hand-off"


@dataclass(frozen=True, slots=True)
class Session(WithFile):
    """One session record."""

    id: str
    agent: str | None
    stream: str | None
    source: str | None
    imported: str | None
    created: str
    tasks: tuple[str, ...]
    base: str | None
    onto: str | None
    branch: str | None
    dirty_count: int | None
    ended: str | None
    path: str
    file: FileText

    @property
    def title(self) -> str:
        """The first line of its purpose, or who and when."""
        purpose = self.section(PURPOSE)
        return purpose.splitlines()[0] if purpose else f"{self.agent or 'session'}, {self.created}"

    @property
    def is_local(self) -> bool:
        """Whether it is kept in the git directory: its claims then stand in its tasks' claims files."""
        return self.path.startswith(LOCAL)

    @property
    def other_name(self) -> str | None:
        """Its id in the system it was imported from."""
        return self.source.partition("/")[2] or None if self.source else None

    @property
    def claims_path(self) -> str:
        """Where its claims stand, relative to the store, if it is not local."""
        return self.path.removesuffix(".md") + ".claims.jsonl"


def parse(text: str, path: str) -> Session:
    """A session from its file.  Raises BadRecord."""
    values = schema.read(text, path, FIELDS)
    return Session(**values, path=path, file=FileText(text))
