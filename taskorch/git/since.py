"""The commits that changed some paths since each of many commits, in as few walks as can be."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from taskorch.git.history import LOG, PathEvent
from taskorch.git.many_logs import events_of, walk
from taskorch.git.paths import is_record
from taskorch.git.repository import Repository
from taskorch.git.worktree import State

_FEW = 15
"""git compares each changed path with each one named: beyond, it is quicker to look at all."""


_MOST_KEPT = 200_000
"""So many changes of a history are kept in memory at most: some 50 MB."""

Walked = tuple[str, list[str], list[tuple[bytes, bytes]]]
"""A commit, its parents, and its changes: what git prints of one, and the path."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a commit made of a path: its states in the parents, and the one behind."""

    commit: str
    path: str
    olds: tuple[State, ...]
    new: State


def versions_below(
    repo: Repository, tip: str, folders: Collection[str], *, many: bool = False
) -> Iterator[list[Version]]:
    """For each commit of a history that changed files below some folders what it made of them.

    The newest commits first, none before its descendants; merges count where a result differs from
    every parent, and then ``olds`` has a state for each of them.  If they are `many`, git is not told
    the folders: it would compare each of their trees twice (measured: 1.2 s against 0.75).  What it
    prints of other paths is kept then, for `events_since` of the same tip.
    """
    kept: list[Walked] = []
    below = tuple(os.fsencode(f"{folder}/") for folder in folders)
    number = 0
    for commit, parents, picked in _changes(repo, tip, () if many else sorted(folders)):
        ours = [pair for pair in picked if pair[1].startswith(below)]
        if ours:
            yield [_version(commit, raw, path) for raw, path in ours]
        if many and number <= _MOST_KEPT:
            others = [pair for pair in picked if not pair[1].startswith(below)]
            number += len(others)
            kept.append((commit, parents, others))
    if many and number <= _MOST_KEPT:
        repo.walked["kept", tip] = kept


def _changes(repo: Repository, tip: str, limits: Collection[str]) -> Iterator[Walked]:
    """Each commit of a history, its parents, and the changes git prints, as pairs of what and path."""
    asked = [*LOG, "--format=%x02%H %P", "--end-of-options", tip, "--", *limits]
    tokens = repo.git_parts(asked)
    commit, parents, picked = "", [""], list[tuple[bytes, bytes]]()
    for token in tokens:
        start = token.lstrip(b"\n")
        if start.startswith(b"\x02"):
            if commit:
                yield commit, parents, picked
            commit, *parents = start[1:].decode().split()
            picked = []
        elif start.startswith(b":"):
            picked.append((start, next(tokens)))
    if commit:
        yield commit, parents, picked


def _version(commit: str, raw: bytes, path: bytes) -> Version:
    token = raw.decode()
    parents = len(token) - len(token.lstrip(":"))
    fields = token[parents:].split(" ")
    modes, oids = fields[: parents + 1], fields[parents + 1 : 2 * parents + 2]
    *olds, new = (f"{mode} {oid}" if mode.strip("0") else None for mode, oid in zip(modes, oids, strict=True))
    return Version(commit, os.fsdecode(path), tuple(olds), new)


def events_since(
    repo: Repository, tip: str, wanted: Mapping[str, Collection[str]]
) -> dict[str, list[PathEvent]]:
    """For each of some commits the events of its paths that `tip` has and it has not, the newest first.

    The commits are all part of the history of `tip`.  One is asked for as a range; of more, all is
    picked out of one walk, which carries along from each commit to its parents which of them have it.
    """
    if not wanted:
        return {}
    if len(wanted) == 1:
        [(base, paths)] = wanted.items()
        limits = sorted(paths) if len(paths) <= _FEW else []
        found = walk(repo, (tip, f"^{base}"), paths, (), limits)
        return {base: [event for _, _, events in found for event in events]}
    return _from_one_walk(repo, tip, wanted)


def _from_one_walk(
    repo: Repository, tip: str, wanted: Mapping[str, Collection[str]]
) -> dict[str, list[PathEvent]]:
    bits = {base: 1 << number for number, base in enumerate(wanted)}
    bases = {bit: base for base, bit in bits.items()}
    asking: dict[str, int] = defaultdict(int)
    for base, paths in wanted.items():
        for path in paths:
            asking[path] |= bits[base]
    out: dict[str, list[PathEvent]] = {base: [] for base in wanted}
    having: dict[str, int] = {}
    for commit, parents, events in _walked(repo, tip, asking):
        has = having.pop(commit, 0) | bits.get(commit, 0)
        for parent in parents if has else ():
            having[parent] = having.get(parent, 0) | has
        for event in events:
            left = asking[event.path] & ~has
            while left:
                lowest = left & -left
                out[bases[lowest]].append(event)
                left ^= lowest
    return out


def _walked(
    repo: Repository, tip: str, paths: Collection[str]
) -> Iterator[tuple[str, list[str], list[PathEvent]]]:
    """As `walk`, out of what was kept if it was."""
    kept: list[Walked] | None = repo.walked.get(("kept", tip))
    if kept is None or any(is_record(path) for path in paths):
        yield from walk(repo, (tip,), paths, ())
        return
    here = {os.fsencode(path) for path in paths}
    for commit, parents, picked in kept:
        mine = [part for pair in picked if pair[1] in here for part in pair]
        yield commit, parents, events_of(commit, mine)
