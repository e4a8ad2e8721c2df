"""What was lost: files that the safety store has, that are not on disk, and that no commit has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from taskorch.errors import NotFound, WriteFailed
from taskorch.git import checkpoint, history, stash, worktree
from taskorch.git.checkpoint import Checkpoint
from taskorch.git.paths import is_record
from taskorch.git.safety import kept_objects
from taskorch.services.safety.checkpoints import checkpoints_here
from taskorch.services.safety.hindrance import hindrance
from taskorch.services.safety.journaling import state_of
from taskorch.services.safety.steps import steps_here
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store.contents import content_of


@dataclass(frozen=True, slots=True)
class Lost:
    """A lost file: where it stood, the step that has it (``step:7``), and its state in the safety store."""

    path: str
    source: str
    state: str


def lost_files(ws: Workspace, step: int | None = None) -> tuple[list[Lost], list[Json]]:
    """The files that were lost, and those that are on disk with changes since (path and why).

    Of the checkpoints the last one counts, or that of a `step`.  Raises NotFound if that made none.

    A file counts as lost where it is gone, or is again as HEAD has it, and HEAD has not gained another
    version meanwhile: ``git clean``, ``git reset --hard`` and ``git checkout -f`` do that.  What a
    commit, a stash or another branch has is not lost.
    """
    wanted = {path: one for path, one in _wanted(ws, step).items() if _on_disk(ws, path) != one[1]}
    stashed = [entry.commit for entry in stash.entries(ws.repo)] if wanted else []
    reachable = history.reachable_objects(ws.repo, wanted, stashed) if wanted else set()
    missing = {path: one for path, one in wanted.items() if one[1][7:] not in reachable}
    there = [path for path in missing if _on_disk(ws, path)]
    at_head = worktree.states_at(ws.repo, ws.repo.head, there)
    as_added = worktree.staged_states(ws.repo, there)
    changed = {path for path in there if not at_head[path] or as_added[path] != at_head[path]}
    kept = [{"path": path, "why": f"changed since {missing[path][0]}"} for path in sorted(changed)]
    chosen = {path: one for path, one in missing.items() if path not in changed}
    hindered = {path: why for path in chosen if (why := hindrance(ws, path))}
    kept += [{"path": path, "why": why} for path, why in sorted(hindered.items())]
    known = kept_objects(ws.safety_dir, {state[7:] for _, state in chosen.values()})
    held = [Lost(path, *one) for path, one in chosen.items() if one[1][7:] in known]
    return [one for one in held if one.path not in hindered], kept


def _wanted(ws: Workspace, step: int | None) -> dict[str, tuple[str, str]]:
    """Path, and source and state, of all that is to be on disk by a checkpoint and the journal."""
    records: dict[str, tuple[int, str | None]] = {}
    for done in steps_here(ws):
        records |= {image.path: (done.number, image.after) for image in done.files if is_record(image.path)}
    newest = {path: (f"step:{number}", state) for path, (number, state) in records.items() if state}
    every = [one for one in checkpoints_here(ws) if step in (None, one.step)]
    if step and not every:
        raise NotFound(
            f"step {step} made no checkpoint here", hint="taskorch undo --list shows those that did"
        )
    last = next(iter(every), None)
    for path, state in _of_checkpoint(ws, last, ws.repo.head) if last else ():
        if last and records.get(path, (0, None))[0] < last.step:
            newest[path] = (f"step:{last.step}", state)
    return newest


def _of_checkpoint(ws: Workspace, last: Checkpoint, head: str | None) -> Iterator[tuple[str, str]]:
    """The files of a checkpoint that HEAD has as the HEAD of then had them."""
    states = checkpoint.states_in(ws.safety_dir, last)
    known = ws.repo.commit_or_none(last.head) if last.head else None
    then = worktree.states_at(ws.repo, known, states)
    now = worktree.states_at(ws.repo, head, states)
    yield from ((path, state) for path, state in states.items() if then[path] == now[path])


def _on_disk(ws: Workspace, path: str) -> str | None:
    """The state of the bytes on disk, None where there is nothing."""
    try:
        content = content_of(ws.repo.work_tree / path)
    except WriteFailed:
        return "no file, or not to be read"
    return state_of(content)
