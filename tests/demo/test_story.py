"""How the demo reads records and git's answers by itself, without taskorch's own readers."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from taskorch.demo import project
from taskorch.demo.proof import Proof, Ran, Step, quoted
from taskorch.demo.stage import Broken, Stage, opened
from taskorch.demo.story import Story, field_of, section


def test_a_section_ends_at_the_next_heading() -> None:
    text = "# Title\n\n### Rationale\n\nIt is so.\nAnd so.\n\n### Risks\n\nnone\n"
    assert section(text, "Rationale") == "It is so.\nAnd so."
    assert section(text, "Risks") == "none"
    assert section(text, "Not there") == ""


def test_a_field_is_read_from_its_own_line() -> None:
    assert field_of("id: t-1\nstatus: completed\n", "status") == "completed"
    assert field_of("title: the status: open\n", "status") == ""


@pytest.mark.parametrize(
    "word", ["", "a b", "it's", "HEAD~1", "~", "$(x)", ":(exclude).o", "--format=%(x)", "a*b", "^x", "=x"]
)
def test_words_survive_a_shell(word: str) -> None:
    done = subprocess.run(["sh", "-c", f"printf %s {quoted(word)}"], capture_output=True, check=True)
    assert done.stdout.decode() == word


def test_revisions_are_not_quoted() -> None:
    assert [quoted(word) for word in ("HEAD~1", "origin/main:a.py", "--format=%s")] == [
        "HEAD~1",
        "origin/main:a.py",
        "--format=%s",
    ]


def test_a_step_is_sound_only_if_all_of_it_is() -> None:
    good, bad = Proof("c", "git x", "a", "a"), Proof("c", "git x", "a", "b")
    ran, failed, remark = Ran("ann", ("x",), 0, 0), Ran("ann", ("x",), 4, 0), Ran("ann", ("#", "edits"))
    assert Step(1, "t", (ran, remark), (good,)).ok
    assert not Step(1, "t", (ran, failed), (good,)).ok
    assert not Step(1, "t", (ran,), (good, bad)).ok
    assert not Step(1, "t", (ran,), (good,), complete=False).ok


def test_operations_are_compared_with_git_itself(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "stage")
    stage.look(".", "init", "-q", "ann")
    stage.write("ann", project.START)
    stage.git("ann", "add", ".")
    stage.git("ann", "commit", "-q", "-m", "start")
    stage.write("ann", {"new.py": "new\n", "shorty/store.py": project.STORE, ".orchestrator/x": "a record"})
    stage.delete("ann", "shorty/links.py", "README.md")
    stage.git("ann", "add", "--all")
    rows: list[dict[str, Any]] = [
        {"op": "move", "from": "shorty/links.py", "path": "shorty/store.py"},
        {"op": "create", "path": "new.py"},
        {"op": "delete", "from": None, "path": "README.md"},
    ]
    story = Story(stage)
    assert story.same_operations("ann", "same", rows, "--cached", "HEAD").ok
    assert not story.same_operations("ann", "one is missing", rows[1:], "--cached", "HEAD").ok
    assert not story.same_operations("ann", "git fails", [], "no-such-revision").ok


def test_a_failing_command_breaks_the_story_and_is_shown(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "stage")
    with pytest.raises(Broken):
        stage.git("ann", "no-such-command", into=".")
    (ran,) = stage.take()
    assert (ran.typed, ran.ok) == ("git no-such-command", False)
    assert "is not a git command" in ran.output
    assert stage.take() == ()


def test_the_stage_is_removed_on_any_exception(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(ZeroDivisionError), opened(keep=False):
        assert len(list(tmp_path.iterdir())) == 1
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
