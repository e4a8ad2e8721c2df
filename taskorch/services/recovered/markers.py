"""What the work itself left to do: TODO and the like in lines it added that still stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from taskorch.git import history, worktree
from taskorch.git.content import is_lacking
from taskorch.git.diff import line_hash
from taskorch.git.objects import Objects, open_objects, read_blob
from taskorch.git.repository import Repository
from taskorch.git.worktree import State
from taskorch.records.claim import Claim
from taskorch.services.ladder.verdict import Landing, Verdict
from taskorch.services.recovered.not_here import CONTENTS
from taskorch.services.shapes import Json

_MARKER = re.compile(rb"(?<![^\W_])(TODO|FIXME|XXX|HACK)(?![^\W_])")
_MAX_BYTES = 4 << 20
_MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class _Added:
    """The marked lines that a claim's change added, with how often the old content had each."""

    claim: Claim
    at_path: str | None
    fresh: Counter[bytes]
    had: Counter[bytes]


def markers_left(
    repo: Repository, head: str, verdicts: Sequence[Verdict], landings: Mapping[Claim, Landing]
) -> list[Json]:
    """The marked lines that landed with the claims and that the file still has at `head`.

    Each with path and line as `head` has them, also where the file was renamed since.  Contents that
    are not here, no text, or huge are passed over.
    """
    opened = open_objects(repo)
    found = [
        added
        for verdict in verdicts
        if (landing := landings.get(verdict.claim)) and landing.whole and verdict.counts_as != "failed"
        and (added := _added(opened, verdict, landing))
    ]  # fmt: skip
    places = _places(repo, head, found)
    rows: dict[tuple[str, int], Json] = {}
    for added in found:
        path, state = places[added.claim]
        for number, line in _standing(_lines(opened, state), added):
            marker = _MARKER.search(line)
            assert marker
            text = line.decode("utf-8", "replace").strip()[:_MAX_TEXT]
            rows[path, number] = {"path": path, "line": number, "marker": marker[1].decode(), "text": text}
    return [rows[key] for key in sorted(rows)]


def untold_markers(
    repo: Repository, head: str, verdicts: Sequence[Verdict], landings: Mapping[Claim, Landing]
) -> list[str]:
    """That files could have marked lines which cannot be told: contents are not in this clone."""
    landed = [
        (verdict.at_path or verdict.claim.path, landing)
        for verdict in verdicts
        if (landing := landings.get(verdict.claim)) and landing.whole and verdict.counts_as != "failed"
    ]
    opened = open_objects(repo)
    at_head = worktree.states_at(repo, head, {path for path, _ in landed})
    lacking = sum(
        is_lacking(repo, (now,)) or bool(_marked(_lines(opened, now)))
        for path, landing in landed
        if (now := at_head[path]) and is_lacking(repo, (landing.old, landing.new, now))
    )
    files = "1 file" if lacking == 1 else f"{lacking} files"
    what = f"TODO and FIXME lines of {files} more cannot be told: {CONTENTS}"
    return [f"{what}."] if lacking else []


def _added(opened: Objects, verdict: Verdict, landing: Landing) -> _Added | None:
    fresh: Counter[bytes] = Counter()
    for old, new in landing.changes:
        if after := _marked(_lines(opened, new)):
            fresh += after - _marked(_lines(opened, old))
    if landing.mixed:  # others' lines came with the same commits
        own = set(verdict.claim.lines or ())
        fresh = Counter(
            {line: n for line, n in fresh.items() if {line_hash(line), line_hash(line + b"\r")} & own}
        )
    had = _marked(_lines(opened, landing.old)) if fresh else fresh
    return _Added(verdict.claim, verdict.at_path, fresh, had) if fresh else None


def _standing(lines: Sequence[bytes], added: _Added) -> list[tuple[int, bytes]]:
    """Number and text of the added lines that are among a file's lines now.

    Of a line that was there before as well only so many count as there are more now, the last ones.
    """
    where: dict[bytes, list[int]] = {}
    for number, line in enumerate(lines, 1):
        if line in added.fresh:
            where.setdefault(line, []).append(number)
    out = []
    for line, numbers in where.items():
        count = min(added.fresh[line], max(0, len(numbers) - added.had[line]))
        out += [(number, line) for number in numbers[len(numbers) - count :]]
    return out


def _places(repo: Repository, head: str, found: Sequence[_Added]) -> dict[Claim, tuple[str, State]]:
    """Where each claim's file is at `head`: at its path, where the ladder found it, or renamed since."""
    paths = {p for added in found for p in (added.claim.path, added.at_path) if p}
    at_head = worktree.states_at(repo, head, paths)
    out: dict[Claim, tuple[str, State]] = {}
    for added in found:
        named = [p for p in (added.at_path, added.claim.path) if p and at_head[p]]
        path = named[0] if named else _renamed(repo, head, added.claim)
        out[added.claim] = (path, at_head.get(path) or worktree.states_at(repo, head, [path])[path])
    return out


def _renamed(repo: Repository, head: str, claim: Claim) -> str:
    """The last name of a file that is not at its path any more; that path where there is none."""
    base = repo.merge_base(claim.onto, head) if claim.onto and repo.commit_or_none(claim.onto) else None
    revisions = history.range_of(base, head)
    events = history.path_events(repo, revisions, claim.path)
    later = dict.fromkeys(e.path for e in history.following_events(repo, revisions, claim.path, events))
    states = worktree.states_at(repo, head, later)
    return next((path for path in reversed(later) if states[path]), claim.path)


def _marked(lines: Sequence[bytes]) -> Counter[bytes]:
    return Counter(line for line in lines if _MARKER.search(line))


def _lines(opened: Objects, state: State) -> list[bytes]:
    content = read_blob(opened, state[7:]) if state and state.startswith("100") else None
    if content is None or len(content) > _MAX_BYTES or b"\0" in content:
        return []
    return [line.removesuffix(b"\r") for line in content.split(b"\n")]
