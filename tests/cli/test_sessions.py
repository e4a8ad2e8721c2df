"""Sessions: one in each work tree, kept alive by a lease, ended with a hand-off."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.cli.making import changed_lines, expire_leases, new_task, reboot, started, status_of
from tests.cli.snapshots import snapshot
from tests.repos import Repo

Away = Callable[[Repo], None]
away = pytest.mark.parametrize("away", [expire_leases, reboot])


def start(repo: Repo, *words: str) -> str:
    return str(repo.json("session", "start", *words)["id"])


def test_start_records_where_the_work_begins(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    project.commit("on the branch", {"a.txt": "a\n"})
    project.write("dirty.txt", "d\n")
    begun = project.json("session", "start", "--purpose", "Finish\nthe login", "--stream", "auth")
    assert begun["base"] == project.head
    assert begun["onto"] == project.git("rev-parse", "main")
    assert (begun["branch"], begun["stream"], begun["state"]) == ("feature", "auth", "active")
    assert (begun["agent"], begun["dirty_count"], begun["tasks"]) == ("Ann Example", 1, [])
    shown = project.json("session", "show")
    assert (shown["purpose"], shown["title"]) == ("Finish\nthe login", "Finish")
    assert begun["path"] == f".orchestrator/sessions/{begun['created'][:7]}/{begun['id']}.md"


def test_who_works_is_named_by_option_then_variable_then_git(project: Repo) -> None:
    assert project.run("session", "start", "--agent", "bot", "--json").json["agent"] == "bot"
    project.run("session", "end")
    done = project.run("session", "start", "--json", env={"TASKORCH_AGENT": "helper"})
    assert done.json["agent"] == "helper"


def test_start_with_a_task_starts_it(project: Repo) -> None:
    task = new_task(project)
    begun = project.json("session", "start", "--task", task)
    assert (begun["task_id"], begun["tasks"]) == (task, [task])
    assert status_of(project, task) == "active"


def test_start_with_a_task_that_cannot_be_started_opens_nothing(project: Repo) -> None:
    task = new_task(project, "T", "--depends-on", new_task(project, "First"))
    before = snapshot(project, local=True)
    for name in (task, "t-00000000"):
        assert project.run("session", "start", "--task", name, check=False).code == 1
    assert snapshot(project, local=True) == before
    assert project.json("session", "status")["session"] is None


def test_a_second_session_in_a_work_tree_is_refused(project: Repo) -> None:
    one = start(project)
    before = snapshot(project, local=True)
    done = project.run("session", "start", "--json", check=False)
    assert done.code == 1
    assert done.error["message"] == f"the session {one} is active here"
    assert done.error["hint"]
    assert snapshot(project, local=True) == before


def test_status_shows_tasks_and_what_has_changed(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    answer = project.json("session", "status")
    assert answer["session"]["state"] == "active"
    assert [one["id"] for one in answer["tasks"]] == [task]
    assert answer["changed"] == [{"path": "a.txt", "op": "create", "task": task}]
    assert "a.txt" in project.run("session", "status").out


def test_status_without_a_session_says_so(project: Repo) -> None:
    answer = project.json("session", "status")
    assert (answer["session"], answer["interrupted"], answer["tasks"]) == (None, None, [])
    assert "no session is active here" in project.run("session", "status").out


def test_looking_changes_nothing(project: Repo) -> None:
    started(project)
    project.write("a.txt", "a\n")
    before = snapshot(project, local=True)
    for words in ("session status", "session list", "session show", "status", "verify", "recover"):
        project.run(*words.split())
    assert snapshot(project, local=True) == before


def test_note_appends_to_the_active_session(project: Repo) -> None:
    start(project)
    project.commit("begun")
    noted = project.json("session", "note", "The tests need a server")
    gone, come = changed_lines(project, noted["path"])
    assert gone == []
    assert [line for line in come if line][1:] == ["The tests need a server"]
    assert project.json("session", "show")["notes"].startswith("### ")


@pytest.mark.parametrize("words", [["note", "text"], ["end"], ["end", "--handoff", "x"]])
def test_without_a_session_it_is_refused(project: Repo, words: list[str]) -> None:
    before = snapshot(project, local=True)
    done = project.run("session", *words, "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "not_found")
    assert "taskorch session start" in done.error["hint"]
    assert snapshot(project, local=True) == before


def test_end_records_summary_hand_off_and_claims(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    project.commit("begun")
    project.write("b.txt", "b\n")
    ended = project.json("session", "end", "--summary", "Half done", "--handoff", "Next: the mail")
    assert (ended["state"], ended["claims"], ended["unclaimed"]) == ("ended", 2, [])
    assert [one["id"] for one in ended["still_active"]] == [task]
    assert ended["ended"]
    shown = project.json("session", "show", ended["id"])
    assert (shown["summary"], shown["handoff"]) == ("Half done", "Next: the mail")
    assert [claim["path"] for claim in shown["claims"]] == ["a.txt", "b.txt"]
    gone, come = changed_lines(project, ended["path"])
    assert gone == ["ended:"]
    assert [line for line in come if line] == [f"ended: {ended['ended']}", "Half done", "Next: the mail"]


def test_end_lists_what_no_task_claims(project: Repo) -> None:
    start(project)
    project.write("a.txt", "a\n")
    ended = project.json("session", "end")
    assert (ended["claims"], ended["unclaimed"]) == (0, ["a.txt"])


def test_list_is_newest_first_with_states(project: Repo) -> None:
    first = start(project, "--purpose", "First")
    project.run("session", "end")
    path = project.path / project.json("session", "show", first)["path"]
    path.write_text(path.read_text().replace("created: 2", "created: 1"))
    second = start(project, "--purpose", "Second")
    rows = [(one["id"], one["title"], one["state"]) for one in project.json("session", "list")["sessions"]]
    assert rows == [(second, "Second", "active"), (first, "First", "ended")]
    out = project.run("session", "list").out
    assert out.index("Second") < out.index("First")


def test_show_takes_the_active_one_then_the_newest(project: Repo) -> None:
    first = start(project)
    assert project.json("session", "show")["id"] == first
    project.run("session", "end")
    assert project.json("session", "show")["id"] == first
    assert first in project.run("session", "show", first[:6]).out


def test_show_without_any_session_is_refused(project: Repo) -> None:
    done = project.run("session", "show", "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "not_found")
    assert done.error["hint"]


@away
def test_a_session_without_a_valid_lease_is_interrupted_and_can_be_resumed(project: Repo, away: Away) -> None:
    task = started(project)
    session = project.json("session", "show")["id"]
    project.write("a.txt", "a\n")
    away(project)
    answer = project.json("session", "status")
    assert (answer["session"], answer["interrupted"]) == (None, session)
    assert project.json("session", "show", session)["state"] == "interrupted"
    assert project.json("status")["interrupted"]["id"] == session
    refused = project.run("session", "note", "x", "--json", check=False)
    assert refused.error["hint"] == f"taskorch session resume {session}"
    assert project.json("session", "resume")["state"] == "active"
    assert project.json("session", "status")["changed"] == [{"path": "a.txt", "op": "create", "task": task}]


def test_each_command_renews_the_lease(project: Repo) -> None:
    start(project)
    [lease] = (project.path / ".git").glob("taskorch/worktrees/*/leases/*.json")
    held = json.loads(lease.read_text())
    lease.write_text(json.dumps(held | {"expires": held["expires"] - 3600}))
    project.run("session", "status")
    assert json.loads(lease.read_text())["expires"] > held["expires"] - 60


def test_the_length_of_a_lease_is_a_setting(project: Repo) -> None:
    with (project.path / ".orchestrator" / "config.yaml").open("a") as config:
        config.write("lease_hours: 0.0000001\n")
    start(project)
    assert project.json("session", "list")["sessions"][0]["state"] == "interrupted"


def test_an_interrupted_session_can_be_ended_with_its_claims(project: Repo) -> None:
    started(project)
    project.write("a.txt", "a\n")
    expire_leases(project)
    ended = project.json("session", "end", "--handoff", "was cut off")
    assert (ended["state"], ended["claims"]) == ("ended", 1)


def test_a_new_session_can_be_opened_beside_an_interrupted_one(project: Repo) -> None:
    first = start(project)
    expire_leases(project)
    second = start(project)
    states = {one["id"]: one["state"] for one in project.json("session", "list")["sessions"]}
    assert states == {first: "interrupted", second: "active"}
    refused = project.run("session", "resume", first, "--json", check=False)
    assert refused.error["message"] == f"the session {second} is active here"


def test_resuming_the_active_session_changes_nothing(project: Repo) -> None:
    session = start(project)
    before = snapshot(project)
    assert project.json("session", "resume")["id"] == session
    assert project.json("session", "resume", session)["id"] == session
    assert snapshot(project) == before


def test_resume_refuses_ended_foreign_and_missing_sessions(project: Repo) -> None:
    assert project.run("session", "resume", "--json", check=False).error["kind"] == "not_found"
    session = start(project)
    project.commit("begun")
    clone = project.clone(project.path.parent / "clone")
    foreign = clone.run("session", "resume", session, "--json", check=False)
    assert (
        foreign.error["message"] == f"the session {session} was opened in another clone: it cannot be resumed"
    )
    other = project.worktree(project.path.parent / "other", "-b", "side")
    elsewhere = other.run("session", "resume", session, "--json", check=False)
    assert elsewhere.error["message"] == f"the session {session} belongs to another work tree"
    project.run("session", "end")
    ended = project.run("session", "resume", session, "--json", check=False)
    assert ended.error["message"] == f"the session {session} has ended: it cannot be resumed"
    for done in (foreign, elsewhere, ended):
        assert done.code == 1
        assert done.error["hint"]


def test_in_a_clone_a_session_that_was_not_ended_is_open_elsewhere(project: Repo) -> None:
    session = start(project)
    project.commit("begun")
    clone = project.clone(project.path.parent / "clone")
    assert clone.json("session", "list")["sessions"][0]["state"] == "open elsewhere"
    assert clone.json("session", "show", session)["state"] == "open elsewhere"
    assert clone.json("session", "status")["session"] is None


def test_taskorch_session_names_the_session_of_a_process(project: Repo) -> None:
    first = start(project, "--purpose", "First")
    expire_leases(project)
    second = start(project, "--purpose", "Second")
    named = {"TASKORCH_SESSION": first[:6]}
    project.run("session", "resume", first, env=named)
    project.run("session", "note", "from one agent", env=named)
    project.run("session", "note", "from another", env={"TASKORCH_SESSION": second})
    assert "from one agent" in project.json("session", "show", first)["notes"]
    assert "from another" in project.json("session", "show", second)["notes"]
    project.run("session", "end", env={"TASKORCH_SESSION": second})
    assert project.json("session", "status")["session"]["id"] == first


def test_taskorch_session_of_another_work_tree_is_refused(project: Repo) -> None:
    session = start(project)
    project.commit("begun")
    other = project.worktree(project.path.parent / "other", "-b", "side")
    done = other.run("session", "note", "x", "--json", check=False, env={"TASKORCH_SESSION": session})
    assert done.code == 1
    assert "belongs to another work tree" in done.error["message"]
    assert done.error["hint"]


def test_taskorch_session_that_is_not_open_here_is_refused(project: Repo) -> None:
    session = start(project)
    project.run("session", "end")
    done = project.run("session", "status", "--json", check=False, env={"TASKORCH_SESSION": session})
    assert done.code == 1
    assert "which is not open in this repository" in done.error["message"]
    assert done.error["hint"] == "unset TASKORCH_SESSION: that session has ended"
    going = start(project)
    project.commit("going on")
    clone = project.clone(project.path.parent / "clone")
    elsewhere = clone.run("status", "--json", check=False, env={"TASKORCH_SESSION": going})
    assert elsewhere.error["hint"] == "unset TASKORCH_SESSION: that session was opened elsewhere"
    unknown = project.run("status", "--json", check=False, env={"TASKORCH_SESSION": "s-00000000"})
    assert (unknown.code, unknown.error["kind"]) == (1, "not_found")


def test_a_removed_work_tree_whose_name_is_used_again_has_no_session(project: Repo) -> None:
    path = project.path.parent / "other"
    other = project.worktree(path, "-b", "side")
    start(other)
    project.git("worktree", "remove", "--force", str(path))
    project.git("worktree", "add", "--quiet", str(path), "side")
    again = Repo(path)
    assert again.json("session", "status")["session"] is None
    start(again)
