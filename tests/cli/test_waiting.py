"""What takes long is told on a terminal, after a second; a pipe gets nothing of it."""

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
    text = f'case "$*" in *rev-parse*) [ -e {waited} ] || {{ : > {waited}; sleep 1.5; }};; esac'
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


@pytest.mark.parametrize("command", COMMANDS)
def test_a_pipe_is_not(slow: Repo, command: tuple[str, ...]) -> None:
    done = slow.taskorch(*command, check=False)
    assert "reading history" not in done.out + done.err
