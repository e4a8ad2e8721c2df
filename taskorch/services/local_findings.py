"""Work that only this repository has: in the work tree, the index and the stashes."""

from __future__ import annotations

from collections.abc import Collection

from taskorch.git import stash, worktree
from taskorch.git.paths import is_record
from taskorch.git.repository import Repository
from taskorch.services.shapes import Json


def local_findings(repo: Repository, task_paths: Collection[str]) -> Json:
    """What is not committed, each with the command that shows or brings it back.

    ``of_task`` marks paths that the task's claims name.  Empty in a clean clone.
    """
    empty: Json = {"worktree": [], "index": [], "stashes": [], "checkpoints": [], "journal": []}
    if repo.bare:
        return empty
    changed = worktree.changed_paths(repo)
    at_head = worktree.states_at(repo, repo.head, changed)
    in_index = worktree.index_states(repo, changed)
    on_disk = worktree.staged_states(repo, changed)
    for path in changed:
        row = {"path": path, "of_task": path in task_paths}
        if in_index[path] != at_head[path]:
            change = _change(at_head[path], in_index[path])
            empty["index"].append(
                row | {"change": change, "command": f"git diff --cached -- {_quoted(path)}"}
            )
        if on_disk[path] != in_index[path]:
            change = _change(in_index[path], on_disk[path])
            command = f"git diff -- {_quoted(path)}"
            if change == "untracked":
                command = f"git add -- {_quoted(path)}"
            elif change == "deleted":
                command = f"git restore -- {_quoted(path)}"
            empty["worktree"].append(row | {"change": change, "command": command})
    for entry in stash.entries(repo):
        paths = [path for path in entry.paths if not is_record(path)]
        empty["stashes"].append(
            {
                "ref": entry.ref,
                "subject": entry.subject,
                "paths": paths,
                "of_task": any(path in task_paths for path in paths),
                "command": f"git stash show -p --include-untracked {entry.ref}",
            }
        )
    return empty


def has_any(findings: Json) -> bool:
    """Whether there is anything that a clone would not have."""
    return any(findings.values())


def _change(before: str | None, after: str | None) -> str:
    if after is None:
        return "deleted"
    return "untracked" if before is None else "modified"


def _quoted(path: str) -> str:
    from shlex import quote

    return quote(path)
