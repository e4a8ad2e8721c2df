"""Whole answers of reading commands, kept while nothing they depend on has changed.

Verifying ten thousand claims reads much; that nothing changed since the last time is told by git's
status and the stamps of a few files.  An answer is kept only where that is certain: not while a session
is open here (its lease runs out by itself), not in bare or partial clones.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from taskorch import __version__
from taskorch.git.fingerprint import Fingerprint
from taskorch.git.process import OF_A_REPOSITORY
from taskorch.services.program import program
from taskorch.store.answers import FOLDER, Answers

Json = dict[str, Any]

_STORE = ".orchestrator"
_PASSING = {FOLDER, "objects", "lock", "logs"}
_NEVER = (*OF_A_REPOSITORY, "GIT_NO_REPLACE_OBJECTS", "GIT_ATTR_SOURCE", "TASKORCH_SESSION")
_SURE = ("create", "modify")


class Asked:
    """A question asked in a folder, and the answer that was kept for it, if that still holds.

    As a context it ends what it started.  ``status`` is what git's status says, where it was asked.
    """

    def __init__(self, start: Path, question: Sequence[object]) -> None:
        self._fingerprint: Fingerprint | None = None
        self._before: str | None = None
        place = _place(start)
        if not place:
            return
        top, store, private = place
        self._answers = Answers(private / FOLDER)
        try:
            self._fingerprint = Fingerprint(
                top, _git_dir(top), private.parent, lambda: _counting(store, private)
            )
            known = program()
        except OSError:
            self._end()
            return
        named = sorted((name, said) for name, said in os.environ.items() if _matters(name))
        self._question = repr((__version__, known, str(start), named, *question))

    def __enter__(self) -> Asked:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def status(self) -> bytes | None:
        """What git's status printed, None where it was not asked or failed."""
        return self._fingerprint.status if self._fingerprint else None

    def answer(self) -> Any:
        """The answer that still holds, None if there is none."""
        if not self._fingerprint:
            return None
        kept = self._answers.read(self._question)
        self._before = self._fingerprint.take()
        if not kept or not self._before or not isinstance(kept.get("watched"), list):
            return None
        now = self._fingerprint.stamps(map(str, kept["watched"]), self._before)
        return kept.get("answer") if now == kept.get("fingerprint") else None

    def keep(self, answer: Any, data: Json) -> None:
        """Keep an answer made of `data` since `answer` was asked for, unless something changed meanwhile."""
        if not self._fingerprint or not self._before or self._fingerprint.take() != self._before:
            return
        watched = sorted(set(_watched(data)))
        now = self._fingerprint.stamps(watched, self._before)
        if self._fingerprint.is_settled:
            self._answers.write(self._question, {"fingerprint": now, "watched": watched, "answer": answer})

    def _end(self) -> None:
        if self._fingerprint:
            self._fingerprint.__exit__(None, None, None)


def _place(start: Path) -> tuple[Path, Path, Path] | None:
    """The work tree, the nearest store and our folder in the git directory; None where nothing is kept."""
    if any(os.environ.get(name) for name in _NEVER):
        return None
    top = next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), None)
    store = next((one for one in (start, *start.parents) if (one / _STORE).is_dir()), None)
    if not top or not store or not store.is_relative_to(top):
        return None
    try:
        common = _git_dir(top)
        shared = common / "commondir"
        common = (common / shared.read_text().strip()).resolve() if shared.exists() else common
        private = common / "taskorch"
        if any(private.glob("worktrees/*/sessions/*.json")) or (store / _STORE / ".local").exists():
            return None
    except (OSError, UnicodeError):
        return None
    return top, store / _STORE, private


def _matters(name: str) -> bool:
    """Whether an answer can depend on a variable of the environment."""
    return name.startswith(("GIT_", "TASKORCH_")) and not name.startswith("GIT_TRACE")


def _git_dir(top: Path) -> Path:
    """This work tree's git directory, as its ``.git`` says."""
    found = top / ".git"
    if found.is_dir():
        return found
    return top / found.read_text().removeprefix("gitdir:").strip()


def _counting(*folders: Path) -> Iterator[str]:
    """The files whose stamps count: the records, and local state."""
    for folder in folders:
        for where, below, names in os.walk(folder):
            below[:] = sorted(set(below) - _PASSING)
            yield from (os.path.join(where, name) for name in sorted(set(names) - _PASSING))


def _watched(data: Any) -> Iterator[str]:
    """The paths in an answer of which git's status may not tell: those HEAD may not have."""
    if isinstance(data, list):
        for one in data:
            yield from _watched(one)
    elif isinstance(data, dict):
        if not (data.get("rung") == "exact" and data.get("op") in _SURE):
            yield from (data[key] for key in ("path", "from") if isinstance(data.get(key), str))
        for one in data.values():
            if isinstance(one, list | dict):
                yield from _watched(one)
