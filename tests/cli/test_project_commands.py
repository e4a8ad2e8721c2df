"""``status``, ``search``, ``history``: the state of things, what was said, and how it came about."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.making import completed, expire_leases, new_decision, new_task, started, task_file
from tests.cli.refusals import refused
from tests.repos import Repo


def test_status_is_the_state_of_things(project: Repo) -> None:
    project.run("session", "start")
    project.run("session", "end", "--handoff", "Mind the gap")
    active, ready = started(project, "Active"), new_task(project, "Ready")
    blocked = new_task(project, "Blocked")
    project.run("task", "block", blocked, "no key")
    completed(project, "Completed")
    project.run("task", "delete", new_task(project, "Deleted"))
    decision = new_decision(project, "To be decided")
    project.write("a.txt", "a\n")
    answer = project.json("status")
    assert [one["id"] for one in answer["active"]] == [active]
    assert [one["id"] for one in answer["ready"]] == [ready]
    assert [(one["id"], one["reason"]) for one in answer["blocked"]] == [(blocked, "no key")]
    assert answer["counts"] == {
        "pending": 1, "active": 1, "blocked": 1, "completed": 1, "failed": 0, "cancelled": 0,
    }  # fmt: skip
    assert answer["proposed_decisions"] == [{"id": decision, "title": "To be decided"}]
    assert answer["last_handoff"]["text"] == "Mind the gap"
    assert answer["changed"] == [{"path": "a.txt", "op": "create", "task": active}]
    assert len(answer["uncommitted_records"]) == 8
    out = project.run("status").out
    for part in (active, ready, blocked, "no key", decision, "Mind the gap", "a.txt", "taskorch commit"):
        assert part in out, part
    assert len(out.splitlines()) <= 30


def test_status_stays_one_screen_with_many_tasks(project: Repo) -> None:
    for number in range(20):
        new_task(project, f"Task {number}")
    out = project.run("status").out
    assert "and 12 more" in out
    assert len(out.splitlines()) <= 24


def test_status_of_an_empty_store_says_how_to_begin(project: Repo) -> None:
    out = project.run("status").out
    assert "no session is active here" in out
    assert "none yet (taskorch task new TITLE)" in out


def test_status_names_an_interrupted_session(project: Repo) -> None:
    started(project)
    session = project.json("session", "show")["id"]
    expire_leases(project)
    assert (
        f"session {session} was interrupted: taskorch session resume {session}" in project.run("status").out
    )


def test_status_lists_what_changed_without_a_task(project: Repo) -> None:
    project.run("session", "start")
    project.write("a.txt", "a\n")
    assert project.json("status")["unclaimed"] == ["a.txt"]
    assert "unclaimed  a.txt" in project.run("status").out


def search(repo: Repo, *words: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = repo.json("search", *words)["results"]
    return results


def test_search_finds_lines_with_all_words_in_any_case(project: Repo) -> None:
    task = new_task(project, "Limit", "-d", "The Rate of\nrequests has a LIMIT on rate.")
    new_task(project, "Other", "-d", "rate only")
    found = search(project, "rate limit")
    assert {row["id"] for row in found} == {task}
    assert found[0]["text"] == "requests has a LIMIT on rate."
    lines = task_file(project, task).read_text().splitlines()
    assert lines[found[0]["line"] - 1] == found[0]["text"]


def test_search_finds_records_whose_words_stand_on_several_lines(project: Repo) -> None:
    task = new_task(project, "Alpha", "-d", "first\nbeta")
    assert [row["id"] for row in search(project, "alpha beta")] == [task]


def test_search_looks_in_all_kinds_and_can_be_narrowed(project: Repo) -> None:
    new_task(project, "About otters")
    new_decision(project, "Keep otters")
    project.run("session", "start", "--purpose", "Watch otters")
    assert {row["kind"] for row in search(project, "otters")} == {"task", "decision", "session"}
    assert {row["kind"] for row in search(project, "otters", "--kind", "decision")} == {"decision"}


def test_search_puts_titles_first(project: Repo) -> None:
    new_task(project, "Other", "-d", "otter\n\notter\n\notter")
    titled = new_task(project, "The otter")
    assert search(project, "otter")[0]["id"] == titled


def test_search_is_limited_and_says_how_much_there_is(project: Repo) -> None:
    new_task(project, "T", "-d", "\n\n".join(["otter"] * 9))
    answer = project.json("search", "otter", "--limit", "4")
    assert (len(answer["results"]), answer["total"]) == (4, 9)
    assert "and 5 more lines: --limit 9" in project.run("search", "otter", "--limit", "4").out


def test_search_takes_text_literally(project: Repo) -> None:
    new_task(project, "Plain")
    assert search(project, ".*") == []
    assert project.run("search", "p[l]ain").out == "nothing found\n"


def test_search_without_words_is_2(project: Repo) -> None:
    assert project.run("search", " ", check=False).code == 2


def changes(repo: Repo, name: str) -> list[tuple[str | None, dict[str, tuple[Any, Any]]]]:
    return [
        (row["subject"], {one["field"]: (one["from"], one["to"]) for one in row["changes"]})
        for row in repo.json("history", name)["history"]
    ]


def test_history_of_a_task_by_commit_and_field(project: Repo) -> None:
    task = new_task(project)
    project.commit("plan")
    project.run("task", "edit", task, "--priority", "high", "--add-label", "api")
    project.commit("more urgent")
    project.run("task", "note", task, "why not")
    rows = changes(project, task[2:7])
    assert rows[0][0] == "plan"
    assert rows[0][1]["title"] == (None, "Add login")
    assert rows[1] == ("more urgent", {"priority": ("medium", "high"), "labels": (None, ["api"])})
    assert rows[2][0] is None
    assert list(rows[2][1]) == ["## Notes"]
    out = project.run("history", task).out
    for part in ("plan", "more urgent", "medium -> high", "not committed", "Ann Example"):
        assert part in out, part


def test_history_follows_decisions_and_sessions_too(project: Repo) -> None:
    decision = new_decision(project)
    session = project.json("session", "start")["id"]
    project.commit("both")
    project.run("decision", "accept", decision)
    project.run("session", "end")
    project.commit("then")
    assert changes(project, decision)[1] == ("then", {"status": ("proposed", "accepted")})
    assert list(changes(project, session)[1][1]) == ["ended"]


def test_history_shows_a_removal_and_its_return(project: Repo) -> None:
    task = new_task(project)
    path = task_file(project, task)
    text = path.read_text()
    project.commit("plan")
    path.unlink()
    project.commit("removed")
    path.write_text(text)
    rows = project.json("history", task)["history"]
    assert [(row["subject"], row["deleted"]) for row in rows] == [
        ("plan", False),
        ("removed", True),
        (None, False),
    ]
    assert "the file was removed" in project.run("history", task).out


def test_history_of_parallel_branches_blames_nobody(project: Repo) -> None:
    """Each commit's changes are those to its own parent, also where the merge took one side as it was."""
    task = new_task(project)
    project.commit("plan")
    project.git("switch", "-qc", "other")
    project.run("task", "edit", task, "--priority", "high")
    project.commit("more urgent")
    project.git("switch", "-q", "main")
    project.run("task", "note", task, "mine")
    project.commit("noted")
    project.git("merge", "-q", "--no-commit", "other")
    expected = {"more urgent": ["priority"], "noted": ["## Notes"]}
    project.git("commit", "-qm", "merged")
    found = {subject: list(fields) for subject, fields in changes(project, task)}
    assert {subject: found[subject] for subject in expected} == expected
    project.git("reset", "-q", "--hard", "HEAD~1")
    project.git("merge", "-q", "-s", "ours", "-m", "ours", "other")
    assert changes(project, task)[-1][0] is not None, "nothing is uncommitted"


@pytest.mark.parametrize("name", ["t-00000000", "d-00000000", "s-00000000", "nothing"])
def test_history_of_what_is_not_there_is_refused(project: Repo, name: str) -> None:
    done = project.run("history", name, "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "not_found")


def test_history_before_the_first_commit(repo: Repo) -> None:
    repo.run("init")
    task = new_task(repo)
    assert [row["commit"] for row in repo.json("history", task)["history"]] == [None]


def test_history_finds_a_record_of_any_kind_without_its_letter(project: Repo) -> None:
    task, decision = new_task(project), new_decision(project)
    session = project.json("session", "start")["id"]
    for record in (task, decision, session):
        assert project.json("history", record[2:])["id"] == record
    error = refused(project, "history", "nope", kind="not_found")
    assert error["message"] == "no record 'nope'"
    for path in ("tasks/t-abcd0001.md", "decisions/d-abcd0002.md"):
        name = path.split("/")[1].removesuffix(".md")
        fields = f"id: {name}\ntitle: T\ncreated: 2026-01-01\nstatus: "
        project.write(
            f".orchestrator/{path}", f"---\n{fields}{'pending' if path[0] == 't' else 'proposed'}\n---\n"
        )
    error = refused(project, "history", "abcd", kind="ambiguous")
    assert error["candidates"] == ["t-abcd0001  T", "d-abcd0002  T"]


@pytest.mark.parametrize("number", [1, 2])
def test_one_thing_is_one_and_two_are_several(project: Repo, number: int) -> None:
    s = "" if number == 1 else "s"
    for name in "ab"[:number]:
        project.write(f"before-{name}.txt", "x\n")
    assert f"\n{number} file{s} changed before it began: not claimed\n" in project.run("session", "start").out
    task = started(project)
    for name in "ab"[:number]:
        project.write(f"{name}.txt", "x\n")
    assert f"\n{number} claim{s} recorded\n" in project.run("session", "end").out
    assert f"0 of {number} file change{s} landed" in project.run("recover", task).out
    project.run("task", "note", task, "word\n" * (number + 1))
    assert f"{number} more line{s}: --limit {number + 1}" in project.run("search", "word", "--limit", "1").out
    other = started(project, "Other", "-d", "first" + "\nmore" * number)
    assert f"first (+{number} line{s})" in project.run("history", other).out


def test_the_end_of_a_session_says_how_to_claim_what_is_left(project: Repo) -> None:
    project.run("session", "start")
    project.write("a.txt", "a\n")
    assert "\nunclaimed (taskorch track PATH --task T)\n  a.txt\n" in project.run("session", "end").out


def test_history_of_a_removed_record(project: Repo) -> None:
    task = new_task(project, "Add login")
    project.commit("plan")
    project.git("revert", "--no-edit", "HEAD")
    answer = project.json("history", task)
    assert answer["title"] == "Add login"
    assert [(row["subject"], row["deleted"]) for row in answer["history"]] == [
        ("plan", False),
        ('Revert "plan"', True),
    ]
    assert "the file was removed" in project.run("history", task).out
    assert project.run("history", "t-00000000", check=False).code == 1


def test_what_was_before_a_shallow_history_is_nobodys(project: Repo) -> None:
    """The commit it begins with seems to have made all it has; it is not taken for that."""
    task = started(project)
    project.write("a.txt", "a\n")
    project.run("task", "complete", task, "--results", "r")
    project.commit("work and records")
    project.git("-c", "user.name=Zed", "commit", "-q", "--allow-empty", "-m", "Zed: unrelated")
    project.git("-c", "user.name=Zed", "commit", "-q", "--allow-empty", "-m", "Zed: more")
    shallow = Repo(project.path.parent / "shallow")
    project.git("clone", "-q", "--depth", "2", f"file://{project.path}", str(shallow.path))
    for command in (["recover", task], ["history", task]):
        out = shallow.run(*command).out
        assert "Zed" not in out and "before this shallow history begins" in out, command
    [row] = shallow.json("recover", task)["recovery_package"]["files_created"]
    assert (row["rung"], row["commits"]) == ("unknown", [])
    assert shallow.json("history", task)["history"][0]["commit"] is None
