"""``recover`` where sessions and claims of a task cannot be read or were removed: said first, and mended."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest

from tests.cli.long_work import HANDOFF, long_work
from tests.cli.making import new_task
from tests.cli.test_recover import GUIDE, task_named
from tests.repos import Build, Repo


@pytest.fixture
def work(build: Build) -> Repo:
    """As `long_work` builds it."""
    return build(long_work)


def session_files(repo: Repo) -> tuple[str, str]:
    """The paths of the one session's record and claims."""
    path = str(repo.json("session", "list")["sessions"][0]["path"])
    return path, path.replace(".md", ".claims.jsonl")


def recovered(repo: Repo, task: str) -> tuple[list[str], dict[str, Any]]:
    """The next steps, and the whole answer."""
    answer = repo.json("recover", task)
    return answer["recovery_package"][GUIDE], answer


def in_clone(work: Repo, name: str = "clone") -> Repo:
    return work.clone(work.path.parent / name)


@pytest.mark.parametrize("how", ["cut off", "garbage", "markers"])
def test_claims_that_cannot_be_read_are_told_first_with_what_mends_them(work: Repo, how: str) -> None:
    task = task_named(work, "Login form")
    _, claims = session_files(work)
    before, good = work.read(claims), work.git("rev-list", "-1", "HEAD", "--", claims)
    whole, _ = recovered(work, task)
    spoilt = {"cut off": before[:-60], "garbage": "\x00\x01\n", "markers": f"<<<<<<< HEAD\n{before}"}[how]
    work.commit("spoilt", {claims: spoilt})
    clone = in_clone(work)
    steps, answer = recovered(clone, task)
    assert steps[0].startswith(f"{claims} cannot be read (line ")
    assert "in what is left of its claims" in steps[1]
    assert f"recover {task} --at {good[:10]}" in steps[0]
    there = clone.json("recover", task, "--at", good)["recovery_package"]
    assert len(there["files_created"]) == 3
    command = answer["recovery_package"]["recovery_recommendations"][0]
    assert command in steps[0]
    clone.run(*shlex.split(command)[1:])
    assert clone.read(claims) == before
    assert recovered(clone, task)[0] == whole


def test_claims_of_other_tasks_that_cannot_be_read_are_not_told_first(work: Repo) -> None:
    task = task_named(work, "Login form")
    other = new_task(work, "Other")
    steps, _ = recovered(work, task)
    work.run("task", "start", other)
    work.write("other.txt", "o\n")
    work.run("task", "complete", other, "--results", "r")
    work.commit("records of the other")
    path = next(one for one in work.git("show", "--name-only", "--format=").split("\n") if "claims" in one)
    work.commit("spoilt", {path: "{oops\n"})
    assert recovered(work, task)[0] == steps
    assert recovered(work, other)[0][0].startswith(f"{path} cannot be read (line 1: ")


def test_a_session_that_cannot_be_read_is_told_first(work: Repo) -> None:
    task = task_named(work, "Login form")
    record, _ = session_files(work)
    work.commit("spoilt", {record: "no front matter\n"})
    steps, answer = recovered(work, task)
    assert steps[0].startswith(f"{record} cannot be read (line 1: ")
    work.run(*shlex.split(answer["recovery_package"]["recovery_recommendations"][0])[1:])
    assert recovered(work, task)[1]["session_info"]["handoff"] == HANDOFF


@pytest.mark.parametrize("what", ["both", "claims", "record"])
def test_a_session_or_claims_that_a_commit_removed_are_told_with_it(work: Repo, what: str) -> None:
    task = task_named(work, "Login form")
    before = recovered(work, task)
    record, claims = session_files(work)
    gone = {"both": [claims, record], "claims": [claims], "record": [record]}[what]
    work.git("rm", "--quiet", *gone)
    work.git("commit", "--quiet", "-m", "drop the session")
    by = work.head[:10]
    clone = in_clone(work)
    steps, answer = recovered(clone, task)
    assert steps[0].startswith(f"Removed in {by} (drop the session): the ")
    assert ("in what is left of its claims" in steps[1]) is (what != "record")
    command = answer["recovery_package"]["recovery_recommendations"][0]
    assert [word.removeprefix(":/") for word in shlex.split(command)] == ["taskorch", "restore", *gone]
    [reading] = re.findall(r"taskorch (recover .+?) reads what was there", steps[0])
    assert clone.json(*shlex.split(reading))["session_info"]["handoff"] == HANDOFF
    clone.run(*shlex.split(command)[1:])
    after = recovered(clone, task)
    assert after[0] == before[0]
    assert after[1]["session_info"]["handoff"] == HANDOFF


def test_what_is_only_gone_from_disk_is_told_so(work: Repo) -> None:
    task = task_named(work, "Login form")
    before = recovered(work, task)[0]
    record, claims = session_files(work)
    for path in (record, claims):
        work.remove(path)
    steps, answer = recovered(work, task)
    assert steps[0].startswith("Gone from disk: the claims of session ")
    work.run(*shlex.split(answer["recovery_package"]["recovery_recommendations"][0])[1:])
    assert recovered(work, task)[0] == before


def test_a_session_s_own_package_tells_it_too(work: Repo) -> None:
    record, claims = session_files(work)
    name = record.rpartition("/")[2].removesuffix(".md")
    work.git("rm", "--quiet", claims)
    work.git("commit", "--quiet", "-m", "drop the claims")
    package = work.json("recover", "--session", name)["recovery_package"]
    assert "the claims of session" in package[GUIDE][0]
    assert "claims no file changes that can be read" in package[GUIDE][1]
    work.run(*shlex.split(package["recovery_recommendations"][0])[1:])
    assert work.path.joinpath(claims).exists()


def test_nothing_is_offered_that_a_commit_s_records_cannot_take(work: Repo) -> None:
    task = task_named(work, "Login form")
    _, claims = session_files(work)
    work.commit("spoilt", {claims: "{oops\n"})
    package = work.json("recover", task, "--at", "HEAD")["recovery_package"]
    assert "taskorch restore" not in package[GUIDE][0]
    assert not any(one.startswith("taskorch restore") for one in package["recovery_recommendations"])
