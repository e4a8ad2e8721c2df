"""Folders of decisions that other tools keep, imported."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli import adr_folders
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.repos import Repo

FOLDERS: dict[str, tuple[Callable[[Repo], None], str, str]] = {
    "adr-tools": (adr_folders.adr_tools, "doc/adr", "0003-use-c.md"),
    "madr3": (adr_folders.madr, "docs/decisions", "0003-use-c.md"),
    "log4brains": (adr_folders.log4brains, "docs/adr", "20200103-use-c.md"),
}


def by_name(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The decisions of an answer by their files' names."""
    return {row["path"].rsplit("/", 1)[-1]: row for row in answer["decisions"]}


@pytest.mark.parametrize("tool", FOLDERS)
def test_a_dry_run_tells_what_is_there_and_writes_nothing(project: Repo, tool: str) -> None:
    make, folder, newer = FOLDERS[tool]
    make(project)
    before = snapshot(project)
    read = project.json("decision", "adopt", folder, "--dry-run")
    assert snapshot(project) == before
    assert (read["dialect"], read["dir"], read["dry_run"], read["problems"]) == (tool, folder, True, [])
    rows = by_name(read)
    older = next(name for name in rows if name.endswith("use-b.md"))
    assert rows[newer]["supersedes"] == [f"{folder}/{older}"]
    assert (rows[older]["superseded_by"], rows[older]["status"]) == ([f"{folder}/{newer}"], "superseded")
    assert rows[older]["raw_status"].lower().startswith("super")
    assert (rows[newer]["title"], rows[newer]["status"], rows[newer]["date"]) == (
        "Use C",
        "accepted",
        "2020-01-03",
    )
    assert rows[newer]["number"] == int(newer.split("-")[0])


def test_packages_of_log4brains_come_along(project: Repo) -> None:
    adr_folders.log4brains(project)
    rows = by_name(project.json("decision", "adopt", ".", "--dry-run"))
    assert rows["20200104-use-d.md"]["path"] == "packages/core/docs/adr/20200104-use-d.md"
    assert rows["20200104-use-d.md"]["category"] == "packages/core"
    assert rows["20200104-use-d.md"]["status"] == "proposed"
    assert "README.md" not in rows


def test_the_folder_that_adr_dir_names(project: Repo) -> None:
    adr_folders.adr_tools(project)
    assert project.json("decision", "adopt", ".", "--dry-run")["dir"] == "doc/adr"


def test_each_becomes_a_record_with_its_source(project: Repo) -> None:
    adr_folders.adr_tools(project)
    originals = {path: path.read_bytes() for path in (project.path / "doc").rglob("*.md")}
    done = project.json("decision", "adopt", "doc/adr")
    assert [row["imported"] for row in done["decisions"]] == [True] * 4
    listed = {row["title"]: row for row in project.json("decision", "list")["decisions"]}
    assert {title: row["status"] for title, row in listed.items()} == {
        "Record decisions": "accepted",
        "Use B": "superseded",
        "Use C": "accepted",
        "Use D": "proposed",
    }
    newer = listed["Use C"]
    assert newer["supersedes"] == [listed["Use B"]["id"]]
    assert newer["refines"] == [listed["Record decisions"]["id"]]
    assert "source: doc/adr/0003-use-c.md (3)\n" in project.read(newer["path"])
    assert {path: path.read_bytes() for path in originals} == originals
    assert project.json("doctor")["problems"] == []


def test_what_the_front_matter_says_is_not_said_twice(project: Repo) -> None:
    adr_folders.adr_tools(project)
    project.run("decision", "adopt", "doc/adr")
    text = project.read(project.json("decision", "show", "4")["path"])
    body = text.split("---\n", 2)[2]
    assert body.startswith("\n# 4. Use D\n\n## Context\n\nWhy Use D came up")
    assert "Date:" not in body
    assert "Proposed" not in body
    links = project.read(project.json("decision", "show", "1")["path"])
    assert re.search(r"## Status\n\nAmended by \[3. Use C\]\(d-\w{8}-use-c.md\)\n\n## Context", links)


def test_links_lead_where_they_led(project: Repo) -> None:
    adr_folders.adr_tools(project)
    project.run("decision", "adopt", "doc/adr")
    text = project.read(project.json("decision", "show", "4")["path"])
    first = project.json("decision", "show", "1")
    assert f"[the first]({first['path'].rsplit('/', 1)[-1]})" in text
    assert "![a picture](../../doc/adr/img/a%20b.png?raw=true)" in text


@pytest.mark.parametrize("name", ["3", "0003", "ADR-3", "adr 3", "0003-use-c", "doc/adr/0003-use-c.md"])
def test_the_old_names_still_find_it(project: Repo, name: str) -> None:
    adr_folders.adr_tools(project)
    project.run("decision", "adopt", "doc/adr")
    assert project.json("decision", "show", name)["title"] == "Use C"


def test_two_decisions_with_one_number_are_told_apart(project: Repo) -> None:
    adr_folders.adr_tools(project)
    project.write(
        "doc/adr/0003-use-e.md", adr_folders.NYGARD.format(number=3, title="Use E", status="Accepted")
    )
    project.run("decision", "adopt", "doc/adr")
    error = refused(project, "decision", "show", "3", kind="ambiguous")
    assert len(error["candidates"]) == 2
    assert project.json("decision", "show", "0003-use-e")["title"] == "Use E"


def test_a_second_time_only_what_is_new_is_taken(project: Repo) -> None:
    adr_folders.adr_tools(project)
    project.run("decision", "adopt", "doc/adr")
    one = project.json("decision", "show", "4")
    project.run("decision", "accept", one["id"])
    before = snapshot(project)
    again = project.json("decision", "adopt", "doc/adr")
    assert [row["imported"] for row in again["decisions"]] == [False] * 4
    assert snapshot(project) == before
    project.write(
        "doc/adr/0005-use-e.md", adr_folders.NYGARD.format(number=5, title="Use E", status="Accepted")
    )
    assert [row["imported"] for row in project.json("decision", "adopt", "doc/adr")["decisions"]] == [
        *[False] * 4,
        True,
    ]


def test_in_two_clones_it_gives_the_same_records(project: Repo, tmp_path: Path) -> None:
    adr_folders.madr(project)
    project.commit("decisions")
    other = project.clone(tmp_path / "other")
    assert (
        project.json("decision", "adopt", "docs/decisions")["decisions"]
        == (other.json("decision", "adopt", "docs/decisions")["decisions"])
    )
    for one in (project.path / ".orchestrator/decisions").glob("*.md"):
        assert one.read_bytes() == (other.path / ".orchestrator/decisions" / one.name).read_bytes()


def test_other_keys_of_the_front_matter_are_kept(project: Repo) -> None:
    adr_folders.madr(project)
    project.run("decision", "adopt", "docs/decisions")
    shown = project.json("decision", "show", "1")
    assert "parent: Decisions\nnav_order: 1\n---\n" in project.read(shown["path"])
    assert shown["decision_makers"] == ["Ann", "Ben"]
    assert shown["rationale"] == "it is better."


def test_a_status_that_is_none_of_ours_is_unknown_and_kept(project: Repo) -> None:
    project.write("adr/0001-a.md", adr_folders.NYGARD.format(number=1, title="A", status="Wobbly, they say"))
    read = project.json("decision", "adopt", "adr")["decisions"][0]
    assert (read["status"], read["raw_status"]) == ("unknown", "Wobbly, they say")
    shown = project.json("decision", "show", "1")
    assert shown["status"] == "unknown"
    assert "The original's status: Wobbly, they say" in shown["body"]
    assert project.json("decision", "accept", "1")["status"] == "accepted"


def test_what_cannot_be_read_is_listed_and_hides_nothing(project: Repo) -> None:
    adr_folders.adr_tools(project)
    project.write("doc/adr/0005-zero.md", b"# 5. Zero\n\0\n")
    project.write(
        "doc/adr/0006-gone.md",
        adr_folders.NYGARD.format(number=6, title="F", status="Superceded by [9](0009-x.md)"),
    )
    read = project.json("decision", "adopt", "doc/adr")
    assert {row["path"].rsplit("/", 1)[-1]: row["line"] for row in read["problems"]} == {
        "0005-zero.md": 2,
        "0006-gone.md": 7,
    }
    assert read["unread"] == ["doc/adr/0005-zero.md"]
    assert sum(row["imported"] for row in read["decisions"]) == 5


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("nowhere", "not_found"), ("empty", "not_found"), ("../out", "bad_path"), (".git", "bad_path")],
)
def test_a_folder_without_decisions_is_refused(project: Repo, folder: str, kind: str) -> None:
    project.write("empty/notes.txt", "nothing\n")
    refused(project, "decision", "adopt", folder, kind=kind)


def test_undo_takes_an_import_back(project: Repo) -> None:
    adr_folders.adr_tools(project)
    before = project.git("status", "--porcelain")
    project.run("decision", "adopt", "doc/adr")
    assert project.git("status", "--porcelain") != before
    project.run("undo")
    assert project.git("status", "--porcelain") == before
