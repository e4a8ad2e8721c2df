"""Tasks as records: new, show, edit, note, check."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest

from tests.cli.making import changed_lines, new_task, started, task_file
from tests.cli.snapshots import snapshot
from tests.repos import Repo

EVERY_OPTION = (
    *("-d", "Use argon2id.\n\nKeep the old hashes."),
    *("--accept", "old hashes work", "--accept", "tests pass"),
    *("--specialist", "implementer", "--stream", "auth", "--priority", "high", "--complexity", "complex"),
    *("--label", "api", "--label", "security"),
)


def test_new_with_defaults(project: Repo) -> None:
    made = project.json("task", "new", "Add login")
    assert re.fullmatch(r"t-[0-9a-hjkmnp-tv-z]{8}", made["id"])
    assert made["path"] == f".orchestrator/tasks/{made['id']}-add-login.md"
    assert (made["status"], made["priority"], made["complexity"]) == ("pending", "medium", "moderate")
    assert (made["labels"], made["depends_on"], made["criteria"], made["parent"]) == ([], [], [], None)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", made["created"])


def test_new_with_every_option(project: Repo) -> None:
    parent, first = new_task(project, "Parent"), new_task(project, "First")
    made = project.json("task", "new", "Hash", *EVERY_OPTION, "--parent", parent, "--depends-on", first)
    shown = project.json("task", "show", made["id"])
    assert [shown.pop(what) for what in ("subtasks", "decisions", "sessions")] == [[], [], []]
    assert shown.pop("specialist_context") is None
    assert made == shown | {"schema": made["schema"], "commit": None, "safety_store": None}
    assert made["description"] == "Use argon2id.\n\nKeep the old hashes."
    assert made["criteria"] == [
        {"number": 1, "text": "old hashes work", "done": False},
        {"number": 2, "text": "tests pass", "done": False},
    ]
    assert (made["specialist"], made["stream"]) == ("implementer", "auth")
    assert (made["priority"], made["complexity"]) == ("high", "complex")
    assert made["labels"] == ["api", "security"]
    assert (made["parent"], made["depends_on"]) == (parent, [first])
    assert made["waits_for"] == [{"id": first, "title": "First", "status": "pending", "unreadable": False}]


def test_new_writes_one_file_and_nothing_else(project: Repo) -> None:
    before = snapshot(project)
    made = project.json("task", "new", "Add login", *EVERY_OPTION)
    after = snapshot(project)
    assert {path for path in after if path not in before} == {".orchestrator/tasks", made["path"]}
    assert {path: after[path] for path in before} == before


def test_a_record_is_what_the_format_says(project: Repo) -> None:
    made = project.json("task", "new", "Hash: the 1st", "--label", "yes", "-d", "Text.", "--accept", "works")
    text = project.read(made["path"])
    assert text.startswith(f'---\nid: {made["id"]}\ntitle: "Hash: the 1st"\ncreated: {made["created"]}\n')
    assert "status: pending\n" in text
    assert 'labels:\n  - "yes"\n' in text  # a YAML 1.1 reader would take it for a truth value
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    wanted = ["Description", "Acceptance criteria", "Results", "Next action", "Notes"]
    assert headings == [f"## {name}" for name in wanted]
    assert "\n## Acceptance criteria\n\n- [ ] works\n" in text


@pytest.mark.parametrize(
    "text", ["## Notes", "---", "<<<<<<< HEAD", "```\nopen", "# Results\n## Results\ntaken over"]
)
def test_text_of_users_cannot_take_over_the_structure(project: Repo, text: str) -> None:
    made = project.json("task", "new", "T", "-d", f"before\n{text}\nafter", "--accept", "mine")
    project.run("task", "note", made["id"], "--", text)
    shown = project.json("task", "show", made["id"])
    assert shown["description"].startswith(f"before\n{text}\nafter")
    assert (shown["results"], shown["next_action"]) == ("", "")
    assert [one["text"] for one in shown["criteria"]] == ["mine"]
    assert shown["notes"].split("\n\n", 1)[1].startswith(text)
    assert project.run("doctor").code == 0


def test_new_says_what_comes_next(project: Repo) -> None:
    done = project.run("task", "new", "Add login")
    assert re.search(r"^next: taskorch task start t-\w{8}$", done.out, re.M)


EDITS: list[tuple[list[str], list[str], list[str]]] = [
    (["--title", "Add logout"], ["title: Add login"], ["title: Add logout"]),
    (["--status", "blocked"], ["status: pending"], ["status: blocked"]),
    (["--priority", "critical"], ["priority: medium"], ["priority: critical"]),
    (["--complexity", "simple"], ["complexity: moderate"], ["complexity: simple"]),
    (["--assignee", "Ann"], ["assignee:"], ["assignee: Ann"]),
    (["--specialist", "tester"], ["specialist:"], ["specialist: tester"]),
    (["--stream", "auth"], ["stream:"], ["stream: auth"]),
    (["--add-label", "ui"], [], ["  - ui"]),
    (["--remove-label", "api"], ["  - api"], []),
    (["--accept", "fast"], [], ["- [ ] fast"]),
]


@pytest.mark.parametrize(("flags", "gone", "come"), EDITS, ids=str)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_edit_changes_the_lines_of_its_field_only(
    project: Repo, flags: list[str], gone: list[str], come: list[str], newline: str
) -> None:
    task = new_task(project, "Add login", "--label", "api", "--label", "web", "--accept", "works")
    path = task_file(project, task)
    text = path.read_text().replace("status: pending\n", "status: pending\nx-own: kept  # by hand\n")
    path.write_bytes(text.replace("\n", newline).encode())
    project.commit("plan")
    project.run("task", "edit", task, *flags)
    ending = newline.removesuffix("\n")
    lines = changed_lines(project, path)
    assert lines == ([line + ending for line in gone], [line + ending for line in come])


def test_edit_sets_and_empties_links(project: Repo) -> None:
    parent, first, second = (new_task(project, name) for name in ("Parent", "First", "Second"))
    task = new_task(project)
    path = task_file(project, task)
    project.commit("plan")
    project.run("task", "edit", task, "--parent", parent)
    assert changed_lines(project, path) == (["parent:"], [f"parent: {parent}"])
    project.run("task", "edit", task, "--parent", "")
    assert changed_lines(project, path) == ([], [])
    shown = project.json("task", "edit", task, "--depends-on", first, "--depends-on", second)
    assert shown["depends_on"] == [first, second]
    assert changed_lines(project, path) == ([], [f"  - {first}", f"  - {second}"])
    assert project.json("task", "edit", task, "--depends-on", "")["depends_on"] == []
    assert changed_lines(project, path) == ([], [])


def test_edit_empties_people_and_roles(project: Repo) -> None:
    task = new_task(project, "T", "--specialist", "tester", "--stream", "s")
    project.run("task", "edit", task, "--assignee", "Ann")
    empty = project.json("task", "edit", task, "--assignee", "", "--specialist", "", "--stream", "")
    assert (empty["assignee"], empty["specialist"], empty["stream"]) == (None, None, None)


def test_edit_to_what_it_is_already_changes_nothing(project: Repo) -> None:
    task = new_task(project, "T", "--label", "api")
    before = snapshot(project, local=True)
    project.run("task", "edit", task, "--title", "T", "--priority", "medium", "--add-label", "api")
    assert snapshot(project, local=True) == before


@pytest.mark.parametrize(
    ("flags", "kind", "words"),
    [
        (["--status", "completed"], "refused", "not by editing"),
        (["--title", ""], "refused", "title is empty"),
        (["--accept", " "], "refused", "an acceptance criterion is empty"),
        (["--add-label", ""], "refused", "a label is empty"),
        (["--remove-label", "none"], "not_found", "no label 'none'"),
        (["--parent", "t-00000000"], "not_found", "no task"),
        (["--depends-on", "t-00000000"], "not_found", "no task"),
        (["--priority", "high", "--depends-on", "t-00000000"], "not_found", "no task"),
    ],
)
def test_a_refused_edit_changes_nothing(project: Repo, flags: list[str], kind: str, words: str) -> None:
    task = new_task(project, "T", "--label", "api")
    before = snapshot(project, local=True)
    done = project.run("task", "edit", task, *flags, "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, kind)
    assert words in done.error["message"]
    assert done.error["hint"]
    assert snapshot(project, local=True) == before


def test_a_status_is_refused_where_its_own_command_refuses_it(project: Repo) -> None:
    first = new_task(project, "First")
    waiting = new_task(project, "Waiting", "--depends-on", first)
    closed = new_task(project, "Closed")
    project.run("task", "cancel", closed, "not wanted")
    before = snapshot(project, local=True)
    for task, status, words in (
        (waiting, "active", f"{waiting} waits for 1 task"),
        (closed, "active", f"{closed} is cancelled"),
        (closed, "pending", f"{closed} is cancelled"),
        (closed, "blocked", f"{closed} is cancelled"),
    ):
        done = project.run("task", "edit", task, "--status", status, "--json", check=False)
        assert (done.code, done.error["message"]) == (1, words)
    assert snapshot(project, local=True) == before
    free = project.json("task", "edit", waiting, "--status", "active", "--depends-on", "")
    assert (free["status"], free["waits_for"]) == ("active", [])
    blocked = project.json("task", "block", first, "no key")
    assert blocked["reason"] == "no key"
    again = project.json("task", "edit", first, "--status", "pending")
    assert (again["status"], again["reason"]) == ("pending", None)


def test_a_status_is_refused_where_another_session_holds_the_task(project: Repo) -> None:
    task = new_task(project)
    project.commit("plan")
    project.run("task", "start", task)
    tree = project.worktree(project.path.parent / "other", "-b", "side")
    done = tree.run("task", "edit", task, "--status", "active", "--json", check=False)
    assert done.code == 1 and f"{task} is being worked on in session" in done.error["message"]


def test_editing_to_completed_names_the_command_that_completes(project: Repo) -> None:
    task = new_task(project)
    done = project.run("task", "edit", task, "--status", "completed", check=False)
    assert f"hint: taskorch task complete {task} --results TEXT" in done.err


def test_rings_of_dependencies_and_parents_are_refused(project: Repo) -> None:
    one = new_task(project, "One")
    two = new_task(project, "Two", "--depends-on", one, "--parent", one)
    three = new_task(project, "Three", "--depends-on", two, "--parent", two)
    before = snapshot(project)
    for flag, words in (("--depends-on", "wait for"), ("--parent", "lie below")):
        done = project.run("task", "edit", one, flag, three, "--json", check=False)
        assert done.code == 1
        assert f"{one} would {words} itself: {one} -> {three} -> {two} -> {one}" in done.error["message"]
        itself = project.run("task", "edit", one, flag, one, "--json", check=False)
        assert f"{one} -> {one}" in itself.error["message"]
    assert snapshot(project) == before


def test_new_with_an_unknown_dependency_or_parent_makes_nothing(project: Repo) -> None:
    before = snapshot(project)
    for flag in ("--depends-on", "--parent"):
        assert project.run("task", "new", "T", flag, "t-00000000", check=False).code == 1
    assert snapshot(project) == before


@pytest.mark.parametrize(
    "flags", [("--accept", ""), ("--accept", "good", "--accept", " \n"), ("--label", "")]
)
def test_new_with_an_empty_criterion_or_label_makes_nothing(project: Repo, flags: tuple[str, ...]) -> None:
    before = snapshot(project)
    done = project.run("task", "new", "T", *flags, "--json", check=False)
    assert done.code == 1 and "is empty" in done.error["message"]
    assert snapshot(project) == before


def test_note_appends_under_a_heading_with_time_and_author(project: Repo) -> None:
    task = new_task(project)
    path = task_file(project, task)
    project.run("task", "note", task, "The old tokens\nmust stay valid")
    project.commit("plan")
    shown = project.json("task", "note", task, "A second one")
    notes = shown["notes"].split("\n\n")
    assert re.fullmatch(r"### \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ Ann Example", notes[0])
    assert notes[1] == "The old tokens\nmust stay valid"
    assert notes[3] == "A second one"
    gone, come = changed_lines(project, path)
    assert gone == []
    assert [line for line in come if line] == [notes[2], "A second one"]


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_an_empty_note_is_refused(project: Repo, text: str) -> None:
    task = new_task(project)
    before = snapshot(project)
    done = project.run("task", "note", task, text, check=False)
    assert (done.code, "the note is empty" in done.err) == (1, True)
    assert snapshot(project) == before


def test_check_ticks_criteria_by_number_and_unticks_them(project: Repo) -> None:
    task = new_task(project, "T", *("--accept", "one", "--accept", "two", "--accept", "three"))
    path = task_file(project, task)
    project.commit("plan")

    def marks(*words: str) -> list[bool]:
        return [one["done"] for one in project.json("task", "check", task, *words)["criteria"]]

    assert marks("1", "3") == [True, False, True]
    assert changed_lines(project, path) == (
        ["- [ ] one", "- [ ] three"],
        ["- [x] one", "- [x] three"],
    )
    assert marks("3", "--undo") == [True, False, False]
    assert marks("--all") == [True, True, True]
    assert marks("--all", "--undo") == [False, False, False]
    assert changed_lines(project, path) == ([], [])


@pytest.mark.parametrize(
    ("words", "code"), [(["1", "3"], 1), (["0"], 1), ([], 2), (["1", "--all"], 2), (["99"], 1)]
)
def test_check_does_all_or_nothing(project: Repo, words: list[str], code: int) -> None:
    task = new_task(project, "T", "--accept", "one", "--accept", "two")
    before = snapshot(project)
    done = project.run("task", "check", task, *words, "--json", check=False)
    assert done.code == code
    assert done.error["hint"]
    assert snapshot(project) == before


def test_show_tells_all_that_hangs_on_a_task(project: Repo) -> None:
    first = new_task(project, "First")
    task = new_task(project, "Whole", "--depends-on", first, "--accept", "works", "-d", "Why and how")
    child = new_task(project, "Child", "--parent", task)
    texts = ("--context", "c", "--decision", "d", "--rationale", "r")
    decision = project.json("decision", "new", "Decided", *texts, "--task", task)["id"]
    project.run("task", "note", task, "a note")
    shown = project.json("task", "show", task)
    assert shown["subtasks"] == [{"id": child, "title": "Child", "status": "pending", "unreadable": False}]
    assert shown["decisions"] == [{"id": decision, "title": "Decided", "status": "proposed"}]
    out = project.run("task", "show", task).out
    for part in (first, child, decision, "Why and how", "works", "a note", "waits for", "subtasks"):
        assert part in out, part


def test_show_names_a_dependency_that_is_gone(project: Repo) -> None:
    first = new_task(project, "First")
    task = new_task(project, "T", "--depends-on", first)
    task_file(project, first).unlink()
    gone = [{"id": first, "title": None, "status": None, "unreadable": False}]
    assert project.json("task", "show", task)["waits_for"] == gone
    assert "no such record here" in project.run("task", "show", task).out


def test_show_lists_the_sessions_that_worked_on_it(project: Repo) -> None:
    task = started(project)
    session = project.json("session", "show")["id"]
    assert project.json("task", "show", task)["sessions"] == [session]


def test_file_permissions_of_a_record_survive_an_edit(project: Repo) -> None:
    task = new_task(project)
    path = task_file(project, task)
    path.chmod(0o640)
    project.run("task", "edit", task, "--priority", "high")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_new_records_get_the_permissions_of_the_umask(project: Repo) -> None:
    old = os.umask(0o027)
    try:
        path: Path = task_file(project, new_task(project))
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_check_all_of_a_task_without_criteria_says_so(project: Repo) -> None:
    task = new_task(project)
    before = snapshot(project)
    done = project.run("task", "check", task, "--all")
    assert done.out == f"{task} has no acceptance criteria; taskorch task edit T --accept TEXT adds one\n"
    assert project.json("task", "check", task, "--all")["criteria"] == []
    assert snapshot(project) == before


def test_a_deleted_task_is_shown_as_one(project: Repo) -> None:
    task = new_task(project)
    told = f"  deleted; taskorch task reopen {task} brings it back\n"
    assert told in project.run("task", "delete", task).out
    assert told in project.run("task", "show", task).out
    project.run("task", "reopen", task)
    assert "deleted" not in project.run("task", "show", task).out


def test_what_cannot_be_read_is_not_gone(project: Repo) -> None:
    first = new_task(project, "First")
    waiting = new_task(project, "Waiting", "--depends-on", first)
    file = task_file(project, first)
    file.write_text(file.read_text().replace("title: First", "title: ["))
    shown = project.json("task", "show", waiting)["waits_for"]
    assert shown == [{"id": first, "title": None, "status": None, "unreadable": True}]
    for words in (["task", "show", waiting], ["task", "list"]):
        assert "unreadable" in project.run(*words).out, words
    start = project.run("task", "start", waiting, "--json", check=False)
    assert start.error["reasons"] == [f"{first} cannot be read (taskorch doctor says why)"]
    recovered = project.run("recover", waiting).out
    assert f"Waits for {first}, which cannot be read" in recovered and "None" not in recovered
    assert "`taskorch doctor`" in recovered and "task start" not in recovered
    problems = project.run("doctor", "--json", check=False).json["problems"]
    assert [one["path"] for one in problems] == [file.relative_to(project.path).as_posix()]
    file.unlink()
    recovered = project.run("recover", waiting).out
    assert f"Waits for {first}, which is gone" in recovered
    assert f"`taskorch recover {first}`" in recovered and "task start" not in recovered
