"""The logs of many paths at once: one after the other, or all in one walk over the history.

A log of one path is fast where a commit-graph has Bloom filters, which serve one literal path at a
time; without them each costs a whole walk.  So beyond a few, what is asked for is picked out of one
walk: with the paths given to git, or for ranges that begin in many places, over all that the tip has.
Both give the commits of a path in the order of a log of its own: the order of ``--topo-order`` in a
range is that of the whole history with the rest left out.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from taskorch.git.history import LOG, PathEvent, raw_events
from taskorch.git.repository import Repository

Range = tuple[str, ...]
Pair = tuple[Range, str]

_AT_ONCE = 2
_SINGLE, _SINGLE_FILTERED = 2, 40
MANY = 100
"""More paths than are read a range at a time."""
_MOST_NAMED = 15
"""git compares each changed path with each one named: beyond, it is quicker to look at all."""
_MOST_WALKS = 4


@dataclass(slots=True)
class Walked:
    """What one walk over the history of a tip has told of its ranges.

    ``bits`` has a bit for each range, ``outside`` for each commit those of the ranges it is not part of.
    """

    bits: dict[Range, int]
    outside: dict[str, int]

    def has(self, revisions: Range, commit: str) -> bool:
        """Whether a commit is part of a range."""
        return not self.outside.get(commit, 0) & self.bits[revisions]


def read_ahead(repo: Repository, pairs: Iterable[Pair], blobs: Iterable[Pair] = ()) -> None:
    """Read into the memo of `history.path_events` the logs of many paths, each in its own range.

    All ranges have the same tip.  `blobs` are (range, object id): where these came to a path is read
    as well if the whole history is walked anyway, for `arrivals.arrivals`.
    """
    wanted = [pair for pair in dict.fromkeys(pairs) if (*pair[0], pair[1]) not in repo.logs]
    by_range: dict[Range, list[str]] = defaultdict(list)
    for revisions, path in wanted:
        by_range[revisions].append(path)
    few = _SINGLE_FILTERED if has_filters(repo) else _SINGLE
    if len(wanted) <= few:
        _each(repo, [(revisions, [path]) for revisions, path in wanted])
    elif len(by_range) <= _MOST_WALKS and all(len(paths) <= MANY for paths in by_range.values()):
        _each(repo, list(by_range.items()))
    elif not _from_walked(repo, by_range):
        _walk(repo, wanted, list(blobs))


def _each(repo: Repository, logs: Sequence[tuple[Range, list[str]]]) -> None:
    """Read logs, each of some paths in a range."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for (revisions, paths), found in zip(logs, pool.map(lambda one: _log(repo, *one), logs), strict=True):
            for path in paths:
                repo.logs[*revisions, path] = [event for event in found if event.path == path]


def _from_walked(repo: Repository, by_range: Mapping[Range, Sequence[str]]) -> bool:
    """Read a few paths in the tip's whole history, where a walk has told what is in each range."""
    tip = next(iter(by_range))[:1]
    walked: Walked | None = repo.walked.get(tip)
    fresh = list(dict.fromkeys(path for paths in by_range.values() for path in paths))
    if not walked or len(fresh) > MANY or not by_range.keys() <= walked.bits.keys():
        return False
    found = _log(repo, tip, fresh)
    for revisions, paths in by_range.items():
        within = [event for event in found if walked.has(revisions, event.commit)]
        for path in paths:
            repo.logs[*revisions, path] = [event for event in within if event.path == path]
    return True


def has_filters(repo: Repository) -> bool:
    """Whether a commit-graph with Bloom filters is there: its newest file has a chunk ``BIDX``.

    Format: https://git-scm.com/docs/commit-graph-format
    """
    info = repo.user_objects_dir / "info"
    try:
        chain = info / "commit-graphs" / "commit-graph-chain"
        file = info / "commit-graph"
        if not file.exists():
            file = chain.with_name(f"graph-{chain.read_text().split()[-1]}.graph")
        with file.open("rb") as opened:
            head = opened.read(8)
            table = opened.read(12 * (head[6] + 1))
    except (OSError, IndexError):
        return False
    return head[:4] == b"CGPH" and b"BIDX" in {table[at : at + 4] for at in range(0, len(table), 12)}


def _log(repo: Repository, revisions: Range, paths: Sequence[str]) -> list[PathEvent]:
    wanted = set(paths)
    if len(wanted) > _MOST_NAMED:
        return [event for _, _, events in walk(repo, revisions, wanted, ()) for event in events]
    asked = [*LOG, "--format=%x02%H", "--end-of-options", *revisions, "--", *paths]
    return [event for event in raw_events(repo.git(asked).text) if event.path in wanted]


def _walk(repo: Repository, pairs: Sequence[Pair], blobs: Sequence[Pair]) -> None:
    """Pick logs of paths, and the arrivals of blobs, out of one walk over all that the tip has."""
    ranges = list(dict.fromkeys(revisions for revisions, _ in [*pairs, *blobs]))
    bits = {revisions: 1 << number for number, revisions in enumerate(ranges)}
    by_path: dict[str, list[tuple[int, list[PathEvent]]]] = defaultdict(list)
    by_blob: dict[str, list[tuple[int, list[PathEvent]]]] = defaultdict(list)
    for revisions, path in pairs:
        found = repo.logs[*revisions, path] = []
        by_path[path].append((bits[revisions], found))
    for revisions, oid in dict.fromkeys(blobs):
        found = repo.arrived[revisions, oid] = []
        by_blob[oid].append((bits[revisions], found))
    outside = _begins(repo, bits)
    for commit, parents, events in walk(repo, ranges[0][:1], by_path.keys(), by_blob.keys()):
        # the ranges that the commit is not part of: its children, which came first, have told
        told = outside.get(commit, 0)
        for parent in parents if told else ():
            outside[parent] = outside[parent] | told if parent in outside else told
        for event in events:
            new = event.new[7:] if event.new else ""
            for bit, found in (*by_path.get(event.path, ()), *by_blob.get(new, ())):
                if not told & bit:
                    found.append(event)
    repo.walked[ranges[0][:1]] = Walked(bits, outside)


def _begins(repo: Repository, bits: dict[Range, int]) -> dict[str, int]:
    """The commits of the tip's history from which on a range leaves them out, with the ranges' bits."""
    out: dict[str, int] = defaultdict(int)
    known = repo.ancestors_of(next(iter(bits))[0])
    for (tip, *bounds), bit in bits.items():
        for bound in (one.removeprefix("^") for one in bounds):
            for common in [bound] if bound in known else repo.merge_bases(bound, tip):
                out[common] |= bit
    return dict(out)


def walk(
    repo: Repository,
    revisions: Range,
    paths: Iterable[str],
    oids: Iterable[str],
    limits: Sequence[str] = (),
) -> Iterator[tuple[str, list[str], list[PathEvent]]]:
    """Each commit in topological order, its parents, and its events on these paths or of these blobs.

    With `limits`, paths that git is told, only the commits that changed one of them.
    """
    here = {os.fsencode(path) for path in paths}
    there = {oid.encode() for oid in oids}
    commit, parents, picked = "", [""], [b""]
    tokens = repo.git_parts([*LOG, "--format=%x02%H %P", "--end-of-options", *revisions, "--", *limits])
    for token in tokens:
        start = token.lstrip(b"\n")
        if start.startswith(b"\x02"):
            if commit:
                yield commit, parents, events_of(commit, picked)
            commit, *parents = start[1:].decode().split()
            picked = []
        elif start.startswith(b":"):
            path = next(tokens)
            if path in here or (there and _new_oid(start) in there):
                picked += [start, path]
    if commit:
        yield commit, parents, events_of(commit, picked)


def events_of(commit: str, picked: Sequence[bytes]) -> list[PathEvent]:
    """The events of one commit in what git prints of it: each change, and behind it its path."""
    if not picked:
        return []
    return list(raw_events(f"\x02{commit}\0" + os.fsdecode(b"\0".join([*picked, b""]))))


def _new_oid(raw: bytes) -> bytes:
    """The object id behind, the last but one field of a raw line."""
    return raw.rsplit(b" ", 2)[1]
