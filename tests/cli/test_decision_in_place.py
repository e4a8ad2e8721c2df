"""Decisions kept in a folder of another tool: read there, and written in that tool's way.

What is expected of a file is what the tools wrote themselves: adr-tools 3.0.0 of Debian, log4brains 1.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.cli import adr_folders
from tests.cli.making import changed_lines, new_task
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.repos import Repo


def adopted(repo: Repo, make: Callable[[Repo], None], folder: str) -> Repo:
    """The repository with a folder that was adopted, all of it committed."""
    make(repo)
    repo.run("decision", "adopt", folder, "--in-place")
    repo.commit("adopted")
    return repo


@pytest.fixture
def adr_tools(project: Repo) -> Repo:
    return adopted(project, adr_folders.adr_tools, "doc/adr")


@pytest.fixture
def madr(project: Repo) -> Repo:
    return adopted(project, adr_folders.madr, "docs/decisions")


@pytest.fixture
def log4brains(project: Repo) -> Repo:
    return adopted(project, adr_folders.log4brains, "docs/adr")


def titles(repo: Repo, *options: str) -> dict[str, str]:
    return {row["title"]: row["status"] for row in repo.json("decision", "list", *options)["decisions"]}


def test_adopting_changes_one_line_of_the_settings(project: Repo) -> None:
    adr_folders.adr_tools(project)
    project.commit("decisions")
    done = project.json("decision", "adopt", "doc/adr", "--in-place")
    assert (done["in_place"], len(done["decisions"])) == (True, 4)
    gone, come = changed_lines(project, ".orchestrator/config.yaml")
    assert (gone, come) == (["# decisions: docs/adr"], ["decisions: doc/adr"])
    assert project.git("status", "--porcelain") == " M .orchestrator/config.yaml"
    again = snapshot(project)
    project.run("decision", "adopt", "doc/adr", "--in-place")
    assert snapshot(project) == again


def test_all_commands_read_them(adr_tools: Repo) -> None:
    assert titles(adr_tools) == {
        "Record decisions": "accepted",
        "Use B": "superseded",
        "Use C": "accepted",
        "Use D": "proposed",
    }
    one = adr_tools.json("decision", "show", "3")
    assert (one["path"], one["number"]) == ("doc/adr/0003-use-c.md", 3)
    assert one["supersedes"] == [adr_tools.json("decision", "show", "2")["id"]]
    assert one["context"].startswith("Why Use C came up")
    assert one["decision"] == "We will do Use C."
    found = adr_tools.json("search", "we will do use c", "--kind", "decision")["results"]
    assert (found[0]["id"], found[0]["path"]) == (one["id"], "doc/adr/0003-use-c.md")
    assert adr_tools.json("doctor")["problems"] == []
    assert titles(adr_tools, "--at", "HEAD") == titles(adr_tools)


def test_a_link_to_a_decision_is_none(adr_tools: Repo) -> None:
    before = titles(adr_tools)
    (adr_tools.path / "doc/adr/0009-use-i.md").symlink_to("0004-use-d.md")
    adr_tools.commit("a link")
    for options in ([], ["--at", "HEAD"]):
        read = adr_tools.json("decision", "list", *options)
        assert ({row["title"]: row["status"] for row in read["decisions"]}, read["problems"]) == (before, [])


def test_ids_are_the_same_in_every_clone(adr_tools: Repo, tmp_path: Path) -> None:
    other = adr_tools.clone(tmp_path / "other")
    ids = [[row["id"] for row in one.json("decision", "list")["decisions"]] for one in (adr_tools, other)]
    assert ids[0] == ids[1]


def test_a_new_decision_is_one_of_adr_tools(adr_tools: Repo) -> None:
    task = new_task(adr_tools)
    made = adr_tools.json(
        "decision", "new", "Use E", "--context", "It came up.", "--decision", "We do E.",
        "--rationale", "It is better.", "--risk", "slow", "--file", "src/", "--task", task,
        "--impact", "high",
    )  # fmt: skip
    assert (made["path"], made["number"], made["status"]) == ("doc/adr/0005-use-e.md", 5, "proposed")
    day = made["date"]
    assert adr_tools.read(made["path"]) == (
        f"# 5. Use E\n\nDate: {day}\n\nTasks: {task}\n\nGoverns: src\n\nImpact: high\n\n"
        "## Status\n\nProposed\n\n## Context\n\nIt came up.\n\n"
        "## Decision\n\nWe do E.\n\n### Rationale\n\nIt is better.\n\n"
        "## Consequences\n\n### Risks\n\n* slow\n"
    )
    shown = adr_tools.json("decision", "show", "5")
    assert (shown["tasks"], shown["governs"], shown["impact"]) == ([task], ["src"], "high")
    assert shown["risks"] == ["slow"]


def test_superseding_is_done_as_adr_tools_does_it(adr_tools: Repo) -> None:
    adr_tools.run("decision", "new", "Use E", "--because", "it is better", "--status", "accepted")
    adr_tools.commit("new")
    adr_tools.run("decision", "supersede", "1", "--by", "5")
    link = "[5. Use E](0005-use-e.md)"
    assert changed_lines(adr_tools, "doc/adr/0001-record-decisions.md") == (
        ["Accepted", ""],
        [f"Superceded by {link}", ""],
    )
    assert changed_lines(adr_tools, "doc/adr/0005-use-e.md") == (
        [],
        ["Supercedes [1. Record decisions](0001-record-decisions.md)", ""],
    )
    assert titles(adr_tools)["Record decisions"] == "superseded"
    again = refused(adr_tools, "decision", "supersede", "1", "--by", "4", kind="refused")
    assert "superseded by" in again["message"]


def test_a_status_changes_its_word_alone(adr_tools: Repo) -> None:
    adr_tools.run("decision", "accept", "4")
    assert changed_lines(adr_tools, "doc/adr/0004-use-d.md") == (["Proposed"], ["Accepted"])
    adr_tools.commit("accepted")
    adr_tools.run("decision", "deprecate", "4", "--reason", "no longer")
    gone, come = changed_lines(adr_tools, "doc/adr/0004-use-d.md")
    assert gone == ["Accepted"]
    assert [line for line in come if line][:2] == ["Deprecated", "## More Information"]


def test_a_new_decision_of_madr_follows_the_front_matter_of_the_others(madr: Repo) -> None:
    made = madr.json(
        "decision", "new", "Use D", "--context", "It came up.", "--decision", "D", "--rationale", "better",
        "--alternative", "E", "--supersedes", "1", "--decision-maker", "Ann", "--decision-maker", "Ben",
    )  # fmt: skip
    assert made["path"] == "docs/decisions/0004-use-d.md"
    text = madr.read(made["path"])
    assert text.startswith(
        "---\nparent: Decisions\nnav_order: 4\nstatus: proposed\n"
        f"date: {made['date']}\ndeciders: Ann, Ben\n---\n"
        "# Use D\n\n## Context and Problem Statement\n\nIt came up.\n\n## Considered Options\n\n* D\n* E\n\n"
        "## Decision Outcome\n\n"
    )
    assert text.endswith("## More Information\n\nSupersedes [ADR-0001](0001-use-a.md).\n")
    assert changed_lines(madr, "docs/decisions/0001-use-a.md") == (
        ["status: accepted"],
        ["status: superseded by [ADR-0004](0004-use-d.md)"],
    )
    assert made["supersedes"] == [madr.json("decision", "show", "1")["id"]]


@pytest.mark.parametrize(
    "status", ['"accepted; supersedes ADR-0001"', "accepted, replaces [A](0001-use-a.md)"]
)
def test_what_a_status_says_of_older_ones_stays(madr: Repo, status: str) -> None:
    path = "docs/decisions/0003-use-c.md"
    madr.write(path, madr.read(path).replace("status: accepted", f"status: {status}"))
    madr.commit("older")
    old = madr.json("decision", "show", "1")["id"]
    madr.run("decision", "new", "Use D", "--because", "better", "--supersedes", "3")
    tail = status.strip('"').removeprefix("accepted")
    [come] = changed_lines(madr, path)[1]
    assert come.startswith("status: ")
    assert come.strip('"').endswith(tail)
    one = madr.json("decision", "show", "3")
    assert (one["status"], old in one["supersedes"], len(one["superseded_by"])) == ("superseded", True, 1)
    madr.run("decision", "reject", "4")
    madr.run("decision", "accept", "3")
    one = madr.json("decision", "show", "3")
    assert (one["status"], old in one["supersedes"]) == ("accepted", True)


def test_superseding_is_done_as_log4brains_does_it(log4brains: Repo) -> None:
    made = log4brains.json("decision", "new", "Use E", "--because", "better", "--supersedes", "use-a")
    name = made["path"].rsplit("/", 1)[-1].removesuffix(".md")
    assert re.fullmatch(r"\d{8}-use-e", name)
    assert changed_lines(log4brains, "docs/adr/20200101-use-a.md") == (
        ["- Status: accepted"],
        [f"- Status: superseded by [{name}]({name}.md)"],
    )
    text = log4brains.read(made["path"])
    assert text.startswith(f"# Use E\n\n- Status: draft\n- Date: {made['date']}\n- Deciders: Ann Example\n\n")
    assert text.endswith("## Links\n\n- Supersedes [20200101-use-a](20200101-use-a.md)\n")


@pytest.mark.parametrize(("verb", "words"), [("refine", "Refines"), ("clarify", "Clarifies")])
def test_other_links_are_written_into_both(adr_tools: Repo, verb: str, words: str) -> None:
    adr_tools.run("decision", verb, "1", "--by", "4")
    assert changed_lines(adr_tools, "doc/adr/0004-use-d.md")[1] == [
        f"{words} [1. Record decisions](0001-record-decisions.md)",
        "",
    ]
    older = adr_tools.json("decision", "show", "1")
    back = {"refine": "refined_by", "clarify": "clarified_by"}[verb]
    assert adr_tools.json("decision", "show", "4")["id"] in older[back]


def test_a_commit_takes_the_decisions_and_nothing_else_of_the_folder(adr_tools: Repo) -> None:
    adr_tools.write("doc/adr/img/c.png", b"new")
    adr_tools.write("doc/adr/README.md", "# Read me\n")
    adr_tools.run("decision", "accept", "4")
    adr_tools.run("decision", "new", "Use E", "--because", "better", "--commit")
    changed = adr_tools.git("show", "--name-only", "--format=%s", "HEAD").split("\n")
    assert changed[0] == f"taskorch: decision new {adr_tools.json('decision', 'show', '5')['id']} Use E"
    assert changed[2:4] == ["doc/adr/0004-use-d.md", "doc/adr/0005-use-e.md"]
    assert adr_tools.git("status", "--porcelain") == "?? doc/adr/README.md\n?? doc/adr/img/c.png"


def test_undo_puts_the_folder_back(adr_tools: Repo) -> None:
    before = {path: path.read_bytes() for path in (adr_tools.path / "doc").rglob("*.md")}
    adr_tools.run("decision", "new", "Use E", "--because", "better", "--supersedes", "1")
    adr_tools.run("undo")
    assert {path: path.read_bytes() for path in (adr_tools.path / "doc").rglob("*.md")} == before


def test_why_and_recovery_know_them(adr_tools: Repo) -> None:
    task = new_task(adr_tools)
    made = adr_tools.json("decision", "new", "Use E", "--because", "better", "--file", "src", "--task", task)
    adr_tools.commit("work", {"src/a.py": "a\n"})
    assert [one["id"] for one in adr_tools.json("why", "src/a.py")["decisions"]] == [made["id"]]
    package = adr_tools.json("recover", task)["recovery_package"]
    assert [(one["id"], one["rationale"]) for one in package["key_decisions"]] == [(made["id"], "better")]


def test_a_folder_that_is_gone_hides_nothing_else(adr_tools: Repo) -> None:
    task = new_task(adr_tools)
    adr_tools.git("rm", "-rq", "doc")
    assert [one["id"] for one in adr_tools.json("task", "list")["tasks"]] == [task]
    [problem] = adr_tools.json("decision", "list")["problems"]
    assert problem["path"] == ".orchestrator/config.yaml"
    assert "doc/adr" in problem["message"]


def test_another_folder_is_refused(adr_tools: Repo) -> None:
    adr_folders.madr(adr_tools)
    error = refused(adr_tools, "decision", "adopt", "docs/decisions", "--in-place", kind="refused")
    assert error["message"] == "decisions are kept in doc/adr already"


@pytest.mark.parametrize("folder", ["../out", "/etc", ".git/x", "''"])
def test_settings_that_lead_out_of_the_work_tree_are_refused(project: Repo, folder: str) -> None:
    config = project.read(".orchestrator/config.yaml")
    project.write(".orchestrator/config.yaml", f"{config}decisions: {folder}\n")
    done = project.run("decision", "list", "--json", check=False)
    assert (done.code, "decisions" in done.error["message"]) == (1, True)


def test_a_picture_of_a_status_is_not_changed(project: Repo) -> None:
    project.write("adr/0001-a.md", "# 1. A\n\n![status](https://img.shields.io/badge/status-accepted-green)\n\n"
                  "## Context\n\nx\n\n## Decision\n\ny\n")  # fmt: skip
    project.run("decision", "adopt", "adr", "--in-place")
    assert "picture" in refused(project, "decision", "deprecate", "1", kind="refused")["message"]


def test_files_in_another_encoding_are_not_written(adr_tools: Repo) -> None:
    adr_tools.write("doc/adr/0004-use-d.md", adr_folders.NYGARD.format(
        number=4, title="Caf\xe9", status="Proposed").encode("cp1252"))  # fmt: skip
    assert titles(adr_tools)["Caf\xe9"] == "proposed"
    assert "UTF-8" in refused(adr_tools, "decision", "accept", "4", kind="refused")["hint"]


def test_line_ends_stay(adr_tools: Repo) -> None:
    path = "doc/adr/0004-use-d.md"
    adr_tools.write(path, adr_tools.read(path).replace("\n", "\r\n").encode())
    adr_tools.run("decision", "accept", "4", "--reason", "agreed")
    data = (adr_tools.path / path).read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert b"\r\nAccepted\r\n" in data


def test_what_was_reversed_is_superseded_once(adr_tools: Repo) -> None:
    adr_tools.run("decision", "reverse", "1", "--by", "4")
    newer = adr_tools.json("decision", "show", "4")
    assert (newer["supersedes"], len(newer["reverses"])) == ([], 1)
    assert adr_tools.json("doctor")["problems"] == []


ODD = {
    "bare date": (
        "# ADR {number}: {title}\n\nJanuary {number}, 2020\n\n## Status\nAccepted\n\n## Context\n\nx\n\n"
        "## Decision\n\ny\n",
        "# ADR 3: Use E\n\n{month}\n\n* Deciders: Bob\n* Governs: src\n* Components: core\n* Impact: high\n\n"
        "## Status\n\nProposed\n\n## Context\n",
        ("Accepted", "Superseded by [3. Use E](0003-use-e.md)"),
    ),
    "bold": (
        "# {title}\n\n**Date: 2020-01-0{number}**\n\n**Status: Accepted**\n\n## Context\n\nx\n\n"
        "## Decision\n\ny\n",
        "# Use E\n\n**Status: Proposed**\n\n**Date: {day}**\n\n**Deciders: Bob**\n\n**Governs: src**\n\n"
        "**Components: core**\n\n**Impact: high**\n\n## Context\n",
        ("**Status: Accepted**", "**Status: Superseded by [ADR-0003](0003-use-e.md)**"),
    ),
    "table": (
        "# {title}\n\n|  |  |\n| --- | --- |\n| Status | Approved |\n| Date | 2020-01-0{number} |\n\n"
        "## Context\n\nx\n\n## Decision\n\ny\n",
        "# Use E\n\n| | |\n|---|---|\n| Status | Proposed |\n| Date | {day} |\n| Deciders | Bob |\n"
        "| Governs | src |\n| Components | core |\n| Impact | high |\n\n## Context\n",
        ("| Status | Approved |", "| Status | Superseded by [ADR-0003](0003-use-e.md) |"),
    ),
    "front matter": (
        '---\nlayout: adr\nstatus: "Accepted"\ndate: 2020-01-0{number}\n---\n# {title}\n\n## Context\n\nx\n\n'
        "## Decision\n\ny\n",
        '---\nlayout: adr\nstatus: "Proposed"\ndate: {day}\ndeciders: Bob\ngoverns:\n  - src\ncomponents:\n'
        "  - core\nimpact: high\n---\n# Use E\n\n## Context\n",
        ('status: "Accepted"', 'status: "Superseded by [ADR-0003](0003-use-e.md)"'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", ODD)
def test_odd_folders_are_written_as_they_are_and_read_back(project: Repo, form: str) -> None:
    text, expected, (before, after) = ODD[form]
    for number, title in ((1, "Use A"), (2, "Use B")):
        name = f"adr/000{number}-use-{title[-1].lower()}.md"
        project.write(name, text.format(number=number, title=title))
    project.run("decision", "adopt", "adr", "--in-place")
    project.commit("adopted")
    made = project.json(
        "decision", "new", "Use E", "--context", "c", "--decision", "e", "--rationale", "good", "--file",
        "src", "--component", "core", "--impact", "high", "--decision-maker", "Bob",
    )  # fmt: skip
    day = date.fromisoformat(made["date"])
    written = expected.format(day=made["date"], month=f"{day:%B} {day.day}, {day.year}")
    assert project.read(made["path"]).startswith(written)
    project.run("decision", "accept", "3")
    project.run("decision", "supersede", "2", "--by", "3")
    assert changed_lines(project, "adr/0002-use-b.md") == ([before], [after])
    heading = next(line for line in written.splitlines() if line.startswith("# "))
    for _ in range(2):
        project.run("decision", "accept", "3", "--again", "--reason", "looked at")
    assert heading in project.read(made["path"])
    shown = project.json("decision", "show", "3")
    assert (shown["status"], shown["date"], shown["governs"], shown["components"], shown["impact"]) == (
        "accepted", made["date"], ["src"], ["core"], "high",
    )  # fmt: skip
    assert shown["reviewed"]
    assert project.read(made["path"]).lower().count("reviewed") == 1
    assert project.json("doctor")["problems"] == []


def test_madr_without_dates_in_the_newest_gets_one_and_who_decided(project: Repo) -> None:
    front = {1: "status: accepted\ndate: 2020-01-01\n", 2: ""}
    for number, said in front.items():
        project.write(
            f"adr/000{number}-use-{number}.md",
            f"---\nparent: D\nnav_order: {number}\n{said}---\n# Use {number}\n\n"
            "## Context and Problem Statement\n\nx\n\n## Considered Options\n\n* y\n\n"
            "## Decision Outcome\n\ny\n",
        )
    project.run("decision", "adopt", "adr", "--in-place")
    made = project.json(
        "decision", "new", "Use E", "--context", "c", "--decision", "E", "--rationale", "it is good",
        "--alternative", "F", "--decision-maker", "Bob", "--category", "technology",
    )  # fmt: skip
    text = project.read(made["path"])
    assert text.startswith(
        f"---\nparent: D\nnav_order: 3\nstatus: proposed\ndate: {made['date']}\ndecision-makers: Bob\n"
        "category: technology\n---\n"
    )
    assert 'Chosen option: "E", because it is good\n' in text
    assert (made["category"], project.json("decision", "show", "3")["rationale"]) == (
        "technology",
        "it is good",
    )


def test_links_are_not_worded_as_one_other_decision(adr_tools: Repo) -> None:
    path = "doc/adr/0003-use-c.md"
    text = adr_tools.read(path).replace("[2. Use B]", "[0002-use-the-old-b.md]")
    adr_tools.write(path, text.replace("[1. Record decisions]", "[the 1st of all]"))
    adr_tools.remove("doc/adr/0002-use-b.md")
    adr_tools.write(
        "doc/adr/0002-use-b.md", adr_folders.NYGARD.format(number=2, title="Use B", status="Accepted")
    )
    adr_tools.run("decision", "clarify", "1", "--by", "4")
    link = "[Record decisions](0001-record-decisions.md)"
    assert f"Clarifies {link}" in adr_tools.read("doc/adr/0004-use-d.md")
