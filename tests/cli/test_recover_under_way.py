"""``recover`` without a task: what else is under way, and the records that cannot be read."""

from __future__ import annotations

import shlex

from tests.cli.making import new_task, started, status_of, task_file
from tests.cli.test_recover import GUIDE
from tests.repos import Repo


def with_work_under_way(repo: Repo) -> dict[str, str]:
    """Tasks in all the ways in which one can be under way, all committed, and one that nobody began."""
    tasks = {"handed on": started(repo, "Handed on")}
    repo.run("session", "end", "--handoff", "mind the gap")
    repo.run("task", "release", tasks["handed on"])
    tasks["blocked"] = started(repo, "Blocked")
    repo.run("task", "block", tasks["blocked"], "no key")
    tasks["done"] = started(repo, "Done")
    repo.run("task", "complete", tasks["done"], "--results", "r")
    tasks["new"] = new_task(repo, "New")
    tasks["first"], tasks["second"] = started(repo, "First"), started(repo, "Second")
    repo.run("session", "end")
    repo.commit("records")
    return tasks


def test_the_brief_lists_what_is_blocked_or_handed_on(project: Repo) -> None:
    tasks = with_work_under_way(project)
    answer = project.json("recover")
    assert answer["task_id"] is None
    assert sorted(one["title"] for one in answer["active_tasks"]) == ["First", "Second"]
    assert [(row["id"], row["status"], row["handoff"]) for row in answer["also_under_way"]] == [
        (tasks["blocked"], "blocked", False),
        (tasks["handed on"], "pending", True),
    ]
    out = project.run("recover").out
    blocked, handed_on = (f"`{row['command']}`" for row in answer["also_under_way"])
    lines = f"- {tasks['blocked']} Blocked (blocked: no key): {blocked}\n"
    lines += f"- {tasks['handed on']} Handed on (pending, hand-off): {handed_on}\n"
    assert f"## Also under way\n\n{lines}" in out
    assert "- 2 active tasks, 1 blocked task and 2 ready tasks.\n" in out


def test_beside_the_one_task_the_others_are_listed(project: Repo) -> None:
    tasks = with_work_under_way(project)
    project.run("task", "start", tasks["second"])
    answer = project.json("recover")
    assert answer["task_id"] == tasks["second"]
    rows = answer["also_under_way"]
    assert [row["title"] for row in rows] == ["First", "Blocked", "Handed on"]
    for row in rows:
        assert project.run(*shlex.split(row["command"])[1:]).out.startswith(f"# {row['id']}: ")
    assert project.json("recover", tasks["second"])["also_under_way"] == []
    assert project.json("recover", "--session", answer["session_info"]["id"])["also_under_way"] == []


def test_a_subtask_is_listed_once(project: Repo) -> None:
    task = started(project, "Whole")
    part = new_task(project, "Part", "--parent", task)
    project.run("task", "block", part, "no key")
    answer = project.json("recover")
    assert (answer["task_id"], answer["also_under_way"]) == (task, [])


def test_the_brief_says_which_record_cannot_be_read_and_what_brings_it_back(project: Repo) -> None:
    tasks = with_work_under_way(project)
    for name in ("first", "second"):
        path = task_file(project, tasks[name])
        path.write_text(path.read_text().replace("status: ", "status: : [", 1))
    project.commit("spoilt")
    answer = project.json("recover")
    package = answer["recovery_package"]
    assert answer["active_tasks"] == []
    assert len(package[GUIDE]) > 2
    for name in ("first", "second"):
        [step] = [one for one in package[GUIDE][:2] if tasks[name] in one]
        path = next(row["path"] for row in answer["problems"] if tasks[name] in row["path"])
        assert step.startswith(f"{path} cannot be read (line ")
        command = f"taskorch restore :/{path}"
        assert f"{command} brings the last readable version back" in step
        assert command in package["recovery_recommendations"]
        project.run(*shlex.split(command)[1:])
        assert status_of(project, tasks[name]) == "active"
    assert [row["title"] for row in answer["also_under_way"]] == ["Blocked", "Handed on"]


def test_beside_a_task_a_record_that_cannot_be_read_is_told(project: Repo) -> None:
    tasks = with_work_under_way(project)
    path = task_file(project, tasks["first"])
    path.write_text("broken\n")
    steps = project.json("recover")["recovery_package"][GUIDE]
    assert steps[0] == '1 record cannot be read: see "Unreadable records"; taskorch doctor tells more.'
    out = project.run("recover").out
    assert f"# {tasks['second']}: Second\n" in out
    assert "## Unreadable records\n" in out
    assert steps[0] not in project.json("recover", tasks["second"])["recovery_package"][GUIDE]
