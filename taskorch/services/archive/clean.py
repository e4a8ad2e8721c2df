"""Whether the archive is as git has it, without a look at each of its files.

Of 100,000 records most are archived, and git asks for the times of all before it commits one.
"""

from __future__ import annotations

import os
import time
from functools import cached_property

from taskorch.git.trees import entries_of
from taskorch.services.workspace import Workspace
from taskorch.store.answers import FOLDER, Answers
from taskorch.store.folders import ARCHIVE
from taskorch.store.record_cache import RECENT, RECENT_COARSE, SECOND


class Archive:
    """The archive folder of a store, and what was kept of when git last said that nothing changed there.

    That holds while no file came to its folders or went from them, which writing by renaming, as git and
    taskorch do, shows in their times, and HEAD has the same tree of it.  An editor that writes into a
    file in its place is not seen: who relies on this looks again where there is nothing else to do.
    """

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self.path = f"{ws.prefix}/{ARCHIVE}"
        self._answers = Answers(ws.private / FOLDER)
        self._question = repr(("archive", os.path.realpath(ws.store.root)))
        self._state, self._settled = self._found()

    @property
    def is_clean(self) -> bool:
        """Whether git said so, and nothing tells otherwise."""
        kept = self._answers.read(self._question) if self._state else None
        return bool(kept) and kept == {"question": self._question, "state": self._state}

    def keep(self) -> None:
        """Keep that git said so of what is there."""
        if self._state and self._settled:
            self._answers.write(self._question, {"state": self._state})

    @property
    def beside(self) -> list[str]:
        """What else the store has, on disk or in HEAD, as git names it."""
        here = (f"{self._ws.prefix}/{name}" for name in os.listdir(self._ws.store.root))
        return sorted({*here, *self._committed} - {self.path})

    @cached_property
    def _committed(self) -> dict[str, str]:
        """What HEAD has in the store's folder, each with its state."""
        return entries_of(self._ws.repo, "HEAD", self._ws.prefix)

    def _found(self) -> tuple[str | None, bool]:
        """The tree of HEAD and the times of the folders, None where there is no archive; and whether these
        are old enough that a later change will show.
        """
        now = time.time_ns()
        try:
            folders = [one.stat() for one in self._ws.store.archive_folders()]
        except OSError:
            return None, False
        latest = max(one.st_mtime_ns for one in folders)
        tree = self._committed.get(self.path)
        state = repr((tree, [(one.st_ino, one.st_mtime_ns, one.st_ctime_ns) for one in folders]))
        return state if tree else None, latest + (RECENT if latest % SECOND else RECENT_COARSE) < now
