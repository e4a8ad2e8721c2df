"""Decisions in place that several supersede, or that contradict each other: told with what mends it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli import adr_folders
from tests.repos import Repo


@pytest.fixture
def folder(project: Repo) -> Repo:
    """A folder adopted in place: A was superseded by B and C, and says nothing of it."""
    for number, name, status in (
        (1, "a", "Superseded by 0002-use-b.md"),
        (2, "b", "Accepted"),
        (3, "c", "Accepted\n\nSupersedes [1. Use A](0001-use-a.md)"),
    ):
        text = adr_folders.NYGARD.format(number=number, title=f"Use {name}", status=status)
        project.write(f"adr/000{number}-use-{name}.md", text)
    project.run("decision", "adopt", "adr", "--in-place")
    return project


def problems(repo: Repo) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = repo.run("doctor", "--json", check=False).json["problems"]
    return found


def say(repo: Repo, name: str, before: str, after: str) -> None:
    path = f"adr/{name}.md"
    repo.write(path, repo.read(path).replace(before, after, 1))


def test_that_several_supersede_it_is_no_problem_once_its_file_says_so(folder: Repo) -> None:
    [one] = problems(folder)
    assert (one["path"], one["message"].startswith("superseded more than once")) == (
        "adr/0001-use-a.md",
        True,
    )
    said = one["hint"].split("say so in its status: ")[1]
    assert said == "superseded by 0002-use-b.md and 0003-use-c.md"
    say(folder, "0001-use-a", "Superseded by 0002-use-b.md", said.capitalize())
    assert folder.json("doctor")["problems"] == []
    assert len(folder.json("decision", "show", "1")["superseded_by"]) == 2


def test_one_of_them_can_be_made_to_stand(folder: Repo) -> None:
    [one] = problems(folder)
    command = one["hint"].split("to stand: taskorch ")[1].split(",")[0]
    folder.run(*command.split())
    assert folder.json("doctor")["problems"] == []


def test_a_status_that_a_newer_one_contradicts(folder: Repo) -> None:
    say(folder, "0001-use-a", "Superseded by 0002-use-b.md", "Accepted")
    [one] = problems(folder)
    assert one["hint"] == "say so in its status: superseded by 0003-use-c.md"
    say(folder, "0001-use-a", "Accepted", "Superseded by 0003-use-c.md")
    assert folder.json("doctor")["problems"] == []


def test_a_ring_is_mended_in_the_file_that_is_named(folder: Repo) -> None:
    say(folder, "0001-use-a", "Superseded by 0002-use-b.md", "Superseded by 3\n\nSupersedes 0003-use-c.md")
    ring = next(one for one in problems(folder) if "ring" in one["message"])
    assert ring["hint"] == f"take one of these links out: {ring['path']}"
