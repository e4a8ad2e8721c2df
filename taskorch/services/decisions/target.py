"""The commit that decisions are checked against: which files it has, and as long as nothing else is
asked for, which are on disk.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from taskorch.git import disk, worktree
from taskorch.git.paths import is_record
from taskorch.git.worktree import State
from taskorch.records import governed
from taskorch.records.decision import Decision
from taskorch.services.place import Place

_LINK, _SUBMODULE = "120", "160"


@dataclass
class Target:
    """The files of the commit that is looked at, none on an unborn branch.

    Where a work tree counts, what stands there is there as well: a file may be new and not committed.
    """

    ws: Place

    @cached_property
    def commit(self) -> str | None:
        """The commit: HEAD, or the one that was named."""
        return self.ws.repo.head

    @cached_property
    def states(self) -> dict[str, State]:
        """The state of every file of the commit."""
        return worktree.all_states(self.ws.repo, self.commit) if self.commit else {}

    def path_of(self, one: Decision) -> str:
        """The path of a decision's record from the root of the work tree."""
        return self.ws.shown(one.path)

    @cached_property
    def _files(self) -> list[str]:
        """The files of the project, records left out."""
        return [path for path in self._paths if not is_record(path)]

    @cached_property
    def _paths(self) -> list[str]:
        return sorted(self.states)

    @cached_property
    def _uncommitted(self) -> list[str]:
        """The paths that differ from the commit on disk, where that counts, and are not ignored."""
        return worktree.changed_paths(self.ws.repo) if self.ws.repo.has_work_tree else []

    def has(self, path: str) -> bool:
        """Whether there is a file or folder at a path; what lies beyond a link or in a submodule may be."""
        if path in (".", "") or path in self.states or self._below(path):
            return True
        parts = path.split("/")
        if ".." in parts:
            return False
        if self.ws.repo.has_work_tree and disk.is_there(self.ws.repo.work_tree, path):
            return True
        above = (self.states.get("/".join(parts[:depth])) for depth in range(1, len(parts)))
        return any(state and state.startswith((_LINK, _SUBMODULE)) for state in above)

    def has_any(self, entry: str) -> bool:
        """Whether an entry under ``governs`` governs anything."""
        if not governed.is_glob(entry):
            return self.has(governed.place(entry))
        if self.has(entry.rstrip("/")):
            return True
        fits, place = governed.matcher(entry), governed.place(entry)
        known = self._files if place == "." else self._below(place)
        return any(map(fits, known)) or any(map(fits, self._uncommitted))

    def _below(self, folder: str) -> list[str]:
        """The files below a folder."""
        start = bisect_left(self._paths, f"{folder}/")
        end = bisect_left(self._paths, f"{folder}0", start)  # "0" is what follows "/"
        return self._paths[start:end]
