"""``task plan``: a breakdown from a file or the standard input, made whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.making import new_task
from tests.cli.snapshots import snapshot
from tests.repos import Repo

PLAN = """\
title: Add login
description: Users sign in.
complexity: complex
labels: [web]
subtasks:
  - task_id: form
    title: Write the form
    specialist_type: implementer
    description: In HTML
    estimated_effort: 1 hour
    acceptance_criteria:
      - it works
      - it is tested
    subtasks:
      - {task_id: markup, title: Write the markup}
      - {title: Style it, dependencies: markup, stream: web}
  - task_id: tests
    title: Test it
    specialist: tester
    depends_on: [form, Style it]
    priority: high
"""


@pytest.fixture
def plan(project: Repo) -> Path:
    """The plan in a file outside of the repository."""
    path = project.path.parent / "plan.yaml"
    path.write_text(PLAN)
    return path


def test_a_plan_makes_a_task_and_subtasks_at_any_depth(project: Repo, plan: Path) -> None:
    made = project.json("task", "plan", "-F", str(plan))
    form, markup, style, tests = made["subtasks"]
    assert [one["alias"] for one in made["subtasks"]] == ["form", "markup", None, "tests"]
    assert [one["parent"] for one in made["subtasks"]] == [
        made["id"], form["task_id"], form["task_id"], made["id"],
    ]  # fmt: skip
    assert (style["dependencies"], tests["dependencies"]) == (
        [markup["task_id"]],
        [form["task_id"], style["task_id"]],
    )
    parent = project.json("task", "show", made["parent_task_id"])
    assert (parent["title"], parent["description"], parent["complexity"], parent["labels"]) == (
        "Add login", "Users sign in.", "complex", ["web"],
    )  # fmt: skip
    shown = project.json("task", "show", "form")
    assert (shown["specialist"], shown["description"]) == (
        "implementer",
        "In HTML\n\nEstimated effort: 1 hour",
    )
    assert [one["text"] for one in shown["criteria"]] == ["it works", "it is tested"]
    assert project.json("task", "show", style["task_id"])["stream"] == "web"
    ids = [row["id"] for row in project.json("task", "list")["tasks"]]
    assert ids == [made["id"], *(one["task_id"] for one in made["subtasks"])]  # in the order of the plan


def test_a_list_json_and_the_standard_input_serve_as_well(project: Repo, plan: Path) -> None:
    made = project.taskorch("task", "plan", "Named", "-F", "-", "--json", stdin="- title: One\n").json
    assert (made["title"], [one["title"] for one in made["subtasks"]]) == ("Named", ["One"])
    for name, text in (
        ("plan", '[{"title": "One"}]'),
        ("plan.yml", '{"title": "Other", "subtasks": [{"title": "One"}]}'),
        ("plan.json", json.dumps({"title": "In JSON", "subtasks": [{"title": "One"}]}, indent=2)),
    ):
        path = plan.with_name(name)
        path.write_text(text)
        made = project.json("task", "plan", "Named", "-F", str(path))
        assert (made["title"], [one["title"] for one in made["subtasks"]]) == ("Named", ["One"])


def test_a_plan_is_committed_where_that_is_asked_for(project: Repo, plan: Path) -> None:
    made = project.json("task", "plan", "-F", str(plan), "--commit")
    assert len(made["commit"]["paths"]) == 5
    assert project.git("status", "--porcelain") == ""


def test_text_shows_the_tree(project: Repo, plan: Path) -> None:
    out = project.run("task", "plan", "-F", str(plan)).out
    for part in ("made t-", "form    Write the form  (implementer)", "after form", "4 subtasks"):
        assert part in out, out


TWO = "- title: A\n  task_id: x\n"


@pytest.mark.parametrize(
    ("text", "place", "words", "hint"),
    [
        ("- titel: x\n", "1:10", "the key 'titel', which means nothing", "did you mean 'title'?"),
        ("- title: A\n- {}\n", "2:3", "subtask 2 has no title", "title"),
        ("- title: A\n- x\n", "2:3", "subtask 2 is not a mapping", "title"),
        ("- title: A\n  priority: urgent\n", "2:13", "'urgent' is no priority", "one of: low"),
        ("- title: A\n  complexity: odd\n", "2:15", "'odd' is no complexity", "one of: simple"),
        ("# nothing yet\n", "1:1", "the plan is empty", "title"),
        (f"{TWO}  dependencies: [B, C]\n- title: B\n- title: B\n", "3:18", "2 subtasks have that title",
         "a task_id"),
        ("- title: A\n  task_id: none\n", "2:12", "means that there is no dependency", "another"),
        ('[{"title": "a\\ud800"}]', "1:12", "'title' is not UTF-8", "nothing was made"),
        ("- title: A\n\tb: c\n", "1:10", "a tab character", "nothing was made"),
        # its subtasks are begun only when what it waits for is complete
        ("- title: A\n  task_id: x\n  dependencies: [y]\n  subtasks: [{title: B, task_id: y}]\n", "3:18",
         "in a ring: x -> y -> x", "leave one"),
        ("- {title: A, subtasks: [{title: B}], dependencies: [C]}\n- {title: C, dependencies: [B]}\n", "1:53",
         "in a ring: A -> C -> B -> A", "leave one"),
        ("{title: W, task_id: w, subtasks: [{title: B, dependencies: [w]}]}", "1:61",
         "in a ring: w -> B -> w", "leave one"),
        ("{title: W, task_id: w, subtasks: [{title: B, task_id: w}]}", "1:35",
         "two tasks of the plan are named 'w'", "each"),
        ("- title: A\n  dependencies: [B]\n", "2:18", "'A' depends on 'B'", "a name or title"),
        ("- title: A\n  dependencies: {a: b}\n", "2:17", "are not a list", "commas"),
        ("- title: A\n  labels: {a: b}\n", "2:11", "'labels' is not a list", ""),
        ("- title: A\n  description: [b]\n", "2:16", "'description' is not a text", ""),
        ("- title: A\n  task_id: t-7k2m9qxd\n", "2:12", "looks like an id", "another"),
        (f"{TWO}- title: B\n  task_id: x\n", "3:3", "two subtasks are named 'x'", "own"),
        (f"{TWO}  dependencies: x\n", "3:17", "in a ring: x -> x", "leave"),
        (f"{TWO}  subtasks:\n    - {{title: B, dependencies: x}}\n", "4:32", "in a ring", "leave"),
        (f"- title: {'x' * 201}\n", "1:10", "201 characters", "shorten"),
        ("subtasks: 3\n", "1:1", "not a list", "title"),
        ("[]", "1:1", "no subtasks", "title"),
        ("- title: A\n  - b\n", "2:3", "expected key", ""),
        ('[{"title": "A",}]', "1:16", "key", ""),
        ('[{"title": "A\\u0000"}]', "1:12", "NUL", ""),
    ],
)  # fmt: skip
def test_an_error_names_file_line_and_field_and_nothing_is_made(
    project: Repo, text: str, place: str, words: str, hint: str
) -> None:
    path = project.path.parent / ("p.json" if text[:2] == "[{" else "p.yaml")
    path.write_text(text)
    before = snapshot(project)
    done = project.run("task", "plan", "T", "-F", str(path), "--json", check=False)
    assert done.code == 1
    assert done.error["kind"] == "bad_record"
    assert done.error["message"].startswith(f"{path}:{place}: "), done.error
    assert words in done.error["message"]
    assert hint in (done.error["hint"] or "")
    assert snapshot(project) == before


def test_without_a_title_or_a_file_it_is_refused(project: Repo, plan: Path) -> None:
    plan.write_text("- title: One\n")
    done = project.run("task", "plan", "-F", str(plan), "--json", check=False)
    assert (done.code, "the plan has no title" in done.error["message"]) == (1, True)
    assert "before -F" in done.error["hint"]
    assert project.run("task", "plan", "T", "-F", "gone.yaml", check=False).code == 1
    assert project.run("task", "plan", "T", check=False).code == 2


def test_tasks_that_exist_can_be_depended_on(project: Repo, plan: Path) -> None:
    task = new_task(project)
    plan.write_text(f"- title: One\n  dependencies: [{task[:7]}]\n")
    assert project.json("task", "plan", "T", "-F", str(plan))["subtasks"][0]["dependencies"] == [task]
