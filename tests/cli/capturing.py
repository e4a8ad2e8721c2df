"""Decisions written down in each way, and terminals, in one line each."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

from tests.cli.editors import editor
from tests.repos import Repo

TEXTS = ("--context", "Hashes leak.", "--decision", "argon2id", "--rationale", "It is memory-hard.")
SHORT = ("decision", "new", "Use ruff", "--because", "one tool, and fast")


def body(repo: Repo, made: dict[str, object]) -> str:
    """The Markdown of a decision."""
    return repo.read(str(made["path"])).split("---\n", 2)[2].strip()


def write_in_editor(repo: Repo, python: str, *words: str) -> dict[str, object]:
    """A decision that an editor makes, which runs some Python on its text."""
    return repo.run("decision", "new", *words, "-e", "--json", env=editor(repo, python)).json


def from_input(repo: Repo, text: str, *words: str) -> dict[str, object]:
    """A decision from a text on standard input."""
    return repo.run("decision", "new", *words, "-F", "-", "--json", stdin=text).json


def in_terminal(repo: Repo, *words: str, **env: str) -> tuple[int, str]:
    """The exit code of a command on a terminal, and what it writes there."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "taskorch", *words], cwd=repo.path, stdin=child, stdout=child, stderr=child,
        env={**os.environ, "TERM": "dumb", **env},
    )  # fmt: skip
    os.close(child)
    out = b""
    try:
        while part := os.read(parent, 65536):
            out += part
    except OSError:  # the terminal is closed when the process has ended
        pass
    os.close(parent)
    return process.wait(), out.decode().replace("\r\n", "\n")
