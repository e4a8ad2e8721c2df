"""Committing records."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.errors import TaskorchError
from taskorch.git import disk
from taskorch.git.commit import changed_below, commit_only, refuse_if_busy
from taskorch.git.index import unmerged
from taskorch.records.collection import Collection
from taskorch.services.active_session import current
from taskorch.services.claims.folding import fold
from taskorch.services.markdown import counted
from taskorch.services.shapes import Json
from taskorch.services.shell_words import pathspec
from taskorch.services.workspace import Workspace


def commit_records(ws: Workspace, message: str | None = None) -> Json:
    """Fold what was observed, and commit the records that changed and nothing else."""
    with ws.held():
        with ws.writing("commit") as found:
            refuse_commit(ws, found)
            going = current(ws, found)
            if going:
                folded = fold(ws, found, *going)
                ws.write(folded.files(found, going[0]))
                ws.local.save(folded.local)
        changed = _changed(ws)
        paths = sorted(path for path, _, _ in changed)
        if not paths:
            return {"commit": None, "paths": [], "removed": [], "message": None}
        new = [path for path, index, _ in changed if index == "?"]
        text = message or _message(ws, paths)
        commit = commit_only(ws.repo, paths, new, text)
        removed = [path for path in paths if not disk.is_there(ws.repo.work_tree, path)]
        return {"commit": commit, "paths": paths, "removed": removed, "message": text}


def refuse_commit(ws: Workspace, found: Collection) -> None:
    """Raise TaskorchError for all that would hinder a commit of the records and can be told before it."""
    refuse_if_busy(ws.repo, "a commit now would become part of it")
    for needed in (ws.repo.author, ws.repo.committer):  # git would only notice when it has begun
        needed()
    _refuse_unmerged(sorted(unmerged(ws.repo)))
    changed = _changed(ws)
    _refuse_partly_staged(changed)
    _refuse_unreadable(found, changed)


def _changed(ws: Workspace) -> list[tuple[str, str, str]]:
    """Git's status of the records that changed, with the decisions in a folder of another tool."""
    changed = changed_below(ws.repo, ws.prefix)
    adopted = ws.adopted()
    for folder in adopted.folders() if adopted else ():
        changed += [one for one in changed_below(ws.repo, folder) if adopted and adopted.is_decision(one[0])]
    return changed


def _refuse_unmerged(paths: Sequence[str]) -> None:
    if paths:
        raise TaskorchError(
            f"{paths[0]} has conflicts that are not resolved",
            hint="resolve them, git add the file, and repeat the command",
        )


def _refuse_partly_staged(changed: Sequence[tuple[str, str, str]]) -> None:
    untracked = {path for path, index, _ in changed if index == "?"}
    partly = [
        path
        for path, index, work in changed
        if index not in ".?" and (work != "." or path in untracked)  # staged as deleted, and there
    ]
    if partly:
        raise TaskorchError(
            f"{partly[0]} is staged in part: the commit would take more than you staged",
            hint=f"git add {pathspec(partly[0])}, or git restore --staged {pathspec(partly[0])}",
        )


def _refuse_unreadable(found: Collection, changed: Sequence[tuple[str, str, str]]) -> None:
    paths = {path for path, _, _ in changed}
    bad = [problem for problem in found.problems if problem.path in paths]
    if bad:
        raise TaskorchError(
            f"{bad[0].path} cannot be read: it would be committed broken",
            reasons=[str(problem) for problem in bad],
            hint="mend it (taskorch doctor lists all problems), or commit it with git",
        )


def _message(ws: Workspace, paths: Sequence[str]) -> str:
    counts = {"task": 0, "decision": 0, "session": 0}
    for path in paths:
        if not path.startswith(f"{ws.prefix}/"):
            counts["decision"] += 1
            continue
        for kind in counts:
            counts[kind] += f"/{kind}s/" in path and path.endswith(".md")
    said = [counted(count, kind) for kind, count in counts.items() if count]
    return f"taskorch: {', '.join(said) or 'records'}"
