"""A working day in a repository: what is edited, and what of it is claimed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from taskorch.git.repository import Repository
from taskorch.records.claim import Claim
from taskorch.records.collection import Collection
from taskorch.services.active_session import current
from taskorch.services.claims.folding import Folded, fold
from taskorch.services.workspace import Workspace
from tests.repos import Repo

Shown = tuple[str, str | None, str | None]
"""Operation (with the source of a move or copy), content before, content after."""


@dataclass
class Day:
    """A repository with a store, and the tasks of one session in it."""

    repo: Repo
    tasks: list[str] = field(default_factory=list)

    def task(self, *options: str) -> str:
        """A new task, not started."""
        return str(self.repo.json("task", "new", f"Task {len(self.tasks)}", *options)["id"])

    def start(self, *options: str) -> str:
        """A new task, started."""
        self.tasks.append(self.task(*options))
        self.repo.run("task", "start", self.tasks[-1])
        return self.tasks[-1]

    @property
    def folded(self) -> Folded:
        """The session's claims if they were written now."""
        ws, found = self.opened()
        going = current(ws, found)
        assert going, "no session is active"
        return fold(ws, found, *going)

    def opened(self) -> tuple[Workspace, Collection]:
        """The workspace as it is now, and its records."""
        ws = Workspace(self.repo.path)
        return ws, ws.load()

    def claims(self, task: str | None = None) -> dict[str, Shown]:
        """What the session would claim now, for all tasks or one, by path."""
        return self.shown([one for one in self.folded.claims if task in (None, one.task)])

    def written(self, task: str | None = None) -> dict[str, Shown]:
        """The net claims on disk, of all sessions."""
        _, found = self.opened()
        return self.shown([one for one in found.net_claims() if task in (None, one.task)])

    def shown(self, claims: list[Claim]) -> dict[str, Shown]:
        """Claims with their contents in place of object ids; the mode only where it is not plain."""
        assert len({one.path for one in claims}) == len(claims), "two claims on one path"
        return {one.path: self._shown(one) for one in claims}

    @property
    def unclaimed(self) -> list[str]:
        """What changed and is in no claim."""
        return self.folded.unclaimed

    def _shown(self, one: Claim) -> Shown:
        op = f"{one.op} {one.source}" if one.source else one.op
        return op, self._content(one.before), self._content(one.after)

    def _content(self, state: str | None) -> str | None:
        if state is None:
            return None
        mode, oid = state.split(" ")
        text = oid if mode == "160000" else _read(str(self.repo.path), oid)
        return text if mode in ("100644", "160000") else f"{mode} {text}"


@cache
def _read(path: str, oid: str) -> str:
    """The content of a blob of the user's or of our own objects, its last line break left out."""
    ours = Repository.open(Path(path)).objects_dir
    return Repo(Path(path)).git(
        "cat-file", "blob", oid, env={"GIT_ALTERNATE_OBJECT_DIRECTORIES": os.fspath(ours)}
    )
