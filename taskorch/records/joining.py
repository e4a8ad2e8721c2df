"""Joining claims: the net of what sessions did to a path, one going on from the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from taskorch.records.claim import SEEN, TOLD, Change, Claim, op_of


def join_changes(first: Iterable[Change], later: Iterable[Change]) -> dict[str, Change]:
    """Changes of one task, joined by path: first before, last after; dropped where they are equal."""
    joined = {change.path: change for change in first}
    for change in later:
        known = joined.get(change.path)
        before = known.before if known else change.before
        joined[change.path] = Change(change.path, before, change.after)
    return {path: change for path, change in joined.items() if change.before != change.after}


def changes_of(claim: Claim) -> list[Change]:
    """The changes of single paths that a claim stands for."""
    if claim.moved_from:
        return [Change(claim.moved_from, claim.before, None), Change(claim.path, None, claim.after)]
    if claim.op == "copy":
        return [Change(claim.path, None, claim.after)]
    return [] if claim.op == "read" else [Change(claim.path, claim.before, claim.after)]


def net(claims: Iterable[Claim]) -> list[Claim]:
    """The claims of all sessions in order of time, joined where one goes on from the other.

    Claims of one task and path join while one's ``after`` is the next's ``before``, a move being a
    change of both its paths; what ends as it began is dropped.  A joined claim has the digest and
    lines that its last part has of the whole: its own are of parts.
    """
    ordered: list[_Chain] = []
    open_chains: dict[tuple[str, str], list[_Chain]] = defaultdict(list)
    for claim in claims:
        origin: _Chain | None = None
        for change in changes_of(claim):
            chain = _extended(open_chains[claim.task, change.path], claim, change)
            if len(chain.parts) == 1:
                ordered.append(chain)
                chain.origin = origin
            origin = chain if chain.before is not None else chain.origin
    lasting = [chain for chain in ordered if chain.before != chain.after]
    sources: dict[int, _Chain] = {}
    taken: set[int] = set()
    for chain in lasting:
        origin = chain.origin
        if chain.before is None and origin and origin.is_deleted and id(origin) not in taken:
            sources[id(chain)] = origin
            taken.add(id(origin))
    return [_joined(chain, sources.get(id(chain))) for chain in lasting if id(chain) not in taken]


@dataclass(slots=True)
class _Chain:
    """Changes of one path by one task that go on from each other.

    ``origin`` is the chain of the path that the content was moved here from.
    """

    path: str
    before: str | None
    after: str | None
    parts: list[Claim]
    origin: _Chain | None = None

    @property
    def is_deleted(self) -> bool:
        return self.before is not None and self.after is None


def _extended(chains: list[_Chain], claim: Claim, change: Change) -> _Chain:
    """The last of a path's chains with `change` joined to it, or a new one."""
    if chains and chains[-1].after == change.before:
        chain = chains[-1]
        chain.after = change.after
        chain.parts.append(claim)
    else:
        chain = _Chain(change.path, change.before, change.after, [claim])
        chains.append(chain)
    if chain.before == chain.after:
        chains.pop()
    return chain


def _joined(chain: _Chain, source: _Chain | None) -> Claim:
    parts: list[Claim] = [*(source.parts if source else ()), *chain.parts]
    first, last = parts[0], parts[-1]
    if all(part is first for part in parts) and (first.op != "move" or source):
        return first
    before = source.before if source else chain.before
    whole = last.whole if last.whole and last.whole.before == before else None
    return replace(
        last,
        path=chain.path,
        op="move" if source else op_of(Change(chain.path, before, chain.after)),
        source=source.path if source else None,
        before=before,
        after=chain.after,
        onto=first.onto,
        fork=first.fork,
        why=next((part.why for part in reversed(parts) if part.why), None),
        by=TOLD if any(part.by == TOLD for part in parts) else SEEN,
        digest=whole.digest if whole else None,
        lines=whole.lines if whole else None,
        whole=None,
    )
