"""Paths as long as git takes them, beyond what a system call takes in one piece."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.making import started
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.git.variety.days import Place, landed, touching_nothing
from tests.repos import Build, Repo


def empty(repo: Repo) -> None:
    repo.run("init")
    repo.commit("first", {"a.txt": "a\n"})


def long_path(length: int) -> str:
    """A path of exactly so many bytes, in folders of 200."""
    folders = "/".join(["f" * 199] * ((length - 2) // 200))
    return f"{folders}/" + "n" * (length - len(folders) - 1)


@contextmanager
def inside(top: Path, folders: str) -> Iterator[None]:
    """In a folder of any depth, made as needed: step by step, for its name is too long for one."""
    before = Path.cwd()
    os.chdir(top)
    try:
        for name in folders.split("/"):
            if not Path(name).is_dir():
                Path(name).mkdir()
            os.chdir(name)
        yield
    finally:
        os.chdir(before)


def write(repo: Repo, path: str, text: str) -> None:
    folders, _, name = path.rpartition("/")
    with inside(repo.path, folders):
        Path(name).write_text(text)


def test_a_day_with_the_longest_path_git_takes(build: Build) -> None:
    repo = build(empty)
    path = long_path(4095)
    task = started(repo)
    write(repo, path, "new\n")
    with touching_nothing(Place(repo)):
        assert [one["path"] for one in repo.json("track", path)["operations"]] == [path]
        for words in (["status"], ["session", "status"], ["recover"], ["verify"]):
            repo.run(*words)
        done = repo.json("task", "complete", task, "--results", "r", "--artifact", path)
        assert [row["rung"] for row in done["verification"]["files"]] == ["worktree"]
    left_out = repo.json("checkpoint")["left_out"]
    assert [(one["path"], one["why"]) for one in left_out if "f/" in one["path"]] == [
        (path, "it cannot be read")
    ]
    repo.run("commit")
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "-m", "the work")
    landed(Place(repo), task, {path: "create"})
    assert [one["path"] for one in repo.json("review", "HEAD~2..HEAD")["claims"]] == [path]


def test_what_is_deeper_than_git_takes_is_passed_over_and_refused_where_it_is_named(build: Build) -> None:
    repo = build(empty)
    task = started(repo)
    path = long_path(4200)
    write(repo, path, "too deep\n")
    repo.write("new.txt", "new\n")
    assert repo.git_result("add", "--dry-run", "--all").code == 128
    said = refused(repo, "track", path, kind="bad_path")
    assert said["message"].endswith("has 4,200 bytes from the root of the work tree")
    done = repo.json("task", "complete", task, "--results", "r")
    assert [row["path"] for row in done["verification"]["files"]] == ["new.txt"]


def test_a_current_folder_beyond_the_system_is_refused(build: Build) -> None:
    repo = build(empty)
    before = snapshot(repo, local=True)
    for length in (4090 - len(str(repo.path)), 4300):
        folders = long_path(length)
        for words in (["status"], ["task", "new", "T"], ["task", "list"]):
            with inside(repo.path, folders):
                done = subprocess.run(
                    [sys.executable, "-m", "taskorch", *words], capture_output=True, text=True, check=False
                )
            assert (done.returncode, done.stdout) == (1, ""), done.stderr
            assert done.stderr.count("hint: ") == 1
            assert "Traceback" not in done.stderr
    assert snapshot(repo, local=True).items() >= before.items()
