"""Committing records."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.errors import TaskorchError
from taskorch.git.commit import changed_below, commit_only, refuse_if_busy
from taskorch.services.active_session import current
from taskorch.services.folding import fold
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace


def commit_records(ws: Workspace, message: str | None = None) -> Json:
    """Fold what was observed, and commit the records that changed and nothing else."""
    refuse_if_busy(ws.repo)
    ws.repo.author()  # git would only notice when it has begun
    _refuse_partly_staged(ws, changed_below(ws.repo, ws.prefix))
    with ws.writing() as found:
        going = current(ws, found)
        if going:
            folded = fold(ws, found, *going)
            ws.store.write(folded.files(going[0]))
            ws.local.save(folded.local)
        changed = changed_below(ws.repo, ws.prefix)
        paths = [path for path, _, _ in changed]
        if not paths:
            return {"commit": None, "paths": [], "message": None}
        new = [path for path, index, _ in changed if index == "?"]
        text = message or _message(paths)
        commit = commit_only(ws.repo, paths, new, text)
        return {"commit": commit, "paths": paths, "message": text}


def _refuse_partly_staged(ws: Workspace, changed: Sequence[tuple[str, str, str]]) -> None:
    unmerged = [path for path, index, _ in changed if index == "u"]
    if unmerged:
        raise TaskorchError(
            f"{unmerged[0]} has conflicts that are not resolved",
            hint="resolve them, git add the file, and finish the merge",
        )
    partly = [path for path, index, work in changed if index not in ".?" and work != "."]
    if partly:
        raise TaskorchError(
            f"{partly[0]} is staged in part: the commit would take more than you staged",
            hint=f"git add {partly[0]}, or git restore --staged {partly[0]}",
        )


def _message(paths: Sequence[str]) -> str:
    counts = {"task": 0, "decision": 0, "session": 0}
    for path in paths:
        for kind in counts:
            counts[kind] += f"/{kind}s/" in path and path.endswith(".md")
    said = [f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items() if count]
    return f"taskorch: {', '.join(said) or 'records'}"
