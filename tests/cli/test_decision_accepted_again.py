"""`decision accept --again` where decisions are kept in a folder of another tool: one line in its form."""

from __future__ import annotations

import re

import pytest

from tests.cli import adr_folders
from tests.repos import Repo

MADR = '## Context and Problem Statement\n\nx\n\n## Decision Outcome\n\nChosen option: "a", because b.\n'
NYGARD = "## Context\n\nx\n\n## Decision\n\ny\n"
FORMS = {
    "madr2": ("# A\n\n* Status: accepted\n* Deciders: Ann\n* Date: 2020-01-01\n\n" + MADR,
              ("* Date: 2020-01-01\n", "* Reviewed: {}\n")),
    "madr3": ("---\nstatus: accepted\ndate: 2020-01-01\ndeciders: Ann\n---\n# A\n\n" + MADR,
              ("deciders: Ann\n", "reviewed: {}\n")),
    "madr4": ('---\n# a comment\nstatus: "accepted"\ndecision-makers:\n  - Ann\n---\n\n# A\n\n' + MADR,
              ("  - Ann\n", "reviewed: {}\n")),
    "log4brains": ("# A\n\n- Status: accepted\n- Date: 2020-01-01\n- Tags: x\n\n" + MADR,
                   ("- Date: 2020-01-01\n", "- Reviewed: {}\n")),
    "nygard": ("# A\n\n## Status\n\nAccepted\n\n" + NYGARD, ("# A\n\n", "Reviewed: {}\n\n")),
    "nygard with keys": ("# A\n\n- Tags: x\n\n## Status\n\nAccepted\n\n" + NYGARD,
                         ("- Tags: x\n", "- Reviewed: {}\n")),
    "table": ("# A\n\n| **Field** | Value |\n|---|---|\n| **Status** | Accepted |\n\n" + NYGARD,
              ("| **Status** | Accepted |\n", "| **Reviewed** | {} |\n")),
    "columns": ("# A\n\n| Status | Date |\n|---|---|\n| Accepted | 2020-01-01 |\n\n" + NYGARD,
                ("# A\n\n", "Reviewed: {}\n\n")),
    "breaks": ("# A\n\n**Status:** Accepted  \n**Date:** 2020-01-01  \n**By:** x\n\n" + NYGARD,
               ("**Date:** 2020-01-01  \n", "**Reviewed:** {}  \n")),
    "last without break": ("# A\n\n**Status:** Accepted\\\n**Date:** 2020-01-01\n\n" + NYGARD,
                           ("**Status:** Accepted\\\n", "**Reviewed:** {}\\\n")),
    "one paragraph": ("# A\n\nStatus: Accepted\nDate: 2020-01-01\n\n" + NYGARD,
                      ("Date: 2020-01-01\n", "Reviewed: {}\n")),
    "apart": ("# A\n\nStatus: Accepted\n\nDate: 2020-01-01\n\n" + NYGARD,
              ("Date: 2020-01-01\n", "\nReviewed: {}\n")),
}  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("form", FORMS)
def test_it_is_one_line_in_the_form_of_the_file(project: Repo, form: str, newline: str) -> None:
    text, (before, added) = FORMS[form]
    project.write("adr/0001-a.md", text.replace("\n", newline).encode())
    project.run("decision", "adopt", "adr", "--in-place")
    for _ in range(2):
        now = project.json("decision", "accept", "1", "--again")["reviewed"]
        expected = text.replace(before, before + added.format(now), 1).replace("\n", newline)
        assert (project.path / "adr/0001-a.md").read_bytes().decode() == expected


def test_what_adr_tools_reads_stays(project: Repo) -> None:
    """Its title is the first line, its status and links are the lines below '## Status'."""
    adr_folders.adr_tools(project)
    project.run("decision", "adopt", "doc/adr", "--in-place")
    path = "doc/adr/0003-use-c.md"
    status = project.read(path).split("## Status")[1].split("\n#")[0]
    project.run("decision", "accept", "3", "--again", "--reason", "renamed only")
    text = project.read(path)
    assert text.startswith("# 3. Use C\n\nDate: 2020-01-03\n\nReviewed: ")
    assert text.split("## Status")[1].split("\n#")[0] == status
    assert re.search(r"It follows.\n\n## More Information\n\nAccepted again on \S+: renamed only\n$", text)
