"""What becomes of work on paths while HEAD moves."""

from __future__ import annotations

from dataclasses import dataclass, field

from taskorch.git.worktree import State
from taskorch.records.claim import Change


@dataclass
class Tracker:
    """Follows the earlier moment's states while HEAD moves.

    ``then`` holds the states of paths that no longer (or not) had HEAD's state: for all others the
    state to compare with is that of the present HEAD.  ``left`` holds work that a merge or the like
    exchanged for what others made of it: it was done all the same; ``away`` what a checkout left on
    another branch.  ``made`` maps what was committed here to what was there before: it counts again
    when a reset or checkout brings it back.  ``reset`` are paths as git reset or the start of a rebase
    put them, ``rebasing`` what they were before the rebase.
    """

    then: dict[str, State]
    left: list[Change] = field(default_factory=list)
    away: list[Change] = field(default_factory=list)
    made: dict[tuple[str, State], State] = field(default_factory=dict)
    worked: set[str] = field(default_factory=set)
    reset: dict[str, State] = field(default_factory=dict)
    rebasing: dict[str, State] = field(default_factory=dict)

    def moved(self, path: str, old: State, new: State, kind: str) -> None:
        """HEAD's state of `path` went from `old` to `new`."""
        was = self.then.get(path, old)
        if kind == "work":
            self.then[path] = self.made[path, new] = was
            self.worked.add(path)
            self._settle(path)
        elif kind in ("reset", "rebase start"):
            # the files may have stayed (reset --soft, --mixed: the change is work still) or gone along
            self.then[path] = was
            self.reset[path] = new
            if kind == "rebase start":
                self.rebasing[path] = old
            elif (path, new) in self.made:
                self._back(path, new)
        else:
            took = path in self.worked and was != old and not self.only_reset(path, old)
            self._left(path, was, old, new, self.away if kind == "other" else self.left, took=took)

    def rebased(self) -> None:
        """A rebase has ended.

        What it took away and no commit brought back was dropped, or others have made it meanwhile:
        then they changed the path.
        """
        for path, old in list(self.rebasing.items()):
            was, new = self.then[path], self.reset[path]
            took = path in self.worked and was not in (old, new)
            self._left(path, was, old, new, self.left, took=took)

    def only_reset(self, path: str, state: State) -> bool:
        """Whether a path is just as git put it."""
        return path in self.reset and self.reset[path] == state

    def _left(self, path: str, was: State, old: State, new: State, kept: list[Change], *, took: bool) -> None:
        """The path is as others have it; work on it, of which `old` was the end, is elsewhere: `kept`."""
        self.then.pop(path, None)
        self._settle(path)
        if took:
            kept.append(Change(path, was, old))
        if (path, new) in self.made:
            self._back(path, new)
            self.left = [one for one in self.left if (one.path, one.after) != (path, new)]
            self.away = [one for one in self.away if (one.path, one.after) != (path, new)]

    def _back(self, path: str, new: State) -> None:
        """Take up again what was made here and is back."""
        self.then[path] = self.made[path, new]
        self._settle(path)

    def _settle(self, path: str) -> None:
        self.reset.pop(path, None)
        self.rebasing.pop(path, None)
