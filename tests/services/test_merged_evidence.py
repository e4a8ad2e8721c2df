"""Digest and lines of a claim are of the task's own lines, also where others changed the file meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from taskorch.git.diff import evidence
from taskorch.git.repository import Repository
from tests.conftest import start_project
from tests.repos import Build, Repo
from tests.services.days import Day

LINES = [f"{number}\n" for number in range(40)]


def text(*changed: int) -> str:
    return "".join(f"mine {n}\n" if n in changed else line for n, line in enumerate(LINES))


def started(repo: Repo) -> None:
    """A task is started; a colleague has changed the second line of the file on ``theirs``."""
    start_project(repo)
    repo.commit("base", {"f": text()})
    repo.git("switch", "-qc", "theirs")
    repo.commit("by a colleague", {"f": text().replace("1\n", "theirs\n", 1)})
    repo.git("switch", "-q", "main")
    Day(repo).start()


def commit(repo: Repo, *changed: int) -> None:
    lines = repo.read("f").splitlines(keepends=True)
    repo.write("f", "".join(f"mine {n}\n" if n in changed else line for n, line in enumerate(lines)))
    repo.git("commit", "-qm", f"work {changed}", "f")


def rebase(repo: Repo) -> None:
    repo.git("rebase", "-q", "theirs")


def merge(repo: Repo) -> None:
    repo.git("merge", "-q", "--no-edit", "theirs")


def pull(repo: Repo) -> None:
    repo.git("pull", "-q", "--rebase", ".", "theirs")


def rebase_given_up(repo: Repo) -> None:
    repo.git("rebase", "-q", "-x", "false", "theirs", check=False)
    repo.git("rebase", "--abort")


@pytest.mark.parametrize("act", [rebase, merge, pull, rebase_given_up])
@pytest.mark.parametrize("fold", ["", "before", "after"])
def test_lines_of_others_are_not_the_tasks(build: Build, act: Callable[[Repo], None], fold: str) -> None:
    repo = build(started)
    base = repo.head
    commit(repo, 30, 31)
    if fold == "before":
        repo.run("commit")
    repo.git("stash", "--include-untracked", "-q", check=False)  # records that are not committed
    act(repo)
    repo.git("stash", "pop", "-q", check=False)
    if fold == "after":
        repo.run("commit")
    commit(repo, 20)
    upon = base if act is rebase_given_up else "refs/heads/theirs"
    states = repo.state("f", upon), repo.state("f")
    expected = evidence(Repository.open(repo.path), {"f": states})["f"]
    [claim] = Day(repo).folded.claims
    assert (claim.before, claim.after) == (repo.state("f", base), repo.state("f"))
    assert (claim.digest, claim.lines) == (expected.digest, expected.lines)
    assert len(expected.lines) == 3


@pytest.mark.parametrize("fold", [False, True])
def test_ones_own_branch_is_not_others(build: Build, fold: bool) -> None:
    repo = build(started)
    base = repo.head
    repo.git("switch", "-qc", "topic")
    commit(repo, 30, 31)
    if fold:
        repo.run("commit")
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "--no-edit", "topic")
    commit(repo, 20)
    states = repo.state("f", base), repo.state("f")
    [claim] = Day(repo).folded.claims
    assert claim.lines == evidence(Repository.open(repo.path), {"f": states})["f"].lines
    assert len(claim.lines or ()) == 3


def test_a_claim_that_ends_before_the_merge_is_compared_with_its_beginning(build: Build) -> None:
    repo = build(started)
    base = repo.head
    commit(repo, 30, 31)
    mine = repo.state("f")
    merge(repo)
    [claim] = Day(repo).folded.claims
    assert claim.after == mine
    expected = evidence(Repository.open(repo.path), {"f": (repo.state("f", base), mine)})["f"]
    assert (claim.digest, claim.lines) == (expected.digest, expected.lines)


@pytest.mark.parametrize("onto", ["main", "topic"])
def test_what_was_merged_into_another_branch_is_not_in_the_work(build: Build, onto: str) -> None:
    """Main was pulled in between, the branch of the work knows nothing of it."""
    repo = build(started)
    base = repo.head
    repo.git("switch", "-qc", "topic")
    if onto == "main":
        commit(repo, 30, 31)
    repo.git("switch", "-q", "main")
    merge(repo)
    repo.git("switch", "-q", "topic")
    if onto == "topic":
        commit(repo, 30, 31)
    [claim] = Day(repo).folded.claims
    expected = evidence(Repository.open(repo.path), {"f": (repo.state("f", base), repo.state("f"))})["f"]
    assert (claim.digest, claim.lines) == (expected.digest, expected.lines)
