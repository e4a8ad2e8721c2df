"""What is read from the bodies of decisions, in the forms that people write them."""

from __future__ import annotations

import pytest

from taskorch.records import decision, decision_body
from taskorch.records.decision_body import Option

FRONT = "---\nid: d-00000001\ntitle: T\nstatus: accepted\n---\n"

MADR_4 = """
# Use argon2id

## Context and Problem Statement

Hashes leak.

## Decision Drivers

* OWASP says so
* phones
  are slow

## Considered Options

* argon2id
* [bcrypt](#bcrypt)
* scrypt

## Decision Outcome

Chosen option: "argon2id", because it is memory-hard.

### Consequences

* Good, because hashes hold
* Bad, because logins take longer

### Confirmation

A test.

## Pros and Cons of the Options

### argon2id

The winner of a contest.

* Good, because memory-hard
* Bad, because young

### bcrypt

* Good, because everywhere
* Neutral, because old
* Bad, because 72 bytes at most
"""

NYGARD = """
# 1. Record decisions

## Status

Accepted

## Context

We forget.

## Decision

We will write them down, because memory is short.

## Consequences

They can be read.
"""

MADR_2 = """
# Use Markdown

## Context and Problem Statement

Which format?

## Considered Options

* Markdown
* Word

## Decision Outcome

Chosen option: "Markdown", because it diffs.

### Positive Consequences

* it diffs

### Negative Consequences

* no fonts
"""

OTHERS = """
## Background

Why.

## Forces

- cost

## Alternatives considered

### Buy

* Good, because quick

### Build

* Bad: slow

## Decision

Build

## Justification

ours

## Risks

- late
"""


def read(body: str) -> decision.Decision:
    return decision.parse(FRONT + body, "")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_madr_4(newline: str) -> None:
    found = read(MADR_4.replace("\n", newline))
    assert (found.context, found.confirmation) == ("Hashes leak.", "A test.")
    assert found.drivers == ["OWASP says so", "phones are slow"]
    assert found.decision == 'Chosen option: "argon2id", because it is memory-hard.'
    assert found.rationale == "it is memory-hard."
    assert found.consequences == ["Good, because hashes hold", "Bad, because logins take longer"]
    assert found.risks == []
    assert found.options == [
        Option("argon2id", True, "The winner of a contest.", ("memory-hard",), (), ("young",)),
        Option("bcrypt", False, "", ("everywhere",), ("old",), ("72 bytes at most",)),
        Option("scrypt"),
    ]


def test_nygard() -> None:
    found = read(NYGARD)
    assert (found.context, found.consequences) == ("We forget.", ["They can be read."])
    assert found.decision == "We will write them down, because memory is short."
    assert found.rationale == "memory is short."
    assert found.options == []


def test_madr_2_has_two_sections_of_consequences() -> None:
    found = read(MADR_2)
    assert found.consequences == ["it diffs", "no fonts"]
    assert [(one.name, one.chosen) for one in found.options] == [("Markdown", True), ("Word", False)]


def test_the_names_that_others_give_to_sections() -> None:
    found = read(OTHERS)
    assert (found.context, found.drivers, found.rationale, found.risks) == (
        "Why.",
        ["cost"],
        "ours",
        ["late"],
    )
    assert found.options == [Option("Buy", pros=("quick",)), Option("Build", True, cons=("slow",))]


def test_a_heading_in_a_decision_is_no_end_of_it_where_it_was_escaped() -> None:
    found = read("## Decision Outcome\n\nfirst\n\\### not a heading\nlast\n\n### Rationale\n\nwhy\n")
    assert found.decision == "first\n### not a heading\nlast"


def test_an_outcome_of_subsections_alone_says_nothing_itself() -> None:
    found = read("## Decision Outcome\n### Rationale\nwhy\n")
    assert (found.decision, found.rationale) == ("", "why")


def test_headings_in_code_are_text() -> None:
    assert read("```\n## Context\n\nno\n```\n").context == ""


@pytest.mark.parametrize("body", ["", "\n\n", "# T\n\n## Context\n\n### Risks\n"])
def test_headings_alone_say_nothing(body: str) -> None:
    assert not decision_body.says_something(body, 0)
    assert decision_body.says_something(body + "\nword\n", 0)


def test_a_new_title_keeps_the_line_end_of_its_heading() -> None:
    assert decision_body.with_heading("x\r\n# Old\r\n\r\ny", 0, "New") == "x\r\n# New\r\n\r\ny"
    assert decision_body.with_heading("no heading", 0, "New") == "no heading"
