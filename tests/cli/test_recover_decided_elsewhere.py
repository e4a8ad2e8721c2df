"""Decisions that the work relied on and that stand no longer elsewhere, or are replaced by proposals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.making import new_decision, new_task
from tests.cli.test_recover import GUIDE
from tests.conftest import start_project
from tests.repos import Build, Repo


def package_of(repo: Repo, *words: str) -> dict[str, Any]:
    found = repo.json("recover", *words)["recovery_package"]
    assert isinstance(found, dict)
    return found


def with_a_decision(project: Repo) -> tuple[str, str]:
    """A task and the accepted decision that binds it, on main."""
    start_project(project)
    task = new_task(project, "Hash passwords")
    old = new_decision(project, "Use bcrypt", "--status", "accepted", "--task", task, "--risk", "72 bytes")
    project.commit("plan")
    return task, old


@pytest.fixture
def decided(build: Build) -> tuple[Repo, str, str]:
    repo, names = build.giving(with_a_decision)
    return repo, *names


def superseded(repo: Repo, old: str, status: str = "accepted") -> str:
    """A newer decision in the place of an old one, committed."""
    new = new_decision(repo, "Use argon2id", "--status", status)
    repo.run("decision", "supersede", old, "--by", new)
    repo.run("commit", "-m", "argon2id")
    return new


def test_one_that_only_a_pushed_branch_supersedes_is_a_local_finding(decided: tuple[Repo, str, str]) -> None:
    project, task, old = decided
    project.git("switch", "--quiet", "-c", "hash")
    new = superseded(project, old)
    project.git("switch", "--quiet", "main")
    clone = project.clone(project.path.parent / "clone")
    package = package_of(clone, task)
    [row] = package["local"]["decided_on_branches"]
    assert (row["id"], row["status"], row["ref"]) == (old, "superseded", "origin/hash")
    assert row["instead"] == [{"id": new, "title": "Use argon2id", "status": "accepted"}]
    became = f"is superseded by {new} Use argon2id (accepted)"
    told = f"The decision {old} Use bcrypt {became} on origin/hash, not here: see the local findings."
    assert told in package[GUIDE]
    assert f"- on `origin/hash`, not in HEAD: the decision {old} Use bcrypt {became}: " in (
        clone.run("recover", task).out
    )
    assert "superseded" in clone.run(*row["command"].split()[1:]).out
    # what every clone has says nothing of it
    single = project.clone(project.path.parent / "single", "--single-branch", "--branch", "main")
    other = package_of(single, task)
    assert other["local"]["decided_on_branches"] == []
    assert other["key_decisions"] == package["key_decisions"]


def test_a_branch_from_before_says_nothing_of_it(decided: tuple[Repo, str, str]) -> None:
    project, task, old = decided
    project.run("decision", "deprecate", old)
    project.commit("deprecated")
    project.git("branch", "behind")
    project.git("revert", "--no-edit", "HEAD")  # it stands again
    assert package_of(project, task)["key_decisions"][0]["stands"]
    assert package_of(project, task)["local"]["decided_on_branches"] == []
    # nor does a default branch that is behind
    project.git("switch", "--quiet", "-c", "ahead")
    project.git("branch", "--quiet", "--force", "main", "behind")
    assert package_of(project, task)["key_decisions"][0]["stands"]


def test_one_that_the_default_branch_supersedes_binds_no_task_behind_it(
    decided: tuple[Repo, str, str],
) -> None:
    project, task, old = decided
    project.run("session", "start", "--task", task)
    project.run("session", "end", "--handoff", "go on")
    project.run("commit")
    [session] = [one["id"] for one in project.json("session", "list")["sessions"]]
    project.git("branch", "topic")
    new = superseded(project, old)
    project.git("switch", "--quiet", "topic")
    for words in ([task], ["--session", session], [task, "--at", "topic"]):
        package = package_of(project, *words)
        [row] = package["key_decisions"]
        assert (row["status"], row["stands"], row["superseded_by"]) == ("accepted", False, [new])
        assert package["outstanding_risks"] == []
        assert package["local"]["decided_on_branches"] == []
        told = f"is no longer so on the default branch: follow {new} Use argon2id (accepted)."
        assert any(line.endswith(told) for line in package[GUIDE])


@pytest.mark.parametrize("status", ["proposed", "deprecated"])
def test_what_is_not_accepted_is_not_to_be_followed(decided: tuple[Repo, str, str], status: str) -> None:
    project, task, old = decided
    new = superseded(project, old, "proposed")
    if status == "deprecated":
        project.run("decision", "deprecate", new)
    [line] = [line for line in package_of(project, task)[GUIDE] if line.startswith("The decision")]
    assert line == f"The decision {old} Use bcrypt is superseded; {new} Use argon2id " + (
        "is to stand instead, but is only proposed: nobody has accepted it yet."
        if status == "proposed"
        else "came instead, which is deprecated itself."
    )
