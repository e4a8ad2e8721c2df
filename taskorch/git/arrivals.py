"""Where a range of commits brought blobs to paths."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from taskorch.git.history import LOG, PathEvent, path_events, raw_events
from taskorch.git.repository import Repository


def arrivals(repo: Repository, revisions: Sequence[str], oids: Collection[str]) -> list[PathEvent]:
    """The changes of a range that gave a path one of these blobs, for each blob none before its descendants.

    Merges count where the result differs from every parent.  One walk over the whole range, unless
    `many_logs.read_ahead` has read it already.
    """
    keys = [(tuple(revisions), oid) for oid in dict.fromkeys(oids)]
    if all(key in repo.arrived for key in keys):
        return [event for key in keys for event in repo.arrived[key] if event.commit not in repo.cut_off]
    done = repo.git([*LOG, "--format=%x02%H", "--end-of-options", *revisions, "--"])
    found = [event for event in raw_events(done.text) if event.commit not in repo.cut_off]
    return [event for event in found if event.new and event.new[7:] in oids]


def arrivals_at(repo: Repository, revisions: Sequence[str], path: str, oid: str) -> list[PathEvent]:
    """The changes of a range that gave this path this blob, none before its descendants."""
    read = (tuple(revisions), oid) in repo.arrived
    found = arrivals(repo, revisions, [oid]) if read else path_events(repo, revisions, path)
    return [event for event in found if event.path == path and event.new and event.new[7:] == oid]
