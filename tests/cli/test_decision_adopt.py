"""Folders of decisions that other tools keep, imported."""

from __future__ import annotations

import os
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


def test_what_is_no_decision_is_listed_with_the_reason(project: Repo) -> None:
    adr_folders.adr_tools(project)
    project.write("doc/adr/0007-use-g.rst", "Use G\n=====\n\nContext\n-------\n\nx\n")
    for name in (".draft.md", "README.md", "0000-template.md", "notes.txt", "flow.puml", "0008-use-h.txt"):
        project.write(f"doc/adr/{name}", "x\n")
    (project.path / "doc/adr/0009-use-i.md").symlink_to("0004-use-d.md")
    project.commit("decisions")
    before = snapshot(project)
    read = project.json("decision", "adopt", "doc/adr", "--dry-run")
    assert {row["item"].removeprefix("doc/adr/"): row["reason"] for row in read["skipped"]} == {
        ".draft.md": "hidden",
        "0000-template.md": "a template",
        "0009-use-i.md": "a symbolic link, which is not read",
        "README.md": "an index, README or the like",
        "flow.puml": "not Markdown",
        "img/a b.png": "a picture",
        "notes.txt": "not Markdown",
    }
    assert read["unread"] == ["doc/adr/0008-use-h.txt"]
    assert "0007-use-g.rst" in by_name(read)
    told = project.run("decision", "adopt", "doc/adr", "--dry-run").out
    assert "  not Markdown: doc/adr/flow.puml, doc/adr/notes.txt\n" in told
    assert "doc/adr/0008-use-h.txt:1: not Markdown: save it as .md" in told
    assert snapshot(project) == before


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


def nygard(project: Repo, **statuses: str) -> None:
    """A folder of adr-tools with the decisions A, B, ... and these statuses."""
    for number, (name, status) in enumerate(statuses.items(), 1):
        project.write(
            f"doc/adr/000{number}-use-{name.lower()}.md",
            adr_folders.NYGARD.format(number=number, title=f"Use {name}", status=status),
        )


def test_what_contradicts_itself_becomes_records_that_do_not(project: Repo) -> None:
    nygard(
        project,
        A="Accepted",
        B="Accepted\n\nSupersedes [1. Use A](0001-use-a.md)",
        C="Accepted\n\nSupersedes [1. Use A](0001-use-a.md)",
        D="Rejected",
        E="Accepted\n\nSupersedes [4. Use D](0004-use-d.md)",
    )
    project.run("decision", "adopt", "doc/adr")
    assert project.json("doctor")["problems"] == []
    shown = {name: project.json("decision", "show", str(place)) for place, name in enumerate("ABCDE", 1)}
    assert {name: one["status"] for name, one in shown.items()} == {
        "A": "superseded", "B": "accepted", "C": "accepted", "D": "rejected", "E": "accepted",
    }  # fmt: skip
    assert (shown["A"]["superseded_by"], shown["A"]["refined_by"]) == ([shown["C"]["id"]], [shown["B"]["id"]])
    assert "The original's status: Accepted" in project.read(shown["A"]["path"])


def test_what_was_superseded_in_part_still_stands(project: Repo) -> None:
    nygard(
        project,
        A="Accepted; partially superseded by [2. Use B](0002-use-b.md): all else remains",
        B="Accepted\n\nSupersedes [1. Use A](0001-use-a.md)",
    )
    read = by_name(project.json("decision", "adopt", "doc/adr"))
    assert (read["0001-use-a.md"]["superseded_by"], read["0001-use-a.md"]["status"]) == ([], "accepted")
    one = project.json("decision", "show", "1")
    assert (one["status"], one["refined_by"]) == ("accepted", [project.json("decision", "show", "2")["id"]])
    assert "all else remains" in project.read(one["path"])
    assert project.json("doctor")["problems"] == []


def test_why_it_was_superseded_is_kept(project: Repo) -> None:
    nygard(project, A="Superseded by [2. Use B](0002-use-b.md) (the vendor is gone)", B="Accepted")
    project.run("decision", "adopt", "doc/adr")
    text = project.read(project.json("decision", "show", "1")["path"])
    assert "The original's status: Superseded by 2. Use B (the vendor is gone)" in text


def test_pictures_in_html_lead_where_they_led(project: Repo) -> None:
    nygard(project, A='Accepted\n\n<img alt="x" src="img/a.png"> <a href="../b.md">b</a>')
    project.run("decision", "adopt", "doc/adr")
    text = project.read(project.json("decision", "show", "1")["path"])
    assert '<img alt="x" src="../../doc/adr/img/a.png"> <a href="../../doc/b.md">' in text


CODE = """\
Write `[a](0002-use-b.md)` or ``a ` [b](img/a.png)``, as in `<img src="img/a.png">`.

```
[c]: 0002-use-b.md
[c](img/a.png)
```

> ~~~~
> [d](img/a.png)
> ~~~~

    [e](img/a.png)

<!-- [f](img/a.png) -->"""


def test_text_in_code_stays_byte_for_byte(project: Repo) -> None:
    links = "A [g `x`](img/a.png), ` [h](img/a.png) and [i].\n\n  [i]: img/a.png"
    nygard(project, A=f"Accepted\n\n## More\n\n{CODE}\n\n{links}", B="Accepted")
    project.run("decision", "adopt", "doc/adr")
    text = project.read(project.json("decision", "show", "1")["path"])
    assert f"## More\n\n{CODE}\n\n" in text
    assert links.replace("img/a.png", "../../doc/adr/img/a.png") in text


def test_a_later_import_makes_the_older_superseded(project: Repo) -> None:
    nygard(project, A="Accepted")
    project.run("decision", "adopt", "doc/adr")
    nygard(project, A="Accepted", B="Accepted\n\nSupersedes [1. Use A](0001-use-a.md)")
    project.run("decision", "adopt", "doc/adr")
    assert project.json("decision", "show", "1")["status"] == "superseded"
    assert project.json("doctor")["problems"] == []


@pytest.mark.parametrize("named", ["../secret", "{outside}", "link"])
def test_settings_lead_to_no_file_outside(project: Repo, named: str) -> None:
    outside = project.path.parent / "secret"
    outside.mkdir()
    (outside / "0001-secret.md").write_text(adr_folders.NYGARD.format(number=1, title="S", status="x"))
    (project.path / "link").symlink_to(outside)
    project.write(".adr-dir", named.format(outside=outside))
    for folder in (".", "link"):
        done = project.run("decision", "adopt", folder, "--json", check=False)
        assert (done.code, bool(done.error["hint"])) == (1, True)
    project.write(
        ".log4brains.yml",
        "project:\n  adrFolder: adr\n  packages:\n    - name: p\n      path: p\n"
        f"      adrFolder: {outside}\n",
    )
    project.write("adr/0001-a.md", adr_folders.NYGARD.format(number=1, title="A", status="Accepted"))
    assert list(by_name(project.json("decision", "adopt", "."))) == ["0001-a.md"]


@pytest.mark.parametrize("folder", [".orchestrator", ".orchestrator/decisions"])
def test_taskorchs_own_folder_is_refused(project: Repo, folder: str) -> None:
    before = snapshot(project)
    for options in ((), ("--in-place",)):
        refused(project, "decision", "adopt", folder, *options, kind="bad_path")
    assert snapshot(project) == before


def test_one_file_with_an_odd_name_or_size_does_not_stop_the_others(project: Repo) -> None:
    nygard(project, A="Accepted", B="Accepted")
    text = adr_folders.NYGARD.format(number=3, title="C", status="Accepted")
    (project.path / os.fsdecode(b"doc/adr/0003-\xff.md")).write_text(text)
    project.write("doc/adr/0004-large.md", text + "x y\n" * 300_000)
    done = project.json("decision", "adopt", "doc/adr")
    assert list(by_name(done)) == ["0001-use-a.md", "0002-use-b.md"]
    assert sorted(one["message"] for one in done["problems"]) == [
        "its name is not UTF-8: give it another one",
        "larger than 1 MiB",
    ]
