"""What was read from record files is kept, and never takes the place of what the files say."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from taskorch.records.collecting import read_record
from taskorch.records.collection import Collection
from taskorch.services.decisions.editing import edit_decision
from taskorch.services.decisions.making import new_decision
from taskorch.services.editing import edit_task, note_task
from taskorch.services.lifecycle import block_task
from taskorch.services.starting import start_task
from taskorch.services.tasks import new_task
from taskorch.services.workspace import Workspace
from taskorch.store.record_cache import Head, RecordCache, Row, is_settled
from tests.repos import Build, Repo

SETTLED = 0.15
"""Seconds after which a file that was written counts as settled."""
MANY = 40

RECORD = """---
id: d-abcdef{number:02}
title: Number {number}
date: 2026-01-02
status: accepted

category: design
tasks:
supersedes:
{link}governs:
  - path: src/{number}
---

# Number {number}

## Decision Outcome

Words of number {number}.
"""


def filled(repo: Repo) -> None:
    """A store with many decisions, each of which supersedes the one before it."""
    repo.commit("begin", {"a.txt": "one\n"})
    repo.run("init")
    for number in range(MANY):
        link = f"  - d-abcdef{number - 1:02}\n" if number else ""
        repo.write(
            f".orchestrator/decisions/d-abcdef{number:02}-x.md", RECORD.format(number=number, link=link)
        )
    os.sync()


@pytest.fixture
def project(build: Build) -> Repo:
    repo = build(filled)
    time.sleep(SETTLED)
    return repo


def cache_files(repo: Repo) -> list[Path]:
    return sorted((repo.path / ".git" / "taskorch" / "cache").glob("records-*.sqlite"))


def loaded(repo: Repo) -> Collection:
    """All records, as a new process would read them."""
    found = Workspace(repo.path).load()
    assert len(found.decisions) == len(list((repo.path / ".orchestrator/decisions").glob("*.md")))
    return found


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The paths of the files that are parsed."""
    paths: list[str] = []

    def read(path: str, data: bytes | str) -> object:
        paths.append(path)
        return read_record(path, data)

    monkeypatch.setattr("taskorch.services.record_files.read_record", read)
    yield paths


def test_the_second_time_nothing_is_parsed_and_all_is_the_same(project: Repo, parsed: list[str]) -> None:
    first = loaded(project)
    assert len(parsed) == MANY
    parsed.clear()
    second = loaded(project)
    assert parsed == []
    assert dict(first.decisions) == dict(second.decisions)  # their texts, too
    assert second.back_links("d-abcdef03") == first.back_links("d-abcdef03")
    assert second.decisions["d-abcdef07"].governs == ("src/7",)


def _same_size(file: Path) -> None:
    known = file.stat()
    with file.open("r+") as opened:
        opened.seek(file.read_text().index("accepted"))
        opened.write("rejected")
    os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))


def _replaced(file: Path) -> None:
    other = file.with_name("other")
    other.write_text(file.read_text().replace("accepted", "rejected"))
    os.replace(other, file)


CHANGES: dict[str, Callable[[Path], object]] = {
    "rewritten": lambda file: file.write_text(file.read_text().replace("accepted", "rejected")),
    "of the same size, in place, with its old times": _same_size,
    "replaced": _replaced,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_file_is_read_anew(project: Repo, change: str) -> None:
    loaded(project)
    CHANGES[change](project.path / ".orchestrator/decisions/d-abcdef05-x.md")
    found = loaded(project)
    assert found.decisions["d-abcdef05"].status == "rejected"
    assert [one.id for one in found.decisions.values() if one.status != "accepted"] == ["d-abcdef05"]


def test_what_comes_and_goes(project: Repo) -> None:
    loaded(project)
    folder = project.path / ".orchestrator/decisions"
    (folder / "d-abcdef05-x.md").rename(folder / "d-abcdef05-renamed.md")
    (folder / "d-abcdef06-x.md").unlink()
    (folder / "d-abcdef07-x.md").write_text("broken")
    found = Workspace(project.path).load()
    assert found.decisions["d-abcdef05"].path == "decisions/d-abcdef05-renamed.md"
    assert "d-abcdef06" not in found.decisions
    assert [problem.path for problem in found.problems] == [".orchestrator/decisions/d-abcdef07-x.md"]


def test_a_file_that_has_just_changed_is_not_kept(project: Repo, parsed: list[str]) -> None:
    for file in (project.path / ".orchestrator/decisions").glob("*.md"):
        os.utime(file)  # their change is of this moment
    loaded(project)
    parsed.clear()
    loaded(project)
    assert len(parsed) == MANY


def test_stamps_of_whole_seconds_settle_later() -> None:
    second = 1_000_000_000
    assert is_settled((1, 5 * second + 1, 5 * second + 1, 1), 5 * second + second // 2)
    assert not is_settled((1, 5 * second, 5 * second, 1), 5 * second + second // 2)
    assert is_settled((1, 5 * second, 5 * second, 1), 9 * second)
    assert not is_settled((1, 0, 5 * second + 1, 1), 5 * second + 2)


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 100, None])
def test_whatever_is_wrong_with_it_it_is_made_anew(
    project: Repo, parsed: list[str], damage: bytes | None
) -> None:
    loaded(project)
    [file] = cache_files(project)
    if damage is None:  # as a disk might: a page in the middle
        whole = bytearray(file.read_bytes())
        whole[8192:12288] = os.urandom(4096)
        damage = bytes(whole)
    file.write_bytes(damage)
    assert loaded(project).decisions["d-abcdef05"].title == "Number 5"
    loaded(project)
    parsed.clear()
    loaded(project)
    assert parsed == []


def test_of_another_program_it_counts_for_nothing(
    project: Repo, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded(project)
    parsed.clear()
    monkeypatch.setattr("taskorch.services.record_files.__version__", "99")
    loaded(project)
    assert len(parsed) == MANY
    parsed.clear()
    loaded(project)
    assert parsed == []


def test_a_busy_or_read_only_place_keeps_nobody_from_reading(project: Repo, parsed: list[str]) -> None:
    loaded(project)
    [file] = cache_files(project)
    busy = sqlite3.connect(file, isolation_level=None)
    busy.execute("begin exclusive")
    before = time.monotonic()
    assert len(loaded(project).decisions) == MANY
    assert time.monotonic() - before < 2
    busy.close()
    file.unlink()
    file.mkdir()  # nothing can be opened or written there
    assert len(loaded(project).decisions) == MANY


def test_racing_readers_and_writers_all_see_what_the_files_say(project: Repo) -> None:
    wrong: list[object] = []

    def read() -> None:
        for _ in range(6):
            found = Workspace(project.path).load()
            titles = {one.title for one in found.decisions.values()}
            if titles != {f"Number {number}" for number in range(MANY)}:
                wrong.append(titles)
            for file in cache_files(project)[:1]:
                file.unlink(missing_ok=True)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []


def test_few_changes_write_nothing(project: Repo) -> None:
    loaded(project)
    [file] = cache_files(project)
    before = file.read_bytes()
    one = project.path / ".orchestrator/decisions/d-abcdef05-x.md"
    one.write_text(one.read_text().replace("accepted", "rejected"))
    time.sleep(SETTLED)
    assert loaded(project).decisions["d-abcdef05"].status == "rejected"
    assert file.read_bytes() == before


def test_one_record_is_read_alone(project: Repo) -> None:
    found = Workspace(project.path).load()
    assert found.decision("d-abcdef05").title == found.decision("abcdef05").title == "Number 5"
    assert "d-abcdef06" in found.decisions
    assert "live" not in vars(found)
    assert "d-zzzzzzzz" not in found.decisions
    assert "live" in vars(found)


def test_what_writes_one_record_reads_only_those_it_names(
    project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = Workspace(project.path)
    first, second = new_task(ws, "First")["id"], new_task(ws, "Second")["id"]

    def refuse(self: object) -> None:
        raise AssertionError("all records were read")

    monkeypatch.setattr("taskorch.records.lazy_collection.LazyCollection.whole", property(refuse))
    new_task(ws, "Third", depends_on=[first], priority="high")
    edit_task(ws, second, assignee="Ann")
    note_task(ws, second, "A note")
    start_task(ws, second)
    block_task(ws, first)
    new_decision(ws, "Fourth", rationale="It is so", task=first)
    edit_decision(ws, "d-abcdef05", outcome="good")


def test_a_file_with_another_id_than_its_name_says_is_found(project: Repo) -> None:
    folder = project.path / ".orchestrator/decisions"
    (folder / "d-abcdef05-x.md").rename(folder / "d-aaaaaaaa-x.md")
    assert Workspace(project.path).load().decision("d-abcdef05").title == "Number 5"
    assert "d-aaaaaaaa" not in Workspace(project.path).load().decisions


def test_searching_reads_no_files(project: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(project)
    found = Workspace(project.path).load()
    _ = found.whole
    monkeypatch.setattr("builtins.open", lambda *_, **__: pytest.fail("a file was read"))
    assert [one.id for one in found.with_words(["words of", "number 17"])] == ["d-abcdef17"]


def test_rows_of_files_that_are_gone_are_dropped(tmp_path: Path) -> None:
    cache = RecordCache(tmp_path / "cache" / "records-x.sqlite", "1")
    cache.put(
        {path: Row((1, 2, 3, 4), Head("d-1", None, "[]"), f"text of {path}") for path in ("a", "b")}, ()
    )
    cache.put({}, ["a"])
    assert cache.heads() == {"b": ((1, 2, 3, 4), ("d-1", None, "[]"))}
    assert cache.with_words(["text"]) == {"b"}


def test_what_is_kept_of_archived_records_outlives_a_list_of_the_others(project: Repo) -> None:
    text = "---\nid: t-{0:08}\ntitle: T\ncreated: 2026-01-02T00:00:00Z\nstatus: completed\n---\n"
    for number in range(20):
        project.write(f".orchestrator/archive/2026-01/t-{number:08}-x.md", text.format(number))
    time.sleep(0.15)
    every, live = (
        len(Workspace(project.path).load().whole.tasks),
        len(Workspace(project.path).load().live.tasks),
    )
    assert every == live + 20
    [file] = (project.path / ".git" / "taskorch" / "cache").glob("records-*.sqlite")
    with closing(sqlite3.connect(file)) as rows:
        kept = rows.execute("select count(*) from head where path like 'archive/%'").fetchone()
    assert kept == (20,)
