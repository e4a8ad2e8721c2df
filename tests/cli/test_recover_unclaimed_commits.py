"""What ``recover`` says of commits that nobody recorded: the history has them, and the records do not."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.cli.making import new_task, started
from tests.cli.test_recover_commits import commit_at
from tests.conftest import start_project
from tests.repos import Build, Repo


def rows(repo: Repo, task: str) -> list[tuple[str, str, list[str]]]:
    """Subject, how it was found, and paths."""
    found: list[dict[str, Any]] = repo.json("recover", task)["recovery_package"]["unclaimed_commits"]
    return [(row["subject"], row["via"], row["paths"]) for row in found]


def with_lost_work(project: Repo) -> str:
    """A branch on which a task was begun and recorded; what came behind was committed, and no more."""
    start_project(project)
    project.git("switch", "--quiet", "-c", "work")
    task = started(project)
    project.run("commit")
    commit_at(project, "the form", {"form.py": "one\n"})
    commit_at(project, "its test", {"form.py": "two\n", "test_form.py": "test\n"})
    return task


@pytest.fixture
def lost(build: Build) -> tuple[Repo, str]:
    return build.giving(with_lost_work)


def test_where_the_machine_was_lost_the_commits_are_found_and_can_be_claimed(
    lost: tuple[Repo, str], tmp_path: Path
) -> None:
    repo, task = lost
    clone = repo.clone(tmp_path / "clone")
    expected = [
        ("the form", "session", ["form.py"]),
        ("its test", "session", ["form.py", "test_form.py"]),
    ]
    assert rows(clone, task) == rows(repo, task) == expected
    text = clone.run("recover", task).out
    assert '- 2 commits may be its work and are in no claim (form.py, test_form.py): see "Commits in' in text
    [command] = [line.split("`")[1] for line in text.splitlines() if "track --range" in line]
    clone.run(*shlex.split(command)[1:])
    assert rows(clone, task) == []
    created = clone.json("recover", task)["recovery_package"]["files_created"]
    assert [(row["path"], row["rung"]) for row in created] == [
        ("form.py", "exact"),
        ("test_form.py", "exact"),
    ]


def test_what_is_folded_into_claims_is_in_no_list(lost: tuple[Repo, str]) -> None:
    repo, task = lost
    repo.run("commit")
    assert rows(repo, task) == []
    commit_at(repo, "more of it", {"form.py": "three\n"})
    assert rows(repo, task) == [("more of it", "session", ["form.py"])]
    package = repo.json("recover", task)["recovery_package"]
    assert package["changed_since_by_others"] == [], "its own agent is none of the others"
    repo.run("task", "complete", task, "--results", "r")
    assert rows(repo, task) == []


def test_work_of_others_and_of_other_tasks_is_not_listed(lost: tuple[Repo, str]) -> None:
    repo, task = lost
    other = new_task(repo, "Another")
    commit_at(repo, "by Bob", {"bob.py": "b\n"}, author="Bob")
    commit_at(repo, f"for another\n\nTask: {other}", {"another.py": "a\n"})
    repo.git("add", "--all", ".orchestrator/tasks")
    commit_at(repo, "with another's record", {"beside.py": "b\n"})
    commit_at(repo, "behind these", {"form.py": "three\n"})
    assert [subject for subject, _, _ in rows(repo, task)] == ["the form", "its test", "behind these"]
    found = repo.json("recover", task)["recovery_package"]["unclaimed_commits"]
    assert len({row["command"] for row in found}) == 2, "a command claims nobody else's commits"
    commit_at(repo, f"named\n\nTask: {task}", {"named.py": "n\n"}, author="Bob")
    assert ("named", "trailer", ["named.py"]) in rows(repo, task)


def test_what_is_claimed_for_another_task_is_not_listed(lost: tuple[Repo, str], tmp_path: Path) -> None:
    repo, task = lost
    clone = repo.clone(tmp_path / "clone")
    clone.run("track", "--range", "HEAD~2..HEAD", "--task", new_task(clone, "Another"))
    assert rows(clone, task) == [], "what a claim ends with has all that came before"


def test_the_agent_s_next_session_ends_what_may_be_of_the_one_before(
    lost: tuple[Repo, str], tmp_path: Path
) -> None:
    repo, task = lost
    clone = repo.clone(tmp_path / "clone")
    clone.git("config", "user.name", repo.git("config", "user.name"))
    clone.git("config", "user.email", "same@example.com")
    clone.run("session", "start")
    commit_at(clone, "in the next session", {"next.py": "n\n"}, days=1)
    assert [subject for subject, _, _ in rows(clone, task)] == ["the form", "its test"]


def test_code_that_was_committed_with_the_record_is_listed(project: Repo) -> None:
    task = started(project)
    project.commit("all at once", {"form.py": "one\n"})
    assert rows(project, task) == [("all at once", "record", ["form.py"])]
    project.run("commit")
    assert rows(project, task) == []


def test_commits_before_git_commit_took_the_records_along_are_told_too(project: Repo, tmp_path: Path) -> None:
    """The session's record came into history with ``git commit -a``, and no claim ever did."""
    project.git("switch", "--quiet", "-c", "work")
    task = started(project)
    project.write("form.py", "one\n")
    project.git("add", "form.py")
    project.git("commit", "--quiet", "-m", "the form")
    project.git("add", "--all")
    project.git("commit", "--quiet", "-m", "records")
    clone = project.clone(tmp_path / "clone")
    assert rows(clone, task) == rows(project, task) == [("the form", "session", ["form.py"])]


def test_commits_of_one_second_stand_in_their_order_and_are_one_run(project: Repo) -> None:
    task = started(project)
    now = "2027-01-01T00:00:00Z"
    when = {"GIT_AUTHOR_DATE": now, "GIT_COMMITTER_DATE": now}
    for number in range(4):
        project.write(f"part{number}.py", f"{number}\n")
        project.git("add", *([f"part{number}.py"] if number != 1 else ["--all"]))
        project.git("commit", "--quiet", "-m", f"part {number}", env=when)
    found = project.json("recover", task)["recovery_package"]["unclaimed_commits"]
    assert [(row["subject"], row["via"]) for row in found] == [
        ("part 0", "session"), ("part 1", "record"), ("part 2", "session"), ("part 3", "session"),
    ]  # fmt: skip
    assert len({row["command"] for row in found}) == 1
