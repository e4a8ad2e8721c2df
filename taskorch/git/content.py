"""How much of a change of a file stands in a later state of it, told by the contents."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from taskorch.git.diff import line_hash
from taskorch.git.objects import known_objects, open_objects, read_blob
from taskorch.git.repository import Repository
from taskorch.git.worktree import State

_MAX_BYTES = 4 << 20
_WORD = re.compile(rb"[0-9A-Za-z_\x80-\xff]{2}")
_AGAIN, _MOST = 0.5, 0.9
"""Which part of a change's lines makes it one that was made again, or that stands in another place."""


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


def adds(repo: Repository, before: State, after: State) -> bool:
    """Whether a change of a file added lines that were not there."""
    found = _three(repo, before, after, None)
    return bool(found and found[1] - found[0])


def is_back_in_place(repo: Repository, before: State, after: State, now: State) -> bool:
    """Whether all lines that a change of a file only removed are back, each run beside a former neighbour."""
    states = [_lines(repo, state) for state in (before, after, now)]
    if None in states:
        return False
    old, new, present = (lines or [] for lines in states)
    runs = _removed_runs(old, new)
    return bool(runs) and all(_stands_at(old, run, present) for run in runs or ())


def is_closed_again(repo: Repository, before: State, after: State, now: State) -> bool:
    """Whether lines that a change of a file only added are gone, and what was around them is together again.

    Other lines in their place say that they were rewritten.  Lines without content do not count.
    """
    states = [_lines(repo, state) for state in (before, after, now)]
    if None in states:
        return False
    old, new, present = ([line for line in lines or [] if line.strip()] for lines in states)
    runs = _removed_runs(new, old)
    closed, were = Counter(pairwise([b"", *present, b""])), Counter(pairwise([b"", *old, b""]))
    around = [([b"", *new][run.start], [*new, b""][run.stop]) for run in runs or ()]
    return bool(around) and all(closed[pair] >= were[pair] for pair in around)


def _removed_runs(old: list[bytes], new: list[bytes]) -> list[range] | None:
    """The places of the lines in `old` that `new` lacks, in runs; None where others stand otherwise."""
    runs: list[range] = []
    kept = 0
    for place, line in enumerate(old):
        if kept < len(new) and new[kept] == line:
            kept += 1
        elif runs and runs[-1].stop == place:
            runs[-1] = range(runs[-1].start, place + 1)
        else:
            runs.append(range(place, place + 1))
    return runs if kept == len(new) else None


def _stands_at(old: list[bytes], run: range, present: list[bytes]) -> bool:
    """Whether a run of lines is among others, behind or before the line that it was behind or before."""
    wanted = old[run.start : run.stop]
    behind, before = old[run.start - 1 : run.start], old[run.stop : run.stop + 1]
    return any(
        present[at : at + len(wanted)] == wanted
        and (present[max(at - 1, 0) : at] == behind or present[at + len(wanted) :][:1] == before)
        for at, line in enumerate(present)
        if line == wanted[0]
    )


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


def is_taken_back(repo: Repository, change: tuple[State, State], step: tuple[State, State]) -> bool:
    """Whether a later step of a file is what ``git revert`` makes of a change: at its place, and no more.

    That is a merge of the step's beginning with the change backwards; False where that conflicts.
    """
    contents = [_text(repo, state) for state in (step[0], change[1], change[0], step[1])]
    if None in contents:
        return False
    with tempfile.TemporaryDirectory(dir=repo.scratch_dir, prefix="merge-") as folder:
        files = [Path(folder, name) for name in ("ours", "base", "theirs")]
        for file, content in zip(files, contents, strict=False):
            file.write_bytes(content or b"")
        merged = repo.git(["merge-file", "-p", "-q", *map(str, files)], allow=range(256))
    return merged.code == 0 and merged.out == contents[3]


def is_made_again(repo: Repository, change: tuple[State, State], since: tuple[State, State]) -> bool:
    """Whether a change of a file that was taken back stands all the same in the last of two later states.

    So it is where that has at least half of its lines that the first of them had not, or almost all
    more often than the file before the change.  Lines count that say something and are the change's
    own: what it added, and where it added no such line, what it removed.  True where the contents
    do not tell.
    """
    states = [_lines(repo, state) for state in (*change, *since)]
    if None in states:
        return True
    old, new, then, now = (Counter(lines) for lines in states)
    added, removed = _telling(new - old, old), _telling(old - new, new)
    if added:
        return _share(added, now - then) >= _AGAIN or _share(added, now - old) >= _MOST
    return not removed or _share(removed, then - now) >= _AGAIN


def _telling(lines: Counter[bytes], others: Counter[bytes]) -> Counter[bytes]:
    """The lines that have a word and are not among others; where there are none, all with a word."""
    with_word = Counter({line: count for line, count in lines.items() if _WORD.search(line)})
    own = Counter({line: count for line, count in with_word.items() if line not in others})
    return own or with_word


def _share(lines: Counter[bytes], found: Counter[bytes]) -> float:
    return (lines & found).total() / lines.total()


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
    found = _text(repo, state)
    return None if found is None else found.split(b"\n")


def _text(repo: Repository, state: State) -> bytes | None:
    """The content of a file, empty where there is no file; None where it is no text, huge, or not here."""
    found = read_blob(open_objects(repo), state[7:]) if state and state.startswith("100") else None
    if (state and found is None) or (found and (len(found) > _MAX_BYTES or b"\0" in found)):
        return None
    return found or b""
