"""Replacements that went wrong: rejected ones, two at once, halves of one; each has a way out by commands."""

from __future__ import annotations

import re
import shlex

from tests.cli.making import new_decision
from tests.repos import Repo


def messages(repo: Repo) -> list[str]:
    return [row["message"] for row in repo.run("doctor", "--json", check=False).json["problems"]]


def only_hint(repo: Repo) -> str:
    [row] = repo.run("doctor", "--json", check=False).json["problems"]
    return str(row["hint"])


def first_command(hint: str) -> list[str]:
    """The first command that a hint prints, as one would paste it."""
    found = re.search(r"taskorch (.+?)(?:[,;]|$)", hint)
    assert found, hint
    return shlex.split(found[1])


def status(repo: Repo, decision: str) -> str:
    return str(repo.json("decision", "show", decision)["status"])


def test_one_whose_replacement_was_rejected_can_be_accepted_again(project: Repo) -> None:
    old = new_decision(project, "Old", "--status", "accepted")
    new = new_decision(project, "New", "--supersedes", old)
    rejected = project.run("decision", "reject", new)
    assert f"if it holds again: taskorch decision accept {old}\n" in rejected.out
    command = first_command(only_hint(project))
    assert command == ["decision", "accept", old]
    project.run(*command)
    assert (status(project, old), messages(project)) == ("accepted", [])
    listed = project.run("decision", "list").out
    assert "(by" not in next(line for line in listed.splitlines() if "Old" in line)


def test_reject_names_what_nothing_stands_in_the_place_of(project: Repo) -> None:
    old, other = (new_decision(project, name, "--status", "accepted") for name in ("Old", "Other"))
    new = new_decision(project, "New", "--supersedes", old, "--reverses", other, "--refines", other)
    answer = project.json("decision", "reject", new)
    assert [one["id"] for one in answer["nothing_instead"]] == [old, other]
    assert project.json("decision", "reject", new_decision(project, "Apart"))["nothing_instead"] == []


def test_a_rejected_replacement_is_in_the_way_of_no_other(project: Repo) -> None:
    old = new_decision(project, "Old", "--status", "accepted")
    project.run("decision", "reject", new_decision(project, "New", "--supersedes", old))
    third = project.json("decision", "new", "Third", "--because", "x", "--supersedes", old)["id"]
    shown = project.json("why", ".")  # does not fail on the two links
    assert shown["path"] == "."
    assert messages(project) == []
    again = project.run("decision", "accept", old, "--json", check=False)
    assert again.error["message"] == f"{old} is superseded: it cannot be accepted any more"
    assert again.error["hint"].endswith(f"taskorch decision supersede {third} --by NEW")


def test_two_branches_that_replace_the_same_one(project: Repo) -> None:
    """Each is right on its own; after the merge one of them supersedes the other, and all is well."""
    old = new_decision(project, "Old", "--status", "accepted")
    project.commit("old")
    both = []
    for name in ("argon", "scrypt"):
        project.git("switch", "--quiet", "-c", name, "main")
        words = ("--supersedes", old, "--status", "accepted")
        both.append(new_decision(project, name, *words))
        project.commit(name)
        assert messages(project) == []
    project.git("merge", "--quiet", "--no-edit", "argon")
    [message] = messages(project)
    assert message.startswith("superseded more than once: ")
    assert all(one in message for one in both)
    command = first_command(only_hint(project))
    assert command[:2] == ["decision", "supersede"]
    project.run(*command)
    assert messages(project) == []
    assert sorted(status(project, one) for one in both) == ["accepted", "superseded"]


def test_two_replacements_of_which_one_is_deprecated_are_no_problem(project: Repo) -> None:
    old, one, two = (new_decision(project, name, "--status", "accepted") for name in ("Old", "One", "Two"))
    project.run("decision", "supersede", old, "--by", one)
    path = project.path / project.json("decision", "show", two)["path"]
    path.write_text(path.read_text().replace("supersedes:\n", f"supersedes:\n  - {old}\n"))
    assert len(messages(project)) == 1
    project.run("decision", "deprecate", one)
    assert messages(project) == []


def test_a_status_that_a_merge_took_back_is_given_again(project: Repo) -> None:
    for verb in ("supersede", "reverse"):
        old, new = (new_decision(project, name, "--status", "accepted") for name in ("Old", "New"))
        project.run("decision", verb, old, "--by", new)
        path = project.path / project.json("decision", "show", old)["path"]
        path.write_text(path.read_text().replace("status: superseded", "status: accepted"))
        command = first_command(only_hint(project))
        assert command == ["decision", verb, old, "--by", new]
        project.run(*command)
        assert (status(project, old), messages(project)) == ("superseded", [])
        assert project.run(*command, check=False).code == 1


def test_the_hint_of_a_second_supersession_works_when_pasted(project: Repo) -> None:
    old, new, third = (new_decision(project, name) for name in ("Old", "New", "Third"))
    project.run("decision", "supersede", old, "--by", new)
    done = project.run("decision", "reverse", old, "--by", third, "--json", check=False)
    assert done.error["hint"] == f"taskorch decision reverse {new} --by {third}"
    made = project.run("decision", "new", "N", "--because", "x", "--supersedes", old, "--json", check=False)
    assert made.error["hint"].startswith(f"--supersedes {new}: ")
    project.run(*first_command(done.error["hint"]))
    again = project.run("decision", "supersede", old, "--by", third, "--json", check=False)
    assert again.error["hint"].startswith(f"taskorch decision show {old} ")


def test_the_way_out_of_a_status_is_printed(project: Repo) -> None:
    rejected = new_decision(project, "R", "--status", "rejected")
    done = project.run("decision", "accept", rejected, "--json", check=False)
    assert done.error["hint"] == f"taskorch decision propose {rejected}"
    accepted = new_decision(project, "A", "--status", "accepted")
    done = project.run("decision", "reject", accepted, "--json", check=False)
    assert done.error["hint"].endswith(f"taskorch decision supersede {accepted} --by NEW")
