"""Folding: what was observed becomes net claims of the one active task."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import start_project
from tests.repos import Build, Repo
from tests.services.days import Day, Shown

TEXT = "\n".join(f"line {number}" for number in range(12))
BASE: dict[str, str | bytes | None] = {"a": "a1\n", "b": "b1\n", "text": f"{TEXT}\n", "empty": ""}
Step = Callable[[Day], object]


def with_files(repo: Repo) -> None:
    """A few files and a store."""
    start_project(repo)
    repo.commit("base", BASE)


def with_task(repo: Repo) -> None:
    """The same, and a task is started in it."""
    with_files(repo)
    Day(repo).start()


@pytest.fixture
def day(build: Build) -> Day:
    """A repository with a few files; no task yet."""
    return Day(build(with_files))


def write(path: str, content: str) -> Step:
    return lambda day: day.repo.write(path, f"{content}\n")


def remove(path: str) -> Step:
    return lambda day: day.repo.remove(path)


def move(old: str, new: str) -> Step:
    def act(day: Day) -> None:
        target = day.repo.path / new
        target.parent.mkdir(parents=True, exist_ok=True)
        (day.repo.path / old).rename(target)

    return act


def track(*arguments: str) -> Step:
    return lambda day: day.repo.run("track", *arguments)


def save(day: Day) -> object:
    """Commit the work, records left out."""
    day.repo.git("add", "--all", ":(exclude).orchestrator")
    return day.repo.git("commit", "-q", "--allow-empty", "-m", "work")


def fold(day: Day) -> object:
    """Write the claims: the records are committed, and nothing else."""
    return day.repo.run("commit")


NET: dict[str, tuple[list[Step], dict[str, Shown]]] = {
    "nothing": ([], {}),
    "created, changed": ([write("n", "1"), write("n", "2")], {"n": ("create", None, "2")}),
    "created, deleted": ([write("n", "1"), remove("n")], {}),
    "changed twice": ([write("a", "a2"), write("a", "a3")], {"a": ("modify", "a1", "a3")}),
    "changed and back": ([write("a", "a2"), write("a", "a1")], {}),
    "deleted, created": ([remove("a"), write("a", "a2")], {"a": ("modify", "a1", "a2")}),
    "deleted and back": ([remove("a"), write("a", "a1")], {}),
    "moved, edited": (
        [move("text", "d/text"), write("d/text", f"{TEXT}\nend")],
        {"d/text": ("move text", TEXT, f"{TEXT}\nend")},
    ),
    "edited, moved": (
        [write("text", f"{TEXT}\nend"), move("text", "d/text")],
        {"d/text": ("move text", TEXT, f"{TEXT}\nend")},
    ),
    "moved, rewritten": (
        [move("text", "t2"), write("t2", f"other\n{TEXT[:40]}")],
        {"t2": ("move text", TEXT, f"other\n{TEXT[:40]}")},
    ),
    "moved and moved": (
        [move("text", "t2"), move("t2", "t3")],
        {"t3": ("move text", TEXT, TEXT)},
    ),
    "moved and back": ([move("text", "t2"), move("t2", "text")], {}),
    "moved and back, edited": (
        [move("text", "t2"), write("t2", f"{TEXT}\nend"), move("t2", "text")],
        {"text": ("modify", TEXT, f"{TEXT}\nend")},
    ),
    "created, moved": ([write("n", TEXT), move("n", "m")], {"m": ("create", None, TEXT)}),
    "moved, deleted": ([move("text", "t2"), remove("t2")], {"text": ("delete", TEXT, None)}),
    "moved, another in its place": (
        [move("text", "t2"), write("text", "new")],
        {"t2": ("create", None, TEXT), "text": ("modify", TEXT, "new")},
    ),
    "two swap names": (
        [move("a", "x"), move("b", "a"), move("x", "b")],
        {"a": ("modify", "a1", "b1"), "b": ("modify", "b1", "a1")},
    ),
    "moved over another": (
        [move("text", "a")],
        {"a": ("modify", "a1", TEXT), "text": ("delete", TEXT, None)},
    ),
    "copied": ([write("copy", TEXT)], {"copy": ("create", None, TEXT)}),
    "copied, told": (
        [write("copy", TEXT), track("copy", "--from", "text")],
        {"copy": ("copy text", None, TEXT)},
    ),
    "copied, told, edited": (
        [write("copy", TEXT), track("copy", "--from", "text"), write("copy", "x")],
        {"copy": ("copy text", None, "x")},
    ),
    "empty files moved": (
        [move("empty", "empty-2")],
        {"empty": ("delete", "", None), "empty-2": ("create", None, "")},
    ),
    "empty files moved, told": (
        [move("empty", "empty-2"), track("empty-2", "--from", "empty")],
        {"empty-2": ("move empty", "", "")},
    ),
    "moved beyond likeness, told": (
        [remove("text"), write("t2", "other"), track("t2", "--from", "text", "--op", "move")],
        {"t2": ("move text", TEXT, "other")},
    ),
}


@pytest.mark.parametrize("case", NET)
@pytest.mark.parametrize("between", ["nothing", "folds", "commits"])
def test_claims_are_net(build: Build, case: str, between: str) -> None:
    """The same, whether all is folded at the end, after each step, or work is committed in between."""
    day = Day(build(with_task))
    steps, expected = NET[case]
    for step in steps:
        step(day)
        if between == "folds":
            fold(day)
        elif between == "commits":
            save(day)
    if case == "moved, rewritten" and between != "folds":
        # nothing ever saw the file between the two steps
        expected = {"text": ("delete", TEXT, None), "t2": ("create", None, expected["t2"][2])}
    folded = day.folded
    assert (day.shown(folded.claims), folded.unclaimed) == (expected, [])
    if between == "nothing":
        fold(day)
        assert day.written() == expected
        assert not day.folded.changed


def test_a_claim_says_who_when_and_why(day: Day) -> None:
    """Words and the first `onto` stay when later folds change what they are about."""
    base = day.repo.head
    task = day.start()
    day.repo.write("a", "a2\n")
    day.repo.write("b", "b2\n")
    day.repo.run("track", "a", "--why", "the old one was slow")
    fold(day)
    day.repo.write("a", "a3\n")
    day.repo.write("b", "b3\n")
    claims = {one.path: one for one in day.folded.claims}
    assert {path: (one.task, one.by, one.why, one.onto) for path, one in claims.items()} == {
        "a": (task, "told", "the old one was slow", base),
        "b": (task, "seen", None, base),
    }
    fold(day)
    assert all(one.digest and one.lines for one in day.folded.claims)


def test_evidence_is_that_of_the_net_change(day: Day) -> None:
    """Folded in two steps or in one: the same digest and lines."""
    day.start()
    day.repo.write("a", "a1\nsecond\n")
    fold(day)
    day.repo.write("a", "a1\nthird\n")
    fold(day)
    day.repo.write("b", "b1\nthird\n")
    found = {one.path: one for one in day.folded.claims}
    assert found["a"].digest == found["b"].digest
    assert found["a"].lines == found["b"].lines


def test_edits_before_the_task_was_started_count(day: Day) -> None:
    """From the session's start on; also those of before a second task, once the first is done."""
    day.repo.run("session", "start")
    day.repo.write("a", "a2\n")
    first = day.start()
    assert day.claims(first) == {"a": ("modify", "a1", "a2")}
    day.repo.run("task", "complete", first, "--results", "done")
    day.repo.write("b", "b2\n")
    second = day.start()
    assert day.claims(second) == {"b": ("modify", "b1", "b2")}
    assert day.claims(first) == {"a": ("modify", "a1", "a2")}


def test_with_no_task_active_nothing_is_claimed_and_nothing_lost(day: Day) -> None:
    day.repo.run("session", "start")
    day.repo.write("a", "a2\n")
    fold(day)
    assert (day.claims(), day.unclaimed) == ({}, ["a"])
    task = day.start()
    assert (day.claims(task), day.unclaimed) == ({"a": ("modify", "a1", "a2")}, [])


def test_with_several_active_tasks_it_is_unclaimed_and_listed(day: Day) -> None:
    first, second = day.start(), day.start()
    day.repo.write("a", "a2\n")
    day.repo.write("b", "b2\n")
    assert (day.claims(), day.unclaimed) == ({}, ["a", "b"])
    day.repo.run("track", "a", "--task", second)
    assert (day.claims(second), day.unclaimed) == ({"a": ("modify", "a1", "a2")}, ["b"])
    answer = day.repo.json("task", "complete", first, "--results", "done")
    assert answer["unclaimed"] == ["b"] and answer["verification"]["files"] == []
    # what happened while both were active stays unclaimed; what comes now is the second's
    day.repo.write("text", "t2\n")
    assert set(day.claims(second)) == {"a", "text"} and day.unclaimed == ["b"]
    # and a word claims it later, as it was before all this
    day.repo.run("track", "b", "--task", second)
    assert day.claims(second)["b"] == ("modify", "b1", "b2") and day.unclaimed == []


@pytest.mark.parametrize("edited", [False, True])
def test_a_copy_or_move_that_was_unclaimed_can_be_told_of(day: Day, edited: bool) -> None:
    """Folded while two tasks were active, told afterwards: no difference to having told at once."""
    end = "\nend" if edited else ""
    first, second = day.start(), day.start()
    write("copy", TEXT + end)(day)
    move("a", "moved")(day)
    day.repo.run("task", "complete", first, "--results", "done")
    assert day.unclaimed == ["a", "copy", "moved"]
    day.repo.run("track", "copy", "--from", "text", "--task", second)
    day.repo.run("track", "moved", "--from", "a", "--task", second)
    expected = {"copy": ("copy text", None, TEXT + end), "moved": ("move a", "a1", "a1")}
    assert (day.claims(second), day.unclaimed) == (expected, [])
    fold(day)
    assert day.written(second) == expected


def test_a_parent_does_not_count_while_a_subtask_is_active(day: Day) -> None:
    parent = day.start()
    day.repo.write("a", "a2\n")
    fold(day)
    child = day.start("--parent", parent)
    grandchild = day.start("--parent", child)
    day.repo.write("b", "b2\n")
    assert day.claims(grandchild) == {"b": ("modify", "b1", "b2")}
    day.repo.run("task", "complete", grandchild, "--results", "done")
    day.repo.run("task", "complete", child, "--results", "done")
    day.repo.write("text", "t2\n")
    assert set(day.claims(parent)) == {"a", "text"}
    assert day.claims(child) == {} and set(day.claims(grandchild)) == {"b"}


def test_a_task_that_was_never_started_takes_what_its_session_did(day: Day) -> None:
    day.repo.run("session", "start")
    task = day.task()
    day.repo.write("a", "a2\n")
    answer = day.repo.json("task", "complete", task, "--results", "done")
    assert [row["path"] for row in answer["verification"]["files"]] == ["a"]
    assert day.written(task) == {"a": ("modify", "a1", "a2")}


@pytest.mark.parametrize("end", ["complete", "block", "cancel", "release", "session end"])
def test_every_end_folds(day: Day, end: str) -> None:
    task = day.start()
    day.repo.write("a", "a2\n")
    command = {"complete": ["--results", "done"], "session end": []}.get(end, [])
    words = ["session", "end"] if end == "session end" else ["task", end, task, *command]
    day.repo.run(*words)
    assert day.written(task) == {"a": ("modify", "a1", "a2")}


@pytest.mark.parametrize("committed", ["nothing", "the session", "the task", "both"])
def test_a_stash_of_the_records_takes_no_work_away(day: Day, committed: str) -> None:
    """``git stash`` puts tracked records back as they were before the start."""
    day.repo.run("session", "start")
    task = day.task()
    day.repo.git(
        "add",
        {"the session": ".orchestrator/sessions", "the task": ".orchestrator/tasks"}.get(committed, "."),
    )
    if committed != "nothing":
        day.repo.git("commit", "-qm", "records")
    else:
        day.repo.git("reset", "-q")
    day.repo.run("task", "start", task)
    day.repo.write("a", "a2\n")
    day.repo.git("add", "a")
    day.repo.git("commit", "-qm", "work")
    day.repo.git("stash", "-q")
    assert day.claims(task) == {"a": ("modify", "a1", "a2")}
    said = day.repo.run("session", "status").out
    assert ("its record says pending again" in said) == (committed in ("the task", "both"))
    day.repo.run("task", "complete", task, "--results", "done")
    assert day.written(task) == {"a": ("modify", "a1", "a2")}
    assert not day.opened()[1].problems


def test_needs_revision_keeps_on(day: Day) -> None:
    task = day.start()
    day.repo.write("a", "a2\n")
    day.repo.run("task", "complete", task, "--results", "half", "--next-action", "needs_revision")
    day.repo.write("a", "a3\n")
    assert day.claims(task) == {"a": ("modify", "a1", "a3")}


def test_across_sessions_claims_join_or_stay_apart(day: Day) -> None:
    """Where one begins as the other ended they are one; after another's change they are two."""
    task = day.start()
    first_onto = day.repo.head
    day.repo.write("a", "a2\n")
    day.repo.write("b", "b2\n")
    move("text", "t2")(day)
    day.repo.run("session", "end")
    save(day)
    day.repo.commit("by a colleague", {"b": "b3\n"})
    day.repo.run("task", "start", task)
    day.repo.write("a", "a4\n")
    day.repo.write("b", "b4\n")
    move("t2", "t3")(day)
    day.repo.run("session", "end")
    _, found = day.opened()
    net = found.net_claims()
    shown = sorted((one.path, *day.shown([one])[one.path], one.onto == first_onto) for one in net)
    assert shown == [
        ("a", "modify", "a1", "a4", True),
        ("b", "modify", "b1", "b2", True),
        ("b", "modify", "b3", "b4", False),
        ("t3", "move text", TEXT, TEXT, True),
    ]


def test_what_another_session_left_dirty_is_not_claimed_again(day: Day) -> None:
    day.start()
    day.repo.write("a", "a2\n")
    day.repo.run("session", "end")
    other = day.start()
    day.repo.write("b", "b2\n")
    assert day.claims(other) == {"b": ("modify", "b1", "b2")}


def test_told_but_not_so_in_the_end_is_unfounded(day: Day) -> None:
    task = day.start()
    day.repo.write("a", "a2\n")
    day.repo.write("b", "b2\n")
    day.repo.run("track", "a", "b", "--why", "x")
    day.repo.write("a", "a1\n")
    assert (day.claims(task), day.folded.unfounded) == ({"b": ("modify", "b1", "b2")}, ["a"])
    fold(day)
    assert day.folded.unfounded == ["a"]
    # until it is so again
    day.repo.write("a", "a3\n")
    assert day.folded.unfounded == []
    assert day.claims(task)["a"] == ("modify", "a1", "a3")


def test_reads_are_kept_and_never_verified(day: Day) -> None:
    task = day.start()
    day.repo.run("track", "b", "--op", "read", "--why", "how it is done")
    day.repo.write("b", "b2\n")
    fold(day)
    day.repo.run("track", "b", "--op", "read")
    fold(day)
    _, found = day.opened()
    rows = [(one.op, one.why) for owner in found.claims.values() for one, _ in owner]
    assert sorted(rows, key=str) == [("modify", None), ("read", "how it is done")]
    assert day.written(task) == {"b": ("modify", "b1", "b2")}


@pytest.mark.parametrize("fold_there", [False, True])
def test_work_left_on_another_branch_is_claimed_when_it_is_here_again(day: Day, fold_there: bool) -> None:
    """Committed on a topic, then back on main: until it is merged, there is nothing of it to claim."""
    task = day.start()
    day.repo.git("switch", "-qc", "topic")
    day.repo.write("a", "a2\n")
    save(day)
    day.repo.git("switch", "-q", "main")
    day.repo.write("b", "b2\n")
    if fold_there:
        fold(day)
    assert (day.claims(task), day.unclaimed) == ({"b": ("modify", "b1", "b2")}, ["a"])
    save(day)
    day.repo.git("merge", "-q", "--no-edit", "topic")
    day.repo.run("session", "end")
    assert day.written(task) == {"a": ("modify", "a1", "a2"), "b": ("modify", "b1", "b2")}


def test_work_is_gone_on_with_after_a_fold_on_another_branch(day: Day) -> None:
    task = day.start()
    day.repo.git("switch", "-qc", "topic")
    day.repo.write("new", "1\n")
    save(day)
    day.repo.git("switch", "-q", "main")
    day.repo.run("commit")
    day.repo.git("switch", "-q", "topic")
    day.repo.write("new", "2\n")
    day.repo.write("more", "1\n")
    save(day)
    day.repo.git("switch", "-q", "main")
    day.repo.git("merge", "-q", "--no-edit", "topic")
    day.repo.run("session", "end")
    assert day.written(task) == {"new": ("create", None, "2"), "more": ("create", None, "1")}


def test_a_file_that_was_changed_on_two_own_branches_is_claimed_as_it_is_here(day: Day) -> None:
    task = day.start()
    day.repo.git("switch", "-qc", "topic")
    day.repo.write("a", "on topic\n")
    save(day)
    day.repo.git("switch", "-q", "main")
    day.repo.write("a", "on main\n")
    save(day)
    day.repo.git("switch", "-q", "topic")
    assert day.claims(task) == {"a": ("modify", "a1", "on topic")}


def test_what_was_committed_on_an_older_branch_and_merged_is_listed(day: Day) -> None:
    """Whose it is nobody can tell; it is not passed over."""
    day.repo.git("switch", "-qc", "feature")
    day.repo.write("c", "begun\n")
    save(day)
    day.repo.git("switch", "-q", "main")
    day.start()
    day.repo.git("switch", "-q", "feature")
    day.repo.write("a", "a2\n")
    save(day)
    day.repo.git("switch", "-q", "main")
    day.repo.git("merge", "-q", "--no-ff", "--no-edit", "feature")
    assert (day.claims(), day.unclaimed) == ({}, ["a"])


def test_what_was_committed_on_a_branch_in_between_is_not_the_tasks(day: Day) -> None:
    """A typo mended on main; also when main is merged afterwards."""
    day.repo.git("switch", "-qc", "feature")
    day.repo.write("c", "begun\n")
    save(day)
    task = day.start()
    day.repo.write("a", "a2\n")
    save(day)
    day.repo.git("switch", "-q", "main")
    day.repo.write("b", "typo\n")
    save(day)
    day.repo.git("switch", "-q", "feature")
    assert (day.claims(task), day.unclaimed) == ({"a": ("modify", "a1", "a2")}, [])
    day.repo.git("merge", "-q", "--no-edit", "main")
    assert (day.claims(task), day.unclaimed) == ({"a": ("modify", "a1", "a2")}, ["b"])


def test_odd_names_are_claimed_and_written(day: Day) -> None:
    day.start()
    names = ["new\nline", "ü", "\udcff", "*", ":(top)x", "-n", 'q"\\', "\u2028", "a b"]
    for name in names:
        day.repo.write(name, "1\n")
    fold(day)
    assert day.written() == {name: ("create", None, "1") for name in names}
    lines = next((day.repo.path / ".orchestrator/sessions").rglob("*.jsonl")).read_bytes()
    assert lines.count(b"\n") == len(names)


def test_nothing_is_written_by_looking(day: Day, tmp_path: Path) -> None:
    """status, verify and session status fold in memory: no file of the work tree changes."""
    day.start()
    day.repo.write("a", "a2\n")

    def files() -> dict[str, bytes]:
        work_tree = (one for one in day.repo.path.rglob("*") if one.is_file() and ".git" not in one.parts)
        return {str(one): one.read_bytes() for one in work_tree}

    before = files()
    for command in (["verify"], ["status"], ["session", "status"], ["recover"], ["review"]):
        day.repo.run(*command)
    assert files() == before


PUT_BACK: dict[str, Callable[[Repo], object]] = {
    "checkout and clean": lambda repo: (repo.git("checkout", "-q", "--", "."), repo.git("clean", "-fdq")),
    "stash": lambda repo: repo.git("stash", "-q", "-u"),
    "reset of the records": lambda repo: (repo.run("commit"), repo.git("reset", "-q", "--hard", "HEAD~1")),
    "a rebase without them": lambda repo: (
        repo.run("commit"),
        repo.git("commit", "-q", "--allow-empty", "-m", "later"),
        repo.git("rebase", "-q", "--onto", "HEAD~2", "HEAD~1"),
    ),
}


@pytest.mark.parametrize("how", PUT_BACK)
@pytest.mark.parametrize("first", ["nothing", "some", "less of the same"])
def test_claims_that_git_put_back_are_made_again(day: Day, how: str, first: str) -> None:
    """A fold wrote them; the file is again as it was committed before, the work is there all the same."""
    task = day.start()
    if first != "nothing":
        day.repo.write("b" if first == "some" else "a", "b2\n")
        save(day)
    fold(day)
    day.repo.write("a", "a2\n")
    day.repo.remove("text")
    save(day)
    day.repo.run("track", "a", "--task", task, "--why", "for speed")
    move("empty", "moved")(day)
    save(day)
    day.repo.run("task", "complete", task, "--results", "r", "--next-action", "needs_revision")
    expected = {"a": ("modify", "a1", "a2"), "text": ("delete", TEXT, None)}
    whole = day.written(task)
    assert expected.items() <= whole.items()
    PUT_BACK[how](day.repo)
    assert day.written(task) != whole
    assert day.claims(task) == whole
    day.repo.write("b", "b3\n")  # and on it goes
    day.repo.run("task", "complete", task, "--results", "r")
    assert day.written(task) == whole | {"b": ("modify", "b1", "b3")}
    assert {one.why for one in day.opened()[1].net_claims() if one.path == "a"} == {"for speed"}


def test_claims_that_went_with_their_work_stay_away_until_it_is_back(day: Day) -> None:
    task = day.start()
    fold(day)
    day.repo.write("a", "a2\n")
    save(day)
    fold(day)
    tip = day.repo.git("rev-parse", "HEAD")
    day.repo.git("reset", "-q", "--hard", "HEAD~2")
    assert (day.claims(task), day.unclaimed) == ({}, [])
    day.repo.write("b", "b2\n")
    fold(day)
    assert day.written(task) == {"b": ("modify", "b1", "b2")}
    save(day)
    day.repo.git("merge", "-q", "--no-edit", f"{tip}~1")
    assert day.claims(task) == {"a": ("modify", "a1", "a2"), "b": ("modify", "b1", "b2")}


def test_a_claim_that_was_dropped_does_not_come_back(day: Day) -> None:
    """What was claimed was changed back; that others make the same later is not the task's work."""
    task = day.start()
    day.repo.write("a", "a2\n")
    fold(day)
    day.repo.write("a", "a1\n")
    fold(day)
    assert day.written(task) == {}
    day.repo.git("switch", "-qc", "others", "HEAD~1")
    day.repo.commit("the same", {"a": "a2\n"})
    day.repo.git("switch", "-q", "main")
    day.repo.git("merge", "-q", "--no-edit", "others")
    assert day.claims(task) == {}
