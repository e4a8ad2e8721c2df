"""Tasks, decisions and sessions: how they are laid out, and what is read from them."""

import pytest

from taskorch.errors import TaskorchError
from taskorch.records import decision, schema, session, task
from taskorch.records.schema import render_front_matter

OID = "a1" * 20

TASK = """\
---
id: t-00000001
alias: ui-1
title: "Add login: first part"
created: 2026-01-31T12:00:00Z
status: blocked
reason: "yes"
deleted: true

assignee:

priority: high
labels:
  - web
  - "2026"
depends_on:

parent:
artifacts:
  - src/a.py

specialist:

stream:

complexity:
---
"""
TASK_VALUES = {
    "id": "t-00000001",
    "alias": "ui-1",
    "title": "Add login: first part",
    "created": "2026-01-31T12:00:00Z",
    "status": "blocked",
    "reason": "yes",
    "deleted": "true",
    "priority": "high",
    "labels": ["web", "2026"],
    "artifacts": ("src/a.py",),
}

DECISION = """\
---
id: d-00000001
title: Use argon2id
date: 2026-01-31
status: accepted

category:

impact: high
decision-makers:
tasks:
supersedes:
refines:
reverses:
clarifies:
governs:
  - path: src/auth.py
components:
labels:

implementation:

outcome:
---
"""

SESSION = f"""\
---
id: s-00000001
agent: kim
created: 2026-01-31T12:00:00Z
tasks:
  - t-00000001
base: {OID}
onto:
branch: main
dirty_count: 0
ended:
---
"""


def test_a_task_is_written_in_this_form_and_read_back() -> None:
    assert render_front_matter(task.FIELDS, TASK_VALUES) == TASK
    assert render_front_matter(task.FIELDS, TASK_VALUES, "\r\n") == TASK.replace("\n", "\r\n")
    found = task.parse(TASK + "\n## Results\n\nDone.\n", "tasks/t-00000001-x.md")
    for name, value in TASK_VALUES.items():
        expected = tuple(value) if isinstance(value, list) else True if name == "deleted" else value
        assert getattr(found, name) == expected
    assert (found.assignee, found.depends_on, found.is_open) == (None, (), True)
    assert found.section("results") == "Done."


def test_a_decision_is_written_in_this_form_and_read_back() -> None:
    values = {"id": "d-00000001", "title": "Use argon2id", "date": "2026-01-31", "status": "accepted"}
    text = render_front_matter(
        decision.FIELDS, {**values, "impact": "high", "governs": [{"path": "src/auth.py"}]}
    )
    assert text == DECISION
    found = decision.parse(text, "")
    assert (found.governs, found.impact, found.links("refines")) == (("src/auth.py",), "high", ())


def test_a_session_is_written_in_this_form_and_read_back() -> None:
    values = {
        "id": "s-00000001",
        "agent": "kim",
        "created": "2026-01-31T12:00:00Z",
        "tasks": ["t-00000001"],
        "base": OID,
        "branch": "main",
        "dirty_count": "0",
    }
    assert render_front_matter(session.FIELDS, values) == SESSION
    found = session.parse(SESSION, "sessions/2026-01/s-00000001.md")
    assert (found.dirty_count, found.base, found.onto, found.ended) == (0, OID, None, None)
    assert found.claims_path == "sessions/2026-01/s-00000001.claims.jsonl"
    assert found.title == "kim, 2026-01-31T12:00:00Z"
    assert session.parse(f"{SESSION}\n## Purpose\n\nShip it.\nAll.\n", "").title == "Ship it."


@pytest.mark.parametrize(
    ("body", "decided", "rationale", "risks"),
    [
        ("## Decision Outcome\n\nX, because it is small.\n", "X, because it is small.", "it is small.", []),
        ("## Decision Outcome\n\nx\n### Rationale\n\ny\n### Risks\n* a\n  b\n* c\n", "x", "y", ["a b", "c"]),
        ("## Decision Outcome\n\nx\n\n## Risks\n\nmany\n", "x", "x", ["many"]),
        ("# Risks\n\nnone of the title\n", "", "", []),
    ],
)  # fmt: skip
def test_what_was_decided_and_why(body: str, decided: str, rationale: str, risks: list[str]) -> None:
    found = decision.parse(f"{DECISION}\n{body}", "")
    assert (found.decision, found.rationale, found.risks) == (decided, rationale, risks)


@pytest.mark.parametrize("written", ["- src/a.py", "- path: src/a.py", "- {path: src/a.py, why: x}"])
def test_a_governed_path_may_stand_alone_or_as_a_mapping(written: str) -> None:
    assert decision.parse(DECISION.replace("- path: src/auth.py", written), "").governs == ("src/a.py",)


def test_a_title_is_one_line_of_at_most_two_hundred_characters() -> None:
    assert schema.check_title("  é" + "x" * 199) == "é" + "x" * 199
    for title, message in (("x" * 201, "201 characters"), ("a\nb", "more than one line"), (" \t", "empty")):
        with pytest.raises(TaskorchError, match=message):
            schema.check_title(title)


def test_a_choice_out_of_the_list_names_the_list() -> None:
    assert schema.check_choice(task.FIELDS, "priority", "high") == "high"
    with pytest.raises(TaskorchError, match="'urgent' is no priority") as problem:
        schema.check_choice(task.FIELDS, "priority", "urgent")
    assert problem.value.hint == "one of: low, medium, high, critical"
