"""Decisions that somebody writes in an editor: the text they are shown, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from taskorch.errors import TaskorchError
from taskorch.records import decision as decisions
from taskorch.records import decision_body, frontmatter
from taskorch.records.decision import FIELDS
from taskorch.records.guidance import without_empty_sections, without_guidance
from taskorch.records.schema import check_title, render_front_matter
from taskorch.services.commit_after import commits
from taskorch.services.decisions import wording
from taskorch.services.decisions.given import Given
from taskorch.services.decisions.making import front_matter, put_new
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.services.writing import with_fields


@dataclass(frozen=True)
class Draft:
    """A decision to be finished by hand: its id, its text, and what it was made of."""

    id: str
    text: str
    given: Given
    template: str

    @property
    def name(self) -> str:
        """The file name it is shown under."""
        return f"{self.id}.md"

    def is_unwritten(self, edited: str) -> bool:
        """Whether the text was emptied, or left as it was with something missing."""
        incomplete = bool(self.given.lacking or not self.given.title)
        return not edited.strip() or (incomplete and edited == self.text)


def draft_decision(ws: Workspace, title: str | None, **given: Any) -> Draft:
    """The text that an editor is to show of a new decision, made of fields of `Given`.

    Raises TaskorchError for what cannot be, not for what is missing yet.
    """
    asked = Given(title=title, **given)
    values = front_matter(ws, ws.load(), asked)
    template = wording.shape(ws, asked.template or wording.FOR_EDITOR)
    text = render_front_matter(FIELDS, values) + wording.guided(asked, template)
    return Draft(values["id"], text, asked, template)


@commits("decision new")
def new_from_draft(ws: Workspace, draft: Draft, edited: str) -> Json:
    """Record a decision as somebody wrote it; guidance that was left goes, and so do empty sections.

    Raises BadRecord, with the line, where it is no decision, and TaskorchError where it says nothing.
    """
    with ws.writing(f"decision new {draft.given.title or ''}") as found:
        text = _finished(draft, edited)
        if decisions.parse(text, draft.name).id != draft.id:
            raise TaskorchError("the id of a decision never changes", hint=f"put back id: {draft.id}")
        return put_new(ws, found, text, draft.given)


def _finished(draft: Draft, edited: str) -> str:
    """An edited draft as a record; where only one of title and heading was changed, both are that."""
    start = frontmatter.parse(edited, draft.name).body_start
    text = without_guidance(edited, wording.said_by(draft.template), start, draft.name)
    text = without_empty_sections(text, start).rstrip("\r\n") + "\n"
    before, title = draft.given.title, _title(text, draft.name)
    heading = decision_body.heading(text, start)
    if heading and (not title or (title == before and heading != before)):
        return with_fields(text, FIELDS, {"title": check_title(heading)})
    return decision_body.with_heading(text, start, title) if title and heading == before else text


def _title(text: str, name: str) -> str | None:
    entry = frontmatter.parse(text, name).entries.get("title")
    return str(entry.value).strip() if entry and entry.value else None
