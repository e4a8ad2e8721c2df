"""The pull requests of a repository that keeps their heads under ``refs/pull/N/head``."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_NUMBER = re.compile(r"\(#(\d+)\)$|^Merge pull request #(\d+) ")
_REVERT = re.compile(r"This reverts commit ([0-9a-f]{40})")
SQUASHED, MERGED, CLOSED, REVERTED = "squashed", "merged", "closed", "reverted"


@dataclass(frozen=True)
class Pull:
    """A pull request: where its branch began, its head, and the commit of the main branch it is held against.

    ``target`` is the commit that brought it, or (closed) what the main branch was when the head was made.
    A reverted commit of the main branch is one as well, without a number: its ``target`` reverted it.
    """

    number: int
    kind: str
    base: str
    head: str
    target: str
    parent: str | None

    @property
    def name(self) -> str:
        """How people call it."""
        return f"#{self.number}" if self.number else self.head[:10]


class Git:
    """Plain git in one repository, without anything of taskorch."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str, stdin: str = "", allow: tuple[int, ...] = (0,)) -> str:
        """What a command prints.  Raises CalledProcessError."""
        asked = ["git", "-c", "core.quotePath=false", *words]
        done = subprocess.run(asked, cwd=self.folder, input=stdin.encode(), capture_output=True, check=False)
        if done.returncode not in allow:
            raise subprocess.CalledProcessError(done.returncode, words, done.stdout, done.stderr)
        return done.stdout.decode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class _Commit:
    id: str
    parents: list[str]
    seconds: int
    subject: str


def pulls(git: Git, main: str) -> list[Pull]:
    """All pull requests whose fate the main branch tells, by number."""
    listed = git("for-each-ref", "--format=%(refname) %(objectname)", "refs/pull/*/head").splitlines()
    heads = {int(line.split("/")[2]): line.split(" ")[1] for line in listed}
    line = _first_parents(git, main)
    brought = _brought(line)
    reached = set(git("rev-list", main).split())
    out: list[Pull] = []
    for number, head in sorted(heads.items()):
        if number in brought:
            commit = brought[number]
            kind = MERGED if len(commit.parents) > 1 else SQUASHED
            pull = _pull(git, number, kind, head, commit.id, commit.parents[0])
        elif head not in reached:
            seconds = int(git("log", "-1", "--format=%ct", head))
            day = next((one for one in line if one.seconds <= seconds), None)
            pull = _pull(git, number, CLOSED, head, day.id, None) if day else None
        else:
            pull = None
        out += [pull] if pull else []
    return out


def reverted(git: Git, main: str) -> list[Pull]:
    """The commits of the main branch that another one says it reverts, the newest first."""
    listed = git("log", "--grep=This reverts commit", "--format=%x02%H%x01%P%x01%b", main)
    out: list[Pull] = []
    for one in filter(None, listed.split("\x02")):
        by, parents, text = one.split("\x01")
        found = _REVERT.search(text)
        commit = found and git("rev-parse", "--verify", "-q", f"{found[1]}^{{commit}}", allow=(0, 1)).strip()
        if not commit or git("merge-base", commit, by, allow=(0, 1)).strip() != commit:
            continue
        base = git("rev-parse", "--verify", "-q", f"{commit}^", allow=(0, 1)).strip()
        if base and len(parents.split()) == 1:
            out.append(Pull(0, REVERTED, base, commit, by, parents.strip()))
    return out


def _first_parents(git: Git, main: str) -> list[_Commit]:
    """The commits of the main branch itself, the newest first."""
    lines = git("log", "--first-parent", "--format=%H%x09%P%x09%ct%x09%s", main).splitlines()
    fields = [line.split("\t", 3) for line in lines]
    return [_Commit(one[0], one[1].split(), int(one[2]), one[3]) for one in fields]


def _brought(line: list[_Commit]) -> dict[int, _Commit]:
    """By number the commit whose subject says that it brought the pull request, the first of several."""
    out: dict[int, _Commit] = {}
    for commit in line:
        found = _NUMBER.search(commit.subject)
        if found and commit.parents:
            out[int(found[1] or found[2])] = commit
    return out


def _pull(git: Git, number: int, kind: str, head: str, target: str, parent: str | None) -> Pull | None:
    base = git("merge-base", parent or target, head, allow=(0, 1)).strip()
    return Pull(number, kind, base, head, target, parent) if base and base != head else None
