"""Lists of many records, and what was found in them, kept while no record has changed.

To list ten thousand records takes most of a second, to ask for the stamps of their files a part of that.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from taskorch import __version__
from taskorch.git.placed import common_dir_of
from taskorch.services.program import program
from taskorch.store.answers import FOLDER as CACHE
from taskorch.store.answers import Answers
from taskorch.store.folders import ARCHIVE, CONFIG, FOLDER, FOLDERS, KEPT, OF_KIND
from taskorch.store.looks import LOOKS
from taskorch.store.record_stamps import RecordStamps

_MANY = 500
"""Of fewer records an answer is made as fast as it is read."""


class AskedForList:
    """A list that is asked for in a folder, and what was kept of it, if that still holds.

    It holds while no record has changed; archived ones, of which there may be very many, are looked at only
    where the answer was made with a look at them.
    """

    def __init__(self, start: Path, question: Sequence[object], *, archived: bool = False) -> None:
        """`archived` says that archived records are asked for, too."""
        self._stamps: RecordStamps | None = None
        self._before: str | None = None
        self._with_archive = archived
        self._looks = LOOKS.count
        top = next((one for one in (start, *start.parents) if (one / ".git").exists()), None)
        home = next((one for one in (start, *start.parents) if (one / FOLDER).is_dir()), None)
        common = common_dir_of(start)
        if not top or not home or not common or not home.is_relative_to(top) or _has_other_folder(home):
            return
        try:
            version = (__version__, program())
        except OSError:  # the program's own files may not be looked at
            return
        private, store = common / "taskorch", home / FOLDER
        folders = [store / name for name in FOLDERS]
        kept = private / KEPT / store.relative_to(top) / "sessions"
        self._answers = Answers(private / CACHE)
        nested = [OF_KIND["session"], ARCHIVE]
        self._stamps = RecordStamps([*folders, kept], [store / CONFIG], nested)
        self._all_stamps = RecordStamps([*folders, kept, store / ARCHIVE], [store / CONFIG], nested)
        named = sorted(one for one in os.environ.items() if one[0].startswith(("GIT_", "TASKORCH_")))
        self._question = repr((*version, str(start), named, *question))

    def answer(self) -> Any:
        """What was kept and still holds, None if there is nothing."""
        if not self._stamps:
            return None
        kept = self._answers.read(self._question)
        self._with_archive = bool(kept["archive"]) if kept else self._with_archive
        if self._with_archive:
            self._stamps = self._all_stamps
        self._before = self._stamps.take()
        return kept.get("answer") if kept and self._before and kept.get("stamps") == self._before else None

    def keep(self, answer: Any) -> None:
        """Keep what was printed of many records, unless one has changed since it was asked for."""
        if not self._stamps or not self._before or self._stamps.count < _MANY or not self._stamps.is_settled:
            return
        looked = LOOKS.count > self._looks
        if looked != self._with_archive:  # the next time the stamps are taken that count for this question
            self._answers.write(self._question, {"archive": looked})
        elif self._stamps.take() == self._before:
            told = {"stamps": self._before, "archive": looked, "answer": answer}
            self._answers.write(self._question, told)


def _has_other_folder(home: Path) -> bool:
    """Whether decisions are kept elsewhere as well: a word in the settings is enough to think so."""
    file = home / FOLDER / CONFIG
    try:
        return not file.is_file() or b"\ndecisions" in file.read_bytes()  # reading a pipe would wait
    except OSError:
        return True
