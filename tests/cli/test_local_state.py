"""Local state: work trees removed and made again, folders moved and copied, reboots, wrong clocks."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from taskorch.services.workspace import Workspace
from tests.cli.making import new_task, reboot, started, status_of
from tests.repos import Repo


@pytest.fixture
def linked(project: Repo) -> Repo:
    """A second work tree, on a branch of its own, with a plan committed before."""
    new_task(project, "Plan")
    project.commit("plan")
    return project.worktree(project.path.parent / "linked", "-b", "feature")


def active(repo: Repo) -> str | None:
    session = repo.json("session", "status")["session"]
    return session["id"] if session else None


def task_of(repo: Repo) -> str:
    return str(repo.json("task", "list")["tasks"][0]["id"])


def homes(repo: Repo) -> set[str]:
    return {path.name for path in repo.path.glob(".git/taskorch/worktrees/*")}


def remove(project: Repo, tree: Repo) -> None:
    project.git("worktree", "remove", "--force", str(tree.path))


def delete_and_prune(project: Repo, tree: Repo) -> None:
    shutil.rmtree(tree.path)
    project.git("worktree", "prune")


def test_two_work_trees_have_a_session_each(project: Repo, linked: Repo) -> None:
    one, two = (repo.json("session", "start")["id"] for repo in (project, linked))
    assert (active(project), active(linked)) == (one, two)
    linked.run("session", "end")
    assert (active(project), active(linked)) == (one, None)


@pytest.mark.parametrize("away", [remove, delete_and_prune])
def test_a_tree_made_again_under_its_name_has_no_session_of_its_predecessor(
    project: Repo, linked: Repo, away: Callable[[Repo, Repo], None]
) -> None:
    task = task_of(linked)
    linked.run("task", "start", task)
    linked.commit("started")
    away(project, linked)
    project.git("worktree", "add", "--quiet", str(linked.path), "feature")
    again = Repo(linked.path)
    assert active(again) is None
    assert again.json("session", "status")["interrupted"] is None
    assert again.json("task", "start", task)["session_opened"]


@pytest.mark.parametrize("away", [remove, delete_and_prune])
def test_what_a_removed_tree_held_can_be_started_at_once(
    project: Repo, linked: Repo, away: Callable[[Repo, Repo], None]
) -> None:
    task = task_of(linked)
    session = linked.json("task", "start", task)["session_id"]
    linked.commit("started")
    done = project.run("task", "start", task, "--json", check=False)
    assert session in done.error["message"]
    away(project, linked)
    project.git("merge", "--quiet", "feature")
    project.run("task", "start", task)
    assert status_of(project, task) == "active"
    states = {one["id"]: one["state"] for one in project.json("session", "list")["sessions"]}
    assert states[session] in ("interrupted", "open elsewhere")
    done = project.run("session", "resume", session, "--json", check=False)
    assert done.code == 1 and done.error["hint"]


def test_what_is_known_of_a_removed_tree_is_forgotten_when_it_cannot_matter(
    project: Repo, linked: Repo
) -> None:
    linked.run("session", "start")
    tree = next(iter(homes(project)))
    remove(project, linked)
    new_task(project, "while the lease holds it stays")
    assert tree in homes(project)
    reboot(project)
    new_task(project, "then it goes")
    assert tree not in homes(project)


def test_what_was_observed_in_a_removed_tree_stays_a_while(project: Repo, linked: Repo) -> None:
    linked.write("a.txt", "a\n")
    linked.run("track", "a.txt", "--task", task_of(linked))
    remove(project, linked)
    reboot(project)
    new_task(project, "a writer comes by")
    known = list(project.path.glob(".git/taskorch/worktrees/*/sessions/*.json"))
    assert [json.loads(one.read_text())["told"][0]["path"] for one in known] == ["a.txt"]
    long_ago = time.time() - 31 * 24 * 3600
    os.utime(known[0], (long_ago, long_ago))
    new_task(project, "a month later")
    assert not known[0].exists()


def test_a_moved_work_tree_goes_on(project: Repo, linked: Repo) -> None:
    session = linked.json("session", "start")["id"]
    moved = linked.path.with_name("moved")
    project.git("worktree", "move", str(linked.path), str(moved))
    assert active(Repo(moved)) == session
    by_hand = moved.with_name("by-hand")
    moved.rename(by_hand)
    project.git("worktree", "repair", str(by_hand))
    assert active(Repo(by_hand)) == session


def test_a_renamed_project_and_a_moved_git_directory_go_on(project: Repo) -> None:
    task = started(project)
    session = active(project)
    project.write("a.txt", "a\n")
    moved = Repo(project.path.rename(project.path.with_name("renamed")))
    assert active(moved) == session
    moved.git("init", "--quiet", "--separate-git-dir", str(moved.path.with_name("elsewhere.git")))
    assert (moved.path / ".git").is_file()
    assert active(moved) == session
    done = moved.json("task", "complete", task, "--results", "done")
    assert [one["path"] for one in done["verification"]["files"]] == ["a.txt"]


def test_a_copied_project_has_a_state_of_its_own(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    copy = Repo(project.path.with_name("copy"))
    shutil.copytree(project.path, copy.path, symlinks=True)
    session = active(project)
    copy.run("task", "complete", task, "--results", "done in the copy")
    assert (active(copy), active(project)) == (None, session)
    assert (status_of(copy, task), status_of(project, task)) == ("completed", "active")
    project.run("task", "complete", task, "--results", "done here")
    assert project.run("doctor").code == copy.run("doctor").code == 0


def test_after_a_reboot_a_session_is_interrupted_and_can_be_resumed(project: Repo) -> None:
    task = started(project)
    session = active(project)
    project.write("a.txt", "a\n")
    reboot(project)
    assert active(project) is None
    assert project.json("session", "resume")["id"] == session
    done = project.json("task", "complete", task, "--results", "done")
    assert [one["path"] for one in done["verification"]["files"]] == ["a.txt"]


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_a_clock_that_is_set_moves_no_lease(
    project: Repo, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    started(project)
    session = active(project)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + days * 24 * 3600)
    assert active(project) == session
    since_boot = time.clock_gettime
    monkeypatch.setattr(time, "clock_gettime", lambda clock: since_boot(clock) + 9 * 3600)
    assert active(project) is None


def test_without_a_boot_id_a_clock_that_is_set_back_ends_the_lease(
    project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("taskorch.store.lease._BOOT_ID", Path("/nowhere"))
    started(project)
    session = active(project)
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 7 * 3600)
    assert active(project) == session
    monkeypatch.setattr(time, "time", lambda: now() - 24 * 3600)
    assert active(project) is None
    assert project.json("session", "status")["interrupted"] == session


def test_sessions_keep_their_order_and_end_after_they_began(project: Repo) -> None:
    from taskorch.services.sessions import end_session, start_session

    def at(moment: datetime) -> Workspace:
        text = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return Workspace(project.path, now=lambda: text, instant=lambda: text)

    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    first = start_session(at(noon))
    assert end_session(at(noon - timedelta(days=2)))["ended"] > first["created"]
    second = start_session(at(noon - timedelta(days=3)))
    assert second["created"] > first["created"]
    assert end_session(at(noon + timedelta(hours=1)))["ended"] == "2026-05-01T13:00:00.000Z"
    assert project.json("session", "list")["sessions"][0]["id"] == second["id"]


@pytest.mark.parametrize("folder", [".orchestrator/tasks", ".git/taskorch/worktrees/{tree}/sessions"])
def test_what_a_killed_writer_left_is_swept(project: Repo, folder: str) -> None:
    started(project)
    left = project.write(f"{folder.format(tree=next(iter(homes(project))))}/.tmp-12345678", "half")
    new_task(project, "The next one")
    assert not left.exists()
