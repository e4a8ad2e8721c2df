"""Folders of decisions as other tools write them, in a few files each."""

from __future__ import annotations

from tests.repos import Repo

NYGARD = """# {number}. {title}

Date: 2020-01-0{number}

## Status

{status}

## Context

Why {title} came up, see [the first](0001-record-decisions.md) and ![a picture](img/a%20b.png?raw=true).

## Decision

We will do {title}.

## Consequences

It follows.
"""

MADR3 = """---
parent: Decisions
nav_order: {number}
status: {status}
date: 2020-01-0{number}
deciders: Ann, Ben
---
# {title}

## Context and Problem Statement

Why {title} came up.

## Considered Options

* {title}
* Nothing

## Decision Outcome

Chosen option: "{title}", because it is better.
"""

LOG4BRAINS = """# {title}

- Status: {status}
- Deciders: Ann, Ben
- Date: 2020-01-0{number}
- Tags: api, storage

## Context and Problem Statement

Why {title} came up.

## Decision Outcome

Chosen option: "{title}", because it is better.
"""


def adr_tools(repo: Repo, folder: str = "doc/adr") -> None:
    """A folder of adr-tools: the third takes the place of the second, and amends the first."""
    amended = "Accepted\n\nAmended by [3. Use C](0003-use-c.md)"
    replaces = "Accepted\n\nSupercedes [2. Use B](0002-use-b.md)"
    texts = {
        "0001-record-decisions.md": (1, "Record decisions", amended),
        "0002-use-b.md": (2, "Use B", "Superceded by [3. Use C](0003-use-c.md)"),
        "0003-use-c.md": (
            3,
            "Use C",
            f"{replaces}\n\nAmends [1. Record decisions](0001-record-decisions.md)",
        ),
        "0004-use-d.md": (4, "Use D", "Proposed"),
    }  # fmt: skip
    repo.write(".adr-dir", f"{folder}\n")
    repo.write(f"{folder}/img/a b.png", b"\x89PNG")
    for name, (number, title, status) in texts.items():
        repo.write(f"{folder}/{name}", NYGARD.format(number=number, title=title, status=status))


def madr(repo: Repo, folder: str = "docs/decisions") -> None:
    """A folder of MADR 3."""
    for number, title, status in (
        (1, "Use A", "accepted"),
        (2, "Use B", "superseded by [ADR-0003](0003-use-c.md)"),
        (3, "Use C", "accepted"),
    ):
        name = f"{folder}/{number:04d}-{title.lower().replace(' ', '-')}.md"
        repo.write(name, MADR3.format(number=number, title=title, status=status))
    repo.write(f"{folder}/adr-template.md", "---\nstatus: {proposed}\n---\n# {short title}\n")


def log4brains(repo: Repo) -> None:
    """A project of log4brains with a package."""
    repo.write(
        ".log4brains.yml",
        "project:\n  name: X\n  tz: Europe/Paris\n  adrFolder: ./docs/adr\n  packages:\n"
        "    - name: core\n      path: ./packages/core\n      adrFolder: ./packages/core/docs/adr\n",
    )
    for path, number, title, status in (
        ("docs/adr/20200101-use-a.md", 1, "Use A", "accepted"),
        ("docs/adr/20200102-use-b.md", 2, "Use B", "superseded by [20200103-use-c](20200103-use-c.md)"),
        ("docs/adr/20200103-use-c.md", 3, "Use C", "accepted"),
        ("packages/core/docs/adr/20200104-use-d.md", 4, "Use D", "draft"),
    ):
        repo.write(path, LOG4BRAINS.format(number=number, title=title, status=status))
    for name in ("README", "index", "template"):
        repo.write(f"docs/adr/{name}.md", f"# {name}\n")
