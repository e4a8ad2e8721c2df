"""What the machine refuses, and no record is at fault: lost output, no permission, a folder that is gone."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from taskorch.services.workspace import Workspace
from tests.cli.making import new_decision, started
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.repos import Repo, Result

PROGRAM = f"{sys.executable} -m taskorch"
_DROPPED = "-dac_override,-dac_read_search"
_POWERLESS = ["setpriv", f"--bounding-set={_DROPPED}", f"--inh-caps={_DROPPED}"]


def in_shell(repo: Repo, script: str) -> Result:
    """What a line of shell leaves."""
    done = subprocess.run(["bash", "-c", script], cwd=repo.path, capture_output=True, text=True, check=False)
    return Result((script,), done.returncode, done.stdout, done.stderr)


def powerless() -> list[str]:
    """What starts a process to which permissions apply, also where the tests run as root."""
    prefix = _POWERLESS if os.geteuid() == 0 else []
    if prefix and (not shutil.which("setpriv") or subprocess.run([*prefix, "true"], check=False).returncode):
        pytest.skip("root may do everything here, and setpriv cannot take it away")
    return prefix


def as_anyone(repo: Repo, *words: str) -> Result:
    """The command line as a process to which permissions apply, also where the tests run as root."""
    command = [*powerless(), sys.executable, "-m", "taskorch", *words]
    done = subprocess.run(command, cwd=repo.path, capture_output=True, text=True, check=False)
    return Result(tuple(command), done.returncode, done.stdout, done.stderr)


@contextmanager
def modes(change: int, *paths: Path) -> Iterator[None]:
    """Files and folders with only those of their permission bits that are in `change`."""
    before = {path: path.stat().st_mode for path in paths}
    try:
        for path, mode in before.items():
            path.chmod(mode & change)
        yield
    finally:
        for path, mode in reversed(before.items()):
            path.chmod(mode)


def logs(repo: Repo) -> list[Path]:
    """The logs of bugs."""
    return [*repo.path.glob(".git/taskorch/logs/*"), *Path(tempfile.gettempdir()).glob("*.log")]


@pytest.mark.parametrize("words", ["task list", "task list --json", "task new X", "--help", "task list -h"])
def test_output_to_a_full_device(project: Repo, words: str) -> None:
    started(project)
    done = in_shell(project, f"{PROGRAM} {words} >/dev/full")
    assert done.code == 1
    text = (
        '"kind": "write_failed"' if "--json" in words else "error: the output could not be written: No space"
    )
    assert text in done.err
    assert done.err.count("hint") == 1
    assert "Exception" not in done.err
    assert in_shell(project, f"{PROGRAM} {words} >/dev/full 2>&1").code == 1
    assert logs(project) == []


def test_output_that_is_closed(project: Repo) -> None:
    before = snapshot(project, local=True)
    done = in_shell(project, f"{PROGRAM} task new X >&-")
    assert done.code == 1
    assert done.err.startswith("error: the output could not be written: it is closed\nhint: ")
    assert snapshot(project, local=True) == before


def test_errors_that_nobody_can_read(project: Repo) -> None:
    project.write(".orchestrator/tasks/t-00000001-broken.md", "told on standard error\n")
    for lost in ("2>/dev/full", "2>&-", "2>&1 >/dev/null | true; exit ${PIPESTATUS[0]}"):
        for words, code in (("task show nope", 1), ("task show", 2), ("task list", 0)):
            assert in_shell(project, f"{PROGRAM} {words} {lost}").code == code, (words, lost)
    assert logs(project) == []


def test_a_current_folder_that_was_deleted(project: Repo) -> None:
    done = in_shell(project, f"mkdir gone && cd gone && rmdir ../gone && {PROGRAM} task list")
    assert done.code == 1
    assert done.err.startswith("error: the current folder is not there any more\nhint: ")


@pytest.mark.parametrize(
    ("number", "code", "kind"),
    [
        *((number, 1, "write_failed") for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)),
        *((number, 1, "refused") for number in (errno.EIO, errno.EACCES, errno.EPERM)),
        *((number, 3, "bug") for number in (errno.ENOENT, errno.EBADF, errno.EISDIR)),
    ],
)
def test_errors_of_the_machine_are_no_bugs(
    project: Repo, monkeypatch: pytest.MonkeyPatch, number: int, code: int, kind: str
) -> None:
    def broken(_: Workspace, explain: bool) -> None:
        raise OSError(number, os.strerror(number), "some/file")

    monkeypatch.setattr("taskorch.services.tasks.ready_tasks", broken)
    error = refused(project, "task", "ready", kind=kind, code=code)
    assert "some/file" in error["message"]
    assert os.strerror(number) in error["message"]
    assert bool(logs(project)) == (kind == "bug")


def test_a_store_without_permission(project: Repo) -> None:
    with modes(0, project.path / ".orchestrator"):
        for words in (["task", "list"], ["task", "new", "T"], ["doctor"]):
            done = as_anyone(project, *words)
            assert (done.code, done.out) == (1, "")
            assert "config.yaml: Permission denied" in done.err
            assert "hint: check the permissions" in done.err
    assert logs(project) == []


READING = [
    ["task", "list"], ["task", "ready"], ["task", "show", "t-"], ["decision", "list"],
    ["decision", "show", "d-"], ["session", "status"], ["session", "list"], ["session", "show"], ["status"],
    ["doctor"], ["verify"], ["verify", "--all"], ["verify", "--target", "HEAD"], ["recover"],
    ["recover", "t-"], ["review"], ["review", "HEAD~1..HEAD"], ["search", "login"], ["history", "t-"],
]  # fmt: skip


@pytest.mark.parametrize("fresh", [False, True], ids=["used before", "a fresh clone"])
def test_reading_needs_no_git_directory_that_can_be_written(project: Repo, fresh: bool) -> None:
    project.write("a.txt", "from before the session: only taskorch has this content\n")
    task, decision = started(project), new_decision(project)
    project.write("a.txt", "a\nb\nc\n")
    project.run("commit")
    project.commit("work")
    project.write("a.txt", "a\nb\nC\n")
    project.write("b.txt", "new\n")
    git_dir = project.path / ".git"
    if fresh:
        shutil.rmtree(git_dir / "taskorch")
    ids = {"t-": task, "d-": decision}
    asked = [[ids.get(word, word) for word in words] for words in READING]
    expected = [project.run(*words, check=False) for words in asked]
    if fresh:
        shutil.rmtree(git_dir / "taskorch")
    before = snapshot(project, local=True)
    with modes(0o555, *git_dir.rglob("*"), git_dir):
        found = project.taskorch_each(asked, before=powerless())
        for words, done, there in zip(asked, found, expected, strict=True):
            said = "".join(line for line in done.err.splitlines(True) if "safety store is off" not in line)
            assert (done.code, done.out, said) == (there.code, there.out, there.err), words
    assert snapshot(project, local=True) == before
    assert list(Path(tempfile.gettempdir()).iterdir()) == []
