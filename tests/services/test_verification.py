"""What ``verify`` says of a day's claims as a whole, through the command line."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import start_project
from tests.repos import Build, Repo
from tests.services.days import Day


def with_task(repo: Repo) -> None:
    start_project(repo)
    repo.commit("base", {"a": "a1\n", "b": "b1\n", "c": "c1\n"})
    Day(repo).start()


@pytest.fixture
def day(build: Build) -> Day:
    return Day(build(with_task))


def verify(day: Day, *options: str) -> tuple[int, dict[str, Any]]:
    done = day.repo.run("verify", *options, "--json", check=False)
    return done.code, done.json


def whole(day: Day, *options: str) -> tuple[int, str, dict[str, int]]:
    code, report = verify(day, *options)
    return code, report["status"], report["summary"]


def save(day: Day) -> str:
    day.repo.git("add", "--all", ":(exclude).orchestrator")
    day.repo.git("commit", "-q", "--allow-empty", "-m", "work")
    return day.repo.head


def test_a_day_from_nothing_to_landed(day: Day) -> None:
    assert whole(day) == (0, "pending", {})
    assert whole(day, "--strict") == (4, "pending", {})
    day.repo.write("a", "a2\n")
    day.repo.write("new", "n\n")
    assert whole(day) == (0, "pending", {"worktree": 2})
    # a target is that commit alone, and what is not recorded yet is looked for in it as well
    assert whole(day, "--target", "HEAD") == (4, "failed", {"absent": 2})
    assert verify(day, "--target", "HEAD")[1]["on_disk"] is True
    day.repo.git("add", "a")
    assert whole(day) == (0, "pending", {"staged": 1, "worktree": 1})
    head = save(day)
    code, report = verify(day)
    assert (code, report["status"], report["summary"]) == (0, "verified", {"exact": 2})
    assert (report["target"], report["commit"], report["on_disk"]) == (None, head, True)
    row = report["files"][0]
    assert (row["path"], row["op"], row["recorded"]) == ("a", "modify", day.repo.git("rev-parse", "HEAD:a"))
    assert whole(day, "--strict")[0] == 0
    day.repo.run("commit")
    assert whole(day, "--all", "--target", "HEAD") == (0, "verified", {"exact": 2})
    assert whole(day, "--all", "--target", "HEAD~2") == (4, "failed", {"absent": 2})
    assert verify(day, "--all", "--target", "HEAD~2")[1]["on_disk"] is True
    day.repo.run("session", "end")
    day.repo.git("checkout", "-q", "HEAD~2", "--", "a")
    assert verify(day, "--all", "--target", "HEAD~2")[1]["on_disk"] is True, "in HEAD"
    day.repo.git("commit", "-qm", "a is gone from both", "a")
    assert verify(day, "--all", "--target", "HEAD~3")[1]["on_disk"] is False
    day.repo.git("reset", "-q", "--hard", "HEAD~1")
    assert whole(day, "--path", "new") == (0, "verified", {"exact": 1})


def test_unfounded_fails_here_and_is_not_known_to_a_target(day: Day) -> None:
    day.repo.write("a", "a2\n")
    day.repo.write("b", "b2\n")
    day.repo.run("track", "a", "b")
    day.repo.write("a", "a1\n")
    save(day)
    code, report = verify(day)
    assert (code, report["status"], report["unfounded"]) == (4, "failed", ["a"])
    assert report["summary"] == {"exact": 1}
    day.repo.run("commit")
    code, report = verify(day, "--target", "HEAD")
    assert (code, report["status"], report["unfounded"]) == (0, "verified", [])
    done = day.repo.run("task", "complete", task_of(day), "--results", "x", "--json", check=False)
    assert done.code == 1 and any("a was tracked" in reason for reason in done.error["reasons"])


def task_of(day: Day) -> str:
    return str(day.repo.json("task", "list")["tasks"][0]["id"])


def test_unclaimed_is_shown_and_never_changes_the_exit(day: Day) -> None:
    day.start()
    day.repo.write("a", "a2\n")
    code, report = verify(day)
    assert (code, report["status"], report["unclaimed"]) == (0, "pending", ["a"])
    save(day)
    day.repo.run("commit")
    assert verify(day, "--all", "--target", "HEAD")[0] == 0


def test_an_unreadable_claim_is_a_problem(day: Day) -> None:
    day.repo.write("a", "a2\n")
    save(day)
    day.repo.run("commit")
    file = next((day.repo.path / ".orchestrator/sessions").rglob("*.claims.jsonl"))
    with file.open("a") as lines:
        lines.write("{}\n")
    code, report = verify(day)
    assert (code, report["status"], len(report["problems"])) == (4, "partial", 1)
    assert report["problems"][0]["path"] == str(file.relative_to(day.repo.path))


def test_two_tasks_on_one_file_of_a_day(day: Day) -> None:
    """The second went on where the first ended: pending until committed, then landed, in every scope."""
    first = task_of(day)
    day.repo.write("a", "a2\n")
    second = day.task()
    day.repo.run("task", "start", second)
    day.repo.run("track", "a", "--task", first)
    day.repo.run("task", "complete", first, "--results", "done")
    day.repo.write("a", "a3\n")
    assert set(day.claims(first)) == set(day.claims(second)) == {"a"}
    for scope in (["--all"], ["--task", first], ["--task", second]):
        assert whole(day, *scope)[:2] == (0, "pending")
    save(day)
    assert whole(day) == (0, "verified", {"exact": 1, "superseded": 1})
    assert whole(day, "--task", first) == (0, "verified", {"superseded": 1})
    day.repo.run("commit")
    assert whole(day, "--task", first, "--target", "HEAD") == (0, "verified", {"superseded": 1})


def test_a_revert_by_another_is_failed_and_named(day: Day) -> None:
    day.repo.write("a", "a2\n")
    save(day)
    day.repo.run("task", "complete", task_of(day), "--results", "done")
    day.repo.run("commit")
    day.repo.git("revert", "--no-edit", "HEAD~1")
    code, report = verify(day, "--all", "--target", "HEAD")
    assert (code, report["status"]) == (4, "failed")
    assert (report["files"][0]["rung"], report["files"][0]["commit"]) == ("reverted", day.repo.head)


def test_a_target_that_is_no_commit(day: Day) -> None:
    for name in ("nowhere", "HEAD..HEAD", "^HEAD", "--all", "HEAD:a"):
        done = day.repo.run("verify", f"--target={name}", "--json", check=False)
        assert done.code == 1 and done.error["kind"] == "not_found", name


def test_commit_to_land_is_said_only_where_that_lands_it(day: Day) -> None:
    day.repo.write("a", "a2\n")
    assert (
        "landed 0/1: commit to land" in day.repo.run("task", "complete", task_of(day), "--results", "r").out
    )
    second = day.start()
    day.repo.write("b", "b2\n")
    day.repo.git("checkout", "-q", "--orphan", "alone")
    day.repo.git("commit", "-qam", "a history of its own")
    out = day.repo.run("task", "complete", second, "--results", "r").out
    assert "on disk 1/1, landed 0/1\n" in out and "unknown" in out


def test_claims_of_older_tasks_come_first(build: Build) -> None:
    repo = build(start_project)
    titles = [f"Task {number}" for number in range(4)]
    for number, title in enumerate(titles):
        task = str(repo.json("task", "new", title)["id"])
        repo.run("task", "start", task)
        repo.write(f"f{9 - number}", "x\n")
        repo.run("task", "complete", task, "--results", "r")
    assert [row["title"] for row in repo.json("verify", "--all")["files"]] == titles
