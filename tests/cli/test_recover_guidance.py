"""What ``recover`` says to do next: specific, the most pressing first, each thing once."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from tests.cli.long_work import by_bob, long_work
from tests.cli.making import completed, new_decision, new_task, started
from tests.cli.test_recover import GUIDE, task_named
from tests.repos import Build, Repo


@pytest.fixture
def work(build: Build) -> Repo:
    """As `long_work` builds it."""
    return build(long_work)


def package_of(repo: Repo, task: str) -> dict[str, Any]:
    found = repo.json("recover", task)["recovery_package"]
    assert isinstance(found, dict)
    return found


def test_the_steps_of_a_long_story_in_their_order(work: Repo) -> None:
    clone = work.clone(work.path.parent / "clone")
    task = task_named(clone, "Login form")
    revert, split = clone.git("log", "-2", "--skip=1", "--format=%h", "--abbrev=10").split("\n")
    lines = package_of(clone, task)[GUIDE]
    old, new = (
        next(d["id"] for d in clone.json("decision", "list")["decisions"] if d["title"] == title)
        for title in ("Use bcrypt", "Use argon2id")
    )
    session = clone.json("session", "list")["sessions"][0]["id"]
    assert lines == [
        f"{task} is active; 4 of 6 file changes landed in this history.",
        f"Read the hand-off of session {session}.",
        f"src/mail.py was reverted by Bob on 2026-01-02 in {revert} (Revert the mail): "
        "find out why before doing it again.",
        "src/style.css is nowhere in this history: do it again, or take it from a branch that still has it.",
        '1 file that HEAD lacks is still to be had here: see "On branches here".',
        f"The decision {old} Use bcrypt is superseded: follow {new} Use argon2id (accepted).",
        "Open criterion: the third try waits (2)",
        "Open criterion: works without JavaScript (3)",
        f"src/app.py was changed since by Bob on 2026-01-02 in {split} (Split the app, +5 -1): "
        "read it before going on.",
        "1 TODO line that it added still stands: src/form.py:13.",
        "No file that looks like a test was changed with its 3 source files.",
    ]
    out = clone.run("recover", task).out
    assert out.count("the third try waits") == 1  # among the criteria, not among the steps again
    assert out.count("Split the app") == 1


def test_of_a_deletion_that_is_lacking_the_file_is_said_to_be_there(project: Repo) -> None:
    project.commit("base", {"old": "o\n", **{f"old{number}": f"{number}\n" for number in range(4)}})
    task = started(project)
    project.remove("old")
    project.run("session", "end")
    assert "old is deleted on disk only: commit that." in package_of(project, task)[GUIDE]
    project.git("rm", "-q", "--cached", "old")
    assert "old is staged as deleted, not committed: commit that." in package_of(project, task)[GUIDE]
    project.git("reset", "-q", "--hard")
    said = "old is still there, no commit of this history deleted it: do it again, or take it from a branch"
    assert any(step.startswith(said) for step in package_of(project, task)[GUIDE])
    project.run("task", "start", task)
    for number in range(4):
        project.remove(f"old{number}")
    project.run("session", "end")
    steps = package_of(project, task)[GUIDE]
    assert any(step.startswith("4 deletions (old0, old1, old2, ...) are only on disk") for step in steps)


def test_the_revert_is_told_with_its_message(work: Repo) -> None:
    task = task_named(work, "Login form")
    [row] = package_of(work, task)["reverts"]
    assert (row["author"], row["paths"]) == ("Bob", ["src/mail.py"])
    assert row["message"] == "Revert the mail\n\nThe smtp server is not there before May."
    assert (
        "```text\nRevert the mail\n\nThe smtp server is not there before May.\n```"
        in work.run("recover", task).out
    )


def test_the_branch_that_still_has_a_lost_file_is_named_with_a_command_that_brings_it(work: Repo) -> None:
    clone = work.clone(work.path.parent / "clone")
    [row] = package_of(clone, task_named(clone, "Login form"))["local"]["branches"]
    assert (row["path"], row["ref"]) == ("src/style.css", "origin/keep-login")
    program, *words = shlex.split(row["command"])
    assert program == "git"
    clone.git(*words)
    assert clone.read("src/style.css").startswith("form {")
    # and never over what is there
    clone.write("src/style.css", "mine\n")
    [row] = package_of(clone, task_named(clone, "Login form"))["local"]["branches"]
    program, *words = shlex.split(row["command"])
    clone.git(*words)
    assert clone.read("src/style.css") == "mine\n"


@pytest.mark.parametrize("name", ["a b.txt", "a'b.txt", "a*b.txt", ":x.txt", "-x", "$(x).txt", "größe.txt"])
def test_that_command_works_with_any_name(project: Repo, name: str) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project)
    project.commit("work", {name: "text\n"})
    project.run("session", "end")
    project.commit("records")
    project.git("switch", "--quiet", "main")
    project.git("checkout", "--quiet", "feature", "--", ".orchestrator")
    project.commit("records alone")
    [row] = package_of(project, task)["local"]["branches"]
    program, *words = shlex.split(row["command"])
    assert program == "git"
    project.git(*words)
    assert project.read(name) == "text\n"


def test_what_no_branch_has_any_more_but_the_clone_does(work: Repo) -> None:
    task = task_named(work, "Login form")
    work.git("branch", "--quiet", "-D", "keep-login")
    [row] = package_of(work, task)["local"]["branches"]
    assert row["ref"] is None
    program, *words = shlex.split(row["command"])
    assert work.git(*words).startswith("form {")
    assert program == "git"


def with_markers(repo: Repo, before: str, after: str, path: str = "a.py") -> str:
    repo.commit("before", {path: before})
    task = started(repo)
    repo.commit("work", {path: after})
    repo.run("task", "complete", task, "--results", "r")
    repo.commit("records")
    return task


def markers(repo: Repo, task: str) -> list[tuple[str, int, str]]:
    return [(row["path"], row["line"], row["text"]) for row in package_of(repo, task)["markers"]]


def test_only_whole_words_in_added_lines_that_still_stand_count(project: Repo) -> None:
    before = "x = 1\n# TODO: old\n# FIXME(ann) twice\n"
    after = before + "# TODO: new\n# TODOS are no marker\nHACK = 2\ny = 3  # XXX?\n# FIXME(ann) twice\n"
    task = with_markers(project, before, after)
    assert markers(project, task) == [
        ("a.py", 4, "# TODO: new"), ("a.py", 6, "HACK = 2"), ("a.py", 7, "y = 3  # XXX?"),
        ("a.py", 8, "# FIXME(ann) twice"),
    ]  # fmt: skip
    by_bob(project, "Done", "a.py", after.replace("# TODO: new\n", "").replace("HACK = 2\n", "hack = 2\n"))
    assert [row[1:] for row in markers(project, task)] == [(6, "y = 3  # XXX?"), (7, "# FIXME(ann) twice")]


def test_they_are_found_where_the_file_was_renamed_to(project: Repo) -> None:
    lines = "".join(f"line {number}\n" for number in range(20))
    task = with_markers(project, lines, lines + "# TODO: later\n")
    project.git("mv", "a.py", "b.py")
    project.commit("renamed")
    assert markers(project, task) == [("b.py", 21, "# TODO: later")]
    project.git("mv", "b.py", "c.py")
    project.commit("again", {"c.py": "first\n" + lines + "# TODO: later\n"})
    assert markers(project, task) == [("c.py", 22, "# TODO: later")]
    project.commit("gone", {"c.py": None})
    assert markers(project, task) == []


def test_their_text_cannot_become_structure(project: Repo) -> None:
    task = with_markers(project, "", "# TODO `rm` \x1b[31m\u202e\n# Obey TODO ```\n")
    out = project.run("recover", task).out
    assert r"`` # TODO `rm` \x1b[31m\u202e ``" in out
    assert "\x1b" not in out


def test_tests_among_the_changed_files_are_named(project: Repo) -> None:
    task = started(project)
    project.commit("work", {"src/a.py": "a\n", "tests/test_a.py": "t\n", "web/Form.spec.ts": "s\n"})
    project.run("task", "complete", task, "--results", "r")
    package = package_of(project, task)
    assert package["tests_changed"] == ["tests/test_a.py", "web/Form.spec.ts"]
    assert not any("looks like a test" in line for line in package[GUIDE])
    assert "Tests among them: `tests/test_a.py`, `web/Form.spec.ts`." in project.run("recover", task).out


def test_without_source_nothing_is_said_of_tests(project: Repo) -> None:
    task = started(project)
    project.commit("work", {"docs/a.md": "a\n", "data.csv": "1,2\n"})
    project.run("task", "complete", task, "--results", "r")
    assert not any("looks like a test" in line for line in package_of(project, task)[GUIDE])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/conftest.py", True), ("src/test_login.py", True), ("pkg/login_test.go", True),
        ("src/LoginTest.java", True), ("a/LoginTests.cs", True), ("spec/login_spec.rb", True),
        ("web/login.test.tsx", True), ("web/__tests__/a.js", True), ("src/contest.py", False),
        ("src/latest.py", False), ("src/testing_ground/a.py", False), ("src/attest.go", False),
    ],
)  # fmt: skip
def test_what_looks_like_a_test(path: str, expected: bool) -> None:
    from taskorch.services.recovered.changed_tests import is_test

    assert is_test(path) is expected


def test_what_the_work_waits_for_is_told_with_its_own_blockers(project: Repo) -> None:
    far = new_task(project, "Far")
    near = new_task(project, "Near", "--depends-on", far)
    dropped = new_task(project, "Dropped")
    project.run("task", "cancel", dropped, "not needed")
    task = new_task(project, "Here", "--depends-on", near, "--depends-on", dropped)
    project.run("task", "block", task, "no mail server")
    lines = package_of(project, task)[GUIDE]
    assert "It is blocked: no mail server" in lines
    assert f"Waits for {near} Near (pending), which waits for {far} itself." in lines
    assert f"Waits for {dropped} Dropped (cancelled, and will not be completed so)." in lines
    assert f"taskorch recover {near}" in package_of(project, task)["recovery_recommendations"]


def test_the_decision_that_stands_at_the_end_of_a_line_is_the_one_to_follow(project: Repo) -> None:
    task = new_task(project)
    first = new_decision(project, "First", "--task", task, "--status", "accepted")
    second = new_decision(project, "Second", "--status", "accepted")
    third = new_decision(project, "Third", "--status", "accepted")
    project.run("decision", "supersede", first, "--by", second)
    project.run("decision", "supersede", second, "--by", third)
    package = package_of(project, task)
    assert f"The decision {first} First is superseded: follow {third} Third (accepted)." in package[GUIDE]


def test_how_head_stands_to_the_default_branch_and_its_upstream(project: Repo) -> None:
    task = completed(project)
    project.commit("records")
    clone = project.clone(project.path.parent / "clone")
    clone.commit("mine")
    project.commit("theirs")
    project.commit("theirs too")
    clone.git("fetch", "--quiet")
    package = package_of(clone, task)
    theirs = clone.git("rev-parse", "origin/main")
    assert package["against_default"] == {"commit": theirs, "ahead": 1, "behind": 2}
    where = f"2 commits behind and 1 ahead of the default branch ({theirs[:10]})"
    assert f"Rungs and files here are those of {clone.head[:10]}, {where}." in package[GUIDE]
    clone.git("switch", "--quiet", "--detach", "origin/main")
    mine = clone.json("recover", task, "--at", "main")["recovery_package"]
    assert f"Rungs and files here are those of {clone.git('rev-parse', 'main')[:10]}, {where}." in mine[GUIDE]
    upstream = package["local"]["upstream"]
    assert (upstream["branch"], upstream["upstream"]) == ("main", "origin/main")
    assert (upstream["ahead"], upstream["behind"]) == (1, 2)
    program, *words = shlex.split(upstream["command"])
    assert program == "git"
    assert len(clone.git(*words).split("\n")) == 3


def test_others_edits_are_told_once_a_file_with_how_much(project: Repo) -> None:
    task = started(project)
    project.commit("work", {"a.txt": "1\n2\n3\n"})
    project.run("task", "complete", task, "--results", "r")
    project.commit("records")
    by_bob(project, "One", "a.txt", "1\n2\n3\n4\n")
    newest = by_bob(project, "Two", "a.txt", "one\n2\n3\n4\n5\n")
    package = package_of(project, task)
    assert [(r["subject"], r["added"], r["removed"]) for r in package["changed_since_by_others"]] == [
        ("Two", 2, 1), ("One", 1, 0),
    ]  # fmt: skip
    [line] = [line for line in package[GUIDE] if "Bob" in line]
    assert line.startswith(
        f"a.txt was changed since by Bob on 2026-01-02 in {newest[:10]} (Two, +2 -1), and in 1 "
    )
    out = project.run("recover", task).out
    assert out.count("(Two, +2 -1)") == 1
    assert "## Changed by others before that\n\n- `a.txt` in " in out


def test_subtasks_stand_in_the_order_of_work_with_their_progress(project: Repo) -> None:
    parent = new_task(project, "Secure login")
    done = completed(project, "Done", "--parent", parent)
    going = started(project, "Going", "--parent", parent)
    free = new_task(project, "Free", "--parent", parent)
    urgent = new_task(project, "Urgent", "--parent", parent, "--priority", "critical")
    waits = new_task(project, "Waits", "--parent", parent, "--depends-on", free, "--priority", "critical")
    blocked = new_task(project, "Blocked", "--parent", parent)
    project.run("task", "block", blocked, "no key")
    project.run("task", "cancel", new_task(project, "Not wanted", "--parent", parent))
    answer = project.json("recover", parent)
    names = [row["id"] for row in answer["task"]["subtasks"]]
    assert names[:6] == [going, urgent, free, waits, blocked, done]
    standing = f"{parent} is pending, 1 of 6 subtasks completed; the work is in them: {', '.join(names[:5])}"
    assert answer["recovery_package"][GUIDE][0] == f"{standing} and 1 more."
    shown = [f"taskorch recover {name}" for name in names[:5]]
    assert answer["recovery_package"]["recovery_recommendations"] == shown


def test_what_a_task_builds_on_is_told_with_the_way_to_its_results(project: Repo) -> None:
    first = completed(project, "First")
    second = new_task(project, "Second", "--depends-on", first)
    assert [row["id"] for row in project.json("recover", second)["task"]["builds_on"]] == [first]
    line = f"- after {first} First (completed): `taskorch recover {first}`"
    assert line in project.run("recover", second).out


def test_nobody_is_sent_to_read_the_files_of_a_closed_task(project: Repo) -> None:
    task = started(project)
    project.commit("mine", {"a.txt": "one\ntwo\n"})
    project.run("commit")
    project.run("session", "end")
    project.commit("records")
    other = {"GIT_AUTHOR_NAME": "Bob", "GIT_AUTHOR_EMAIL": "bob@example.org"}
    project.write("a.txt", "one\ntwo\nthree\n")
    project.git("commit", "--quiet", "--all", "-m", "theirs", env=other)
    [line] = [line for line in package_of(project, task)[GUIDE] if line.startswith("a.txt was changed")]
    assert line.endswith(": read it before going on.")
    project.run("task", "complete", task, "--results", "done")
    [line] = [line for line in package_of(project, task)[GUIDE] if line.startswith("a.txt was changed")]
    assert line.endswith("(theirs, +1 -0).")


def test_of_work_that_was_trimmed_the_rest_is_to_do_and_not_all(project: Repo) -> None:
    project.commit("files", {"a.py": "".join(f"line {number}\n" for number in range(40))})
    project.git("switch", "--quiet", "-c", "work")
    task = started(project)
    lines = [f"mine {number}\n" if 10 <= number < 20 else f"line {number}\n" for number in range(40)]
    project.commit("work", {"a.py": "".join(lines)})
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    project.git("switch", "--quiet", "main")
    project.git("merge", "--quiet", "--squash", "work")
    trimmed = project.commit(
        "trimmed", {"a.py": "".join([*lines[:16], *(f"line {n}\n" for n in range(16, 40))])}
    )
    said = package_of(project, task)[GUIDE]
    stand = f"6 of its 10 added lines stand in {trimmed[:10]}"
    assert f"a.py landed only in part, {stand}: look at what lacks." in said
    assert not any("nowhere" in line for line in said)
