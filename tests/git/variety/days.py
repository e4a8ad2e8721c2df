"""A whole day in a repository: from ``init`` to a verified landing, and nothing else touched on the way."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.snapshots import Snapshot, snapshot
from tests.repos import Repo

OLD = "".join(f"line {number}\n" for number in range(9))
FILES = {"changed.txt": OLD, "old-name.txt": "kept\n" * 9, "gone.txt": "gone\n"}
"""What a repository holds when the day begins."""


@dataclass(frozen=True)
class Place:
    """Where a day happens: the repository, the folder commands run in, and their environment."""

    repo: Repo
    cwd: str | Path = "."
    env: Mapping[str, str] | None = None

    def named(self, paths: Sequence[str]) -> list[str]:
        """Paths of the work tree as they are named from the folder the commands run in."""
        there = self.repo.path / self.cwd
        below = there.resolve().is_relative_to(self.repo.path.resolve())
        whole = [self.repo.path / path for path in paths]
        return [os.path.relpath(path, there) if below else str(path) for path in whole]

    def run(self, *words: str) -> str:
        """A command that has to end well; its text."""
        return self.repo.run(*words, cwd=self.cwd, env=self.env).out

    def json(self, *words: str) -> dict[str, object]:
        """The answer of a command that has to end well."""
        split = next((at for at, word in enumerate(words) if word.startswith("-")), len(words))
        return self.repo.run(*words[:split], "--json", *words[split:], cwd=self.cwd, env=self.env).json

    def git(self, *words: str) -> str:
        """Git, as the user runs it here."""
        return self.repo.git("-C", str(self.cwd), *words, env=self.env)


def untouched(place: Place) -> dict[str, Snapshot]:
    """All that is not taskorch's, as bytes: files, index, refs, reflogs, config, stash, objects."""
    asked = ("--git-dir", "--git-common-dir")  # one at a time: names of folders may have line breaks
    dirs = [place.git("rev-parse", "--path-format=absolute", one) for one in asked]
    folders = dict.fromkeys([str(place.repo.path), *dirs])
    found = {folder: snapshot(Repo(Path(folder))) for folder in folders}
    return {
        folder: {path: what for path, what in files.items() if not _is_ours(path)}
        for folder, files in found.items()
    }


def _is_ours(path: str) -> bool:
    parts = path.split("/")
    return ".orchestrator" in parts or "taskorch" in parts


@contextmanager
def touching_nothing(place: Place) -> Iterator[None]:
    """Hold the commands within to touching nothing of the user's."""
    before = untouched(place)
    yield
    after = untouched(place)
    for folder, files in before.items():
        differ = {path for path in files | after[folder] if files.get(path) != after[folder].get(path)}
        assert not differ, (folder, differ)


def day(place: Place | Repo, names: Sequence[str] = ("new.txt",), *, files: bool = True) -> str:
    """Init, a task, work, completion, commits, and the verdict that all has landed; gives the task's id.

    The repository holds `FILES` when it begins (unless `files` is false); `names` are created.
    """
    place = place if isinstance(place, Place) else Place(place)
    expected = dict.fromkeys(names, "create")
    with touching_nothing(place):
        place.run("init")
        task = str(place.json("task", "new", "The work of a day")["id"])
        place.run("task", "start", task)
    work(place.repo, names, files=files)
    if files:
        expected |= {"changed.txt": "modify", "new-name.txt": "move", "gone.txt": "delete"}
    with touching_nothing(place):
        _looked(place, task)
        place.json("track", "--", *place.named(["changed.txt"] if files else []), *place.named(names))
        done = place.json("task", "complete", task, "--results", "done", *_artifacts(place.named(names)))
        found = done["verification"]
        assert isinstance(found, dict)
        same({row["path"]: row["op"] for row in found["files"]}, expected)
        assert {row["rung"] for row in found["files"]} <= {"worktree", "staged"}, found
        assert (found["status"], found["on_disk"]) == ("pending", True)
    place.run("commit")
    place.git("add", "--all")
    place.git("commit", "--quiet", "-m", "the work")
    with touching_nothing(place):
        landed(place, task, expected)
        for words in (["status"], ["recover", task], ["review", "HEAD~1..HEAD"]):
            place.json(*words)
    assert place.git("status", "--porcelain") == ""
    return task


def work(repo: Repo, names: Sequence[str], *, files: bool = True) -> None:
    """What a day changes: a file of each kind of change, and the new `names`."""
    if files:
        repo.write("changed.txt", OLD.replace("line 4", "line four"))
        (repo.path / "old-name.txt").rename(repo.path / "new-name.txt")
        repo.remove("gone.txt")
    for name in names:
        repo.write(name, f"new {len(name)}\n" * 5)


def landed(place: Place, task: str, expected: Iterable[str]) -> None:
    """Every claim of the task stands in HEAD, as the work tree and as a target."""
    for words in (["verify", "--task", task], ["verify", "--task", task, "--target", "HEAD"]):
        found = place.json(*words)
        files = found["files"]
        assert isinstance(files, list)
        same({row["path"]: row["rung"] for row in files}, dict.fromkeys(expected, "exact"))
        assert (found["status"], found["problems"]) == ("verified", [])


def same(found: Mapping[str, str], expected: Mapping[str, str]) -> None:
    """Fail with what differs, in ASCII: pytest cannot print lone surrogates."""
    differ = sorted(name for name in {*found, *expected} if found.get(name) != expected.get(name))
    if differ:
        pytest.fail(", ".join(f"{name!a}: {found.get(name)}, not {expected.get(name)}" for name in differ))


def _looked(place: Place, task: str) -> None:
    """Look at everything."""
    for words in (
        ["status"],
        ["session", "status"],
        ["task", "list"],
        ["verify", "--task", task],
        ["doctor"],
    ):
        place.run(*words)
    place.run("recover", task)
    if place.repo.git_result("rev-parse", "HEAD~1", env=place.env).code == 0:
        place.run("review", "HEAD~1..HEAD")


def _artifacts(names: Sequence[str]) -> list[str]:
    """Options that name them as artifacts, but for those that no text can hold."""
    texts = [name for name in names if name.encode(errors="ignore").decode() == name]
    return [word for name in texts for word in ("--artifact", name)]
