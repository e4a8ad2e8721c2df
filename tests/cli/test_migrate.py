"""Format steps: none is needed yet, so that tests bring their own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

import pytest

from taskorch.records import schema
from taskorch.services import migrating
from taskorch.services.migrating import Step
from tests.cli.making import started
from tests.cli.old_records import STORE, contents
from tests.repos import Repo

CONFIG = f"{STORE}/config.yaml"


def _second(files: Mapping[str, str]) -> dict[str, str | None]:
    return {
        path: text.replace("\ntitle: ", "\nname: ") for path, text in files.items() if path[:6] == "tasks/"
    }


def _third(files: Mapping[str, str]) -> dict[str, str | None]:
    """Goes on from what the second made."""
    return {p: text.replace("\nname: ", "\ntitle: Now ") for p, text in files.items() if p[:6] == "tasks/"}


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A taskorch of format 3."""
    monkeypatch.setattr(schema, "FORMAT", 3)
    monkeypatch.setattr(
        migrating, "STEPS", (Step(2, "titles are names", _second), Step(3, "and back", _third))
    )
    yield


def test_the_present_format_needs_nothing(project: Repo) -> None:
    before = contents(project)
    for options in ([], ["--check"]):
        answer = project.json("migrate", *options)
        assert (answer["format"], answer["target"], answer["needed"], answer["steps"]) == (1, 1, False, [])
    assert contents(project) == before


def test_the_checklist_tells_what_to_look_at(project: Repo) -> None:
    task = started(project, "In the middle", "--specialist", "tester")
    checks = project.json("migrate", "--check")["checklist"]
    assert checks["access"] == {"ok": True, "problems": []}
    assert checks["backup"]["ok"] is False
    assert len(checks["backup"]["uncommitted"]) == 2
    assert checks["backup"]["checkpoint"]  # the session's start made one
    assert [(one["id"], one["specialist"]) for one in checks["active_tasks"]] == [(task, "tester")]
    assert len(checks["open_sessions"]) == 1
    project.run("commit")
    assert project.json("migrate", "--check")["checklist"]["backup"]["ok"] is True


def test_access_is_asked_of_every_file(project: Repo, monkeypatch: pytest.MonkeyPatch, newer: None) -> None:
    task = new_task_of_format_1(project, monkeypatch)
    before, real = contents(project), os.access
    monkeypatch.setattr(os, "access", lambda path, mode: task not in str(path) and real(path, mode))
    done = project.run("migrate", "--check", "--json", check=False)
    assert done.code == 4
    assert done.json["checklist"]["access"]["problems"] == [f"{STORE}/tasks/{task}-old.md: cannot be read"]
    refused = project.run("migrate", "--json", check=False)
    assert (refused.code, refused.error["reasons"]) == (1, done.json["checklist"]["access"]["problems"])
    assert contents(project) == before


def new_task_of_format_1(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> str:
    text = "---\nid: t-00000001\ntitle: Old\ncreated: 2026-01-02T00:00:00Z\nstatus: pending\n---\n"
    repo.write(f"{STORE}/tasks/t-00000001-old.md", text)
    return "t-00000001"


def test_steps_are_carried_out_in_order_as_one_step(
    project: Repo, monkeypatch: pytest.MonkeyPatch, newer: None
) -> None:
    task = new_task_of_format_1(project, monkeypatch)
    before = contents(project)
    refused = project.run("task", "list", "--json", check=False)
    assert (refused.code, refused.error["kind"]) == (1, "older_format")
    assert "taskorch migrate" in refused.error["hint"]
    check = project.run("migrate", "--check", "--json", check=False)
    assert (check.code, check.json["needed"], contents(project)) == (4, True, before)
    answer = project.json("migrate")
    assert [(one["number"], one["title"]) for one in answer["steps"]] == [
        (2, "titles are names"),
        (3, "and back"),
    ]
    assert sorted(answer["changed"]) == [CONFIG, f"{STORE}/tasks/{task}-old.md"]
    assert project.json("task", "show", task)["title"] == "Now Old"
    assert project.read(CONFIG) == before[CONFIG].decode().replace("\nformat: 1\n", "\nformat: 3\n")
    done = contents(project)
    again = project.json("migrate")
    assert (again["steps"], again["changed"], contents(project)) == ([], [], done)
    project.run("undo")
    assert contents(project) == before


def test_only_what_is_left_is_carried_out(
    project: Repo, monkeypatch: pytest.MonkeyPatch, newer: None
) -> None:
    new_task_of_format_1(project, monkeypatch)
    project.write(CONFIG, "format: 2\n")
    assert [one["number"] for one in project.json("migrate")["steps"]] == [3]
    assert project.json("task", "show", "t-00000001")["title"] == "Old"  # the second was not run again


@pytest.mark.parametrize("options", [[], ["--check"]])
def test_a_newer_format_is_refused(project: Repo, options: list[str]) -> None:
    project.write(CONFIG, "format: 2\n")
    done = project.run("migrate", *options, "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "newer_format")


def test_without_a_store_init_is_named(repo: Repo) -> None:
    done = repo.run("migrate", "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "no_store")


def test_a_store_without_a_checkpoint_says_so(project: Repo) -> None:
    backup = project.json("migrate", "--check")["checklist"]["backup"]
    assert backup == {"ok": True, "uncommitted": [], "checkpoint": None}
