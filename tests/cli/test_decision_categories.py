"""Folders that are split into subfolders: where a new decision goes, and which number it gets."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli import adr_folders
from tests.repos import Repo

FRONT = "---\nparent: {parent}\nnav_order: {number}\nstatus: accepted\ndate: 2020-01-01\n---\n"
BODY = "# {title}\n\n## Context and Problem Statement\n\nx\n\n## Decision Outcome\n\ny\n"


def folder(repo: Repo, *files: str) -> None:
    """A folder of MADR with these files, adopted in place."""
    for file in files:
        where, _, name = file.removesuffix("/README.md").rpartition("/")
        parent, number = where or "Decisions", int(name[:4])
        title = name[5:].removesuffix(".md")
        repo.write(f"adr/{file}", (FRONT + BODY).format(parent=parent, number=number, title=title))
    repo.run("decision", "adopt", "adr", "--in-place")


def new(repo: Repo, *options: str) -> dict[str, Any]:
    return repo.json("decision", "new", "Use E", "--because", "better", *options)


LOCAL = ("0000-use-madr.md", "backend/0001-q.md", "backend/0002-r.md", "UI/0001-v.md", "security/0001-t.md")
GLOBAL = ("0001-use-madr.md", "backend/0002-q.md", "UI/0003-v.md", "backend/0004-r.md")


@pytest.mark.parametrize(
    ("files", "options", "path"),
    [
        (LOCAL, [], "0001-use-e.md"),
        (LOCAL, ["--component", "backend"], "backend/0003-use-e.md"),
        (LOCAL, ["--component", "login", "--component", "ui"], "UI/0002-use-e.md"),
        (LOCAL, ["--category", "security"], "security/0002-use-e.md"),
        (LOCAL, ["--category", "technology"], "0001-use-e.md"),
        (GLOBAL, ["--component", "backend"], "backend/0005-use-e.md"),
        (GLOBAL, [], "0005-use-e.md"),
        (("log/0001-a.md", "log/0002-b.md"), [], "log/0003-use-e.md"),
        (("x/adr/0001-a.md", "y/adr/0001-b.md"), ["--component", "y"], "y/adr/0002-use-e.md"),
        (("a/x/0001-a.md", "b/x/0001-b.md"), ["--component", "x"], "0001-use-e.md"),
        (("a/x/0001-a.md", "b/y/0001-b.md"), ["--component", "b/y"], "b/y/0002-use-e.md"),
        (("a/x/0001-a.md", "b/y/0001-b.md"), ["--component", "y"], "b/y/0002-use-e.md"),
        (("0001-a/README.md", "0002-b/README.md"), [], "0003-use-e/README.md"),
        (("0001-a/README.md", "ui/0002-b/README.md"), ["--component", "ui"], "ui/0003-use-e/README.md"),
    ],
)
def test_it_goes_where_the_others_of_its_kind_are(
    project: Repo, files: tuple[str, ...], options: list[str], path: str
) -> None:
    folder(project, *files)
    made = new(project, *options)
    assert made["path"] == f"adr/{path}"
    assert project.json("decision", "show", made["id"])["id"] == made["id"]
    assert project.json("doctor")["problems"] == []


def test_what_the_subfolder_says_is_not_said_twice(project: Repo) -> None:
    folder(project, *LOCAL)
    made = new(project, "--category", "security", "--component", "login", "--supersedes", "0002-r")
    text = project.read(made["path"])
    assert text.startswith(
        "---\nparent: security\nnav_order: 2\nstatus: proposed\n"
        f"date: {made['date']}\ncomponents:\n  - login\n---\n"
    )
    assert "Supersedes [ADR-0002](../backend/0002-r.md)" in text
    assert (made["category"], made["supersedes"]) == (
        "security", [project.json("decision", "show", "0002-r")["id"]],
    )  # fmt: skip
    assert "superseded by [ADR-0002](../security/0002-use-e.md)" in project.read("adr/backend/0002-r.md")


@pytest.mark.parametrize("name", ["core", "packages/core"])
def test_a_package_of_log4brains_is_named_as_a_component(project: Repo, name: str) -> None:
    adr_folders.log4brains(project)
    project.run("decision", "adopt", "docs/adr", "--in-place")
    made = new(project, "--component", name)
    assert made["path"].startswith("packages/core/docs/adr/20")
    assert made["components"] == ["packages/core"]
    assert "omponents" not in project.read(made["path"])
    assert new(project, "--component", "other")["path"].startswith("docs/adr/20")


def test_a_package_that_has_no_decision_yet(project: Repo) -> None:
    adr_folders.log4brains(project)
    (project.path / "packages/core/docs/adr/20200104-use-d.md").unlink()
    project.run("decision", "adopt", "docs/adr", "--in-place")
    made = new(project, "--component", "core")
    assert made["path"].startswith("packages/core/docs/adr/20")
    assert project.json("decision", "list")["problems"] == []
