"""Lists of tasks: filters, order, trees, and what is ready."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.making import completed, new_task, started, task_file
from tests.cli.refusals import refused
from tests.conftest import start_project
from tests.repos import Build, Repo


def titles(repo: Repo, *words: str) -> list[str]:
    return [one["title"] for one in repo.json("task", *words)["tasks"]]


def in_every_status(project: Repo) -> None:
    """Tasks in every status."""
    start_project(project)
    api = new_task(project, "api", "--label", "web", "--label", "api", "--priority", "critical")
    ui = new_task(project, "UI", "--label", "web", "--priority", "low", "--specialist", "designer")
    new_task(project, "api docs", "--parent", api, "--depends-on", ui, "--stream", "docs")
    project.run("task", "edit", ui, "--assignee", "Ann")
    for verb, title in (("block", "blocked"), ("fail", "failed"), ("cancel", "cancelled")):
        project.run("task", verb, new_task(project, title), "because")
    project.run("task", "delete", new_task(project, "deleted"))
    completed(project, "completed")
    started(project, "active")


@pytest.fixture
def plan(build: Build) -> Repo:
    """As `in_every_status` builds it."""
    return build(in_every_status)


def test_cancelled_and_deleted_are_hidden_unless_asked_for(plan: Repo) -> None:
    shown = {"api", "UI", "api docs", "blocked", "failed", "completed", "active"}
    assert set(titles(plan, "list")) == shown
    assert set(titles(plan, "list", "--deleted")) == {*shown, "cancelled", "deleted"}
    assert titles(plan, "list", "--status", "cancelled") == ["cancelled"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--status", "active"], {"active"}),
        (["--status", "active", "--status", "blocked"], {"active", "blocked"}),
        (["--label", "web"], {"api", "UI"}),
        (["--label", "web", "--label", "api"], {"api"}),
        (["--specialist", "designer"], {"UI"}),
        (["--stream", "docs"], {"api docs"}),
        (["--assignee", "Ann"], {"UI"}),
        (["--priority", "critical", "--priority", "low"], {"api", "UI"}),
        (["--label", "none"], set()),
        (["--label", "web", "--priority", "low"], {"UI"}),
    ],
)
def test_filters(plan: Repo, words: list[str], found: set[str]) -> None:
    assert set(titles(plan, "list", *words)) == found


def test_filter_by_parent_and_by_changed_path(plan: Repo) -> None:
    api = plan.json("task", "list", "--label", "api")["tasks"][0]["id"]
    assert titles(plan, "list", "--parent", api) == ["api docs"]
    plan.write("src/deep/a.py", "a\n")
    plan.run("session", "end")
    for path in ("src", "src/", "src/deep/a.py"):
        assert titles(plan, "list", "--path", path) == ["active"], path
    for path in ("sr", "src/deep/a", "docs"):
        assert titles(plan, "list", "--path", path) == [], path


def test_orders(project: Repo) -> None:
    rows = [("t-11111111", "b", "low", "active"), ("t-22222222", "C", "critical", "pending"),
            ("t-33333333", "a", "medium", "blocked")]  # fmt: skip
    for number, (task, title, priority, status) in enumerate(rows, 1):
        front = (
            f"id: {task}\ntitle: {title}\ncreated: 2026-01-0{number}\nstatus: {status}\npriority: {priority}"
        )
        project.write(f".orchestrator/tasks/{task}.md", f"---\n{front}\n---\n")
    assert titles(project, "list") == ["b", "C", "a"]
    assert titles(project, "list", "--reverse") == ["a", "C", "b"]
    assert titles(project, "list", "--sort", "title") == ["a", "b", "C"]
    assert titles(project, "list", "--sort", "priority") == ["C", "a", "b"]
    assert titles(project, "list", "--sort", "status") == ["C", "b", "a"]


def test_tasks_made_one_after_the_other_keep_their_order(project: Repo) -> None:
    wanted = [f"Task {number}" for number in range(6)]
    for title in wanted:
        new_task(project, title)
    assert titles(project, "list") == wanted


def test_tree_puts_subtasks_below_their_tasks(project: Repo) -> None:
    top = new_task(project, "Top")
    child = new_task(project, "Child", "--parent", top)
    new_task(project, "Grandchild", "--parent", child)
    new_task(project, "Other")
    lines = [line.split("pending")[1][2:] for line in project.run("task", "list", "--tree").out.splitlines()]
    assert lines.index("  Child") == lines.index("Top") + 1
    assert lines.index("    Grandchild") == lines.index("  Child") + 1
    assert "Other" in lines


def test_tree_shows_each_task_once_also_in_a_ring_made_by_hand(project: Repo) -> None:
    one, two = new_task(project, "One"), new_task(project, "Two")
    for task, parent in ((one, two), (two, one)):
        path = task_file(project, task)
        path.write_text(path.read_text().replace("parent:", f"parent: {parent}"))
    out = project.run("task", "list", "--tree").out
    assert (out.count("One"), out.count("Two")) == (1, 1)


def test_tree_with_a_filtered_parent_shows_the_child_at_the_top(project: Repo) -> None:
    top = new_task(project, "Top")
    new_task(project, "Child", "--parent", top, "--label", "x")
    out = project.run("task", "list", "--tree", "--label", "x").out
    assert out.split("pending")[1] == "  Child\n"


def test_listings_show_the_shortest_prefix_of_at_least_four(project: Repo) -> None:
    for task in ("t-abcd0001", "t-abcd0002", "t-zzzz0000"):
        front = f"id: {task}\ntitle: T\ncreated: 2026-01-01\nstatus: pending"
        project.write(f".orchestrator/tasks/{task}.md", f"---\n{front}\n---\n")
    out = project.run("task", "list").out
    assert [line.split()[0] for line in out.splitlines()] == ["t-abcd0001", "t-abcd0002", "t-zzzz"]


def test_an_empty_list_says_so(project: Repo) -> None:
    assert project.run("task", "list").out == "no tasks\n"
    assert project.json("task", "list")["tasks"] == []


def test_ready_are_pending_tasks_that_nothing_holds_up_the_most_urgent_first(project: Repo) -> None:
    low = new_task(project, "low", "--priority", "low")
    new_task(project, "waits", "--depends-on", low, "--priority", "critical")
    new_task(project, "urgent", "--priority", "critical")
    parent = new_task(project, "parent", "--priority", "high")
    child = new_task(project, "child", "--parent", parent)
    started(project, "active")
    project.run("task", "block", new_task(project, "blocked"))
    assert titles(project, "ready") == ["urgent", "child", "low"]
    project.run("task", "complete", low, "--results", "done")
    project.run("task", "complete", child, "--results", "done")
    assert titles(project, "ready") == ["waits", "urgent", "parent"]


@pytest.mark.parametrize("verb", ["fail", "cancel", "delete"])
def test_only_completed_satisfies_a_dependency(project: Repo, verb: str) -> None:
    first = new_task(project, "first")
    new_task(project, "second", "--depends-on", first)
    project.run("task", verb, first)
    assert titles(project, "ready") == []
    second: dict[str, Any] = next(
        one for one in project.json("task", "list")["tasks"] if one["title"] == "second"
    )
    assert [one["id"] for one in second["waits_for"]] == [first]


def test_a_cancelled_subtask_does_not_hold_up_its_parent(project: Repo) -> None:
    parent = new_task(project, "parent")
    project.run("task", "cancel", new_task(project, "child", "--parent", parent))
    assert titles(project, "ready") == ["parent"]


def test_a_broken_record_is_named_and_hides_no_other(project: Repo) -> None:
    new_task(project, "good")
    project.write(".orchestrator/tasks/t-00000001-bad.md", "no front matter\n")
    project.write(".orchestrator/sessions/2026-01/s-00000001.md", "no front matter\n")
    project.write(".orchestrator/decisions/d-00000001.md", "no front matter\n")
    for words in (["task", "list"], ["task", "ready"], ["decision", "list"], ["session", "list"], ["status"]):
        answer = project.json(*words)
        assert {problem["path"] for problem in answer["problems"]} == {
            ".orchestrator/tasks/t-00000001-bad.md",
            ".orchestrator/sessions/2026-01/s-00000001.md",
            ".orchestrator/decisions/d-00000001.md",
        }
        shown = project.run(*words)
        assert shown.err.count("unreadable: ") == 3
        assert ".orchestrator/tasks/t-00000001-bad.md:1:1: no front matter" in shown.err
    assert titles(project, "list") == titles(project, "ready") == ["good"]


def test_tasks_that_wait_in_vain_say_for_which(project: Repo) -> None:
    names = ("cancelled", "failed", "deleted", "gone", "completed", "open")
    first = {name: new_task(project, name) for name in names}
    waiting = {name: new_task(project, f"for {name}", "--depends-on", first[name]) for name in names}
    for verb, name in (("cancel", "cancelled"), ("fail", "failed"), ("delete", "deleted")):
        project.run("task", verb, first[name])
    project.run("task", "complete", first["completed"], "--results", "r")
    task_file(project, first["gone"]).unlink()
    reasons = {"cancelled": "cancelled", "failed": "failed", "deleted": "cancelled", "gone": "gone"}
    out = project.run("task", "list").out
    for name, why in reasons.items():
        assert f"  for {name}  (waits in vain for {first[name]} ({why}))\n" in out
    assert "  for open  (waits for 1 task)\n" in out
    assert "  for completed\n" in out
    project.run("task", "cancel", new_task(project, "closed", "--depends-on", first["failed"]))
    ready = project.json("task", "ready")
    assert {one["id"] for one in ready["waiting_in_vain"]} == {waiting[name] for name in reasons}
    out = project.run("task", "ready").out
    assert "\nwaiting in vain\n" in out
    assert f"{waiting['failed']}  for failed     waits in vain for {first['failed']} (failed)\n" in out
    made = project.run("task", "new", "T", "--depends-on", first["failed"]).out
    assert made.endswith(f"\nwaits in vain for {first['failed']} (failed)\n")
    assert project.run("task", "new", "T", "--depends-on", first["open"]).out.endswith("\nwaits for 1 task\n")


@pytest.mark.parametrize("option", ["--parent", "--depends-on"])
def test_nothing_new_hangs_on_a_deleted_task(project: Repo, option: str) -> None:
    gone, other = new_task(project, "Gone"), new_task(project, "Other")
    project.run("task", "delete", gone)
    for words in (["task", "new", "T", option, gone], ["task", "edit", other, option, gone]):
        error = refused(project, *words, kind="refused")
        assert (error["message"], error["hint"]) == (
            f"{gone} is deleted",
            f"taskorch task reopen {gone} first",
        )
    project.run("task", "reopen", gone)
    project.run("task", "edit", other, option, gone)


def test_a_list_shows_the_names_that_others_gave(project: Repo) -> None:
    project.run(
        "task", "plan", "-F", "-", stdin="title: Whole\nsubtasks:\n  - {task_id: BACK-5, title: Part}\n"
    )
    assert "Part  (BACK-5)" in project.run("task", "list").out
