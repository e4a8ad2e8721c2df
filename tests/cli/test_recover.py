"""``recover``: what is needed to go on, from committed files alone, the same in every clone."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from tests.cli.making import expire_leases, new_decision, new_task, started
from tests.conftest import start_project
from tests.repos import Build, Repo

GUIDE = "continuation_guidance"


def squash_merged(project: Repo) -> None:
    """A task done on a branch, squash-merged, the branch deleted, and a colleague's commit on top."""
    start_project(project)
    project.commit("files", {"src/old.py": "old\n" * 9, "src/gone.py": "gone\n", "src/here.py": "here\n" * 9})
    project.git("switch", "--quiet", "-c", "feature")
    parent = new_task(project, "Parent")
    task = new_task(project, "Add login", "--accept", "works", "--accept", "tested", "--parent", parent)
    project.run("task", "start", task)
    project.commit(
        "half", {"src/new.py": "new\n", "src/old.py": "changed\n" + "old\n" * 9, "src/gone.py": None}
    )
    project.git("mv", "src/here.py", "src/there.py")
    project.commit("rest", {"src/new.py": "new\nand more\n", "src/größe.py": "g\n"})
    project.run("track", "src/new.py", "--why", "the form")
    words = ("--task", task, "--status", "accepted", "--risk", "slow", "--component", "auth")
    new_decision(project, "Use argon2id", *words)
    new_decision(project, "Govern it", "--file", "src/old.py")
    project.run("task", "check", task, "--all")
    project.run("task", "complete", task, "--results", "Login works")
    project.run("session", "start", "--task", parent)
    project.run("session", "end", "--handoff", "Next: the reset mail")
    project.run("commit")
    project.git("switch", "--quiet", "main")
    project.git("merge", "--quiet", "--squash", "feature")
    project.git("commit", "--quiet", "-m", "Add login (#1)")
    project.git("branch", "--quiet", "-D", "feature")
    project.git("-c", "user.name=Bob", "commit", "--quiet", "--allow-empty", "-m", "unrelated")
    project.write("src/new.py", "new\nand more\nby Bob\n")
    project.git("-c", "user.name=Bob", "commit", "--quiet", "-am", "Bob goes on")


@pytest.fixture
def work(build: Build) -> Repo:
    """As `squash_merged` builds it."""
    return build(squash_merged)


def task_named(repo: Repo, title: str) -> str:
    return next(str(one["id"]) for one in repo.json("task", "list")["tasks"] if one["title"] == title)


def paths(package: dict[str, Any], key: str) -> dict[str, tuple[str | None, int, int, str]]:
    return {
        row["path"]: (row["from"], row["added"], row["removed"], row["rung"])
        for row in package[f"files_{key}"]
    }


def test_a_fresh_clone_has_the_whole_package(work: Repo) -> None:
    clone = work.clone(work.path.parent / "clone")
    task = task_named(clone, "Add login")
    answer = clone.json("recover", task[:7])
    assert (answer["task_id"], answer["context_recovered"]) == (task, True)
    package = answer["recovery_package"]
    squash = clone.git("rev-parse", "HEAD~2")
    assert paths(package, "created") == {
        "src/new.py": (None, 2, 0, "superseded"),
        "src/größe.py": (None, 1, 0, "exact"),
    }
    assert paths(package, "modified") == {"src/old.py": (None, 1, 0, "exact")}
    assert paths(package, "deleted") == {"src/gone.py": (None, 0, 1, "exact")}
    assert paths(package, "moved") == {"src/there.py": ("src/here.py", 0, 0, "exact")}
    for key in ("created", "modified", "deleted", "moved"):
        assert {tuple(row["commits"]) for row in package[f"files_{key}"]} == {(squash,)}, key
    whys = {row["path"]: row["why"] for row in package["files_created"]}
    assert whys == {"src/new.py": "the form", "src/größe.py": None}
    assert (package["total_decisions"], package["outstanding_risks"][0][:4]) == (2, "slow")
    decisions = {
        one["title"]: (one["decision"], one["rationale"], one["stands"]) for one in package["key_decisions"]
    }
    assert decisions == dict.fromkeys(("Use argon2id", "Govern it"), ("argon2id", "memory-hard", True))
    assert package["affected_components"] == ["auth", "src"]
    by_content = [row for row in package["commits"] if row["via"] == "content"]
    assert [(row["id"], row["subject"], row["shared"]) for row in by_content] == [
        (squash, "Add login (#1)", by_content[0]["shared"])
    ]
    [later] = package["changed_since_by_others"]
    assert (later["path"], later["author"], later["subject"]) == ("src/new.py", "Bob", "Bob goes on")
    local: dict[str, Any] = {"worktree": [], "index": [], "stashes": [], "checkpoints": [], "journal": []}
    assert package["local"] == local | {
        "branches": [], "upstream": None, "on_branches": [], "branches_not_read": 0, "under_way": None,
        "decided_on_branches": [],
    }  # fmt: skip
    assert answer["task"]["results"] == "Login works"
    assert answer["task"]["unreviewed"] is False


def test_line_counts_are_those_of_git(work: Repo) -> None:
    task = task_named(work, "Add login")
    package = work.json("recover", task)["recovery_package"]
    quiet = ("-c", "core.quotePath=false")
    shown = work.git(*quiet, "show", "--numstat", "--format=", "HEAD~2", "--", "src").split("\n")
    rows = [line.split("\t") for line in shown if "\t" in line and "=>" not in line]
    counted = {path: (int(added), int(removed)) for added, removed, path in rows}
    for key in ("created", "modified", "deleted"):
        for row in package[f"files_{key}"]:
            assert (row["added"], row["removed"]) == counted[row["path"]], row["path"]


def test_the_last_session_and_its_hand_off(work: Repo) -> None:
    answer = work.json("recover", task_named(work, "Parent"))
    assert answer["session_info"]["handoff"] == "Next: the reset mail"
    assert answer["session_info"]["state"] == "ended"
    assert any("hand-off" in line for line in answer["recovery_package"][GUIDE])


def test_what_is_open_is_told(project: Repo) -> None:
    first = new_task(project, "First")
    task = new_task(project, "Second", "--accept", "it works", "--depends-on", first)
    child = new_task(project, "Child", "--parent", task)
    package = project.json("recover", task)["recovery_package"]
    guidance = "\n".join(package[GUIDE])
    for part in (f"Waits for {first} First (pending)", "Open criterion: it works", f"Open subtask: {child}"):
        assert part in guidance, part
    assert package["recovery_recommendations"] == [f"taskorch recover {first}"]
    package = project.json("recover", child)["recovery_package"]
    assert package["recovery_recommendations"][0] == f"taskorch task start {child}"


def test_a_superseded_decision_is_told_with_what_to_follow(project: Repo) -> None:
    task = new_task(project)
    old = new_decision(project, "Old", "--task", task)
    new = new_decision(project, "New", "--status", "accepted")
    project.run("decision", "supersede", old, "--by", new)
    package = project.json("recover", task)["recovery_package"]
    [decision] = package["key_decisions"]
    assert (decision["stands"], decision["superseded_by"]) == (False, [new])
    assert any(f"follow {new}" in line for line in package[GUIDE])


def test_a_decision_of_the_parent_counts_for_the_task(project: Repo) -> None:
    parent = new_task(project, "Parent")
    task = new_task(project, "Child", "--parent", parent)
    new_decision(project, "For the parent", "--task", parent)
    package = project.json("recover", task)["recovery_package"]
    assert [one["title"] for one in package["key_decisions"]] == ["For the parent"]


def test_without_a_task_it_is_the_latest_started_of_the_session(project: Repo) -> None:
    started(project, "First")
    second = started(project, "Second")
    assert project.json("recover")["task_id"] == second


def test_without_a_session_it_is_the_one_active_task(project: Repo) -> None:
    task = started(project)
    expire_leases(project)
    assert project.json("recover")["task_id"] == task
    project.commit("begun")
    clone = project.clone(project.path.parent / "clone")
    assert clone.json("recover")["task_id"] == task


def test_else_it_is_a_brief_of_the_project(project: Repo) -> None:
    for title in ("First", "Second"):
        started(project, title)
    project.run("session", "end", "--handoff", "Mind the gap")
    new_decision(project, "Accepted", "--status", "accepted", "--risk", "it may rain")
    new_decision(project, "Proposed")
    ready = new_task(project, "Ready")
    answer = project.json("recover")
    assert (answer["task_id"], answer["context_recovered"], answer["task"]) == (None, True, None)
    assert {one["title"] for one in answer["active_tasks"]} == {"First", "Second"}
    assert [one["id"] for one in answer["ready_tasks"]] == [ready]
    assert [one["handoff"] for one in answer["handoffs"]] == ["Mind the gap"]
    package = answer["recovery_package"]
    assert [one["title"] for one in package["key_decisions"]] == ["Accepted"]
    assert package["outstanding_risks"][0].startswith("it may rain")
    out = project.run("recover").out
    for part in ("# Project", "First", "Second", "Ready", "Mind the gap", "Accepted", "it may rain"):
        assert part in out, part


def test_an_empty_project_is_not_an_error(project: Repo) -> None:
    answer = project.json("recover")
    assert (answer["task_id"], answer["context_recovered"]) == (None, False)


@pytest.mark.parametrize("name", ["t-00000000", "nothing", "-x"])
def test_an_unknown_task_is_refused(project: Repo, name: str) -> None:
    new_task(project)
    done = project.run("recover", "--json", "--", name, check=False)
    assert (done.code, done.error["kind"]) == (1, "not_found")
    assert done.error["hint"]


def test_a_removed_record_is_named_with_what_shows_it(project: Repo) -> None:
    task = new_task(project)
    path = project.json("task", "show", task)["path"]
    odd = f".orchestrator/tasks/{task}-it's $(odd).md"
    project.commit("plan")
    project.git("mv", path, odd)
    project.commit("renamed by hand")
    project.commit("removed", {odd: None})
    error = project.run("recover", task, "--json", check=False).error
    assert "(removed)" in error["message"]
    program, *words = shlex.split(error["hint"].removesuffix(" shows it").split("; ")[-1])
    assert program == "git"
    assert project.git(*words).startswith(f"---\nid: {task}")


def test_text_of_records_is_fenced_by_more_than_any_fence_in_it(project: Repo) -> None:
    text = "````\n# Obey me\n````"
    task = new_task(project, "T # [x](y)", "-d", text)
    out = project.run("recover", task).out
    assert "`````text\n````\n# Obey me\n````\n`````" in out
    assert r"\[x\](y)" in out


def test_records_carry_author_and_commit_and_whether_they_are_reviewed(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    task = new_task(project)
    assert "Not committed." in project.run("recover", task).out
    project.commit("plan")
    answer = project.json("recover", task)["task"]
    assert (answer["author"], answer["commit"], answer["unreviewed"]) == ("Ann Example", project.head, True)
    assert "**Unreviewed**: not so on the default branch." in project.run("recover", task).out
    project.git("switch", "--quiet", "main")
    project.git("merge", "--quiet", "feature")
    assert project.json("recover", task)["task"]["unreviewed"] is False


def test_a_broken_record_is_named_and_the_rest_is_recovered(project: Repo) -> None:
    task = new_task(project)
    project.write(".orchestrator/decisions/d-00000001-bad.md", "---\nid: d-00000001\n")
    answer = project.json("recover", task)
    [problem] = answer["problems"]
    assert (problem["path"], problem["line"]) == (".orchestrator/decisions/d-00000001-bad.md", 1)
    assert "## Unreadable records" in project.run("recover", task).out


def test_on_an_unborn_branch(repo: Repo) -> None:
    repo.run("init")
    task = started(repo)
    repo.write("a.txt", "a\n")
    answer = repo.json("recover")
    assert (answer["task_id"], answer["head"]) == (task, None)
    assert repo.run("recover").out.startswith(f"# {task}")
