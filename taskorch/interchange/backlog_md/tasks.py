"""Tasks of Backlog.md, wherever in its folder they are kept, as ours."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from taskorch.interchange import foreign_words
from taskorch.interchange.backlog_md import sections
from taskorch.interchange.backlog_md.names import Names, canonical, in_file, parent_of
from taskorch.interchange.backlog_md.page import Page
from taskorch.interchange.foreign import ForeignTask
from taskorch.interchange.foreign_text import checklist, fields, joined, labels, under, utc

LIVE, COMPLETED, DRAFTS, ARCHIVED = "tasks", "completed", "drafts", "archive/tasks"
ARCHIVED_DRAFTS = "archive/drafts"
PLACES = (LIVE, COMPLETED, DRAFTS, ARCHIVED, ARCHIVED_DRAFTS)
"""The folders with tasks; of two with one name the one in the earlier folder is meant by links."""

_TITLE = re.compile(r"^# +(.+?)[ \t]*#*$", re.MULTILINE)

Told = list[tuple[str, str]]

# Keys that become fields or parts of the text; all others are listed at the end of the notes.
_USED = {
    "id", "title", "status", "assignee", "labels", "dependencies", "priority", "type", "milestone",
    "parent_task_id", "references", "documentation", "modified_files",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """A page of a task: its folder of `PLACES`, its name in the system, and a part before that where there
    are several of one name.
    """

    page: Page
    place: str
    name: str
    apart: str = ""

    @property
    def alias(self) -> str:
        """The name it goes on to have."""
        return f"{self.apart}{self.name}"

    @property
    def key(self) -> str:
        """The same for every spelling of the name: Backlog.md changed from lower to upper case once."""
        return f"{self.apart}{self.name.upper()}"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the folder's configuration says of tasks: the words for how far one is, in their order, and
    what their names begin with.
    """

    statuses: tuple[str, ...] = ("To Do", "In Progress", "Done")
    prefix: str = "task"


def named(page: Page, settings: Settings) -> str:
    """What a task is called: by its file if the page does not say; empty if that does not say either."""
    return page.text("id") or in_file(page.path.rpartition("/")[2], settings.prefix, "task", "draft")


class Tasks:
    """Makes tasks of pages; tells of what becomes something else."""

    def __init__(self, read: list[Read], settings: Settings, mapped: Told) -> None:
        self._settings, self._mapped = settings, mapped
        self._names = Names((one.name for one in read), settings.prefix)
        self._keys: dict[str, str] = {}
        self._renamed: Counter[tuple[str, str]] = Counter()
        for one in read:
            self._keys.setdefault(one.name, one.key)

    def tell(self) -> None:
        """Tell, in a line each, of what holds for many links."""
        for (said, meant), number in sorted(self._renamed.items()):
            self._mapped.append((f"{number} links", f"name tasks by {said}, which are called {meant} now"))

    def make(self, one: Read) -> ForeignTask:
        """The task of a page."""
        page, parts = one.page, sections.split(one.page.body)
        status, reason, marks = self._status(one)
        criteria, unticked = checklist(parts.get(sections.CRITERIA, ""))
        done, more_done = checklist(parts.get(sections.DONE, ""))
        comments, no_comment = sections.comments(parts.get(sections.COMMENTS, ""))
        priority, said = self._priority(one)
        return ForeignTask(
            key=one.key,
            alias=one.alias,
            title=page.text("title") or _title_of(page),
            status=status,
            created=self._created(one),
            description=joined(
                [
                    parts.get(sections.DESCRIPTION, ""),
                    under("Acceptance criteria", unticked),
                    under("Definition of done", more_done),
                    under("Implementation plan", parts.get(sections.PLAN, "")),
                    under("References", _list(page.items("references"))),
                    under("Documentation", _list(page.items("documentation"))),
                    under("Modified files", _list(page.items("modified_files"))),
                ]
            ),
            criteria=(*criteria, *((f"Definition of done: {text}", ticked) for text, ticked in done)),
            results=parts.get(sections.SUMMARY, ""),
            notes=joined([parts.get(sections.NOTES, ""), under("Comments", no_comment)]),
            comments=(*(_heading(comment) for comment in comments), *_others(one, said)),
            reason=reason,
            assignee=self._assignee(one),
            priority=priority,
            labels=labels(page.items("labels"), _of("type", page), _of("milestone", page), marks),
            depends_on=tuple(self._link(one, name) for name in page.items("dependencies")),
            parent=self._parent(one),
        )

    def _status(self, one: Read) -> tuple[str, str | None, list[str]]:
        """Our status, why it is that where the file's folder says so, and the labels that go with it."""
        word = one.page.text("status")
        ours, same = self._meaning(word)
        if one.place == LIVE:
            said = [] if same else [f"status:{word}"]
            self._tell(one, said, ours)
            return ours, None, said
        if one.place == COMPLETED:
            return self._set(one, "completed", None, [] if ours == "completed" and same else [word])
        if one.place == DRAFTS:
            usual = not word or foreign_words.plain(word) in ("draft", "to do", "todo")
            return self._set(one, "pending", None, [] if usual or ours == "pending" else [word], "draft")
        mark = ["archived", "draft"] if one.place == ARCHIVED_DRAFTS else ["archived"]
        if ours == "completed":
            return self._set(one, ours, None, [] if same else [word], *mark)
        usual = not word or ours == "pending"
        return self._set(one, "cancelled", "archived in Backlog.md", [] if usual else [word], *mark)

    def _set(
        self, one: Read, ours: str, reason: str | None, words: list[str], *marks: str
    ) -> tuple[str, str | None, list[str]]:
        said = [f"status:{word}" for word in words if word]
        self._tell(one, said, ours)
        return ours, reason, [*marks, *said]

    def _tell(self, one: Read, said: list[str], ours: str) -> None:
        for label in said:
            word = label.removeprefix("status:")
            how = f"its status '{word}' became {ours}, with the label '{label}'"
            self._mapped.append((f"task {one.key}", how))

    def _meaning(self, word: str) -> tuple[str, bool]:
        """Our status for a word; of those that the folder made up, its place among them tells."""
        ours, same = foreign_words.status(word)
        if ours:
            return ours, same
        known = [foreign_words.plain(other) for other in self._settings.statuses]
        place = foreign_words.plain(word)
        if not place or place not in known:
            return "pending", not place
        if place == known[-1] and not self._has_a_word_for_completed():
            return "completed", False
        return ("pending" if place == known[0] else "active"), False

    def _has_a_word_for_completed(self) -> bool:
        """Whether what is done has a plain word in the folder: then no other word says so."""
        return any(foreign_words.status(word)[0] == "completed" for word in self._settings.statuses)

    def _priority(self, one: Read) -> tuple[str | None, dict[str, str]]:
        word = one.page.text("priority")
        ours = foreign_words.priority(word)
        if not word or ours:
            return ours, {}
        self._mapped.append((f"task {one.key}", f"its priority '{word}' is none of ours, and in its notes"))
        return None, {"priority": word}

    def _created(self, one: Read) -> str | None:
        said = one.page.text("created_date")
        when = utc(said)
        if said and not when:
            self._mapped.append((f"task {one.key}", f"created_date '{said}' is no date, and in its notes"))
        return when

    def _assignee(self, one: Read) -> str | None:
        people = [name.removeprefix("@") for name in one.page.items("assignee")]
        if len(people) > 1:
            self._mapped.append(
                (f"task {one.key}", f"it has {len(people)} assignees, which became one field")
            )
        return ", ".join(people) or None

    def _link(self, one: Read, name: str) -> str:
        found = self._names.find(name)
        if found is None:
            return name  # which is told as leading nowhere
        said, meant = canonical(name)[0], canonical(found)[0]
        if said != meant:
            self._renamed[f"{said}-" if said else "numbers alone", f"{meant}-"] += 1
        return self._keys[found]

    def _parent(self, one: Read) -> str | None:
        named = one.page.text("parent_task_id")
        if named:
            return self._link(one, named)
        above = self._names.find(parent_of(one.name)) if parent_of(one.name) else None
        return self._keys[above] if above else None


def _list(items: tuple[str, ...]) -> str:
    return "\n".join(f"- {' '.join(item.split())}" for item in items)


def _of(key: str, page: Page) -> tuple[str, ...]:
    return tuple(f"{key}:{item}" for item in page.items(key))


def _heading(comment: tuple[str, str, str]) -> tuple[str, str]:
    when, who, text = comment
    return " ".join([utc(when) or when, who]).strip() or "Comment", text


def _others(one: Read, said: dict[str, str]) -> list[tuple[str, str]]:
    """A last note with all that has no field of ours."""
    values: dict[str, Any] = {
        key: value
        for key, value in one.page.values.items()
        if key not in _USED and not (key == "created_date" and utc(one.page.text(key)))
    }
    if one.page.odd:
        values["front matter"] = "\n".join(one.page.odd)
    text = fields({**values, **said})
    return [("From Backlog.md", text)] if text else []


def _title_of(page: Page) -> str:
    """The title above a text without front matter, else that in its file's name (``task-1 - A-b.md``)."""
    heading = None if page.has_values else _TITLE.search(page.body)
    name = page.path.rpartition("/")[2].removesuffix(".md")
    return heading[1] if heading else name.partition(" - ")[2].replace("-", " ").strip() or name
