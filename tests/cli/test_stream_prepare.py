"""``stream prepare``: what is uncommitted is kept, and it is told what is ready, and why not."""

from __future__ import annotations

from typing import Any

import pytest

from taskorch.errors import NotFound
from taskorch.services.streams.readiness import readiness
from taskorch.services.workspace import Workspace
from tests.cli.making import completed, new_task, started, task_file
from tests.cli.snapshots import snapshot
from tests.cli.test_machine import as_anyone
from tests.cli.test_read_only_git import read_only
from tests.repos import Repo

Json = dict[str, Any]


def prepared(repo: Repo, *tasks: str, stream: str = "documentation") -> Json:
    return repo.json("stream", "prepare", stream, *tasks)


def reasons(answer: Json) -> dict[str, list[str]]:
    """The reasons of each task, by the name it was given."""
    return {row["name"]: row["reasons"] for row in answer["readiness_status"]["task_readiness"]}


def checks(answer: Json) -> dict[str, str]:
    """The details of the checks that found something."""
    rows = answer["readiness_status"]["checks"]
    return {row["check"]: row["detail"] for row in rows if not row["ready"]}


def test_all_is_ready(project: Repo) -> None:
    task = new_task(project)
    answer = prepared(project, task)
    assert (answer["work_stream_type"], answer["total_tasks"]) == ("documentation", 1)
    status = answer["readiness_status"]
    assert (status["ready"], status["reason"]) == (True, None)
    [row] = status["task_readiness"]
    assert (row["task_id"], row["exists"], row["status"], row["ready"]) == (task, True, "pending", True)
    assert answer["context_protection_enabled"] is True
    assert "Read the page as a newcomer" in answer["execution_guidance"][0]
    assert f"begin: taskorch task start {task}" in answer["recommendations"]
    out = project.run("stream", "prepare", "documentation", task).out
    assert "documentation, 1 task: ready" in out


def test_what_is_uncommitted_is_in_the_checkpoint_when_it_returns(project: Repo) -> None:
    task = new_task(project)
    project.write("README.md", "half a thought\n")
    project.write("new.txt", "new\n")
    answer = prepared(project, task)
    assert {"README.md", "new.txt"} <= set(answer["checkpoint"]["files"])
    project.git("reset", "--hard", "--quiet")
    project.remove("new.txt")
    step = f"step:{answer['checkpoint']['step']}"
    assert any(step in line for line in answer["recommendations"])
    project.run("restore", "README.md", "--from", step)
    project.run("restore", "new.txt", "--from", step)
    assert (project.read("README.md"), project.read("new.txt")) == ("half a thought\n", "new\n")


def test_no_record_is_changed(project: Repo) -> None:
    tasks = [new_task(project), started(project, "Other")]
    project.write("a.txt", "a\n")
    before = snapshot(project)
    prepared(project, *tasks, "nope")
    assert snapshot(project) == before


def test_a_task_that_does_not_exist_is_a_reason_and_no_error(project: Repo) -> None:
    task = new_task(project)
    done = project.run("stream", "prepare", "testing", task, "doc_task_001", "--json")
    assert done.code == 0
    status = done.json["readiness_status"]
    assert status["ready"] is False
    assert status["reason"] == "no task 'doc_task_001'"
    missing = status["task_readiness"][1]
    assert missing == {
        "task_id": "doc_task_001", "name": "doc_task_001", "exists": False, "title": None, "status": None,
        "ready": False, "reasons": ["no task 'doc_task_001'"],
    }  # fmt: skip
    assert status["task_readiness"][0]["ready"] is True


def test_the_library_never_raises_for_unknown_tasks_and_makes_nothing(project: Repo) -> None:
    ws = Workspace(project.path)
    task_file(project, broken := new_task(project)).write_text("no record")
    project.write("a.txt", "a\n")
    before = snapshot(project, local=True)
    answer = readiness(ws, ["t-00000000", "", "a\nb", broken])
    assert [row["exists"] for row in answer["task_readiness"]] == [False] * 4
    assert "no front matter" in answer["task_readiness"][3]["reasons"][0]
    assert readiness(ws, [])["reason"] == "no task was named"
    assert snapshot(project, local=True) == before
    with pytest.raises(NotFound):
        readiness(ws, [], "nowhere")


def test_a_name_in_several_forms_is_one_task(project: Repo) -> None:
    task = new_task(project)
    answer = prepared(project, task, task[:8], task)
    assert answer["total_tasks"] == 1


def test_closed_blocked_and_deleted_tasks_are_not_ready(project: Repo) -> None:
    done, blocked, deleted = completed(project), new_task(project, "B"), new_task(project, "C")
    project.run("task", "block", blocked, "no key")
    project.run("task", "delete", deleted)
    answer = prepared(project, done, blocked, deleted)
    assert reasons(answer) == {
        done: [f"{done} is completed"],
        blocked: [f"{blocked} is blocked: no key"],
        deleted: [f"{deleted} is deleted"],
    }


def test_dependencies_are_met_by_other_tasks_of_the_call_that_are_ready(project: Repo) -> None:
    first = new_task(project, "First")
    second = new_task(project, "Second", "--depends-on", first)
    third = new_task(project, "Third", "--depends-on", second)
    alone = prepared(project, second)
    assert reasons(alone) == {second: [f"{second} waits for {first} First (pending)"]}
    assert set(checks(alone)) == {"dependencies"}
    together = prepared(project, third, second, first)
    assert together["readiness_status"]["ready"] is True
    assert f"work in this order: {first}, {second}, {third}" in together["recommendations"]
    project.run("task", "block", first, "no key")
    blocked = prepared(project, third, second, first)
    assert [row["ready"] for row in blocked["readiness_status"]["task_readiness"]] == [False] * 3


def test_a_dependency_that_is_no_task_and_a_ring(project: Repo) -> None:
    one, two = new_task(project, "One"), new_task(project, "Two")
    for task, other in ((one, two), (two, one)):
        path = task_file(project, task)
        path.write_text(path.read_text().replace("depends_on:\n", f"depends_on:\n  - {other}\n"))
    assert f"{one} waits for itself: {one} -> {two} -> {one}" in reasons(prepared(project, one, two))[one]
    lost = new_task(project, "Lost")
    path = task_file(project, lost)
    path.write_text(path.read_text().replace("depends_on:\n", "depends_on:\n  - t-00000000\n"))
    wanted = f"{lost} waits for t-00000000, which is no task here"
    assert reasons(prepared(project, lost)) == {lost: [wanted]}


def test_a_merge_under_way_and_what_is_unmerged(project: Repo) -> None:
    task = new_task(project)
    project.commit("records")
    project.git("switch", "--quiet", "-c", "other")
    project.commit("theirs", {"README.md": "theirs\n"})
    project.git("switch", "--quiet", "main")
    project.commit("ours", {"README.md": "ours\n"})
    project.git("merge", "other", check=False)
    found = checks(prepared(project, task))
    assert found == {"work_tree": "a merge is under way (git status says how to end it); unmerged: README.md"}


def test_a_claim_that_failed(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    project.git("add", "a.txt")
    project.git("commit", "--quiet", "-m", "work")
    project.run("task", "complete", task, "--results", "r")
    project.git("revert", "--no-edit", "HEAD")
    project.run("task", "reopen", task)
    other = new_task(project, "Other")
    answer = prepared(project, task, other)
    assert "verification" in checks(answer)
    assert f"what {task} claims of a.txt is reverted" in reasons(answer)[task][0]
    assert reasons(answer)[other] == []


def test_a_session_that_works_on_the_task_and_one_that_cannot_be_opened(project: Repo) -> None:
    task = new_task(project)
    project.commit("records")
    other = project.worktree(project.path.parent / "other")
    other.run("task", "start", task)
    waiting = new_task(project, "Waiting", "--depends-on", task)
    answer = prepared(project, waiting, task)
    assert f"{task} is being worked on in session s-" in reasons(answer)[task][0]
    assert f"{waiting} waits for {task}" in reasons(answer)[waiting][0]
    free = new_task(project, "Free")
    project.git("config", "user.useConfigOnly", "true")
    env = {"GIT_CONFIG_GLOBAL": "/dev/null"}
    done = project.run("stream", "prepare", "testing", free, "--json", env=env)
    assert checks(done.json) == {"session": "git does not know who you are"}
    with_agent = project.run(
        "stream", "prepare", "testing", free, "--json", env=env | {"TASKORCH_AGENT": "a"}
    )
    assert checks(with_agent.json) == {}


def test_what_no_checkpoint_takes_is_not_protected(project: Repo) -> None:
    task = new_task(project)
    project.write("id_rsa", "secret\n")
    answer = prepared(project, task)
    assert answer["context_protection_enabled"] is False
    assert "1 changed file not in a checkpoint (id_rsa: its name" in checks(answer)["protection"]
    alike = readiness(Workspace(project.path), [task])
    assert alike["reason"] == answer["readiness_status"]["reason"]
    project.remove("id_rsa")
    assert prepared(project, task)["context_protection_enabled"] is True


def test_where_the_safety_store_is_off_it_says_so(project: Repo) -> None:
    task = new_task(project)
    project.write("a.txt", "a\n")
    with read_only(project):
        done = as_anyone(project, "stream", "prepare", "documentation", task, "--json").checked()
        assert done.json["context_protection_enabled"] is False
        assert "the safety store is off" in done.json["safety_store"]
        assert "the safety store is off" in checks(done.json)["protection"]
        text = as_anyone(project, "stream", "prepare", "documentation", task).checked()
        assert "the safety store is off" in text.err


def test_an_own_stream_asks_what_it_says(project: Repo) -> None:
    project.write(".orchestrator/streams/testing.yaml", "readiness: [dependencies]\n")
    task = new_task(project)
    project.write("id_rsa", "secret\n")
    answer = prepared(project, task, stream="testing")
    assert [row["check"] for row in answer["readiness_status"]["checks"]] == ["dependencies"]
    assert answer["readiness_status"]["ready"] is True


def test_an_unknown_stream_is_refused_and_nothing_is_made(project: Repo) -> None:
    task = new_task(project)
    before = snapshot(project, local=True)
    done = project.run("stream", "prepare", "documentaton", task, "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "not_found")
    assert done.error["candidates"] == ["documentation"]
    assert snapshot(project, local=True) == before
    assert project.run("stream", "prepare", "testing", check=False).code == 2


def test_notes_name_tasks_of_other_streams_and_those_without_criteria(project: Repo) -> None:
    task = new_task(project, "T", "--stream", "testing")
    told = "\n".join(prepared(project, task)["recommendations"])
    assert f"taskorch task edit {task} --stream documentation" in told
    assert f"taskorch task edit {task} --accept" in told


def test_what_was_tracked_and_put_back_is_not_ready(project: Repo) -> None:
    project.commit("a file", {"a.txt": "as it was\n"})
    task = started(project)
    project.write("a.txt", "changed\n")
    project.run("track", "a.txt", "--task", task)
    project.git("checkout", "--", "a.txt")
    answer = prepared(project, task)
    words = f"a.txt was tracked for {task}, but has not changed after all"
    assert words in reasons(answer)[task] and checks(answer)["verification"] == words
