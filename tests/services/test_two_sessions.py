"""Several sessions in one work tree: on two branches, with records that are lost or unreadable."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.making import expire_leases, new_task
from tests.cli.snapshots import snapshot
from tests.conftest import start_project
from tests.repos import Build, Repo

BASE = {"f": "f1\n", "g": "g1\n", "h": "h1\n"}


def on_feature(repo: Repo) -> None:
    """Tasks A and B are planned on main; A is under way on ``feature``, its session's record committed."""
    start_project(repo)
    repo.commit("base", BASE)
    new_task(repo, "A")
    new_task(repo, "B")
    repo.commit("plan")
    repo.git("switch", "-qc", "feature")
    repo.run("task", "start", task(repo, "A"))
    work(repo, f="a1\n")
    repo.run("commit")


@pytest.fixture
def feature(build: Build) -> Repo:
    return build(on_feature)


def task(repo: Repo, title: str) -> str:
    return next(str(one["id"]) for one in repo.json("task", "list")["tasks"] if one["title"] == title)


def work(repo: Repo, **files: str) -> None:
    for path, content in files.items():
        repo.write(path, content)
    repo.git("add", *files)
    repo.git("commit", "-qm", f"work on {', '.join(files)}")


def claimed(repo: Repo, title: str) -> set[str]:
    """The paths that a task's claims on disk name."""
    lines = [
        json.loads(line)
        for file in (repo.path / ".orchestrator" / "sessions").rglob("*.jsonl")
        for line in file.read_text().splitlines()
    ]
    return {one["path"] for one in lines if one["task"] == task(repo, title)}


def complete(repo: Repo, title: str) -> dict[str, Any]:
    return repo.json("task", "complete", task(repo, title), "--results", "done")


def switch(repo: Repo, branch: str) -> None:
    repo.git("switch", "-q", branch)


def test_back_on_its_branch_a_session_goes_on(feature: Repo) -> None:
    """In between, another was begun and ended on main."""
    switch(feature, "main")
    feature.run("task", "start", task(feature, "B"))
    work(feature, g="b1\n")
    complete(feature, "B")
    feature.run("commit")
    assert claimed(feature, "B") == {"g"}
    switch(feature, "feature")
    work(feature, h="a2\n")
    status = feature.json("status")
    assert (status["session"]["state"], {one["path"] for one in status["changed"]}) == ("active", {"f", "h"})
    complete(feature, "A")
    assert claimed(feature, "A") == {"f", "h"}
    assert len(feature.json("verify")["files"]) == 2, "its session is the newest one that ended here"


def test_what_was_observed_before_another_began_is_kept(feature: Repo) -> None:
    work(feature, h="a2\n")  # not recorded yet
    switch(feature, "main")
    feature.run("task", "start", task(feature, "B"))
    work(feature, g="b1\n")
    complete(feature, "B")
    feature.run("commit")
    assert claimed(feature, "B") == {"g"}
    switch(feature, "feature")
    complete(feature, "A")
    assert claimed(feature, "A") == {"f", "h"}


def test_to_and_fro_between_two_open_sessions(feature: Repo) -> None:
    switch(feature, "main")
    feature.run("task", "start", task(feature, "B"))
    work(feature, g="b1\n")
    feature.run("commit")
    switch(feature, "feature")
    work(feature, h="a2\n")
    feature.run("task", "note", task(feature, "A"), "back again")
    feature.run("session", "note", "back again")
    feature.run("commit")
    assert claimed(feature, "A") == {"f", "h"}
    switch(feature, "main")
    work(feature, g="b2\n")
    complete(feature, "B")
    feature.run("commit")
    assert claimed(feature, "B") == {"g"}
    switch(feature, "feature")
    work(feature, f="a3\n")
    assert {one["path"] for one in feature.json("status")["changed"]} == {"f", "h"}
    complete(feature, "A")
    assert claimed(feature, "A") == {"f", "h"}


def test_commits_belong_to_the_branch_they_were_made_on(feature: Repo) -> None:
    """To and fro without a word to taskorch: each session finds its own when it is asked."""
    feature.git("switch", "-qc", "second", "main")
    feature.run("task", "start", task(feature, "B"))
    feature.run("commit")
    work(feature, g="b1\n")
    switch(feature, "feature")
    work(feature, h="a2\n")
    switch(feature, "second")
    work(feature, i="b2\n")
    complete(feature, "B")
    feature.run("commit")
    assert claimed(feature, "B") == {"g", "i"}
    switch(feature, "feature")
    complete(feature, "A")
    assert claimed(feature, "A") == {"f", "h"}


def test_a_squash_of_another_task_on_main_is_not_claimed_again(feature: Repo) -> None:
    feature.git("switch", "-qc", "second", "main")
    feature.run("task", "start", task(feature, "B"))
    work(feature, g="b1\n")
    complete(feature, "B")
    feature.run("commit")
    switch(feature, "main")
    feature.git("merge", "-q", "--squash", "second")
    feature.git("commit", "-qm", "B (#1)")
    switch(feature, "feature")
    feature.git("merge", "-q", "--no-edit", "main")
    complete(feature, "A")
    assert (claimed(feature, "A"), claimed(feature, "B")) == ({"f"}, {"g"})


def test_a_task_held_on_another_branch_is_not_started_nor_completed(feature: Repo) -> None:
    switch(feature, "main")
    one = task(feature, "A")
    start = feature.run("task", "start", one, "--json", check=False)
    assert start.code == 1 and f"{one} is being worked on in session" in start.error["message"]
    for lease in ("active", "expired"):
        done = feature.run("task", "complete", one, "--results", "r", "--json", check=False)
        assert (done.code, lease) == (1, lease)
        assert "whose record is on another branch" in done.error["message"]
        assert "--steal REASON" in done.error["hint"]
        expire_leases(feature)
    feature.run("task", "start", one, "--steal", "the other branch is dead")
    work(feature, g="g2\n")
    complete(feature, "A")
    assert claimed(feature, "A") == {"g"}


def test_an_unreadable_session_is_told_not_passed_over(feature: Repo) -> None:
    work(feature, h="a2\n")
    [record] = (feature.path / ".orchestrator" / "sessions").rglob("s-*.md")
    text = record.read_text()
    record.write_text(text + "<<<<<<< HEAD\n")
    one = task(feature, "A")
    before = snapshot(feature, local=True)
    for words in (
        ["task", "complete", one, "--results", "r"], ["task", "block", one], ["task", "start", one],
        ["session", "start"], ["session", "end"], ["track", "h", "--task", one],
    ):  # fmt: skip
        done = feature.run(*words, "--json", check=False)
        assert (done.code, done.error["kind"]) == (1, "bad_record"), words
        assert str(record.relative_to(feature.path)) in done.error["message"]
    assert snapshot(feature, local=True) == before
    assert feature.run("status").code == 0
    record.write_text(text)
    complete(feature, "A")
    assert claimed(feature, "A") == {"f", "h"}


def test_a_new_session_goes_on_where_a_lost_one_was(project: Repo) -> None:
    """The session's record was never committed, and git clean took it."""
    project.commit("base", BASE)
    one = new_task(project, "A")
    project.commit("plan")
    project.run("task", "start", one)
    work(project, f="a1\n")
    project.write("g", "a1\n")
    project.git("clean", "-fdq")
    project.git("checkout", "-q", "--", ".orchestrator")
    done = project.run("task", "complete", one, "--results", "r", "--json", check=False)
    assert done.code == 1 and "whose record is gone" in done.error["message"]
    assert f"taskorch task start {one}" in done.error["hint"]
    project.run("task", "start", one)
    project.write("h", "a1\n")
    files = complete(project, "A")["verification"]["files"]
    assert claimed(project, "A") == {"f", "g", "h"}
    assert {row["path"]: row["rung"] for row in files} == {"f": "exact", "g": "worktree", "h": "worktree"}


def test_an_interrupted_session_does_not_claim_the_next_ones_work(project: Repo) -> None:
    project.commit("base", BASE)
    for title in ("A", "B"):
        new_task(project, title)
    project.run("task", "start", task(project, "A"))
    interrupted = project.json("session", "status")["session"]["id"]
    work(project, f="a1\n")
    expire_leases(project)
    project.run("task", "start", task(project, "B"))
    work(project, g="b1\n")
    complete(project, "B")
    project.run("session", "resume", interrupted)
    work(project, h="a2\n")
    complete(project, "A")
    assert (claimed(project, "A"), claimed(project, "B")) == ({"f", "h"}, {"g"})


@pytest.mark.parametrize(
    ("records", "branch"),
    [
        *((records, "main") for records in ("untracked", "staged", "under an older stash", "folded")),
        ("folded", "hotfix"),
    ],
)
def test_a_session_in_a_stash_waits_for_its_work(project: Repo, records: str, branch: str) -> None:
    """``git stash -u`` takes the record of a session along; another task is worked on before it is popped."""
    project.commit("base", BASE)
    one = new_task(project, "A")
    project.run("task", "start", one)
    going = project.json("session", "status")["session"]["id"]
    work(project, f="a1\n")
    project.write("g", "a1\n")
    if records == "folded":
        project.run("session", "note", "half way")
        project.run("track")
    if records == "staged":
        project.git("add", "-A")
    project.git("stash", "-q", "-u")
    ref = "stash@{0}"
    if records == "under an older stash":
        project.write("f", "something else\n")
        project.git("stash", "-q")
        ref = "stash@{1}"
    for words in (["status"], ["session", "status"]):
        assert project.json(*words)["stashed"] == {"session_id": going, "ref": ref}
        assert f"is in {ref}: git stash pop {ref}" in project.run(*words).out
    refused = project.run("verify", "--json", check=False).error
    assert (going in refused["message"], f"git stash pop {ref}" in refused["hint"]) == (True, True)
    if branch != "main":
        project.git("switch", "-qc", branch, "HEAD~1")
    new_task(project, "B")
    project.run("task", "start", task(project, "B"))
    work(project, h="b1\n")
    complete(project, "B")
    assert claimed(project, "B") == {"h"}
    project.commit("records")
    work(project, i="a2\n")  # when none was active
    switch(project, "main")
    project.git("stash", "pop", "-q", ref)
    status = project.json("session", "status")
    assert (status["session"]["id"], status["stashed"]) == (going, None)
    complete(project, "A")
    assert claimed(project, "A") == {"f", "g"} | ({"i"} if branch == "main" else set())


def test_a_task_whose_session_is_in_a_stash_is_not_begun_anew(project: Repo) -> None:
    project.commit("base", BASE)
    one = new_task(project, "A")
    project.commit("plan")
    project.run("task", "start", one)
    project.write("f", "a1\n")
    project.git("stash", "-q", "-u")
    for words in (["start", one], ["complete", one, "--results", "r"]):
        refused = project.run("task", *words, "--json", check=False)
        assert (refused.code, "whose record is in stash@{0}" in refused.error["message"]) == (1, True), words
        assert "git stash pop stash@{0}" in refused.error["hint"]
    assert "git stash pop stash@{0}" in project.run("session", "end", check=False).err
    [command] = project.json("recover", one)["recovery_package"]["recovery_recommendations"]
    assert command == "git stash pop stash@{0}"
    project.git(*command.split()[1:])
    complete(project, "A")
    assert claimed(project, "A") == {"f"}


def test_the_work_of_a_lost_session_is_not_another_tasks(project: Repo) -> None:
    """``git clean`` took a task and its session; what was done for it is listed, until they are restored."""
    project.commit("base", BASE)
    one = new_task(project, "A")
    project.run("task", "start", one)
    work(project, f="a1\n")
    project.git("clean", "-fdq")
    new_task(project, "B")
    project.run("task", "start", task(project, "B"))
    work(project, g="b1\n")
    assert project.json("session", "status")["unclaimed"] == ["f"]
    complete(project, "B")
    assert claimed(project, "B") == {"g"}
    project.run("restore", "--all")
    assert project.json("session", "status")["changed"][0]["path"] == "f"
