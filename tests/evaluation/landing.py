"""The evaluation: pull requests as claims, the ladder's verdicts held against a reading by git alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.evaluation.pulls import CLOSED, REVERTED, Git, Pull
from tests.evaluation.reading import Reading, was_undone
from tests.evaluation.recording import Recorder

BROUGHT = "a  heads against the commit that brought them"
BEFORE = "b  the same claims against that commit's parent"
BASE = "b  the same claims against the merge base"
UNMERGED = "c  heads closed without merging, main of their day"
STEPWISE = "d  commit by commit, against the commit that brought them"
UNDONE = "e  commits that were reverted, against the revert"
PARTS = (BROUGHT, BEFORE, BASE, UNMERGED, STEPWISE, UNDONE)


@dataclass(frozen=True)
class Row:
    """One file of a pull request: what git alone says and what the ladder says."""

    part: str
    of: str
    path: str
    op: str
    git: str | None
    rung: str
    counts_as: str
    detail: str

    @property
    def missed(self) -> bool:
        """Whether it landed and is not counted so."""
        return self.git is not None and self.counts_as not in ("landed", "not counted")

    @property
    def false(self) -> bool:
        """Whether it is counted landed and git alone does not show that."""
        return self.git is None and self.counts_as == "landed"


@dataclass
class Tally:
    """The rows of one part, counted."""

    pulls: set[str] = field(default_factory=set)
    rungs: Counter[str] = field(default_factory=Counter)
    readings: Counter[str] = field(default_factory=Counter)
    files: int = 0
    landed: int = 0
    counted: int = 0
    wrong: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Count one row."""
        self.pulls.add(row.of)
        self.rungs[row.rung] += 1
        self.readings[row.git or "nothing"] += 1
        self.files += 1
        self.landed += row.git is not None
        self.counted += row.git is not None and row.counts_as == "landed"
        if row.missed or row.false:
            self.wrong.append(row)


def rows_of(git: Git, recorder: Recorder, pull: Pull) -> Iterator[Row]:
    """All rows of one pull request."""
    if not git("diff-tree", "-r", "--name-only", pull.base, pull.head):
        return
    task = recorder.record([(pull.base, pull.head)])
    if pull.kind == CLOSED:
        yield from _held(git, recorder, pull, task, UNMERGED, pull.target)
        return
    if pull.kind == REVERTED:
        yield from _undone(git, recorder, pull, task)
        return
    yield from _held(git, recorder, pull, task, BROUGHT, pull.target)
    if pull.parent and pull.parent != pull.base:
        yield from _held(git, recorder, pull, task, BEFORE, pull.parent)
    yield from _held(git, recorder, pull, task, BASE, pull.base)
    steps = _steps(git, pull)
    if len(steps) > 1:
        task = recorder.record(steps)
        yield from _held(git, recorder, pull, task, STEPWISE, pull.target)


def _held(git: Git, recorder: Recorder, pull: Pull, task: str, part: str, target: str) -> Iterator[Row]:
    """The ladder's verdicts against one target, each beside what git alone says."""
    brought = target == pull.target and pull.kind != CLOSED
    claims = recorder.claims(task)
    readings: dict[str, Reading] = {}
    for row in recorder.verdicts(task, target):
        claim = claims[row["path"], row["recorded"]]
        base = claim.fork or claim.onto or pull.base
        if base not in readings:
            ends = (pull.parent, pull.head) if brought else (None, None)
            readings[base] = Reading(git, base, target, *ends)
        reading = readings[base]
        source = claim.source if claim.op == "move" else None
        says = reading.of(claim.path, source, claim.before, claim.after)
        yield Row(part, pull.name, claim.path, claim.op, says, row["rung"], row["counts_as"], row["detail"])


def _undone(git: Git, recorder: Recorder, pull: Pull, task: str) -> Iterator[Row]:
    """The verdicts on the files of which git alone says that the target took the whole change back."""
    claims = recorder.claims(task)
    for row in recorder.verdicts(task, pull.target):
        claim = claims[row["path"], row["recorded"]]
        source = claim.source if claim.op == "move" else None
        if was_undone(git, pull.target, claim.path, source, claim.before, claim.after):
            told = (row["rung"], row["counts_as"], row["detail"])
            yield Row(UNDONE, pull.name, claim.path, claim.op, None, *told)


def _steps(git: Git, pull: Pull) -> list[tuple[str, str]]:
    """The commits of the branch itself, each with its parent: merges of the main branch are no work."""
    listed = git(
        "rev-list", "--reverse", "--first-parent", "--parents", f"{pull.base}..{pull.head}"
    ).splitlines()
    commits = [line.split(" ") for line in listed]
    steps = [(one[1], one[0]) for one in commits if len(one) == 2]
    return [step for step in steps if git("diff-tree", "-r", "--name-only", *step).strip()]
