"""Decisions: MADR bodies, links in both directions, and the ways from status to status."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.cli.making import changed_lines, new_decision, new_task
from tests.cli.snapshots import snapshot
from tests.repos import Repo

TEXTS = ("--context", "Hashes leak.", "--decision", "argon2id", "--rationale", "It is memory-hard.")
EVERY_OPTION = (
    *("--category", "security", "--impact", "high", "--alternative", "bcrypt", "--alternative", "scrypt"),
    *("--risk", "slow on phones", "--risk", "new library", "--consequence", "old hashes are kept"),
    *("--component", "auth", "--status", "accepted"),
)


def test_new_with_defaults(project: Repo) -> None:
    made = project.json("decision", "new", "Use argon2id", *TEXTS)
    assert re.fullmatch(r"d-[0-9a-hjkmnp-tv-z]{8}", made["id"])
    assert made["path"] == f".orchestrator/decisions/{made['id']}-use-argon2id.md"
    assert (made["status"], made["decision_makers"]) == ("proposed", ["Ann Example"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", made["date"])
    assert (made["category"], made["impact"], made["governs"], made["tasks"]) == (None, None, [], [])


def test_text_names_id_path_and_what_comes_next(project: Repo) -> None:
    for status, more in (("proposed", "next: taskorch decision accept {id}\n"), ("accepted", "")):
        out = project.run("decision", "new", "Use argon2id", *TEXTS, "--status", status).out
        [made] = [d for d in project.json("decision", "list")["decisions"] if d["status"] == status]
        assert out == f"made {made['id']}  Use argon2id\n  {made['path']}\n" + more.format(id=made["id"])
        assert project.run("decision", "show", made["id"]).out.count(made["path"]) == 1


def test_the_body_is_madr_4(project: Repo) -> None:
    project.write("src/auth.py", "\n")
    made = project.json("decision", "new", "Use argon2id", *TEXTS, *EVERY_OPTION, "--file", "src/auth.py")
    body = project.read(made["path"]).split("---\n", 2)[2]
    assert body.strip() == (
        "# Use argon2id\n\n"
        "## Context and Problem Statement\n\nHashes leak.\n\n"
        "## Considered Options\n\n* argon2id\n* bcrypt\n* scrypt\n\n"
        '## Decision Outcome\n\nChosen option: "argon2id"\n\n'
        "### Rationale\n\nIt is memory-hard.\n\n"
        "### Consequences\n\n* old hashes are kept\n\n"
        "### Risks\n\n* slow on phones\n* new library"
    )
    front = project.read(made["path"]).split("---\n")[1]
    assert "decision-makers:\n  - Ann Example\n" in front
    assert "governs:\n  - path: src/auth.py\n" in front


def test_without_options_the_body_has_no_empty_headings(project: Repo) -> None:
    made = project.json("decision", "new", "Use argon2id", *TEXTS)
    headings = [line for line in project.read(made["path"]).splitlines() if line.startswith("#")]
    assert headings == [
        "# Use argon2id",
        "## Context and Problem Statement",
        "## Decision Outcome",
        "### Rationale",
    ]


def test_show_gives_reasons_risks_and_text(project: Repo) -> None:
    task = new_task(project)
    made = project.json("decision", "new", "Use argon2id", *TEXTS, *EVERY_OPTION, "--task", task[:6])
    shown = project.json("decision", "show", made["id"][2:6])
    assert shown["tasks"] == [task]
    assert shown["context"] == "Hashes leak."
    assert shown["rationale"] == "It is memory-hard."
    assert shown["risks"] == ["slow on phones", "new library"]
    assert shown["body"].startswith("# Use argon2id\n")
    out = project.run("decision", "show", made["id"]).out
    for part in ("security", "high", "Ann Example", task, "memory-hard", "slow on phones"):
        assert part in out, part


@pytest.mark.parametrize("flag", ["--context", "--decision", "--rationale"])
def test_an_empty_reason_is_refused(project: Repo, flag: str) -> None:
    before = snapshot(project)
    texts = dict(zip(TEXTS[::2], TEXTS[1::2], strict=True)) | {flag: " "}
    words = [word for pair in texts.items() for word in pair]
    done = project.run("decision", "new", "T", *words, "--json", check=False)
    assert (done.code, f"the {flag[2:]} is empty") == (1, done.error["message"])
    assert done.error["hint"]
    assert snapshot(project) == before


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["--task", "t-00000000"], "not_found"),
        (["--file", "../elsewhere"], "bad_path"),
        (["--file", ".git/config"], "bad_path"),
        (["--status", "superseded"], "refused"),
    ],
)
def test_a_refused_decision_leaves_nothing(project: Repo, words: list[str], kind: str) -> None:
    before = snapshot(project)
    done = project.run("decision", "new", "T", *TEXTS, *words, "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, kind)
    assert done.error["hint"]
    assert snapshot(project) == before


def test_governed_files_are_named_from_the_folder_one_is_in(project: Repo) -> None:
    project.write("src/auth.py", "\n")
    made = project.run("decision", "new", "T", *TEXTS, "--file", "auth.py", "--json", cwd="src").json
    assert made["governs"] == ["src/auth.py"]


def test_list_and_its_filters(project: Repo) -> None:
    task = new_task(project)
    one = new_decision(project, "One", "--status", "accepted", "--category", "security")
    two = new_decision(project, "Two", "--task", task)

    def listed(*words: str) -> set[str]:
        return {row["id"] for row in project.json("decision", "list", *words)["decisions"]}

    assert listed() == {one, two}
    assert listed("--status", "accepted") == {one}
    assert listed("--status", "accepted", "--status", "proposed") == {one, two}
    assert listed("--category", "security") == {one}
    assert listed("--task", task) == {two}
    assert listed("--status", "rejected") == set()
    assert project.run("decision", "list", "--status", "rejected").out == "no decisions\n"
    assert [line.split()[-1] for line in project.run("decision", "list").out.splitlines()].count("One") == 1


WAYS = {
    "accept": ({"proposed"}, "accepted"),
    "reject": ({"proposed"}, "rejected"),
    "deprecate": ({"proposed", "accepted"}, "deprecated"),
}


def in_status(repo: Repo, status: str) -> str:
    """A decision with that status."""
    if status != "superseded":
        return new_decision(repo, "Old", "--status", status)
    old = new_decision(repo, "Old")
    repo.run("decision", "supersede", old, "--by", new_decision(repo, "New"))
    return old


@pytest.mark.parametrize("verb", sorted(WAYS))
@pytest.mark.parametrize("status", ["proposed", "accepted", "rejected", "deprecated", "superseded"])
def test_every_way_that_is_open_and_none_else(project: Repo, verb: str, status: str) -> None:
    decision = in_status(project, status)
    before = snapshot(project)
    done = project.run("decision", verb, decision, "--reason", "agreed", "--json", check=False)
    allowed, target = WAYS[verb]
    if status in allowed:
        assert done.json["status"] == target
    else:
        assert done.code == 1
        assert done.error["hint"]
        assert snapshot(project) == before


def test_a_new_status_changes_its_line_and_the_reason_goes_below_more_information(project: Repo) -> None:
    made = project.json("decision", "new", "Use argon2id", *TEXTS)
    project.commit("proposed")
    project.run("decision", "accept", made["id"], "--reason", "agreed in\nthe review")
    gone, come = changed_lines(project, made["path"])
    assert gone == ["status: proposed"]
    words = f"Accepted on {made['date']}: agreed in the review"
    assert [line for line in come if line] == ["status: accepted", "## More Information", words]
    project.commit("accepted")
    project.run("decision", "deprecate", made["id"])
    assert changed_lines(project, made["path"]) == (["status: accepted"], ["status: deprecated"])


def test_supersede_links_the_newer_and_changes_the_older_status_line(project: Repo) -> None:
    old, new = new_decision(project, "Old", "--status", "accepted"), new_decision(project, "New")
    project.commit("both")
    done = project.json("decision", "supersede", old, "--by", new)
    assert (done["id"], done["supersedes"]) == (new, [old])
    superseded: dict[str, Any] = done["superseded"]
    assert (superseded["status"], superseded["superseded_by"]) == ("superseded", [new])
    assert changed_lines(project, superseded["path"]) == (["status: accepted"], ["status: superseded"])
    assert changed_lines(project, done["path"]) == ([], [f"  - {old}"])


def test_links_are_shown_in_both_directions(project: Repo) -> None:
    old, new = new_decision(project, "Old one"), new_decision(project, "New one")
    project.run("decision", "supersede", old, "--by", new)
    assert project.json("decision", "show", old)["link_titles"] == {new: "New one"}
    assert project.json("decision", "show", new)["link_titles"] == {old: "Old one"}
    assert re.search(rf"superseded by +{new} New one", project.run("decision", "show", old).out)
    assert re.search(rf"supersedes +{old} Old one", project.run("decision", "show", new).out)
    assert f"Old one  (by {new})" in project.run("decision", "list").out


@pytest.mark.parametrize("kind", ["refines", "reverses", "clarifies"])
def test_links_written_by_hand_are_read_in_both_directions(project: Repo, kind: str) -> None:
    old, new = new_decision(project, "Old"), new_decision(project, "New")
    path = project.path / project.json("decision", "show", new)["path"]
    path.write_text(path.read_text().replace(f"{kind}:\n", f"{kind}:\n  - {old}\n"))
    back = {"refines": "refined_by", "reverses": "reversed_by", "clarifies": "clarified_by"}[kind]
    assert project.json("decision", "show", new)[kind] == [old]
    assert project.json("decision", "show", old)[back] == [new]


def test_a_second_supersession_is_refused_and_names_the_first(project: Repo) -> None:
    old, new, third = (new_decision(project, name) for name in ("Old", "New", "Third"))
    project.run("decision", "supersede", old, "--by", new)
    before = snapshot(project)
    done = project.run("decision", "supersede", old, "--by", third, "--json", check=False)
    assert (done.code, done.error["message"]) == (1, f"{old} is superseded by {new} already")
    assert new in done.error["hint"]
    assert snapshot(project) == before


def test_a_ring_of_supersessions_is_refused(project: Repo) -> None:
    one, two, three = (new_decision(project, name, "--status", "accepted") for name in ("1", "2", "3"))
    path = project.path / project.json("decision", "show", three)["path"]
    path.write_text(path.read_text().replace("supersedes:\n", f"supersedes:\n  - {two}\n"))
    other = project.path / project.json("decision", "show", two)["path"]
    other.write_text(other.read_text().replace("supersedes:\n", f"supersedes:\n  - {one}\n"))
    before = snapshot(project)
    done = project.run("decision", "supersede", three, "--by", one, "--json", check=False)
    assert done.code == 1
    assert done.error["message"].startswith(f"{one} would supersede itself: {one} -> ")
    assert done.error["hint"]
    assert snapshot(project) == before


def test_itself_and_dead_decisions_cannot_supersede(project: Repo) -> None:
    one = new_decision(project, "One")
    dead = new_decision(project, "Dead", "--status", "rejected")
    before = snapshot(project)
    for by in (one, dead, "d-00000000"):
        done = project.run("decision", "supersede", one, "--by", by, "--json", check=False)
        assert done.code == 1
        assert done.error["hint"]
    assert snapshot(project) == before


def test_the_decision_maker_is_the_author_git_would_record(project: Repo) -> None:
    done = project.run("decision", "new", "T", *TEXTS, "--json", env={"GIT_AUTHOR_NAME": "Bea"})
    assert done.json["decision_makers"] == ["Bea"]


LINKS = {
    "supersede": ("supersedes", "superseded_by", "superseded"),
    "refine": ("refines", "refined_by", "accepted"),
    "reverse": ("reverses", "reversed_by", "superseded"),
    "clarify": ("clarifies", "clarified_by", "accepted"),
}


@pytest.mark.parametrize("verb", sorted(LINKS))
def test_a_link_is_stored_on_the_newer_one_alone(project: Repo, verb: str) -> None:
    old, new = new_decision(project, "Old", "--status", "accepted"), new_decision(project, "New")
    project.commit("both")
    kind, back, status = LINKS[verb]
    done = project.json("decision", verb, old, "--by", new)
    assert (done["id"], done[kind], done["verb"]) == (new, [old], verb)
    older: dict[str, Any] = done["older"]
    assert (older["id"], older[back], older["status"]) == (old, [new], status)
    assert changed_lines(project, done["path"]) == ([], [f"  - {old}"])
    changed = (["status: accepted"], ["status: superseded"]) if status == "superseded" else ([], [])
    assert changed_lines(project, older["path"]) == changed


def test_what_is_replaced_can_be_refined_but_not_replaced_again(project: Repo) -> None:
    old, new, third = (new_decision(project, name) for name in ("Old", "New", "Third"))
    project.run("decision", "reverse", old, "--by", new)
    for verb in ("supersede", "reverse"):
        before = snapshot(project)
        done = project.run("decision", verb, old, "--by", third, "--json", check=False)
        assert (done.code, done.error["message"]) == (1, f"{old} is superseded by {new} already")
        assert snapshot(project) == before
    project.run("decision", "clarify", old, "--by", third)


def test_the_same_link_twice_is_refused(project: Repo) -> None:
    old, new = new_decision(project, "Old"), new_decision(project, "New")
    project.run("decision", "refine", old, "--by", new)
    done = project.run("decision", "refine", old, "--by", new, "--json", check=False)
    assert (done.code, done.error["message"]) == (1, f"{new} refines {old} already")


def test_a_ring_of_different_links_is_refused(project: Repo) -> None:
    one, two, three = (new_decision(project, name) for name in ("1", "2", "3"))
    project.run("decision", "refine", one, "--by", two)
    project.run("decision", "clarify", two, "--by", three)
    before = snapshot(project)
    done = project.run("decision", "supersede", three, "--by", one, "--json", check=False)
    assert done.code == 1
    assert done.error["message"] == f"{one} would supersede itself: {one} -> {three} -> {two} -> {one}"
    assert snapshot(project) == before


def test_a_rejected_or_deprecated_one_can_be_proposed_again(project: Repo) -> None:
    for status in ("rejected", "deprecated"):
        one = new_decision(project, status, "--status", status)
        again = project.json("decision", "propose", one, "--reason", "it came up again")
        assert (again["id"], again["status"]) == (one, "proposed")
    for status in ("proposed", "accepted", "superseded"):
        done = project.run("decision", "propose", in_status(project, status), "--json", check=False)
        assert done.code == 1
        assert done.error["hint"]
