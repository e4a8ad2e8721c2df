"""``sessions: local``: session files stay in the git directory, claims travel with the tasks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from taskorch.services.moments import utc_now
from tests.cli.making import expire_leases, new_task, rungs, started, status_of
from tests.cli.test_durability import crashes, only_leftovers
from tests.cli.test_machine import as_anyone
from tests.cli.test_read_only_git import inside, read_only
from tests.conftest import start_project
from tests.repos import Build, Repo

CONFIG = ".orchestrator/config.yaml"
SETTING = "sessions: local\n"


def keeping_sessions(project: Repo) -> None:
    """A project with the setting, its store committed."""
    start_project(project)
    set_local(project)
    project.commit("sessions stay local")


@pytest.fixture
def private(build: Build) -> Repo:
    return build(keeping_sessions)


def set_local(repo: Repo, *, on: bool = True) -> None:
    text = repo.read(CONFIG).replace(f"\n{SETTING}", "\n")
    repo.write(CONFIG, text + (SETTING if on else ""))


def status(repo: Repo) -> list[str]:
    """What git sees of the work tree, each untracked file by itself."""
    return repo.git("status", "--porcelain", "--untracked-files=all").split("\n")


def sessions_in_git(repo: Repo) -> list[str]:
    folder = repo.path / ".git" / "taskorch" / "records"
    return sorted(one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file())


def claims_file(repo: Repo, task: str) -> Path:
    path = str(repo.json("task", "show", task)["path"])
    return repo.path / path.replace(".md", ".claims.jsonl")


def lines_of(repo: Repo, task: str) -> list[tuple[str, str]]:
    """Session and path of each line of a task's claims file."""
    text = claims_file(repo, task).read_text()
    found = [json.loads(line) for line in text.splitlines()]
    return [(one["session"]["id"], one["path"]) for one in found]


def session(repo: Repo) -> str:
    return str(repo.json("session", "show")["id"])


def fresh_clone(repo: Repo) -> Repo:
    return repo.clone(repo.path.parent / f"clone-{len(list(repo.path.parent.iterdir()))}")


def verdicts(repo: Repo, *words: str) -> list[tuple[str, str, str, str | None]]:
    rows = repo.run("verify", *words, "--json", check=False).json["files"]
    return sorted((row["task"], row["path"], row["rung"], row["detail"]) for row in rows)


def without_sessions(answer: dict[str, Any]) -> dict[str, Any]:
    """A task's recovery without what the session's own record and this repository say."""
    of_here = ("local", "estimated_tokens")  # the tokens are those of all that is shown
    package = {key: value for key, value in answer["recovery_package"].items() if key not in of_here}
    task = {key: value for key, value in answer["task"].items() if key != "sessions"}
    return {**answer, "recovery_package": package, "task": task, "session_info": None}


def same_in_a_clone(repo: Repo, *tasks: str) -> Repo:
    """A fresh clone, which gives the same verdicts and recovers the same."""
    clone = fresh_clone(repo)
    assert clone.json("session", "list")["sessions"] == []
    assert clone.run("doctor").code == 0
    assert verdicts(clone, "--all") == verdicts(repo, "--all", "--target", "HEAD") != []
    assert verdicts(clone, "--all", "--target", "HEAD") == verdicts(repo, "--all", "--target", "HEAD")
    for task in tasks:
        assert verdicts(clone, "--task", task) == verdicts(repo, "--task", task)
        assert without_sessions(clone.json("recover", task)) == without_sessions(repo.json("recover", task))
        at_head = ["recover", task, "--at", "HEAD", "--json"]  # the text is made from the object
        assert clone.run(*at_head).out == repo.run(*at_head).out
    return clone


def test_a_whole_day(private: Repo) -> None:
    task = started(private)
    assert status(private) == [f"?? .orchestrator/tasks/{task}-add-login.md"]
    (name,) = sessions_in_git(private)
    assert name.startswith(".orchestrator/sessions/")
    private.run("session", "note", "halfway")
    private.write("a.txt", "a\n")
    private.write("b.txt", "b\n")
    private.json("task", "complete", task, "--results", "done")
    assert rungs(private.json("verify", "--task", task)) == {"a.txt": "worktree", "b.txt": "worktree"}
    paths = private.json("commit")["paths"]
    stem = f".orchestrator/tasks/{task}-add-login"
    assert paths == [f"{stem}.claims.jsonl", f"{stem}.md"]
    private.commit("work")
    assert sessions_in_git(private) == [name]
    shown = private.json("session", "show")
    assert (private.path / shown["path"]).read_text().count("halfway") == 1
    assert shown["path"] == f".git/taskorch/records/{name}"
    assert [one["path"] for one in shown["claims"]] == ["a.txt", "b.txt"]
    assert private.json("history", shown["id"])["path"] == shown["path"]
    assert private.json("search", "halfway")["results"][0]["path"] == shown["path"]
    assert private.json("doctor")["checked"] == {"tasks": 1, "decisions": 0, "sessions": 1, "claims": 2}
    clone = same_in_a_clone(private, task)
    assert rungs(clone.json("verify", "--all")) == {"a.txt": "exact", "b.txt": "exact"}


def test_several_sessions_and_tasks(private: Repo) -> None:
    """The lines of the sessions stand in the order of time, and give the same in a clone."""
    one, two = new_task(private, "One"), new_task(private, "Two")
    first = str(private.json("session", "start")["id"])
    for task in (one, two):
        private.run("task", "start", task)
        private.write("shared.txt", f"{task}\n")
        private.write(f"{task}.txt", "new\n")
        private.run("task", "complete", task, "--results", "done")
    private.run("session", "end")
    private.commit("first")
    private.run("task", "reopen", one)
    private.run("task", "start", one)
    second = session(private)
    private.git("mv", f"{one}.txt", "a-moved.txt")
    private.write("shared.txt", "again\n")
    private.run("task", "complete", one, "--results", "again")
    private.commit("all")
    lines = lines_of(private, one)
    assert lines == [
        (first, "shared.txt"),
        (first, f"{one}.txt"),
        (second, "a-moved.txt"),
        (second, "shared.txt"),
    ]
    assert [who for who, _ in lines_of(private, two)] == [first, first]
    clone = same_in_a_clone(private, one, two)
    assert {row[:3] for row in verdicts(clone, "--all")} == {
        (one, "a-moved.txt", "exact"),
        (one, "shared.txt", "exact"),
        (one, "shared.txt", "superseded"),
        (two, f"{two}.txt", "exact"),
        (two, "shared.txt", "superseded"),
    }


@pytest.mark.parametrize("apart", [False, True], ids=["in one session", "in two"])
def test_succession_needs_the_order_of_time(private: Repo, apart: bool) -> None:
    """The work of the task with the greater id was gone on from before it was committed."""
    first, then = sorted([new_task(private, "One"), new_task(private, "Two")], reverse=True)
    if not apart:
        private.run("session", "start")
    for task, text in ((first, "one\n"), (then, "two\n")):
        private.run("task", "start", task)
        private.write("a.txt", text)
        private.run("task", "complete", task, "--results", "done")
    private.commit("both")
    clone = same_in_a_clone(private, first, then)
    assert [row[:3] for row in verdicts(clone, "--all")] == [
        (then, "a.txt", "exact"),
        (first, "a.txt", "superseded"),
    ]


def test_a_fold_changes_only_the_lines_of_its_session(private: Repo) -> None:
    task = started(private)
    first = session(private)
    private.write("a.txt", "a\n")
    private.run("commit")
    private.run("session", "end")
    odd = '{"task": "broken"\n'
    path = claims_file(private, task)
    path.write_text(path.read_text() + odd)
    private.run("session", "start")
    private.run("task", "start", task, "--steal", "mine again", check=False)
    second = session(private)
    before = path.read_text()
    private.write("b.txt", "b\n")
    private.run("session", "end")
    after = path.read_text()
    assert before.splitlines()[0] == after.splitlines()[0]
    assert odd.strip() in after.splitlines()  # kept, and told of
    assert second != first
    assert "b.txt" in after
    assert private.run("doctor", check=False).code == 4


def test_claims_that_come_to_nothing_leave_no_file(private: Repo) -> None:
    task = started(private)
    private.write("README.md", "changed\n")
    was = private.git("show", "HEAD:README.md")
    private.run("commit")
    assert claims_file(private, task).exists()
    private.write("README.md", f"{was}\n")
    private.run("commit")
    assert not claims_file(private, task).exists()
    assert private.git("ls-files", "*.claims.jsonl") == ""


def test_an_unreadable_claims_file_is_not_written_over(private: Repo) -> None:
    task = started(private)
    private.write("a.txt", "a\n")
    private.run("session", "status")
    claims_file(private, task).write_bytes(b"\xff\xfe\n")
    private.write("b.txt", "b\n")
    error = private.run("session", "end", "--json", check=False).error
    assert error["kind"] == "bad_record"
    assert claims_file(private, task).read_bytes() == b"\xff\xfe\n"
    assert private.json("session", "show")["state"] == "active"


def test_switched_on_in_the_middle(project: Repo) -> None:
    """A session that was begun in the store stays there, a new one does not; and the other way round."""
    task = started(project)
    project.write("a.txt", "a\n")
    set_local(project)
    project.run("session", "note", "still here")
    project.run("commit")
    project.run("session", "end")
    assert sessions_in_git(project) == []
    assert not claims_file(project, task).exists()
    project.run("session", "start", "--task", task)
    set_local(project, on=False)
    project.write("b.txt", "b\n")
    project.run("session", "note", "still in the git directory")
    project.run("task", "complete", task, "--results", "done")
    project.run("session", "end")
    assert len(sessions_in_git(project)) == 1
    assert [path for _, path in lines_of(project, task)] == ["b.txt"]
    other = started(project, "Another")
    project.write("c.txt", "c\n")
    project.run("task", "complete", other, "--results", "done")
    assert not claims_file(project, other).exists()
    assert len(project.json("session", "list")["sessions"]) == 3
    project.commit("all")
    clone = fresh_clone(project)
    assert rungs(clone.json("verify", "--all")) == {"a.txt": "exact", "b.txt": "exact", "c.txt": "exact"}
    assert len(clone.json("session", "list")["sessions"]) == 2
    assert clone.run("doctor").code == 0


def test_undo_of_start_and_complete(private: Repo) -> None:
    task = new_task(private)
    private.commit("plan")
    private.run("task", "start", task)
    private.run("undo")
    assert sessions_in_git(private) == []
    assert (status(private), status_of(private, task)) == ([""], "pending")
    private.run("task", "start", task)
    private.write("a.txt", "a\n")
    (name,) = sessions_in_git(private)
    file = private.path / ".git/taskorch/records" / name
    open_text = file.read_text()
    private.run("task", "complete", task, "--results", "done")
    ended_text = file.read_text()
    step = private.json("undo")["step"]
    assert file.read_text() == open_text
    assert not claims_file(private, task).exists()
    assert private.json("session", "show")["state"] == "active"
    private.run("undo", str(step))  # does it again
    assert file.read_text() == ended_text
    assert [path for _, path in lines_of(private, task)] == ["a.txt"]


def test_a_step_is_not_taken_back_under_a_later_one(private: Repo) -> None:
    task = started(private)
    step = private.json("undo", "--list")["steps"][0]["step"]
    private.run("session", "note", "more")
    error = private.run("undo", str(step), "--json", check=False).error
    assert "a file was changed since" in error["message"]
    assert error["hint"].endswith(f"taskorch undo {step + 1} {step}")
    assert status_of(private, task) == "active"
    private.run("undo", str(step + 1), str(step))
    assert sessions_in_git(private) == []


def test_clean_and_reset_lose_nothing(private: Repo) -> None:
    task = started(private)
    private.write("a.txt", "a\n")
    private.run("task", "note", task, "a note")
    private.run("task", "complete", task, "--results", "done")
    texts = {path: private.read(path[3:]) for path in status(private) if ".orchestrator/" in path}
    assert len(texts) == 2
    private.git("clean", "-qfdx")
    private.git("reset", "-q", "--hard")
    private.run("restore", "--all")
    assert {path: private.read(path[3:]) for path in texts} == texts
    assert len(private.json("session", "list")["sessions"]) == 1
    private.run("purge", "--local")
    assert len(private.json("session", "list")["sessions"]) == 1  # records are not what it removes


@pytest.mark.parametrize("verb", ["start", "complete"])
def test_killed_at_any_moment_it_can_be_repeated(private: Repo, verb: str) -> None:
    task = new_task(private) if verb == "start" else started(private)
    if verb == "complete":
        private.write("a.txt", "a\n")
    words = ["task", verb, task, *(["--results", "done"] if verb == "complete" else [])]
    moments = 0
    for killed in crashes(private, *words, step=10):  # so that all phases of writing are met
        moments += 1
        assert only_leftovers(killed)
        if verb == "complete" and killed.json("session", "list")["sessions"][0]["ended"]:
            assert claims_file(killed, task).exists()  # claims come before the session, that before the task
        if status_of(killed, task) == "completed":
            assert killed.json("session", "list")["sessions"][0]["ended"]
        done = killed.run(*words, "--json", check=False)
        assert done.code == 0 or "already completed" in done.error["message"]
        if verb == "complete":
            assert rungs(killed.json("verify", "--task", task)) == {"a.txt": "worktree"}
        killed.run("task", "note", task, "the next command works")
        assert len(sessions_in_git(killed)) == 1
        assert killed.run("doctor").code == 0
    assert moments > 5


def test_commit_with_the_command(private: Repo) -> None:
    task = new_task(private)
    private.run("task", "start", task, "--commit")
    private.commit("a", {"a.txt": "a\n"})
    private.write(CONFIG, private.read(CONFIG) + "commit: session\n")
    private.commit("setting")
    private.run("task", "complete", task, "--results", "done")
    assert status(private) == [""]
    assert rungs(fresh_clone(private).json("verify", "--task", task)) == {"a.txt": "exact"}


def test_a_commit_is_read_as_a_clone_of_it(private: Repo) -> None:
    task = started(private)
    private.write("a.txt", "a\n")
    private.run("task", "complete", task, "--results", "done")
    private.commit("all")
    assert private.json("session", "list", "--at", "HEAD")["sessions"] == []
    assert rungs(private.json("verify", "--all", "--at", "HEAD")) == {"a.txt": "exact"}
    recovered = private.json("recover", task, "--at", "HEAD")
    assert [one["path"] for one in recovered["recovery_package"]["files_created"]] == ["a.txt"]
    review = private.json("review", "HEAD^..HEAD")
    assert [(one["path"], one["rung"]) for one in review["claims"]] == [("a.txt", "exact")]
    assert (review["unclaimed"], review["problems"]) == ([], [])


def test_a_range_is_claimed_beside_the_task(private: Repo) -> None:
    task = new_task(private)
    private.commit("a", {"a.txt": "a\n"})
    private.run("track", "--range", "HEAD^..HEAD", "--task", task)
    assert [path for _, path in lines_of(private, task)] == ["a.txt"]
    private.commit("claims")
    same_in_a_clone(private, task)


def test_on_another_branch_the_claims_are_those_of_its_tasks(private: Repo) -> None:
    private.git("switch", "-qc", "feature")
    task = started(private)
    private.write("a.txt", "a\n")
    private.run("task", "complete", task, "--results", "done")
    private.commit("feature")
    private.git("switch", "-q", "main")
    assert private.json("verify", "--all")["files"] == []
    assert private.run("doctor").code == 0
    private.git("merge", "-q", "feature")
    assert rungs(private.json("verify", "--all")) == {"a.txt": "exact"}


def test_the_work_trees_of_a_repository_share_them(private: Repo) -> None:
    tree = private.worktree(private.path.parent / "tree", "-b", "tree")
    task = started(tree)
    tree.write("a.txt", "a\n")
    tree.run("session", "note", "from the tree")
    (row,) = private.json("session", "list")["sessions"]
    assert (row["state"], row["path"]) == ("active", f".git/taskorch/records/{sessions_in_git(private)[0]}")
    assert private.run("session", "status", check=False).code in (0, 1)
    assert private.run("doctor").code == 0
    tree.run("recover", task)
    assert len(tree.json("history", row["id"])["history"]) == 1  # as it is: no commit has it
    tree.run("task", "complete", task, "--results", "done")
    tree.commit("work")
    assert rungs(tree.json("verify", "--task", task)) == {"a.txt": "exact"}
    assert tree.json("session", "show")["path"].startswith("/")


def test_stores_of_a_monorepo_keep_their_own(private: Repo) -> None:
    package = private.path / "package"
    package.mkdir()
    private.run("init", "--here", cwd="package")
    private.write("package/.orchestrator/config.yaml", f"format: 1\n{SETTING}")
    private.commit("package")
    private.run("session", "start", cwd="package")
    assert private.json("session", "list")["sessions"] == []
    assert [name.split("/sessions/")[0] for name in sessions_in_git(private)] == ["package/.orchestrator"]
    error = private.run("session", "start", "--json", check=False).error
    assert "package/.orchestrator is active in this work tree" in error["message"]


def test_an_interrupted_session_is_resumed(private: Repo) -> None:
    task = started(private)
    name = session(private)
    private.write("a.txt", "a\n")
    expire_leases(private)
    assert private.json("session", "show", name)["state"] == "interrupted"
    private.run("session", "resume", name)
    private.run("session", "end", "--handoff", "go on")
    assert private.json("recover", task)["session_info"]["handoff"] == "go on"
    assert [path for _, path in lines_of(private, task)] == ["a.txt"]


def test_the_times_of_local_sessions_attribute_no_commits(private: Repo) -> None:
    """In a clone nothing could tell that they were the task's."""
    private.commit("before", {"a.txt": "before\n"})
    task = started(private)
    now = {"GIT_AUTHOR_DATE": utc_now(), "GIT_COMMITTER_DATE": utc_now()}
    private.write("a.txt", "a\n")
    private.git("add", "a.txt")
    private.git("commit", "-q", "-m", "a", env=now | {"GIT_AUTHOR_NAME": "Bob"})
    private.run("task", "complete", task, "--results", "done")
    private.commit("records")
    private.write("a.txt", "second thoughts\n")
    private.git("commit", "-q", "-am", "second thoughts", env=now)
    found = private.json("recover", task)["recovery_package"]["commits"]
    assert [(one["subject"], one["via"]) for one in found] == [("a", "content"), ("records", "record")]
    same_in_a_clone(private, task)


def test_a_record_that_is_put_into_the_store_by_hand_is_read_there(private: Repo) -> None:
    task = started(private)
    private.write("a.txt", "a\n")
    private.run("commit")
    (name,) = sessions_in_git(private)
    (private.path / name).parent.mkdir(parents=True)
    (private.path / ".git/taskorch/records" / name).rename(private.path / name)
    assert [row[1] for row in verdicts(private, "--all")] == ["a.txt"]
    private.write("b.txt", "b\n")
    private.run("commit")
    assert not claims_file(private, task).exists()  # they are beside its record now
    assert [row[1] for row in verdicts(private, "--all")] == ["a.txt", "b.txt"]
    assert private.json("doctor")["checked"]["claims"] == 2


def test_a_line_that_a_merge_doubled_counts_once(private: Repo) -> None:
    task = started(private)
    private.write("a.txt", "a\n")
    private.run("commit")
    path = claims_file(private, task)
    path.write_text(path.read_text() * 2)
    assert private.json("doctor")["checked"]["claims"] == 1
    assert [row[1] for row in verdicts(private, "--task", task)] == ["a.txt"]


def test_where_the_git_directory_cannot_be_written_they_wait_aside(private: Repo) -> None:
    task = started(private)
    with read_only(private):
        inside(private, "session", "note", "inside")
        private.write("a.txt", "a\n")
        inside(private, "task", "complete", task, "--results", "done")
        shown = as_anyone(private, "session", "show", "--json").checked().json
        assert (shown["state"], ".orchestrator/.local/" in shown["path"]) == ("ended", True)
    private.run("task", "note", task, "outside again")
    assert not (private.path / ".orchestrator" / ".local").exists()
    shown = private.json("session", "show")
    assert (shown["state"], "inside" in shown["notes"]) == ("ended", True)
    assert shown["path"].startswith(".git/taskorch/records/")
    assert [path for _, path in lines_of(private, task)] == ["a.txt"]
