"""Where a command was started: the repository, the store and the records it finds there."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from taskorch.errors import NoStore, TaskorchError
from taskorch.git.fingerprint import STATUS
from taskorch.git.placed import common_dir_of, is_placed_by_environment
from taskorch.git.process import Finished
from taskorch.git.repository import Repository
from taskorch.records.collecting import collect
from taskorch.records.collection import Collection
from taskorch.records.session import LOCAL
from taskorch.services.moments import utc_instant, utc_now
from taskorch.services.record_files import RecordFiles
from taskorch.store import aside, config, layout
from taskorch.store.aside import WORKTREE_ID, is_aside
from taskorch.store.layout import KEPT, SAFETY, Store
from taskorch.store.local import LocalState

if TYPE_CHECKING:
    from taskorch.services.committed_store import CommittedStore
    from taskorch.services.decisions.adopted import AdoptedFolder
    from taskorch.services.decisions.folders import Tree


def current_folder() -> Path:
    """The folder the process is in.  Raises TaskorchError if it was deleted meanwhile."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise TaskorchError(
            "the current folder is not there any more", hint="go to a folder that is, and repeat the command"
        ) from None


@dataclass
class Place:
    """Where a command was started, and what it finds there when it first needs it.

    ``now``, ``instant`` and ``randomness`` are given, so that tests can fix them.  With ``at``, a
    revision (``REV:FOLDER`` for the store of a folder), the records are those of that commit, and
    nothing that only this repository knows counts.
    """

    start: Path = field(default_factory=current_folder)
    now: Callable[[], str] = utc_now
    instant: Callable[[], str] = utc_instant
    randomness: Callable[[int], bytes] = os.urandom
    at: str | None = None
    status: bytes | None = None
    """What git's status has just said, where that is known already."""

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
        self._refuse_hidden_store()
        where = f"in {self.repo.top}" if is_placed_by_environment() else "here or above"
        raise NoStore(f"there is no .orchestrator folder {where}", hint=self._without_store())

    def _without_store(self) -> str:
        """What to do where there is no store: the journal may have one that was wiped away."""
        from taskorch.services.safety.journaling import journal_of

        if journal_of(self.private).size():
            return "taskorch restore --all brings back what was lost; taskorch init makes a new one"
        return "taskorch init makes one"

    def _refuse_hidden_store(self) -> None:
        """Raise NoStore if the nearest store is in git and not on disk."""
        from taskorch.services.hidden_store import refuse_hidden_store

        refuse_hidden_store(self.repo, self.start)

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
        if self.committed:
            return self.committed.repo
        found = Repository.open(self.start)
        if self.status is not None:
            found.told[STATUS] = Finished(0, self.status, "")
        return found

    @cached_property
    def settings(self) -> config.Config:
        """The store's settings; reading them refuses newer formats."""
        source = self.source
        try:
            return source.config()
        except NoStore:
            if isinstance(source, Store):
                self._refuse_hidden_store()
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

    @property
    def safety_dir(self) -> Path:
        """The safety store's folder: its repository, and the journal."""
        return self.private / SAFETY

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

    @cached_property
    def prefix(self) -> str:
        """The store's path relative to the root of the work tree, as git spells it."""
        return self.source.prefix

    def shown(self, path: str) -> str:
        """A path of the store as people and git name it; where git does not have it, as people do."""
        if not path.startswith(LOCAL) or self.committed:
            return posixpath.normpath(f"{self.prefix}/{path}") if path[:1] == "." else f"{self.prefix}/{path}"
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
        """All records there are, read as they are asked for; problems name paths from the root."""
        adopted = self.adopted()
        if self.committed:
            return self._collected(self.committed.files(), adopted)
        common = common_dir_of(self.store.root.parent)  # faster than asking git
        private = common / "taskorch" if common else None
        local = common or is_placed_by_environment()
        kept = self.kept_of(self.prefix, private) if local else None
        files = RecordFiles(self.store, kept, LOCAL, private, adopted.records if adopted else tuple)
        return files.collection(lambda found: self._finished(found, adopted))

    def load_at(self, commit: str) -> Collection:
        """All records of a commit, none where it has no store yet.  Raises NewerFormat."""
        from taskorch.services.committed_store import CommittedStore

        there = CommittedStore(self.repo, commit, commit, self.prefix)
        folder = None
        with suppress(NoStore):
            folder = there.config().decisions
        return self._collected(there.files(), self._adopted_from(folder, commit))

    def adopted(self) -> AdoptedFolder | None:
        """The decisions that are kept in a folder of another tool, where the settings name one."""
        return self._adopted_from(self.settings.decisions, self.committed.commit if self.committed else None)

    def _adopted_from(self, folder: str | None, commit: str | None) -> AdoptedFolder | None:
        if folder is None:
            return None
        from taskorch.services.decisions.adopted import AdoptedFolder  # slow to load, and few have one

        return AdoptedFolder(self._tree_at(commit), folder, self.prefix)

    @property
    def adr_tree(self) -> Tree:
        """The files of the work tree, or of the commit that is looked at, for folders of other tools."""
        return self._tree_at(self.committed.commit if self.committed else None)

    def _tree_at(self, commit: str | None) -> Tree:
        from taskorch.services.decisions.folders import InCommit, OnDisk

        return InCommit(self.repo, commit) if commit else OnDisk(self.store.work_tree)

    def _collected(
        self, files: Iterable[tuple[str, bytes | str]], adopted: AdoptedFolder | None
    ) -> Collection:
        records = ((one.path, one) for one in (adopted.records() if adopted else ()))
        return self._finished(collect([*files, *records]), adopted)

    def _finished(self, found: Collection, adopted: AdoptedFolder | None) -> Collection:
        self.name_problems(found)
        if adopted:
            adopted.tell(found)
        return found

    def name_problems(self, found: Collection) -> Collection:
        """The collection with the paths of its problems, of twins too, made relative to the work tree."""
        for problem in found.problems:
            problem.path = self.shown(problem.path)
        for files in found.twins.values():
            files[:] = [self.shown(path) for path in files]
        return found
