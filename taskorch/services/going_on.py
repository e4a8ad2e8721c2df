"""What a session's claims go on from: the task's claims of earlier sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from taskorch.git import content, diff, history
from taskorch.records.claim import Claim, Whole
from taskorch.records.joining import net
from taskorch.services.measure import revisions_of
from taskorch.services.same_change import SHARE
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
    wholes = _wholes(ws, mine, made, old)
    merged = {_key(one): one.merged for one in old if one.merged}
    out = []
    for one in made:
        whole = wholes.get(_key(one))
        known = merged.get(_key(one)) or (None if whole else _merged(ws, mine, one, start))
        out.append(replace(one, whole=whole, merged=known))
    return out


def _wholes(
    ws: Workspace, earlier: Sequence[Claim], made: Sequence[Claim], old: Sequence[Claim]
) -> dict[_Key, Whole]:
    """Digest and lines of the whole for the claims that join earlier ones."""
    own = {_key(one): one for one in made}
    joined = {_key(one): one for one in net([*earlier, *(replace(one, whole=None) for one in made)])}
    longer = {
        key: one for key, one in joined.items() if one.digest is None and key in own and own[key].digest
    }
    kept = {_key(one): one.whole for one in old if one.whole}
    known = {key: kept[key] for key, one in longer.items() if key in kept and kept[key].before == one.before}
    fresh = {str(number): key for number, key in enumerate(longer) if key not in known}
    states = {number: (longer[key].before, longer[key].after) for number, key in fresh.items()}
    for number, found in diff.evidence(ws.repo, states).items() if states else ():
        known[fresh[number]] = Whole(longer[fresh[number]].before, found.digest, found.lines)
    return known


def _merged(ws: Workspace, earlier: Sequence[Claim], one: Claim, start: str | None) -> str | None:
    """What an earlier claim ended with, where `one` began with that and the work of others merged in.

    It was on the way to `start`, and what `one` began with has the earlier claim's lines.
    """
    path = one.source if one.op == "move" and one.source else one.path
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
