"""The claimed files of a recovery package: what happened to each, its commits, lines and rung."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.git import diff
from taskorch.git.objects import known_objects
from taskorch.git.repository import Repository
from taskorch.git.worktree import State
from taskorch.services.attribution import Attribution
from taskorch.services.shapes import Json
from taskorch.services.verdict import Landing, Verdict

_FILES = {"create": "files_created", "modify": "files_modified", "delete": "files_deleted",
          "move": "files_moved", "copy": "files_created"}  # fmt: skip


def file_rows(repo: Repository, verdicts: Sequence[Verdict], found: Attribution) -> Json:
    """The rows of each kind of change, by the package's key, and ``untold``: what could not be counted."""
    spans: dict[str, tuple[State, State]] = {}
    for number, verdict in enumerate(verdicts):
        span = _span(verdict, found.landings.get(verdict.claim, Landing()))
        if span:
            spans[f"{number:08d}"] = span
    counts = diff.line_counts(repo, spans) if spans else {}
    rows: Json = {key: [] for key in dict.fromkeys(_FILES.values())}
    rows["untold"] = _untold(repo, [span for key, span in spans.items() if counts[key][0] is None])
    for number, verdict in enumerate(verdicts):
        added, removed = counts.get(f"{number:08d}", (None, None))
        rows[_FILES[verdict.claim.op]].append(
            {
                "task": verdict.claim.task,
                "path": verdict.claim.path,
                "from": verdict.claim.source,
                "commits": list(found.landings.get(verdict.claim, Landing()).commits),
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
    return (
        [
            f"{what}: contents are not in this clone, and nothing is fetched "
            "(git fetch --refetch --no-filter brings them)."
        ]
        if lacking
        else []
    )


def _span(verdict: Verdict, landing: Landing) -> tuple[State, State] | None:
    """The states whose lines are counted: those of history, or of this work tree while it is only here.

    Contents that some commit once had, or that never were in one, may be in this repository and in no
    clone: they are not counted.
    """
    if landing.whole:
        return landing.old, landing.new
    pending = verdict.counts_as == "pending"
    return (verdict.claim.before, verdict.claim.after) if pending else None
