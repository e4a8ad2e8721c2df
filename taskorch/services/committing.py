"""Committing records."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.errors import TaskorchError
from taskorch.git import disk
from taskorch.git.commit import changed_below, commit_only, refuse_if_busy
from taskorch.git.index import unmerged
from taskorch.git.meanwhile import Meanwhile
from taskorch.git.paths import is_below
from taskorch.records import ids
from taskorch.records.collection import Collection
from taskorch.services.active_session import current
from taskorch.services.archive.clean import Archive
from taskorch.services.markdown import counted
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store.record_paths import is_record_path


def commit_records(ws: Workspace, message: str | None = None) -> Json:
    """Fold what was observed, and commit the records that changed and nothing else."""
    with ws.held():
        with ws.writing("commit") as found:
            changed = refuse_commit(ws, found)
            going = current(ws, found)
            if going:
                from taskorch.services.claims.folding import fold  # slow to load

                folded = fold(ws, found, *going)
                ws.write(folded.files(found, going[0]))
                ws.local.save(folded.local)
        changed = _changed(ws) if going else changed
        paths = sorted(path for path, _, _ in changed)
        if not paths:
            return {"commit": None, "paths": [], "removed": [], "message": None}
        new = [path for path, index, _ in changed if index == "?"]
        text = message or _message(ws, paths)
        commit = commit_only(ws.repo, paths, new, text)
        removed = [path for path in paths if not disk.is_there(ws.repo.work_tree, path)]
        return {"commit": commit, "paths": paths, "removed": removed, "message": text}


def refuse_commit(ws: Workspace, found: Collection) -> list[tuple[str, str, str]]:
    """Git's status of the records that changed.

    Raises TaskorchError for all that would hinder a commit of them and can be told before it.
    """
    refuse_if_busy(ws.repo, "a commit now would become part of it")
    asked = Meanwhile(lambda: _unmerged_if_known(ws))
    changed = _changed(ws)
    _refuse_unmerged(sorted(asked.result()))
    _refuse_partly_staged(changed)
    _refuse_unreadable(ws, found, changed)
    return changed


def _unmerged_if_known(ws: Workspace) -> set[str]:
    """The paths in conflict.  Raises TaskorchError where git does not know who commits."""
    for needed in (ws.repo.author, ws.repo.committer):  # git would only notice when it has begun
        needed()
    return unmerged(ws.repo)


def _changed(ws: Workspace) -> list[tuple[str, str, str]]:
    """Git's status of the records that changed, with the decisions in a folder of another tool."""
    changed = _changed_here(ws)
    adopted = ws.adopted()
    for folder in adopted.folders() if adopted else ():
        changed += [one for one in changed_below(ws.repo, folder) if adopted and adopted.is_decision(one[0])]
    return changed


def _changed_here(ws: Workspace) -> list[tuple[str, str, str]]:
    """Those of the store; the archive is passed over while it is known to be as git has it."""
    archive = Archive(ws)
    if archive.is_clean:
        # nothing at all: then somebody may have edited an archived record in its place
        return changed_below(ws.repo, *archive.beside) or changed_below(ws.repo, ws.prefix)
    changed = changed_below(ws.repo, ws.prefix)
    if not any(is_below(path, archive.path) for path, _, _ in changed):
        archive.keep()
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
        from taskorch.services.shell_words import pathspec  # slow to load

        raise TaskorchError(
            f"{partly[0]} is staged in part: the commit would take more than you staged",
            hint=f"git add {pathspec(partly[0])}, or git restore --staged {pathspec(partly[0])}",
        )


def _refuse_unreadable(ws: Workspace, found: Collection, changed: Sequence[tuple[str, str, str]]) -> None:
    start = f"{ws.prefix}/"
    records = {path.removeprefix(start): path for path, _, _ in changed if path.startswith(start)}
    bad = found.problems_in({path: shown for path, shown in records.items() if is_record_path(path)})
    elsewhere = {path for path, _, _ in changed if not path.startswith(start)}
    bad += [problem for problem in found.problems if problem.path in elsewhere] if elsewhere else []
    if bad:
        raise TaskorchError(
            f"{bad[0].path} cannot be read: it would be committed broken",
            reasons=[str(problem) for problem in bad],
            hint="mend it (taskorch doctor lists all problems), or commit it with git",
        )


def _message(ws: Workspace, paths: Sequence[str]) -> str:
    names: dict[str, set[str]] = {"task": set(), "decision": set(), "session": set()}
    for path in paths:
        if not path.startswith(f"{ws.prefix}/"):
            names["decision"].add(path)
            continue
        name = path.rpartition("/")[2]
        if is_record_path(path.removeprefix(f"{ws.prefix}/")) and name.endswith(".md"):
            names[ids.KINDS[name[0]]].add(name)  # one that was moved is one
    said = [counted(len(found), kind) for kind, found in names.items() if found]
    return f"taskorch: {', '.join(said) or 'records'}"
