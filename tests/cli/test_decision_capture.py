"""Writing a decision down with flags, in one line; and whom it is linked to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.capturing import SHORT, TEXTS, body, from_input, write_in_editor
from tests.cli.making import changed_lines, new_decision, new_task, started
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.repos import Repo


def test_one_line_is_a_decision(project: Repo) -> None:
    made = project.json(*SHORT)
    assert body(project, made) == (
        "# Use ruff\n\n## Decision Outcome\n\nUse ruff\n\n### Rationale\n\none tool, and fast"
    )
    shown = project.json("decision", "show", made["id"])
    assert (shown["decision"], shown["rationale"]) == ("Use ruff", "one tool, and fast")
    assert project.json("decision", "new", "Again", "--rationale", "same")["title"] == "Again"


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ((), "--context, --decision and --rationale are missing"),
        (("--context", "c"), "--decision and --rationale are missing"),
        (("--context", "c", "--because", "r"), "--decision is missing"),
        (("--decision", "d", "--because", "r"), "--context is missing"),
    ],
)
def test_what_is_missing_is_named_and_the_short_form_shown(
    project: Repo, words: tuple[str, ...], missing: str
) -> None:
    before = snapshot(project, local=True)
    error = refused(project, "decision", "new", "Use it's", *words, kind="usage", code=2)
    assert error["message"] == missing
    assert """taskorch decision new 'Use it'"'"'s' --because 'WHY'""" in error["hint"]
    assert snapshot(project, local=True) == before


def test_without_a_title_and_a_terminal_one_is_asked_for(project: Repo) -> None:
    assert refused(project, "decision", "new", kind="usage", code=2)["message"] == "give the decision a title"


def test_every_part_has_its_place_and_is_read_back(project: Repo) -> None:
    made = project.json(
        *("decision", "new", "Hash with argon2id", *TEXTS),
        *("--driver", "OWASP", "--alternative", "bcrypt", "--alternative", "a: b"),
        *("--pro", "argon2id: memory-hard: yes", "--con", "BCRYPT: 72 bytes at most", "--pro", "a: b: c"),
        *("--con", "bcrypt: Bad, because old", "--consequence", "Good, because safe", "--risk", "slow"),
        *("--confirmation", "a test", "--implementation", "planned", "--outcome", "not\nyet"),
        *("--label", "auth", "--decision-maker", "Bea", "--decision-maker", "Cy"),
    )
    shown = project.json("decision", "show", made["id"])
    assert shown["options"] == [
        {"name": "argon2id", "chosen": True, "text": "", "pros": ["memory-hard: yes"], "neutral": [],
         "cons": []},
        {"name": "bcrypt", "chosen": False, "text": "", "pros": [], "neutral": [],
         "cons": ["72 bytes at most", "old"]},
        {"name": "a: b", "chosen": False, "text": "", "pros": ["c"], "neutral": [], "cons": []},
    ]  # fmt: skip
    assert (shown["drivers"], shown["consequences"]) == (["OWASP"], ["Good, because safe"])
    assert (shown["confirmation"], shown["risks"]) == ("a test", ["slow"])
    assert (made["implementation"], made["outcome"], made["labels"]) == ("planned", "not yet", ["auth"])
    assert made["decision_makers"] == ["Bea", "Cy"]
    headings = [line for line in body(project, made).splitlines() if line.startswith("#")]
    assert headings == [
        "# Hash with argon2id", "## Context and Problem Statement", "## Decision Drivers",
        "## Considered Options", "## Decision Outcome", "### Rationale", "### Consequences", "### Risks",
        "### Confirmation", "## Pros and Cons of the Options", "### argon2id", "### bcrypt", "### a: b",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--pro", "scrypt: fast"), "does not begin with an option and a colon"),
        (("--con", "no colon"), "does not begin with an option and a colon"),
        (("--con", "bcrypt:  "), "says nothing"),
        (("--confirmation", " "), "the confirmation is empty"),
    ],
)
def test_an_argument_about_nothing_is_refused(project: Repo, words: tuple[str, ...], message: str) -> None:
    before = snapshot(project, local=True)
    done = project.run(
        "decision", "new", "T", *TEXTS, "--alternative", "bcrypt", *words, "--json", check=False
    )
    assert (done.code, message in done.error["message"]) == (1, True)
    if "option" in message:
        assert done.error["candidates"] == ["argon2id", "bcrypt"]
    assert snapshot(project, local=True) == before


def test_the_chosen_option_is_an_alternative_once_and_may_hold_any_words(project: Repo) -> None:
    chosen = "wait, because it is late"
    made = project.json(
        *("decision", "new", "T", "--context", "c", "--decision", chosen, "--because", "no hurry"),
        *("--alternative", chosen.upper(), "--alternative", "go", "--template", "madr-minimal"),
    )
    shown = project.json("decision", "show", made["id"])
    assert [(one["name"], one["chosen"]) for one in shown["options"]] == [(chosen, True), ("go", False)]
    assert shown["rationale"] == "no hurry"


def test_what_the_title_says_is_not_said_again(project: Repo) -> None:
    task = started(project)
    project.run("decision", "new", "Use ruff", "--because", "one tool, and fast", "--file", "README.md")
    for words in (("recover", task), ("why", "README.md")):
        out = project.run(*words).out
        assert (out.count("Use ruff"), out.count("one tool, and fast")) == (1, 1), out


def test_it_is_for_the_task_one_works_on(project: Repo) -> None:
    assert project.json(*SHORT)["session"] is None
    task = started(project, "Hash passwords")
    session = project.json("session", "show")["id"]
    made = project.run(*SHORT)
    assert f"\nfor {task}  Hash passwords\n" in made.out
    shown = project.json("decision", "list")["decisions"]
    assert [(one["tasks"], one["session"]) for one in shown if one["session"]] == [([task], session)]
    assert project.json(*SHORT, "--no-task")["tasks"] == []
    other = new_task(project, "Other")
    assert project.json(*SHORT, "--task", other)["tasks"] == [other]
    refused(project, *SHORT, "--task", other, "--no-task", kind="usage", code=2)


def test_of_several_active_tasks_none_is_guessed(project: Repo) -> None:
    one, two = started(project, "One"), started(project, "Two")
    made = project.json(*SHORT)
    assert (made["tasks"], sorted(made["active_tasks"])) == ([], sorted([one, two]))
    out = project.run(*SHORT).out
    assert "for none of the active tasks: " in out
    assert "--add-task T" in out


def test_the_session_shows_the_decisions_that_were_taken_in_it(project: Repo) -> None:
    project.run("session", "start")
    session = project.json("session", "show")["id"]
    made = project.json(*SHORT)
    other = new_decision(project, "Elsewhere")
    path = project.path / str(project.json("decision", "show", other)["path"])
    path.write_text(path.read_text().replace(f"session: {session}\n", ""))
    rows = project.json("session", "show")["decisions"]
    assert rows == [{"id": made["id"], "title": "Use ruff", "status": "proposed"}]
    assert made["id"] in project.run("session", "show").out
    package = project.json("recover", "--session", session)["recovery_package"]
    assert [one["id"] for one in package["key_decisions"]] == [made["id"]]


def test_a_session_that_is_not_here_is_no_problem(project: Repo) -> None:
    project.write(".orchestrator/config.yaml", "format: 1\nsessions: local\n")
    started(project)
    made = project.json(*SHORT)
    project.commit("decided")
    clone = project.clone(project.path.parent / "clone")
    assert clone.json("decision", "show", made["id"])["session"] == made["session"]
    assert clone.json("doctor")["problems"] == []


LINKS = {"supersedes": "superseded", "reverses": "superseded", "refines": "accepted", "clarifies": "accepted"}


@pytest.mark.parametrize("kind", sorted(LINKS))
def test_a_new_decision_is_linked_to_older_ones_at_once(project: Repo, kind: str) -> None:
    old = new_decision(project, "Old", "--status", "accepted")
    project.commit("old")
    made = project.json(*SHORT, f"--{kind}", old[2:7])
    assert made[kind] == [old]
    shown = project.json("decision", "show", old)
    assert shown["status"] == LINKS[kind]
    changed = (["status: accepted"], ["status: superseded"]) if LINKS[kind] == "superseded" else ([], [])
    assert changed_lines(project, shown["path"]) == changed
    assert f"\nrefines {old}\n" in project.run(*SHORT, "--refines", old).out


def test_a_link_that_cannot_be_makes_nothing(project: Repo) -> None:
    old = new_decision(project, "Old")
    project.json(*SHORT, "--supersedes", old)
    one = new_decision(project, "One")
    before = snapshot(project, local=True)
    for words in (
        ("--refines", one, "--supersedes", old),
        ("--supersedes", one, "--refines", "d-00000000"),
        ("--supersedes", one, "--status", "rejected"),
    ):
        assert refused(project, *SHORT, *words, kind="not_found" if "d-00000000" in words else "refused")[
            "hint"
        ]
    assert snapshot(project, local=True) == before


def make_by_flags(repo: Repo, task: str) -> dict[str, object]:
    return repo.json("decision", "new", "T", *TEXTS, "--task", task)


def make_in_short(repo: Repo, task: str) -> dict[str, object]:
    return repo.json("decision", "new", "T", "--because", "It is memory-hard.", "--task", task)


def make_by_hand(repo: Repo, task: str) -> dict[str, object]:
    python = "text = text.replace('{justification', 'It is memory-hard.\\n{justification')"
    python += "\ntext = '\\n'.join(x for x in text.split('\\n') if not x.startswith('{just'))"
    return write_in_editor(repo, python, "T", "--task", task)


def make_by_input(repo: Repo, task: str) -> dict[str, object]:
    return from_input(repo, "# T\n\n## Decision\n\nargon2id, because It is memory-hard.\n", "--task", task)


@pytest.mark.parametrize("make", [make_by_flags, make_in_short, make_by_hand, make_by_input])
def test_each_way_is_shown_in_recovery_and_review(
    project: Repo, make: Callable[[Repo, str], dict[str, object]]
) -> None:
    task = started(project)
    made = make(project, task)
    [decided] = project.json("recover", task)["recovery_package"]["key_decisions"]
    assert (decided["id"], decided["rationale"]) == (made["id"], "It is memory-hard.")
    project.git("switch", "-qc", "side")
    project.commit("decided")
    [row] = project.json("review", "main..side")["decisions"]
    assert (row["id"], row["rationale"]) == (made["id"], "It is memory-hard.")
