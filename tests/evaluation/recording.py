"""Claims of pull requests as taskorch records them, and its verdicts in a clone that never saw the branch."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from taskorch.records.claim import Claim
from taskorch.services.initializing import initialize
from taskorch.services.tasks import new_task
from taskorch.services.tracking_range import track_range
from taskorch.services.verification import verify
from taskorch.services.workspace import Workspace
from tests.evaluation.pulls import Git

Json = dict[str, Any]
STORE = ".orchestrator"


class Recorder:
    """Two clones in a folder of its own.

    In one, which has all objects, claims are recorded.  The other has the main branch alone, as
    everybody has it after the branches were deleted: there they are verified.
    """

    def __init__(self, source: Path, main: str, folder: Path) -> None:
        self.author, self.reader = folder / "author", folder / "reader"
        near = Git(folder)
        near("clone", "-q", "--shared", "--no-checkout", str(source), str(self.author))
        near("init", "-q", str(self.reader))
        _copy_history(Git(source), main, Git(self.reader))
        for clone in (self.author, self.reader):
            git = Git(clone)
            for name in ("name", "email"):
                git("config", f"user.{name}", "evaluation@example.org")
            git("switch", "-q", "--orphan", "evaluation")
            git("commit", "-q", "--allow-empty", "-m", "a small work tree")
        self.record([])

    def record(self, ranges: Sequence[tuple[str, str]]) -> str:
        """Claims of these ranges for one new task, in stores that hold nothing else; the task's id."""
        for clone in (self.author, self.reader):
            shutil.rmtree(clone / STORE, ignore_errors=True)
        initialize(Workspace(self.author))
        task = str(new_task(Workspace(self.author), "The work")["id"])
        for base, tip in ranges:
            track_range(Workspace(self.author), f"{base}..{tip}", task=task)
        shutil.copytree(self.author / STORE, self.reader / STORE)
        return task

    def verdicts(self, task: str, target: str) -> list[Json]:
        """The rows of ``verify --target`` as the author's and every other clone give them."""
        there: list[Json] = verify(Workspace(self.reader), task=task, target=target)["files"]
        here: list[Json] = verify(Workspace(self.author), task=task, target=target)["files"]
        if here != there:
            unlike = [(a, b) for a, b in zip(here, there, strict=False) if a != b]
            raise AssertionError(f"two clones do not agree: {unlike[0]}")
        return there

    def claims(self, task: str) -> dict[tuple[str, str | None], Claim]:
        """The net claims of the task by path and claimed object id."""
        found = Workspace(self.reader).load().net_claims()
        return {(one.path, one.after[7:] if one.after else None): one for one in found if one.task == task}


def _copy_history(source: Git, main: str, reader: Git) -> None:
    """Give a repository the history of the main branch alone; large files may be missing from the source."""
    pack = reader.folder / ".git" / "objects" / "pack" / "pack"
    commit = source("rev-parse", "--verify", f"{main}^{{commit}}").strip()
    source("pack-objects", "-q", "--revs", "--missing=allow-any", str(pack), stdin=f"{commit}\n")
    reader("update-ref", "refs/remotes/origin/main", commit)
