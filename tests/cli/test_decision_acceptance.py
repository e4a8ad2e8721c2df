"""Which commit accepted a decision, for the last time: ``decision accept --again``, branches, merges."""

from __future__ import annotations

import re

import pytest

from tests.cli.deciding import accepted, check, edit, files_of, findings, kinds, subjects, with_files
from tests.cli.making import new_decision
from tests.cli.snapshots import snapshot
from tests.repos import Build, Repo


@pytest.fixture
def work(build: Build) -> Repo:
    """As `with_files` builds it."""
    return build(with_files)


# accepted again


def test_what_was_looked_at_is_accepted_again(work: Repo) -> None:
    made = accepted(work, "src/a.py")
    work.commit("change", {"src/a.py": "1\n"})
    assert kinds(work) == ["changed"]
    answer = work.json("decision", "accept", made, "--again", "--reason", "a rename only", "--commit")
    assert (answer["status"], bool(answer["reviewed"])) == ("accepted", True)
    body = work.json("decision", "show", made)["body"]
    assert re.search(r"Accepted again on \d{4}-\d\d-\d\d: a rename only", body)
    assert findings(work) == []
    work.commit("more", {"src/a.py": "2\n"})
    [row] = findings(work)
    assert (subjects(row), row["message"]) == (
        ["more"], f"src/a.py changed since {row['accepted_in']['id'][:10]} accepted it again",
    )  # fmt: skip
    assert row["accepted_in"]["subject"].startswith("taskorch: ")


def test_accepting_again_counts_once_it_is_committed_and_can_be_taken_back(work: Repo) -> None:
    made = accepted(work, "src/a.py")
    at = work.head
    work.commit("change", {"src/a.py": "1\n"})
    work.run("decision", "accept", made, "--again")
    assert (kinds(work), len(check(work)["notes"])) == ([], 1)
    work.commit("again")
    first = work.head
    work.commit("more", {"src/a.py": "2\n"})
    work.run("decision", "accept", made, "--again")
    work.commit("and again")
    assert findings(work) == []
    work.git("revert", "--no-edit", "HEAD")
    [row] = findings(work)
    assert (row["accepted_in"]["id"], subjects(row)) == (first, ["more"])
    work.git("revert", "--no-edit", first)
    [row] = findings(work)
    assert (row["accepted_in"]["id"], subjects(row)) == (at, ["change", "more"])


@pytest.mark.parametrize("status", ["proposed", "rejected"])
def test_only_what_is_accepted_is_accepted_again(work: Repo, status: str) -> None:
    made = new_decision(work)
    if status == "rejected":
        work.run("decision", "reject", made)
    before = snapshot(work)
    done = work.run("decision", "accept", made, "--again", "--json", check=False)
    assert (done.code, done.error["message"]) == (1, f"{made} is {status}: it cannot be accepted again")
    assert done.error["hint"]
    assert snapshot(work) == before


def test_accepting_twice_without_saying_so_is_refused_as_ever(work: Repo) -> None:
    made = accepted(work)
    done = work.run("decision", "accept", made, "--json", check=False)
    assert (done.code, "--again" in done.error["hint"]) == (1, True)


# branches, merges, squashes


def test_accepted_on_a_branch_what_the_main_branch_did_meanwhile_counts(work: Repo) -> None:
    work.git("switch", "--quiet", "-c", "side")
    accepted(work, "src/a.py", "src/b.py")
    at = work.head
    work.git("switch", "--quiet", "main")
    work.commit("meanwhile", {"src/a.py": "m\n"})
    work.git("merge", "--quiet", "--no-edit", "side")
    [row] = findings(work)
    assert (row["governed"], row["accepted_in"]["id"], subjects(row)) == ("src/a.py", at, ["meanwhile"])


def test_what_both_branches_changed_alike_is_as_it_was_accepted(work: Repo) -> None:
    work.git("switch", "--quiet", "-c", "side")
    work.commit("same", {"src/a.py": "same\n"})
    accepted(work, "src/a.py")
    work.git("switch", "--quiet", "main")
    work.commit("same here", {"src/a.py": "same\n"})
    work.git("merge", "--quiet", "--no-edit", "side")
    assert findings(work) == []


def test_a_squash_that_brings_the_record_accepted_accepts_it(work: Repo) -> None:
    work.git("switch", "--quiet", "-c", "side")
    made = new_decision(work, "T", "--file", "src/a.py")
    work.commit("propose")
    work.run("decision", "accept", made)
    work.commit("accept")
    work.commit("change on the branch", {"src/a.py": "s\n"})
    assert kinds(work) == ["changed"]
    work.git("switch", "--quiet", "main")
    work.git("merge", "--quiet", "--squash", "side")
    work.commit("squash")
    assert findings(work) == []
    work.commit("later", {"src/a.py": "l\n"})
    assert [subjects(row) for row in findings(work)] == [["later"]]


@pytest.mark.parametrize(("into", "other"), [("main", "side"), ("side", "main")])
def test_a_merge_made_by_hand_is_not_where_it_was_accepted(work: Repo, into: str, other: str) -> None:
    made = new_decision(work, "T", "--file", "src/a.py")
    work.commit("propose")
    work.git("switch", "--quiet", "-c", "side")
    work.run("decision", "accept", made)
    at = work.commit("accept")
    work.git("switch", "--quiet", "main")
    edit(work, made, "^# T$", "# T on main")
    work.commit("meanwhile", {"src/a.py": "m\n"})
    work.git("switch", "--quiet", into)
    work.git("merge", "--quiet", "--no-commit", other, check=False)
    edit(work, made, "^# T on main$", "# T by hand")
    work.commit("merge")
    [row] = findings(work)
    assert (row["accepted_in"]["id"], subjects(row)) == (at, ["meanwhile"])


def test_a_merge_that_took_the_other_side_has_no_commit_to_tell(work: Repo) -> None:
    work.git("switch", "--quiet", "-c", "side")
    work.git("switch", "--quiet", "main")
    work.commit("new", {"src/a.py": "new\n"})
    accepted(work, "src/a.py")
    work.git("switch", "--quiet", "side")
    work.commit("side", {"src/b.py": "side\n"})
    work.git("merge", "--quiet", "--no-commit", "main")
    work.git("checkout", "--quiet", "HEAD", "--", "src/a.py")
    work.commit("merge, but keep the old one")
    [row] = findings(work)
    assert (files_of(row), subjects(row)) == (["M src/a.py"], [])
