"""Which files of a branch the default branch lacks or has otherwise, and why."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.services.ladder.verdict import Verdict

_SHOWN = 5
_WORDS = {
    "reverted": "Reverted on the default branch",
    "superseded": "On the default branch in another form",
    "lines": "Only in part on the default branch",
    "unknown": "Cannot be told for the default branch",
}


def lacking_on_default(name: str, verdicts: Sequence[Verdict], *, merged: bool) -> list[str]:
    """A sentence for each reason, with the files it is for; `verdicts` are those on the default branch.

    `merged`: all commits of the branch `name` are in its history.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for verdict in verdicts:
        what = _WORDS.get(verdict.rung)
        if verdict.rung == "absent":
            partly = bool(verdict.standing and verdict.standing[0])
            what = _WORDS["lines"] if partly else "Not on the default branch"
        if what:
            reason = _why(name, verdict, verdicts, merged) if what.startswith("Not on") else verdict.detail
            groups.setdefault((what, reason), []).append(verdict.claim.path)
    return [f"{what}: {_named(paths)} ({reason})." for (what, reason), paths in groups.items()]


def _why(name: str, verdict: Verdict, verdicts: Sequence[Verdict], merged: bool) -> str:
    """Why nothing of a claimed change is there."""
    if verdict.commit or merged:
        return verdict.detail or "no commit there made the change"
    if any(one.counts_as == "landed" for one in verdicts):
        return f"what was taken over of {name} is without it"
    return f"{name} is not merged"


def _named(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return ", ".join(paths[:_SHOWN]) + more
