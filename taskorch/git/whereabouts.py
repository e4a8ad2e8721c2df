"""Where files went that are not in a commit any more, as git's rename detection tells."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from taskorch.git.history import PathEvent, path_events, read_renames, renamed_to
from taskorch.git.many_logs import read_ahead
from taskorch.git.repository import Repository

_MOST_MOVES = 6

Key = tuple[str, str]
"""The commit since which events are looked at, and a path."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The commit that took a file away, and where it has the content now; ``at`` is None if nowhere."""

    commit: str
    at: str | None


def whereabouts(
    repo: Repository, tip: str, there: Container[str], events: Mapping[str, Iterable[PathEvent]]
) -> dict[Key, Gone]:
    """What became of the paths that had events since some commits and are not `there`, in `tip`.

    `events` are by such a commit, the newest first.  A file that was moved several times is followed,
    all files together, so that the number of processes does not depend on how many they are.
    """
    out: dict[Key, Gone] = {}
    missing = _last_removals(there, events)
    for _ in range(_MOST_MOVES):
        read_renames(repo, (commit for commit, _ in missing.values()))
        moved: dict[Key, tuple[str, str]] = {}
        for key, (commit, path) in missing.items():
            to = renamed_to(repo, commit, path)
            out[key] = Gone(commit, to if to and to in there else None)
            if to and to not in there:
                moved[key] = commit, to
        ranges = {key: (tip, f"^{commit}") for key, (commit, _) in moved.items()}
        read_ahead(repo, ((ranges[key], path) for key, (_, path) in moved.items()))
        missing = {}
        for key, (_, path) in moved.items():
            last = next(iter(path_events(repo, ranges[key], path)), None)
            if last and last.new is None:
                missing[key] = last.commit, path
        if not missing:
            break
    return out


def _last_removals(
    there: Container[str], events: Mapping[str, Iterable[PathEvent]]
) -> dict[Key, tuple[str, str]]:
    """The commit that removed each path for the last time, and the path."""
    out: dict[Key, tuple[str, str]] = {}
    for base, found in events.items():
        for event in found:
            if event.path not in there and event.new is None:
                out.setdefault((base, event.path), (event.commit, event.path))
    return out
