"""Issues of beads: nothing of them is lost, and nothing in them makes reading fail."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskorch.errors import NotFound, TaskorchError
from taskorch.interchange.beads import read
from taskorch.interchange.foreign import Foreign
from tests.interchange.beads.sample import ISSUES, WHOLE
from tests.interchange.kept import lost, task, told
from tests.interchange.odd import places, values, with_value

WAYS = [way for way in places(WHOLE) if way]
fuzzed = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def of(folder: Path, *issues: Any, raw: bytes = b"") -> Foreign:
    file = folder / "issues.jsonl"
    file.write_bytes(b"".join(json.dumps(one).encode() + b"\n" for one in issues) + raw)
    return read(file)


def test_nothing_is_lost(tmp_path: Path) -> None:
    found = of(tmp_path, *ISSUES)
    # told in their own words: statuses, priorities and times that became ours; who made a link, and when
    ours = ("status", "priority", "created_at", "created_by", "issue_type", "_type", "issue_id")
    missing = [(at, one) for at, one in lost(ISSUES, found) if at.rpartition(".")[2] not in ours]
    assert missing == []
    assert "3 links" not in told(found.skipped) and "2 links: who made them" in told(found.skipped)
    assert task(found, "bd-a1").comments[-1][1].count("created_by: bob") == 1


def test_a_task_of_an_issue(tmp_path: Path) -> None:
    one = task(of(tmp_path, *ISSUES), "bd-a1")
    assert (one.title, one.status, one.created) == ("Whole title", "active", "2025-11-03T05:58:07.295Z")
    assert (one.assignee, one.priority) == ("beads/crew/ann", "low")
    assert one.labels == ("web", "two words", "type:feature", "status:hooked", "priority:4")
    assert (one.parent, one.depends_on) == ("bd-p", ("bd-b", "bd-w"))
    assert one.criteria == (("first works", True), ("second works", False))
    assert one.description.startswith("What it is\n\n## Steps\n\n1. one\n\n#### Design\n\nHow it is")
    assert one.notes == "What was seen" and one.reason == "not for now" and not one.deleted
    assert one.comments[0] == ("2025-11-04T00:00:00Z carl", "A comment\n\n- id: 41")
    for line in ("- parent-child: bd-p2", "- blocks: bd-gone", "- related: bd-r", "- discovered-from: bd-d"):
        assert line in one.description


@pytest.mark.parametrize(
    ("word", "status", "label"),
    [
        ("open", "pending", False), ("in_progress", "active", False), ("blocked", "blocked", False),
        ("closed", "completed", False), ("deferred", "blocked", True), ("pinned", "blocked", True),
        ("hooked", "active", True), ("awaiting_moon", "pending", True), (None, "pending", False),
    ],
)  # fmt: skip
def test_statuses(tmp_path: Path, word: str | None, status: str, label: bool) -> None:
    found = of(tmp_path, {"id": "bd-1", "title": "T", "status": word})
    assert found.tasks[0].status == status
    assert found.tasks[0].labels == ((f"status:{word}",) if label else ())
    assert bool(found.mapped) == label


def test_a_deleted_issue_stays_deleted_and_holds_nobody_up(tmp_path: Path) -> None:
    found = of(tmp_path, *ISSUES)
    gone = task(found, "bd-gone")
    assert (gone.status, gone.deleted, gone.reason) == ("cancelled", True, "a batch")
    assert "task bd-a1: it waited for 'bd-gone', which was deleted" in told(found.mapped)


@pytest.mark.parametrize(
    ("said", "priority", "labels"),
    [(0, "critical", ()), (3, "low", ()), (4, "low", ("priority:4",)), (9, None, ("priority:9",)),
     ("P1", None, ("priority:P1",)), (True, None, ("priority:true",))],
)  # fmt: skip
def test_priorities(tmp_path: Path, said: Any, priority: str | None, labels: tuple[str, ...]) -> None:
    found = of(tmp_path, {"id": "bd-1", "title": "T", "priority": said})
    assert (found.tasks[0].priority, found.tasks[0].labels) == (priority, labels)
    assert bool(found.mapped) == bool(labels)


def test_a_kind_of_link_that_says_depends_on_is_one(tmp_path: Path) -> None:
    link = {"issue_id": "bd-1", "depends_on_id": "bd-2", "type": "depends-on"}
    found = of(tmp_path, {"id": "bd-1", "title": "T", "dependencies": [link]})
    assert found.tasks[0].depends_on == ("bd-2",)
    assert told(found.mapped) == "1 links 'depends-on': they became dependencies"


def test_what_was_closed_says_why_in_its_results(tmp_path: Path) -> None:
    found = of(tmp_path, {"id": "bd-1", "title": "T", "status": "closed", "close_reason": "Fixed in v2"})
    assert (found.tasks[0].results, found.tasks[0].reason) == ("Fixed in v2", None)


def test_bad_lines_are_told_with_their_number_and_hide_no_other(tmp_path: Path) -> None:
    good = json.dumps({"id": "bd-1", "title": "Good"}).encode()
    deep = b"[" * 100_000
    lines = [b"{", good, b"[1]", b'{"title": "no id"}', deep, b'{"id": ' + b"9" * 5000 + b"}", b"\xff\xfe",
             b"", b'{"_type": "memory", "key": "m1", "value": "v"}', good.replace(b"Good", b"Later"),
    ]  # fmt: skip
    found = of(tmp_path, raw=b"\n".join(lines))
    assert [one.title for one in found.tasks] == ["Later"]
    assert [item for item, _ in found.skipped] == [f"line {n}" for n in (1, 3, 4, 5, 6, 7, 9, 2)]
    assert "a memory ('m1'), no issue" in told(found.skipped)


def test_prose_in_the_criteria_stays_prose(tmp_path: Path) -> None:
    prose = "It works\nand is quick."
    found = of(tmp_path, {"id": "bd-1", "title": "T", "acceptance_criteria": prose})
    assert found.tasks[0].criteria == () and prose in found.tasks[0].description
    found = of(tmp_path, {"id": "bd-1", "title": "T", "acceptance_criteria": "It works"})
    assert found.tasks[0].criteria == (("It works", False),)


def test_its_folder_will_do_and_the_other_files_are_told_of(tmp_path: Path) -> None:
    folder = tmp_path / ".beads"
    folder.mkdir()
    of(folder, WHOLE)
    (folder / "interactions.jsonl").write_text("{}\n")
    for path in (folder, tmp_path):
        found = read(path)
        assert len(found.tasks) == 1 and found.skipped[0][0] == "interactions.jsonl"


def test_a_folder_without_issues_names_the_command_that_writes_them(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as error:
        read(tmp_path)
    assert "bd export" in str(error.value.hint)


@fuzzed
@given(st.binary(max_size=200))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    with suppress(TaskorchError):  # no line of it is an object
        of(tmp_path, raw=data)


@fuzzed
@given(st.sampled_from(WAYS), values)
def test_any_value_at_any_place(tmp_path: Path, way: tuple[Any, ...], value: Any) -> None:
    found = of(tmp_path, with_value(WHOLE, way, value))
    for one in found.tasks:
        assert "\0" not in one.title and one.title.encode() is not None


@fuzzed
@given(st.integers(0, 3000))
def test_any_cut(tmp_path: Path, size: int) -> None:
    whole = json.dumps(WHOLE).encode()
    try:
        found = of(tmp_path, raw=whole[:size])
    except TaskorchError:
        return
    assert len(found.tasks) + len(found.skipped) >= (size > 0)
