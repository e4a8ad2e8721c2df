"""The stashes of a repository."""

from __future__ import annotations

from dataclasses import dataclass

from taskorch.git.repository import Repository


@dataclass(frozen=True, slots=True)
class Stash:
    """One stash: its name (``stash@{0}``), commit, time (ISO), message, and the paths it holds."""

    ref: str
    commit: str
    time: str
    subject: str
    paths: tuple[str, ...]


def entries(repo: Repository) -> list[Stash]:
    """All stashes, the newest first."""
    if not repo.commit_or_none("refs/stash"):
        return []
    out: list[Stash] = []
    for line in repo.git(["reflog", "show", "-z", "--format=%H%x09%cI%x09%gs", "refs/stash"]).text.split(
        "\0"
    ):
        if not line:
            continue
        commit, time, subject = line.split("\t", 2)
        paths = set(_changed(repo, f"{commit}^1", commit))
        if repo.commit_or_none(f"{commit}^3"):  # the untracked files, in a commit of their own
            listed = repo.git(["ls-tree", "-r", "--name-only", "-z", f"{commit}^3"]).text
            paths.update(path for path in listed.split("\0") if path)
        out.append(Stash(f"stash@{{{len(out)}}}", commit, time, subject, tuple(sorted(paths))))
    return out


def of_names(repo: Repository) -> dict[str, str]:
    """The names of the files that stashes hold, without folders: the newest stash that has one so called."""
    out: dict[str, str] = {}
    for one in entries(repo):
        for path in one.paths:
            out.setdefault(path.rpartition("/")[2], one.ref)
    return out


def _changed(repo: Repository, old: str, new: str) -> list[str]:
    listed = repo.git(["diff-tree", "-r", "--name-only", "--no-renames", "-z", old, new]).text
    return [path for path in listed.split("\0") if path]
