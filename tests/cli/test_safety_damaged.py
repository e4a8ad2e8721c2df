"""A safety store that lost parts of itself: what it still has is given, and the next command goes on."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from taskorch.services.safety.copied_files import CopiedFiles
from taskorch.services.safety.retention import keep_within_limits
from taskorch.store.config import Limits
from tests.cli.making import new_task
from tests.repos import Repo


def safety(repo: Repo) -> Path:
    """The safety store's folder."""
    return repo.path / ".git" / "taskorch" / "safety"


def goes_on(repo: Repo) -> None:
    """The safety store does all it is there for."""
    repo.write("next.txt", "next\n")
    assert "next.txt" in repo.json("checkpoint")["files"]
    repo.remove("next.txt")
    repo.run("restore", "--all")
    assert repo.read("next.txt") == "next\n"
    task = new_task(repo, "Next")
    repo.run("undo")
    assert repo.run("task", "show", task, check=False).code == 1
    assert repo.run("doctor").code == 0


@pytest.mark.parametrize("part", ["HEAD", "config", "objects", "refs", "journal.jsonl", "."])
def test_a_store_that_lost_a_part_goes_on(project: Repo, part: str) -> None:
    new_task(project)
    project.write("a.txt", "a\n")
    project.run("checkpoint")
    gone = safety(project) / part
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    project.remove("a.txt")
    for words in (["undo", "--list"], ["restore", "--list", "a.txt"], ["restore", "--all", "--dry-run"]):
        project.run(*words)
    project.run("restore", "--all")
    if part in ("HEAD", "config"):
        assert project.read("a.txt") == "a\n"
    goes_on(project)


def test_a_checkpoint_whose_commit_is_lost_hides_no_other(project: Repo) -> None:
    project.write("a.txt", "a\n")
    project.run("checkpoint")
    project.write("a.txt", "b\n")
    commit = project.json("checkpoint")["commit"]
    (safety(project) / "objects" / commit[:2] / commit[2:]).unlink()
    project.remove("a.txt")
    project.run("restore", "a.txt")
    assert project.read("a.txt") == "a\n"
    goes_on(project)


@pytest.mark.parametrize("lost", ["ref", "commit", "root folder", "content", "pack", "journal"])
def test_a_checkpoint_that_was_lost_is_made_again_though_nothing_changed(project: Repo, lost: str) -> None:
    for number in range(150 if lost == "pack" else 1):  # so many go into a pack
        project.write(f"{number}.txt", f"{number}\n")
    project.run("checkpoint")
    time.sleep(0.05)
    made = project.json("checkpoint", "-m", "no copy is made of what stayed the same")
    assert project.json("checkpoint") == made
    inside = f"--git-dir={safety(project)}"
    named = {"commit": "", "root folder": "^{tree}", "content": ":0.txt"}
    if lost in named:
        oid = project.git(inside, "rev-parse", f"{made['commit']}{named[lost]}")
        (safety(project) / "objects" / oid[:2] / oid[2:]).unlink()
    elif lost == "ref":
        project.git(inside, "update-ref", "-d", f"refs/checkpoints/{made['step']}")
    elif lost == "pack":
        shutil.rmtree(safety(project) / "objects" / "pack")
    else:
        (safety(project) / "journal.jsonl").unlink()
    again = project.json("checkpoint", "-m", "made again")
    assert (again["failed"], again["files"]) == (None, made["files"])
    project.remove("0.txt")
    assert [one["from"] for one in project.json("restore", "--all")["restored"]] == [f"step:{again['step']}"]
    assert project.read("0.txt") == "0\n"


def test_a_checkpoint_is_as_the_last_one_not_as_one_before(
    project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("a.txt", "a\n")
    first = project.json("checkpoint")
    project.write("a.txt", "b\n")
    with monkeypatch.context() as patch:
        patch.setattr(CopiedFiles, "save", lambda *_: None)  # killed before it is told
        project.run("checkpoint")
    project.write("a.txt", "a\n")
    assert project.json("checkpoint")["step"] > first["step"]


def test_locks_of_a_git_that_was_killed_are_in_nobodys_way(project: Repo) -> None:
    number = project.json("undo", "--list")["steps"][0]["step"] + 1
    locks = [
        safety(project) / "refs" / "checkpoints" / f"{number}.lock",
        safety(project) / "packed-refs.lock",
    ]
    for lock in locks:
        lock.parent.mkdir(exist_ok=True)
        lock.write_bytes(b"")
    goes_on(project)


def test_any_message_can_be_given_to_a_checkpoint(project: Repo) -> None:
    message = "a\x01b\x1b[31m\n\nHead: c\udcff"
    project.write("a.txt", "a\n")
    step = project.json("checkpoint", "-m", message)["step"]
    assert project.json("restore", "--list", "a.txt")["versions"][0]["from"] == f"step:{step}"
    assert "\x1b" not in project.run("restore", "--list", "a.txt").out
    goes_on(project)


def test_what_a_killed_git_left_half_packed_counts_and_goes_after_a_while(project: Repo) -> None:
    pack = safety(project) / "objects" / "pack"
    pack.mkdir(parents=True, exist_ok=True)
    for name, age in (("tmp_pack_old", 7200), ("tmp_pack_new", 0)):
        (pack / name).write_bytes(b"PACK")
        when = time.time() - age
        os.utime(pack / name, (when, when))
    keep_within_limits(safety(project).parent, Limits(), "2026-01-01T00:00:00Z")
    assert [path.name for path in pack.glob("tmp_*")] == ["tmp_pack_new"]
