"""Decisions that stay in a folder of another tool, read as ours.

Such a decision has no id of its own: it gets one that follows from its path within the folder, the
same in every clone.  It is also found by its number and by its file's name.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from typing import Any

from taskorch.errors import BadPath, BadRecord, NotFound, TaskorchError
from taskorch.git.paths import is_below
from taskorch.git.repository import Repository
from taskorch.interchange.adr.adr import Adr
from taskorch.interchange.adr.names import is_decision_file, stem, take_apart
from taskorch.records import ids
from taskorch.records.collection import Collection
from taskorch.records.decision import CATEGORIES, FIELDS, IMPACTS, UNKNOWN, Decision
from taskorch.records.file_text import FileText
from taskorch.records.finding import other_name
from taskorch.services.decisions.folders import AdrFolder, OnDisk, Tree, folders_meant, read_adr_folder
from taskorch.services.decisions.kept_folder import KeptFolder, Told
from taskorch.store.config import NAME

_LINKS = {
    "supersedes": ("supersedes",),
    "refines": ("refines", "amends"),
    "reverses": ("reverses",),
    "clarifies": ("clarifies",),
}
_IMPLEMENTATION = FIELDS["implementation"].choices


class AdoptedFolder:
    """The decisions in the folder `named`, from the root of `tree`; `store` is where the store is there."""

    def __init__(self, tree: Tree, named: str, store: str) -> None:
        self._tree, self._named, self._store = tree, named, store

    @cached_property
    def folder(self) -> AdrFolder:
        """What is in the folder.  Raises NotFound, BadPath or BadRecord."""
        if is_below(self._named, self._store):
            words = f"'decisions' names {self._named}, where taskorch's own records are"
            raise BadPath(words, hint="name the folder where another tool keeps decisions")
        return read_adr_folder(self._tree, self._named)

    @cached_property
    def _told(self) -> Told:
        """What is told of the folder, as it was kept or read now.  Raises NotFound, BadPath or BadRecord."""
        kept = KeptFolder(self._tree, self._named, self._store) if isinstance(self._tree, OnDisk) else None
        known = kept.answer() if kept else None
        if known:
            return known
        read = self.folder.read
        told = Told([as_decision(adr, self.path(adr.path)) for adr in read.adrs], {}, {}, [])
        for adr in read.adrs:
            for name in self._names(adr):
                ids_of = told.names.setdefault(other_name(name), [])
                ids_of += [] if adopted_id(adr.path) in ids_of else [adopted_id(adr.path)]
            if adr.number is not None:
                told.numbers[adopted_id(adr.path)] = adr.number
        told.problems.extend(
            (one.message, self.folder.full(one.path), one.line)
            for one in read.problems
            if one.path in read.unread
        )
        if kept:
            kept.keep(told)
        return told

    def _names(self, adr: Adr) -> list[str]:
        """By what other names a decision is known."""
        own = stem(adr.path)
        number = [str(adr.number)] if adr.number is not None else []
        return [self.folder.full(adr.path), adr.path, own, take_apart(own).slug, *number]

    def records(self) -> list[Any]:
        """The decisions, packed or not, with paths from the store; none where there is no such folder."""
        with suppress(TaskorchError):
            return self._told.decisions
        return []

    def path(self, path: str) -> str:
        """A path within the folder as one from the store."""
        return posixpath.relpath(self.folder.full(path), self._store)

    def folders(self) -> list[str]:
        """The folders of the decisions, from the root: those of packages as well.  Raises as `folder`."""
        home, *packages = folders_meant(self._tree, self._named)
        return [home, *(one for one in packages if not is_below(one, home))]

    def is_decision(self, path: str) -> bool:
        """Whether a path from the root is that of a decision, also of one that is gone."""
        return is_decision_file(posixpath.relpath(path, folders_meant(self._tree, self._named)[0]))

    def adr(self, path: str) -> Adr:
        """The decision at a path from the store.  Raises NotFound."""
        for adr in self.folder.read.adrs:
            if self.path(adr.path) == path:
                return adr
        raise NotFound(f"no decision in {path}", hint="taskorch decision list shows all decisions")

    def says(self, one: Decision, newer: Iterable[str]) -> bool:
        """Whether a decision's own file says that these, by id, took its place."""
        return {adopted_id(path) for path in self.adr(one.path).successors} >= set(newer)

    def tell(self, found: Collection) -> None:
        """Add to a collection by what other names the decisions are known, and what cannot be read."""
        try:
            told = self._told
        except TaskorchError as error:
            error = self._why_not_there(error)
            hint = error.hint or "correct 'decisions' in the settings"
            found.problems.append(BadRecord(error.message, path=f"{self._store}/{NAME}", hint=hint))
            return
        found.numbers |= told.numbers
        for name, known in told.names.items():
            names = found.other_names.setdefault(name, [])
            names += [one for one in known if one not in names]
        found.problems += [BadRecord(words, path=path, line=line) for words, path, line in told.problems]

    def _why_not_there(self, error: TaskorchError) -> TaskorchError:
        """Why the folder could not be read: git may have what the disk has not."""
        if not isinstance(error, NotFound) or not isinstance(self._tree, OnDisk):
            return error
        from taskorch.services.decisions.unfit import refuse_hidden_folders

        try:
            refuse_hidden_folders(Repository.open(self._tree.top), self._tree.top, [self._named])
        except TaskorchError as better:
            return better
        return error


def adopted_id(path: str) -> str:
    """The id of the decision in a file, by its path within its folder."""
    return ids.derived_id("decision", path)


def as_decision(adr: Adr, path: str) -> Decision:
    """What is read of a foreign decision as a record; `path` is from the store."""
    said = adr.metadata
    category = _word(said, "category") or (adr.category or "").rsplit("/", 1)[-1].lower()
    components = (*_words(said, "components"), *([adr.category] if adr.category else []))
    return Decision(
        id=adopted_id(adr.path),
        title=adr.title,
        date=adr.date,
        status=adr.status or UNKNOWN,
        source=None,
        imported=None,
        session=None,
        category=category if category in CATEGORIES else None,
        impact=impact if (impact := _word(said, "impact")) in IMPACTS else None,
        decision_makers=adr.deciders,
        tasks=tuple(one for one in (*_words(said, "tasks"), *_words(said, "task")) if ids.is_id(one)),
        # What was reversed says itself, in words of its tool, that it was superseded: that is one link.
        supersedes=tuple(one for one in _linked(adr, "supersedes") if one not in _linked(adr, "reverses")),
        refines=_linked(adr, "refines"),
        reverses=_linked(adr, "reverses"),
        clarifies=_linked(adr, "clarifies"),
        governs=_words(said, "governs"),
        components=tuple(dict.fromkeys(components)),
        labels=adr.tags,
        implementation=how if (how := _word(said, "implementation")) in _IMPLEMENTATION else None,
        outcome=_word(said, "outcome") or None,
        path=path,
        file=FileText(adr.text),
        reviewed=_word(said, "reviewed") or None,
    )


def _linked(adr: Adr, kind: str) -> tuple[str, ...]:
    named = [other for one in _LINKS[kind] for other in adr.links.get(one, ())]
    return tuple(dict.fromkeys(adopted_id(other) for other in named))


def _word(said: Any, key: str) -> str:
    value = said.get(key)
    return value.strip() if isinstance(value, str) else ""


def _words(said: Any, key: str) -> tuple[str, ...]:
    """The values of a key: a list, or words with commas between them."""
    value = said.get(key)
    if isinstance(value, list):
        found = [one.get("path") if isinstance(one, dict) else one for one in value]
        return tuple(one for one in found if isinstance(one, str))
    return (
        tuple(part.strip(" `") for part in value.split(",") if part.strip(" `"))
        if isinstance(value, str)
        else ()
    )
