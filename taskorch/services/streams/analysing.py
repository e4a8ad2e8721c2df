"""What a task's changes really hold, by the claims, whatever was told of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from taskorch.services.markdown import counted
from taskorch.services.shapes import Json
from taskorch.services.streams.documented import documentation
from taskorch.services.streams.implemented import implementation
from taskorch.services.streams.tested import testing
from taskorch.services.streams.work import Work, work_of
from taskorch.services.workspace import Workspace
from taskorch.store.streams import Stream

Part = tuple[Json, list[Json], list[str]]
"""What one analysis found, what it could not look into (``{path, why}``), and its findings in words."""

_PARTS: dict[str, Callable[[Workspace, Sequence[Work]], Part]] = {
    "documentation": documentation,
    "testing": testing,
    "implementation": implementation,
}
_SHOWN = 10


def analyse(ws: Workspace, stream: Stream, task_id: str) -> Json:
    """The analysis of a task's claims that its stream asks for.

    ``{kind, files [{path, from, op, added, removed, of_stream}], not_analysed [{path, why}], findings [],
    documentation, testing, implementation}``, of the last three all but that of ``kind`` null.
    """
    work, rows = work_of(ws, stream, task_id)
    parts: Json = dict.fromkeys(_PARTS)
    unread = [{"path": one.path, "why": one.unread} for one in work if one.unread]
    findings = [] if work else ["no file changed"]
    take = _PARTS.get(stream.analysis)
    if take and work:
        part, more, told = take(ws, [one for one in work if not one.unread])
        parts[stream.analysis] = part
        unread, findings = [*unread, *more], [*findings, *told]
    elif take:
        parts[stream.analysis] = take(ws, [])[0]
    others = [one.path for one in work if not one.of_stream]
    if others:
        findings.append(f"{counted(len(others), 'file')} outside of the stream: {listed(others)}")
    return {
        "kind": stream.analysis,
        "files": rows,
        "not_analysed": unread,
        "findings": findings,
        **parts,
    }


def not_made(stream: Stream, why: str) -> Json:
    """The answer where no analysis could be made."""
    told = [f"what changed could not be read: {why}"]
    rest: Json = dict.fromkeys(_PARTS)
    return {"kind": stream.analysis, "files": [], "not_analysed": [], "findings": told, **rest}


def listed(names: Sequence[str]) -> str:
    """Names in a row, of many the first few."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
