"""``history`` of a decision: the chain it stands in, since when each has its status, and changed texts."""

from __future__ import annotations

from pathlib import Path
from random import Random
from time import process_time
from typing import Any

import pytest

from taskorch.services.evolution import difference
from tests.cli.capturing import in_terminal
from tests.cli.making import new_decision, new_task, task_file
from tests.repos import Repo


def file_of(repo: Repo, decision: str) -> Path:
    return repo.path / str(repo.json("decision", "show", decision)["path"])


def change(repo: Repo, decision: str, old: str, new: str) -> None:
    path = file_of(repo, decision)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def chain(repo: Repo, decision: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = repo.json("history", decision)["chain"]
    return rows


def as_bob(repo: Repo, message: str) -> str:
    repo.git("add", "--all")
    repo.git("-c", "user.name=Bob", "commit", "-q", "-m", message)
    return repo.head


def test_the_chain_from_the_oldest_on_with_who_gave_each_its_status(project: Repo) -> None:
    old = new_decision(project, "Bcrypt", "--status", "accepted")
    first = project.commit("use bcrypt")
    new = new_decision(project, "Argon2id", "--supersedes", old)
    second = as_bob(project, "propose argon2id")
    project.run("decision", "accept", new)
    third = project.commit("accept argon2id")
    newest = new_decision(project, "Parameters", "--refines", new)
    rows = chain(project, new)
    assert [(row["id"], row["depth"], row["status"]) for row in rows] == [
        (old, 1, "superseded"),
        (new, 0, "accepted"),
        (newest, 1, "proposed"),
    ]
    assert [row["links"] for row in rows] == [
        [],
        [{"kind": "supersedes", "to": old}],
        [{"kind": "refines", "to": new}],
    ]
    told = [[(s["from"], s["to"], s["commit"], s["author"]) for s in row["statuses"]] for row in rows]
    assert told == [
        [(None, "accepted", first, "Ann Example"), ("accepted", "superseded", second, "Bob")],
        [(None, "proposed", second, "Bob"), ("proposed", "accepted", third, "Ann Example")],
        [(None, "proposed", None, None)],
    ]
    assert [row["became"]["commit"] for row in rows] == [second, third, None]
    assert rows[1]["became"]["date"].startswith("2026-01-02T")
    assert [row["depth"] for row in chain(project, old)] == [0, 1, 2]
    out = project.run("history", new).out
    line = f'    proposed -> accepted  {third[:10]}  2026-01-02 Ann Example  "accept argon2id"\n'
    assert line in out
    assert f"  {new}  accepted  Argon2id  (supersedes {old})\n" in out


def test_a_decision_without_links_is_a_chain_of_one(project: Repo) -> None:
    one = new_decision(project, "One")
    other = new_decision(project, "Other")
    project.commit("both")
    project.run("decision", "reject", one)
    rows = chain(project, one)
    assert [row["id"] for row in rows] == [one]
    assert rows[0]["became"]["commit"] is None
    out = project.run("history", one).out
    assert "\nstatus\n  proposed" in out
    assert "\n  proposed -> rejected  " in out
    assert other not in out


def test_links_in_a_ring_end(project: Repo) -> None:
    one, two = new_decision(project, "One"), new_decision(project, "Two")
    change(project, one, "refines:\n", f"refines:\n  - {two}\n")
    change(project, two, "refines:\n", f"refines:\n  - {one}\n  - d-00000000\n")
    assert {row["id"] for row in chain(project, one)} == {one, two}


def test_tasks_and_sessions_have_no_chain(project: Repo) -> None:
    assert chain(project, new_task(project)) == []


def test_a_changed_text_is_told_by_its_lines(project: Repo) -> None:
    one = new_decision(project)
    project.commit("made")
    change(project, one, "memory-hard", "memory-hard,\n\nand a contest")
    sha = project.commit("say more")
    row = project.json("history", one)["history"][-1]
    [told] = row["changes"]
    assert (row["commit"], told["field"]) == (sha, "## Decision Outcome")
    assert told["diff"] == ["-memory-hard", "+memory-hard,", "+and a contest"]
    assert "    -memory-hard\n    +memory-hard,\n    +and a contest\n" in project.run("history", one).out


def test_of_many_lines_the_first_are_told_and_how_many_more(project: Repo) -> None:
    one = new_decision(project)
    project.commit("made")
    change(project, one, "hashes leak", "\n".join(f"line {n}" for n in range(50)))
    [told] = project.json("history", one)["history"][-1]["changes"]
    assert (len(told["diff"]), told["diff"][0], told["diff"][-1]) == (21, "-hashes leak", "  and 31 more")


def test_two_long_texts_are_told_in_time() -> None:
    """To find what such texts have in common takes a quarter of a minute."""
    rng = Random(1)
    old, new = ("\n".join(str(rng.randrange(105)) for _ in range(60_000)) for _ in range(2))
    begun = process_time()
    lines = difference(old, new)
    assert process_time() - begun < 5
    assert (len(lines), lines[-1]) == (21, "  and 119980 more")


def test_a_text_above_the_sections_is_told_and_a_front_matter_field_has_no_lines(project: Repo) -> None:
    one = new_decision(project, "One")
    project.commit("made")
    change(project, one, "# One\n", "# One\n\nIn short: no.\n")
    project.run("decision", "edit", one, "--impact", "high")
    changes = {row["field"]: row for row in project.json("history", one)["history"][-1]["changes"]}
    assert set(changes) == {"#", "impact"}
    assert (changes["#"]["to"], changes["impact"]["diff"]) == ("In short: no.", None)


def test_tasks_tell_their_texts_too(project: Repo) -> None:
    task = new_task(project, "T", "-d", "one\ntwo")
    project.commit("made")
    path = task_file(project, task)
    path.write_text(path.read_text().replace("two", "three"))
    [told] = project.json("history", task)["history"][-1]["changes"]
    assert told["diff"] == ["-two", "+three"]


def test_a_renamed_file_keeps_its_history(project: Repo) -> None:
    one = new_decision(project, "One")
    made = project.commit("made")
    path = file_of(project, one)
    old = path.relative_to(project.path).as_posix()
    project.git("mv", old, f".orchestrator/decisions/{one}-other.md")
    project.run("decision", "accept", one)
    moved = project.commit("moved and accepted")
    project.git("mv", f".orchestrator/decisions/{one}-other.md", f".orchestrator/decisions/{one}.md")
    again = project.commit("moved again")
    rows = project.json("history", one)["history"]
    assert [(row["commit"], row["renamed_from"]) for row in rows] == [
        (made, None),
        (moved, old),
        (again, f".orchestrator/decisions/{one}-other.md"),
    ]
    assert [change["field"] for change in rows[1]["changes"]] == ["status"]
    assert f"  the file was {old}\n" in project.run("history", one).out
    assert [s["commit"] for s in chain(project, one)[0]["statuses"]] == [made, moved]


def test_another_record_is_not_taken_for_an_earlier_name(project: Repo) -> None:
    old = new_decision(project, "Use argon2id")
    project.commit("old")
    file_of(project, old).unlink()
    new = new_decision(project, "Use argon2id")
    project.commit("in its place")
    assert [row["subject"] for row in project.json("history", new)["history"]] == ["in its place"]


def test_a_document_that_became_a_record_is_followed(project: Repo) -> None:
    one = new_decision(project, "One", "--rationale", "many words\n" * 40)
    path = file_of(project, one)
    body = path.read_text().split("---\n", 2)[2]
    record = path.read_text()
    path.unlink()
    written = project.commit("an ADR", {"doc/adr/0001-one.md": body})
    project.remove("doc/adr/0001-one.md")
    path.write_text(record)
    project.commit("adopted")
    rows = project.json("history", one)["history"]
    assert rows[0]["commit"] == written
    assert rows[1]["renamed_from"] == "doc/adr/0001-one.md"


def test_of_a_removed_decision_the_chain_is_told(project: Repo) -> None:
    old = new_decision(project, "Old")
    new = new_decision(project, "New", "--supersedes", old)
    project.commit("both")
    file_of(project, new).unlink()
    project.commit("gone")
    assert [row["id"] for row in chain(project, new)] == [old, new]


def test_statuses_and_lines_are_coloured_on_a_terminal(project: Repo) -> None:
    one = new_decision(project)
    project.commit("made")
    project.run("decision", "accept", one)
    change(project, one, "memory-hard", "other")
    code, out = in_terminal(project, "history", one, TERM="xterm")
    assert code == 0
    for part in ("\x1b[32mproposed -> accepted", "\x1b[31m-memory-hard", "\x1b[32m+other"):
        assert part in out, part


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_alone_are_no_change_of_a_text(project: Repo, newline: str) -> None:
    one = new_decision(project)
    project.commit("made")
    path = file_of(project, one)
    path.write_bytes(path.read_bytes().replace(b"\n", newline.encode()))
    assert len(project.json("history", one)["history"]) == 1
