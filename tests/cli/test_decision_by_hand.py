"""New decisions in the editor of one's choice, and when it is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.capturing import SHORT, body, in_terminal, write_in_editor
from tests.cli.editors import editor
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.repos import Repo


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
