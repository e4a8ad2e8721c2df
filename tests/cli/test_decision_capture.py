"""Writing a decision down: flags, one line, a form, an editor, a text; and whom it is linked to."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.making import changed_lines, new_decision, new_task, started
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.cli.test_task_editor import editor
from tests.repos import Repo

TEXTS = ("--context", "Hashes leak.", "--decision", "argon2id", "--rationale", "It is memory-hard.")
FORMS = ("decision", "madr", "madr-minimal", "nygard")
SHORT = ("decision", "new", "Use ruff", "--because", "one tool, and fast")


def body(repo: Repo, made: dict[str, object]) -> str:
    return repo.read(str(made["path"])).split("---\n", 2)[2].strip()


def write_in_editor(repo: Repo, python: str, *words: str) -> dict[str, object]:
    return repo.run("decision", "new", *words, "-e", "--json", env=editor(repo, python)).json


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


def test_the_editor_shows_a_form_and_what_is_known(project: Repo) -> None:
    seen = project.path.parent / "seen.md"
    python = f"pathlib.Path({str(seen)!r}).write_text(text); text = text.replace('{{argument a}}', 'x')"
    done = project.run(
        *("decision", "new", "T", "--context", "Known.", "--impact", "high", "--template", "madr", "-e"),
        env=editor(project, python),
    )
    text = seen.read_text()
    assert done.out.startswith("made d-")
    for part in ("title: T\n", "impact: high\n", "# T\n", "\nKnown.\n", "* {driver", 'Chosen option: "{'):
        assert part.replace("{driver", "{decision driver 1") in text, part
    assert "{Describe the context" not in text
    assert "{{" not in text


def test_what_is_written_stays_and_what_is_left_goes(project: Repo) -> None:
    python = (
        "import re\n"
        "text = re.sub('# {short title.*', '# Mine', text)"
        ".replace('Chosen option: \"{title of option 1}\"', 'We do it, because we can.')"
        ".replace('category:', 'category: security')"
    )
    made = write_in_editor(project, python)
    assert body(project, made) == "# Mine\n\n## Decision Outcome\n\nWe do it, because we can."
    assert (made["title"], made["category"]) == ("Mine", "security")
    assert str(made["path"]).endswith("-mine.md")
    assert project.json("decision", "show", str(made["id"]))["rationale"] == "we can."


@pytest.mark.parametrize("python", ["pass", "text = ''", "text = '\\n'"])
def test_saved_unchanged_or_emptied_nothing_is_made(project: Repo, sealed: Path, python: str) -> None:
    before = snapshot(project, local=True)
    done = project.run("decision", "new", "T", "-e", "--json", check=False, env=editor(project, python))
    assert (done.code, done.error["message"]) == (1, "no decision was made: nothing was written")
    assert snapshot(project, local=True) == before
    assert list((sealed / "tmp").iterdir()) == []


def test_what_was_complete_is_made_also_if_saved_unchanged(project: Repo) -> None:
    made = project.run(*SHORT, "-e", "--json", env=editor(project, "pass")).json
    assert project.json("decision", "show", made["id"])["rationale"] == "one tool, and fast"


@pytest.mark.parametrize(
    ("python", "words"),
    [
        ("text = text.replace('id: d-', 'id: d-0000000000')", "not an id"),
        ("text = text.replace('id: ', 'id: d-00000000 # ')", "never changes"),
        ("text = text.replace('status: proposed', 'status: odd')", "'status' is 'odd'"),
        ("text = text.replace('status: proposed', 'status: superseded')", "cannot be superseded already"),
        ("text = text.replace('{argument a}', 'a').replace('tasks:', 'tasks: [t-00000000]')", "no task"),
        ("text = text.replace('governs:', 'governs:\\n  - path: ../x')", "outside the work tree"),
        ("text = text.replace('supersedes:', 'supersedes:\\n  - d-00000000')", "no decision here"),
        ("text = text.replace('title: T', 'title: U')", "says nothing but its title"),
        ("text = text.replace('Good, because {', 'Very good, because {')", "still stands here"),
        ("text = 'nothing'", "no front matter"),
    ],
)
def test_a_text_that_is_no_decision_is_refused_and_kept(project: Repo, python: str, words: str) -> None:
    before = snapshot(project, local=True)
    # something is written, so that nothing else is wrong
    python = python if "says nothing" in words else f"text += '\\n## Notes\\n\\nword\\n'\n{python}"
    done = project.run("decision", "new", "T", "-e", "--json", check=False, env=editor(project, python))
    assert (done.code, words in done.error["message"]) == (1, True), done.error
    kept = Path(done.error["hint"].split("your text is in ")[1])
    assert kept.read_text().strip()
    assert snapshot(project, local=True) == before


def test_without_terminal_and_editor_none_is_opened(project: Repo) -> None:
    error = refused(project, "decision", "new", "T", "-e", kind="refused")
    assert error["message"] == "there is no terminal to open an editor in"
    assert "-F FILE" in error["hint"]


def in_terminal(repo: Repo, *words: str, **env: str) -> tuple[int, str]:
    """The exit code of a command on a terminal, and what it writes there."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "taskorch", *words], cwd=repo.path, stdin=child, stdout=child, stderr=child,
        env={**os.environ, "TERM": "dumb", **env},
    )  # fmt: skip
    os.close(child)
    out = b""
    try:
        while part := os.read(parent, 65536):
            out += part
    except OSError:  # the terminal is closed when the process has ended
        pass
    os.close(parent)
    return process.wait(), out.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("words", [(), ("T",), ("T", "--context", "c")])
def test_on_a_terminal_the_editor_opens_where_something_is_missing(
    project: Repo, words: tuple[str, ...]
) -> None:
    env = editor(project, "text = text.replace('Chosen option: \"{title of option 1}\"', 'By hand')")
    if not words:
        env = editor(project, "text = text.replace('title:', 'title: T') + '\\n## Notes\\n\\nx\\n'")
    code, out = in_terminal(project, "decision", "new", *words, **env)
    assert (code, "made d-" in out, "  T\n" in out) == (0, True, True), out


def test_on_a_terminal_no_editor_opens_where_all_is_said(project: Repo) -> None:
    code, out = in_terminal(project, *SHORT, VISUAL="false")
    assert (code, "made d-" in out) == (0, True)


def from_input(repo: Repo, text: str, *words: str) -> dict[str, object]:
    return repo.taskorch("decision", "new", *words, "-F", "-", "--json", stdin=text).json


def test_a_text_from_standard_input(project: Repo) -> None:
    made = from_input(project, "# Use tabs\n\n## Context\n\nc\n\n## Decision\n\nTabs, because short.\n")
    assert made["title"] == "Use tabs"
    assert body(project, made) == "# Use tabs\n\n## Context\n\nc\n\n## Decision\n\nTabs, because short."
    shown = project.json("decision", "show", str(made["id"]))
    assert (shown["context"], shown["rationale"]) == ("c", "short.")


def test_a_text_without_sections_is_what_was_decided(project: Repo) -> None:
    made = from_input(project, "We use tabs, because they are short.\n\nMore.\n", "Use tabs")
    assert body(project, made).startswith("# Use tabs\n\n## Decision Outcome\n\nWe use tabs, ")
    made = from_input(project, "# Use tabs\n\nWe use tabs.\n")
    assert body(project, made) == "# Use tabs\n\n## Decision Outcome\n\nWe use tabs."


def test_front_matter_of_a_text_is_taken_over(project: Repo) -> None:
    task = new_task(project)
    text = (
        "\ufeff---\r\nid: d-00000000\r\nstatus: accepted\r\ndate: 2025-01-31\r\ndeciders: [Bob, Cy]\r\n"
        f"consulted: Zed\r\nimpact: low\r\ntasks: [{task}]\r\ngoverns:\r\n  - README.md\r\n---\r\n"
        "# From a file\r\n\r\n## Decision\r\n\r\nYes.\r\n"
    )
    project.write("notes.md", text)
    made = project.json("decision", "new", "-F", "notes.md", "--impact", "high")
    assert (made["status"], made["date"], made["impact"]) == ("accepted", "2025-01-31", "high")
    assert (made["decision_makers"], made["tasks"], made["governs"]) == (["Bob", "Cy"], [task], ["README.md"])
    assert made["id"] != "d-00000000"
    written = project.read(str(made["path"]))
    assert "\nconsulted: Zed\n---\n" in written
    assert "\r" not in written
    assert not project.json("doctor")["problems"]


@pytest.mark.parametrize(
    ("text", "words", "message"),
    [
        ("", (), "standard input is empty"),
        (" \n", ("T",), "standard input is empty"),
        ("# T\n", (), "says nothing but its title"),
        ("words\n", (), "has no title"),
        ("---\nstatus: superseded by 7\n---\n# T\nx\n", (), "standard input:2:9: 'status' is"),
        ("---\nstatus: accepted\n# T\n", (), "no closing"),
        ("# T\n<<<<<<< mine\n", (), "conflict markers"),
        ("# T\n## Context\n\nIt is {argument a}\n", (), "standard input:4:1: the template's"),
        ("# T\nx\n", ("--context", "c"), "exclude each other"),
        ("# T\nx\n", ("--template", "madr"), "exclude each other"),
        ("\udcff\udcfe", ("T",), "not UTF-8"),
    ],
)
def test_a_text_that_is_none_is_refused(
    project: Repo, text: str, words: tuple[str, ...], message: str
) -> None:
    before = snapshot(project, local=True)
    done = project.taskorch("decision", "new", *words, "-F", "-", "--json", stdin=text, check=False)
    assert done.code in (1, 2)
    assert message in done.error["message"]
    assert done.error["hint"]
    assert snapshot(project, local=True) == before


def test_a_file_that_is_not_there_is_refused(project: Repo) -> None:
    for name in ("none.md", "."):
        assert (
            "cannot be read"
            in refused(project, "decision", "new", "T", "-F", name, kind="refused")["message"]
        )
    project.write("large.md", "x" * (2 << 20))
    assert (
        "more than" in refused(project, "decision", "new", "T", "-F", "large.md", kind="refused")["message"]
    )
    refused(project, "decision", "new", "-F", "none.md", "-e", kind="usage", code=2)


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
