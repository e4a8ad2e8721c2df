"""Decisions that stay in a folder of another tool: found, shown and told as ours, edited there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.refusals import refused
from tests.repos import Repo

NYGARD = """\
# 1. Use bcrypt

Date: 2024-02-29

## Status

Accepted

## Context

Passwords must be hashed.

## Decision

We use bcrypt, because it is everywhere.

## Consequences

Logins are slow.
"""
PLACE = "doc/adr/0001-use-bcrypt.md"


@pytest.fixture
def old(project: Repo) -> str:
    """The id of a decision in Nygard's form that is committed, and was deprecated since."""
    project.write(".orchestrator/config.yaml", "format: 1\ndecisions: doc/adr\n")
    project.commit("an ADR", {PLACE: NYGARD})
    project.commit("no passwords", {PLACE: NYGARD.replace("Accepted", "Deprecated")})
    [row] = project.json("decision", "list")["decisions"]
    return str(row["id"])


def test_its_sections_are_shown_apart(project: Repo, old: str) -> None:
    shown = project.json("decision", "show", old)
    assert (shown["context"], shown["rationale"]) == ("Passwords must be hashed.", "it is everywhere.")
    assert shown["consequences"] == ["Logins are slow."]


def test_it_is_found_by_words_and_fields(project: Repo, old: str) -> None:
    for words in (("bcrypt",), ("--status", "deprecated"), ("--until", "2024-12-31", "--kind", "decision")):
        [row] = {one["id"]: one for one in project.json("search", *words)["results"]}.values()
        assert (row["id"], row["path"]) == (old, PLACE)
        assert project.read(PLACE).splitlines()[row["line"] - 1].strip() == row["text"]


def test_its_history_and_statuses_are_told(project: Repo, old: str) -> None:
    answer = project.json("history", old)
    assert [row["subject"] for row in answer["history"]] == ["an ADR", "no passwords"]
    [one] = answer["chain"]
    assert [(s["from"], s["to"], s["subject"]) for s in one["statuses"]] == [
        (None, "accepted", "an ADR"),
        ("accepted", "deprecated", "no passwords"),
    ]


def test_it_is_not_edited_in_our_form(project: Repo, old: str, sealed: Path) -> None:
    refused(project, "decision", "edit", old, "--impact", "high", kind="refused")
    refused(project, "decision", "edit", old, kind="refused", env={"VISUAL": "true"})
    assert list((sealed / "tmp").iterdir()) == []  # no editor was opened
