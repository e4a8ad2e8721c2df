"""``decision edit``: fields by flags, and the whole record in an editor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.editors import editor, refused_text
from tests.cli.making import changed_lines, new_decision, new_task
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.repos import Repo


def file_of(repo: Repo, decision: str) -> Path:
    return repo.path / str(repo.json("decision", "show", decision)["path"])


def test_a_field_changes_its_own_line_alone(project: Repo) -> None:
    one = new_decision(project, "Old title", "--impact", "low", "--label", "a", "--file", "README.md")
    path = file_of(project, one)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n") + b"# a comment \r\n")
    project.commit("made")
    task = new_task(project)
    steps: list[tuple[tuple[str, ...], list[str], list[str]]] = [
        (("--impact", "high"), ["impact: low"], ["impact: high"]),
        (("--impact", ""), ["impact: low"], ["impact:"]),
        (("--category", "security"), ["category:"], ["category: security"]),
        (("--implementation", "completed"), ["implementation:"], ["implementation: completed"]),
        (("--outcome", "all\nwell"), ["outcome:"], ["outcome: all well"]),
        (("--add-label", "b", "--add-label", "b"), [], ["  - b"]),
        (("--remove-label", "a"), ["  - a"], []),
        (("--add-component", "auth"), [], ["  - auth"]),
        (("--add-task", task[2:7]), [], [f"  - {task}"]),
        (("--add-file", "src/x.py"), [], ["  - path: src/x.py"]),
        (("--remove-file", "./README.md"), ["  - path: README.md"], []),
        (("--add-decision-maker", "Bea"), [], ["  - Bea"]),
        (("--remove-decision-maker", "Ann Example"), ["  - Ann Example"], []),
        (("--title", "New title"), ["title: Old title", "# Old title"], ["title: New title", "# New title"]),
    ]
    for words, gone, come in steps:
        project.run("decision", "edit", one, *words)
        assert changed_lines(project, path) == ([f"{x}\r" for x in gone], [f"{x}\r" for x in come]), words
        project.git("checkout", "--", str(path))


def test_the_answer_is_the_decision_as_it_is_now(project: Repo) -> None:
    one = new_decision(project)
    done = project.json("decision", "edit", one, "--outcome", "80 ms", "--implementation", "completed")
    assert (done["id"], done["outcome"], done["implementation"]) == (one, "80 ms", "completed")
    assert "80 ms" in project.run("decision", "show", one).out


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        (("--remove-label", "x"), "not_found", 1),
        (("--remove-task", "t-00000000"), "not_found", 1),
        (("--add-task", "t-00000000"), "not_found", 1),
        (("--add-file", "../x"), "bad_path", 1),
        (("--remove-file", "none"), "not_found", 1),
        (("--title", " "), "refused", 1),
        (("--impact", "odd"), "usage", 2),
        (("--add-label", ""), "usage", 2),
    ],
)
def test_what_cannot_be_changes_nothing(project: Repo, words: tuple[str, ...], kind: str, code: int) -> None:
    one = new_decision(project)
    refused(project, "decision", "edit", one, "--impact", "high", *words, kind=kind, code=code)


def test_without_flags_the_editor_opens_on_the_whole_record(project: Repo) -> None:
    one = new_decision(project)
    project.commit("made")
    env = editor(project, "text = text.replace('impact:', 'impact: high') + '\\nby hand\\n'")
    assert project.run("decision", "edit", one, "--json", env=env).json["impact"] == "high"
    assert changed_lines(project, file_of(project, one)) == (["impact:"], ["impact: high", "", "by hand"])
    before = snapshot(project, local=True)
    project.run("decision", "edit", one, env={"VISUAL": "true"})
    assert snapshot(project, local=True) == before


@pytest.mark.parametrize(
    ("python", "words"),
    [
        ("text = text.replace('id: ', 'id: d-00000000 # ')", "never changes"),
        ("text = text.replace('status: accepted', 'status: odd')", "'status' is 'odd'"),
        ("text = text.replace('status: accepted', 'status: rejected')", "cannot be rejected any more"),
        ("text = text.replace('status: accepted', 'status: proposed')", "cannot be proposed any more"),
        ("text = text.replace('status: accepted', 'status: superseded')", "superseded by another one"),
        ("text = text.replace('title: Use argon2id', 'title:')", "'title' is missing"),
        ("text = text.replace('tasks:', 'tasks: [t-00000000]')", "no task"),
        ("text = text.replace('governs:', 'governs: [../x]')", "outside the work tree"),
        ("text = text.replace('refines:', 'refines: [d-00000000]')", "no decision here"),
        ("text = text.replace('refines:', 'refines: [' + text[8:18] + ']')", "cannot refine itself"),
        ("text = 'nothing'", "no front matter"),
        ("text += '<<<<<<< mine\\n'", "conflict markers"),
    ],
)
def test_an_edited_text_that_is_no_such_decision_is_refused(project: Repo, python: str, words: str) -> None:
    one = new_decision(project, "Use argon2id", "--status", "accepted")
    assert words in refused_text(project, "decision", one, python).error["message"]


def test_a_link_by_hand_does_what_supersede_does(project: Repo) -> None:
    old, new = new_decision(project, "Old"), new_decision(project, "New")
    link = editor(project, f"text = text.replace('supersedes:', 'supersedes:\\n  - {old}')")
    project.run("decision", "edit", new, env=link)
    assert project.json("decision", "show", old)["status"] == "superseded"
    third = new_decision(project, "Third")
    done = project.run("decision", "edit", third, "--json", check=False, env=link)
    assert done.error["message"] == f"{old} is superseded by {new} already"
    ring = editor(project, f"text = text.replace('refines:', 'refines:\\n  - {new}')")
    done = project.run("decision", "edit", old, "--json", check=False, env=ring)
    assert done.code == 1


def test_an_edit_by_hand_does_not_undo_what_was_written_meanwhile(project: Repo) -> None:
    one = new_decision(project)
    words = ["decision", "edit", one, "--impact", "low"]
    meanwhile = f"import subprocess\nsubprocess.run([sys.executable, '-m', 'taskorch', *{words!r}])"
    env = editor(project, f"{meanwhile}\ntext = text.replace('impact:', 'impact: high')")
    done = project.run("decision", "edit", one, "--json", check=False, env=env)
    assert (done.code, "changed while you edited it" in done.error["message"]) == (1, True)
    assert project.json("decision", "show", one)["impact"] == "low"


def test_a_heading_of_its_own_keeps_its_words(project: Repo) -> None:
    one = new_decision(project, "Title")
    path = file_of(project, one)
    path.write_text(path.read_text().replace("# Title", "# 12. A title"))
    project.run("decision", "edit", one, "--title", "New")
    assert "\n# 12. A title\n" in path.read_text()
