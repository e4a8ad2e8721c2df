"""Texts that no record can hold, or that a terminal must never see: too long, not UTF-8, with controls."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.cli.making import new_decision, new_task, started
from tests.cli.refusals import TEXTS, refused
from tests.cli.snapshots import snapshot
from tests.repos import Repo

TITLES = ["", "   ", "x" * 201, "two\nlines", "two\r\nlines", "old\rmac"]


@pytest.mark.parametrize("title", TITLES, ids=lambda title: repr(title[:9]))
def test_a_title_that_is_none(project: Repo, title: str) -> None:
    task = new_task(project)
    assert "title" in refused(project, "task", "new", "--", title, kind="refused")["message"]
    refused(project, "task", "edit", task, "--title", title, kind="refused")
    refused(project, "decision", "new", title, *TEXTS, kind="refused")


def test_the_longest_title_is_taken(project: Repo) -> None:
    assert project.json("task", "show", new_task(project, "é" * 200))["title"] == "é" * 200


MEGABYTE = "x" * (1 << 20)


def test_a_record_over_one_mebibyte(project: Repo) -> None:
    task = started(project)
    for words in (
        ["task", "new", "T", "-d", MEGABYTE],
        ["task", "new", "T", "--accept", MEGABYTE],
        ["task", "new", "T", "--label", MEGABYTE],
        ["task", "note", task, MEGABYTE],
        ["task", "complete", task, "--results", MEGABYTE],
        ["decision", "new", "T", *TEXTS, "--risk", MEGABYTE],
        ["session", "note", MEGABYTE],
        ["session", "end", "--handoff", MEGABYTE],
        ["task", "edit", task, "--assignee", MEGABYTE],
    ):
        assert "more than 1,048,576" in refused(project, *words, kind="refused")["message"]


def test_many_small_notes_reach_the_limit_too(project: Repo) -> None:
    task = new_task(project)
    project.run("task", "note", task, MEGABYTE[: 1 << 19])
    refused(project, "task", "note", task, MEGABYTE[: 1 << 19], kind="refused")


@pytest.mark.parametrize(
    "words", [["search", MEGABYTE], ["task", "list", "--label", MEGABYTE]], ids=["a", "b"]
)
def test_huge_arguments_where_nothing_is_written(project: Repo, words: list[str]) -> None:
    new_task(project)
    project.run(*words)


@pytest.mark.parametrize("words", [["task", "show"], ["recover"], ["history"], ["verify", "--target"]])
def test_a_huge_name_is_an_unknown_one(project: Repo, words: list[str]) -> None:
    new_task(project)
    done = project.run(*words, MEGABYTE[:100_000], *(["--all"] if "verify" in words else []), check=False)
    assert done.code == 1
    assert done.err.count("error: ") == 1
    assert "hint: " in done.err


NOT_UTF8 = [
    [b"task", b"new", b"caf\xe9"],
    [b"task", b"new", b"T", b"-d", b"caf\xe9"],
    [b"task", b"note", b"{task}", b"caf\xe9"],
    [b"task", b"edit", b"{task}", b"--assignee", b"caf\xe9"],
    [b"task", b"show", b"caf\xe9"],
    [b"decision", b"new", b"caf\xe9", *(text.encode() for text in TEXTS)],
    [b"session", b"start", b"--purpose", b"caf\xe9"],
    [b"search", b"caf\xe9\xff"],
    [b"verify", b"--all", b"--target", b"caf\xe9"],
    [b"review", b"caf\xe9..HEAD"],
    [b"caf\xe9"],
]


@pytest.mark.parametrize(
    ("words", "locale"),
    [*((words, "C.UTF-8") for words in NOT_UTF8), *((words, "C") for words in NOT_UTF8[:3])],
    ids=lambda one: one if isinstance(one, str) else b" ".join(one).decode(errors="replace"),
)
def test_arguments_that_are_not_utf8(project: Repo, words: list[bytes], locale: str) -> None:
    task = new_task(project)
    before = snapshot(project, local=True)
    done = subprocess.run(
        [sys.executable.encode(), b"-m", b"taskorch", *(w.replace(b"{task}", task.encode()) for w in words)],
        cwd=project.path,
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": locale},
    )
    assert b"Traceback" not in done.stderr
    assert b"a bug" not in done.stderr, done.stderr
    assert done.returncode in (0, 1, 2)
    if done.returncode:
        assert done.stderr.count(b"error: ") == 1
        assert b"hint: " in done.stderr
    assert snapshot(project, local=True) == before


def test_a_path_that_is_not_utf8_is_tracked_claimed_and_verified(project: Repo) -> None:
    task = started(project)
    name = os.fsdecode(b"caf\xe9.txt")
    (project.path / name).write_text("x\n")
    project.run("track", name)
    assert (
        project.json("task", "complete", task, "--results", "r")["verification"]["files"][0]["path"] == name
    )
    project.git("add", "--all")
    project.git("commit", "--quiet", "-m", "all")
    assert project.json("verify", "--task", task)["status"] == "verified"
    for words in (["verify", "--task", task], ["recover", task], ["review", "HEAD~1..HEAD"]):
        assert "caf" in project.taskorch(*words).out


HIDDEN = ["\x1b[31mred", "\x07", "\x9b31m", "\u202egnp", "\u2066x", "\x7f", "\u200e"]


@pytest.mark.parametrize("hidden", HIDDEN, ids=ascii)
def test_control_characters_in_what_one_types_are_never_sent_to_a_terminal(
    project: Repo, hidden: str
) -> None:
    task = new_task(project, f"a{hidden}b", "--label", f"l{hidden}")
    project.run("task", "start", task)
    project.run("task", "note", task, f"n{hidden}")
    decision = new_decision(project, f"d{hidden}e")
    assert project.json("task", "show", task)["title"] == f"a{hidden}b"
    for words in (
        ["task", "show", task],
        ["task", "list"],
        ["status"],
        ["recover", task],
        ["decision", "show", decision],
        ["decision", "list"],
        ["session", "show"],
        ["search", "a"],
        ["history", task],
    ):
        done = project.run(*words)
        assert hidden[0] not in done.out + done.err, words
    project.run("commit")
    assert hidden[0] not in project.run("review", "HEAD~1..HEAD").out
    assert project.run("doctor").code == 0
