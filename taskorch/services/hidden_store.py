"""Stores that git has and the disk has not, and records that git would not show."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from shlex import quote

from taskorch.errors import BadRecord, NoStore, TaskorchError
from taskorch.git import index
from taskorch.git.ignoring import Rule, ignoring_rules
from taskorch.git.paths import STORE
from taskorch.git.repository import Repository
from taskorch.git.sparse import is_sparse, left_out
from taskorch.git.worktree import states_at
from taskorch.store import config
from taskorch.store.record_paths import is_record_file

_GLOB, _ESCAPED = re.compile(r"[\\*?\[\]]"), r"\\\g<0>"


def refuse_hidden(repo: Repository, start: Path, *, only: Path | None = None) -> None:
    """Raise NoStore if the nearest store upward from `start` is in git and not on disk.

    It lies outside a sparse checkout, or was deleted.  With `only` just that folder's store counts.
    """
    top = repo.work_tree
    folders = repo.upward(start) if only is None else repo.upward(only)[:1]
    stores = [STORE if folder == "." else f"{folder}/{STORE}" for folder in folders]
    settings = {f"{store}/{config.NAME}": store for store in stores}
    tracked = index.tracked(repo, settings)
    at_head = states_at(repo, repo.head, settings)
    for path, store in settings.items():
        if os.path.lexists(top / path):
            return
        if path in tracked or at_head[path]:
            whole = not os.path.lexists(top / store)
            raise _hidden(repo, start, store if whole else path, path in tracked, tracked.get(path, False))


def _hidden(repo: Repository, start: Path, path: str, in_index: bool, is_sparse: bool) -> NoStore:
    """The error for what is not on disk, with the command that brings it there and overwrites nothing."""
    look = "to read it from the commit: taskorch task list --at HEAD"
    if is_sparse:
        command = sparse_add(repo, start, path.removesuffix(f"/{config.NAME}"))
        words = f"{path} is in git, but outside this sparse checkout"
        return NoStore(words, hint=f"{command} brings it to disk; {look}")
    git = _git(repo, start)
    source = "" if in_index else "--source=HEAD --staged --worktree "
    command = f"{git} restore {source}-- {quote(path)}"
    words = f"{path} is in git, but was deleted here"
    more = "git status tells what else is gone" if path.endswith(config.NAME) else ""
    more = more or "taskorch restore --all also what was not committed"
    if not in_index:
        look += "; to do without, commit that it is gone"
    return NoStore(words, hint=f"{command} brings it back as git has it; {more}; {look}")


def sparse_add(repo: Repository, start: Path, folder: str) -> str:
    """The command that brings a folder of a sparse checkout to disk, all that is in it."""
    cone = repo.git(["config", "--type=bool", "core.sparseCheckoutCone"], allow=(0, 1)).text == "true\n"
    return f"{_git(repo, start)} sparse-checkout add {quote(folder if cone else f'/{folder}/**')}"


def _git(repo: Repository, start: Path) -> str:
    """How git is called from `start` for the whole work tree."""
    where = os.path.relpath(repo.work_tree, start)
    return "git" if where == "." else f"git -C {quote(where)}"


def refuse_ignored(repo: Repository, folder: str, new: Sequence[str], what: str = "") -> None:
    """Raise TaskorchError if git ignores one of these new files of a folder: nobody would commit it.

    The folder is a store, or one where `what` is kept in files whose names nobody needs to know.
    """
    found = ignoring_rules(repo, new) if new else {}
    if found:
        path, rule = next(iter(found.items()))
        place = f"the rule is '{rule.pattern}', line {rule.line} of {rule.source}"
        words = f"{what} in {folder}: they" if what else f"{path}: it"
        raise TaskorchError(
            f"git ignores {words} would never be committed", hint=f"{place}: {_mend(repo, folder, rule)}"
        )


def refuse_left_out(repo: Repository, store: str, new: Sequence[str]) -> None:
    """Raise TaskorchError if one of these new files lies outside a sparse checkout.

    Once it is committed git would take it from the disk, and nobody would see the record here.
    """
    if found := left_out(repo, new):
        raise TaskorchError(
            f"{found[0]} would be outside this sparse checkout: git takes it from the disk when it has it",
            hint=f"{sparse_add(repo, repo.start, store)} brings it to disk, with all of the store",
        )


def left_out_of_store(repo: Repository, store: str) -> Iterator[BadRecord]:
    """What is told of a store that is only partly on disk: its records in git that nobody sees here."""
    known = index.tracked(repo, [store]) if is_sparse(repo) else {}
    hidden = [path for path, outside in known.items() if outside and is_record_file(path.rsplit("/")[-1])]
    if hidden:
        number = "1 record" if len(hidden) == 1 else f"{len(hidden)} records"
        yield BadRecord(
            f"{number} outside this sparse checkout: in git, but not on disk and not counted",
            path=hidden[0],
            hint=f"{sparse_add(repo, repo.start, store)} brings it to disk, with all of the store",
        )


def _mend(repo: Repository, folder: str, rule: Rule) -> str:
    """What to do about a rule.  One of a file further down, or at a folder above, cannot be taken back."""
    home, _, name = folder.rpartition("/")
    above = ignoring_rules(repo, [home], even_tracked=True) if home else {}
    if above or folder == "." or rule.source.startswith(f"{folder}/"):
        return "take it out, or narrow it"
    shown = name if name == STORE else f"/{_GLOB.sub(_ESCAPED, name)}"
    return f"add the lines !{shown}/ and !{shown}/** at the end of {home}{'/' if home else ''}.gitignore"
