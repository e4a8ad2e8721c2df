"""What was lost: files that the safety store has, that are not on disk, and that no commit has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from taskorch.git import checkpoint, history, stash, worktree
from taskorch.git.checkpoint import Checkpoint
from taskorch.git.paths import is_record
from taskorch.git.safety import loose_blob, read_blobs
from taskorch.services.checkpoints import checkpoints_here
from taskorch.services.journaling import FOLDER
from taskorch.services.shapes import Json
from taskorch.services.steps import steps_here
from taskorch.services.workspace import Workspace
from taskorch.store.contents import Content, content_of


@dataclass(frozen=True, slots=True)
class Lost:
    """A lost file: where it stood, what it was, and the step that has it."""

    path: str
    source: str
    content: Content


def lost_files(ws: Workspace) -> tuple[list[Lost], list[Json]]:
    """The files that were lost, and those that are on disk with changes since (path and why).

    A file counts as lost where it is gone, or is again as HEAD has it, and HEAD has not gained another
    version meanwhile: ``git clean``, ``git reset --hard`` and ``git checkout -f`` do that.  What a
    commit, a stash or another branch has is not lost.
    """
    wanted = {path: one for path, one in _wanted(ws) if _on_disk(ws, path) != one[1]}
    stashed = [entry.commit for entry in stash.entries(ws.repo)] if wanted else []
    reachable = history.reachable_objects(ws.repo, wanted, stashed) if wanted else set()
    kept: list[Json] = []
    chosen: dict[str, tuple[str, str]] = {}
    for path, (source, state, at_head) in wanted.items():
        if state[7:] in reachable:
            continue
        if _on_disk(ws, path) is None or _is_as(ws, path, at_head):
            chosen[path] = source, state
        else:
            kept.append({"path": path, "why": f"changed since {source}"})
    blobs = read_blobs(ws.private / FOLDER, (state[7:] for _, state in chosen.values()))
    lost = [
        Lost(path, source, Content(state[:6], blobs[state[7:]]))
        for path, (source, state) in chosen.items()
        if state[7:] in blobs
    ]
    return lost, kept


def _wanted(ws: Workspace) -> Iterator[tuple[str, tuple[str, str, str | None]]]:
    """Path, and source, state and the state in the HEAD of then, of all that is to be on disk."""
    head = ws.repo.head
    last = next(iter(checkpoints_here(ws)), None)
    records: dict[str, tuple[int, str | None]] = {}
    for step in steps_here(ws):
        records |= {image.path: (step.number, image.after) for image in step.files if is_record(image.path)}
    if last:
        for path, state in _of_checkpoint(ws, last, head):
            if records.get(path, (0, None))[0] < last.step:
                records.pop(path, None)
                yield path, (f"step:{last.step}", state, worktree.states_at(ws.repo, head, [path])[path])
    standing = {path: (number, state) for path, (number, state) in records.items() if state}
    at_head = worktree.states_at(ws.repo, head, standing)
    for path, (number, state) in standing.items():
        yield path, (f"step:{number}", state, at_head[path])


def _of_checkpoint(ws: Workspace, last: Checkpoint, head: str | None) -> Iterator[tuple[str, str]]:
    """The files of a checkpoint that HEAD has as the HEAD of then had them."""
    states = checkpoint.states_in(ws.private / FOLDER, last)
    known = ws.repo.commit_or_none(last.head) if last.head else None
    then = worktree.states_at(ws.repo, known, states)
    now = worktree.states_at(ws.repo, head, states)
    yield from ((path, state) for path, state in states.items() if then[path] == now[path])


def _is_as(ws: Workspace, path: str, state: str | None) -> bool:
    return state is not None and worktree.staged_states(ws.repo, [path])[path] == state


def _on_disk(ws: Workspace, path: str) -> str | None:
    """The state of the bytes on disk, None where there is no file."""
    content = content_of(ws.repo.work_tree / path)
    return f"{content.mode} {loose_blob(content.data)[0]}" if content else None
