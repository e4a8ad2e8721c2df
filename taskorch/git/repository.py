"""A git repository and its work tree: HEAD, commits and branches, what git is busy with."""

from __future__ import annotations

import os
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from taskorch.errors import GitFailed, NotARepository, NotFound, TaskorchError
from taskorch.git.located import Located
from taskorch.git.places import find

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
class Repository(Located):
    """One repository, with the work tree it was opened from.

    ``seen_from`` is a commit that stands for HEAD: then the repository is looked at as a fresh clone
    would have it, without a work tree.
    """

    seen_from: str | None = None

    @classmethod
    def open(cls, start: Path) -> Repository:
        """The repository that `start` lies in.  Raises NotARepository."""
        return cls(*find(start), start)

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
    def is_checked_out(self) -> bool:
        """Whether it is seen as its work tree has it; never in a bare repository."""
        return self.top is not None and self.commit_or_none("HEAD") == self.head

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

    def ancestors_of(self, commit: str) -> AbstractSet[str]:
        """A commit and all that it can reach here; kept, for it is a walk over the whole history."""
        if commit not in self._ancestors:
            listed = self.git(["rev-list", "--end-of-options", commit, "--"]).text
            self._ancestors[commit] = frozenset(listed.split())
        return self._ancestors[commit]

    @cached_property
    def _ancestors(self) -> dict[str, AbstractSet[str]]:
        return {}

    @cached_property
    def replaced(self) -> dict[str, str]:
        """Object ids, and those of the objects that git reads in their place (``git replace``)."""
        if os.environ.get("GIT_NO_REPLACE_OBJECTS") or not self._may_replace:
            return {}
        listed = self.git(["replace", "--list", "--format=medium"]).text
        pairs = (line.split(" -> ") for line in listed.splitlines())
        found = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
        setting = ["config", "--type=bool", "--default=true", "--get", "core.useReplaceRefs"]
        return found if found and self.git(setting).text.strip() == "true" else {}

    @property
    def _may_replace(self) -> bool:
        """Whether there can be refs that replace objects: told without a process where refs are files."""
        common = self.common_dir
        if os.environ.get("GIT_REPLACE_REF_BASE") or (common / "reftable").exists():
            return True
        if (common / "refs" / "replace").exists():
            return True
        try:
            return b" refs/replace/" in (common / "packed-refs").read_bytes()
        except FileNotFoundError:
            return False

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

    @property
    def remote(self) -> str:
        """The remote of this branch, else origin."""
        if not self.branch:
            return "origin"
        asked = self.git(["config", "--get", f"branch.{self.branch}.remote"], allow=(0, 1))
        return asked.text.strip() or "origin"

    def default_branch(self, configured: str | None) -> str | None:
        """A revision for the branch that others have too, the first of these that exists.

        The configured name (at the remote first); R/HEAD, R/main, R/master with R the remote of
        this branch, else origin; in a bare repository its HEAD, which clones take for R/HEAD; local
        main, master.  None if none exists.
        """
        remote = self.remote
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
