"""``task ready``, why a task is or is not ready, and what is recommended next."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.making import expire_leases, new_task, task_file
from tests.repos import Repo


@pytest.fixture
def other(project: Repo) -> Repo:
    """A second work tree of the project."""
    return project.worktree(project.path.parent / "other", "-b", "side")


def explained(repo: Repo) -> dict[str, dict[str, Any]]:
    """The rows of ``--explain`` by title, in their order."""
    return {row["title"]: row for row in repo.json("task", "ready", "--explain")["explained"]}


def kinds(row: dict[str, Any]) -> list[str]:
    return [reason["kind"] for reason in row["reasons"]]


def test_every_open_task_says_what_holds_it_up(project: Repo) -> None:
    free = new_task(project, "Free")
    urgent = new_task(project, "Urgent", "--priority", "critical")
    waits = new_task(project, "Waits", "--depends-on", free)
    cancelled, gone = new_task(project, "Cancelled"), new_task(project, "Gone")
    vain = new_task(project, "Vain", "--depends-on", cancelled, "--depends-on", gone)
    blocked = new_task(project, "Blocked")
    whole = new_task(project, "Whole", "--depends-on", free)
    part = new_task(project, "Part", "--parent", whole)
    active = new_task(project, "Active")
    project.run("task", "cancel", cancelled)
    task_file(project, gone).unlink()
    project.run("task", "block", blocked, "no key yet")
    project.run("task", "start", active)
    rows = explained(project)
    assert list(rows)[:3] == ["Urgent", "Free", "Active"]
    assert [row["id"] for row in rows.values() if row["ready"]] == [urgent, free]
    assert [row["id"] for row in project.json("task", "ready")["tasks"]] == [urgent, free]
    assert {title: kinds(row) for title, row in rows.items()} == {
        "Urgent": [],
        "Free": [],
        "Active": ["active"],
        "Waits": ["waits_for"],
        "Vain": ["in_vain", "in_vain"],
        "Blocked": ["blocked"],
        "Whole": ["waits_for", "subtasks"],
        "Part": ["parent"],
    }
    assert rows["Waits"]["reasons"][0]["tasks"][0]["id"] == free
    assert rows["Part"]["reasons"][0]["text"] == f"part of {whole} Whole, which waits for {free}"
    assert rows["Whole"]["reasons"][1]["tasks"][0]["id"] == part
    assert (rows["Waits"]["id"], rows["Vain"]["id"]) == (waits, vain)
    out = project.run("task", "ready", "--explain").out
    for words in ("blocked: no key yet", f"waits in vain for {gone}, which is no task here", "(critical)"):
        assert words in out, words


def test_what_a_session_elsewhere_holds_is_not_ready(project: Repo, other: Repo) -> None:
    task, free = new_task(project, "Held"), new_task(project, "Free")
    project.commit("plan")
    other.git("merge", "--quiet", "main")
    session = project.json("task", "start", task)["session_id"]
    row = explained(other)["Held"]
    assert (row["status"], kinds(row)) == ("pending", ["session"])
    assert row["reasons"][0]["session"] == session
    assert [one["id"] for one in other.json("task", "ready")["tasks"]] == [free]
    assert other.json("task", "ready", "--at", "HEAD")["tasks"][0]["id"] in (task, free)
    expire_leases(project)
    assert len(other.json("task", "ready")["tasks"]) == 2


def recommended(repo: Repo, task: str) -> str | None:
    found = repo.json("task", "complete", task, "--results", "r")["next_recommended_task"]
    return str(found["title"]) if found else None


def test_next_is_what_waited_then_the_most_urgent_then_the_oldest(project: Repo) -> None:
    first = new_task(project, "First")
    new_task(project, "Old")
    urgent = new_task(project, "Urgent", "--priority", "high")
    second = new_task(project, "Second", "--depends-on", first)
    third = new_task(project, "Third", "--depends-on", first, "--priority", "high")
    assert recommended(project, first) == "Third"
    assert recommended(project, third) == "Urgent"
    assert recommended(project, urgent) == "Old"
    project.run("task", "cancel", second)
    assert recommended(project, new_task(project, "Last")) == "Old"


def test_next_is_part_of_what_waited_and_never_what_still_waits(project: Repo) -> None:
    first, also = new_task(project, "First"), new_task(project, "Also")
    whole = new_task(project, "Whole", "--depends-on", first)
    new_task(project, "Part", "--parent", whole)
    new_task(project, "Both", "--depends-on", first, "--depends-on", also, "--priority", "critical")
    assert recommended(project, first) == "Part"


def test_next_is_nothing_that_somebody_else_works_on(project: Repo, other: Repo) -> None:
    first = new_task(project, "First")
    second = new_task(project, "Second", "--depends-on", first)
    project.run("task", "edit", second, "--depends-on", "")
    project.commit("plan")
    other.git("merge", "--quiet", "main")
    other.run("task", "start", second)
    assert recommended(project, first) is None


def test_no_task_waits_for_its_own_parts_or_for_what_it_is_a_part_of(project: Repo) -> None:
    whole = new_task(project, "Whole")
    part = new_task(project, "Part", "--parent", whole)
    inner = new_task(project, "Inner", "--parent", part)
    other = new_task(project, "Other", "--depends-on", whole)
    for task, words in (
        (whole, ["--depends-on", inner]),
        (inner, ["--depends-on", whole]),
        (other, ["--parent", part]),
    ):
        done = project.run("task", "edit", task, *words, check=False)
        assert (done.code, "would wait for" in done.err, "hint" in done.err) == (1, True, True), words
    project.run("task", "edit", other, "--title", "Another")
