"""Whole sources of other systems, imported as a user does: readable, found, and the same a second time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.snapshots import snapshot
from tests.interchange.backlog_md import sample as backlog
from tests.interchange.beads import sample as beads
from tests.interchange.task_master import sample as task_master
from tests.repos import Repo

MADE = {"backlog-md": (13, 2), "beads": (8, 0), "task-master": (8, 0)}


@pytest.fixture(params=MADE)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    return request.param, str(written(request.param, tmp_path / "source"))


def written(system: str, folder: Path, change: str = "") -> Path:
    """A source of a system; with `change` that title is another."""
    if system == "backlog-md":
        files = {name: text.replace(change or "\0", "Changed") for name, text in backlog.FILES.items()}
        return backlog.write(folder, files)
    folder.mkdir(exist_ok=True)
    file = folder / ("issues.jsonl" if system == "beads" else "tasks.json")
    lines: list[Any] = beads.ISSUES if system == "beads" else [task_master.TAGS]
    file.write_text("\n".join(json.dumps(one).replace(change or "\0", "Changed") for one in lines))
    return file


def test_a_source_comes_in_whole_and_once(project: Repo, source: tuple[str, str]) -> None:
    done = project.json("import", *source)
    tasks, decisions = MADE[source[0]]
    assert done["created"] == {"task": tasks, "decision": decisions, "session": 0, "claim": 0, "file": 0}
    assert project.run("doctor").code == 0
    before = snapshot(project)
    again = project.json("import", *source)
    assert (again["unchanged"], again["updated"]) == (tasks + decisions, 0)
    assert snapshot(project) == before


@pytest.mark.parametrize(
    ("system", "title", "name"),
    [("backlog-md", "Whole: title", "BACK-2.01"), ("beads", "Whole title", "bd-a1"),
     ("task-master", "Whole title", "master/1")],
)  # fmt: skip
def test_a_changed_source_updates_what_changed(
    project: Repo, tmp_path: Path, system: str, title: str, name: str
) -> None:
    place = str(written(system, tmp_path / "source"))
    project.run("import", system, place)
    assert project.json("task", "show", name)["title"] == title
    written(system, tmp_path / "source", title)
    done = project.json("import", system, place)
    assert (done["updated"], sum(done["created"].values())) == (1, 0)
    assert project.json("task", "show", name)["title"] == "Changed"


def test_texts_are_shown_as_they_were(project: Repo, tmp_path: Path) -> None:
    notes = "## Seen\n\n### Twice\n\n\\## Thrice\n\n```\nopen"
    comment = {"author": "ann", "text": "### Below\n\n## Higher", "created_at": "2025-01-01"}
    file = tmp_path / "issues.jsonl"
    file.write_text(json.dumps({"id": "bd-1", "title": "T", "notes": notes, "comments": [comment]}))
    project.run("import", "beads", str(file))
    shown = project.json("task", "show", "bd-1")["notes"]
    assert shown.startswith(f"{notes}\n```\n\n### 2025-01-01T00:00:00Z ann\n\n### Below\n\n## Higher")


def test_one_that_is_too_large_hides_no_other(project: Repo, tmp_path: Path) -> None:
    issues = [
        {"id": "bd-1", "title": "Large", "description": "x" * (1 << 20)},
        {"id": "bd-2", "title": "Small"},
    ]
    file = tmp_path / "issues.jsonl"
    file.write_text("\n".join(map(json.dumps, issues)))
    done = project.json("import", "beads", str(file))
    assert done["created"]["task"] == 1
    assert [row["item"] for row in done["skipped"]] == ["task bd-1"]


def test_several_with_one_id_get_names_of_their_own(project: Repo, tmp_path: Path) -> None:
    parts = [{"id": 42, "title": f"Part {n}"} for n in range(3)]
    file = tmp_path / "tasks.json"
    file.write_text(json.dumps({"tasks": [{"id": 1, "title": "T", "subtasks": parts}]}))
    project.run("import", "task-master", str(file))
    assert project.run("doctor").code == 0
    assert project.json("task", "show", "master/1.42 (3)")["title"] == "Part 2"


def test_tasks_without_a_date_are_listed_in_their_order(project: Repo, tmp_path: Path) -> None:
    file = tmp_path / "tasks.json"
    file.write_text(json.dumps({"tasks": [{"id": n, "title": f"Task {n}"} for n in range(1, 9)]}))
    project.run("import", "task-master", str(file))
    assert [one["alias"] for one in project.json("task", "list")["tasks"]] == [str(n) for n in range(1, 9)]


@pytest.mark.parametrize("system", MADE)
def test_what_is_no_source_is_an_error_with_a_hint(project: Repo, tmp_path: Path, system: str) -> None:
    (tmp_path / "empty").mkdir()
    before = snapshot(project)
    error = project.run("import", system, str(tmp_path / "empty"), "--json", check=False).error
    assert error["hint"] and error["kind"] in ("not_found", "refused")
    assert snapshot(project) == before


def test_tasks_without_a_date_are_the_same_on_two_branches(project: Repo, tmp_path: Path) -> None:
    dated = {"id": 1, "title": "Dated", "createdAt": "2025-06-01T10:00:00Z"}
    place = tmp_path / "tasks.json"
    place.write_text(json.dumps({"tasks": [{"id": 2, "title": "First"}, dated, {"id": 3, "title": "Last"}]}))
    project.commit("before")
    for branch in ("one", "two"):
        project.git("switch", "-q", "-c", branch, "main")
        project.run("import", "task-master", str(place))
        project.commit(branch)
    project.git("merge", "-q", "one", "-m", "merged")
    names = [one["title"] for one in project.json("task", "list")["tasks"]]
    assert (names, project.git("diff", "one", "--stat")) == (["First", "Last", "Dated"], "")


def test_a_file_without_any_issue_is_refused(project: Repo, tmp_path: Path) -> None:
    place = tmp_path / "other.txt"
    place.write_text("no issues\nat all\n")
    done = project.taskorch("import", "beads", str(place), check=False)
    assert (done.code, done.out) == (1, "")
    assert "holds no issues: line 1: no JSON" in done.err
