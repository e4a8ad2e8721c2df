"""Completed is not landed: what of each task's claims has landed where others get it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from taskorch import __version__
from taskorch.git.fingerprint import history_stamps, object_stamps
from taskorch.records.claim import Claim
from taskorch.records.collection import Collection
from taskorch.services.ladder.ladder import Ladder
from taskorch.services.ladder.succession import judge
from taskorch.services.place import Place
from taskorch.services.program import program
from taskorch.services.shapes import Json
from taskorch.services.verification import VERIFIED, overall, verdict_row
from taskorch.store.answers import FOLDER, Answers


@dataclass(frozen=True, slots=True)
class Landed:
    """How the claims of tasks stand in one commit.

    ``revision`` is what that commit was found by: the default branch, HEAD without one, or what ``--at``
    names; it and ``commit`` are None where nothing is committed yet.  ``of`` has for each task that was
    asked for the number of its ``files``, of these ``landed`` and ``reverted``, and the whole as
    ``status``; None where it has none.
    """

    revision: str | None
    commit: str | None
    of: dict[str, Json | None]

    @property
    def target(self) -> Json:
        """The JSON form of what the tasks are held against."""
        return {"revision": self.revision, "commit": self.commit}

    def is_open(self, task: str) -> bool:
        """Whether a task has claims that have not all landed."""
        found = self.of[task]
        return found is not None and found["status"] != VERIFIED


def landed(ws: Place, found: Collection, tasks: Iterable[str]) -> Landed:
    """Hold the claims of some tasks against the default branch, as this clone knows it.

    What a commit has gained stays so: the answer is kept by that commit and the claims there are.
    """
    wanted = list(tasks)
    revision, commit = _target(ws)
    claims = [claim for claim in found.net_claims() if claim.task in set(wanted)]
    nothing: dict[str, Json | None] = dict.fromkeys(wanted)
    if not claims or not commit:
        return Landed(revision, commit, nothing | _judged(ws, commit, claims, found)[0])
    answers = Answers(ws.private / FOLDER)
    question = _question(ws, commit, claims, found)
    kept = answers.read(question)
    # what was not found may be found where objects have come since
    objects = object_stamps(ws.repo.user_objects_dir)
    if not kept or kept["objects"] not in (None, objects):
        of, is_settled = _judged(ws, commit, claims, found)
        kept = {"objects": None if is_settled else objects, "of": of}
        if is_settled or objects:
            answers.write(question, kept)
    return Landed(revision, commit, nothing | kept["of"])


def _question(ws: Place, commit: str, claims: list[Claim], found: Collection) -> str:
    """All that an answer depends on, but for the objects that are here."""
    every = hashlib.sha256(repr((claims, found.claims_in_time())).encode("utf-8", "surrogateescape"))
    return repr(("landed", __version__, program(), commit, history_stamps(ws.repo), every.hexdigest()))


def _judged(
    ws: Place, commit: str | None, claims: list[Claim], found: Collection
) -> tuple[dict[str, Json | None], bool]:
    """How the claims of each task stand, and whether that is so whatever objects come."""
    verdicts = judge(Ladder(ws.repo, commit, False), claims, found.claims_in_time()) if claims else []
    rows: dict[str, list[Json]] = defaultdict(list)
    for verdict in verdicts:
        rows[verdict.claim.task].append(verdict_row(verdict))
    is_settled = all(verdict.counts_as in ("landed", "not counted") for verdict in verdicts)
    return {task: _summary(rows[task]) for task in rows}, is_settled


def _target(ws: Place) -> tuple[str | None, str | None]:
    if ws.committed:
        return ws.committed.revision, ws.committed.commit
    branch = ws.repo.default_branch(ws.settings.default_branch)
    commit = ws.repo.commit_or_none(branch) if branch else None
    if branch and commit:
        return branch.removeprefix("refs/remotes/").removeprefix("refs/heads/"), commit
    return ("HEAD", ws.repo.head) if ws.repo.head else (None, None)


def _summary(rows: list[Json]) -> Json | None:
    if not rows:
        return None
    done = sum(row["counts_as"] == "landed" for row in rows)
    undone = sum(row["rung"] == "reverted" for row in rows)
    return {"status": overall(rows), "landed": done, "reverted": undone, "files": len(rows)}
