"""Which merge took a claimed change away by taking the other side: no log of a path shows it by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from taskorch.git import content, history
from taskorch.git.repository import Repository
from taskorch.git.worktree import State
from taskorch.records.claim import Claim
from taskorch.services.ladder.measure import Base
from taskorch.services.ladder.undone import keeps_content
from taskorch.services.ladder.verdict import BY_A_MERGE, Verdict, short

_MOST = 200
"""For so many claims of one range the merge is looked for."""


def with_merges(
    repo: Repository, bases: Mapping[str | None, Base], verdicts: Iterable[Verdict]
) -> dict[Claim, Verdict]:
    """The verdicts ``reverted`` that name no commit, with the newest merge whose one side had the change."""
    by_onto: dict[str | None, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.rung == "reverted" and not verdict.commit:
            by_onto[verdict.claim.onto].append(verdict)
    out = {}
    for onto, lost in by_onto.items():
        paths = [verdict.claim.path for verdict in lost[:_MOST]]
        events = history.merge_events(repo, bases[onto].revisions, paths)
        for verdict in lost[:_MOST]:
            claim = verdict.claim
            mine = [event for event in events if event.path == claim.path]
            took = (e for e in mine if _has(repo, claim, e.old) and not _has(repo, claim, e.new))
            if merge := next(took, None):
                how = verdict.detail.removesuffix(BY_A_MERGE) + f"the merge {short(merge.commit)}"
                out[claim] = replace(verdict, commit=merge.commit, detail=how)
    return out


def _has(repo: Repository, claim: Claim, state: State) -> bool:
    """Whether a state of the claimed path has something of the change."""
    if state == claim.after or not state or not claim.after:
        return state == claim.after
    if keeps_content(claim):
        return state[:6] == claim.after[:6]
    return bool(content.stands(repo, claim.before, claim.after, state))
