"""Making and changing the text of records: what the services of all nouns share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from taskorch.errors import BadRecord, TaskorchError
from taskorch.records import frontmatter, ids, schema, sections, session
from taskorch.records.decision import Decision
from taskorch.records.edit import set_field
from taskorch.records.schema import Fields
from taskorch.records.task import Task
from taskorch.services.workspace import Workspace
from taskorch.store import layout, templates

Edited = TypeVar("Edited", Task, Decision)


def one_liners(what: str, texts: Iterable[str]) -> list[str]:
    """Labels, criteria or the like, each on one line and once.  Raises TaskorchError for an empty one."""
    lines = [sections.one_line(text) for text in texts]
    if not all(lines):
        raise TaskorchError(f"{what} is empty", hint="give its text, or leave the option out")
    return list(dict.fromkeys(lines))


def refuse_empty(reason: str | None, option: str) -> None:
    """Raise TaskorchError for a reason that was given and says nothing."""
    if reason is not None and not reason.strip():
        raise TaskorchError("the reason is empty", hint=f"say why in a sentence: {option} REASON")


def new_record(
    ws: Workspace,
    kind: str,
    fields: Fields,
    values: Mapping[str, Any],
    body: Mapping[str, str],
) -> tuple[str, str]:
    """Path (relative to the store) and text of a new record from its values and its body's texts."""
    path = layout.record_path(values["id"], str(values.get("title") or ""), str(values.get("created") or ""))
    safe = {name: sections.safe(text) for name, text in body.items()}
    text = schema.render_front_matter(fields, values) + templates.render(kind, safe, ws.store)
    return path, text


def with_fields(text: str, fields: Fields, changes: Mapping[str, Any]) -> str:
    """The record's text with front matter fields set, nothing else touched."""
    for name, value in changes.items():
        written = schema.as_written(fields[name], value)
        text = set_field(text, name, written, list(fields), schema.attached(fields))
    return text


def with_note(text: str, title: str, note: str, when: str, author: str) -> str:
    """The text with a note at the end of a section, under a heading with time and author."""
    document = frontmatter.parse(text, "")
    heading = f"### {when} {sections.one_line(author)}"
    return sections.append(text, title, note, document.newline, document.body_start, heading=heading)


def with_section(text: str, title: str, content: str) -> str:
    """The text with a section's content exchanged."""
    document = frontmatter.parse(text, "")
    return sections.replace(text, title, content, document.newline, document.body_start)


def with_appended(text: str, title: str, content: str) -> str:
    """The text with `content` at the end of a section; it need not have front matter."""
    newline = "\r\n" if "\r\n" in text else "\n"
    return sections.append(text, title, content, newline, frontmatter.body_start(text))


def with_criteria(text: str, title: str, added: Sequence[str]) -> str:
    """The text with more items on a section's checklist."""
    document = frontmatter.parse(text, "")
    return sections.add_criteria(text, title, list(added), document.newline, document.body_start)


def with_end(text: str, when: str, summary: str | None = None, handoff: str | None = None) -> str:
    """A session's text with its end, summary and hand-off."""
    text = with_fields(text, session.FIELDS, {"ended": when})
    if summary:
        text = with_appended(text, session.SUMMARY, summary)
    return with_section(text, session.HANDOFF, handoff) if handoff else text


def edited(ws: Workspace, one: Edited, before: str, text: str, parse: Callable[[str, str], Edited]) -> Edited:
    """The record `one` as the text says that a person made of `before`, and `parse` reads.

    Raises TaskorchError where it was written meanwhile or has another id now, and BadRecord, which names
    the file as people and git do, where it is no such record any more.
    """
    if one.text != before:
        raise TaskorchError(
            f"{one.id} was changed while you edited it; your text was not written", hint="edit it again"
        )
    try:
        after = parse(text, one.path)
    except BadRecord as problem:
        problem.path = ws.shown(one.path)
        raise
    if after.id != one.id:
        what = f"the id of a {ids.kind_of(one.id)} never changes"
        raise TaskorchError(what, hint=f"put back id: {one.id}")
    return after
