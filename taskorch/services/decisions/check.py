"""Checking decisions: what changed under them since they were accepted, and what their records lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from taskorch.errors import BadRecord, NotHere
from taskorch.git.paths import is_below
from taskorch.records import ids
from taskorch.records.collection import Collection
from taskorch.records.decision import ACCEPTED, Decision
from taskorch.services.binding import touching
from taskorch.services.decisions.acceptance import Untold, acceptances
from taskorch.services.decisions.drift import Drift
from taskorch.services.decisions.findings import DEAD_LINK, NO_STATUS, UNREADABLE, finding, row
from taskorch.services.decisions.target import Target
from taskorch.services.decisions.texts import text_findings
from taskorch.services.doctor import dangling_links
from taskorch.services.recovered.not_here import BRINGS_CONTENTS
from taskorch.services.shapes import Json
from taskorch.services.verification import UNSHALLOW
from taskorch.services.workspace import Workspace

_MOST_NAMED = 5
_UNTOLD = {
    Untold.UNCOMMITTED: "{} not committed as accepted yet: nothing to compare with until taskorch commit",
    Untold.SHALLOW: "{} accepted before this shallow history begins: whether what they govern changed is "
    f"unknown; {UNSHALLOW} brings what would tell",
    Untold.CONTENTS: "of {} older versions are not in this clone: whether what they govern changed is "
    f"unknown ({BRINGS_CONTENTS})",
}

_VERBS = {
    Untold.UNCOMMITTED: (" is", " are"),
    Untold.SHALLOW: (" was", " were"),
    Untold.CONTENTS: ("", ""),
}


def check(ws: Workspace, names: Sequence[str] = (), *, path: str | None = None) -> Json:
    """All findings on decisions: on those named, on those that govern `path`, else on all.

    Against HEAD, or the commit of ``ws.at`` and its history alone.  Raises NotFound, Ambiguous, BadPath.
    """
    found = ws.load()
    with ws.repo.at_rest():
        target = Target(ws)
        chosen = _chosen(ws, found, names, path)
        rows, notes = _drift(ws, target, chosen)
        by_path = {target.path_of(one): one.id for one in found.decisions.values()}
        rows += [row for one in chosen for row in text_findings(ws, found, target, one, by_path)]
        rows += _dangling(ws, found, target, chosen)
        rows += [] if names else _unreadable(found, ws.settings.decisions)
        rows.sort(key=lambda row: (row["path"], row["line"], row["kind"]))
        return {
            "target": ws.committed.revision if ws.committed else None,
            "commit": target.commit,
            "checked": len(chosen),
            "findings": rows,
            "notes": notes,
        }


def _chosen(ws: Workspace, found: Collection, names: Sequence[str], path: str | None) -> list[Decision]:
    named = dict.fromkeys(found.decision(name).id for name in names) if names else found.decisions
    chosen = [found.decisions[name] for name in named]
    if path is None:
        return chosen
    place = ws.repo.relative(path, ws.start)
    return [one for one in chosen if touching(one, place)]


def _drift(ws: Workspace, target: Target, chosen: Sequence[Decision]) -> tuple[list[Json], list[str]]:
    """The findings on governed files, and notes of what cannot be told."""
    governing = [one for one in chosen if one.status == ACCEPTED and one.governs]
    if not governing:
        return [], []
    if not target.commit:
        note = "no commit yet, so there is nothing to compare governed files with"
        return list(Drift(ws, target).findings(governing, {})), [note]
    try:
        told = acceptances(ws, target, target.commit, governing)
        rows = list(Drift(ws, target).findings(governing, _known(told)))
    except NotHere as lacking:
        note = f"whether governed files changed is unknown: {lacking.message} ({lacking.hint})"
        return list(Drift(ws, target).findings(governing, {})), [note]
    return rows, list(_untold(told))


def _known(told: Mapping[str, str | Untold]) -> dict[str, str]:
    return {name: commit for name, commit in told.items() if isinstance(commit, str)}


def _untold(told: Mapping[str, str | Untold]) -> Iterator[str]:
    for why, words in _UNTOLD.items():
        names = [name for name, answer in told.items() if answer is why]
        if names:
            more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
            verb = _VERBS[why][len(names) > 1]
            yield words.format(f"{', '.join(names[:_MOST_NAMED])}{more}{verb}")


def _dangling(ws: Workspace, found: Collection, target: Target, chosen: Sequence[Decision]) -> Iterator[Json]:
    """Links in fields that name no record here."""
    by_path = {target.path_of(one): one for one in chosen}
    for problem in dangling_links(ws, found, chosen):
        one = by_path[problem.path]
        yield finding(ws, DEAD_LINK, one, problem.line, f"dead link: {problem.message}", problem.hint or "")


def _unreadable(found: Collection, folder: str | None) -> Iterator[Json]:
    """The decisions' files that cannot be read; one that only lacks its status is told as that.

    `folder` is that of another tool, where decisions are kept in one.
    """
    for problem in found.problems:
        name = problem.path.rsplit("/", 1)[-1]
        foreign = folder is not None and is_below(problem.path, folder)
        if name.startswith("d-") or foreign or problem.path.endswith("/decisions"):
            yield _row_of(problem, name[:10] if ids.is_id(name[:10]) else None)


def _row_of(problem: BadRecord, decision: str | None) -> Json:
    kind = NO_STATUS if problem.field == "status" else UNREADABLE
    hint = problem.hint or "mend the file; taskorch doctor shows every problem"
    return row(kind, problem.path, problem.line, problem.message, hint, decision=decision)
