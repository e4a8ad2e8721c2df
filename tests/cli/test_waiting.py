"""What takes long is told on a terminal after a second, to a pipe after some; where JSON is read, never."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.repos import Repo

COMMANDS = (("verify", "--all"), ("recover",), ("review",))


@pytest.fixture
def slow(project: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A project in which a first question to git takes longer than a second."""
    project.commit("more", {"a.txt": "a\n"})
    folder = tmp_path / "slow"
    folder.mkdir()
    script = folder / "git"
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    waited = tmp_path / "waited"
    text = f'case "$*" in *rev-parse*) [ -e {waited} ] || {{ : > {waited}; sleep ${{SLOW:-1.5}}; }};; esac'
    script.write_text(f'#!/bin/sh\n{text}\nexec {real} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return project


def on_terminal(repo: Repo, command: Sequence[str]) -> tuple[str, str]:
    """What a command writes to standard output, a pipe, and to standard error, a terminal."""
    ours, theirs = pty.openpty()
    whole = [sys.executable, "-m", "taskorch", *command]
    try:
        done = subprocess.run(whole, cwd=repo.path, stdout=subprocess.PIPE, stderr=theirs, check=False)
        os.set_blocking(ours, False)
        try:
            said = os.read(ours, 1 << 16)
        except BlockingIOError:
            said = b""
    finally:
        os.close(ours)
        os.close(theirs)
    return done.stdout.decode(), said.decode()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_terminal_is_told_after_a_second(slow: Repo, command: tuple[str, ...]) -> None:
    out, said = on_terminal(slow, command)
    assert "reading history ..." in said
    assert "reading history" not in out


def test_a_pipe_is_told_after_three_seconds_and_then_every_five(
    slow: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = slow.taskorch("recover", check=False)
    assert "reading history" not in done.out + done.err  # a second and a half
    (slow.path.parent / "waited").unlink()
    monkeypatch.setenv("SLOW", "8.5")
    done = slow.taskorch("recover", "--budget", "5000", check=False)
    assert done.err == "reading history ...\nreading history, 8 s so far ...\n"
    assert "reading history" not in done.out


def test_where_json_is_read_a_pipe_gets_nothing(slow: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLOW", "3.5")
    done = slow.taskorch("recover", "t-00000000", "--json", check=False)
    assert done.error["kind"] == "not_found"


def test_a_closed_standard_error_hinders_nothing(slow: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLOW", "3.5")
    command = f"{sys.executable} -m taskorch recover 2>&-"
    done = subprocess.run(["bash", "-c", command], cwd=slow.path, capture_output=True, check=False)
    assert (done.returncode, done.stdout[:9]) == (0, b"# Project")
