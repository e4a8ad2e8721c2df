"""Taking back what commands did, as the journal tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from taskorch.errors import NotFound, TaskorchError
from taskorch.git.safety import read_objects
from taskorch.records.collecting import collect
from taskorch.services.doctor import link_problems
from taskorch.services.safety.hindrance import refuse_hindered
from taskorch.services.safety.journaling import state_of
from taskorch.services.safety.steps import kept_records, step_row, steps_here, taken_back
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from taskorch.store.contents import Change, Content, content_of
from taskorch.store.journal import Image, Step
from taskorch.store.record_paths import is_record_path

_VERSIONS = "taskorch restore --list PATH shows the versions of a file"


def undo(ws: Workspace, numbers: Sequence[int] = (), *, last: int = 1) -> Json:
    """Take back steps of this work tree: those named, else the `last` ones that stand.  All or none.

    Refused where a file is not as the step left it, or where a record would name one that is gone.
    """
    named = " ".join(str(number) for number in numbers)
    with ws.recording(f"undo {named}" if named else "undo"):
        ws.step.prepare()
        steps = steps_here(ws)
        chosen = _named(steps, numbers) if numbers else _newest(ws, steps, last)
        net = _Net(ws, steps, ws.repo.work_tree, lambda step: step.files)
        kept = _Net(ws, steps, ws.private, kept_records)  # sessions that are kept in the git directory
        for step in chosen:
            net.take_back(step)
            kept.take_back(step)
        changes, kept_changes = net.changes(), kept.changes()
        _refuse_dangling(ws, changes)
        ws.change(changes, undoes=[step.number for step in chosen])
        for one in kept_changes:
            ws.local.put(ws.private / one.path, one.after.data if one.after else None)
        for step in chosen:
            _put_back_local(ws, step)
        taken = taken_back(steps_here(ws))
        return {
            "undone": [step.number for step in chosen],
            "step": ws.step.number,
            "files": [
                {"path": one.path, "before": state_of(one.before), "after": state_of(one.after)}
                for one in changes
            ],
            "steps": [step_row(step, taken) for step in chosen],
        }


def _named(steps: Sequence[Step], numbers: Sequence[int]) -> list[Step]:
    known = {step.number: step for step in steps}
    taken = taken_back(steps)
    for number in numbers:
        if number not in known:
            raise NotFound(f"no step {number} here", hint="taskorch undo --list shows the steps")
        if number in taken:
            raise TaskorchError(
                f"step {number} was taken back by step {taken[number]}",
                hint=f"taskorch undo {taken[number]} does it again",
            )
        if not known[number].files and not known[number].local:
            raise TaskorchError(
                f"step {number} ({known[number].command}) changed no record", hint="taskorch undo --list"
            )
    return [known[number] for number in sorted({*numbers}, reverse=True)]


def _newest(ws: Workspace, steps: Sequence[Step], count: int) -> list[Step]:
    taken = taken_back(steps)
    standing = [step for step in reversed(steps) if step.number not in taken and not step.undoes]
    found = [step for step in standing if step.local or step.files]
    if len(found) < count:
        words = "nothing to undo" if not found else f"there are only {len(found)} steps to undo"
        raise TaskorchError(words, hint="taskorch undo --list shows what was done in this work tree")
    for step in found[:count]:
        if not step.local and not any(_differs(ws, one) for one in step.files):
            raise TaskorchError(
                f"of step {step.number} ({step.command}) nothing is to be seen: its files are as before it",
                reasons=[
                    f"{one.path}: now {_version(one.before)}, step {step.number} left {_version(one.after)}"
                    for one in step.files
                ],
                hint=f"was it killed, or is it on another branch? taskorch undo {step.number} sets it aside",
            )
    return found[:count]


def _differs(ws: Workspace, image: Image) -> bool:
    """Whether a file is not as it was before a step: a killed command may not have come so far."""
    return image.before != state_of(content_of(ws.repo.work_tree / image.path))


@dataclass
class _Net:
    """What taking back several steps, the newest first, makes of the files below `root` that `of` gives."""

    ws: Workspace
    steps: Sequence[Step]
    root: Path
    of: Callable[[Step], Sequence[Image]]
    wanted: dict[str, str | None] = field(default_factory=dict)
    found: dict[str, Content | None] = field(default_factory=dict)

    def take_back(self, step: Step) -> None:
        """Let the files of a step be as before it.  Raises TaskorchError where they changed since."""
        wrong = []
        for image in reversed(self.of(step)):
            present = self._present(image.path)
            if present not in (image.before, image.after):
                wrong.append(self._words(image, present, step))
            self.wanted[image.path] = image.before
        if wrong:
            later = self._later(step)
            with_later = " ".join(str(number) for number in [*later, step.number])
            raise TaskorchError(
                f"step {step.number} ({step.command}) cannot be taken back: a file was changed since",
                reasons=wrong,
                hint=f"later steps changed it: taskorch undo {with_later}" if later else _VERSIONS,
            )

    def _later(self, step: Step) -> list[int]:
        """The steps after one that changed its files and stand, the newest first."""
        paths = {image.path for image in self.of(step)}
        after = [one for one in self.steps if one.number > step.number and not one.undoes]
        taken = taken_back(self.steps)
        touching = [one.number for one in after if paths & {image.path for image in self.of(one)}]
        return sorted((number for number in touching if number not in taken), reverse=True)

    def changes(self) -> list[Change]:
        """The changes to be made.  Raises TaskorchError where an image is not kept any more."""
        differing = {path: want for path, want in self.wanted.items() if want != state_of(self.found[path])}
        blobs = read_objects(self.ws.safety_dir, (want[7:] for want in differing.values() if want))
        gone = [path for path, want in differing.items() if want and want[7:] not in blobs]
        if gone:
            raise TaskorchError(
                f"what {gone[0]} was before is not kept any more",
                hint=_VERSIONS,
            )
        return [
            Change(path, self.found[path], Content(want[:6], blobs[want[7:]]) if want else None)
            for path, want in differing.items()
        ]

    def _present(self, path: str) -> str | None:
        if path in self.wanted:
            return self.wanted[path]
        if self.root == self.ws.repo.work_tree:
            refuse_hindered(self.ws, path)
        self.found[path] = content_of(self.root / path)
        return state_of(self.found[path])

    def _words(self, image: Image, present: str | None, step: Step) -> str:
        path = image.path if self.root == self.ws.repo.work_tree else self.root / image.path
        return f"{path}: now {_version(present)}, step {step.number} left {_version(image.after)}"


def _refuse_dangling(ws: Workspace, changes: Sequence[Change]) -> None:
    """Raise TaskorchError if a link would lead nowhere that leads somewhere now."""
    store = ws.located()
    if not store:  # its making was taken back
        return
    now = dict(store.files())
    start = f"{store.prefix}/"
    then: dict[str, bytes | str] = dict(now)
    for one in changes:
        if one.path.startswith(start):
            path = one.path.removeprefix(start)
            then.pop(path, None)
            if one.after:
                then[path] = one.after.data
    gone = _ids(now) - _ids(then)
    broken = {words for words in _links(ws, then) - _links(ws, now) if any(one in words for one in gone)}
    if broken:
        raise TaskorchError(
            "other records name what would be gone",
            reasons=sorted(broken),
            hint="take those back as well: taskorch undo --list shows the steps",
        )


def _ids(records: Iterable[str]) -> set[str]:
    """The ids that record files are named by."""
    return {path.rpartition("/")[2][:10] for path in records if is_record_path(path) and path.endswith(".md")}


def _links(ws: Workspace, records: Mapping[str, bytes | str]) -> set[str]:
    found = collect(record for record in records.items() if is_record_path(record[0]))
    return {f"{problem.path}: {problem.message}" for problem in link_problems(ws, found)}


def _put_back_local(ws: Workspace, step: Step) -> None:
    """Local state as it was before a step, as far as it is still as the step left it."""
    done = kept_records(step)
    left = [one for one in step.local if one not in done]
    images = [one for one in left if _can_be_put_back(ws.private / one.path, one)]
    blobs = read_objects(ws.safety_dir, (one.before[7:] for one in images if one.before))
    for one in images:
        if one.before is None or one.before[7:] in blobs:
            ws.local.put(ws.private / one.path, blobs[one.before[7:]] if one.before else None)


def _can_be_put_back(path: Path, image: Image) -> bool:
    """A lease is renewed by every command and put back all the same."""
    return path.parent.name == "leases" or state_of(content_of(path)) == image.after


def _version(state: str | None) -> str:
    return f"{state[7:17]}" if state else "nothing"
