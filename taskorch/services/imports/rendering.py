"""Records made of what was read from another system: the same text wherever and whenever it is made.

A record's id follows from where it comes from, so that two clones that import the same get the same
records.  Its field ``imported`` is a hash of the text as it was made: it tells whether the source has
changed since, and whether the record has.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from taskorch.interchange.foreign import ForeignDecision, ForeignSession, ForeignTask
from taskorch.records import claim as claims
from taskorch.records import decision, frontmatter, ids, sections, session, task
from taskorch.records.claim import TOLD, Claim
from taskorch.records.decision_body import HEADINGS
from taskorch.records.schema import MAX_TITLE, Fields
from taskorch.services.workspace import Workspace
from taskorch.services.writing import new_record, with_appended

FIELDS: dict[str, Fields] = {"task": task.FIELDS, "decision": decision.FIELDS, "session": session.FIELDS}
_HASH, _PLACE = 16, "sha256:0000000000000000"
_ARGUED, _MARK = HEADINGS["pros_and_cons"][0], "[the options]"
_LINE = re.compile(r"^imported: *(.*)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Made:
    """A record made of an item: its id, its path relative to the store, its text, and what that says of
    where it comes from.

    ``claims`` is the text of its claims file, of a session that has one.
    """

    kind: str
    id: str
    path: str
    text: str
    source: str
    claims: str | None = None


class Maker:
    """Makes the records of one source, the system's `name` or what a person called it."""

    def __init__(self, ws: Workspace, name: str) -> None:
        self._ws, self._name = ws, name

    def id_of(self, kind: str, key: str) -> str:
        """The id of the record of an item."""
        return ids.derived_id(kind, f"{self._name}\n{key}")

    def task(self, one: ForeignTask, created: str) -> Made:
        """A task; `created` is for where the source does not say."""
        values = _values(one, task.FIELDS) | {
            "alias": self._alias(one.alias or one.key),
            "created": one.created or created,
            "deleted": "true" if one.deleted else None,
            "depends_on": [self.id_of("task", key) for key in one.depends_on],
            "parent": self.id_of("task", one.parent) if one.parent else None,
        }
        criteria = "\n".join(f"- [{'x' if done else ' '}] {sections.one_line(t)}" for t, done in one.criteria)
        body = {"description": _with_whole_title(one.title, one.description), "criteria": criteria}
        later = {task.RESULTS: one.results, task.NEXT_ACTION: one.next_action, task.NOTES: one.notes}
        return self._made("task", one.key, values, body, later, comments=one.comments)

    def decision(self, one: ForeignDecision) -> Made:
        """A decision."""
        links = {kind: [self.id_of("decision", key) for key in getattr(one, kind)] for kind in decision.LINKS}
        values = _values(one, decision.FIELDS) | links
        values |= {
            "decision-makers": list(one.decision_makers),
            "tasks": [self.id_of("task", key) for key in one.tasks],
            "session": self.id_of("session", one.session) if one.session else None,
            "governs": [{"path": path} for path in one.governs],
        }
        number = "" if one.number is None else f" ({one.number})"
        body = {"title": _title(one.title), **one.texts}
        argued = body.get("pros_and_cons", "")
        # these have headings of their own, which in other parts are escaped: a mark holds their place
        body["pros_and_cons"] = _MARK if argued.strip() else ""
        return self._made("decision", one.key, values, body, {_ARGUED: argued}, number)

    def session(self, one: ForeignSession) -> Made:
        """A session, with its claims."""
        values = _values(one, session.FIELDS) | {"tasks": [self.id_of("task", key) for key in one.tasks]}
        later = {session.NOTES: one.notes, session.SUMMARY: one.summary, session.HANDOFF: one.handoff}
        lines = claims.render(
            Claim(
                task=self.id_of("task", claim.task),
                path=claim.path,
                op=claim.op,
                before=claim.before,
                after=claim.after,
                onto=None,
                by=TOLD,
                source=claim.source,
                why=claim.why,
            )
            for claim in one.claims
        )
        return self._made("session", one.key, values, {"purpose": one.purpose}, later, "", lines)

    def _alias(self, name: str) -> str:
        """A name as an alias, which must not look like an id of ours."""
        alias = sections.one_line(name)
        return f"{self._name}/{alias}" if ids.is_id(alias) else alias

    def _made(
        self,
        kind: str,
        key: str,
        values: Mapping[str, Any],
        body: Mapping[str, str],
        later: Mapping[str, str],
        number: str = "",
        lines: str = "",
        comments: Sequence[tuple[str, str]] = (),
    ) -> Made:
        record_id = self.id_of(kind, key)
        source = sections.one_line(f"{self._name}/{key}{number}")
        said = {**values, "id": record_id, "source": source, "imported": _PLACE}
        path, text = new_record(self._ws, kind, FIELDS[kind], said, body)
        for title, content in later.items():
            if content.strip():
                text = with_appended(text, title, content)
        text = text.replace(f"{_MARK}\n\n", "", 1)
        start = frontmatter.body_start(text)
        for heading, content in comments:
            above = f"### {sections.one_line(heading)}"
            text = sections.append(text, task.NOTES, content, "\n", start, heading=above)
        text = text.replace(_PLACE, _hash(text, lines), 1)
        return Made(kind, record_id, path, text, source, lines or None)


def told(text: str) -> str | None:
    """The hash that a record keeps of how it was made."""
    found = _LINE.search(text)
    return found[1] if found else None


def is_as_made(text: str, lines: str) -> bool:
    """Whether a record, with its claims, is as it was made: nobody has changed it since."""
    return told(text) == _hash(text, lines)


def _hash(text: str, lines: str) -> str:
    """A hash of a record as it is without its own, and of its claims."""
    bare = _LINE.sub("", text, count=1)
    return "sha256:" + hashlib.sha256(f"{bare}\n{lines}".encode()).hexdigest()[:_HASH]


def _values(one: Any, known: Fields) -> dict[str, Any]:
    """The values of an item by the fields of records that are called as its own."""
    found = {field.name: getattr(one, field.name) for field in fields(one) if field.name in known}
    if "title" in found:
        found["title"] = _title(found["title"])
    return {name: _plain(value) for name, value in found.items()}


def _plain(value: Any) -> Any:
    """A value as a field can hold it: text on one line."""
    if isinstance(value, tuple):
        return [sections.one_line(item) for item in value]
    return sections.one_line(value) if isinstance(value, str) else value


def _title(title: str) -> str:
    line = sections.one_line(title)
    return line if len(line) <= MAX_TITLE else f"{line[: MAX_TITLE - 1]}…"


def _with_whole_title(title: str, text: str) -> str:
    """The text, the title above it where that was cut."""
    return f"{title.strip()}\n\n{text}" if len(sections.one_line(title)) > MAX_TITLE else text
