"""Content wherever it is: where a range brought it, and how much of a change still stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from taskorch.git.diff import line_hash
from taskorch.git.history import LOG, PathEvent, path_events, raw_events
from taskorch.git.objects import known_objects, open_objects, read_blob
from taskorch.git.repository import Repository
from taskorch.git.worktree import State

_MAX_BYTES = 4 << 20


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


def line_hashes(repo: Repository, state: State, *, any_end: bool = False) -> set[str]:
    """The short hashes of a file's lines; none where it is no text, huge, or not here.

    With `any_end` as if the lines ended with LF and with CRLF: line ends may have been normalized.
    """
    found = read_blob(open_objects(repo), state[7:]) if state and state.startswith("100") else None
    if not found or len(found) > _MAX_BYTES or b"\0" in found:
        return set()
    lines = found.removesuffix(b"\n").split(b"\n")
    if any_end:
        bare = [line.removesuffix(b"\r") for line in lines]
        lines = [*bare, *(line + b"\r" for line in bare)]
    return {line_hash(line) for line in lines}


def stands(
    repo: Repository, before: State, after: State, now: State, lines: Sequence[str] | None = None
) -> bool | None:
    """Whether anything of the change of a file from `before` to `after` is left in `now`.

    That is a line it added (by their short hashes, where `lines` has them); where it added none,
    that a line it removed is not back.  None where the contents do not tell: they are not here, no
    text, or huge.
    """
    found = _three(repo, before, after, now)
    if not found:
        return None
    old, new, present = found
    added, removed = new - old, old - new
    if lines:
        return any(line_hash(line) in lines for line in present)
    if added:
        return bool(added & present)
    return bool(removed - present) if removed else None


def is_lacking(repo: Repository, states: Iterable[State]) -> bool:
    """Whether a file's content in one of the states is not in this clone."""
    oids = {state[7:] for state in states if state and state.startswith("100")}
    return bool(oids - known_objects(repo, oids))


def is_put_back(repo: Repository, before: State, after: State, now: State) -> bool:
    """Whether all lines that the change of a file removed are in `now`; False where it removed none."""
    found = _three(repo, before, after, now)
    removed = found[0] - found[1] if found else set()
    return bool(found and removed) and removed <= (found[2] if found else set())


def is_most_of(repo: Repository, state: State, now: State, share: float) -> bool:
    """Whether most lines of one state of a file, at least a `share` from 0 to 1, are in another."""
    found = _three(repo, state, None, now)
    old, _, present = found or (set(), set(), set())
    return bool(old) and len(old & present) >= share * len(old)


def growth(repo: Repository, old: State, new: State) -> int | None:
    """How many bytes longer a file became, without reading it; None where there is none, or not here."""
    opened = open_objects(repo)
    sizes = [opened.size(state[7:]) if state else None for state in (old, new)]
    return None if sizes[0] is None or sizes[1] is None else sizes[1] - sizes[0]


def is_made_again(repo: Repository, change: tuple[State, State], since: tuple[State, State]) -> bool:
    """Whether a later change of a file brought lines that an earlier one had added.

    Where that one only removed lines: whether it took away some of these.  True where the contents do
    not tell.
    """
    states = [_lines(repo, state) for state in (*change, *since)]
    if None in states:
        return True
    old, new, then, now = (Counter(lines) for lines in states)
    return bool((new - old) & (now - then)) if new - old else bool((old - new) & (then - now))


def _three(
    repo: Repository, before: State, after: State, now: State
) -> tuple[set[bytes], set[bytes], set[bytes]] | None:
    """The lines in three states of a file, empty ones left out; None where the contents do not tell."""
    found = [_lines(repo, state) for state in (before, after, now)]
    if None in found:
        return None
    old, new, present = ({line for line in lines or () if line.strip()} for lines in found)
    return old, new, present


def _lines(repo: Repository, state: State) -> list[bytes] | None:
    """The lines of a file, none where there is no file; None where it is no text, huge, or not here."""
    found = read_blob(open_objects(repo), state[7:]) if state and state.startswith("100") else None
    if (state and found is None) or (found and (len(found) > _MAX_BYTES or b"\0" in found)):
        return None
    return (found or b"").split(b"\n")
