"""Recovery packages of merged pull requests, made in fresh clones, held against the pull requests' own diffs.

    python -m tests.evaluation.recovered REPO [--number N] [--seed S] [--pull N]

For pull requests chosen at random the changes are recorded, the records are committed on top of the commit
that brought them, and a clone of that history alone makes the package.  Each file is printed with what git
says of it in the pull request and what the package says; the exit is 1 where they are not the same: another
operation, other lines, or a commit that is none of the pull request's or did not change the file.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from taskorch.services.recovery import recover
from taskorch.services.workspace import Workspace
from tests.evaluation.pulls import CLOSED, Git, Pull, pulls
from tests.evaluation.recording import STORE, Json, Recorder

_KINDS = {"files_created": "A", "files_modified": "M", "files_deleted": "D", "files_moved": "R"}
_NO_BUDGET = 1_000_000


@dataclass(frozen=True)
class File:
    """What became of a file: ``A``, ``M``, ``D`` or ``R`` (from ``source``), with added and removed lines."""

    kind: str
    source: str | None
    added: int | None
    removed: int | None


def main(arguments: list[str] | None = None) -> int:
    """Print the comparison; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation.recovered", description=__doc__)
    parser.add_argument("repo", type=Path, help="a repository with refs/pull/N/head")
    parser.add_argument("--main", default="HEAD", help="its main branch (default: HEAD)")
    parser.add_argument(
        "--number", type=int, default=10, metavar="N", help="how many pull requests (default: 10)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="which ones (default: 1)")
    parser.add_argument("--pull", type=int, metavar="N", help="this one alone")
    given = parser.parse_args(arguments)
    source = given.repo.resolve()
    known = [one for one in pulls(Git(source), given.main) if one.kind != CLOSED]
    known = [one for one in known if one.number and given.pull in (None, one.number)]
    chosen = random.Random(given.seed).sample(known, min(given.number, len(known)))
    files = unlike = 0
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(source, given.main, Path(folder))
        for pull in chosen:
            print(f"\n{pull.name}  {pull.kind}, brought by {pull.target[:10]}")
            for line, same in _compared(Git(source), recorder, pull, Path(folder)):
                print(("  same    " if same else "  NOT SAME ") + line)
                files += 1
                unlike += not same
    print(f"\n{len(chosen)} pull requests, {files} files, {unlike} not the same")
    return 1 if unlike else 0


def _compared(git: Git, recorder: Recorder, pull: Pull, folder: Path) -> Iterator[tuple[str, bool]]:
    theirs = _of_git(git, pull.base, pull.head)
    package = _package(recorder, pull, folder)
    rows = {row["path"]: (kind, row) for key, kind in _KINDS.items() for row in package[key]}
    for path in sorted({*theirs, *rows}):
        one = theirs.get(path)
        asked = f"{one.kind} +{one.added} -{one.removed}" if one else "nothing"
        if path not in rows:
            yield f"{path}: {asked} in the pull request; nothing in the package", False
            continue
        kind, row = rows[path]
        said = File(kind, row["from"], row["added"], row["removed"])
        by = " ".join(commit[:10] for commit in row["commits"]) or "no commit"
        told = f"{kind} +{said.added} -{said.removed} {row['rung']} in {by}"
        brought = row["commits"] and all(_touches(git, pull, commit, path) for commit in row["commits"])
        yield f"{path}: {asked} in the pull request; {told}", bool(brought) and said == one


def _touches(git: Git, pull: Pull, commit: str, path: str) -> bool:
    """Whether a commit is of the pull request, or brought it, and changed the file."""
    before = pull.parent or f"{pull.target}^"
    inside = git("rev-list", "--max-count=1", commit, f"^{pull.base}", f"^{before}").strip()
    shown = ("log", "-1", "-m", "--no-renames", "--format=", "--name-only", "-z")
    return inside == commit and path in git(*shown, commit).split("\0")


def _of_git(git: Git, base: str, head: str) -> dict[str, File]:
    """What a diff of git says of each file."""
    asked = ("diff-tree", "-r", "-M", "--no-commit-id", "-z")
    kinds = git(*asked, "--name-status", base, head).split("\0")
    out: dict[str, File] = {}
    at = 0
    while at < len(kinds) - 1:
        kind = kinds[at][0]
        old, new = kinds[at + 1], kinds[at + 2 if kind == "R" else at + 1]
        # a file that became a link, or the other way round, is a modified path
        out[new] = File("M" if kind == "T" else kind, old if kind == "R" else None, None, None)
        at += 3 if kind == "R" else 2
    counts = git(*asked, "--numstat", base, head).split("\0")
    at = 0
    while at < len(counts) - 1:
        added, removed, path = counts[at].split("\t")
        path, at = (path, at + 1) if path else (counts[at + 2], at + 3)
        known = added != "-"
        one = out[path]
        out[path] = File(one.kind, one.source, int(added) if known else None, int(removed) if known else None)
    return out


def _package(recorder: Recorder, pull: Pull, folder: Path) -> Json:
    """The recovery package that a clone makes whose history ends with the records."""
    task = recorder.record([(pull.base, pull.head)])
    work, fresh = folder / "work", folder / "fresh"
    for one in (work, fresh):
        shutil.rmtree(one, ignore_errors=True)
    author = Git(recorder.author)
    author("worktree", "prune")
    author("worktree", "add", "-q", "--no-checkout", "--detach", str(work), pull.target)
    there = Git(work)
    there("read-tree", "HEAD")
    shutil.copytree(recorder.author / STORE, work / STORE)
    there("add", "-f", "--", STORE)
    there("commit", "-q", "-m", "records")
    clone = Git(fresh)
    fresh.mkdir()
    clone("init", "-q")
    pack = fresh / ".git" / "objects" / "pack" / "pack"
    tip = there("rev-parse", "HEAD").strip()
    there("pack-objects", "-q", "--revs", "--missing=allow-any", str(pack), stdin=f"{tip}\n")
    clone("update-ref", "HEAD", tip)
    clone("read-tree", "HEAD")
    clone("checkout-index", "-q", "-f", "-a", allow=(0, 1, 128))  # large files may be missing
    answer: Json = recover(Workspace(fresh), task, budget=_NO_BUDGET)
    package: Json = answer["recovery_package"]
    return package


if __name__ == "__main__":
    sys.exit(main())
