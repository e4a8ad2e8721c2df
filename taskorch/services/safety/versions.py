"""The versions of a file that can be had again: from the journal, checkpoints, stashes and history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from taskorch.errors import NotFound
from taskorch.git import checkpoint, history, stash, worktree
from taskorch.git.objects import smudged
from taskorch.git.safety import read_objects
from taskorch.records.collecting import collect
from taskorch.services.safety.checkpoints import checkpoints_here
from taskorch.services.safety.journaling import journal_of, state_of
from taskorch.services.safety.steps import steps_here
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store.contents import Content
from taskorch.store.record_paths import is_record_file

STEP, BEFORE, CHECKPOINT, STASH, COMMIT = "step", "before", "checkpoint", "stash", "commit"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a file.

    ``source`` names it: ``step:7`` as that step left it or its checkpoint has it, ``before:7``,
    ``stash@{0}``, or a commit's id.  ``kind`` is one of step, before, checkpoint, stash, commit;
    ``state`` is ``"<mode> <object id>"``, of the bytes on disk for the first three, as git stores them
    for the others.
    """

    source: str
    kind: str
    time: str
    state: str
    words: str
    load: Callable[[], bytes | None]
    order: int = 0
    """Among versions of one second: the number of the step."""

    @property
    def is_raw(self) -> bool:
        """Whether the state is that of the bytes on disk."""
        return self.kind in (STEP, BEFORE, CHECKPOINT)

    def content(self) -> Content:
        """Mode and bytes for the disk, filters applied.  Raises NotFound if they are not here any more."""
        data = self.load()
        if data is None:
            raise NotFound(f"{self.source} is not kept any more", hint="name another version with --from")
        return Content(self.state[:6], data)


def every_version(ws: Workspace, path: str) -> list[Version]:
    """All versions of a file, the newest first."""
    found = [*_of_steps(ws, path), *_of_checkpoints(ws, path), *_of_stashes(ws, path), *_of_commits(ws, path)]
    return sorted(found, key=lambda one: (datetime.fromisoformat(one.time), one.order), reverse=True)


def versions_of(ws: Workspace, path: str) -> list[Version]:
    """The versions of a file, the newest first; of the same content in one place only the newest."""
    seen: set[tuple[str, str]] = set()
    out = []
    for one in every_version(ws, path):
        place = STEP if one.kind == BEFORE else one.kind
        if (place, one.state) not in seen:
            seen.add((place, one.state))
            out.append(one)
    return out


def version_in(ws: Workspace, path: str, revision: str) -> Version:
    """The version of a file in a commit that the user names.  Raises NotFound."""
    commit = ws.repo.commit(revision)
    state = worktree.states_at(ws.repo, commit, [path])[path]
    if not state:
        raise NotFound(f"{revision} has no {path}", hint=f"taskorch restore --list {path}")
    info = history.describe(ws.repo, [commit])[commit]
    return Version(commit[:10], COMMIT, info.date, state, info.subject, _smudged(ws, commit, path))


def is_same(ws: Workspace, path: str, present: Content | None, version: Version) -> bool:
    """Whether a file is on disk as a version has it."""
    if present is None:
        return False
    if version.is_raw:
        return version.state == state_of(present)
    return worktree.staged_states(ws.repo, [path])[path] == version.state


def version_elsewhere(ws: Workspace, path: str) -> Version | None:
    """The newest version of a file in a checkpoint of another work tree, which may be gone."""
    mine = {one.commit for one in checkpoints_here(ws)}
    others = [one for one in checkpoint.checkpoints(ws.safety_dir) if one.commit not in mine]
    steps = {step.checkpoint: step for step in journal_of(ws.private).steps()}
    for one in others:
        state = checkpoint.state_in(ws.safety_dir, one, path) if one.commit in steps else None
        if state:
            source = f"{STEP}:{one.step}"
            load = _kept(ws, state)
            return Version(source, CHECKPOINT, steps[one.commit].time, state, one.subject, load, one.step)
    return None


def is_folder_in_last(ws: Workspace, path: str) -> bool:
    """Whether the last checkpoint has files below a path."""
    last = next(iter(checkpoints_here(ws)), None)
    states = checkpoint.states_in(ws.safety_dir, last) if last else {}
    return any(one.startswith(f"{path}/") for one in states)


def is_readable(path: str, data: bytes) -> bool:
    """Whether the bytes of a record can be read as one; those of other files always can."""
    name = path.rsplit("/", 1)[-1]
    return not is_record_file(name) or not collect([(path, data)]).problems


def version_row(version: Version, *, same: bool) -> Json:
    """The JSON form of a version; `same`: it is what is on disk."""
    return {
        "from": version.source,
        "kind": version.kind,
        "time": version.time,
        "state": version.state,
        "words": version.words,
        "on_disk": same,
    }


def _of_steps(ws: Workspace, path: str) -> Iterator[Version]:
    for step in reversed(steps_here(ws)):
        for image in step.files:
            if image.path == path:
                for kind, state in ((STEP, image.after), (BEFORE, image.before)):
                    if state:
                        source = f"{kind}:{step.number}"
                        load = _kept(ws, state)
                        yield Version(source, kind, step.time, state, step.command, load, step.number)


def _of_checkpoints(ws: Workspace, path: str) -> Iterator[Version]:
    times = {step.checkpoint: step.time for step in steps_here(ws)}
    for one in checkpoints_here(ws):
        state = checkpoint.state_in(ws.safety_dir, one, path)
        if state:
            source, time = f"{STEP}:{one.step}", times[one.commit]
            yield Version(source, CHECKPOINT, time, state, one.subject, _kept(ws, state), one.step)


def _of_stashes(ws: Workspace, path: str) -> Iterator[Version]:
    for entry in stash.entries(ws.repo):
        if path in entry.paths:
            for commit in (entry.commit, f"{entry.commit}^3"):  # the latter has what was untracked
                state = worktree.states_at(ws.repo, ws.repo.commit_or_none(commit), [path])[path]
                if state:
                    yield Version(
                        entry.ref, STASH, entry.time, state, entry.subject, _smudged(ws, commit, path)
                    )


def _of_commits(ws: Workspace, path: str) -> Iterator[Version]:
    head = ws.repo.head
    events = history.path_events(ws.repo, [head], path, cut_off=True) if head else []
    described = history.describe(ws.repo, (event.commit for event in events))
    for event in events:
        if event.new and not event.new.startswith("160000"):
            info = described[event.commit]
            load = _smudged(ws, event.commit, path)
            yield Version(event.commit[:10], COMMIT, info.date, event.new, info.subject, load)


def _kept(ws: Workspace, state: str) -> Callable[[], bytes | None]:
    return lambda: read_objects(ws.safety_dir, [state[7:]]).get(state[7:])


def _smudged(ws: Workspace, commit: str, path: str) -> Callable[[], bytes | None]:
    return lambda: smudged(ws.repo, commit, path)
