"""Writing the journal: what a command is about to change, before it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from taskorch.errors import WriteFailed
from taskorch.git.safety import blob_id, kept_objects, loose_blob, make_repository
from taskorch.store import files
from taskorch.store.contents import Change, Content
from taskorch.store.journal import Image, Journal, Step
from taskorch.store.layout import SAFETY
from taskorch.store.local import LocalState

EVERY = 64
"""How many steps lie between two looks at what is to be dropped."""


def journal_of(private: Path) -> Journal:
    """The journal of a repository, given our folder in its git directory."""
    return Journal(private / SAFETY / "journal.jsonl")


@dataclass
class Recording:
    """The step of the command that holds the writer's lock.

    ``private`` is our folder in the git directory; ``command`` and ``time`` are what the journal says
    of it; the work tree gets its id from ``seed`` if it has none.  ``off`` says why there is no safety
    store now: then nothing is put down.
    """

    private: Path
    local: LocalState
    command: str
    time: str
    seed: bytes
    off: str | None = None
    _began: int | None = field(default=None, init=False)
    _known: set[str] = field(default_factory=set, init=False)

    @contextmanager
    def changing(self, changes: Sequence[Change], undoes: Sequence[int] = ()) -> Iterator[None]:
        """Around changes of files: they are put down before, with images of both sides.

        `undoes` are the steps that are taken back by this.  Raises WriteFailed.
        """
        if self.off or (not changes and not undoes):
            yield
            return
        if len(changes) > files.MANY:
            both = (one for change in changes for one in (change.before, change.after) if one)
            self._keep_many(one.data for one in both)
        images = [Image(one.path, self._state(one.before), self._state(one.after)) for one in changes]
        size = self._journal.size()
        self._append(replace(self._step, files=tuple(images), undoes=tuple(undoes)))
        try:
            yield
        except WriteFailed:  # all is as it was
            with suppress(WriteFailed):
                self._journal.cut(size)
            raise

    def checkpoint(self, commit: str) -> None:
        """This step made a checkpoint: a commit of the safety store.  Raises WriteFailed."""
        self._append(replace(self._step, checkpoint=commit))

    def ended(self) -> None:
        """Put down what became of files of local state.  Raises WriteFailed."""
        images = []
        for path, old in self.local.before.items() if not self.off else ():
            new = path.read_bytes() if path.exists() else None
            if new != old:
                name = path.relative_to(self.private).as_posix()
                images.append(Image(name, self._image(old), self._image(new)))
        if images:
            self._append(replace(self._step, local=tuple(images)))

    def taken_back(self) -> None:
        """All that this step did is as it was.  Raises WriteFailed."""
        if self._began is not None:
            self._journal.cut(self._began)

    def _append(self, step: Step) -> None:
        if self._began is None:
            self._began = self._journal.size()
        self._journal.append(step)

    def is_nth(self) -> bool:
        """Whether something was put down, and it is time to look what is to be dropped."""
        return "_step" in self.__dict__ and not self.number % EVERY

    def prepare(self) -> None:
        """Make the safety store's repository, if it is not there.  Raises GitFailed or WriteFailed."""
        if self.off:
            raise WriteFailed(self.off, hint="make the git directory writable, or commit your work with git")
        _ = self._step

    @property
    def number(self) -> int:
        """The number of the step; 0 while there is no safety store."""
        return 0 if self.off else self._step.number

    @cached_property
    def _step(self) -> Step:
        make_repository(self.private / SAFETY)
        worktree = self.local.name_worktree(self.seed)
        return Step(self._journal.next_number(), self.time, worktree, self.command)

    @cached_property
    def _journal(self) -> Journal:
        return journal_of(self.private)

    def _keep_many(self, contents: Iterable[bytes]) -> None:
        by_id = {blob_id(data): data for data in contents}
        known = kept_objects(self.private / SAFETY, by_id)  # checkpoints have them in packs
        new = {_place(self.private, oid): data for oid, data in by_id.items() if oid not in known}
        files.write_many({path: loose_blob(data) for path, data in new.items()})
        self._known |= by_id.keys()

    def _state(self, content: Content | None) -> str | None:
        if content is None:
            return None
        oid = blob_id(content.data)
        return f"{content.mode} {oid if oid in self._known else keep(self.private, content.data)}"

    def _image(self, data: bytes | None) -> str | None:
        return None if data is None else f"100644 {keep(self.private, data)}"


def state_of(content: Content | None) -> str | None:
    """The state of the bytes on disk as the safety store has them: mode and object id, None for nothing."""
    return f"{content.mode} {blob_id(content.data)}" if content else None


def keep(private: Path, data: bytes) -> str:
    """Store a content in the safety store, for good, and give its object id.  Raises WriteFailed."""
    oid = blob_id(data)
    path = _place(private, oid)
    if not path.exists():
        files.write(path, loose_blob(data))
    return oid


def _place(private: Path, oid: str) -> Path:
    return private / SAFETY / "objects" / oid[:2] / oid[2:]
