"""The claims file of a task: whose lines they are, and in which order of time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from taskorch.records import task_claims
from taskorch.records.collecting import collect
from taskorch.records.collection import Collection
from taskorch.records.task_claims import Origin

EARLY, LATE = "2026-01-01T10:00:00.000Z", "2026-01-01T11:00:00.000Z"
ONE, TWO = "t-00000001", "t-00000002"


def line(task: str, path: str, session: Any) -> str:
    shape = {"task": task, "path": path, "op": "create", "before": None, "after": f"100644 {'a' * 40}"}
    return json.dumps(shape | {"onto": None, "by": "seen", "session": session}) + "\n"


def origin(name: str, created: str, place: int = 0) -> dict[str, object]:
    return {"id": f"s-0000000{name}", "created": created, "place": place}


def collected(files: dict[str, str]) -> Collection:
    return collect((f"tasks/{task}-x.claims.jsonl", text.encode()) for task, text in files.items())


def test_sessions_come_in_the_order_of_time_not_of_their_ids() -> None:
    found = collected(
        {ONE: line(ONE, "late", origin("1", LATE)), TWO: line(TWO, "early", origin("2", EARLY))}
    )
    assert [claim.path for claim in found.claims_in_time()] == ["early", "late"]
    assert [claim.path for claim in found.net_claims()] == ["early", "late"]


def test_the_tasks_of_a_session_come_in_the_order_of_their_start() -> None:
    found = collected(
        {ONE: line(ONE, "then", origin("1", EARLY, 1)), TWO: line(TWO, "first", origin("1", EARLY, 0))}
    )
    assert [claim.path for claim in found.claims_in_time()] == ["first", "then"]
    assert list(found.claims) == ["s-00000001"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (line(TWO, "a", origin("1", EARLY)), f"a claim of {TWO} in the claims file of {ONE}"),
        (line(ONE, "a", "s-00000001"), "'session' has no 'id' of a session"),
        (line(ONE, "a", origin("1", EARLY) | {"id": ONE}), "'session' has no 'id' of a session"),
        (line(ONE, "a", origin("1", EARLY) | {"created": 1}), "'session' has no 'created': a time"),
        (line(ONE, "a", origin("1", EARLY, -1)), "'session' has no 'place': a number from 0 up"),
    ],
)
def test_what_is_no_line_of_it_is_told(text: str, words: str) -> None:
    found = collected({ONE: line(ONE, "good", origin("1", EARLY)) + text})
    assert [(one.line, one.message) for one in found.problems] == [(2, words)]
    assert [claim.path for claim in found.claims_in_time()] == ["good"]


def test_a_claim_without_a_session_counts_before_all_others() -> None:
    found = collected({ONE: line(ONE, "b", origin("1", EARLY)) + line(ONE, "a", None)})
    assert [claim.path for claim in found.claims_in_time()] == ["a", "b"]
    assert found.problems == []


def test_lines_go_in_by_time_and_no_others_are_touched() -> None:
    early, late = line(ONE, "a", origin("1", EARLY)), line(ONE, "c", origin("3", LATE))
    odd = "not JSON\n"
    text = early + odd + late.replace('": "', '" :  "')
    before, _ = task_claims.parse(text, f"tasks/{ONE}.claims.jsonl")
    claim = before.lines[0][0]
    mine = Origin("s-00000002", EARLY, 0)
    after = task_claims.exchanged(before, mine, [claim])
    assert after == early + line(ONE, "a", origin("2", EARLY)) + text.removeprefix(early)
    again, _ = task_claims.parse(after, f"tasks/{ONE}.claims.jsonl")
    assert task_claims.exchanged(again, mine, []) == text
