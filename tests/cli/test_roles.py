"""Specialist roles: the built-in ones, the project's own over them, and those of the old system."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.making import new_task
from tests.repos import Repo

BUILT_IN = ["architect", "implementer", "debugger", "documenter", "reviewer", "tester", "researcher"]
FOLDER = ".orchestrator/roles"
OLD = """\
# Project-Specific Roles Configuration

task_orchestrator:
  role_definition: "You are a Task Orchestrator"
  expertise:
    - "Breaking down complex tasks"
  approach:
    - "Analyze the requirements"
  output_format: "Structured task breakdown"
  specialist_roles:
    architect: "System design"

architect:
  role_definition: "You are a Senior Software Architect"
  expertise:
    - "System design (microservices, monolith)"
"""


def test_the_built_in_roles_say_all_there_is(project: Repo) -> None:
    listed = project.json("role", "list")
    assert [one["name"] for one in listed["roles"]] == BUILT_IN
    for name in BUILT_IN:
        one = project.json("role", "show", name)
        assert one["role_definition"] and one["output_format"]
        assert min(len(one["expertise"]), len(one["approach"])) >= 4
        assert (one["built_in"], one["overridden"], one["sources"], one["other"]) == (True, False, [], {})
    assert "  - Data models" in project.run("role", "show", "ARCHITECT").out


def test_own_roles_are_merged_field_by_field(project: Repo) -> None:
    before = project.json("role", "show", "tester")
    project.write(f"{FOLDER}/tester.yaml", "approach:\n  - run pytest -q\n")
    project.write(
        f"{FOLDER}/zz.yml", "Tester:\n  output_format: a table\nwizard:\n  role_definition: Magic\n"
    )
    after = project.json("role", "show", "tester")
    assert (after["approach"], after["output_format"]) == (["run pytest -q"], "a table")
    assert (after["expertise"], after["role_definition"]) == (before["expertise"], before["role_definition"])
    assert (after["overridden"], after["sources"]) == (True, [f"{FOLDER}/tester.yaml", f"{FOLDER}/zz.yml"])
    assert [one["name"] for one in project.json("role", "list")["roles"]] == [*BUILT_IN, "wizard"]


def test_files_of_the_old_system_are_read_as_they_are(project: Repo) -> None:
    project.write(f"{FOLDER}/project_roles.yaml", OLD)
    assert project.json("doctor")["problems"] == []
    one = project.json("role", "show", "task_orchestrator")
    assert one["other"] == {"specialist_roles": {"architect": "System design"}}
    architect = project.json("role", "show", "architect")
    assert architect["expertise"] == ["System design (microservices, monolith)"]
    assert len(architect["approach"]) >= 4  # ours, where the file says nothing


@pytest.mark.parametrize(
    ("text", "place", "field", "words"),
    [
        ("a: [\n", "2:1", None, "did not find"),
        ("- a\n", "1:1", None, "not a mapping"),
        (
            "tester:\n  approach: {a: b}\n",
            "2:13",
            "approach",
            "'approach' of the role 'tester' is not a list",
        ),
        ("tester:\n  approach:\n    - a: b\n", "3:7", "approach", "an item"),
        ("tester:\n  output_format: {a: b}\n", "2:18", "output_format", "not a text"),
        ("tester:\n  expertize:\n    - a\n", "3:5", "expertize", "means nothing"),
        ("tester: x\n", "1:9", "tester", "not a mapping"),
        ("<<<<<<< ours\ntester: x\n", "1:1", None, "conflict markers"),
    ],
)
def test_a_bad_file_is_one_finding_and_the_others_count(
    project: Repo, text: str, place: str, field: str | None, words: str
) -> None:
    project.write(f"{FOLDER}/bad.yaml", text)
    project.write(f"{FOLDER}/good.yaml", "wizard:\n  role_definition: Magic\n")
    done = project.run("doctor", "--json", check=False)
    (row,) = done.json["problems"]
    assert done.code == 4
    assert (row["path"], f"{row['line']}:{row['column']}", row["field"]) == (
        f"{FOLDER}/bad.yaml",
        place,
        field,
    )
    assert words in row["message"]
    assert row["hint"]
    listed = project.json("role", "list")
    assert [one["name"] for one in listed["roles"]][-1] == "wizard"
    assert listed["problems"] == [row]
    task = new_task(project, "T", "--specialist", "tester")
    begun = project.json("task", "start", task)["specialist_context"]
    assert begun["role"]["role_definition"].startswith("You find out whether")
    assert begun["problems"] == [row]


def test_what_is_no_file_is_not_read(project: Repo, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("wizard:\n  role_definition: from outside\n")
    project.write(f"{FOLDER}/good.yaml", "")
    (project.path / FOLDER / "link.yaml").symlink_to(secret)
    (project.path / FOLDER / "folder.yaml").mkdir()
    project.write(f"{FOLDER}/large.yaml", "a: b\n" + "#" * (1 << 20))
    project.write(f"{FOLDER}/latin.yaml", b"wizard:\n  role_definition: \xe4\n")
    rows = project.json("role", "list")["problems"]
    names = [row["path"].rpartition("/")[2] for row in rows]
    assert names == ["folder.yaml", "large.yaml", "latin.yaml", "link.yaml"]
    assert [one["name"] for one in project.json("role", "list")["roles"]] == BUILT_IN


def test_any_role_can_be_assigned(project: Repo) -> None:
    task = new_task(project, "T", "--specialist", "wizard of oz")
    told = project.json("task", "start", task)["specialist_context"]
    assert (told["specialist_type"], told["role"]["name"], told["role"]["defined"]) == (
        "wizard of oz", "wizard of oz", False,
    )  # fmt: skip
    assert "No role file says what this role is" in told["text"]
    done = project.run("role", "show", "wizard of oz", "--json", check=False)
    assert (done.code, done.error["kind"], done.error["candidates"]) == (1, "not_found", BUILT_IN)


def test_roles_are_listed_without_a_store(repo: Repo) -> None:
    assert [one["name"] for one in repo.json("role", "list")["roles"]] == BUILT_IN
