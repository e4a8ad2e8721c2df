"""Tasks of Task Master: nothing of them is lost, and nothing in them makes reading fail."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskorch.errors import NotFound, TaskorchError
from taskorch.interchange.foreign import Foreign
from taskorch.interchange.task_master import read
from tests.interchange.kept import lost, task, told
from tests.interchange.odd import places, values, with_value
from tests.interchange.task_master.sample import OTHERS, TAGS, TASK

WAYS = list(places(TAGS))
fuzzed = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def of(folder: Path, said: Any = None, raw: bytes = b"") -> Foreign:
    file = folder / "tasks.json"
    file.write_bytes(raw or json.dumps(said).encode())
    return read(file)


def test_nothing_is_lost(tmp_path: Path) -> None:
    found = of(tmp_path, TAGS)
    missing = [(at, one) for at, one in lost(TAGS, found) if not at.endswith((".status", ".createdAt"))]
    assert missing == []


def test_a_task(tmp_path: Path) -> None:
    one = task(of(tmp_path, TAGS), "master/1")
    assert (one.alias, one.title, one.status) == ("master/1", "Whole title", "active")
    assert (one.created, one.priority, one.complexity) == ("2025-06-01T10:00:00Z", "high", "complex")
    assert one.depends_on == ("master/2", "master/3", "master/2.1")
    assert one.criteria == (("it reads", False), ("it writes", False))
    assert one.labels == ("web", "tag:master") and one.assignee == "ann"
    assert one.description.startswith(
        "What it is\n\n#### Details\n\nHow to do it\n\n#### Test strategy\n\nHow to"
    )
    assert "- complexity: 7\n" in one.comments[-1][1]


def test_subtasks(tmp_path: Path) -> None:
    found = of(tmp_path, TAGS)
    first, second = task(found, "master/1.1"), task(found, "master/1.2")
    assert (first.alias, first.parent, first.status) == ("1.1", "master/1", "active")
    assert first.labels == ("tag:master", "status:review")
    assert first.criteria == (("one works", False), ("two works", False))
    assert second.depends_on == ("master/1.1", "master/1.1", "master/3")
    assert "no subtask has that number, so the task 3 is meant" in told(found.mapped)
    assert task(found, "master/2.1").depends_on == ("master/2.7",)  # which is told where it is imported


def test_names_are_short_where_only_one_tag_has_them(tmp_path: Path) -> None:
    found = of(tmp_path, TAGS)
    assert [(one.key, one.alias) for one in found.tasks][-2:] == [("side/1", "side/1"), ("side/8", "8")]


def test_tasks_without_a_date_have_their_tags_and_keep_their_order(tmp_path: Path) -> None:
    found = of(tmp_path, TAGS)
    dates = [one.created for one in found.tasks if one.key.startswith("master/")][1:]
    assert dates == sorted(set(map(str, dates))) and str(dates[0]).startswith("2025-06-13T23:52:56.849")
    assert "5 tasks do not say when they were made" in told(found.mapped)
    assert task(found, "side/1").created is None


@pytest.mark.parametrize(
    "said",
    [{"tasks": [TASK, *OTHERS], "meta": {"version": "1.0"}}, [TASK, *OTHERS], {"master": {"tasks": [TASK]}}],
)
def test_older_forms_are_of_the_one_tag(tmp_path: Path, said: Any) -> None:
    found = of(tmp_path, said)
    one = task(found, "master/1")
    assert (one.alias, one.labels) == ("1", ("web",))


def test_priorities_that_are_none_of_ours_become_labels(tmp_path: Path) -> None:
    found = of(tmp_path, TAGS)
    assert task(found, "master/3").labels == ("tag:master", "priority:urgent")
    assert "its priority 'urgent'" in told(found.mapped)


def test_a_project_folder_will_do_and_the_other_files_are_told_of(tmp_path: Path) -> None:
    folder = tmp_path / ".taskmaster"
    (folder / "tasks").mkdir(parents=True)
    (folder / "reports").mkdir()
    of(folder / "tasks", TAGS)
    (folder / "reports/task-complexity-report.json").write_text("{}")
    (tmp_path / "unrelated.txt").write_text("")
    for path in (folder, tmp_path):
        found = read(path)
        assert found.skipped[-1][0] == "reports/task-complexity-report.json"
    with pytest.raises(NotFound):
        read(folder / "reports")


@pytest.mark.parametrize("raw", [b"{", b"7", b"[" * 100_000, b"\xff", b"{}", b"9" * 5000, b'{"a": 1}'])
def test_what_holds_no_tasks_is_refused(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(TaskorchError):
        of(tmp_path, raw=raw)


def test_bad_items_are_told_and_hide_no_other(tmp_path: Path) -> None:
    found = of(
        tmp_path, {"tasks": [7, {"title": "no id"}, {"id": True}, {"id": 1, "subtasks": ["x", {"id": 2}]}]}
    )
    assert [one.key for one in found.tasks] == ["master/1", "master/1.2"]
    assert len(found.skipped) == 4 and "no id" in told(found.skipped)


@fuzzed
@given(st.sampled_from(WAYS), values)
def test_any_value_at_any_place(tmp_path: Path, way: tuple[Any, ...], value: Any) -> None:
    with suppress(TaskorchError):
        assert "\0" not in "".join(one.title for one in of(tmp_path, with_value(TAGS, way, value)).tasks)


@fuzzed
@given(st.binary(min_size=1, max_size=200))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    with suppress(TaskorchError):
        of(tmp_path, raw=data)


@fuzzed
@given(st.integers(1, 3000))
def test_any_cut(tmp_path: Path, size: int) -> None:
    with suppress(TaskorchError):
        of(tmp_path, raw=json.dumps(TAGS).encode()[:size])
