"""The claimed files of a recovery package: what happened to each, its commits, lines and rung."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.git import diff
from taskorch.git.objects import known_objects
from taskorch.git.repository import Repository
from taskorch.git.worktree import State
from taskorch.records.claim import Claim
from taskorch.services.ladder.verdict import Landing, Verdict
from taskorch.services.recovered.attribution import Attribution
from taskorch.services.recovered.not_here import CONTENTS
from taskorch.services.shapes import Json

_FILES = {"create": "files_created", "modify": "files_modified", "delete": "files_deleted",
          "move": "files_moved", "copy": "files_created"}  # fmt: skip


def file_rows(repo: Repository, verdicts: Sequence[Verdict], found: Attribution) -> Json:
    """The rows of each kind of change, by the package's key, and ``untold``: what could not be counted."""
    landings = [found.landings.get(verdict.claim, Landing()) for verdict in verdicts]
    spans = [_spans(verdict, landing) for verdict, landing in zip(verdicts, landings, strict=True)]
    counted = {f"{row:08d}.{n}": span for row, some in enumerate(spans) for n, span in enumerate(some)}
    counts = diff.line_counts(repo, counted) if counted else {}
    rows: Json = {key: [] for key in dict.fromkeys(_FILES.values())}
    rows["untold"] = _untold(repo, [span for key, span in counted.items() if counts[key][0] is None])
    for number, verdict in enumerate(verdicts):
        found_here = [counts[f"{number:08d}.{n}"] for n in range(len(spans[number]))]
        added, removed = _own_lines(verdict.claim) if landings[number].mixed else _sum(found_here)
        rows[_FILES[verdict.claim.op]].append(
            {
                "task": verdict.claim.task,
                "path": verdict.claim.path,
                "from": verdict.claim.source,
                "commits": list(landings[number].commits),
                "added": added,
                "removed": removed,
                "rung": verdict.rung,
                "counts_as": verdict.counts_as,
                "at_path": verdict.at_path,
                "detail": verdict.detail,
                "why": verdict.claim.why,
            }
        )
    for key in dict.fromkeys(_FILES.values()):  # what somebody must see to comes first
        rows[key].sort(key=lambda row: row["counts_as"] in ("landed", "not counted"))
    return rows


def _untold(repo: Repository, spans: Sequence[tuple[State, State]]) -> list[str]:
    """Why lines were not counted where that is no property of the files, but of this clone."""
    files = [[state[7:] for state in span if state and state[:3] != "160"] for span in spans]
    known = known_objects(repo, {oid for oids in files for oid in oids})
    lacking = sum(not known.issuperset(oids) for oids in files)
    what = f"The lines of {lacking} file{'s' if lacking > 1 else ''} are not counted"
    return [f"{what}: {CONTENTS}."] if lacking else []


def _spans(verdict: Verdict, landing: Landing) -> tuple[tuple[State, State], ...]:
    """The states whose lines are counted: those of history, or of this work tree while it is only here.

    Contents that some commit once had, or that never were in one, may be in this repository and in no
    clone: they are not counted.
    """
    if landing.mixed:
        return ()
    if landing.whole:
        return landing.changes
    pending = verdict.counts_as == "pending"
    return ((verdict.claim.before, verdict.claim.after),) if pending else ()


def _own_lines(claim: Claim) -> tuple[int | None, None]:
    """How many lines a claim says that it added: all that is known where commits did more than it tells."""
    lines = claim.lines or ()
    return len(lines) if 0 < len(lines) < diff.MAX_LINES else None, None


def _sum(counts: Sequence[tuple[int | None, int | None]]) -> tuple[int | None, int | None]:
    """The added and the removed lines of several changes together; None where one of them is not known."""
    added, removed = ([one for one, _ in counts], [one for _, one in counts])
    if not counts or None in added or None in removed:
        return None, None
    return sum(one or 0 for one in added), sum(one or 0 for one in removed)
