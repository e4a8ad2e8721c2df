"""Decisions that come as a text: Markdown, with front matter or without."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from taskorch.errors import BadRecord, TaskorchError, UsageError
from taskorch.records import decision_body, frontmatter, schema, sections
from taskorch.records.decision import FIELDS
from taskorch.records.document import Document
from taskorch.records.guidance import without_empty_sections, without_guidance
from taskorch.records.schema import render_front_matter
from taskorch.services.commit_after import commits
from taskorch.services.decisions import wording
from taskorch.services.decisions.given import Given
from taskorch.services.decisions.making import front_matter, put_new
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace

_READ = {name: replace(field, required=False) for name, field in FIELDS.items()}
_OURS = ("id", "session")
_OLDER_NAMES = {"deciders": "decision-makers"}
"""What MADR called its fields before version 4."""


def new_from_text(ws: Workspace, title: str | None, data: bytes, name: str, **given: Any) -> Json:
    """Record a decision whose whole body is a text, in UTF-8; `name` is what errors call it.

    Its front matter counts where the fields of `Given` say nothing; keys that we do not know are kept.  The
    title is that of its heading, if none is given.  A text without sections is what was decided.  Raises
    BadRecord, with the line, for front matter that cannot be, TaskorchError for a text that says nothing.
    """
    return _new_from_text(ws, Given(title=title, **given), data, name)


@commits("decision new")
def _new_from_text(ws: Workspace, asked: Given, data: bytes, name: str) -> Json:
    if asked.texts:
        raise UsageError(f"{asked.texts[0]} and a whole text exclude each other", hint="say it in the text")
    text = _plain(frontmatter.decode(data, name).removeprefix(frontmatter.BOM))
    frontmatter.refuse_conflicts(text, name)
    if not text.strip():
        raise TaskorchError(f"{name} is empty: no decision was made", hint="give its text in Markdown")
    with ws.writing(f"decision new {asked.title or ''}") as found:
        has_front_matter = text.split("\n", 1)[0].rstrip() == "---"
        document = frontmatter.parse(text, name) if has_front_matter else None
        start = document.body_start if document else 0
        body = _body(text, start, name)
        read = _front_matter(text, name) if document else {}
        heading = decision_body.heading(body, 0)
        named = asked.title or read.pop("title", None) or heading
        if not named:
            raise TaskorchError(f"{name} has no title", hint="begin it with '# TITLE', or name one before -F")
        makers = asked.decision_makers or read.get("decision-makers", ())
        values = front_matter(ws, found, replace(asked, title=named, decision_makers=makers))
        values = {**values, **{key: value for key, value in read.items() if not _said(asked, key)}}
        front = render_front_matter(FIELDS, values)
        if document:
            front = front.removesuffix("---\n") + _unknown(document) + "---\n"
        lead = "" if heading else f"# {values['title']}\n\n"
        return put_new(ws, found, f"{front}\n{lead}{body}", asked)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _body(text: str, start: int, name: str) -> str:
    """The text below the front matter, without guidance of templates."""
    text = without_guidance(text, wording.said_by(""), start, name)
    body = without_empty_sections(text, start)[start:].strip("\n") + "\n"
    if any(one.level == 2 for one in sections.sections(body, 0)):
        return body
    title, _, rest = body.partition("\n") if body.startswith("# ") else ("", "", body)
    lead = f"{title}\n\n" if title else ""
    below = rest.lstrip("\n")
    return f"{lead}## {decision_body.HEADINGS['decision'][0]}\n\n{below}" if below else body


def _front_matter(text: str, name: str) -> dict[str, Any]:
    """The fields that a text's front matter gives, typed.  Raises BadRecord."""
    try:
        values = schema.read(text, name, _READ)
    except BadRecord as problem:
        problem.hint = problem.hint or "mend the text, or take the line out; no decision was made"
        raise
    for older, ours in _OLDER_NAMES.items():
        entry = frontmatter.parse(text, name).entries.get(older)
        if entry and entry.value and not values[ours]:
            values[ours] = entry.value if isinstance(entry.value, list) else [entry.value]
    values["governs"] = [{"path": path} for path in values["governs"]]
    found = {key: value for key, value in values.items() if value and key not in _OURS}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in found.items()}


def _unknown(document: Document) -> str:
    """The lines of the keys that we do not know."""
    known = {*FIELDS, *_OLDER_NAMES}
    entries = [entry for key, entry in document.entries.items() if key not in known and entry.value]
    return "".join(f"\n{document.text[entry.start : entry.end]}" for entry in entries)


def _said(asked: Given, key: str) -> bool:
    """Whether a flag says what a field is."""
    flags = {"governs": "files", "decision-makers": "decision_makers"}
    if key in ("supersedes", "refines", "reverses", "clarifies"):
        return bool(asked.links.get(key))
    if key == "tasks":
        return bool(asked.task) or asked.no_task
    return bool(getattr(asked, flags.get(key, key), None))
