"""``task edit`` without flags: the whole record in the editor of one's choice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.editors import editor, kept_text, refused_text
from tests.cli.making import changed_lines, new_decision, new_task, task_file
from tests.cli.snapshots import snapshot
from tests.repos import Repo


def test_edit_without_flags_opens_the_editor_on_the_whole_record(project: Repo) -> None:
    task = new_task(project)
    path = task_file(project, task)
    project.commit("plan")
    env = editor(project, "text = text.replace('priority: medium', 'priority: high') + '\\nby hand\\n'")
    assert project.run("task", "edit", task, "--json", env=env).json["priority"] == "high"
    assert changed_lines(project, path) == (["priority: medium"], ["priority: high", "", "by hand"])


def test_an_editor_that_saves_nothing_changes_nothing(project: Repo) -> None:
    task = new_task(project)
    before = snapshot(project, local=True)
    project.run("task", "edit", task, env={"VISUAL": "true"})
    assert snapshot(project, local=True) == before


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("text = text.replace('id: t-', 'id: t-0000000000')", "not an id"),
        ("text = text.replace('id: ', 'id: t-00000000 # ')", "never changes"),
        ("text = text.replace('status: pending', 'status: completed')", "not by editing"),
        ("text = text.replace('status: pending', 'status: odd')", "'status' is 'odd'"),
        ("text = text.replace('title: Add login', 'title:')", "'title' is missing"),
        ("text = 'nothing'", "no front matter"),
        ("text = text.replace('parent:', 'parent: ' + text[8:18])", "lie below itself"),
        ("text += '<<<<<<< mine\\n'", "conflict markers"),
    ],
)
def test_an_edited_text_that_is_no_such_task_is_refused(project: Repo, body: str, words: str) -> None:
    task = new_task(project)
    error = refused_text(project, "task", task, body).error
    assert words in error["message"]
    assert error["kind"] != "bad_record" or error["message"].startswith(".orchestrator/tasks/t-")


def test_an_edit_by_hand_does_not_undo_what_was_written_meanwhile(project: Repo) -> None:
    task = new_task(project)
    note = f"subprocess.run([sys.executable, '-m', 'taskorch', 'task', 'note', '{task}', 'meanwhile'])"
    change = "text = text.replace('priority: medium', 'priority: high')"
    env = editor(project, f"import subprocess\n{note}\n{change}")
    done = project.run("task", "edit", task, "--json", check=False, env=env)
    assert done.code == 1
    assert "changed while you edited it" in done.error["message"]
    shown = project.json("task", "show", task)
    assert (shown["priority"], "meanwhile" in shown["notes"]) == ("medium", True)


@pytest.mark.parametrize("binary", [True, False], ids=["editor keeps line ends", "editor makes them its own"])
def test_crlf_and_bom_survive_the_editor(project: Repo, binary: bool) -> None:
    task = new_task(project)
    path = task_file(project, task)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    project.commit("plan")
    body = "text = file.read_bytes().decode()\n" if binary else ""
    write = "\nfile.write_bytes(text.encode()); sys.exit()" if binary else ""
    change = "text = text.replace('priority: medium', 'priority: high')"
    project.run("task", "edit", task, env=editor(project, body + change + write))
    assert changed_lines(project, path) == (["priority: medium\r"], ["priority: high\r"])


def test_a_refused_text_is_not_lost(project: Repo, sealed: Path) -> None:
    task = new_task(project)
    body = "text = text.replace('status: pending', 'status: odd') + 'an hour of work'"
    kept = kept_text(refused_text(project, "task", task, body))
    assert kept.read_text().endswith("an hour of work")
    assert kept.is_relative_to(sealed)  # and not among the temporary files of whoever runs the tests


def test_a_text_that_is_not_utf8_is_refused_and_not_lost(project: Repo) -> None:
    task = new_task(project)
    body = "file.write_bytes(text.encode() + b'caf\\xe9'); sys.exit()"
    done = refused_text(project, "task", task, body)
    assert "not UTF-8" in done.error["message"]
    assert kept_text(done).read_bytes().endswith(b"caf\xe9")


def test_an_editor_that_leaves_no_file_changes_nothing(project: Repo, sealed: Path) -> None:
    task = new_task(project)
    before = snapshot(project, local=True)
    done = project.run("task", "edit", task, "--json", check=False, env={"VISUAL": "rm"})
    assert (done.code, done.error["message"]) == (1, "the editor left no file")
    assert "nothing was changed" in done.error["hint"]
    assert snapshot(project, local=True) == before
    assert list((sealed / "tmp").iterdir()) == []


def test_what_was_saved_before_an_editor_died_is_kept(project: Repo, sealed: Path) -> None:
    task = new_task(project)
    before = snapshot(project, local=True)
    dies = "file.write_text(text + 'by hand'); import os; os.kill(os.getpid(), 9)"
    done = project.run("task", "edit", task, "--json", check=False, env=editor(project, dies))
    assert done.code == 1
    assert kept_text(done).read_text().endswith("by hand")
    assert snapshot(project, local=True) == before
    dies = "import os; os.kill(os.getpid(), 9)"
    done = project.run("task", "edit", task, "--json", check=False, env=editor(project, dies))
    assert (done.code, done.error["hint"]) == (1, "nothing was changed")
    assert len(list((sealed / "tmp").iterdir())) == 1


def test_an_editor_that_fails_changes_nothing(project: Repo) -> None:
    task = new_task(project)
    before = snapshot(project, local=True)
    done = project.run("task", "edit", task, "--json", check=False, env={"VISUAL": "false"})
    assert done.code == 1
    assert "Editing failed" in done.error["message"]
    assert snapshot(project, local=True) == before


@pytest.mark.parametrize("noun", ["task", "decision"])
def test_where_no_commit_can_be_made_the_editor_is_not_opened(project: Repo, noun: str) -> None:
    record = new_task(project) if noun == "task" else new_decision(project)
    project.commit("plan")
    project.write(".git/MERGE_HEAD", f"{project.head}\n")
    opened = project.path.parent / "opened"
    env = editor(project, f"pathlib.Path({str(opened)!r}).touch()")
    done = project.run(noun, "edit", record, "--commit", "--json", check=False, env=env)
    assert (done.code, opened.exists()) == (1, False)
