"""What was read of an adopted folder is kept, and never takes the place of what its files say."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from taskorch.interchange.adr.folder import Folder, read_folder
from taskorch.services.decisions import folder_stamps, folders, kept_folder
from tests.cli.adr_folders import NYGARD
from tests.repos import Build, Repo

SETTLED = 0.15
"""Seconds after which a file that was written counts as settled."""
LIST = ("decision", "list")


def filled(repo: Repo) -> None:
    """A folder of adr-tools, adopted in place: each third decision supersedes the one before it."""
    for number in range(1, 7):
        status = (
            "Accepted" if number % 3 else f"Accepted\n\nSupersedes [x](000{number - 1}-use-{number - 1}.md)"
        )
        text = NYGARD.format(number=number, title=f"Use caf\xe9 {number}", status=status)
        data = text.encode("cp1252" if number == 4 else "utf-8")
        repo.write(f"doc/adr/000{number}-use-{number}.md", data)
    repo.write("doc/adr/README.md", "# All\n")
    repo.write("doc/adr/0007-zero.md", b"\0")
    repo.commit("begin", {"a.txt": "one\n"})
    repo.run("init")
    repo.run("decision", "adopt", "doc/adr", "--in-place")
    repo.commit("adopted")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A word for each time that the folder is read; what few files it has is kept."""
    times: list[str] = []

    def reading(*given: Any) -> Folder:
        times.append("read")
        return read_folder(*given)

    monkeypatch.setattr(folders, "read_folder", reading)
    monkeypatch.setattr(kept_folder, "_MANY", 1)
    return times


@pytest.fixture
def project(build: Build, read: list[str]) -> Repo:
    """The project with what was read of its folder kept."""
    repo = build(filled)
    time.sleep(SETTLED)
    repo.json(*LIST)
    read.clear()
    return repo


ASKED = [
    LIST, ("decision", "show", "3"), ("decision", "show", "0004-use-4"), ("search", "caf\xe9 5"),
    ("decision", "graph"), ("doctor",), ("decision", "check"), ("decision", "show", "use-2"),
]  # fmt: skip


def answers(repo: Repo) -> list[str]:
    return [repo.run(*words, "--json", check=False).out for words in ASKED]


def test_no_file_is_read_twice_and_all_answers_are_the_same(
    project: Repo, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = answers(project)
    assert read == []
    monkeypatch.setattr(kept_folder, "_MANY", 1000)
    shutil.rmtree(project.path / ".git/taskorch/cache")
    assert answers(project) == warm
    assert len(read) == len(warm)
    assert json.loads(warm[2])["title"] == "Use caf\xe9 4"


def rewritten(repo: Repo) -> None:
    """Another text of the same size, with the times it had."""
    file = repo.path / "doc/adr/0001-use-1.md"
    before = file.stat()
    file.write_bytes(file.read_bytes().replace(b"Accepted", b"Rejected"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(repo: Repo) -> None:
    """Another file of the same size and times in its place."""
    file = repo.path / "doc/adr/0001-use-1.md"
    before, other = file.stat(), repo.path / "other"
    other.write_bytes(file.read_bytes().replace(b"Accepted", b"Rejected"))
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(file)


def added(repo: Repo) -> None:
    repo.write("doc/adr/more/0008-use-8.md", NYGARD.format(number=8, title="Use 8", status="Accepted"))


def removed(repo: Repo) -> None:
    (repo.path / "doc/adr/0001-use-1.md").unlink()


def renamed(repo: Repo) -> None:
    (repo.path / "doc/adr/0001-use-1.md").rename(repo.path / "doc/adr/0001-use-one.md")


def named_by_settings(repo: Repo) -> None:
    """A package that the settings of log4brains name."""
    repo.write("core/20200101-use-x.md", NYGARD.format(number=1, title="Use X", status="Accepted"))
    repo.write(
        ".log4brains.yml",
        "project:\n  adrFolder: doc/adr\n  packages:\n    - name: c\n      path: c\n      adrFolder: core\n",
    )


def turned_into_a_link(repo: Repo) -> None:
    (repo.path / "doc").rename(repo.path / "real")
    (repo.path / "doc").symlink_to("real")


@pytest.mark.parametrize(
    "change", [rewritten, replaced, added, removed, renamed, named_by_settings, turned_into_a_link]
)
def test_what_has_changed_is_read_anew(
    project: Repo, read: list[str], change: Callable[[Repo], None]
) -> None:
    before = project.json(*LIST)
    change(project)
    assert project.json(*LIST) != before


def test_settings_that_say_the_same_folders_otherwise(project: Repo) -> None:
    named_by_settings(project)
    time.sleep(SETTLED)
    before = project.json(*LIST)
    project.write(".log4brains.yml", project.read(".log4brains.yml").replace("path: c", "path: d"))
    assert project.json(*LIST) != before


def test_what_changes_while_it_is_read_is_not_kept(
    project: Repo, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def racing(*given: Any) -> Folder:
        found = read_folder(*given)
        rewritten(project)
        return found

    added(project)
    time.sleep(SETTLED)
    monkeypatch.setattr(folders, "read_folder", racing)
    stale = {row["title"]: row["status"] for row in project.json(*LIST)["decisions"]}
    assert stale["Use caf\xe9 1"] == "accepted"
    monkeypatch.setattr(folders, "read_folder", read_folder)
    rows = {row["title"]: row["status"] for row in project.json(*LIST)["decisions"]}
    assert rows["Use caf\xe9 1"] == "rejected"


def test_what_may_change_without_a_trace_is_not_kept(
    project: Repo, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_stamps, "RECENT", 3600 * 10**9)
    added(project)
    for _ in range(2):
        project.json(*LIST)
    assert len(read) == 2


def test_another_version_of_the_program_reads_anew(
    project: Repo, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_folder, "__version__", "0.0.1")
    project.json(*LIST)
    assert read == ["read"]


def test_writing_goes_by_the_files(project: Repo, read: list[str]) -> None:
    made = project.json("decision", "new", "Use H", "--because", "better", "--supersedes", "1")
    assert made["path"] == "doc/adr/0007-use-h.md"
    assert project.json("decision", "show", "1")["status"] == "superseded"
    project.run("undo")
    assert project.json("decision", "show", "1")["status"] == "accepted"


def test_a_damaged_answer_is_none(project: Repo, read: list[str]) -> None:
    before = project.json(*LIST)
    for file in Path(project.path / ".git/taskorch/cache").glob("*.json"):
        file.write_bytes(file.read_bytes()[:-9])
    assert project.json(*LIST) == before
    assert read == ["read"]
