"""Decisions written out as folders of other tools, and read again from there."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from taskorch.errors import WriteFailed
from taskorch.services.decisions.exporting import export_decisions
from taskorch.services.workspace import Workspace
from taskorch.store import files
from tests.cli import adr_folders
from tests.cli.making import new_decision
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.repos import Repo

TITLES = (
    'Use "double" quotes',
    "Pipes | in [brackets]",
    "# hash and `ticks`",
    "Same",
    "Same",
    "日本語 🎉",
    "x" * 200,
)


@pytest.fixture
def decided(project: Repo) -> Repo:
    """A project with decisions of all kinds: the first was replaced, the third refined."""
    ids = [new_decision(project, title, "--status", "accepted") for title in TITLES]
    project.run("decision", "supersede", ids[0], "--by", ids[1])
    project.run("decision", "refine", ids[2], "--by", ids[1])
    project.run("decision", "deprecate", ids[3])
    project.commit("decided")
    return project


def rows(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    return sorted((one["title"], one["status"], one["date"]) for one in answer["decisions"])


def linked(repo: Repo, kind: str) -> list[tuple[str, str]]:
    listed = repo.json("decision", "list")["decisions"]
    title = {one["id"]: one["title"] for one in listed}
    shown = [repo.json("decision", "show", one["id"]) for one in listed]
    return sorted((one["title"], title[other]) for one in shown for other in one[kind])


@pytest.mark.parametrize("form", ["madr", "adr-tools", "log4brains"])
def test_what_is_written_out_is_read_again(decided: Repo, tmp_path: Path, form: str) -> None:
    done = decided.json("decision", "export", "--format", form, "out")
    assert (done["decisions"], len(done["written"])) == (len(TITLES), len(TITLES) + 1)
    other = Repo.init(tmp_path / "other")
    other.run("init")
    for path in (decided.path / "out").iterdir():
        other.write(f"out/{path.name}", path.read_bytes())
    read = other.json("decision", "adopt", "out")
    assert (read["dialect"], read["problems"]) == ("madr4" if form == "madr" else form, [])
    assert rows(read) == rows(decided.json("decision", "list"))
    for kind in ("supersedes", "refines"):
        assert linked(other, kind) == linked(decided, kind)
    assert other.json("doctor")["problems"] == []


def test_dates_are_not_quoted(decided: Repo) -> None:
    decided.run("decision", "export", "--format", "madr", "out")
    text = next((decided.path / "out").glob("0*.md")).read_text()
    assert "\ndate: 2" in text


def test_json_has_all_that_show_says(decided: Repo) -> None:
    decided.run("decision", "export", "--format", "json", "out")
    written = json.loads(decided.read("out/decisions.json"))["decisions"]
    assert sorted(one["title"] for one in written) == sorted(TITLES)


def test_a_second_time_nothing_is_written(decided: Repo) -> None:
    decided.run("decision", "export", "--format", "madr", "out")
    before = snapshot(decided)
    assert decided.json("decision", "export", "--format", "madr", "out")["written"] == []
    assert snapshot(decided) == before


def test_nothing_is_written_over(decided: Repo) -> None:
    decided.write("out/index.md", "mine\n")
    before = snapshot(decided)
    assert (
        "out/index.md"
        in refused(decided, "decision", "export", "--format", "madr", "out", kind="refused")["message"]
    )
    assert snapshot(decided) == before


def _store(repo: Repo) -> str:
    return ".orchestrator/decisions"


def _file(repo: Repo) -> str:
    repo.write("notes.md", "x\n")
    return "notes.md"


def _pipe(repo: Repo) -> str:
    os.mkfifo(repo.path / "pipe")
    return "pipe"


def _link(repo: Repo) -> str:
    outside = repo.path.parent / "outside"
    outside.mkdir()
    (repo.path / "link").symlink_to(outside)
    return "link"


def _with_a_link(repo: Repo) -> str:
    (repo.path / "links").mkdir()
    (repo.path / "links/index.md").symlink_to(repo.path.parent / "nowhere.md")
    return "links"


def _with_a_folder(repo: Repo) -> str:
    (repo.path / "folders/index.md").mkdir(parents=True)
    return "folders"


def _adopted(repo: Repo) -> str:
    repo.write(
        "adr/0001-a.md",
        "# 1. A\n\nDate: 2020-01-01\n\n## Status\n\nAccepted\n\n## Context\n\nx\n\n## Decision\n\ny\n",
    )
    repo.run("decision", "adopt", "adr", "--in-place")
    return "adr/new"


@pytest.mark.parametrize("place", [_store, _file, _pipe, _link, _with_a_link, _with_a_folder, _adopted])
def test_places_that_are_none_are_refused(decided: Repo, place: Any) -> None:
    folder = place(decided)
    before = snapshot(decided)
    done = decided.run("decision", "export", "--format", "madr", folder, "--json", check=False)
    assert (done.code, bool(done.error["hint"])) == (1, True)
    assert snapshot(decided) == before
    assert not list(decided.path.parent.glob("outside/*"))


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """The disk is full after three files."""
    staged: list[Path] = []
    stage = files.stage

    def full(path: Path, data: bytes, mode: int, *, flush: bool = True) -> Path:
        staged.append(path)
        if len(staged) > 3:
            raise OSError(28, "No space left on device")
        return stage(path, data, mode, flush=flush)

    monkeypatch.setattr(files, "stage", full)
    yield staged


def test_files_are_whole_or_not_there(decided: Repo, failing: list[Path]) -> None:
    with pytest.raises(WriteFailed):
        export_decisions(Workspace(decided.path), "out", "madr")
    assert len(failing) == 4
    assert list((decided.path / "out").iterdir()) == []


def test_what_is_kept_elsewhere_keeps_its_numbers(project: Repo) -> None:
    adr_folders.adr_tools(project)
    (project.path / "doc/adr/0002-use-b.md").unlink()
    project.run("decision", "adopt", "doc/adr", "--in-place")
    project.run("decision", "export", "--format", "madr", "out")
    assert sorted(file.name for file in (project.path / "out").iterdir()) == [
        "0001-record-decisions.md", "0003-use-c.md", "0004-use-d.md", "index.md",
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["madr", "adr-tools"])
def test_what_is_not_known_is_not_made_up(project: Repo, form: str) -> None:
    project.write("adr/0001-use-a.md", "# Use A\n\nWe decided so.\n\n## Considered Options\n\n* A\n")
    project.run("decision", "adopt", "adr")
    project.run("decision", "export", "--format", form, "out")
    read = project.json("decision", "adopt", "out", "--dry-run")
    assert [(one["status"], one["date"]) for one in read["decisions"]] == [("unknown", None)]
