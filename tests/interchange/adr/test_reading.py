"""One decision in the form of each tool, and of people."""

import pytest

from taskorch.errors import BadRecord
from taskorch.interchange.adr.adr import Adr
from taskorch.interchange.adr.reading import read_adr

NYGARD = """# 12. Use Postgres

Date: 2020-01-02

## Status

Accepted

## Context

Proposed by nobody.

## Decision

## Consequences
"""
MADR2 = """# Use Postgres

* Status: accepted <!-- optional -->
* Deciders: Ann, Bob Miller; Carl <!-- optional -->
* Date: 2020-01-02 <!-- optional -->
* Tags: db, storage

## Context and Problem Statement

## Decision Outcome
"""
MADR4 = """---
# These are optional metadata elements.
status: "accepted"
date: 2020-01-02
decision-makers: [Ann, "Bob Miller",
  Carl]
tags:
  - db
  - storage
governs:
  - path: src/db.py
---

# Use Postgres

## Context and Problem Statement
"""
LOG4BRAINS = """# Use Postgres

- Status: accepted
- Deciders: Ann, Bob Miller, Carl
- Date: 2020-01-02
- Tags: db storage

## Context and Problem Statement
"""


def read(text: str, path: str = "0012-use-pg.md") -> Adr:
    return read_adr(path, text.encode())


def spans(adr: Adr) -> tuple[str, str]:
    """The words that stand where status and date are said to stand."""
    assert adr.status_place and adr.date_place
    return (
        adr.text[adr.status_place.start : adr.status_place.end],
        adr.text[adr.date_place.start : adr.date_place.end],
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("text", [NYGARD, MADR2, MADR4, LOG4BRAINS])
def test_each_tool_is_read_with_places(text: str, start: str, newline: str) -> None:
    adr = read(start + text.replace("\n", newline))
    assert (adr.number, adr.title, adr.status, adr.date) == (12, "Use Postgres", "accepted", "2020-01-02")
    assert adr.raw_status in ("Accepted", "accepted")
    status, date = spans(adr)
    assert status.strip('"').lower() == "accepted" and date == "2020-01-02"
    assert adr.problems == () and adr.encoding == "utf-8"
    if text != NYGARD:
        assert adr.deciders == ("Ann", "Bob Miller", "Carl")
    if text == MADR4:
        assert adr.tags == ("db", "storage")
        assert adr.metadata["governs"] == [{"path": "src/db.py"}]
        assert adr.text[adr.body_start :].lstrip().startswith("# Use Postgres")


@pytest.mark.parametrize(
    "said",
    [
        "**Status:** Accepted\n**Date:** 2020-01-02",
        "**Status**: Accepted | **Date**: 2020-01-02",
        "Status: Accepted\nDate: 2020-01-02",
        "| Status | Accepted |\n|---|---|\n| Date | 2020-01-02 |",
        "| Status | Date |\n|--|--|\n| Accepted | 2020-01-02 |",
        "* **Status: Accepted**\n* Date: 2020-01-02",
        "> Status: Accepted  \n> Date: 2020-01-02",
        "**Status**\n\nAccepted\n\n**Date**\n\n2020-01-02",
        "2 January 2020\n\n## Status\n\nAccepted",
        "Date 2020-01-02\n\n## Status:\n\n**Accepted**",
        "### **Date:** 2nd January 2020\n\n### **Status:** ACCEPTED",
        "## Status: Accepted\n\n## Date\n\n2020-01-02",
        "## 1. Status\n\nAccepted on 2020-01-02",
        "# Status\n\nAccepted\n\n# Date\n2020-01-02",
        "Status\n------\n\nAccepted\n\nDate\n----\n\n02.01.2020",
        "## Status\n\u00a0\nAccepted\n\u00a0\n## Date\n\u00a02020-01-02",
        "![Status](https://x.example/badge/status-accepted-green)\n\nDate: 2020-01-02",
        "* Date: 2020-01-02\n* Status:\n  * Accepted",
        "## Metadata\n\n- Status: Accepted\n- Date: 2020/01/02",
        "- Created: 2020-01-02\n\n## Status\n<!-- Proposed -->\nAccepted\n",
        "## Changelog\n\n- [proposed](https://x) (2019-12-01)\n- [approved](https://x) (2020-01-02)",
        "## Changelog\n\n- 2019-12-01: draft\n- 2020-01-02: done in 2021-01-01\n\n## Status\n\nAccepted",
        "Date started: 2019-12-01\nDate accepted: 2020-01-02\n\n## Status\n\nAccepted",
        "Introduced: 2020-01-02\n\n## Status\n\nAccepted",
    ],
)
def test_status_and_date_stand_in_many_forms(said: str) -> None:
    adr = read(f"# 12. Use Postgres\n\n{said}\n\n## Context\n\nIt was rejected on 2001-01-01.\n")
    assert (adr.status, adr.date) == ("accepted", "2020-01-02"), adr


@pytest.mark.parametrize(
    "text",
    [
        "# T\n\n## Context\n\nStatus: accepted\n",
        "# T\n\n## Context\n\n### Status\n\nAccepted\n",
        "# T\n\n```\n## Status\n\nAccepted\n```\n",
        "# T\n\n<!--\n## Status\n\nAccepted\n-->\n",
        "# T\n\nThis was accepted.\n",
        "# T\n\n* Status: {proposed | accepted | rejected}\n",
        "---\nstatus: {proposed | accepted}\n---\n# T\n",
        "# T\n\n## Status\n\n## Context\n\nAccepted\n",
    ],
)
def test_no_status_is_read_out_of_prose_code_comments_and_templates(text: str) -> None:
    assert read(text).status is None


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("# 12. Use X", "Use X"),
        ("# 12 - Use X", "Use X"),
        ("# 0012 Use X", "Use X"),
        ("# 12 Use X", "Use X"),
        ("# ADR 12: Use X", "Use X"),
        ("# ADR-0012 Use X", "Use X"),
        ("# [ADR-012] Use X #", "Use X"),
        ("# ADR012 — Use X", "Use X"),
        ("# ADR: Use X", "Use X"),
        ("# Architecture Decision Record: Use X", "Use X"),
        ("# **Use X**", "Use X"),
        ("# Use `X` now", "Use `X` now"),
        ("# 3 tiers for X", "3 tiers for X"),
        ("# 2-factor login", "2-factor login"),
        ("Use X\n=====", "Use X"),
        ("# 12. [Use X](https://x.example)", "Use X"),
        ("#12. Use X", "Use X"),
        ("# Use A &amp; B", "Use A & B"),
        ("# ADR-12\n\n## Use X", "Use X"),
        ("## Decision Record: Use X", "Use X"),
        ("# Title\n\nUse X", "Use X"),
        ("# ODH-ADR-0012: Use X", "Use X"),
        ("ADR-0012: Use X", "Use X"),
        ("# {short title}", "use pg"),
        ("## Context", "use pg"),
        ("# 012-use-x", "use-x"),
        ("---\ntitle: 'ADR012: Use X'\n---\n\n## Context", "Use X"),
        ("# JSON-2 Use X", "JSON-2 Use X"),
        ("# Java 17", "Java 17"),
        ("---\ntitle: Use X\n---\n\nText.\n\n# Links", "Use X"),
    ],
)
def test_titles(heading: str, title: str) -> None:
    assert read(f"{heading}\n\n## Decision\n\nYes.\n").title == title


@pytest.mark.parametrize("heading", ["# ADR-12", "# 0012", "# TEP 12", "# Python 3"])
def test_status_and_date_stand_below_a_heading_that_is_a_number(heading: str) -> None:
    one = read(f"{heading}\n\n* Status: accepted\n* Date: 2020-01-02\n\n## Context\n\nx\n", "0012-use-pg.md")
    assert (one.status, one.date, one.number) == ("accepted", "2020-01-02", 12)
    assert one.title == ("Python 3" if "Python" in heading else "use pg")


def test_marks_that_began_before_the_key_are_no_part_of_the_words() -> None:
    assert read("# T\n\n> **STATUS: SUPERSEDED** — not used\n").raw_status == "SUPERSEDED — not used"
    assert read("# T\n\n**Status: Accepted**\n").raw_status == "Accepted"
    assert read("# T\n\n## Status\n\n**Accepted**\n").raw_status == "Accepted"


def test_a_number_may_stand_in_the_heading_only() -> None:
    assert read("# ADR 7: Use X\n", "use-x.md").number == 7
    assert read("# Use X\n", "use-x.md").number is None
    assert read("---\nadr: 7\n---\n# Use X\n", "use-x.md").number == 7
    assert read("# 3. Use X\n", "0033-use-x.md").number == 33


def test_a_notice_at_the_top_counts_more_than_a_status_left_as_it_was() -> None:
    adr = read("# T\n\n> This decision is **superseded by [ADR-3](0003-x.md)**.\n\n## Status\n\nAccepted\n")
    assert adr.status == "superseded"
    assert [(one.kind, one.target) for one in adr.references] == [("superseded_by", "0003-x.md")]


def test_restructured_text_and_asciidoc_are_read_too() -> None:
    rst = read(
        "12. Use X\n#########\n\nStatus\n******\n\n**Accepted** 2020-01-02\n\nContext\n*******\n",
        "0012-x.rst",
    )
    assert (rst.title, rst.status, rst.date) == ("Use X", "accepted", "2020-01-02")
    adoc = read("= 12. Use X\n\n:status: Accepted\n\n== Context\n", "0012-x.adoc")
    assert (adoc.title, adoc.status) == ("Use X", "accepted")


@pytest.mark.parametrize(
    ("text", "line", "message", "status"),
    [
        ("---\nstatus: accepted\nstatus: rejected\n---\n# T\n", 3, "the key 'status' stands twice", None),
        ("---\nstatus: accepted\ntitle: a: b\n---\n# T\n", 3, "mapping values", "accepted"),
        ("---\nstatus: accepted\n\n# T\n", 1, "the front matter has no closing '---'", "accepted"),
        (
            "# T\n\n<<<<<<< HEAD\nStatus: Accepted\n=======\nStatus: Rejected\n>>>>>>> x\n",
            3,
            "conflict markers",
            None,
        ),
        ("---\nstatus: *x\n---\n# T\n", 2, "aliases", None),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_is_read(
    text: str, line: int, message: str, status: str | None
) -> None:
    adr = read(text)
    assert adr.title == "T" and adr.status == status
    assert [(one.line, message in one.message) for one in adr.problems] == [(line, True)], adr.problems


def test_other_encodings_are_read_and_told() -> None:
    adr = read_adr("0001-x.md", "# Über\n\nStatus: Accepted\n".encode("cp1252"))
    assert (adr.title, adr.status, adr.encoding) == ("Über", "accepted", "cp1252")
    assert adr.problems[0].message == "not UTF-8 text; read as Windows-1252"
    assert read_adr("0001-x.md", "# Über\n".encode("utf-16")).title == "Über"


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf", b"\x89PNG\0\0", b"\xff\xfea"])
def test_nothing_to_read_is_an_error_with_the_path(data: bytes) -> None:
    with pytest.raises(BadRecord) as caught:
        read_adr("0001-x.md", data)
    assert caught.value.path == "0001-x.md"


def test_conflict_markers_in_code_are_text() -> None:
    adr = read("# T\n\nStatus: Accepted\n\n```\n<<<<<<< HEAD\n=======\n>>>>>>> x\n```\n")
    assert adr.status == "accepted" and adr.problems == ()


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("Ann (with Ben, Cid and Dan), Eve", ("Ann (with Ben, Cid and Dan)", "Eve")),
        ("@ann @ben-x @cid", ("@ann", "@ben-x", "@cid")),
    ],
)
def test_people_are_told_apart(said: str, people: tuple[str, ...]) -> None:
    assert read(f"# T\n\n* Status: accepted\n* Deciders: {said}\n").deciders == people


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Use [Pop](https://x.example/pop) as the ORM", "Use Pop as the ORM"),
        ("n. Django Templates", "Django Templates"),
        ("Decision Record Title (a description of the decision)", "use pg"),
        ("12. “Use Postgres”", "Use Postgres"),
        ('Use "Postgres" and "Pop"', 'Use "Postgres" and "Pop"'),
        ("Partly undo ADR 109 (Reduce the API)", "Partly undo ADR 109 (Reduce the API)"),
    ],
)
def test_a_title_is_words(heading: str, title: str) -> None:
    assert read(f"# {heading}\n\n## Context\n").title == title
