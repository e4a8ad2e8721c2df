"""Work that a branch has and HEAD lacks is told, before somebody begins it anew."""

from __future__ import annotations

from typing import Any

import pytest

from taskorch.git import branches
from tests.cli.making import new_task, started
from tests.conftest import start_project
from tests.repos import Build, Repo


def local_of(repo: Repo, *words: str) -> dict[str, Any]:
    found = repo.json("recover", *words)["recovery_package"]["local"]
    assert isinstance(found, dict)
    return found


def with_a_branch(project: Repo) -> tuple[str, str]:
    """A repository whose main has the plan, and the work on one of its two tasks on the branch ``hash``."""
    start_project(project)
    task = new_task(project, "Hash passwords", "--priority", "high", "--accept", "hashed")
    other = new_task(project, "Pool connections")
    project.commit("plan")
    project.git("switch", "--quiet", "-c", "hash")
    project.run("task", "start", task)
    project.commit("hash them", {"a.py": "a = 1\n", "b.py": "b = 2\n"})
    project.run("session", "end", "--handoff", "migrate the old ones next")
    project.run("commit")
    project.git("switch", "--quiet", "main")
    return task, other


@pytest.fixture
def shared(build: Build) -> tuple[Repo, str, str]:
    repo, names = build.giving(with_a_branch)
    return repo, *names


def test_work_on_a_pushed_branch_is_a_local_finding_with_its_command(shared: tuple[Repo, str, str]) -> None:
    project, task, other = shared
    clone = project.clone(project.path.parent / "clone")
    tip = clone.git("rev-parse", "origin/hash")
    answer = clone.json("recover", task)
    local, command = answer["recovery_package"]["local"], f"taskorch recover {task} --at origin/hash"
    assert local["on_branches"] == [
        {
            "task": task, "title": "Hash passwords", "ref": "origin/hash", "commit": tip, "status": "active",
            "file_changes": 2, "handoff": True, "other_branches": 0, "command": command,
        }
    ]  # fmt: skip
    told = "origin/hash has work on it that HEAD lacks (active, 2 file changes, hand-off): "
    assert answer["recovery_package"]["continuation_guidance"][1] == f'{told}see "On branches here".'
    assert answer["recovery_package"]["recovery_recommendations"] == [command]
    out = clone.run("recover", task).out
    line = f"on `origin/hash`, not in HEAD: {task} Hash passwords (active, 2 file changes, hand-off)"
    assert f"## On branches here\n\n- {line}: `{command}`\n" in out
    assert "migrate the old ones next" in clone.run(*command.split()[1:]).out
    assert local_of(clone, other)["on_branches"] == []
    assert local_of(project, task)["on_branches"][0]["ref"] == "hash"  # a local branch as well


def test_the_brief_suggests_no_task_that_is_under_way_on_a_branch(shared: tuple[Repo, str, str]) -> None:
    project, task, other = shared
    guidance = project.json("recover")["recovery_package"]["continuation_guidance"]
    assert f'{task} Hash passwords is active on hash: see "On branches here".' in guidance
    assert f"Next: {other} Pool connections" in guidance
    out = project.run("recover").out
    assert f"- {task} Hash passwords (pending, high), but active on hash\n" in out
    assert f"- {other} Pool connections (pending, medium)\n" in out


def test_an_unknown_record_names_the_branch_that_has_it(shared: tuple[Repo, str, str]) -> None:
    project, _, _ = shared
    project.git("switch", "--quiet", "hash")
    [session] = [one["id"] for one in project.json("session", "list")["sessions"]]
    later = new_task(project, "Found on the way")
    project.commit("later")
    project.git("switch", "--quiet", "main")
    clone = project.clone(project.path.parent / "clone")
    for words in (["--session", session], [later], [later[:6]]):
        done = clone.run("recover", *words, "--json", check=False)
        hint = f"origin/hash has it: taskorch recover {' '.join(words)} --at origin/hash"
        assert (done.code, done.error["hint"]) == (1, hint)
        clone.run("recover", *words, "--at", "origin/hash")
    assert "--at" not in clone.run("recover", "t-zzzzzzzz", "--json", check=False).error["hint"]


def test_what_head_has_had_is_no_work_of_a_branch(shared: tuple[Repo, str, str]) -> None:
    project, task, _ = shared
    project.git("merge", "--quiet", "--squash", "hash")
    project.commit("Hash passwords (#1)")
    assert local_of(project, task)["on_branches"] == []
    project.run("task", "complete", task, "--results", "done", "--force", "of no matter")
    project.run("commit")
    project.git("branch", "old", "HEAD~1")
    assert local_of(project, task)["on_branches"] == []
    assert local_of(project)["on_branches"] == []
    # the same seen from the branch, where main has the plan alone
    project.git("switch", "--quiet", "hash")
    project.git("branch", "--force", "main", "hash~2")
    assert local_of(project, task)["on_branches"] == []


def test_a_branch_that_others_went_on_with_has_no_work_that_head_lacks(
    shared: tuple[Repo, str, str],
) -> None:
    """One who pushed it first still has it as it was then; what was squashed has a later record."""
    project, task, _ = shared
    clone = project.clone(project.path.parent / "clone")
    clone.git("switch", "--quiet", "hash")
    clone.run("session", "start", "--task", task)
    clone.commit("and the tests", {"c.py": "c = 3\n"})
    clone.run("task", "check", task, "1")
    clone.run("task", "complete", task, "--results", "both hashed")
    clone.run("commit")
    clone.git("switch", "--quiet", "main")
    clone.git("merge", "--quiet", "--squash", "hash")
    clone.git("commit", "--quiet", "-m", "Hash passwords (#1)")
    project.git("fetch", "--quiet", str(clone.path), "main")
    project.git("merge", "--quiet", "--ff-only", "FETCH_HEAD")
    assert local_of(project, task)["on_branches"] == []
    assert "HEAD lacks" not in project.run("recover", task).out
    # begun anew there, it has
    project.git("switch", "--quiet", "hash")
    project.run("session", "start", "--task", task)
    project.run("session", "end")
    project.run("commit")
    project.git("switch", "--quiet", "main")
    [row] = local_of(project, task)["on_branches"]
    assert (row["ref"], row["status"]) == ("hash", "active")


def test_a_session_alone_is_work_of_a_branch(project: Repo) -> None:
    task = started(project)
    project.commit("begun", {"a.txt": "a\n"})
    project.run("session", "end")
    project.run("commit")
    project.git("switch", "--quiet", "-c", "more")
    project.run("session", "start", "--task", task)
    project.run("session", "end", "--handoff", "see b.txt")
    project.run("commit")
    project.git("branch", "copy")
    project.git("switch", "--quiet", "-c", "further")
    project.commit("not of the task", {"c.txt": "c\n"})
    project.git("switch", "--quiet", "main")
    [row] = local_of(project, task)["on_branches"]
    assert (row["status"], row["file_changes"], row["handoff"]) == ("active", 0, True)
    assert row["other_branches"] == 1
    assert {row["ref"]} < {"more", "copy", "further"}


def test_only_the_newest_branches_are_looked_at(
    shared: tuple[Repo, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, task, _ = shared
    late = {"GIT_COMMITTER_DATE": "2026-02-02T03:04:05Z"}
    for number in range(3):
        new = project.git("commit-tree", "main^{tree}", "-p", "main", "-m", f"{number}", env=late)
        project.git("branch", f"other-{number}", new)
    assert local_of(project, task)["branches_not_read"] == 0
    monkeypatch.setattr(branches, "_MOST_TIPS", 3)
    local = local_of(project, task, "--budget", "5000")  # a question that was not answered yet
    assert (local["on_branches"], local["branches_not_read"]) == ([], 1)
    out = project.run("recover", task, "--budget", "5000").out
    assert "- 1 older branch was not looked at for work on tasks." in out


def test_a_branch_of_another_kind_of_content_harms_nothing(shared: tuple[Repo, str, str]) -> None:
    project, task, _ = shared
    record = project.json("task", "show", task)["path"]
    project.git("switch", "--quiet", "--orphan", "pages")
    project.commit("pages", {"index.html": "<p>\n", record: b"\xff\0 no record\n"})
    project.git("switch", "--quiet", "main")
    project.git("clean", "-fdq")
    assert [row["ref"] for row in local_of(project, task)["on_branches"]] == ["hash"]
    assert [row["ref"] for row in local_of(project)["on_branches"]] == ["hash"]
