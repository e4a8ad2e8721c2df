"""``task complete`` is honest: it observes, claims, verifies, and refuses what is not so."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.making import changed_lines, completed, new_task, rungs, started, status_of, task_file
from tests.cli.snapshots import snapshot
from tests.repos import Repo, Result


def complete(repo: Repo, task: str, *words: str) -> Result:
    return repo.run("task", "complete", task, "--results", "done", *words, "--json", check=False)


def refused(repo: Repo, task: str, *words: str) -> list[str]:
    """The reasons of a refusal that left the repository and all local state as they were."""
    before = snapshot(repo, local=True)
    done = complete(repo, task, *words)
    assert done.code == 1
    assert done.error["message"] == f"{task} is not complete"
    assert "--force REASON" in done.error["hint"]
    assert snapshot(repo, local=True) == before
    reasons: list[str] = done.error["reasons"]
    return reasons


def test_without_claims_it_completes_and_says_that_nothing_changed(project: Repo) -> None:
    task = started(project)
    done = complete(project, task).json
    assert done["status"] == "completed"
    assert {key: done["verification"][key] for key in ("status", "on_disk", "files")} == {
        "status": "pending",
        "on_disk": True,
        "files": [],
    }
    assert done["verification"]["text"] == "nothing changed, nothing to verify"
    other = started(project, "Other")
    out = project.run("task", "complete", other, "--results", "done").out
    assert "nothing changed, nothing to verify" in out


def test_what_changed_is_claimed_and_verified_in_both_halves(project: Repo) -> None:
    project.commit(
        "more", {"old.txt": "old\n", "gone.txt": "gone\n", "here.txt": "a text of several\nlines\n"}
    )
    task = started(project)
    project.write("new.txt", "new\n")
    project.write("old.txt", "changed\n")
    project.remove("gone.txt")
    (project.path / "here.txt").rename(project.path / "there.txt")
    done = complete(project, task).json
    files = {row["path"]: (row["op"], row["from"], row["rung"]) for row in done["verification"]["files"]}
    assert files == {
        "new.txt": ("create", None, "worktree"),
        "old.txt": ("modify", None, "worktree"),
        "gone.txt": ("delete", None, "worktree"),
        "there.txt": ("move", "here.txt", "worktree"),
    }
    assert done["verification"]["status"] == "pending"
    assert done["verification"]["on_disk"] is True
    assert done["verification"]["text"] == "on disk 4/4, landed 0/4: commit to land"
    recorded = {row["path"]: row["recorded"] for row in done["verification"]["files"]}
    assert recorded["new.txt"] == project.git("hash-object", "new.txt")
    assert recorded["gone.txt"] is None


def test_what_was_committed_on_the_way_has_landed(project: Repo) -> None:
    task = started(project)
    project.commit("work", {"a.txt": "a\n"})
    project.write("b.txt", "b\n")
    done = complete(project, task).json
    assert rungs(done["verification"]) == {"a.txt": "exact", "b.txt": "worktree"}
    assert done["verification"]["text"] == "on disk 2/2, landed 1/2: commit to land"
    project.commit("the rest")
    assert project.json("verify", "--task", task)["status"] == "verified"


def test_all_landed_says_no_more(project: Repo) -> None:
    task = started(project)
    project.commit("work", {"a.txt": "a\n"})
    done = complete(project, task).json
    assert done["verification"]["status"] == "verified"
    assert done["verification"]["text"] == "on disk 1/1, landed 1/1"


def test_a_task_without_start_claims_what_its_session_did(project: Repo) -> None:
    task = new_task(project)
    project.run("session", "start")
    project.write("a.txt", "a\n")
    assert rungs(complete(project, task).json["verification"]) == {"a.txt": "worktree"}


def test_results_artifacts_and_next_action_are_recorded(project: Repo) -> None:
    task = started(project)
    project.write("report.md", "all is well\n")
    words = ("--artifact", "report.md", "--next-action", "continue")
    done = complete(project, task, *words).json
    assert (done["status"], done["results_recorded"]) == ("completed", True)
    shown = project.json("task", "show", task)
    assert (shown["results"], shown["artifacts"]) == ("done", ["report.md"])
    assert shown["next_action"] == "continue"


def test_artifacts_are_named_from_the_folder_one_is_in(project: Repo) -> None:
    task = started(project)
    project.write("src/report.md", "well\n")
    project.run("task", "complete", task, "--results", "r", "--artifact", "report.md", cwd="src")
    assert project.json("task", "show", task)["artifacts"] == ["src/report.md"]


def test_completion_changes_the_lines_of_its_fields_only(project: Repo) -> None:
    task = started(project)
    path = task_file(project, task)
    path.write_text(path.read_text().replace("assignee:", "x-own: kept  # by hand\n\nassignee:"))
    project.commit("begun")
    complete(project, task)
    gone, come = changed_lines(project, path)
    assert gone == ["status: active"]
    assert [line for line in come if line] == ["status: completed", "done"]


def test_an_absent_claim_is_a_reason(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    project.run("track", "a.txt")
    project.remove("a.txt")
    (reason,) = refused(project, task)
    assert reason == "a.txt was tracked, but has not changed after all: taskorch track --undo a.txt"


def test_a_claim_that_is_gone_from_disk_is_a_reason(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    project.run("session", "end")  # claims are written
    project.remove("a.txt")
    reasons = refused(project, task)
    assert len(reasons) == 1
    assert reasons[0].startswith("a.txt is absent")


def test_an_ignored_claim_is_a_reason(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    project.run("session", "end")
    project.write(".git/info/exclude", "a.txt\n")
    assert refused(project, task) == ["a.txt is ignored: on disk, but git ignores the path"]


def test_a_reverted_claim_is_a_reason(project: Repo) -> None:
    task = started(project)
    project.commit("work", {"a.txt": "a\n"})
    project.run("session", "end")
    project.commit("undo it", {"a.txt": None})
    reasons = refused(project, task)
    assert reasons == [f"a.txt is reverted: undone by {project.head[:10]}"]


def test_missing_and_ignored_artifacts_are_reasons(project: Repo) -> None:
    task = started(project)
    project.write(".git/info/exclude", "build/\n")
    project.write("build/out.bin", "x")
    reasons = refused(project, task, "--artifact", "none.txt", "--artifact", "build/out.bin")
    assert reasons == [
        "the artifact none.txt does not exist",
        "the artifact build/out.bin is ignored by git: it would not be committed",
    ]


@pytest.mark.parametrize("path", ["../outside.txt", ".git/config", "/etc/hosts"])
def test_an_artifact_outside_the_work_tree_is_refused_even_with_force(project: Repo, path: str) -> None:
    task = started(project)
    before = snapshot(project, local=True)
    done = complete(project, task, "--artifact", path, "--force", "really")
    assert (done.code, done.error["kind"]) == (1, "bad_path")
    assert snapshot(project, local=True) == before


def test_open_dependencies_subtasks_and_criteria_are_reasons_all_listed(project: Repo) -> None:
    task = started(project, "T", "--accept", "one", "--accept", "two")
    first = new_task(project, "First")
    gone = new_task(project, "Gone")
    child = new_task(project, "Child", "--parent", task)
    project.run("task", "cancel", new_task(project, "No more", "--parent", task))
    project.run("task", "edit", task, "--depends-on", first, "--depends-on", gone)
    task_file(project, gone).unlink()
    project.run("task", "check", task, "1")
    assert refused(project, task, "--artifact", "none.txt") == [
        f"waits for {first} First (pending)",
        f"waits for {gone}, which is no task here",
        f"subtask {child} Child is pending",
        "criterion 2 is not ticked: two",
        "the artifact none.txt does not exist",
    ]


def test_reasons_are_shown_one_a_line(project: Repo) -> None:
    task = started(project, "T", "--accept", "one", "--accept", "two")
    err = project.run("task", "complete", task, "--results", "r", check=False).err.splitlines()
    assert err == [
        f"error: {task} is not complete",
        "  - criterion 1 is not ticked: one",
        "  - criterion 2 is not ticked: two",
        "hint: mend these, or record why not: --force REASON",
    ]


def test_force_completes_and_records_its_reason(project: Repo) -> None:
    task = started(project, "T", "--accept", "one")
    done = complete(project, task, "--force", "the boss\nsaid so").json
    assert (done["status"], done["forced"]) == ("completed", "the boss said so")
    assert done["findings"] == ["criterion 1 is not ticked: one"]
    assert project.json("task", "show", task)["forced"] == "the boss said so"
    assert "forced: the boss said so" in task_file(project, task).read_text()


def test_force_without_need_is_not_recorded(project: Repo) -> None:
    task = started(project)
    assert complete(project, task, "--force", "just so").json["forced"] is None


def test_needs_revision_keeps_the_task_active_and_records_the_findings(project: Repo) -> None:
    task = started(project, "T", "--accept", "one")
    project.write("a.txt", "a\n")
    done = complete(project, task, "--next-action", "needs_revision").json
    assert (done["status"], done["session_ended"]) == ("active", False)
    assert done["findings"] == ["criterion 1 is not ticked: one"]
    assert rungs(done["verification"]) == {"a.txt": "worktree"}
    shown = project.json("task", "show", task)
    assert (shown["results"], shown["next_action"]) == ("done", "needs_revision")
    assert project.json("session", "status")["session"]["state"] == "active"


@pytest.mark.parametrize(
    ("make", "action", "words"),
    [
        (new_task, "blocked", "is now blocked"),
        (started, "blocked", "is now blocked"),
        (started, "needs_revision", "stays active"),
        (new_task, "needs_revision", "stays pending"),
    ],
)
def test_text_says_what_becomes_of_a_task_that_is_not_completed(
    project: Repo, make: Callable[[Repo], str], action: str, words: str
) -> None:
    task = make(project)
    out = project.run("task", "complete", task, "--results", "half", "--next-action", action).out
    assert out.startswith(f"{task} {words}; the results are recorded\n")


def test_blocked_blocks_it_and_records_the_findings(project: Repo) -> None:
    task = started(project, "T", "--accept", "one")
    done = complete(project, task, "--next-action", "blocked").json
    assert (done["status"], done["reason"]) == ("blocked", "done")
    assert done["findings"] == ["criterion 1 is not ticked: one"]
    assert project.json("task", "show", task)["next_action"] == "blocked"


def test_results_add_up_over_several_completions(project: Repo) -> None:
    task = started(project)
    complete(project, task, "--next-action", "needs_revision")
    project.run("task", "complete", task, "--results", "now really done")
    shown = project.json("task", "show", task)
    assert shown["results"] == "done\n\nnow really done"
    assert shown["next_action"] == ""


@pytest.mark.parametrize("results", ["", "  ", "\n"])
def test_empty_results_are_refused(project: Repo, results: str) -> None:
    task = started(project)
    before = snapshot(project, local=True)
    done = project.run("task", "complete", task, "--results", results, check=False)
    assert (done.code, "the results are empty" in done.err) == (1, True)
    assert snapshot(project, local=True) == before


@pytest.mark.parametrize("verb", ["complete", "cancel", "fail", "block"])
def test_a_task_that_is_not_open_is_refused(project: Repo, verb: str) -> None:
    task = completed(project) if verb == "complete" else new_task(project)
    if verb != "complete":
        project.run("task", verb, task)
    before = snapshot(project, local=True)
    done = complete(project, task)
    assert done.code == 1
    assert f"taskorch task reopen {task}" in done.error["hint"]
    assert snapshot(project, local=True) == before


def test_progress_of_the_parent_and_the_next_task(project: Repo) -> None:
    parent = new_task(project, "Parent")
    one, two = (new_task(project, name, "--parent", parent) for name in ("One", "Two"))
    three = new_task(project, "Three", "--parent", parent)
    new_task(project, "Urgent", "--priority", "critical")
    project.run("task", "cancel", three)
    done = complete(project, one).json
    assert done["parent_task_progress"] == {
        "parent_task_id": parent,
        "completed_subtasks": 1,
        "total_subtasks": 2,
        "progress_percentage": 50,
    }
    assert done["next_recommended_task"]["title"] == "Urgent"
    last = complete(project, two).json
    assert last["parent_task_progress"]["progress_percentage"] == 100
    assert last["next_recommended_task"] == {"id": parent, "title": "Parent"}  # its last open part is done
    assert status_of(project, parent) == "pending"  # never completed by itself


def test_without_parent_and_with_nothing_left_both_are_null(project: Repo) -> None:
    done = complete(project, new_task(project)).json
    assert (done["parent_task_progress"], done["next_recommended_task"]) == (None, None)


def test_a_session_that_start_opened_ends_with_its_last_active_task(project: Repo) -> None:
    one, two = started(project, "One"), started(project, "Two")
    assert complete(project, one).json["session_ended"] is False
    assert project.json("session", "status")["session"]["state"] == "active"
    assert complete(project, two).json["session_ended"] is True
    assert project.json("session", "status")["session"] is None
    assert project.json("session", "list")["sessions"][0]["state"] == "ended"


def test_a_session_that_was_opened_by_itself_goes_on(project: Repo) -> None:
    project.run("session", "start")
    assert complete(project, started(project)).json["session_ended"] is False
    assert project.json("session", "status")["session"]["state"] == "active"


def test_with_several_active_tasks_what_changed_stays_unclaimed_and_is_listed(project: Repo) -> None:
    one, two = started(project, "One"), started(project, "Two")
    project.write("a.txt", "a\n")
    done = complete(project, one).json
    assert (done["verification"]["files"], done["unclaimed"]) == ([], ["a.txt"])
    assert "unclaimed: a.txt" in project.run("task", "complete", two, "--results", "r").out


def test_work_goes_to_the_subtask_not_to_its_active_parent(project: Repo) -> None:
    parent = started(project, "Parent")
    child = started(project, "Child", "--parent", parent)
    project.write("a.txt", "a\n")
    assert rungs(complete(project, child).json["verification"]) == {"a.txt": "worktree"}
    assert rungs(complete(project, parent).json["verification"]) == {}


def test_completing_touches_records_only(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    project.git("add", "a.txt")
    project.write("b.txt", "b\n")
    before = snapshot(project)
    complete(project, task)
    after = snapshot(project)
    changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    assert changed
    assert all(Path(path).parts[0] == ".orchestrator" for path in changed)
    assert project.git("diff", "--cached", "--name-only") == "a.txt"


def test_work_that_no_reflog_tells_of_is_unclaimed_not_nothing(project: Repo) -> None:
    project.commit("files", {"a.txt": "a\n"})
    project.git("config", "core.logAllRefUpdates", "false")
    shutil.rmtree(project.path / ".git" / "logs")
    task = started(project)
    project.commit("work", {"a.txt": "a2\n"})
    done = project.json("task", "complete", task, "--results", "r")
    assert (done["unclaimed"], done["verification"]["files"]) == (["a.txt"], [])
    assert done["verification"]["text"] == "nothing is claimed, nothing to verify"


def test_an_empty_reason_forces_nothing(project: Repo) -> None:
    task = started(project, "T", "--accept", "works")
    before = snapshot(project, local=True)
    for words in (["complete", task, "--results", "r", "--force", " "], ["start", task, "--steal", " "]):
        done = project.run("task", *words, "--json", check=False)
        assert (done.code, done.error["message"]) == (1, "the reason is empty")
    assert snapshot(project, local=True) == before


def test_a_folder_without_a_file_is_no_artifact(project: Repo) -> None:
    task = new_task(project)
    (project.path / "out" / "deep").mkdir(parents=True)
    words = "the artifact out is a folder without a file: git keeps no such folder"
    assert refused(project, task, "--artifact", "out") == [words]
    project.write("out/deep/report.md", "all is well\n")
    project.run("task", "complete", task, "--results", "done", "--artifact", "out")
