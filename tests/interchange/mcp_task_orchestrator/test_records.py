"""Decisions, operations, sessions and files of mcp-task-orchestrator; its times and places."""

from __future__ import annotations

import json
from typing import Any

import pytest

from taskorch.interchange.foreign import Foreign, ForeignDecision
from tests.interchange.mcp_task_orchestrator.projects import read, task, told, with_one
from tests.services.imports.databases import breakdown, decided, operation, subtask


def decision(found: Foreign, key: str) -> ForeignDecision:
    return next(one for one in found.decisions if one.key == key)


@pytest.mark.parametrize(("hours", "minutes"), [(2, 0), (-7, 0), (5, 15), (0, 0), (-3, -30)])
def test_the_zone_of_local_times_is_told_by_rows_with_both(hours: int, minutes: int) -> None:
    local = f"2025-06-01 {12 + hours:02}:{30 + minutes:02}:00.000900"
    both = operation("o", "a.py", timestamp="2025-06-01 12:30:00.000100", created_at=local)
    found = read(subtasks=[subtask("one", created_at=local)], file_operations=[both])
    assert task(found, "one").created == "2025-06-01T12:30:00Z"
    assert len(told(found, "times")) == bool(hours)


def test_of_two_zones_the_nearest_row_counts() -> None:
    rows = [
        decided("d1", timestamp="2025-01-10 10:00:00", created_at="2025-01-10 11:00:00"),
        decided("d2", timestamp="2025-07-10 10:00:00", created_at="2025-07-10 12:00:00"),
    ]
    tasks = [subtask("a", created_at="2025-01-11 11:00:00"), subtask("b", created_at="2025-07-11 12:00:00")]
    found = read(subtasks=tasks, architectural_decisions=rows)
    assert [one.created for one in found.tasks] == ["2025-01-11T10:00:00Z", "2025-07-11T10:00:00Z"]
    assert told(found, "times") == [
        "local ones were UTC+01:00 and UTC+02:00, as rows with both show; now they are UTC"
    ]


def test_maintenance_tells_the_zone_where_nothing_else_does() -> None:
    rows = [
        {
            "id": 1,
            "operation_type": "x",
            "created_at": "2025-06-01 12:00:00",
            "completed_at": "2025-06-01 13:00:00",
        },
        {
            "id": 2,
            "operation_type": "x",
            "created_at": "2025-06-01 12:00:00",
            "completed_at": "2025-06-01 10:00:01",
        },
    ]
    assert task(with_one(maintenance_operations=rows), "one").created == "2025-06-01T10:00:00Z"
    found = with_one()
    assert task(found, "one").created == "2025-06-01T12:00:00Z"
    assert told(found, "times") == ["no row tells the time zone of local ones; they are taken for UTC"]


@pytest.mark.parametrize(
    "value", ["", None, "x", "0001-01-01T00:00:00+23:00", 1e300, -1e300, b"\xff", True, [1]]
)
def test_times_that_are_none(value: object) -> None:
    row = operation("o", "a.py", timestamp=value, created_at=value)
    found = with_one(subtasks=[subtask("one", created_at=value, completed_at=value)], file_operations=[row])
    assert task(found, "one").created is None or value == ""


def test_times_that_say_their_zone_or_are_seconds() -> None:
    rows = [subtask("a", created_at="2025-06-01T12:00:00+02:00"), subtask("b", created_at=1748772000.5)]
    assert {one.created for one in read(subtasks=rows).tasks} == {"2025-06-01T10:00:00Z"}


def paths(found: Foreign) -> list[str]:
    return [one.path for session in found.sessions for one in session.operations]


def test_the_root_of_another_machine_is_told_by_the_paths_within_it() -> None:
    rows = [
        operation("1", "/home/x/p/docs/README.md"),
        operation("2", "/home/x/p/src/a.py"),
        operation("3", "/etc/b"),
    ]
    decisions = [decided("d", affected_files='["docs/README.md", "src/a.py", "/etc/c"]')]
    found = with_one(file_operations=rows, architectural_decisions=decisions)
    assert paths(found) == ["docs/README.md", "src/a.py", "/etc/b"]
    assert found.decisions[0].governs == ("docs/README.md", "src/a.py")
    assert told(found, "decision d") == ["affects /etc/c, which is not in the project"]
    one = with_one(file_operations=rows, subtasks=[subtask("one", artifacts='["src/a.py"]')])
    assert paths(one)[:2] == ["docs/README.md", "src/a.py"]


@pytest.mark.parametrize(
    ("files", "tables"),
    [
        ({}, {"workspaces": [{"workspace_path": "C:\\work\\p", "git_root_path": None}]}),
        ({"session_1.json": '{"session_id": "s", "working_directory": "C:/work/p"}'}, {}),
        (
            {
                "artifacts/one/a_metadata.json": json.dumps(
                    {"primary_file": "C:\\work\\p\\.task_orchestrator\\x.md"}
                )
            },
            {},
        ),
    ],
)
def test_the_root_is_named_by_workspaces_sessions_and_artifacts(files: Any, tables: Any) -> None:
    found = with_one(files, file_operations=[operation("1", "C:\\work\\p\\src\\a.py")], **tables)
    assert paths(found) == ["src/a.py"]


def test_paths_that_leave_the_project_or_enter_git_govern_nothing() -> None:
    names = ["../x", "a/../../x", ".git/config", ".", "", "ok/./b"]
    found = with_one(architectural_decisions=[decided("d", affected_files=json.dumps(names))])
    assert found.decisions[0].governs == ("ok/b",)


def test_operations_with_their_verification_in_one_line() -> None:
    checks = [
        {
            "verification_id": str(n),
            "operation_id": "o",
            "verification_timestamp": f"2025-06-01 10:0{n}:00",
            "file_exists": 1,
            "verification_status": status,
            "errors": json.dumps(errors),
        }
        for n, (status, errors) in enumerate(
            [("verified", []), ("failed", ["gone"]), ("partial", ["size", "hash"])]
        )
    ]
    row = operation("o", "a.py", content_hash="AB" * 32, file_size=3, file_metadata='{"lines": 4}')
    again = [operation(str(n), "b.py", timestamp=f"2025-06-01 10:00:0{n}") for n in range(3)]
    lost = {"verification_id": "9", "operation_id": "nobody", "verification_status": "failed"}
    found = with_one(file_operations=[row, *again], file_verifications=[*checks, lost])
    lines = task(found, "one").notes.split("\n")[2:]
    facts = "checked 1 time failed, 1 time partial, 1 time verified, at last: size; hash; lines: 4"
    assert lines == [
        f"- file 2025-06-01T10:00:00Z: create `a.py`: SHA-256 {'ab' * 32}; 3 bytes; {facts}",
        "- file, 3 times, the last 2025-06-01T10:00:02Z: create `b.py`: verification: pending",
    ]
    assert told(found, "table file_verifications") == [
        "4 checks of 2 file operations: a line each in the notes of the task",
        "1 row of nobody, which is not in the source",
    ]


def test_operations_of_no_task_or_session_are_told() -> None:
    rows = [operation("1", "a.py", subtask_id="none"), operation("2", "b.py", session_id=None)]
    found = with_one(file_operations=rows)
    assert told(found, "table file_operations") == ["1 row of 'none', which is not in the source"]
    assert told(found, "task one")[0].endswith("names no session: in words in its notes alone")


def test_the_reason_of_an_operation_is_that_of_the_decision_about_it() -> None:
    decisions = [
        decided("d", title="Modified file: src/a.py", rationale="why", affected_files='["src/a.py"]')
    ]
    rows = [operation("1", "/p/src/a.py", operation_type="modify"), operation("2", "/p/src/a.py")]
    found = with_one(file_operations=rows, architectural_decisions=decisions)
    [session] = found.sessions
    assert [(one.op, one.why) for one in session.operations] == [("modify", "why"), ("create", None)]
    assert session.purpose == "Work recorded by mcp-task-orchestrator: 2 file operations, 1 decision"


@pytest.mark.parametrize(
    ("word", "kind", "status"),
    [("superseded", "supersedes", "superseded"), ("REFINED", "refines", "accepted"),
     ("reversed", "reverses", "superseded"), ("clarified", "clarifies", "accepted")],
)  # fmt: skip
def test_evolution_becomes_links(word: str, kind: str, status: str) -> None:
    row = {
        "evolution_id": "e",
        "original_decision_id": "old",
        "new_decision_id": "new",
        "evolution_type": word,
        "evolution_reason": "better",
        "timestamp": "2025-06-02 10:00:00",
    }
    found = with_one(architectural_decisions=[decided("old"), decided("new")], decision_evolution=[row, row])
    new, old = decision(found, "new"), decision(found, "old")
    assert getattr(new, kind) == ("old",) and old.status == status
    assert new.texts["more"].split("\n")[-1] == f"- {kind} 'Decision old', 2025-06-02: better"


def test_evolution_that_is_odd() -> None:
    row = {"original_decision_id": "old", "new_decision_id": "new", "evolution_type": "merged"}
    lost = {**row, "new_decision_id": "none", "evolution_type": "superseded"}
    found = with_one(
        architectural_decisions=[decided("old"), decided("new", supersedes='["old", "older"]')],
        decision_evolution=[row, lost],
    )
    assert decision(found, "new").supersedes == ("old", "older")
    assert "- merged 'Decision old': no reason given" in decision(found, "new").texts["more"]
    assert told(found, "decision new") == ["'merged' is no link of ours; it is in words"]
    assert told(found, "decision_evolution row 2") == [
        "'none' has superseded 'old', and is not in the source: "
    ]


def test_all_that_a_decision_says() -> None:
    row = decided(
        "d",
        decision_number=7,
        status="approved",
        category="style",
        impact_level="huge",
        implementation_status="in_progress",
        problem_statement="why at all",
        alternatives_considered=json.dumps(
            ["plain", {"name": "B", "description": "b", "pros": ["p"], "cons": "c"}]
        ),
        risks='["r1"]',
        mitigation_strategies='["m1"]',
        trade_offs='{"speed": "less"}',
        success_criteria='["s1"]',
        implementation_approach="step",
        dependencies='["d0"]',
        lessons_learned="l",
        review_schedule="2025-09-01",
        outcome_assessment="well",
        affected_components='["db"]',
        strange="kept",
    )
    found = with_one(architectural_decisions=[row])
    one = found.decisions[0]
    assert (one.number, one.status, one.implementation, one.outcome) == (7, "accepted", "in_progress", "well")
    assert one.labels == ("status:approved", "category:style", "impact:huge")
    assert (one.category, one.impact, one.components, one.date) == (None, None, ("db",), "2025-06-01")
    assert one.texts == {
        "context": "why at all\n\nc", "options": "* plain\n* B", "decision": "d", "rationale": "r",
        "consequences": "* speed: less", "risks": "* r1\n* Mitigation: m1", "confirmation": "* s1",
        "pros_and_cons": "### B\n\n* b\n* Good, because p\n* Bad, because c",
        "more": "- implementation: step\n- lessons learned: l\n- depends on the decisions: d0\n"
                "- review: 2025-09-01T00:00:00Z\n- strange: kept",
    }  # fmt: skip


def test_sessions_of_2_0() -> None:
    files = {
        "session_a.json": json.dumps(
            {
                "session_id": "a",
                "created_at": 1748772000.5,
                "working_directory": "/p",
                "capabilities": {"x": True, "y": {}},
            }
        ),
        "session_bad.json": "{",
        "server_state.json": "{}",
    }
    found = read(
        files,
        tasks=[{"id": "t", "status": "pending", "session_id": "a", "created_at": "2025-06-01T11:00:00"}],
        sessions=[
            {
                "id": "b",
                "status": "ended",
                "metadata": '{"k": "v"}',
                "created_at": "2025-06-02T10:00:00",
                "completed_at": "2025-06-02T12:00:00",
            }
        ],
        session_events=[{"id": "e", "session_id": "b", "event_type": "ping", "event_data": "x"}],
    )
    a, b = found.sessions
    assert (a.key, a.created, a.ended, a.tasks) == (
        "a",
        "2025-06-01T10:00:00Z",
        "2025-06-01T11:00:00Z",
        ("t",),
    )
    assert a.purpose.endswith(" in /p") and a.notes.endswith("- capabilities, x: true")
    assert (b.created, b.ended) == ("2025-06-02T10:00:00Z", "2025-06-02T12:00:00Z")
    assert b.notes.split("\n")[2:] == ["- k: v", "- status: ended", "- ping: x"]
    assert told(found, "file session_bad.json") == ["is no JSON object", "nothing is known of it"]
    assert told(found, "file server_state.json") == ["nothing is known of it"]
    [never] = read(sessions=[{"id": "x"}], tasks=[]).sessions
    assert never.created == never.ended == "1970-01-01T00:00:00Z"


def test_artifacts_by_their_metadata() -> None:
    metadata = {
        "artifact_id": "artifact_0123abcd",
        "task_id": "one",
        "summary": "Sum",
        "artifact_type": "code",
        "file_paths": ["a.py"],
        "created_at": "2025-06-01T10:00:00",
        "primary_file": "D:\\p\\.task_orchestrator\\artifacts\\one\\mirrored\\a.py_artifact_0123abcd.md",
    }
    files = {
        "artifacts/one/artifact_0123abcd_metadata.json": json.dumps(metadata),
        "artifacts/one/mirrored/a.py_artifact_0123abcd.md": "# Work\n```",
        "artifacts/one/artifact_9999aaaa_metadata.json": json.dumps({"artifact_id": "artifact_9999aaaa"}),
        "artifacts/one/artifact_77777777.md": "alone",
        "artifacts/one/task_index.json": "{}",
    }
    rows = [
        subtask(
            "one", artifacts='[".task_orchestrator/artifacts/one/artifact_0123abcd.md", "Wrote it all up"]'
        )
    ]
    found = with_one(files, subtasks=rows)
    one = task(found, "one")
    path = ".task_orchestrator/artifacts/one/mirrored/a.py_artifact_0123abcd.md"
    assert one.artifacts == (path, ".task_orchestrator/artifacts/one/artifact_77777777.md")
    title = "Artifact artifact_0123abcd (code, 2025-06-01T10:00:00Z): Sum. Of `a.py`."
    assert f"{title}\n\n> # Work\n> ```" in one.notes and "> alone" in one.notes
    assert "- artifact: Wrote it all up" in one.notes
    assert told(found, "artifact artifact_9999aaaa") == ["its file is not there: "]


def test_roles_are_copied_and_other_files_told() -> None:
    files = {"roles/project_roles.yaml": "architect:\n", "roles/old/x.yaml": "x", "notes.txt": "n"}
    found = with_one(files)
    assert found.files == {"roles/project_roles.yaml": "architect:\n"}
    assert told(found, "file roles/old/x.yaml") == told(found, "file notes.txt") == ["nothing is known of it"]


def test_a_breakdown_of_many_lines() -> None:
    found = read(task_breakdowns=[breakdown(description="\n\nFirst\nSecond", context="c", complexity="odd")])
    big = task(found, "big")
    assert (big.title, big.description) == ("First", "\n\nFirst\nSecond\n\nContext: c")
    assert (big.complexity, big.labels) == (None, ("complexity:odd",))
