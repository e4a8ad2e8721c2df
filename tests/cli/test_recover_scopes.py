"""``recover --session`` and ``--branch``: what a session did, what was done on a branch."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.long_work import HANDOFF, long_work
from tests.cli.making import new_decision, new_task, started
from tests.cli.test_recover import GUIDE, paths, task_named
from tests.repos import Build, Repo


@pytest.fixture
def work(build: Build) -> Repo:
    """As `long_work` builds it."""
    return build(long_work)


def session_of(repo: Repo) -> str:
    [one] = repo.json("session", "list")["sessions"]
    return str(one["id"])


def line_of(answer: dict[str, Any], task: str) -> dict[str, Any]:
    [row] = [row for row in answer["tasks"] if row["id"] == task]
    assert isinstance(row, dict)
    return row


def test_a_session_shows_its_claims_its_hand_off_and_its_task(work: Repo) -> None:
    clone = work.clone(work.path.parent / "clone")
    session, task = session_of(clone), task_named(clone, "Login form")
    answer = clone.json("recover", "--session", session[:6])
    assert (answer["scope"], answer["task_id"], answer["session_info"]["id"]) == ("session", task, session)
    assert answer["session_info"]["handoff"] == HANDOFF
    package = answer["recovery_package"]
    assert {path: row[3] for path, row in paths(package, "created").items()} == {
        "src/mail.py": "reverted", "src/style.css": "absent", "src/form.py": "exact",
    }  # fmt: skip
    row = line_of(answer, task)
    assert (row["landed"], row["claimed"], row["open_criteria"]) == (4, 6, 2)
    assert row["command"] == f"taskorch recover {task}"
    out = clone.run("recover", "--session", session).out
    assert out.startswith(f"# Session {session}\n\n{session}, Ann Example, ")
    assert out.count(HANDOFF) == 1
    assert (
        f"- {task} Login form (active, 2 criteria open); 4 of 6 file changes landed in this history: " in out
    )


def test_a_session_of_several_tasks_has_a_line_for_each(project: Repo) -> None:
    first = started(project, "First")
    project.write("a.txt", "a\n")
    project.run("task", "complete", first, "--results", "r")
    second = started(project, "Second")
    project.write("b.txt", "b\n")
    project.run("session", "end")
    project.commit("all")
    session = project.json("session", "list")["sessions"][-1]["id"]
    both = [one["id"] for one in project.json("session", "list")["sessions"]]
    answers = [project.json("recover", "--session", one) for one in both]
    tasks = {row["id"] for answer in answers for row in answer["tasks"]}
    assert tasks == {first, second}
    assert all(answer["scope"] == "session" for answer in answers)
    assert session in both


def test_a_session_without_work_is_no_error(project: Repo) -> None:
    session = project.json("session", "start", "--purpose", "look around")["id"]
    answer = project.json("recover", "--session", session)
    assert (answer["task_id"], answer["tasks"]) == (None, [])
    assert answer["recovery_package"][GUIDE] == [f"{session} is open; it claims no file changes."]
    assert "look around" in project.run("recover", "--session", session).out


def test_a_branch_shows_what_its_records_tell_beyond_the_default_branch(work: Repo) -> None:
    clone = work.clone(work.path.parent / "clone")
    task, tip = task_named(clone, "Login form"), clone.git("rev-parse", "origin/keep-login")
    answer = clone.json("recover", "--branch", "keep-login")
    assert (answer["scope"], answer["task_id"], answer["head"]) == ("branch", task, tip)
    assert answer["branch"]["name"] == "keep-login"
    assert answer["branch"]["base"] == clone.git("merge-base", "HEAD", tip)
    package = answer["recovery_package"]
    assert {row[3] for row in paths(package, "created").values()} == {"exact"}  # at its tip all is there
    assert "4 of its 6 file changes landed in the default branch." in package[GUIDE]
    assert package["against_default"]["behind"] == 4
    assert [one["handoff"] for one in answer["handoffs"]] == [HANDOFF]
    assert [row["id"] for row in answer["tasks"]] == [task]  # the plan was made before the branch
    assert package["key_decisions"][0]["status"] == "accepted"  # as the branch knows it


def test_tasks_that_the_branch_did_not_touch_are_not_its_own(project: Repo) -> None:
    old = started(project, "Before")
    project.write("before.txt", "b\n")
    project.run("task", "complete", old, "--results", "r")
    project.commit("before")
    project.git("switch", "--quiet", "-c", "feature")
    new = new_task(project, "On it")
    project.run("task", "note", new, "n")
    project.commit("feature")
    answer = project.json("recover", "--branch", "feature")
    assert [row["id"] for row in answer["tasks"]] == [new]
    assert old not in project.run("recover", "--branch", "feature").out


def test_a_branch_that_is_gone_is_told_from_its_sessions(work: Repo) -> None:
    task = task_named(work, "Login form")
    answer = work.json("recover", "--branch", "login")
    assert (answer["task_id"], answer["branch"]) == (task, {"name": "login", "tip": None, "base": None})
    assert answer["recovery_package"][GUIDE][0].startswith("There is no branch login here")
    assert paths(answer["recovery_package"], "created")["src/mail.py"][3] == "reverted"


def test_a_branch_that_was_merged_whole_is_too(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project)
    project.commit("work", {"a.txt": "a\n"})
    project.run("session", "end")
    project.commit("records")
    project.git("switch", "--quiet", "main")
    project.git("merge", "--quiet", "--no-ff", "--no-edit", "feature")
    answer = project.json("recover", "--branch", "feature")
    assert (answer["task_id"], answer["branch"]["base"]) == (task, None)
    assert answer["recovery_package"][GUIDE][0].startswith("The default branch has all of feature")


def test_what_is_not_committed_on_the_branch_is_a_local_finding(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    started(project)
    project.write("a.txt", "a\n")
    project.run("commit")
    local = project.json("recover", "--branch", "feature")["recovery_package"]["local"]
    assert [(row["path"], row["of_task"]) for row in local["worktree"]] == [("a.txt", True)]


@pytest.mark.parametrize(
    "words",
    [
        ["t-00000000", "--session", "s-00000000"], ["t-00000000", "--branch", "main"],
        ["--session", "s-00000000", "--branch", "main"], ["--branch", "main", "--at", "HEAD"],
    ],
)  # fmt: skip
def test_they_exclude_each_other(project: Repo, words: list[str]) -> None:
    done = project.run("recover", *words, "--json", check=False)
    assert (done.code, done.error["kind"]) == (2, "usage")


@pytest.mark.parametrize("words", [["--branch", "nope"], ["--branch", "main"], ["--session", "s-00000000"]])
def test_unknown_ones_are_refused_with_a_hint(project: Repo, words: list[str]) -> None:
    done = project.run("recover", *words, "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "not_found")
    assert done.error["hint"]


def test_at_a_commit_a_session_is_as_it_was(work: Repo) -> None:
    session = session_of(work)
    answer = work.json("recover", "--session", session, "--at", "keep-login")
    assert answer["head"] == work.git("rev-parse", "keep-login")
    assert paths(answer["recovery_package"], "created")["src/mail.py"][3] == "exact"


def test_a_session_that_was_just_begun_hides_no_hand_off(project: Repo) -> None:
    task = started(project, "Login form")
    project.commit("work", {"a": "a\n"})
    project.run("session", "end", "--handoff", "Ask the database people first")
    project.run("task", "start", task)
    for words in (["recover"], ["recover", task], ["recover", "--branch", "main"]):
        assert "Ask the database people first" in project.run(*words).out
    project.run("session", "end", "--summary", "nothing came of it")
    assert project.json("recover", task)["session_info"]["summary"] == "nothing came of it"


def test_a_decision_that_the_default_branch_superseded_does_not_bind_a_branch(project: Repo) -> None:
    old = new_decision(
        project, "Use bcrypt", "--status", "accepted", "--file", "hash.py", "--risk", "72 bytes"
    )
    project.commit("a decision")
    project.git("switch", "-qc", "topic")
    task = started(project, "Hash passwords")
    project.write("hash.py", "h\n")
    project.run("task", "complete", task, "--results", "done")
    project.commit("work")
    assert project.json("recover", "--branch", "topic")["recovery_package"]["key_decisions"][0]["stands"]
    project.git("switch", "-q", "main")
    new = new_decision(project, "Use argon2id", "--status", "accepted")
    project.run("decision", "supersede", old, "--by", new)
    project.commit("superseded")
    package = project.json("recover", "--branch", "topic")["recovery_package"]
    [row] = [one for one in package["key_decisions"] if one["id"] == old]
    assert (row["status"], row["stands"], row["superseded_by"]) == ("accepted", False, [new])
    assert package["outstanding_risks"] == []
    told = f"is no longer so on the default branch: follow {new} Use argon2id (accepted)."
    assert any(told in line for line in package["continuation_guidance"])


def on_a_branch(project: Repo, *switch: str) -> None:
    """Work on the branch ``feature``, recorded."""
    project.git("switch", "--quiet", *switch, "feature")
    task = started(project, "Work")
    project.commit("work", {"work.txt": "w\n"})
    project.run("task", "complete", task, "--results", "r")
    project.commit("records")


def test_without_a_default_branch_nothing_is_said_of_one(project: Repo) -> None:
    on_a_branch(project, "-c")
    project.git("switch", "--quiet", "main")
    options = ("--branch", "feature", "--single-branch")
    clone = project.clone(project.path.parent / "clone", *options)
    steps = clone.json("recover", "--branch", "feature")["recovery_package"][GUIDE]
    fetch = "git fetch origin main:refs/remotes/origin/main"
    assert steps[:2] == [
        f"No default branch can be told here ({fetch} brings one that is called main): "
        "all that the records at its tip tell is shown.",
        "1 file change is claimed on it.",
    ]
    assert not any("The default branch has all" in step for step in steps)
    clone.git(*fetch.split()[1:])
    steps = clone.json("recover", "--branch", "feature")["recovery_package"][GUIDE]
    assert "ahead of the default branch" in steps[0]


def test_a_branch_of_another_history_is_not_called_merged(project: Repo) -> None:
    project.git("switch", "--quiet", "--orphan", "feature")
    project.git("checkout", "--quiet", "main", "--", ".orchestrator")
    project.commit("begin anew")
    on_a_branch(project)
    steps = project.json("recover", "--branch", "feature")["recovery_package"][GUIDE]
    main = project.git("rev-parse", "main")
    assert steps[0].startswith(f"feature shares no history with the default branch ({main[:10]}): ")


def test_the_commands_for_its_tasks_read_them_where_the_branch_or_session_has_them(project: Repo) -> None:
    on_a_branch(project, "-c")
    [task] = [one["id"] for one in project.json("task", "list")["tasks"]]
    [session] = [one["id"] for one in project.json("session", "list")["sessions"]]
    assert (
        line_of(project.json("recover", "--branch", "feature"), task)["command"] == f"taskorch recover {task}"
    )
    project.git("switch", "--quiet", "main")
    for words in (["--branch", "feature"], ["--session", session, "--at", "feature"]):
        answer = project.json("recover", *words)
        command = line_of(answer, task)["command"]
        assert command == f"taskorch recover {task} --at feature"
        assert command in answer["recovery_package"]["recovery_recommendations"]
        assert project.run(*command.split()[1:]).out.startswith(f"# {task}")
