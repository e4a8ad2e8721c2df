"""What stands in the way of a file that comes back: links, files for folders, folders for files, secrets."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.making import new_task
from tests.cli.refusals import refused
from tests.cli.test_checkpoint import kept
from tests.repos import Repo


@pytest.mark.parametrize("form", ["src", "src/", "./src"])
def test_a_folder_is_never_brought_back_as_a_file(project: Repo, form: str) -> None:
    project.write("src/a.txt", "a\n")
    project.run("checkpoint")
    for words in ([form], [form, "--from", "checkpoint"], [form, "--replace"]):
        assert "folder" in refused(project, "restore", *words, kind="not_found")["hint"]
        project.remove("src/a.txt") if (project.path / "src" / "a.txt").exists() else None
        (project.path / "src").rmdir() if (project.path / "src").exists() else None
    assert project.json("restore", form, "--list")["versions"] == []
    project.run("restore", "src/a.txt")
    assert project.read("src/a.txt") == "a\n"


def link_out(folder: Path) -> None:
    outside = folder.parent.parent / "outside"
    outside.mkdir()
    folder.symlink_to(outside)


def nested(folder: Path) -> None:
    Repo.init(folder)


IN_THE_WAY: list[Callable[[Path], object]] = [link_out, Path.touch, nested]


@pytest.mark.parametrize("put", IN_THE_WAY, ids=lambda put: put.__name__)
def test_what_stands_where_a_folder_was_is_named_and_holds_up_no_other(
    project: Repo, put: Callable[[Path], object]
) -> None:
    project.write("src/a.txt", "a\n")
    project.write("b.txt", "b\n")
    project.run("checkpoint")
    project.remove("src/a.txt")
    project.remove("b.txt")
    (project.path / "src").rmdir()
    put(project.path / "src")
    done = project.json("restore", "--all")
    assert [one["path"] for one in done["restored"]] == ["b.txt"]
    assert [one["path"] for one in done["kept"]] == ["src/a.txt"]
    assert "src is" in done["kept"][0]["why"]
    assert not (project.path / "src" / "a.txt").exists()
    assert project.run("restore", "src/a.txt", "--json", check=False).error["hint"]


def test_undo_leaves_the_work_tree_through_no_link(project: Repo) -> None:
    new_task(project)
    tasks = project.path / ".orchestrator" / "tasks"
    outside = project.path.parent / "outside"
    tasks.rename(outside)
    tasks.symlink_to(outside)
    before = sorted(os.listdir(outside))
    assert "tasks is no folder now" in refused(project, "undo", kind="refused")["message"]
    assert sorted(os.listdir(outside)) == before


def test_a_link_in_the_place_of_a_file_has_no_say_in_its_mode(project: Repo) -> None:
    file = project.write("a.txt", "a\n")
    closed = project.write("closed.txt", "c\n")
    usual = file.stat().st_mode
    project.run("checkpoint")
    closed.chmod(0o600)
    for target in ("a.txt", "closed.txt", "nowhere", "."):
        file.unlink()
        file.symlink_to(target)
        project.run("restore", "a.txt", "--from", "step:2", "--replace")
        assert (file.is_symlink(), file.stat().st_mode, file.read_text()) == (False, usual, "a\n")


@pytest.mark.parametrize("source", ["HEAD", "stash"])
def test_a_secret_enters_the_journal_by_no_restore(project: Repo, source: str) -> None:
    project.write(".env", "KEY=committed-secret\n")
    project.git("add", "--force", ".env")
    project.commit("a mistake")
    project.write(".env", "KEY=stashed-secret\n")
    project.git("stash", "push", "--quiet")
    project.write(".env", "KEY=present-secret\n")
    for words in ([], ["--replace"]):
        error = refused(project, "restore", ".env", "--from", source, *words, kind="refused")
        assert "git restore --source=" in error["hint"]
    project.remove(".env")
    refused(project, "restore", ".env", "--from", source, kind="refused")
    assert [oid for oid, content in kept(project).items() if "-secret" in content] == []
