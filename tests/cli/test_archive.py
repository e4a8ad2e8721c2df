"""Closed records of long ago: moved out of the way, and still found by everything."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from taskorch.git.commit import changed_below
from taskorch.git.repository import Repository
from taskorch.services import committing
from taskorch.services.workspace import Workspace
from taskorch.store.looks import LOOKS
from tests.cli.making import new_task, rungs, started, status_of
from tests.cli.old_records import LONG_AGO, STORE, archived, contents, live, old_session, old_task
from tests.cli.test_durability import crashes
from tests.repos import Repo

NOW = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def worked(project: Repo) -> tuple[Repo, str, str]:
    """A project with a task completed in a session, its file committed, and its session's id."""
    task = started(project, "Add login")
    project.write("login.py", "print('hello')\n")
    project.run("task", "complete", task, "--results", "it works")
    project.commit("login")
    session = project.json("session", "list")["sessions"][0]["id"]
    return project, task, session


def archive(repo: Repo, *options: str) -> list[str]:
    """The ids of what was archived."""
    return [one["id"] for one in repo.json("archive", *options)["archived"]]


def test_what_was_closed_long_ago_is_moved_byte_for_byte(project: Repo) -> None:
    tasks = [old_task(project, n, status) for n, status in enumerate(("completed", "failed", "cancelled"))]
    gone = old_task(project, 4, "cancelled", also="deleted: true\n")
    session = old_session(project, 1, tasks)
    opened = old_task(project, 5, "blocked")
    going = old_session(project, 2, [opened], ended=None)
    project.commit("records")
    before = contents(project)
    assert archive(project) == [*tasks, gone, session]
    assert not list(project.path.glob(".git/taskorch/worktrees/*/moves"))  # a killed process leaves that
    assert live(project) == sorted([opened, going])
    moved = {path: data for path, data in contents(project).items() if "/archive/" in path}
    assert sorted(moved) == sorted(
        [
            *(f"{STORE}/archive/2025-05/{one}-x.md" for one in [*tasks, gone]),
            f"{STORE}/archive/2025-05/{session}.md",
        ]
    )
    assert sorted(moved.values()) == sorted(before[p] for p in before if p not in contents(project))
    assert archive(project) == []
    project.run("undo")
    assert contents(project) == before


def test_a_dry_run_moves_nothing(project: Repo) -> None:
    task = old_task(project, 1)
    project.commit("records")
    before = contents(project)
    answer = project.json("archive", "--dry-run")
    assert [(one["id"], one["from"], one["path"]) for one in answer["archived"]] == [
        (task, f"{STORE}/tasks/{task}-x.md", f"{STORE}/archive/2025-05/{task}-x.md")
    ]
    assert contents(project) == before
    assert project.json("undo", "--list")["steps"] == project.json("undo", "--list")["steps"][:1]


def test_closed_is_when_the_status_was_given_not_when_the_record_changed(
    project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = old_task(project, 1)
    closed = old_task(project, 2, "active")
    project.commit("of long ago")
    old_task(project, 1, end="## Notes\n\nadded later\n")
    old_task(project, 2)
    monkeypatch.setenv("GIT_COMMITTER_DATE", NOW)
    project.commit("today")
    old_task(project, 3)
    monkeypatch.setenv("GIT_COMMITTER_DATE", LONG_AGO)
    project.commit("of long ago, too")
    fresh = old_task(project, 3, "failed")  # not committed: its file was written just now
    assert archive(project) == [noted]
    assert archive(project, "--older-than", "0d") == [closed, fresh]


def test_what_open_tasks_need_stays(project: Repo) -> None:
    needed, parent, child = (
        old_task(project, 1),
        old_task(project, 2),
        old_task(project, 3, also="parent: t-00000002\n"),
    )
    old_task(project, 4, "pending", also="depends_on:\n  - t-00000001\n")
    old_task(project, 5, "pending", also="parent: t-00000003\n")
    both = old_session(project, 1, [needed])
    free = old_task(project, 6)
    project.commit("records")
    answer = project.json("archive")
    assert [one["id"] for one in answer["archived"]] == [free]
    assert [(one["id"], one["reason"]) for one in answer["held"]] == [
        (needed, "t-00000004 depends on it"),
        (parent, f"its subtask {child} stays"),
        (child, "its subtask t-00000005 is open"),
    ]
    assert both in live(project)


def test_everything_still_finds_them(worked: tuple[Repo, str, str]) -> None:
    repo, task, session = worked
    assert archive(repo, "--older-than", "0d", "--commit") == [task, session]
    assert repo.git("status", "--porcelain") == ""
    assert repo.json("task", "list")["tasks"] == []
    assert [one["id"] for one in repo.json("task", "list", "--archived")["tasks"]] == [task]
    for name in (task, task[2:], task[:6]):
        shown = repo.json("task", "show", name)
        assert (shown["id"], shown["results"], shown["sessions"]) == (task, "it works", [session])
    assert [one["id"] for one in repo.json("search", "login")["results"]] == [task]
    assert (
        rungs(repo.json("verify", "--all"))
        == rungs(repo.json("verify", "--task", task))
        == {"login.py": "exact"}
    )
    assert rungs(repo.json("verify", "--session", session)) == {"login.py": "exact"}
    package = repo.json("recover", task)
    assert package["context_recovered"]
    assert [one["path"] for one in package["recovery_package"]["files_created"]] == ["login.py"]
    assert "login" in [one["subject"] for one in package["recovery_package"]["commits"]]
    assert "emoved in" not in (said := repo.run("recover", task).out)
    assert "Gone from disk" not in said
    [commit] = repo.json("why", "login.py")["commits"]
    assert [one["id"] for one in commit["tasks"]] == [task]
    history = repo.json("history", task)["history"]
    assert [row["subject"] for row in history] == ["login", "taskorch: archive"]
    assert history[1]["renamed_from"] == f"{STORE}/tasks/{task}-add-login.md"
    assert repo.json("session", "show", session)["claims"][0]["path"] == "login.py"
    assert [one["id"] for one in repo.json("task", "list", "--archived", "--at", "HEAD")["tasks"]] == [task]
    assert repo.json("task", "list", "--at", "HEAD")["tasks"] == []
    assert repo.json("task", "show", task, "--at", "HEAD")["status"] == "completed"
    assert repo.run("doctor").code == 0
    review = repo.json("review", "HEAD~1..HEAD")
    assert (review["tasks"], review["problems"]) == ([], [])


def test_before_the_commit_history_knows_where_they_were(worked: tuple[Repo, str, str]) -> None:
    repo, task, _ = worked
    archive(repo, "--older-than", "0d")
    assert [row["subject"] for row in repo.json("history", task)["history"]] == ["login"]
    assert "deleted" not in repo.run("recover", task).out


def test_a_record_that_is_lost_comes_back_where_it_was_archived(worked: tuple[Repo, str, str]) -> None:
    repo, task, _ = worked
    archive(repo, "--older-than", "0d", "--commit")
    [path] = repo.path.glob(f"{STORE}/archive/*/{task}*.md")
    data = path.read_bytes()
    path.unlink()
    repo.run("restore", task)
    assert path.read_bytes() == data


def test_a_dependency_and_an_alias_hold(project: Repo) -> None:
    done = old_task(project, 1, also="alias: login-work\n")
    project.commit("records")
    assert archive(project) == [done]
    after = new_task(project, "Next", "--depends-on", "login-work")
    assert [one["id"] for one in project.json("task", "ready")["tasks"]] == [after]
    assert project.json("task", "list")["tasks"][0]["waits_for"] == []
    project.run("task", "start", after)
    assert project.run("doctor").code == 0


def test_a_prefix_means_the_record_that_is_not_archived(project: Repo) -> None:
    old_task(project, 1)
    project.commit("records")
    archive(project)
    other = old_task(project, 2, "pending")
    assert project.json("task", "show", "t-0000000")["id"] == other


def test_reopening_moves_a_task_back_with_its_tree(project: Repo) -> None:
    parent = old_task(project, 1)
    child = old_task(project, 2, also=f"parent: {parent}\n")
    session = old_session(project, 1, [child])
    free = old_task(project, 3)
    project.commit("records")
    archive(project)
    before = contents(project)
    assert project.json("task", "reopen", child)["status"] == "pending"
    assert live(project) == sorted([parent, child, session])
    assert archived(project) == [free]
    assert project.json("task", "show", parent)["subtasks"][0]["id"] == child
    assert project.run("doctor").code == 0
    project.run("undo")
    assert contents(project) == before


def test_what_a_merge_opened_in_the_archive_is_told_and_moved_back(project: Repo) -> None:
    task = old_task(project, 1)
    session = old_session(project, 1, [task])
    project.commit("records")
    archive(project, "--commit")
    [path] = project.path.glob(f"{STORE}/archive/*/{task}*.md")
    path.write_text(path.read_text().replace("status: completed", "status: pending"))
    [problem] = project.json("doctor", check=False)["problems"]
    assert (problem["message"], problem["hint"]) == (
        "is in the archive, and is open",
        "taskorch archive moves it back",
    )
    assert [one["id"] for one in project.json("archive")["returned"]] == [task, session]
    assert live(project) == sorted([task, session])
    assert project.run("doctor").code == 0


def test_two_branches_that_archive_the_same_merge(project: Repo) -> None:
    task = old_task(project, 1)
    project.commit("records")
    project.git("switch", "-q", "-c", "other")
    archive(project, "--commit")
    project.git("switch", "-q", "main")
    archive(project, "--commit")
    project.git("merge", "-q", "--no-edit", "other")
    assert archived(project) == [task]


@pytest.mark.parametrize("age", ["90", "d", "1y", "-1d", ""])
def test_an_age_that_is_none_is_refused(project: Repo, age: str) -> None:
    assert project.run("archive", f"--older-than={age}", check=False).code == 2


def test_reading_a_live_record_or_list_does_not_look_at_archived_ones(project: Repo) -> None:
    old_task(project, 1)
    project.commit("records")
    archive(project)
    task = new_task(project)
    before = LOOKS.count
    for words in (["task", "show", task], ["task", "show", task[:6]], ["task", "list"], ["task", "ready"]):
        project.run(*words)
    project.run("task", "edit", task, "--priority", "high")
    project.run("commit")
    assert LOOKS.count == before
    assert "t-00000001" in Workspace(project.path).load().tasks
    assert LOOKS.count == before + 1


def many_closed(repo: Repo) -> Iterator[str]:
    for number in range(4):
        yield old_task(repo, number)
    yield old_session(repo, 1, ["t-00000001"])


def test_killed_at_any_moment_all_or_nothing_is_archived(project: Repo) -> None:
    records = sorted(many_closed(project))
    project.commit("records")
    before = {path: data for path, data in contents(project).items() if path.endswith(".md")}
    seen = set()
    for killed in crashes(project, "archive", step=6):
        both = [*live(killed), *archived(killed)]
        assert sorted(both) == records  # each in one place, whenever one looks
        assert len(killed.json("task", "list", "--archived", "--deleted")["tasks"]) == 4
        killed.run("task", "new", "The next command")
        done = archived(killed)
        assert done in ([], records)
        seen.add(bool(done))
        assert killed.run("doctor").code == 0
        if done:
            [step] = [
                one["step"] for one in killed.json("undo", "--list")["steps"] if "archive" in one["command"]
            ]
            killed.run("undo", str(step))
        after = {path: data for path, data in contents(killed).items() if path in before}
        assert after == before
    assert seen == {False, True}


def test_created_long_ago_says_nothing(project: Repo) -> None:
    assert LONG_AGO < NOW
    task = old_task(project, 1, "active")
    project.commit("records")
    assert archive(project) == []
    assert status_of(project, task) == "active"


def test_commit_takes_what_changed_in_the_archive(project: Repo) -> None:
    old_task(project, 1)
    project.commit("records")
    archive(project, "--commit")
    [path] = project.path.glob(f"{STORE}/archive/*/*.md")
    shown = path.relative_to(project.path).as_posix()
    time.sleep(0.15)  # its folder is to be seen as settled
    new_task(project)
    assert shown not in project.json("commit")["paths"]  # and the archive is known to be as git has it
    path.write_text(path.read_text() + "\nby hand\n")  # in its place: the folder is as it was
    assert project.json("commit")["paths"] == [shown]
    project.run("task", "note", "t-00000001", "by a command")
    task = new_task(project, "Another")
    assert {one[-30:-7] for one in project.json("commit")["paths"]} >= {shown[-30:-7]}
    path.unlink()
    project.run("task", "edit", task, "--priority", "low")
    assert project.json("commit")["removed"] == [shown]


def test_a_clean_archive_is_not_looked_through_by_commit(
    project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_task(project, 1)
    project.commit("records")
    archive(project, "--commit")
    time.sleep(0.15)
    new_task(project)
    project.run("commit")
    asked: list[tuple[str, ...]] = []

    def watched(repo: Repository, *folders: str) -> list[tuple[str, str, str]]:
        asked.append(folders)
        return changed_below(repo, *folders)

    monkeypatch.setattr(committing, "changed_below", watched)
    new_task(project, "Another")
    project.write(f"{STORE}/extra/new.txt", "to be deleted\n")
    project.run("commit")
    others = (".gitattributes", "README.md", "config.yaml", "extra", "tasks")
    assert asked == [tuple(f"{STORE}/{name}" for name in others)]
    project.remove(f"{STORE}/extra/new.txt")
    (project.path / STORE / "extra").rmdir()
    assert project.json("commit")["removed"] == [f"{STORE}/extra/new.txt"]
    old_task(project, 2)
    project.commit("more")
    archive(project, "--commit")
    time.sleep(0.15)
    new_task(project, "A third")
    project.run("commit")
    project.git("reset", "-q", "--soft", "HEAD~2")  # files are as they were; HEAD's archive is not
    asked.clear()
    project.run("commit", check=False)
    assert asked[0] == (STORE,)


def test_the_commits_of_an_archived_record_are_its_tasks_commits(project: Repo) -> None:
    task = old_task(project, 1, "active")
    project.commit("begun")
    old_task(project, 1)
    project.commit("done")
    archive(project, "--commit")
    found = project.json("recover", task)["recovery_package"]["commits"]
    assert {"begun", "done"} <= {one["subject"] for one in found if one["via"] == "record"}


def test_an_archived_record_that_a_commit_removed_is_told(project: Repo) -> None:
    task = old_task(project, 1)
    project.commit("records")
    archive(project, "--commit")
    project.git("rm", "-q", "-r", f"{STORE}/archive")
    project.commit("clear up")
    done = project.run("task", "show", task, "--json", check=False)
    assert "(clear up)" in done.error["message"]
    project.run("restore", task)
    assert archived(project) == [task]


def recovered(repo: Repo, *words: str) -> tuple[Any, Any, list[tuple[str, str]]]:
    """Of task and session who wrote them, in which commit, and whether unreviewed; and the commits."""
    answer = repo.json("recover", *words)
    both = (answer.get("task"), answer["session_info"])
    facts = [one and (one["author"], one["commit"], one["unreviewed"]) for one in both]
    return facts[0], facts[1], [(one["subject"], one["via"]) for one in answer["recovery_package"]["commits"]]


def test_to_archive_a_record_is_not_to_write_it(
    worked: tuple[Repo, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repo, task, session = worked
    before = [recovered(repo, task), recovered(repo, "--session", session)]
    assert before[0][0][0] == "Ann Example"
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Tidy Tom")
    archive(repo, "--older-than", "0d")
    assert [recovered(repo, task), recovered(repo, "--session", session)] == before  # though not committed
    repo.run("commit", "-m", "archived")
    for now, then in zip([recovered(repo, task), recovered(repo, "--session", session)], before, strict=True):
        assert now[:2] == then[:2]
        assert [one for one in now[2] if one[0] != "archived"] == then[2]
    assert recovered(repo, task, "--at", "HEAD~1") == before[0]
    path = repo.path / repo.json("task", "show", task)["path"]
    path.write_text(path.read_text() + "\n## Notes\n\nby hand\n")
    assert recovered(repo, task)[0][2]
    repo.commit("edited")
    assert recovered(repo, task)[0][0] == "Tidy Tom"
