"""What a session's claims go on from: the task's claims of earlier sessions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from taskorch.git import content, diff, history, worktree
from taskorch.git.worktree import State
from taskorch.records.claim import Claim, Whole
from taskorch.records.joining import net
from taskorch.services.ladder.measure import revisions_of
from taskorch.services.ladder.verdict import SHARE
from taskorch.services.workspace import Workspace

_Key = tuple[str, str, str | None]
"""Task, path and what the path has in the end."""


def going_on(
    ws: Workspace,
    earlier: Sequence[Claim],
    made: Sequence[Claim],
    start: str | None,
    old: Sequence[Claim] = (),
) -> list[Claim]:
    """The claims of a session that began at the commit `start`, with what they go on from.

    `earlier` are the claims of the sessions before, in order of time; of `old`, the session's own as
    written before, what still holds is kept.
    """
    tasks = {one.task for one in made}
    mine = [one for one in earlier if one.task in tasks and one.op != "read"]
    if not mine:
        return list(made)
    begun = _joined_begin(mine, made)
    known = {_key(one): one.merged for one in old if one.merged}
    left = [one for one in made if _key(one) not in begun]
    found = {_key(one): known.get(_key(one)) or _merged(ws, mine, one, start) for one in left}
    merged = {key: state for key, state in found.items() if state}
    # what the work of all is compared with: the others' own, as it was merged in
    begun |= {_key(one): _theirs(ws, one) for one in left if _key(one) in merged}
    wholes = _wholes(ws, made, begun, old)
    return [replace(one, whole=wholes.get(_key(one)), merged=merged.get(_key(one))) for one in made]


def _joined_begin(earlier: Sequence[Claim], made: Sequence[Claim]) -> dict[_Key, State]:
    """What the first of the claims began with that join into one with a claim of `made`."""
    own = {_key(one) for one in made}
    joined = net([*earlier, *(replace(one, whole=None) for one in made)])
    return {_key(one): one.before for one in joined if one.digest is None and _key(one) in own}


def _theirs(ws: Workspace, one: Claim) -> State:
    """The state of a claim's path where its work stands upon that of others."""
    return worktree.states_at(ws.repo, one.fork or one.onto, [one.start])[one.start]


def _wholes(
    ws: Workspace, made: Sequence[Claim], begun: Mapping[_Key, State], old: Sequence[Claim]
) -> dict[_Key, Whole]:
    """Digest and lines of the change from where the work on a path began, for claims of text."""
    wanted = {_key(one) for one in made if one.digest and _key(one) in begun}
    kept = {_key(one): one.whole for one in old if one.whole and _key(one) in wanted}
    known = {key: whole for key, whole in kept.items() if whole.before == begun[key]}
    fresh = {str(number): key for number, key in enumerate(sorted(wanted - known.keys(), key=str))}
    states = {number: (begun[key], key[2]) for number, key in fresh.items()}
    for number, found in diff.evidence(ws.repo, states).items() if states else ():
        known[fresh[number]] = Whole(begun[fresh[number]], found.digest, found.lines)
    return known


def _merged(ws: Workspace, earlier: Sequence[Claim], one: Claim, start: str | None) -> str | None:
    """What an earlier claim ended with, where `one` began with that and the work of others merged in.

    It was on the way to `start`, and what `one` began with has the earlier claim's lines.
    """
    path = one.start
    ended = [claim for claim in earlier if claim.task == one.task and claim.path == path and claim.after]
    if not start or not one.before or not ended or _touches(earlier, one.before, path):
        return None
    last = ended[-1]
    revisions = revisions_of(ws.repo, last.fork or last.onto, start)
    if not any(event.new == last.after for event in history.path_events(ws.repo, revisions, path)):
        return None
    lines = {*(last.lines or ())}
    stand = lines & content.line_hashes(ws.repo, one.before)
    return last.after if lines and len(stand) >= SHARE * len(lines) else None


def _touches(claims: Iterable[Claim], state: str, path: str) -> bool:
    return any((one.after, one.path) == (state, path) for one in claims)


def _key(one: Claim) -> _Key:
    return one.task, one.path, one.after
