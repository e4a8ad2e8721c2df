"""Writing in a place: under the lock, with a journal, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from taskorch.errors import TaskorchError, WriteFailed
from taskorch.records import ids, sections
from taskorch.records.collection import Collection
from taskorch.records.session import LOCAL
from taskorch.services.moments import moment, spelt
from taskorch.services.place import Place
from taskorch.store import moving
from taskorch.store.aside import is_aside, put_aside, take_home
from taskorch.store.contents import Change, content_of
from taskorch.store.layout import Store
from taskorch.store.lock import locked
from taskorch.store.staging import Staged, carry_out

if TYPE_CHECKING:
    from taskorch.services.decisions.adopted import AdoptedFolder
    from taskorch.services.safety.journaling import Recording


@dataclass
class Workspace(Place):
    """A place in which records are written, too.

    ``commit`` says that what a command writes is to be committed; ``step`` is what the journal says of
    the command that holds the lock.
    """

    commit: bool = False
    step: Recording = field(init=False, repr=False)
    _held: bool = field(default=False, init=False)
    _adopted: AdoptedFolder | None = field(default=None, init=False, repr=False)
    _done: list[Staged | moving.Moved] = field(default_factory=list, init=False, repr=False)

    def adopted(self) -> AdoptedFolder | None:
        """As a place has it; read once while the lock is held, until something is written."""
        if not self._held:
            return super().adopted()
        self._adopted = self._adopted or super().adopted()
        return self._adopted

    @contextmanager
    def writing(self, command: str) -> Iterator[Collection]:
        """Hold the writer's lock; gives all records as they are under it.

        `command`, in the words of the command line, is what the journal calls the step.
        Raises NoStore, NotARepository, NewerFormat, Busy.
        """
        with self.held(), self.recording(command):
            self.store.sweep()
            self.kept.sweep()
            self.local.sweep()
            found = self.load()
            self._settle(found)
            yield found

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the writer's lock, if this workspace does not hold it already.  Raises Busy or WriteFailed."""
        if self._held:
            yield
            return
        with self._lock(), self.repo.at_rest(work_tree=False):
            self._held = True
            self._adopted = None
            try:
                yield
            finally:
                self._held = False

    def _lock(self) -> AbstractContextManager[None]:
        """The lock: where it cannot be made, that of the work tree's folder."""
        path = self.private / "lock"
        if not self.safety_off:
            return locked(path)
        return locked(path if path.exists() else self.repo.working_dir, make=False)

    def _settle_local(self) -> None:
        """Move local state to where it can be written.  Under the lock.  Raises WriteFailed."""
        there = is_aside(self._aside)
        if self.safety_off and not there:
            put_aside(self._aside, self.private, self._id_file)
        elif there and not self.safety_off:
            take_home(self._aside, self.private, self._id_file)
        else:
            return
        self.__dict__.pop("local", None)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the writer's lock of a store over several steps.

        Raises NoStore, NotARepository, NewerFormat, Busy.
        """
        if self.repo.bare:
            _ = self.repo.work_tree
        _ = self.settings
        if self.store.root.parent != self.start:  # a nearer one counts, also if it is not on disk
            self._refuse_hidden_store()
        _check_real(self.store, self.repo.work_tree)
        with self.locked():
            yield

    @contextmanager
    def recording(self, command: str) -> Iterator[None]:
        """Hold the writer's lock, and keep a journal of what is written.

        If the disk does not take it all, records and local state are as they were before.
        Raises Busy or WriteFailed.
        """
        from taskorch.services.safety.journaling import Recording

        with self.locked():
            self._settle_local()
            self._finish_moves()
            self.local.settled()
            title = sections.one_line(command)
            self.step = Recording(
                self.private, self.local, title, self.now(), self.randomness(8), self.safety_off
            )
            self._done = []
            try:
                yield
                self.step.ended()
                if self.step.is_nth():
                    from taskorch.services.safety.retention import keep_within_limits

                    with suppress(TaskorchError, OSError):  # the next time will do
                        keep_within_limits(self.private, self.limits, self.now())
            except BaseException as error:
                with suppress(TaskorchError):
                    self._broken_off(torn=isinstance(error, (WriteFailed, OSError)))
                raise
            finally:
                for one in self._done:
                    one.clean()
                self.local.settled()

    def _broken_off(self, *, torn: bool) -> None:
        """Conclude a step that failed: what was not written whole (`torn`) is taken back."""
        if self._done and not torn:
            self.step.ended()
            return
        for one in reversed(self._done):
            one.put_back()
        self.local.taken_back()
        self.step.taken_back()

    def write(self, texts: Mapping[str, str | None]) -> None:
        """Write records, by path relative to the store, in this order; all or none.  None: it is taken away.

        Those of local sessions become part of local state.  Raises TaskorchError, also for a new one that
        git would not show.
        """
        runs = [(local, dict(run)) for local, run in groupby(texts.items(), lambda one: _is_local(one[0]))]
        changes = [(local, self._changes(run, local=local)) for local, run in runs]
        self.refuse_hidden_records([one for local, run in changes if not local for one in run])
        for local, run in changes:
            self._put_local(run) if local else self.change(run)

    def _changes(self, texts: Mapping[str, str | None], *, local: bool) -> list[Change]:
        """What writing would change, by path relative to the work tree, of what is local to our folder."""
        if not local:
            return self.store.changes(texts)
        return self.kept.changes({path.removeprefix(LOCAL): text for path, text in texts.items()})

    def _put_local(self, changes: Sequence[Change]) -> None:
        """Make changes of local sessions part of local state.  Raises WriteFailed."""
        home = self.kept.top or self.private
        for one in changes:
            self.local.put(home / one.path, one.after.data if one.after else None)

    def refuse_hidden_records(self, changes: Sequence[Change]) -> None:
        """Raise TaskorchError if git ignores one of the new files, or would take it from the disk."""
        new = [one.path for one in changes if not one.before]
        if new:
            from taskorch.services.hidden_records import refuse_ignored, refuse_left_out

            refuse_ignored(self.repo, self.prefix, new)
            refuse_left_out(self.repo, self.prefix, new)

    def change(self, changes: Sequence[Change], undoes: Sequence[int] = ()) -> None:
        """Change files of the work tree, which the journal can take back.

        `undoes` are the steps that are taken back by this.  Raises WriteFailed.
        """
        self._adopted = None
        with self.step.changing(changes, undoes):
            self._done += carry_out(self.repo.work_tree, changes)

    def move(self, paths: Mapping[str, str]) -> None:
        """Move files of the store, given by their paths relative to it: from, to.  All or none.

        Each is at any moment in one of the two places.  A process that is killed has moved none, or the next
        one that writes moves the rest.  Raises WriteFailed.
        """
        root = self.store.root
        changes: list[Change] = []
        for old, new in paths.items():
            content = content_of(root / old)
            changes += [Change(self.shown(old), content, None), Change(self.shown(new), None, content)]
        self.refuse_hidden_records(changes)
        self._adopted = None
        with self.step.changing(changes):
            self.local.begin_moves(self.prefix, paths)
            try:
                self._done.append(moving.move(root, paths))
            finally:
                self.local.moved()

    def _finish_moves(self) -> None:
        """Move what a killed process was about to.  Only under the lock."""
        if left := self.local.unfinished_moves():
            store, paths = left
            if (self.repo.work_tree / store).is_dir():
                moving.move(self.repo.work_tree / store, paths)
            self.local.moved()

    def _settle(self, found: Collection) -> None:
        """Conclude what a killed process began: a session's opening, or its end.  Only under the lock."""
        begun = self.local.unfinished()
        if begun in found.sessions:
            self.local.begun()
        elif begun and self._is_of_this_store(begun):
            self.local.take_back()
        for one in self.local.here():
            if one.id in found.sessions and found.sessions[one.id].ended:
                self.local.forget(one, found.sessions)
        self.local.forget_gone()

    def instant_after(self, *others: str) -> str:
        """The present time, or if the clock was set back, just after the latest of `others`."""
        now, earliest = self.instant(), timedelta(milliseconds=1)
        last = max((found for one in others if (found := moment(one))), default=None)
        mine = moment(now)
        return spelt(last + earliest) if last and mine and mine <= last else now

    def _is_of_this_store(self, session_id: str) -> bool:
        known = self.local.session(session_id)
        return known is None or known.store == self.prefix

    def new_id(self, kind: str, is_taken: Callable[[str], bool]) -> str:
        """An id that no record here has."""
        while True:
            found = ids.new_id(kind, self.randomness(ids.RANDOM_BYTES))
            if not is_taken(found):
                return found


def _is_local(path: str) -> bool:
    return path.startswith(LOCAL)


def _check_real(store: Store, top: Path) -> None:
    """Refuse a store that a symbolic link leads out of the work tree, or a store of no work tree."""
    for folder in (store.root, *store.folders(), *store.archive_folders()):
        if folder.is_symlink() or not folder.resolve().is_relative_to(top.resolve()):
            raise TaskorchError(
                f"{folder} is a symbolic link or lies outside the work tree; taskorch does not write there",
                hint="make it a real folder of this repository",
            )
