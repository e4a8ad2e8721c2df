"""What only this repository has, as steps: each names the section of the package that shows it."""

from __future__ import annotations

from collections.abc import Iterable

from taskorch.services.on_branches import in_words
from taskorch.services.recovered.local_findings import LOST, uncommitted
from taskorch.services.recovered.local_text import HERE, ON_BRANCHES
from taskorch.services.shapes import Json

_HERE = f'see "{HERE}"'
_ON_BRANCHES = f'see "{ON_BRANCHES}"'


def first(local: Json) -> list[str]:
    """What is told before anything is changed here."""
    out = []
    if local["under_way"]:
        ending = "finish or abort it first, git status says how; taskorch commit is refused until then"
        out.append(f"Git is in the middle of {local['under_way']}: {ending}.")
    lost = sum(row["change"] == LOST for key in ("checkpoints", "journal") for row in local[key])
    if lost:
        files = "file has" if lost == 1 else "files have"
        out.append(f"{lost} {files} a content that only the safety store keeps: {_HERE}.")
    if uncommitted(local):
        out.append(f"There is uncommitted work here: {_HERE} before changing anything.")
    out += _stashes(local["stashes"])
    seen = sum(row["of_task"] for row in local["journal"] if row["change"] != LOST)
    if seen:
        out.append(f"Observed here and not recorded yet: {seen} of its changes; {_HERE}.")
    return out


def _stashes(rows: list[Json]) -> list[str]:
    """That there are stashes: their work is not in the work tree any more, or not yet."""
    if not rows:
        return []
    mine = sum(row["of_task"] for row in rows)
    which = "" if mine == len(rows) else f"{mine} of them "
    of_it = f", {which}with changes to its files" if mine else ""
    kept = "1 stash is" if len(rows) == 1 else f"{len(rows)} stashes are"
    return [f"{kept} kept here{of_it}: {_HERE}."]


def elsewhere(local: Json) -> list[str]:
    """That a branch has work on the task which HEAD lacks."""
    rows = local["on_branches"]
    if not rows:
        return []
    row, more = rows[0], len(rows) - 1 + sum(one["other_branches"] for one in rows)
    where = f"{row['ref']} and {more} more have" if more else f"{row['ref']} has"
    return [f"{where} work on it that HEAD lacks ({in_words(row)}): {_ON_BRANCHES}."]


def under_way_elsewhere(rows: Iterable[Json]) -> list[str]:
    """The tasks that branches have under way, a sentence for each."""
    return [
        f"{row['task']} {row['title']} is {row['status']} on {row['ref']}: {_ON_BRANCHES}." for row in rows
    ]


def still_here(local: Json) -> list[str]:
    """That branches or bare objects of this repository have what HEAD lacks."""
    kept = len(local["branches"])
    what = "1 file that HEAD lacks is" if kept == 1 else f"{kept} files that HEAD lacks are"
    return [f"{what} still to be had here: {_ON_BRANCHES}."] if kept else []
