"""What was read of an adopted folder, kept while none of its files has changed.

All decisions of a folder depend on each other's texts (numbers, links, the order of dates), so what is
kept is that of the whole folder, and one file that changed makes all be read anew.  Derived, disposable.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

from taskorch import __version__
from taskorch.errors import NotFound
from taskorch.git.placed import common_dir_of
from taskorch.interchange.adr.reading import decoded
from taskorch.records.decision import Decision
from taskorch.records.file_text import FileText
from taskorch.records.shelf import Packed
from taskorch.services.decisions.folder_stamps import FolderStamps
from taskorch.services.decisions.folders import OnDisk, folders_meant, settings_of
from taskorch.services.program import program
from taskorch.store.answers import FOLDER, Answers

_PROGRAM = ("interchange/adr", "records", "services/decisions")
_FIELDS = [field.name for field in fields(Decision) if field.name not in ("path", "file")]
_MAKE: Callable[..., Decision] = Decision
_MANY = 50
"""Fewer files are read as fast."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a folder: its decisions, their names and numbers, and what could not be read."""

    decisions: list[Any]
    names: dict[str, list[str]]
    numbers: dict[str, int]
    problems: list[tuple[str, str, int]]


class KeptFolder:
    """What is kept of the folder `named`, from the root of `tree`; `store` is where the store is there."""

    def __init__(self, tree: OnDisk, named: str, store: str) -> None:
        self._tree, self._store = tree, store
        self._before: str | None = None
        self._answers: Answers | None = None
        common = common_dir_of(tree.top)
        try:
            version = (__version__, program(Path(__file__).parents[2] / part for part in _PROGRAM))
        except OSError:  # the program's own files may not be looked at
            return
        self._question = repr(("adopted folder", version, str(tree.top), named, store))
        self._answers = Answers(common / "taskorch" / FOLDER) if common else None
        self._stamps = FolderStamps(
            tree.top, lambda: (folders_meant(tree, named), repr(settings_of(tree, named)))
        )

    def answer(self) -> Told | None:
        """What was kept and still holds, None if there is nothing.  Raises BadPath or BadRecord."""
        if not self._answers:
            return None
        kept = self._answers.read(self._question)
        self._before = self._stamps.take()
        if not kept or not self._before or kept.get("stamps") != self._before:
            return None
        rows = [Packed(row[0], row[1], None, row[2], self._unpacked) for row in kept["decisions"]]
        return Told(rows, kept["names"], kept["numbers"], kept["problems"])

    def keep(self, told: Told) -> None:
        """Keep what was read, unless a file has changed since it was asked for, or may without a trace."""
        if not self._answers or not self._before or self._stamps.count < _MANY:
            return
        if self._stamps.take() == self._before and self._stamps.is_settled:
            rows = [(one.id, one.path, _packed(one)) for one in told.decisions]
            self._answers.write(
                self._question,
                {"stamps": self._before, "decisions": rows, "names": told.names, "numbers": told.numbers,
                 "problems": told.problems},
            )  # fmt: skip

    def _unpacked(self, packed: Packed) -> Decision:
        values: Iterable[Any] = json.loads(packed.fields)
        values = [tuple(value) if type(value) is list else value for value in values]
        return _MAKE(*values, packed.path, FileText(partial(self._text, packed.path)))

    def _text(self, path: str) -> str:
        """The text of a decision's file, by its path from the store.  Raises NotFound or BadRecord."""
        data = self._tree.content(f"{self._store}/{path}")
        if isinstance(data, bytes):
            return decoded(path, data)[0]
        raise NotFound(f"{path.lstrip('./')} is not there any more", hint="repeat the command")


def _packed(one: Decision) -> str:
    return json.dumps([getattr(one, name) for name in _FIELDS], ensure_ascii=False)
