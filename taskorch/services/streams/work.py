"""What a task changed, file by file: the contents that its claims name, read from git's objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from taskorch.git.diff import line_counts
from taskorch.git.objects import Objects, open_objects, read_blob
from taskorch.records.claim import Claim
from taskorch.records.governed import matcher
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store.streams import Stream

MAX_BYTES = 1 << 20
"""Contents beyond that are not looked into."""

_SPECIAL = {"120": "a symbolic link", "160": "a submodule"}


@dataclass(frozen=True, slots=True)
class Work:
    """One net change of a task; ``source`` is where a move or copy came from.

    ``before`` and ``after`` are texts, None where there was, or is, no file.  ``unread`` says why they
    could not be had: then both are None.
    """

    path: str
    source: str | None
    op: str
    of_stream: bool
    before: str | None = None
    after: str | None = None
    unread: str | None = None


class _Unread(Exception):
    pass


def work_of(ws: Workspace, stream: Stream, task_id: str) -> tuple[list[Work], list[Json]]:
    """The changes that a task claims, by path, and the rows of `file_rows`; what it only read is left out."""
    claims = [one for one in ws.load().net_claims() if one.task == task_id and one.op != "read"]
    claims.sort(key=lambda one: one.path)
    if not claims:
        return [], []
    opened = open_objects(ws.repo)
    work = [_work(opened, one, stream) for one in claims]
    return work, _rows(ws, claims, work)


def _work(opened: Objects, one: Claim, stream: Stream) -> Work:
    mine = any(matcher(entry)(path) for entry in stream.files for path in (one.path, one.source) if path)
    try:
        before, after = _text(opened, one.before), _text(opened, one.after)
    except _Unread as why:
        return Work(one.path, one.source, one.op, mine, unread=str(why))
    return Work(one.path, one.source, one.op, mine, before if one.op != "copy" else None, after)


def _text(opened: Objects, state: str | None) -> str | None:
    """The text of a state.  Raises _Unread with the reason."""
    if state is None:
        return None
    if state[:3] in _SPECIAL:
        raise _Unread(_SPECIAL[state[:3]])
    size = opened.size(state[7:])
    if size is None:
        raise _Unread("its content is not in this clone")
    if size > MAX_BYTES:
        raise _Unread("larger than 1 MiB")
    try:
        return (read_blob(opened, state[7:]) or b"").decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _Unread("not UTF-8 text") from None


def _rows(ws: Workspace, claims: Sequence[Claim], work: Sequence[Work]) -> list[Json]:
    """``{path, from, op, added, removed, of_stream}`` of each; lines are null where it is no text."""
    numbered = {str(number): (one.before, one.after) for number, one in enumerate(claims)}
    counts = line_counts(ws.repo, numbered)
    return [
        {
            "path": one.path,
            "from": one.source,
            "op": one.op,
            "added": counts[str(number)][0],
            "removed": counts[str(number)][1],
            "of_stream": one.of_stream,
        }
        for number, one in enumerate(work)
    ]
