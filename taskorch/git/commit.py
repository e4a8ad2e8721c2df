"""Committing record files and nothing else, the way the user's git commits."""

from __future__ import annotations

import os
from collections.abc import Sequence

from taskorch.errors import GitFailed, TaskorchError
from taskorch.git.index import index_file, index_put_back
from taskorch.git.locks import unlocked, waiting_for_refs
from taskorch.git.process import telling_words
from taskorch.git.repository import Repository

# those that can refuse a commit: https://git-scm.com/docs/githooks
_HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg", "reference-transaction")
_FROM_STDIN = ("--pathspec-from-file=-", "--pathspec-file-nul")


def changed_below(repo: Repository, *places: str) -> list[tuple[str, str, str]]:
    """(path, index letter, work tree letter) of git's status for each changed file of some places.

    Git searches no other folders for new files: those that it is told to leave out it would.
    Untracked files have ``?`` twice, unmerged ones ``u`` twice.
    """
    asked = ["status", "--porcelain=v2", "-z", "--untracked-files=all", "--no-renames", "--no-show-stash"]
    _ = repo.work_tree
    out = []
    for line in repo.git([*asked, "--", *places]).text.split("\0"):
        if line.startswith("? "):
            out.append((line[2:], "?", "?"))
        elif line.startswith("u "):
            out.append((line.split(" ", 10)[10], "u", "u"))
        elif line:
            fields = line.split(" ", 8)
            out.append((fields[8], fields[1][0], fields[1][1]))
    return out


def refuse_if_busy(repo: Repository, why: str) -> None:
    """Raise TaskorchError in the middle of a merge or the like; `why` says what hinders then."""
    busy = repo.operation()
    if busy:
        raise TaskorchError(
            f"git is in the middle of {busy}: {why}",
            hint="finish or abort it first (git status tells how)",
        )


def commit_only(repo: Repository, paths: Sequence[str], new: Sequence[str], message: str) -> str:
    """Commit exactly `paths`, with hooks and signing as the user has them; give the new commit's id.

    `new` are those of the paths that are not tracked yet.  What else is staged stays staged and is
    not committed; after a failure the index is as it was.  Another git that holds the index or the branch
    is waited for a while.  Raises GitFailed with git's words.
    """
    head = repo.head
    with index_put_back(repo, unless=lambda: repo.head != head):
        if new:
            # as the user's own git, so that a split index stays split and a watcher of files is kept
            add = ["add", "--intent-to-add", "--sparse", *_FROM_STDIN]
            _git(repo, add, _nul_list([f":(top,literal){path}" for path in new]), plain=True)
        only = [*waiting_for_refs(), "commit", "--quiet", "--only", "-m", message, *_FROM_STDIN]
        _git(repo, only, _nul_list([f":(top,literal){path}" for path in paths]), plain=True)
    return repo.commit("HEAD")


def _git(repo: Repository, arguments: Sequence[str], stdin: bytes, *, plain: bool = False) -> None:
    """Run git, waiting for another one that holds the index.  Raises GitFailed."""
    done = unlocked(
        lambda: repo.git(arguments, stdin=stdin, plain=plain, allow=range(-64, 256)), index_file(repo)
    )
    if done.code:
        words = telling_words(done.err) or f"exit code {done.code}, and no word why"
        raise GitFailed(f"git commit failed: {words}", hint=_hint(repo))


def _hint(repo: Repository) -> str:
    """What to do after git refused a commit: its hooks are often silent."""
    folder = repo.work_tree / repo.git(["rev-parse", "--git-path", "hooks"]).text.removesuffix("\n")
    there = [name for name in _HOOKS if os.access(folder / name, os.X_OK)]
    hooks = f" (hooks that run: {', '.join(there)}, in {folder})" if there else ""
    return f"nothing was committed; mend the cause{hooks} and repeat the command"


def _nul_list(paths: Sequence[str]) -> bytes:
    return b"".join(os.fsencode(path) + b"\0" for path in paths)
