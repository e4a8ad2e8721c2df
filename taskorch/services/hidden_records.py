"""Records that git does not show: new ones that it would ignore or take from the disk, and what it took."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from taskorch.errors import BadRecord, TaskorchError
from taskorch.git import index
from taskorch.git.ignoring import Rule, ignoring_rules
from taskorch.git.paths import STORE
from taskorch.git.repository import Repository
from taskorch.git.sparse import is_sparse, left_out
from taskorch.services.hidden_store import sparse_add
from taskorch.store.record_paths import is_record_file

_GLOB, _ESCAPED = re.compile(r"[\\*?\[\]]"), r"\\\g<0>"


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
            hint=_whole(repo, store),
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
            hint=_whole(repo, store),
        )


def _whole(repo: Repository, store: str) -> str:
    return f"{sparse_add(repo, repo.start, store)} brings it to disk, with all of the store"


def _mend(repo: Repository, folder: str, rule: Rule) -> str:
    """What to do about a rule.  One of a file further down, or at a folder above, cannot be taken back."""
    home, _, name = folder.rpartition("/")
    above = ignoring_rules(repo, [home], even_tracked=True) if home else {}
    if above or folder == "." or rule.source.startswith(f"{folder}/"):
        return "take it out, or narrow it"
    shown = name if name == STORE else f"/{_GLOB.sub(_ESCAPED, name)}"
    return f"add the lines !{shown}/ and !{shown}/** at the end of {home}{'/' if home else ''}.gitignore"
