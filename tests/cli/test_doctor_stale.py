"""What lies about in a store: told by doctor --stale, mended with --fix where that loses nothing."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cli.making import expire_leases, started, status_of
from tests.cli.old_records import LONG_AGO, STORE, contents, old_session, old_task
from tests.repos import Repo

ROLES = [
    *(("reviewer", 6), ("documenter", 8), ("researcher", 12), ("tester", 16), ("debugger", 24)),
    *(("implementer", 48), ("architect", 72), ("poet", 24)),
]


def ago(hours: float) -> str:
    """A time so long ago."""
    return (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def stale(repo: Repo, *options: str) -> dict[str, Any]:
    """What doctor --stale tells."""
    found = repo.json("doctor", "--stale", *options, check=False)["stale"]
    assert isinstance(found, dict)
    return found


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


def committed_ago(repo: Repo, monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", ago(hours))
    repo.commit("records")


@pytest.mark.parametrize(("role", "hours"), ROLES)
def test_how_long_depends_on_the_role(
    project: Repo, monkeypatch: pytest.MonkeyPatch, role: str, hours: int
) -> None:
    task = old_task(project, 1, "active", also=f"specialist: {role}\n")
    committed_ago(project, monkeypatch, hours - 0.5)
    assert stale(project)["tasks"] == []
    old_task(project, 1, "active", also=f"specialist: {role}\n", end="more\n")
    committed_ago(project, monkeypatch, hours + 0.5)
    [row] = stale(project)["tasks"]
    assert (row["id"], row["hours"], row["activity"]) == (task, hours, "commit")
    assert row["idle_hours"] == pytest.approx(hours + 0.5, abs=0.2)


def test_the_settings_count(project: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "format: 1\nstale_hours: 2\nstale_roles:\n  - reviewer 100\n  - road sweeper 1.5\n"
    project.write(f"{STORE}/config.yaml", text)
    old_task(project, 1, "active")
    old_task(project, 2, "active", also="specialist: reviewer\n")
    old_task(project, 3, "active", also="specialist: road sweeper\n")
    committed_ago(project, monkeypatch, 3)
    assert [(row["id"][-1], row["hours"]) for row in stale(project)["tasks"]] == [("1", 2.0), ("3", 1.5)]
    project.write(f"{STORE}/config.yaml", "format: 1\nstale_roles:\n  - reviewer soon\n")
    assert "'stale_roles' has 'reviewer soon'" in project.run("doctor", check=False).err


@pytest.mark.parametrize("what", ["note", "session", "change that is not committed"])
def test_activity_of_any_kind_counts(project: Repo, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    task = old_task(project, 1, "active")
    if what == "note":
        old_task(project, 1, "active", end=f"## Notes\n\n### {ago(1)} Ann\n\nstill at it\n")
    if what == "session":
        session = old_session(project, 1, [task], ended=ago(1))
        assert session
    committed_ago(project, monkeypatch, 500)
    if what.startswith("change"):
        old_task(project, 1, "active", end="edited\n")
    assert stale(project)["tasks"] == []


def test_a_lease_counts(project: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    task = started(project)
    for path in [*project.path.glob(f"{STORE}/tasks/*"), *project.path.glob(f"{STORE}/sessions/*/*.md")]:
        path.write_text(re.sub(r"(?m)^created: .*", f"created: {LONG_AGO}", path.read_text()))
    committed_ago(project, monkeypatch, 500)
    [lease] = project.path.glob(".git/taskorch/worktrees/*/leases/*")
    os.utime(lease, (0, 0))
    assert stale(project)["tasks"] == []  # it goes on, however long ago the last command was
    expire_leases(project)
    assert stale(project)["tasks"] == []  # a command was given just now
    os.utime(lease, (0, 0))
    assert ids(stale(project)["tasks"]) == [task]
    assert ids(stale(project)["sessions"]) == [project.json("session", "list")["sessions"][0]["id"]]
    assert stale(project)["sessions"][0]["state"] == "interrupted"
    assert stale(project, "--fix")["sessions"][0]["fixed"] is False  # what was observed in it is not lost
    assert status_of(project, task) == "pending"


def test_orphans_are_told_with_what_to_do(project: Repo) -> None:
    project.write(f"{STORE}/tasks/.keep", "")
    lost = old_task(project, 1, "pending", also="parent: t-zzzzzzzz\n")
    closed = old_task(project, 2)
    below = old_task(project, 3, "pending", also=f"parent: {closed}\n")
    failed, opened = old_task(project, 4, "failed"), old_task(project, 5, "pending")
    stuck = old_task(project, 6, "pending", also=f"depends_on:\n  - {failed}\nparent: {opened}\n")
    rows = stale(project)["orphans"]
    assert [(row["id"], row["reason"], row["fixable"]) for row in rows] == [
        (lost, "its parent t-zzzzzzzz is gone", True),
        (below, f"its parent {closed} is completed", False),
        (stuck, f"nobody can start it: it waits for {failed}, which will not be completed", False),
    ]


def test_abandoned_sessions_and_archive_suggestions(project: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    old_session(project, 1, [], ended=None)
    old_session(project, 2, [])
    old_task(project, 1)
    committed_ago(project, monkeypatch, 24 * 100)
    found = stale(project)
    assert [(row["id"], row["state"]) for row in found["sessions"]] == [("s-00000001", "open elsewhere")]
    assert (found["archive"]["records"], found["archive"]["hint"]) == (2, "taskorch archive --older-than 90d")


def test_without_fix_nothing_changes_and_with_it_all_can_be_undone(
    project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = old_task(project, 1, "active", also="parent: t-zzzzzzzz\n")
    session = old_session(project, 1, [task], ended=None)
    committed_ago(project, monkeypatch, 100)
    before = contents(project)
    done = project.run("doctor", "--stale", "--json", check=False)
    assert (done.code, contents(project)) == (4, before)
    fixed = project.run("doctor", "--stale", "--fix", "--json", check=False)
    assert [(one["id"], one["done"]) for one in fixed.json["stale"]["fixed"]] == [
        (task, "released: it is pending again"),
        (task, "its parent t-zzzzzzzz was taken out"),
        (session, "ended"),
    ]
    assert (fixed.code, fixed.json["found"]) == (0, 0)
    shown = project.json("task", "show", task)
    assert (shown["status"], shown["parent"]) == ("pending", None)
    assert "Released: no activity since" in shown["notes"]
    assert project.run("doctor", "--stale").code == 0
    project.run("undo")
    assert contents(project) == before


def test_a_store_in_order_has_nothing(project: Repo) -> None:
    assert project.run("doctor", "--stale").code == 0
    assert project.run("doctor", "--fix", check=False).code == 2
