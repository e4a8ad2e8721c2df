"""The streams there are, and what each asks of those who work in it."""

from __future__ import annotations

from collections import Counter

from taskorch.errors import BadRecord
from taskorch.services.shapes import Json, problem_row
from taskorch.services.workspace import Workspace
from taskorch.store import streams
from taskorch.store.streams import Stream

UNDEFINED = "undefined"
"""The source of a stream that tasks name, and nothing else."""


def guidance(ws: Workspace, stream: str) -> list[str]:
    """The conventions of a stream, one sentence each; none of one that is not defined.

    Where the stream's own file cannot be read, the built-in ones, and a sentence that says so.
    """
    found = streams.load(ws.store)
    broken = found.broken.get(stream)
    known = found.defined.get(stream)
    told = [f"{broken.path} cannot be read: taskorch doctor says why"] if broken else []
    return [*(known.guidance if known else ()), *told]


def named(ws: Workspace, stream: str) -> Stream:
    """The stream of a name.  Raises NotFound, or BadRecord where its own file cannot be read."""
    return streams.load(ws.store).named(stream)


def problems(ws: Workspace) -> list[BadRecord]:
    """What is wrong with the store's own streams; paths from the root of the work tree."""
    return [] if ws.committed else streams.load(ws.store).problems


def list_streams(ws: Workspace) -> Json:
    """All streams by name, those that only tasks name last.

    ``{streams [{name, source, path, description, guidance [], files [], readiness [], analysis, open,
    total}], problems []}``; ``open`` and ``total`` count tasks that are not cancelled.
    """
    loaded = streams.load(ws.store)
    tasks = [one for one in ws.load().tasks.values() if one.stream and one.status != "cancelled"]
    total = Counter(one.stream for one in tasks)
    still = Counter(one.stream for one in tasks if one.is_open)
    lone = [
        Stream(name, source=UNDEFINED) for name in sorted(filter(None, total)) if name not in loaded.defined
    ]
    rows = [*(loaded.defined[name] for name in sorted(loaded.defined)), *lone]
    return {
        "streams": [stream_row(one) | {"open": still[one.name], "total": total[one.name]} for one in rows],
        "problems": [problem_row(one) for one in loaded.problems],
    }


def stream_row(one: Stream) -> Json:
    """A stream as answers show it."""
    return {
        "name": one.name,
        "source": one.source,
        "path": one.path,
        "description": one.description,
        "guidance": list(one.guidance),
        "files": list(one.files),
        "readiness": list(one.readiness),
        "analysis": one.analysis,
    }
