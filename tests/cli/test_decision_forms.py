"""The forms of decisions: those that come with taskorch, and own templates."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.capturing import SHORT, TEXTS, body, write_in_editor
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.repos import Repo

FORMS = ("decision", "madr", "madr-minimal", "nygard")


@pytest.mark.parametrize("form", FORMS)
def test_each_form_keeps_all_that_was_said_and_no_guidance(project: Repo, form: str) -> None:
    made = project.json(
        *("decision", "new", "T", *TEXTS, "--alternative", "bcrypt", "--con", "bcrypt: short"),
        *("--driver", "OWASP", "--risk", "slow", "--confirmation", "a test", "--consequence", "safe"),
        *("--template", form),
    )
    shown = project.json("decision", "show", made["id"])
    assert (shown["context"], shown["rationale"]) == ("Hashes leak.", "It is memory-hard.")
    assert "argon2id" in shown["decision"]
    assert [(one["name"], one["chosen"], one["cons"]) for one in shown["options"]] == [
        ("argon2id", True, []),
        ("bcrypt", False, ["short"]),
    ]
    assert (shown["drivers"], shown["risks"], shown["confirmation"]) == (["OWASP"], ["slow"], "a test")
    assert shown["consequences"] == ["safe"]
    assert not set("{}") & set(shown["body"])
    short = project.json(*SHORT, "--template", form)
    assert project.json("decision", "show", short["id"])["rationale"] == "one tool, and fast"
    assert "{" not in body(project, short)


def test_the_forms_are_nygards_and_madrs(project: Repo) -> None:
    nygard = body(project, project.json("decision", "new", "T", *TEXTS, "--template", "nygard"))
    headings = ("# T", "## Context", "Hashes leak.", "## Decision", "argon2id", "### Rationale")
    assert nygard == "\n\n".join([*headings, "It is memory-hard."])
    minimal = body(project, project.json("decision", "new", "T", *TEXTS, "--template", "madr-minimal"))
    assert minimal.endswith('## Decision Outcome\n\nChosen option: "argon2id", because It is memory-hard.')


MADR_OF_OTHERS = """\
---
status: "{proposed | rejected}"
---

# {short title}

## Context and Problem Statement

{Describe it.}

<!-- This is an optional element. Feel free to remove. -->
## Decision Drivers

* {driver 1}
* … <!-- numbers of drivers can vary -->

## Decision Outcome

Chosen option: "{title}", because {justification}.

### Consequences

* Good, because {consequence}

## House rules

Ask Ann.
"""


@pytest.mark.parametrize("place", ["named", "default"])
def test_own_templates(project: Repo, place: str) -> None:
    name = "house" if place == "named" else "decision"
    project.write(f".orchestrator/templates/{name}.md", "\n# {{ title }}\n\nHouse of {{ context }}\n\n{x}\n")
    words = ("--template", name) if place == "named" else ()
    made = project.json("decision", "new", "T", *TEXTS, *words)
    text = body(project, made)
    assert text.startswith("# T\n\nHouse of Hashes leak.\n")
    assert ("{x}" in text) == (place == "default")
    assert project.json("decision", "show", made["id"])["rationale"] == "It is memory-hard."


def test_a_template_of_madr_itself_serves_as_it_is(project: Repo) -> None:
    project.write(".orchestrator/templates/adr.md", MADR_OF_OTHERS)
    made = project.json("decision", "new", "T", *TEXTS, "--template", "adr")
    assert body(project, made) == (
        "# T\n\n## Context and Problem Statement\n\nHashes leak.\n\n## Decision Outcome\n\nargon2id\n\n"
        "### Rationale\n\nIt is memory-hard.\n\n## House rules\n\nAsk Ann."
    )
    python = "text = text.replace('{Describe it.}', 'Why.').replace('{short title}', 'x')"
    made = write_in_editor(project, python, "By hand", "--template", "adr")
    assert body(project, made) == (
        "# By hand\n\n## Context and Problem Statement\n\nWhy.\n\n## House rules\n\nAsk Ann."
    )


@pytest.mark.parametrize("name", ["nope", "../config", "task", "/etc/passwd", "link", "a/b", ".hidden"])
def test_a_template_that_is_none_lists_those_there_are(project: Repo, name: str) -> None:
    project.write(".orchestrator/templates/house.md", "# {{ title }}\n")
    project.write(".orchestrator/templates/task.md", "# {{ title }}\n")
    project.write(".orchestrator/templates/.hidden.md", "# {{ title }}\n")
    os.symlink(project.path / "README.md", project.path / ".orchestrator/templates/link.md")
    before = snapshot(project, local=True)
    error = refused(project, *SHORT, "--template", name, kind="not_found")
    assert error["candidates"] == ["decision", "madr", "madr-minimal", "nygard", "house"]
    assert snapshot(project, local=True) == before


def test_a_templates_folder_that_leads_elsewhere_is_not_read(project: Repo, tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "house.md").write_text("secret {{ title }}")
    os.symlink(tmp_path / "away", project.path / ".orchestrator/templates")
    assert "house" not in refused(project, *SHORT, "--template", "house", kind="not_found")["candidates"]
