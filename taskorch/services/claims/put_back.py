"""Claims that a fold wrote, and that a stash, a checkout, a reset or a dropped commit took out of their file.

What they tell was observed once and is observed no more: local state knows them until the session ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from taskorch.git import worktree
from taskorch.git.repository import Repository
from taskorch.records.claim import Claim
from taskorch.services.claims.observing import Observed


def with_put_back(
    repo: Repository, written: Sequence[Claim], known: Sequence[Claim], observed: Observed
) -> tuple[list[Claim], list[Claim]]:
    """The claims in the files and those that are missing there, as far as their content is here still; and
    the others that are missing.

    Where it is not, the work went with its claim: to another branch, or it was given up.
    """
    there = {_said(one) for one in written}
    missing = [one for one in known if _said(one) not in there]
    if not missing:
        return list(written), []
    at_head = worktree.states_at(repo, observed.now.head, {path for one in missing for path in one.ends})
    now = at_head | dict(observed.now.dirty)
    begins = {path: change.before for path, change in observed.changes.items()}
    back = [one for one in missing if _is_here(one, now, begins)]
    again = {(one.task, path) for one in back for path in one.ends}
    kept = [one for one in written if not any((one.task, path) in again for path in one.ends)]
    return [*kept, *back], [one for one in missing if one not in back]


def to_keep(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """What local state keeps of claims: digest and lines can be found again."""
    return tuple(replace(one, digest=None, lines=None, whole=None) for one in claims)


def _said(one: Claim) -> tuple[str | None, ...]:
    return one.task, one.path, one.op, one.source, one.before, one.after


def _is_here(one: Claim, now: Mapping[str, str | None], begins: Mapping[str, str | None]) -> bool:
    """Whether a claim's content is there, or was where what has been observed since begins."""
    if one.op == "read":
        return True
    return all(state in (now[path], begins.get(path, now[path])) for path, state in one.ends.items())
