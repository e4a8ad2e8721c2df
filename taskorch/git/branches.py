"""Branches: HEAD's upstream, which branch has a content at a path, and what branches have that HEAD lacks."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from taskorch.errors import GitFailed
from taskorch.git.history import PathEvent, raw_events
from taskorch.git.repository import Repository

_MOST = 50_000
"""Beyond so many questions (a path on a branch) only the branches that changed last are asked."""

_MOST_TIPS = 200
"""So many tips are compared with HEAD, those that changed last: some milliseconds each in a large tree."""


@dataclass(frozen=True, slots=True)
class Tip:
    """The commit that a branch ends with, and the branch's full name."""

    commit: str
    ref: str


def with_upstream(repo: Repository) -> tuple[str, str] | None:
    """HEAD's branch and its upstream by their short names, None where it has none that is here."""
    branch = repo.branch
    if not branch or not repo.commit_or_none("HEAD") or not repo.commit_or_none("@{upstream}"):
        return None
    name = repo.git(["rev-parse", "--abbrev-ref", "@{upstream}"], allow=(0, 128)).text.strip()
    return (branch, name) if name else None


def remote_of(repo: Repository, name: str) -> str | None:
    """The one remote branch of a name that no branch here has, as ``git switch`` would take it."""
    pattern = "--format=%(refname)%09%(refname:lstrip=3)"
    listed = repo.git(["for-each-ref", pattern, "refs/remotes"]).text.splitlines()
    found = [ref for ref, _, short in (line.partition("\t") for line in listed) if short == name]
    return found[0] if len(found) == 1 else None


def to_switch_to(repo: Repository, revision: str) -> str | None:
    """The branch that ``git switch`` would make a work tree of, for a branch here or of the one remote
    that has it; None for another revision, and where a branch of that name is otherwise or elsewhere.
    """
    name = revision.removeprefix("refs/heads/")
    if repo.top is None or name.startswith("-"):
        return None
    if not repo.commit_or_none(f"refs/heads/{name}"):
        remote = f"refs/remotes/{revision.removeprefix('refs/remotes/')}"
        name = repo.git(["for-each-ref", "--format=%(refname:lstrip=3)", remote]).text.strip()
        if not name or (not repo.commit_or_none(f"refs/heads/{name}") and remote_of(repo, name) != remote):
            return None
    asked = ["for-each-ref", "--format=%(objectname) %(worktreepath)", f"refs/heads/{name}"]
    commit, _, checked_out = repo.git(asked).text.strip().partition(" ")
    return None if checked_out or (commit and commit != repo.head) else name


def having(
    repo: Repository, wanted: Mapping[str, str], head: str | None
) -> dict[str, tuple[str | None, str]]:
    """For each path with a blob's id: the branch whose tip has it there, and the id.

    Local branches come before remote ones, those that changed last first; None where no branch has it
    and the object is here all the same.  HEAD's own commit is not asked.  Paths with a line break are
    left out: git takes one question a line.  Nothing is known where a partial clone would have to fetch.
    """
    paths = [path for path in wanted if "\n" not in path]
    if not paths:
        return {}
    refs = _tips(repo, head)[: max(1, _MOST // len(paths))]
    questions = [(f"{ref}:{path}", path, ref) for path in paths for ref in refs]
    bare = [(wanted[path], path, None) for path in paths]
    asked: list[tuple[str, str, str | None]] = [*questions, *bare]
    lines = b"".join(os.fsencode(question) + b"\n" for question, _, _ in asked)
    done = repo.git(["cat-file", "--batch-check=%(objectname)"], stdin=lines, allow=(0, 128))
    if done.code:  # a partial clone, which would have to fetch to tell
        return {}
    out: dict[str, tuple[str | None, str]] = {}
    for answer, (_, path, ref) in zip(done.text.splitlines(), asked, strict=True):
        if answer == wanted[path]:
            out.setdefault(path, (short_name(ref) if ref else None, answer))
    return {path: out[path] for path in paths if path in out}


def tips_elsewhere(repo: Repository, head: str) -> tuple[list[Tip], int]:
    """The tips of branches, local and remote, that are not `head`, the newest first; how many are left out.

    Of branches with the same tip the local one, or the first by name, stands for all.
    """
    asked = ["for-each-ref", "--sort=-committerdate", "--format=%(objectname) %(refname)"]
    found: dict[str, str] = {}
    for line in repo.git([*asked, "refs/heads", "refs/remotes"]).text.splitlines():
        oid, _, ref = line.partition(" ")
        if oid != head and not ref.endswith("/HEAD"):
            found.setdefault(oid, ref)
    every = [Tip(oid, ref) for oid, ref in found.items()]
    return every[:_MOST_TIPS], len(every[_MOST_TIPS:])


def unlike(repo: Repository, base: str, tips: Sequence[Tip], paths: Sequence[str]) -> list[PathEvent]:
    """What the trees of tips have otherwise than that of `base`, at or below some paths, tip by tip.

    One process for all; folders that are the same are not read.  Nothing where a clone lacks trees.
    """
    # "commit parent": diff-tree shows the commit against the parent it is told
    lines = "".join(f"{one.commit} {base}\n" for one in tips)
    asked = ["diff-tree", "--stdin", "-r", "--raw", "-z", "--no-abbrev", "--no-renames", "-m", "--root"]
    try:
        done = repo.git([*asked, "--format=%x02%H", "--", *paths], stdin=lines.encode()) if tips else None
    except GitFailed:
        return []
    return list(raw_events(done.text)) if done else []


def short_name(ref: str) -> str:
    """A branch as people name it."""
    name = ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")
    return ref if name.startswith("-") else name


def _tips(repo: Repository, head: str | None) -> list[str]:
    asked = ["for-each-ref", "--sort=-committerdate", "--format=%(objectname) %(refname)"]
    out = []
    for space in ("refs/heads", "refs/remotes"):
        for line in repo.git([*asked, space]).text.splitlines():
            oid, _, ref = line.partition(" ")
            if oid != head and not ref.endswith("/HEAD"):
                out.append(ref)
    return out
