"""Where nothing can be written: read-only folders, files in the way, a full disk, links that lead away."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from taskorch.services.moments import utc_now
from taskorch.store import lock
from tests.cli.making import expire_leases, new_task
from tests.cli.refusals import READING, TEXTS, refused
from tests.cli.snapshots import snapshot
from tests.repos import Repo


@contextmanager
def no_writing(folder: Path) -> Iterator[None]:
    """A folder in which nothing can be made or changed, for root as well where the system can."""
    mode = folder.stat().st_mode
    is_root = os.geteuid() == 0
    if is_root and subprocess.run(["chattr", "+i", str(folder)], capture_output=True, check=False).returncode:
        pytest.skip("root can write everywhere here, and chattr does not work")
    try:
        if not is_root:
            folder.chmod(0o555)
        yield
    finally:
        if is_root:
            subprocess.run(["chattr", "-i", str(folder)], check=True)
        else:
            folder.chmod(mode)


@pytest.mark.parametrize(
    "words",
    [
        ["task", "new", "T"],
        ["task", "note", "{task}", "x"],
        ["task", "edit", "{task}", "--title", "x"],
        ["task", "complete", "{task}", "--results", "r"],
        ["task", "cancel", "{task}"],
    ],
    ids=" ".join,
)
def test_a_read_only_folder(project: Repo, words: list[str]) -> None:
    task = new_task(project)
    with no_writing(project.path / ".orchestrator" / "tasks"):
        filled = [word.format(task=task) for word in words]
        error = refused(project, *filled, kind="write_failed")
        assert "cannot write" in error["message"]
        assert project.json("task", "list")["tasks"][0]["id"] == task


def test_a_read_only_folder_leaves_no_session_behind(project: Repo) -> None:
    task = new_task(project)
    project.run("session", "start")
    project.run("session", "end")
    with no_writing(project.path / ".orchestrator" / "tasks"):
        refused(project, "task", "start", task, kind="write_failed")
    assert project.json("session", "status")["session"] is None


@pytest.mark.parametrize("words", [["session", "start"], ["task", "start", "{task}"]], ids=" ".join)
def test_a_refused_session_leaves_the_interrupted_one_to_be_resumed(project: Repo, words: list[str]) -> None:
    task = new_task(project)
    session = project.json("session", "start")["id"]
    expire_leases(project)
    with no_writing(project.path / ".orchestrator" / "sessions" / f"{utc_now()[:7]}"):
        done = project.run(*(word.format(task=task) for word in words), check=False)
        assert done.code == 1
    assert project.json("session", "status")["interrupted"] == session
    assert project.json("verify")["files"] == []


def test_a_read_only_project(repo: Repo) -> None:
    with no_writing(repo.path):
        refused(repo, "init", kind="write_failed")


@pytest.mark.parametrize("kind", ["tasks", "decisions", "sessions"])
def test_a_file_in_place_of_a_folder(project: Repo, kind: str) -> None:
    project.write(f".orchestrator/{kind}", "a file\n")
    words = {
        "tasks": ["task", "new", "T"],
        "decisions": ["decision", "new", "T", *TEXTS],
        "sessions": ["session", "start"],
    }
    error = refused(project, *words[kind], kind="write_failed")
    assert f".orchestrator/{kind}" in error["message"]
    for reading in READING:
        # verify has nothing to go by, those that look for what is wrong find the file
        finds = reading == ["doctor"] or (reading == ["decision", "check"] and kind == "decisions")
        assert project.run(*reading, check=False).code in ((4,) if finds else (0, 1)), reading


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can take a byte, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize(
    "words",
    [
        ["task", "new", "T"],
        ["task", "note", "{task}", "x"],
        ["task", "complete", "{task}", "--results", "r"],
        ["session", "start"],
        ["task", "start", "{task}"],
    ],
    ids=" ".join,
)
def test_a_full_disk(project: Repo, words: list[str]) -> None:
    task = new_task(project)
    filled = [word.format(task=task) for word in words]
    before = snapshot(project, local=True)
    with full_disk():
        done = project.run(*filled, "--json", check=False)
    assert done.code == 1
    assert done.error["hint"]
    assert snapshot(project, local=True) == before


def test_a_store_that_a_link_leads_away_is_not_written(project: Repo) -> None:
    store = project.path / ".orchestrator"
    away = store.rename(project.path.parent / "away")
    store.symlink_to(away)
    before = snapshot(Repo(project.path.parent))
    done = project.run("task", "new", "T", "--json", check=False)
    assert done.code == 1
    assert "symbolic link" in done.error["message"]
    assert done.error["hint"]
    assert snapshot(Repo(project.path.parent)) == before


@pytest.mark.parametrize("folder", ["tasks", "sessions", "sessions/2026-01", "decisions"])
def test_a_folder_of_records_that_a_link_leads_away_is_not_written(project: Repo, folder: str) -> None:
    away = project.path.parent / "away"
    away.mkdir()
    link = project.path / ".orchestrator" / folder
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(away)
    assert "symbolic link" in refused(project, "task", "new", "T", kind="refused")["message"]
    assert list(away.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP])
def test_a_file_system_without_locks(project: Repo, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def no_lock(_: int, __: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", no_lock)
    begin = time.monotonic()
    error = refused(project, "task", "new", "T", kind="write_failed")
    assert "lock cannot be locked" in error["message"] and "NFS" in error["hint"]
    assert time.monotonic() - begin < lock.WAIT_SECONDS
    project.run("task", "list")


def test_another_writer_that_does_not_finish(project: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    original = lock.locked.__wrapped__  # type: ignore[attr-defined]  # of the context manager
    monkeypatch.setattr(original, "__defaults__", (0.2,))
    new_task(project)
    with (project.path / ".git" / "taskorch" / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        error = refused(project, "task", "new", "T", kind="busy")
        assert "another taskorch is writing" in error["message"]
        project.run("task", "list")  # readers never wait
