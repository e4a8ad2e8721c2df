"""Attributes of the project that catch our files too: records are committed and checked out as they are."""

from __future__ import annotations

import pytest

from tests.cli.making import new_decision
from tests.git.variety.days import FILES, day
from tests.repos import Build, Repo

FILTER = "filter=shout diff=shout merge=shout -text"
ATTRIBUTES = {
    "a filter for all": f"* {FILTER}\n",
    "a filter and more for our folder by name": (
        "[attr]ours filter=shout text eol=crlf ident\n/.orchestrator/** ours\n.orchestrator/tasks/*.md ours\n"
    ),
    "ident and line ends of another system": "* ident text=auto eol=crlf\n",
    "an encoding, and left out of archives": (
        "*.md working-tree-encoding=UTF-16 export-ignore\n*.jsonl working-tree-encoding=UTF-16 export-subst\n"
    ),
    "all is binary": "* binary\n",
}


def with_files(repo: Repo) -> None:
    repo.commit("first", FILES)


@pytest.mark.parametrize("case", ATTRIBUTES)
def test_a_day(build: Build, case: str) -> None:
    repo = build(with_files)
    repo.git("config", "filter.shout.clean", "tr a-z A-Z")
    repo.git("config", "filter.shout.smudge", "tr A-Z a-z")
    repo.commit("attributes", {".gitattributes": ATTRIBUTES[case]})
    repo.run("init")
    new_decision(repo, "Keep $Id$ and $Format:%H$ as they are")
    day(repo)
    records = repo.git("ls-files", "-z", ".orchestrator").removesuffix("\0").split("\0")
    assert len(records) > 5
    clone = repo.clone(repo.path.parent / "clone", "--config", "filter.shout.smudge=tr A-Z a-z")
    for path in records:
        on_disk = (repo.path / path).read_bytes()
        assert b"\r" not in on_disk
        assert repo.state(path) == f"100644 {repo.git('hash-object', '--no-filters', path)}"
        assert (clone.path / path).read_bytes() == on_disk
    assert clone.git("status", "--porcelain", ".orchestrator") == ""
    clone.run("doctor")


def test_line_ends_that_only_this_clone_wants(build: Build) -> None:
    """``info/attributes`` comes before ours: records are checked out with CRLF, and read and changed so."""
    repo = build(with_files)
    day(repo)
    clone = repo.clone(repo.path.parent / "clone", "--no-checkout")
    clone.write(".git/info/attributes", "* text eol=crlf\n")
    clone.git("checkout", "--quiet", "main")
    task = str(clone.json("task", "list", "--status", "completed")["tasks"][0]["id"])
    assert b"\r\n" in (clone.path / str(clone.json("task", "show", task)["path"])).read_bytes()
    clone.run("task", "note", task, "from here")
    clone.run("doctor")
    clone.run("commit")
    assert clone.git("status", "--porcelain") == ""
    changed = clone.git("show", "--format=", "--numstat", "HEAD").split("\t")
    assert changed[1] == "0"  # nothing but the note: no line was rewritten
