"""Where a repository's things are, git run in it, and what was read of it and is kept meanwhile."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from taskorch.git.process import Finished, git, git_parts

_OF_HISTORY = frozenset(
    ("cat-file", "config", "diff-tree", "for-each-ref", "log", "ls-tree", "merge-base", "replace", "rev-list",
     "rev-parse", "symbolic-ref", "var")
)  # fmt: skip
"""What git is asked of refs, settings and objects, and not of index and work tree."""


@dataclass(frozen=True)
class Located:
    """The places of one repository, with the work tree it was opened from.

    ``top`` is the work tree's root (None in a bare repository), ``git_dir`` this work tree's git
    directory, ``common_dir`` the one all work trees share.
    """

    top: Path | None
    git_dir: Path
    common_dir: Path
    bare: bool
    start: Path

    def git(
        self,
        arguments: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        stdin: bytes | None = None,
        allow: Sequence[int] = (0,),
        plain: bool = False,
    ) -> Finished:
        """Run git at the root of the work tree, or in the bare repository.

        While the repository is `at_rest`, what was answered once is not asked again.
        """
        question = None if env or stdin or plain or not self._is_kept(arguments) else tuple(arguments)
        if question and question in self.told and self.told[question].code in allow:
            return self.told[question]
        try:
            done = self._run(arguments, env, stdin, allow, plain)
        finally:
            if plain:  # with the user's hooks, it may have changed anything
                self.told.clear()
        if question:
            self.told[question] = done
        return done

    def _run(
        self,
        arguments: Sequence[str],
        env: Mapping[str, str] | None,
        stdin: bytes | None,
        allow: Sequence[int],
        plain: bool,
    ) -> Finished:
        whole = self._named_places | dict(env or {})
        return git(arguments, self.working_dir, env=whole, stdin=stdin, allow=allow, plain=plain)

    @contextmanager
    def at_rest(self, *, work_tree: bool = True) -> Iterator[None]:
        """While a command only reads, the repository is looked at as it was at one moment.

        A command that writes records takes just refs, settings and commits so (not `work_tree`).
        """
        self._rest.append(work_tree)
        try:
            yield
        finally:
            self._rest.pop()
            for question in [asked for asked in self.told if not self._is_kept(asked)]:
                del self.told[question]

    def _is_kept(self, question: Sequence[str]) -> bool:
        """Whether the answer to a question stays as it is for the present."""
        return any(self._rest) or bool(self._rest and question[0] in _OF_HISTORY)

    @cached_property
    def _rest(self) -> list[bool]:
        return []

    @cached_property
    def told(self) -> dict[tuple[str, ...], Finished]:
        """What git has answered while the repository is at rest, by its arguments."""
        return {}

    def git_parts(self, arguments: Sequence[str]) -> Iterator[bytes]:
        """What git prints, taken apart at its NULs while it is printed: it need not fit into memory."""
        return git_parts(arguments, self.working_dir, env=self._named_places)

    @property
    def working_dir(self) -> Path:
        """The folder that git runs in: the root of the work tree, or the bare repository."""
        return self.top or self.git_dir

    @cached_property
    def _named_places(self) -> dict[str, str]:
        """The places the environment names, as they were meant from ``start``: git runs elsewhere."""
        places = {"GIT_DIR": self.git_dir, "GIT_WORK_TREE": self.top, "GIT_COMMON_DIR": self.common_dir}
        return {name: str(place) for name, place in places.items() if place and os.environ.get(name)}

    @property
    def private_dir(self) -> Path:
        """Our folder in the git directory, shared by all work trees."""
        return self.common_dir / "taskorch"

    @cached_property
    def has_private_dir(self) -> bool:
        """Whether our folder in the git directory can be written, or be made."""
        return _is_writable(self.private_dir) and _is_writable(self.git_dir / "taskorch")

    @cached_property
    def scratch_dir(self) -> Path:
        """Where temporary files and new objects of ours go: our folder in the git directory.

        Where that cannot be written, for looking there is one outside, which is removed with this object.
        """
        if _is_writable(self.private_dir) and _is_writable(self.private_dir / "objects"):
            return self.private_dir
        folder = tempfile.mkdtemp(prefix="taskorch-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return Path(folder)

    @property
    def objects_dir(self) -> Path:
        """Where git puts the objects that taskorch makes: never into the user's database."""
        return self.scratch_dir / "objects"

    @property
    def known_objects_dirs(self) -> list[Path]:
        """The folders that have objects of ours: the one they go to, and the git directory's."""
        both = dict.fromkeys((self.objects_dir, self.private_dir / "objects"))
        return [folder for folder in both if os.path.isdir(folder)]

    @cached_property
    def object_env(self) -> dict[str, str]:
        """Environment in which git writes objects to ``objects_dir`` and reads all others as well."""
        self.make_objects_dir()  # git takes a repository without its object folder for none at all
        others = [self.user_objects_dir, *self.known_objects_dirs]
        quoted = [_in_a_list(folder) for folder in others if folder != self.objects_dir]
        inherited = os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES")
        return {
            "GIT_OBJECT_DIRECTORY": str(self.objects_dir),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(quoted + ([inherited] if inherited else [])),
        }

    @cached_property
    def logs(self) -> dict[tuple[str, ...], Any]:
        """What `history` has read of commits, by the revisions and the path asked for."""
        return {}

    @cached_property
    def beside(self) -> dict[tuple[str, ...], Callable[[], Any]]:
        """What is being read meanwhile, to be waited for: see `trailers.begin`."""
        return {}

    @cached_property
    def opened(self) -> dict[tuple[Path, ...], Any]:
        """What libgit2 has opened, by the object folders of ours: see `objects.open_objects`."""
        return {}

    @cached_property
    def arrived(self) -> dict[tuple[tuple[str, ...], str], Any]:
        """Where blobs came to a path, by the revisions and the blob asked for: see `arrivals.arrivals`."""
        return {}

    @cached_property
    def walked(self) -> dict[tuple[str, ...], Any]:
        """What a walk over the history of a tip has told: see `many_logs`."""
        return {}

    @property
    def user_objects_dir(self) -> Path:
        """Where the user's own objects are."""
        named = os.environ.get("GIT_OBJECT_DIRECTORY")  # while git receives a push, for instance
        return Path(os.path.abspath(self.working_dir / (named or self.common_dir / "objects")))

    def make_objects_dir(self) -> None:
        """Make the folder for our objects."""
        (self.objects_dir / "info").mkdir(parents=True, exist_ok=True)
        (self.objects_dir / "pack").mkdir(exist_ok=True)


def _in_a_list(folder: Path) -> str:
    """A folder's name as one of a list that has ``:`` between them, in git's C-style quotes if need be."""
    name = str(folder)
    if os.pathsep not in name:
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_writable(folder: Path) -> bool:
    """Whether files can be made in a folder, or where it is missing, the folder itself."""
    while not os.path.lexists(folder):
        folder = folder.parent
    return os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)
