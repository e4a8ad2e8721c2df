"""Decisions from a file or from standard input."""

from __future__ import annotations

import pytest

from tests.cli.capturing import body, from_input
from tests.cli.making import new_task
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.repos import Repo


def test_a_text_from_standard_input(project: Repo) -> None:
    made = from_input(project, "# Use tabs\n\n## Context\n\nc\n\n## Decision\n\nTabs, because short.\n")
    assert made["title"] == "Use tabs"
    assert body(project, made) == "# Use tabs\n\n## Context\n\nc\n\n## Decision\n\nTabs, because short."
    shown = project.json("decision", "show", str(made["id"]))
    assert (shown["context"], shown["rationale"]) == ("c", "short.")


def test_a_text_without_sections_is_what_was_decided(project: Repo) -> None:
    made = from_input(project, "We use tabs, because they are short.\n\nMore.\n", "Use tabs")
    assert body(project, made).startswith("# Use tabs\n\n## Decision Outcome\n\nWe use tabs, ")
    made = from_input(project, "# Use tabs\n\nWe use tabs.\n")
    assert body(project, made) == "# Use tabs\n\n## Decision Outcome\n\nWe use tabs."


def test_front_matter_of_a_text_is_taken_over(project: Repo) -> None:
    task = new_task(project)
    text = (
        "\ufeff--- \r\nid: d-00000000\r\nstatus: accepted\r\ndate: 2025-01-31\r\ndeciders: [Bob, Cy]\r\n"
        f"consulted: Zed\r\nimpact: low\r\ntasks: [{task}]\r\ngoverns:\r\n  - README.md\r\n---\r\n"
        "# From a file\r\n\r\n## Decision\r\n\r\nYes.\r\n"
    )
    project.write("notes.md", text)
    made = project.json("decision", "new", "-F", "notes.md", "--impact", "high")
    assert (made["status"], made["date"], made["impact"]) == ("accepted", "2025-01-31", "high")
    assert (made["decision_makers"], made["tasks"], made["governs"]) == (["Bob", "Cy"], [task], ["README.md"])
    assert made["id"] != "d-00000000"
    written = project.read(str(made["path"]))
    assert "\nconsulted: Zed\n---\n" in written
    assert "\r" not in written
    assert not project.json("doctor")["problems"]


@pytest.mark.parametrize(
    ("text", "words", "message"),
    [
        ("", (), "standard input is empty"),
        (" \n", ("T",), "standard input is empty"),
        ("# T\n", (), "says nothing but its title"),
        ("words\n", (), "has no title"),
        ("---\nstatus: superseded by 7\n---\n# T\nx\n", (), "standard input:2:9: 'status' is"),
        ("---\nstatus: accepted\n# T\n", (), "no closing"),
        ("# T\nx\0\n", (), "standard input:2:1: a NUL character"),
        ("# T\n<<<<<<< mine\n", (), "standard input:2:1: conflict markers"),
        ("# T\n## Context\n\nIt is {argument a}\n", (), "standard input:4:1: the template's"),
        ("# T\nx\n", ("--context", "c"), "exclude each other"),
        ("# T\nx\n", ("--template", "madr"), "exclude each other"),
        ("\udcff\udcfe", ("T",), "not UTF-8"),
    ],
)
def test_a_text_that_is_none_is_refused(
    project: Repo, text: str, words: tuple[str, ...], message: str
) -> None:
    before = snapshot(project, local=True)
    done = project.run("decision", "new", *words, "-F", "-", "--json", stdin=text, check=False)
    assert done.code in (1, 2)
    assert message in done.error["message"]
    assert done.error["hint"]
    assert snapshot(project, local=True) == before


def test_a_file_that_is_not_there_is_refused(project: Repo) -> None:
    for name in ("none.md", "."):
        assert (
            "cannot be read"
            in refused(project, "decision", "new", "T", "-F", name, kind="refused")["message"]
        )
    project.write("large.md", "x" * (2 << 20))
    assert (
        "more than" in refused(project, "decision", "new", "T", "-F", "large.md", kind="refused")["message"]
    )
    refused(project, "decision", "new", "-F", "none.md", "-e", kind="usage", code=2)
