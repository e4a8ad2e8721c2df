"""Tasks of all generations: breakdowns and subtasks, archived ones, generic ones, and those of 2.0."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.interchange.mcp_task_orchestrator.projects import Rows, read, task, told, with_one
from tests.services.imports.databases import breakdown, subtask


def two(key: str, data: object, **values: Any) -> dict[str, Any]:
    """A row of ``tasks`` as 2.0 writes it."""
    when = "2025-06-01T10:00:00.5"
    return {
        "id": key, "session_id": None, "parent_task_id": None, "type": "standard", "status": "pending",
        "title": f"Title {key}", "description": "d", "metadata": json.dumps(json.dumps(data)),
        "created_at": when, "updated_at": when, "completed_at": None, **values,
    }  # fmt: skip


def generic(key: str, **values: Any) -> dict[str, Any]:
    """A row of ``generic_tasks``."""
    return {
        "task_id": key,
        "parent_task_id": None,
        "title": f"Title {key}",
        "description": "d",
        "task_type": "standard",
        "hierarchy_path": f"/{key}",
        "hierarchy_level": 0,
        "position_in_parent": 0,
        "status": "pending",
        "lifecycle_stage": "created",
        "complexity": "moderate",
        "is_template": 0,
        "created_at": "2025-06-01 10:00:00",
        "updated_at": "2025-06-01 10:00:00",
        "deleted_at": None,
        **values,
    }


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["completed", "completed"], "completed"),
        (["completed", "cancelled"], "completed"),
        (["completed", "active"], "pending"),
        (["completed", "failed"], "pending"),
        (["cancelled"], "pending"),
        ([], "pending"),
    ],
)
def test_a_breakdown_is_completed_where_all_below_is(statuses: list[str], expected: str) -> None:
    rows = [subtask(str(number), status=status) for number, status in enumerate(statuses)]
    assert task(read(task_breakdowns=[breakdown()], subtasks=rows), "big").status == expected


@pytest.mark.parametrize(
    ("word", "completed", "status", "labels"),
    [
        ("blocked", None, "blocked", ()),
        ("COMPLETED", None, "completed", ()),
        ("in_progress", None, "active", ("status:in_progress",)),
        ("archived", None, "cancelled", ("status:archived",)),
        ("archived", "2025-06-01 12:00:00", "completed", ("status:archived",)),
        ("verifying", None, "pending", ("status:verifying",)),
        (None, None, "pending", ()),
        (b"active", None, "active", ()),
    ],
)
def test_statuses(word: object, completed: str | None, status: str, labels: tuple[str, ...]) -> None:
    found = with_one(subtasks=[subtask("one", status=word, completed_at=completed)])
    one = task(found, "one")
    assert (one.status, one.labels) == (status, labels)
    assert bool(told(found, "task one")) == bool(labels or word is None)


def test_what_has_no_field_of_ours_is_in_the_notes() -> None:
    row = subtask("one", estimated_effort="2 days", quality_gate_level="comprehensive", mood=b"f\xffine\x00")
    assert task(with_one(subtasks=[row]), "one").notes.split("\n")[2:] == [
        "- estimated effort: 2 days", "- quality gate level: comprehensive", "- mood: f\ufffdine\ufffd",
    ]  # fmt: skip


def test_rows_of_every_oddity() -> None:
    rows: Rows = [
        {"task_id": None, "title": None},
        {
            "task_id": "x",
            "parent_task_id": "gone",
            "title": "X",
            "dependencies": "[not json",
            "artifacts": "{",
        },
        {"task_id": "x", "title": "again", "dependencies": '"[\\"x\\", null, 7]"', "artifacts": '"one.py"'},
        {"task_id": 5, "title": 3.5, "created_at": "yesterday", "status": 1, "dependencies": 8},
    ]
    found = read(subtasks=rows)
    assert [(one.key, one.title) for one in found.tasks] == [
        ("subtasks row 1", ""), ("x", "X"), ("x", "again"), ("5", "3.5"),
    ]  # fmt: skip
    first, again, five = found.tasks[1:]
    assert (first.parent, first.depends_on, first.artifacts) == ("gone", ("[not json",), ("one.py",))
    assert "- artifact: {" in first.notes
    assert again.depends_on == ("x", "7")
    assert five.created is None and "- created at: yesterday" in five.notes
    assert told(found, "subtasks row 1")[0].startswith("has no id")


def test_archived_tasks_come_back_from_what_the_archive_has() -> None:
    data = {
        "task_details": {"task_id": "old", "title": "Old", "description": "d", "status": "active",
                         "specialist_type": "tester", "parent_task_id": "big", "dependencies": ["one"],
                         "results": "half of it"},
        "timeline": {"created_at": "2025-05-01T10:00:00", "archived_at": "2025-06-01T10:00:00"},
        "mood": "sad",
    }  # fmt: skip
    row = {
        "id": 1, "original_task_id": "old", "parent_task_id": "big", "archive_reason": "stale_timeout",
        "archived_data": json.dumps(data), "artifact_references": '["artifact_1"]',
        "expires_at": "2025-07-01 10:00:00", "created_at": "2025-06-01 10:00:00",
    }  # fmt: skip
    found = with_one(task_archives=[row, {"id": 2, "original_task_id": "lost", "archived_data": "{bad"}])
    old = task(found, "old")
    assert (old.title, old.status, old.reason) == ("Old", "cancelled", "archived: stale_timeout")
    assert (old.parent, old.depends_on, old.specialist, old.results) == (
        "big",
        ("one",),
        "tester",
        "half of it",
    )
    assert old.labels == ("archived", "status:active") and old.created == "2025-05-01T10:00:00Z"
    assert '- archive: artifact references: ["artifact_1"]' in old.notes and "archived_at" in old.notes
    assert "- mood: sad" in old.notes
    assert "{bad" in task(found, "lost").notes


def test_2_0_reads_what_is_encoded_twice_once_or_not() -> None:
    data = {
        "complexity": "highly_complex",
        "specialist_type": "coder",
        "estimated_effort": "2h",
        "dependencies": ["b"],
        "context": {"repo": "x"},
        "due_date": "2025-07-01",
        "priority": "urgent",
    }
    rows = [two("a", data), two("b", {}, metadata=json.dumps(data)), two("c", {}, metadata="{bad")]
    found = read(tasks=rows, task_dependencies=[{"task_id": "a", "dependency_id": "c", "created_at": "x"}])
    a, b, c = found.tasks
    assert (a.complexity, a.specialist, a.depends_on) == ("very_complex", "coder", ("b", "c"))
    assert a.labels == ("complexity:highly_complex", "priority:urgent")
    assert a.notes.split("\n")[2:] == ["- estimated effort: 2h", "- due date: 2025-07-01", "- repo: x"]
    assert (b.specialist, b.depends_on) == ("coder", ("b",))
    assert "- metadata: {bad" in c.notes and a.created == "2025-06-01T10:00:00Z"


def test_2_0_sessions_types_and_deletion() -> None:
    found = read(tasks=[two("a", {"deleted_at": "2025-06-02T10:00:00"}, type="milestone", session_id="s9")])
    [one], [session] = found.tasks, found.sessions
    assert (one.status, one.deleted, one.labels) == ("cancelled", True, ("type:milestone",))
    assert (session.key, session.tasks, session.created) == ("s9", ("a",), "2025-06-01T10:00:00Z")


def test_artifacts_of_databases() -> None:
    row = {
        "id": "7",
        "task_id": "a",
        "type": "code",
        "name": "main.py",
        "content": "# x\ny",
        "metadata": "{}",
        "created_at": "2025-06-01T10:00:00",
    }
    long = {**row, "name": "big", "content": "z" * 100_000}
    path = {**row, "name": "Artifact 0", "content": "src/x.py"}
    found = read(tasks=[two("a", {})], task_artifacts=[row, long, path, {**row, "task_id": "none"}])
    assert task(found, "a").artifacts == ("src/x.py",)
    notes = task(found, "a").notes
    assert "Artifact main.py (code, 2025-06-01T10:00:00Z)\n\n> # x\n> y" in notes
    assert len(notes) < 70_000 and "the first 65536 characters are in its notes" in told(found, "task a")[0]
    assert "is not in the source" in told(found, "task none")[0]


def test_generic_tasks_with_links_attributes_and_events() -> None:
    tasks = [
        generic("a", parent_task_id="p", assigned_to="Ann", results="r", summary="s", context='{"k": 1}'),
        generic("p", task_type="milestone", lifecycle_stage="review", deleted_at="2025-06-02 10:00:00"),
    ]
    link = {"dependency_id": 1, "dependent_task_id": "a", "prerequisite_task_id": "p",
            "dependency_type": "completion", "dependency_status": "satisfied", "is_mandatory": 1}  # fmt: skip
    waived = {**link, "dependency_id": 2, "prerequisite_task_id": "q", "dependency_status": "waived"}
    related = {**link, "dependency_id": 3, "prerequisite_task_id": "q", "dependency_type": "related"}
    found = read(
        generic_tasks=tasks,
        task_dependencies=[link, waived, related, {"dependency_id": 4}],
        task_attributes=[{"task_id": "a", "attribute_name": "points", "attribute_value": "5"}],
        task_events=[
            {"event_id": 1, "task_id": "a", "event_type": "started", "created_at": "2025-06-01 11:00:00"}
        ],
        task_templates=[{"template_id": "t"}],
    )
    a, p = found.tasks
    assert (a.depends_on, a.parent, a.assignee, a.results) == (("p",), "p", "Ann", "s\n\nr")
    for line in ("- points: 5", "- 2025-06-01T11:00:00Z started:", "- k: 1", "- link to q: kind related"):
        assert line in a.notes
    assert (p.deleted, p.labels) == (True, ("type:milestone",)) and "- lifecycle stage: review" in p.notes
    assert told(found, "table task_templates") == ["1 row: templates of a version that was never shipped"]
    assert told(found, "task_dependencies row 4") == ["does not say which tasks it links"]


def test_what_was_migrated_within_a_database_comes_once() -> None:
    mapping = [{"old_task_id": "one", "new_task_id": "new", "old_task_type": "subtask", "migration_id": 1}]
    rows = [generic("big"), generic("new", parent_task_id="big")]
    found = with_one(generic_tasks=rows, legacy_task_mapping=mapping)
    assert [one.key for one in found.tasks] == ["big", "new"]
    assert told(found, "table subtasks") == ["1 row: the same as in generic_tasks"]


def test_prerequisites_and_stages() -> None:
    found = with_one(
        task_prerequisites=[
            {"id": 1, "parent_task_id": "big", "prerequisite_type": "quality_gate", "description": "lint",
             "is_satisfied": 1, "validation_criteria": None},
            {"id": 2, "parent_task_id": "big", "description": "tests", "is_satisfied": 0},
            {"id": 3, "parent_task_id": "none", "description": "x"},
        ],
        task_lifecycle=[
            {"id": 1, "task_id": "one", "previous_stage": "created", "lifecycle_stage": "active",
             "transition_reason": "go", "automated_transition": 0, "created_at": "2025-06-01 10:00:00"},
            {"id": 2, "task_id": "none", "lifecycle_stage": "active"},
        ],
    )  # fmt: skip
    assert task(found, "big").criteria == (("lint (quality_gate)", True), ("tests", False))
    assert "- 2025-06-01T10:00:00Z created → active: go" in task(found, "one").notes
    assert told(found, "table task_lifecycle") == ["1 row of tasks that are not in the source"]
    assert told(found, "task_prerequisites row 3") == [
        "a prerequisite of 'none', which is not in the source: x"
    ]


def test_no_table_is_dropped_in_silence() -> None:
    tables: dict[str, Rows] = {
        "lock_tracking": [{"resource_name": "x"}] * 2,
        "songs": [{"id": 1}],
        "workspaces": [],
    }
    found = with_one(None, **tables)
    assert told(found, "table lock_tracking")[0].startswith("2 rows: locks of its server")
    assert told(found, "table songs") == [
        "1 row: no version that is known has this table (task_orchestrator.db)"
    ]
    assert told(found, "table workspaces") == []
