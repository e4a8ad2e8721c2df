"""A disk that fails at any moment: one clear error, nothing torn, and the command can be repeated.

The suite takes every thirty-first moment.  All of them, with both errors and a disk that stays full:
``TASKORCH_FAULTS=all pytest -n auto tests/cli/test_faults.py``.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.faults import Disk, faulty
from tests.cli.making import new_decision, new_task, started
from tests.conftest import start_project
from tests.repos import Build, Repo

ALL = os.environ.get("TASKORCH_FAULTS") == "all"
STEP = 1 if ALL else 31

COMMANDS = {
    "task new": ["task", "new", "Other"],
    "task start": ["task", "start", "{pending}"],
    "task start, second": ["task", "start", "{pending}"],
    "task edit": ["task", "edit", "{pending}", "--title", "Renamed", "--add-label", "x"],
    "task complete": ["task", "complete", "{active}", "--results", "done"],
    "task cancel": ["task", "cancel", "{active}"],
    "session start": ["session", "start"],
    "session end": ["session", "end", "--summary", "s"],
    "commit": ["commit"],
    "decision supersede": ["decision", "supersede", "{old}", "--by", "{new}"],
    "track": ["track", "a.txt", "--task", "{pending}"],
    "track --range": ["track", "--range", "HEAD~1..HEAD", "--task", "{pending}"],
}
WITHOUT_SESSION = ("task start", "session start", "track")


def without_session(project: Repo, *, session: bool = False) -> None:
    """Tasks and decisions, work that is committed and work that is not."""
    start_project(project)
    new_task(project, "Pending")
    new_decision(project, "Old")
    new_decision(project, "New")
    if session:
        started(project, "Active")
    project.commit("work", {"b.txt": "b\n"})
    project.write("a.txt", "a\n")
    new_task(project, "Not committed")


def with_session(project: Repo) -> None:
    """The same, and in a session a task is active."""
    without_session(project, session=True)


def words_of(project: Repo, name: str) -> list[str]:
    """The words of a command with the ids of the records they mean."""
    ids = {one["title"].lower(): one["id"] for one in project.json("task", "list")["tasks"]}
    ids |= {one["title"].lower(): one["id"] for one in project.json("decision", "list")["decisions"]}
    return [word.format(**ids) for word in COMMANDS[name]]


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, of the records, or of what git has of its own."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".tmp-")
    }


def state(repo: Repo) -> tuple[dict[str, bytes], bytes, str, str]:
    """Records, index, commit and session."""
    index = (repo.path / ".git/index").read_bytes()
    current = "".join(one.read_text() for one in repo.path.glob(".git/taskorch/worktrees/*/current"))
    return files(repo.path / ".orchestrator"), index, repo.head, current


def moments(repo: Repo, words: list[str], error: int, *, stays: bool) -> Iterator[tuple[Repo, Disk, str]]:
    """Copies in which the disk failed at the first, the second, ... moment of a command."""
    for moment in range(0, 400, STEP):
        copy = Repo(repo.path.parent / f"failed-{moment}")
        shutil.copytree(repo.path, copy.path, symlinks=True)
        disk = Disk(str(copy.path), moment, error, stays)
        before = state(copy)
        with faulty(disk):
            done = copy.run(*words, check=False)
        if not disk.failed:
            assert done.code == 0, done.err
            shutil.rmtree(copy.path)
            return
        where = f"{disk.failed}: {done.err}"
        if done.code:
            assert done.code == 1, where
            assert done.err.count("error: ") == 1 and done.err.count("hint: ") == 1, where
            assert "Traceback" not in done.err, where
            assert os.strerror(error) in done.err, where
            now = state(copy)
            assert now[:3] == before[:3], where
            assert now[3] == before[3], where
        yield copy, disk, where
        shutil.rmtree(copy.path)
    raise AssertionError("it never ended by itself")


CASES = [
    (errno.ENOSPC, False),
    *([(errno.EIO, False), (errno.ENOSPC, True)] if ALL else [(errno.ENOSPC, True)]),
]


@pytest.mark.parametrize("name", COMMANDS)
def test_wherever_the_disk_fails(build: Build, name: str) -> None:
    project = build(without_session if name in WITHOUT_SESSION else with_session)
    words = words_of(project, name)
    for error, stays in CASES:
        can_be_repeated(project, words, error, stays=stays)


def can_be_repeated(project: Repo, words: list[str], error: int, *, stays: bool) -> None:
    """Wherever the disk fails a command with an error, the same command works as soon as it does not."""
    count = 0
    for copy, _, where in moments(project, words, error, stays=stays):
        count += 1
        if "error: " in where:
            again = copy.run(*words, check=False)
            assert again.code == 0, (where, again.err)
        copy.run("session", "note", "the next command", check=False)  # sweeps up what could not be deleted
        assert copy.run("doctor", check=False).code == 0, where
        assert not list((copy.path / ".orchestrator").rglob(".tmp-*")), where
    assert count >= (10 if ALL else 1)


def test_a_full_disk_that_is_really_full(project: Repo) -> None:
    task = started(project)
    script = f"""
set -e
mount -t tmpfs -o size=600k none "$1"
cp -a "$2/." "$1/"
cd "$1"
dd if=/dev/zero of=fill bs=1k 2>/dev/null || true
for words in "task new Other" "task note {task} x" "task complete {task} --results r" "commit"; do
    if $3 -m taskorch $words 2>err.txt >/dev/null; then echo "done: $words"; else echo "code $?: $words"; fi
done 2>&1
rm fill
git diff --quiet HEAD -- .orchestrator && echo clean
$3 -m taskorch task complete {task} --results r >/dev/null && $3 -m taskorch commit >/dev/null && echo again
$3 -m taskorch doctor >/dev/null && echo sound
"""
    project.commit("all")
    disk = project.path.with_name("disk")
    disk.mkdir()
    command = ["unshare", "-Urm", "bash", "-c", script, "-", str(disk), str(project.path), sys.executable]
    if not shutil.which("unshare") or subprocess.run(["unshare", "-Urm", "true"], check=False).returncode:
        pytest.skip("no user and mount namespaces here")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert lines[-3:] == ["clean", "again", "sound"], (done.stdout, done.stderr)
    assert [line.split(":")[0] for line in lines[:3]] == ["code 1"] * 3
