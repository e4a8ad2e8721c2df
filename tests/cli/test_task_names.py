"""How tasks are named: by id, alias, or an unambiguous prefix."""

from __future__ import annotations

import pytest

from tests.cli.making import new_task
from tests.repos import Repo


@pytest.mark.parametrize("name", ["{id}", "{id4}", "{stem}", "{upper}", "{stem3}"])
def test_a_task_is_named_by_id_or_prefix_in_any_case_with_or_without_the_letter(
    project: Repo, name: str
) -> None:
    task = new_task(project)
    forms = {"id": task, "id4": task[:6], "stem": task[2:], "upper": task.upper(), "stem3": task[2:5]}
    assert project.json("task", "show", name.format(**forms))["id"] == task


def write_task(repo: Repo, task: str, alias: str = "", title: str = "By hand") -> None:
    """A task with an id of our choice."""
    lines = [f"id: {task}", *([f"alias: {alias}"] if alias else []), f"title: {title}"]
    front = "\n".join([*lines, "created: 2026-01-01T00:00:00Z", "status: pending"])
    repo.write(f".orchestrator/tasks/{task}-by-hand.md", f"---\n{front}\n---\n\n## Notes\n")


def test_a_prefix_of_two_characters_names_nothing(project: Repo) -> None:
    task = new_task(project)
    for name in (task[:4], task[2:4]):
        assert project.run("task", "show", name, "--json", check=False).error["kind"] == "not_found"


def test_an_ambiguous_prefix_lists_the_candidates(project: Repo) -> None:
    write_task(project, "t-abcd0001", title="One")
    write_task(project, "t-abcd0002", title="Two")
    done = project.run("task", "show", "abcd", "--json", check=False)
    assert done.code == 1
    assert (done.error["kind"], done.error["message"]) == ("ambiguous", "'abcd' fits 2 tasks")
    assert done.error["candidates"] == ["t-abcd0001  One", "t-abcd0002  Two"]
    assert done.error["hint"]
    assert project.json("task", "show", "abcd0002")["title"] == "Two"


def test_an_id_comes_before_an_alias_and_an_alias_before_a_prefix(project: Repo) -> None:
    write_task(project, "t-aaaa0001", title="By prefix")
    write_task(project, "t-bbbb0001", alias="aaaa", title="By alias")
    assert project.json("task", "show", "aaaa")["title"] == "By alias"
    assert project.json("task", "show", "t-aaaa")["title"] == "By prefix"
    write_task(project, "t-cccc0001", alias="t-aaaa0001", title="Alias like an id")
    assert project.json("task", "show", "t-aaaa0001")["title"] == "By prefix"


@pytest.mark.parametrize("name", ["t-00000000", "aa", "", "t-", "no such", "-x", "t-7k2m9qxd9", "*"])
def test_an_unknown_name_is_not_found(project: Repo, name: str) -> None:
    new_task(project)
    done = project.run("task", "show", "--json", "--", name, check=False)
    assert done.code == 1
    assert done.error["kind"] == "not_found"
    assert done.error["hint"] == "taskorch task list --deleted shows all tasks"


def test_the_id_of_another_kind_is_not_found(project: Repo) -> None:
    session = project.json("session", "start")["id"]
    assert project.run("task", "show", session, "--json", check=False).error["kind"] == "not_found"
