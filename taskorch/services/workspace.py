"""The store and the repository a command works in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from taskorch.errors import NoStore, TaskorchError, WriteFailed
from taskorch.git.places import common_dir_of, is_placed_by_environment
from taskorch.git.repository import Repository
from taskorch.records import ids, sections
from taskorch.records.collection import Collection, collect
from taskorch.records.session import LOCAL
from taskorch.store import aside, config, layout
from taskorch.store.aside import WORKTREE_ID, is_aside, put_aside, take_home
from taskorch.store.contents import Change
from taskorch.store.layout import KEPT, Store
from taskorch.store.local import LocalState
from taskorch.store.lock import locked
from taskorch.store.staging import Staged, carry_out

if TYPE_CHECKING:
    from taskorch.services.committed_store import CommittedStore
    from taskorch.services.journaling import Recording


def utc_now() -> str:
    """The present time in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_instant() -> str:
    """The present time in UTC, to the millisecond: records made one after the other keep their order."""
    return _spelt(datetime.now(UTC))


def _moment(text: str) -> datetime | None:
    """A time in a record, None where it cannot be made out."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _spelt(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def current_folder() -> Path:
    """The folder the process is in.  Raises TaskorchError if it was deleted meanwhile."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise TaskorchError(
            "the current folder is not there any more", hint="go to a folder that is, and repeat the command"
        ) from None


@dataclass
class Workspace:
    """Where a command was started, and what it finds there when it first needs it.

    ``now``, ``instant`` and ``randomness`` are given, so that tests can fix them.  ``commit`` says that
    what a command writes is to be committed.  With ``at``, a revision (``REV:FOLDER`` for the store of
    a folder), the records are those of that commit, and nothing that only this repository knows counts.
    """

    start: Path = field(default_factory=current_folder)
    now: Callable[[], str] = utc_now
    instant: Callable[[], str] = utc_instant
    randomness: Callable[[int], bytes] = os.urandom
    commit: bool = False
    at: str | None = None
    _held: bool = field(default=False, init=False)
    step: Recording = field(init=False, repr=False)
    _done: list[Staged] = field(default_factory=list, init=False, repr=False)

    @cached_property
    def committed(self) -> CommittedStore | None:
        """The store of the commit that is looked at, None where it is the one on disk."""
        if self.at is None:
            return None
        from taskorch.services.committed_store import committed_store

        return committed_store(Repository.open(self.start), self.start, self.at)

    @property
    def source(self) -> Store | CommittedStore:
        """Where records are read from.  Raises NoStore, NotARepository, NotFound, Ambiguous."""
        return self.committed or self.store

    @cached_property
    def store(self) -> Store:
        """The nearest store on disk.  Raises NoStore, NotARepository."""
        if self.committed:
            raise TaskorchError(
                "the records of a commit can be read, not changed",
                hint="leave --at out to change those on disk",
            )
        found = self.located()
        if found:
            return found
        if self.repo.bare:
            raise NoStore(
                "a bare repository has no work tree to read records from",
                hint="name a commit to read from, as in taskorch task list --at HEAD; to work, clone it",
            )
        self._refuse_hidden()
        where = f"in {self.repo.top}" if is_placed_by_environment() else "here or above"
        raise NoStore(f"there is no .orchestrator folder {where}", hint=self._without_store())

    def _without_store(self) -> str:
        """What to do where there is no store: the journal may have one that was wiped away."""
        from taskorch.services.journaling import journal_of

        if journal_of(self.private).size():
            return "taskorch restore --all brings back what was lost; taskorch init makes a new one"
        return "taskorch init makes one"

    def _refuse_hidden(self) -> None:
        """Raise NoStore if the nearest store is in git and not on disk."""
        from taskorch.services.hidden_store import refuse_hidden

        refuse_hidden(self.repo, self.start)

    @property
    def has_store(self) -> bool:
        """Whether there is a store here or above."""
        return self.located() is not None

    def located(self) -> Store | None:
        """The nearest store on disk, None if there is none.

        Where the environment, not a ``.git``, says which work tree it is, git is asked for its root.
        """
        if not is_placed_by_environment():
            return Store.locate(self.start)
        return Store.locate(self.start, self.repo.top) if self.repo.top else None

    @cached_property
    def repo(self) -> Repository:
        """The repository.  Raises NotARepository."""
        return self.committed.repo if self.committed else Repository.open(self.start)

    @cached_property
    def settings(self) -> config.Config:
        """The store's settings; reading them refuses newer formats."""
        source = self.source
        try:
            return source.config()
        except NoStore:
            if isinstance(source, Store):
                self._refuse_hidden()
            raise

    @property
    def limits(self) -> config.Limits:
        """What the safety store keeps and takes: the settings, or where no store is to be read the usual."""
        try:
            return self.settings.limits
        except TaskorchError:
            return config.Limits()

    @property
    def private(self) -> Path:
        """Our folder in the git directory."""
        return self.repo.private_dir

    @cached_property
    def local(self) -> LocalState:
        """The local state of this work tree: in the git directory, or aside where that cannot be written."""
        if is_aside(self._aside):
            return LocalState(self._aside, self._aside / WORKTREE_ID, self.repo.common_dir)
        return LocalState(self.private, self._id_file, self.repo.common_dir)

    @property
    def _id_file(self) -> Path:
        return self.repo.git_dir / "taskorch" / WORKTREE_ID

    @property
    def _aside(self) -> Path:
        """Where local state is kept while the git directory cannot be written."""
        store = self.__dict__.get("store") or self.located()
        return (store.root if store else self.repo.working_dir / layout.FOLDER) / aside.FOLDER

    @cached_property
    def safety_off(self) -> str | None:
        """Why there is no safety store now, in words; None where there is."""
        if self.repo.has_private_dir:
            return None
        return "the safety store is off: the git directory cannot be written, so nothing can be undone"

    @property
    def prefix(self) -> str:
        """The store's path relative to the root of the work tree, as git spells it."""
        return self.source.prefix

    def shown(self, path: str) -> str:
        """A path of the store as people and git name it; where git does not have it, as people do."""
        if not path.startswith(LOCAL) or self.committed:
            return self.source.shown(path)
        place = self.kept.root / path.removeprefix(LOCAL)
        top = self.repo.work_tree
        return (place.relative_to(top) if place.is_relative_to(top) else place).as_posix()

    @property
    def kept(self) -> Store:
        """The sessions that this repository keeps in its git directory, laid out as in the store."""
        return self.kept_of(self.prefix)

    def kept_of(self, store: str, private: Path | None = None) -> Store:
        """The same of any store of this work tree; they are where local state is.

        `private` is our folder in the git directory, where it is known already.
        """
        home = self._aside if is_aside(self._aside) else private or self.private
        return Store(home / KEPT / store, home)

    def load(self) -> Collection:
        """All records there are; problems name paths relative to the work tree."""
        _ = self.settings
        return self.name_problems(collect([*self.source.files(), *self._kept_files()]))

    def _kept_files(self) -> Iterator[tuple[str, bytes | str]]:
        """The files of `kept`, by the paths of local sessions."""
        if self.committed:
            return
        common = common_dir_of(self.store.root.parent)  # faster than asking git
        if common or is_placed_by_environment():
            kept = self.kept_of(self.prefix, common / "taskorch" if common else None)
            yield from ((f"{LOCAL}{path}", data) for path, data in kept.files())

    def load_at(self, commit: str) -> Collection:
        """All records of a commit, none where it has no store yet.  Raises NewerFormat."""
        from taskorch.services.committed_store import CommittedStore

        there = CommittedStore(self.repo, commit, commit, self.prefix)
        with suppress(NoStore):
            there.config()
        return self.name_problems(collect(there.files()))

    def name_problems(self, found: Collection) -> Collection:
        """The collection with the paths of its problems, of twins too, made relative to the work tree."""
        for problem in found.problems:
            problem.path = self.shown(problem.path)
        for files in found.twins.values():
            files[:] = [self.shown(path) for path in files]
        return found

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
        with self._lock():
            self._held = True
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
            self._refuse_hidden()
        _check_real(self.store, self.repo.work_tree)
        with self.locked():
            yield

    @contextmanager
    def recording(self, command: str) -> Iterator[None]:
        """Hold the writer's lock, and keep a journal of what is written.

        If the disk does not take it all, records and local state are as they were before.
        Raises Busy or WriteFailed.
        """
        from taskorch.services.journaling import Recording

        with self.locked():
            self._settle_local()
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
                    from taskorch.services.retention import keep_within_limits

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
        parts = [(local, dict(part)) for local, part in groupby(texts.items(), lambda one: _is_local(one[0]))]
        every = [(local, self._changes(part, local=local)) for local, part in parts]
        self._refuse_ignored([one for local, changes in every if not local for one in changes])
        home = self.kept.top or self.private
        for local, changes in every:
            if not local:
                self.change(changes)
            for one in changes if local else ():
                self.local.put(home / one.path, one.after.data if one.after else None)

    def _changes(self, texts: Mapping[str, str | None], *, local: bool) -> list[Change]:
        """What writing would change, by path relative to the work tree, of what is local to our folder."""
        if not local:
            return self.store.changes(texts)
        return self.kept.changes({path.removeprefix(LOCAL): text for path, text in texts.items()})

    def _refuse_ignored(self, changes: Sequence[Change]) -> None:
        new = [one.path for one in changes if not one.before]
        if new:
            from taskorch.services.hidden_store import refuse_ignored

            refuse_ignored(self.repo, self.prefix, new)

    def change(self, changes: Sequence[Change], undoes: Sequence[int] = ()) -> None:
        """Change files of the work tree, which the journal can take back.

        `undoes` are the steps that are taken back by this.  Raises WriteFailed.
        """
        with self.step.changing(changes, undoes):
            self._done += carry_out(self.repo.work_tree, changes)

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
        last = max((moment for one in others if (moment := _moment(one))), default=None)
        mine = _moment(now)
        return _spelt(last + earliest) if last and mine and mine <= last else now

    def _is_of_this_store(self, session_id: str) -> bool:
        known = self.local.session(session_id)
        return known is None or known.store == self.prefix

    def new_id(self, kind: str, taken: Iterable[str]) -> str:
        """An id that no record here has."""
        known = set(taken)
        while True:
            found = ids.new_id(kind, self.randomness(ids.RANDOM_BYTES))
            if found not in known:
                return found


def _is_local(path: str) -> bool:
    return path.startswith(LOCAL)


def _check_real(store: Store, top: Path) -> None:
    """Refuse a store that a symbolic link leads out of the work tree, or a store of no work tree."""
    for folder in (store.root, *store.folders()):
        if folder.is_symlink() or not folder.resolve().is_relative_to(top.resolve()):
            raise TaskorchError(
                f"{folder} is a symbolic link or lies outside the work tree; taskorch does not write there",
                hint="make it a real folder of this repository",
            )
