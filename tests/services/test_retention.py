"""What the safety store keeps: by age, count and size; and what it never drops."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from taskorch.services.safety import journaling, retention
from taskorch.services.safety.journaling import journal_of
from taskorch.services.safety.retention import keep_within_limits
from taskorch.store.config import Limits
from tests.cli.making import new_task, started, task_file
from tests.repos import Repo

NOW = "2030-01-01T00:00:00Z"


def private(repo: Repo) -> Path:
    return repo.path / ".git" / "taskorch"


def age(repo: Repo) -> None:
    """Let all objects be older than any command."""
    long_ago = time.time() - 2 * 3600
    for file in private(repo).rglob("objects/??/*"):
        os.utime(file, (long_ago, long_ago))


def objects(repo: Repo) -> int:
    return sum(1 for _ in private(repo).glob("safety/objects/??/*"))


def numbers(repo: Repo) -> list[int]:
    return [step.number for step in journal_of(private(repo)).steps()]


def keep(repo: Repo, now: str = NOW, **limits: int) -> None:
    keep_within_limits(private(repo), Limits(**limits), now)


@pytest.fixture
def busy(project: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A project with twelve steps, of which three are kept whatever their age."""
    monkeypatch.setattr(retention, "_AT_LEAST", 3)
    task = new_task(project)
    for number in range(9):
        project.run("task", "note", task, f"note {number}")
    project.write("a.txt", "a\n")
    project.run("checkpoint")
    age(project)
    return project


def test_by_count(busy: Repo) -> None:
    before = objects(busy)
    keep(busy, safety_steps=5, now=utc_of(busy))
    assert numbers(busy) == [8, 9, 10, 11, 12]
    assert objects(busy) < before
    busy.run("undo", "--last", "4")
    assert "note 4" in task_file(busy, str(busy.json("task", "list")["tasks"][0]["id"])).read_text()
    busy.run("restore", "a.txt", "--list")


def test_by_age_but_never_the_last(busy: Repo) -> None:
    keep(busy, safety_days=1)
    assert numbers(busy) == [10, 11, 12]


def test_a_clock_that_was_set_back_drops_nothing(busy: Repo) -> None:
    keep(busy, safety_days=1, now="1999-01-01T00:00:00Z")
    assert numbers(busy) == list(range(1, 13))


def test_by_size_the_oldest_go_first(busy: Repo) -> None:
    busy.write("big.bin", os.urandom(1_500_000))
    busy.run("checkpoint")
    age(busy)
    keep(busy, safety_mib=1, now=utc_of(busy))
    assert numbers(busy) == []
    busy.write("small.bin", os.urandom(500_000))
    busy.remove("big.bin")
    busy.run("checkpoint")
    busy.run("task", "list")
    age(busy)
    keep(busy, safety_mib=1, now=utc_of(busy))
    assert len(numbers(busy)) == 1
    assert sum(file.stat().st_size for file in private(busy).glob("safety/objects/??/*")) < 1024 * 1024


def test_what_is_named_or_new_stays(busy: Repo) -> None:
    before = objects(busy)
    keep(busy, now=utc_of(busy))
    assert objects(busy) == before
    busy.write("b.txt", "b\n")
    task = started(busy, "Other")
    busy.write("b.txt", "b\nmore\n")
    busy.run("session", "status")
    age(busy)
    keep(busy, safety_steps=1, now=utc_of(busy))  # what the open session has seen is still needed
    busy.run("task", "complete", task, "--results", "r")
    [claims] = busy.path.glob(".orchestrator/sessions/*/*.claims.jsonl")
    assert json.loads(claims.read_text())["digest"]  # made of what the file was before
    assert busy.run("doctor").code == 0


def test_what_was_just_made_stays_though_nothing_names_it_yet(busy: Repo) -> None:
    oid = journaling.keep(private(busy), b"about to be named")
    file = private(busy) / "safety" / "objects" / oid[:2] / oid[2:]
    keep(busy, now=utc_of(busy))
    assert file.exists()
    age(busy)
    keep(busy, now=utc_of(busy))
    assert not file.exists()


def test_writing_keeps_within_the_limits_by_itself(project: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_AT_LEAST", 2)
    project.write(".orchestrator/config.yaml", "format: 1\nsafety_steps: 5\n")
    task = new_task(project)
    for number in range(2, journaling.EVERY):
        project.run("task", "note", task, f"note {number}")
    assert len(numbers(project)) == 5
    assert numbers(project)[-1] == journaling.EVERY


def utc_of(repo: Repo) -> str:
    """The time of the last step."""
    return journal_of(private(repo)).steps()[-1].time
