"""What takes long is told after a second, on a terminal as to a pipe; to a pipe never where JSON is read."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from taskorch.cli import output
from tests.repos import Repo

COMMANDS = (("verify", "--all"), ("recover",), ("review",), ("decision", "check"))


@pytest.fixture
def slow(project: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A project in which a first question to git takes longer than a second."""
    project.commit("more", {"a.txt": "a\n"})
    folder = tmp_path / "slow"
    folder.mkdir()
    script = folder / "git"
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    waited = f"{tmp_path / 'waited'}.$PPID"
    text = f'case "$*" in *rev-parse*) [ -e {waited} ] || {{ : > {waited}; sleep 1.3; }};; esac'
    script.write_text(f'#!/bin/sh\n{text}\nexec {real} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return project


@contextmanager
def on_terminal(repo: Repo, command: Sequence[str]) -> Iterator[Callable[[], tuple[str, str]]]:
    """A command that runs; what it writes to standard output, a pipe, and to standard error, a terminal."""
    ours, theirs = pty.openpty()
    whole = [sys.executable, "-m", "taskorch", *command]
    try:
        with subprocess.Popen(whole, cwd=repo.path, stdout=subprocess.PIPE, stderr=theirs) as process:

            def said() -> tuple[str, str]:
                out, _ = process.communicate()
                os.set_blocking(ours, False)
                try:
                    return out.decode(), os.read(ours, 1 << 16).decode()
                except BlockingIOError:
                    return out.decode(), ""

            yield said
    finally:
        os.close(ours)
        os.close(theirs)


def test_after_a_second_a_terminal_is_told_and_a_pipe_where_no_json_is_read(slow: Repo) -> None:
    """All of them at once: most of the time they wait."""
    commands = (["recover"], ["recover", "t-00000000", "--json"])
    with ExitStack() as stack:
        on_pipes = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "taskorch", *command],
                    cwd=slow.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                )
            )
            for command in commands
        ]  # fmt: skip
        closed = stack.enter_context(
            subprocess.Popen(
                ["bash", "-c", f"{sys.executable} -m taskorch recover 2>&-"],
                cwd=slow.path, stdout=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
        for said in [stack.enter_context(on_terminal(slow, command)) for command in COMMANDS]:
            out, shown = said()
            assert "reading history ..." in shown
            assert "reading history" not in out
        (out, err), (nothing, error) = (process.communicate() for process in on_pipes)
        assert (out[:9], err) == ("# Project", "reading history ...\n")
        assert "reading history" not in out
        assert (nothing, json.loads(error)["kind"]) == ("", "not_found")
        assert (closed.communicate()[0][:9], closed.returncode) == ("# Project", 0)


def test_then_every_few_seconds(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(output, "FIRST_TOLD", 0.1)
    monkeypatch.setattr(output, "PAUSE", 0.9)
    with output.waiting("reading", as_json=False):
        time.sleep(1.5)
    assert capsys.readouterr().err == "reading ...\nreading, 1 s so far ...\n"
    with output.waiting("reading", as_json=False):
        pass
    assert capsys.readouterr().err == ""
