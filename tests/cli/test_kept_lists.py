"""Lists of many records that are kept: what is printed with them is what is printed without."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.repos import Build, Repo

MANY = 520
SETTLED = 0.15
COMMANDS = (
    ("task", "list"),
    ("task", "list", "--status", "pending", "--json"),
    ("decision", "list"),
    ("search", "number 17"),
    ("task", "show", "t-00000017"),
)

TASK = """---
id: t-{number:08}
title: Number {number}
created: 2026-01-02T00:00:00Z
status: pending
labels:
---

# Number {number}
"""


def filled(repo: Repo) -> None:
    """A store with many tasks."""
    repo.commit("begin", {"a.txt": "one\n"})
    repo.run("init")
    for number in range(MANY):
        repo.write(f".orchestrator/tasks/t-{number:08}-x.md", TASK.format(number=number))


@pytest.fixture
def project(build: Build) -> Repo:
    repo = build(filled)
    time.sleep(SETTLED)
    printed(repo)
    assert len(kept(repo)) == len(COMMANDS)
    return repo


def kept(repo: Repo) -> list[Path]:
    return sorted((repo.path / ".git" / "taskorch" / "cache").glob("*.json"))


def printed(repo: Repo) -> list[tuple[int, str, str]]:
    done = [repo.run(*command, check=False) for command in COMMANDS]
    return [(one.code, one.out, one.err) for one in done]


def test_the_second_time_it_is_printed_as_it_was(project: Repo) -> None:
    first = printed(project)
    assert printed(project) == first
    for file in kept(project):
        file.unlink()
    assert printed(project) == first


def test_it_is_what_was_kept_that_is_printed(project: Repo) -> None:
    for file in kept(project):
        body = file.read_bytes().partition(b"\n")[2].replace(b"Number 17", b"Number XX")
        file.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    assert "Number XX" in project.run("task", "list").out


def test_an_archived_dependency_that_changes_is_seen(project: Repo) -> None:
    text = TASK.format(number=90000000).replace("pending", "completed")
    archived = project.write(".orchestrator/archive/2026-01/t-90000000-x.md", text)
    waits = TASK.format(number=80000000).replace("labels:", "depends_on:\n  - t-90000000\nlabels:")
    project.write(".orchestrator/tasks/t-80000000-x.md", waits)
    for status in ("completed", "failed", "completed"):
        archived.write_text(text.replace("completed", status))
        time.sleep(SETTLED)
        for _ in range(3):
            rows = project.json("task", "list")["tasks"]
            [row] = [one for one in rows if one["id"] == "t-80000000"]
            assert bool(row["waits_for"]) is (status == "failed")


def test_to_print_what_was_kept_loads_no_records(project: Repo) -> None:
    for command in COMMANDS:
        code = (
            "import sys\nfrom taskorch.cli.boundary import main\n"
            f"main({list(command)})\nprint('taskorch.records.collection' in sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=project.path, check=True, capture_output=True, text=True
        )
        assert done.stdout.endswith("\nFalse\n"), command


def _in_place(repo: Repo) -> None:
    """A change of the same size that keeps the time of the file."""
    file = repo.path / ".orchestrator/tasks/t-00000017-x.md"
    known = file.stat()
    with file.open("r+") as opened:
        opened.seek(file.read_text().index("Number 17"))
        opened.write("Number 71")
    os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))


CHANGES: dict[str, Callable[[Repo], object]] = {
    "edited": lambda repo: repo.run("task", "edit", "t-00000117", "--title", "Another number 17"),
    "in place": _in_place,
    "new": lambda repo: repo.run("task", "new", "One more, number 17"),
    "removed": lambda repo: (repo.path / ".orchestrator/tasks/t-00000217-x.md").unlink(),
    "renamed": lambda repo: (repo.path / ".orchestrator/tasks/t-00000317-x.md").rename(
        repo.path / ".orchestrator/tasks/t-00000317-y.md"
    ),
    "broken": lambda repo: repo.write(".orchestrator/tasks/t-00000417-x.md", "broken\n"),
    "a session": lambda repo: repo.run("session", "start", "--purpose", "number 17"),
    "a decision": lambda repo: repo.run("decision", "new", "Number 17", "--because", "why not"),
    "other settings": lambda repo: repo.write(
        ".orchestrator/config.yaml", repo.read(".orchestrator/config.yaml") + "sessions: local\n"
    ),
    "decisions elsewhere": lambda repo: (
        repo.write("adr/0001-number-17.md", "# 1. Number 17\n\n## Status\n\nAccepted\n"),
        repo.run("decision", "adopt", "adr", "--in-place"),
    ),
}


def test_whatever_changes_is_seen(project: Repo) -> None:
    for change, make in CHANGES.items():
        time.sleep(SETTLED)
        before = printed(project)
        assert len(kept(project)) >= len(COMMANDS), change
        make(project)
        now = printed(project)
        shutil.rmtree(project.path / ".git" / "taskorch" / "cache")
        assert now == printed(project), change
        assert (now == before) == (change == "other settings"), change


def test_a_folder_of_another_tool_is_always_read(project: Repo) -> None:
    CHANGES["decisions elsewhere"](project)
    time.sleep(SETTLED)
    assert "Number 17" in project.run("decision", "list").out
    project.write("adr/0001-number-17.md", "# 1. Number 18\n\n## Status\n\nAccepted\n")
    assert "Number 18" in project.run("decision", "list").out


def test_few_records_are_not_kept(project: Repo) -> None:
    for file in sorted((project.path / ".orchestrator/tasks").glob("*.md"))[:400]:
        file.unlink()
    for file in kept(project):
        file.unlink()
    time.sleep(SETTLED)
    printed(project)
    assert kept(project) == []


def test_where_nothing_can_be_kept_it_is_printed_all_the_same(project: Repo) -> None:
    before = printed(project)
    shutil.rmtree(project.path / ".git" / "taskorch" / "cache")
    (project.path / ".git" / "taskorch" / "cache").write_text("in the way")
    assert printed(project) == before
