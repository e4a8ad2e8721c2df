"""What the branches of this repository tell: how HEAD's stands, and which still has what is nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.git import branches, disk, history, worktree
from taskorch.services.ladder.verdict import Verdict
from taskorch.services.shapes import Json
from taskorch.services.shell_words import pathspec, word
from taskorch.services.workspace import Workspace

_LOST = ("absent", "unknown", "lines")


def upstream_row(ws: Workspace) -> Json | None:
    """How HEAD's branch and its upstream differ, with the commands that show it; None where they do not."""
    if ws.committed or not ws.repo.has_work_tree:
        return None
    names = branches.with_upstream(ws.repo)
    if not names:
        return None
    branch, upstream = names
    ahead, behind = history.apart(ws.repo, "HEAD", "@{upstream}")
    if not ahead and not behind:
        return None
    shown = f"git log --oneline --left-right {word(f'{branch}...{upstream}')}"
    return {"branch": branch, "upstream": upstream, "ahead": ahead, "behind": behind, "command": shown}


def still_on_branches(ws: Workspace, verdicts: Sequence[Verdict]) -> list[Json]:
    """For claimed contents that HEAD lacks: the branch that has each at its path, else its bare object.

    Each with a command that brings it back where nothing stands in its way, and otherwise compares.
    """
    found = {v.claim.path: v.claim.after for v in verdicts if v.rung in _LOST and v.claim.after}
    at_head = worktree.states_at(ws.repo, ws.repo.head, found)
    lost = {
        path: state[7:] for path, state in found.items() if state.startswith("1") and at_head[path] != state
    }
    rows = []
    for path, (ref, oid) in branches.having(ws.repo, lost, ws.repo.head).items():
        rows.append({"path": path, "ref": ref, "command": _command(ws, path, ref, oid)})
    return rows


def _command(ws: Workspace, path: str, ref: str | None, oid: str) -> str:
    if ref is None:
        return f"git cat-file blob {oid}"
    if ws.repo.has_work_tree and not disk.is_there(ws.repo.work_tree, path):
        return f"git restore --source={word(ref)} -- {pathspec(path)}"
    return f"git diff HEAD {word(ref)} -- {pathspec(path)}"
