"""A git repository and its work tree: where things are, what HEAD is, what git is busy with."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from taskorch.errors import GitFailed, NotARepository, NotFound, TaskorchError
from taskorch.git.places import find
from taskorch.git.process import Finished, git, git_parts

# What git leaves in the git directory while a command waits for the user:
# https://git-scm.com/docs/gitrepository-layout and wt-status.c.
_UNDER_WAY = {
    "MERGE_HEAD": "a merge",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase or git am",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "sequencer": "a cherry-pick or revert",
    "BISECT_LOG": "a bisect",
}


@dataclass(frozen=True)
class Repository:
    """One repository, with the work tree it was opened from.

    ``top`` is the work tree's root (None in a bare repository), ``git_dir`` this work tree's git
    directory, ``common_dir`` the one all work trees share.  ``seen_from`` is a commit that stands for
    HEAD: then the repository is looked at as a fresh clone would have it, without a work tree.
    """

    top: Path | None
    git_dir: Path
    common_dir: Path
    bare: bool
    start: Path
    seen_from: str | None = None

    @classmethod
    def open(cls, start: Path) -> Repository:
        """The repository that `start` lies in.  Raises NotARepository."""
        return cls(*find(start), start)

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
        question = None if env or stdin or plain or not self._rest else tuple(arguments)
        if question and question in self.told:
            return self.told[question]
        done = self._run(arguments, env, stdin, allow, plain)
        if question and done.code == 0:
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
    def at_rest(self) -> Iterator[None]:
        """While a command only reads, the repository is looked at as it was at one moment."""
        self._rest.append(True)
        try:
            yield
        finally:
            self._rest.pop()
            if not self._rest:
                self.told.clear()

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

    def at(self, commit: str) -> Repository:
        """This repository as it is seen from a commit."""
        return replace(self, seen_from=commit)

    def upward(self, start: Path) -> list[str]:
        """The folders from `start` up to the root of the work tree, relative to that, which is ``.``."""
        here, top = start.resolve(), self.top.resolve() if self.top else None
        if not top or not here.is_relative_to(top):
            return ["."]
        below = here.relative_to(top)
        return [folder.as_posix() for folder in (below, *below.parents)]

    @property
    def has_work_tree(self) -> bool:
        """Whether index and files on disk count."""
        return self.top is not None and self.seen_from is None

    @property
    def work_tree(self) -> Path:
        """The root of the work tree.  Raises NotARepository in a bare repository."""
        if self.top is None:
            named_so = self.git_dir.name == ".git"
            raise NotARepository(
                "this is a bare repository: it has no work tree to write to",
                hint=f"core.bare says so in {self.git_dir}/config"
                if named_so
                else "run this in a clone of it",
            )
        return self.top

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
    def beside(self) -> dict[tuple[str, ...], Any]:
        """What is being read meanwhile: see `history.begin`."""
        return {}

    @cached_property
    def opened(self) -> dict[tuple[Path, ...], Any]:
        """What libgit2 has opened, by the object folders of ours: see `objects.open_objects`."""
        return {}

    @cached_property
    def arrived(self) -> dict[tuple[tuple[str, ...], str], Any]:
        """Where blobs came to a path, by the revisions and the blob asked for: see `content.arrivals`."""
        return {}

    @cached_property
    def walked(self) -> dict[tuple[str, ...], Any]:
        """What a walk over the history of a tip has told: see `many_logs`."""
        return {}

    def ancestors_of(self, commit: str) -> AbstractSet[str]:
        """A commit and all that it can reach here; kept, for it is a walk over the whole history."""
        if commit not in self._ancestors:
            listed = self.git(["rev-list", "--end-of-options", commit, "--"]).text
            self._ancestors[commit] = frozenset(listed.split())
        return self._ancestors[commit]

    @cached_property
    def _ancestors(self) -> dict[str, AbstractSet[str]]:
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

    @cached_property
    def replaced(self) -> dict[str, str]:
        """Object ids, and those of the objects that git reads in their place (``git replace``)."""
        if os.environ.get("GIT_NO_REPLACE_OBJECTS"):
            return {}
        listed = self.git(["replace", "--list", "--format=medium"]).text
        pairs = (line.split(" -> ") for line in listed.splitlines())
        found = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
        setting = ["config", "--type=bool", "--default=true", "--get", "core.useReplaceRefs"]
        return found if found and self.git(setting).text.strip() == "true" else {}

    @property
    def head(self) -> str | None:
        """The commit HEAD names, or that it is seen from; None on an unborn branch.

        Raises GitFailed where it names one that is not here.
        """
        found = self.seen_from or self.commit_or_none("HEAD")
        if not found:
            self._refuse_damaged_head()
        return found

    def _refuse_damaged_head(self) -> None:
        """Raise GitFailed unless the branch that HEAD is on has no commit yet."""
        branch = self.git(["symbolic-ref", "--quiet", "HEAD"], allow=(0, 1, 128)).text.strip()
        # 1: there is no such ref; 0: it has an id, though there is no such object; 128: it is garbage
        if not branch or self.git(["rev-parse", "--verify", "--quiet", "HEAD"], allow=(0, 1, 128)).code != 1:
            raise GitFailed(
                "HEAD names no commit that is here: it, its branch or its objects are damaged",
                hint="git fsck tells what is; .git/logs/HEAD has the commits it named before",
            )

    @property
    def branch(self) -> str | None:
        """The branch HEAD is on, None when detached."""
        done = self.git(["symbolic-ref", "--quiet", "--short", "HEAD"], allow=(0, 1, 128))
        if done.code == 128:
            self._refuse_damaged_head()
        return done.text.strip() or None

    def commit_or_none(self, revision: str) -> str | None:
        """The commit id of a revision, None where there is none."""
        # of :/text all that follows is text, and it names a commit anyway
        peeled = revision if revision.startswith(":/") else f"{revision}^{{commit}}"
        asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", peeled]
        found = self.git(asked, allow=(0, 1, 128)).text.strip()
        return found if found.isalnum() else None  # a range has two lines, what is left out a ^

    def commit(self, revision: str) -> str:
        """The commit id of a revision the user named.  Raises NotFound."""
        found = self.head if revision == "HEAD" else self.commit_or_none(revision)
        if not found:
            hint = "git branch -a and git tag list what there is"
            if self.is_shallow:
                hint += "; this clone is shallow: git fetch --unshallow brings the rest"
            raise NotFound(f"no commit '{revision}'", hint=hint)
        return found

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor of two commits, None if there is none here."""
        return next(iter(self.merge_bases(one, other)), None)

    def merge_bases(self, one: str, other: str) -> list[str]:
        """All best common ancestors of two commits; several where they were merged to and fro."""
        return self.git(["merge-base", "--all", one, other], allow=(0, 1, 128)).text.split()

    def parents(self, commit: str) -> list[str]:
        """The parents of a commit."""
        return self.git(["rev-list", "--parents", "-1", commit]).text.split()[1:]

    def is_ancestor(self, one: str, other: str) -> bool:
        """Whether `one` is `other` or an ancestor of it, as far as both are here."""
        return self.git(["merge-base", "--is-ancestor", one, other], allow=(0, 1, 128)).code == 0

    @property
    def is_shallow(self) -> bool:
        """Whether history was cut off by a shallow clone."""
        return bool(self.cut_off)

    @cached_property
    def cut_off(self) -> frozenset[str]:
        """The commits where a shallow history begins: git shows them as if they made all they have."""
        try:
            return frozenset((self.common_dir / "shallow").read_text().split())
        except OSError:
            return frozenset()

    def default_branch(self, configured: str | None) -> str | None:
        """A revision for the branch that others have too, the first of these that exists.

        The configured name (at the remote first); R/HEAD, R/main, R/master with R the remote of
        this branch, else origin; in a bare repository its HEAD, which clones take for R/HEAD; local
        main, master.  None if none exists.
        """
        remote = "origin"
        if self.branch:
            asked = self.git(["config", "--get", f"branch.{self.branch}.remote"], allow=(0, 1))
            remote = asked.text.strip() or remote
        names = [f"refs/remotes/{remote}/{configured}", f"refs/heads/{configured}"] if configured else []
        names += [f"refs/remotes/{remote}/{name}" for name in ("HEAD", "main", "master")]
        names += [f"refs/heads/{self.branch}"] if self.bare and self.branch else []
        names += ["refs/heads/main", "refs/heads/master"]
        wanted = [name for name in names if not name.endswith("/HEAD")]
        listed = self.git(["for-each-ref", "--format=%(refname)", *wanted]).text.split()
        for name in names:
            if name in listed or (name.endswith("/HEAD") and self.commit_or_none(name)):
                return name
        return None

    def operation(self) -> str | None:
        """What git is in the middle of (``a merge``, ``a rebase``, ...), None if nothing."""
        for name, words in _UNDER_WAY.items():
            if (self.git_dir / name).exists():
                return words
        return None

    def author(self) -> str:
        """The name git would put on a commit.  Raises TaskorchError if it knows none."""
        return self._identity("GIT_AUTHOR_IDENT")

    def committer(self) -> str:
        """The name of who commits, often the author's.  Raises TaskorchError if git knows none."""
        return self._identity("GIT_COMMITTER_IDENT")

    def _identity(self, variable: str) -> str:
        done = self.git(["var", variable], allow=(0, 1, 128))
        name = done.text.split(" <")[0].strip()
        if done.code or not name:
            raise TaskorchError(
                "git does not know who you are",
                hint='git config user.name "Your Name" and git config user.email you@example.org',
            )
        return name

    def relative(self, path: str, cwd: Path) -> str:
        """A path as the user gave it, relative to the work tree's root, with ``/`` between parts.

        In a bare repository it is taken from the root of the tree.  Raises BadPath if it leaves the
        work tree, also through a symbolic link, or lies in a git directory in any spelling.
        """
        from taskorch.git.paths import inside, inside_tree

        return inside(self.top, path, cwd) if self.top else inside_tree(path)


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
