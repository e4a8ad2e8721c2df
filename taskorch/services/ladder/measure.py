"""What claims are measured against: where their work began, and what a target gained since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from taskorch.git import history, worktree
from taskorch.git.repository import Repository
from taskorch.git.tree_states import TreeStates
from taskorch.git.worktree import State
from taskorch.records.claim import Claim
from taskorch.services.ladder.verdict import short

_FEW = 8
"""Up to so many beginnings each is asked for by itself."""


@dataclass(frozen=True, slots=True)
class Base:
    """The range that claims of one ``onto`` are looked for in; ``problem`` says why there is none.

    ``parting`` are the commits where the target's history and that of ``onto`` part (several where
    branches were merged to and fro), ``states`` the claimed paths' states in the first of them.
    """

    onto: str | None
    parting: tuple[str, ...]
    revisions: list[str]
    states: dict[str, State]
    problem: str = ""

    def had(self, path: str, state: State) -> bool:
        """Whether a path may have been so before the range began."""
        return len(self.parting) > 1 or self.states.get(path) == state


def bases_of(repo: Repository, target: str | None, claims: Iterable[Claim]) -> dict[str | None, Base]:
    """The base for the claims of each ``onto``, seen from a target commit.

    Where there are many, what is the same for all is asked once: the target's history, and its trees.
    """
    paths: dict[str | None, set[str]] = defaultdict(set)
    for claim in claims:
        paths[claim.onto] |= {path for path in (claim.path, claim.source) if path}
    if len(paths) <= _FEW or target is None:
        return {onto: base_of(repo, onto, target, mine) for onto, mine in paths.items()}
    known, trees = repo.ancestors_of(target), TreeStates(repo)
    out: dict[str | None, Base] = {}
    for onto, mine in paths.items():
        if onto and onto in known:
            out[onto] = Base(onto, (onto,), history.range_of(onto, target), trees.states_at(onto, mine))
        else:
            out[onto] = base_of(repo, onto, target, mine)
    return out


def base_of(repo: Repository, onto: str | None, target: str | None, paths: Iterable[str]) -> Base:
    """The base for claims of one ``onto`` on these paths, seen from a target commit."""
    if onto is None or target is None:
        return Base(None, (), history.range_of(None, target or "HEAD"), {})
    if repo.commit_or_none(onto) is None:
        return Base(None, (), [], {}, f"{short(onto)}, where the work began, is not in this clone")
    parting = repo.merge_bases(onto, target)
    if not parting:
        return Base(None, (), [], {}, f"{short(onto)}, where the work began, shares no history with it")
    # merge-base..target, also where two branches that were merged to and fro have several
    revisions = history.range_of(onto, target)
    return Base(onto, tuple(parting), revisions, worktree.states_at(repo, parting[0], paths))


def measured(repo: Repository, claims: Iterable[Claim], target: str | None) -> list[Claim]:
    """The claims, those that began on a branch the target has not with where that left the default branch.

    So every clone measures them alike: the branch may be gone, here or elsewhere.
    """
    out = list(claims)
    begun = {one.onto for one in out if one.onto and one.fork}
    if not begun or not target:
        return out
    if len(begun) > _FEW:
        known = begun & repo.ancestors_of(target)
    else:
        known = {onto for onto in begun if repo.commit_or_none(onto) and repo.is_ancestor(onto, target)}
    return [replace(one, onto=one.fork) if one.fork and one.onto not in known else one for one in out]


def revisions_of(repo: Repository, onto: str | None, target: str) -> list[str]:
    """The range of `base_of`, the target's whole history where it has no common beginning with `onto`."""
    if onto is None or repo.commit_or_none(onto) is None or not repo.merge_bases(onto, target):
        return history.range_of(None, target)
    return history.range_of(onto, target)
