"""Bringing records and work files back, from journal, checkpoint, stash and history."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.making import new_task, started, status_of, task_file
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.repos import Repo


def versions(repo: Repo, name: str) -> list[dict[str, Any]]:
    """The versions of a file, the newest first."""
    found = repo.json("restore", name, "--list")["versions"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("committed", [True, False])
def test_a_deleted_record_comes_back(project: Repo, committed: bool) -> None:
    task = new_task(project, "Add login", "-d", "the whole text")
    file = task_file(project, task)
    before = file.read_bytes()
    if committed:
        project.commit("records")
    file.unlink()
    assert project.json("restore", task)["restored"][0]["path"] == file.relative_to(project.path).as_posix()
    assert file.read_bytes() == before


def test_by_a_prefix_and_by_its_path(project: Repo) -> None:
    task = new_task(project)
    file = task_file(project, task)
    for name in (task[:5], f".orchestrator/tasks/{file.name}"):
        file.unlink()
        project.run("restore", name)
        assert file.exists()


def test_a_record_that_a_commit_removed_comes_back_in_a_fresh_clone(project: Repo, tmp_path: Path) -> None:
    task = new_task(project)
    project.commit("records")
    file = task_file(project, task)
    before = file.read_bytes()
    file.unlink()
    project.commit("away")
    clone = project.clone(tmp_path / "clone")
    clone.run("restore", task)
    assert (clone.path / file.relative_to(project.path)).read_bytes() == before


@pytest.mark.parametrize("spoilt", [b"", b"<<<<<<< HEAD\n", b"---\nid: x\n", b"\xff\xfe\x00"])
def test_a_record_that_cannot_be_read_comes_back_and_the_spoilt_one_is_kept(
    project: Repo, spoilt: bytes
) -> None:
    task = new_task(project, "Add login")
    project.run("task", "note", task, "newer than the commit")
    file = task_file(project, task)
    before = file.read_bytes()
    file.write_bytes(spoilt)
    done = project.json("restore", task)
    assert file.read_bytes() == before
    project.run("undo", str(done["step"]))
    assert file.read_bytes() == spoilt


def test_a_spoilt_record_that_was_committed_comes_back_from_before(project: Repo, tmp_path: Path) -> None:
    task = new_task(project)
    project.commit("records")
    file = task_file(project, task)
    before = file.read_bytes()
    file.write_bytes(b"no record\n")
    project.commit("spoilt")
    clone = project.clone(tmp_path / "clone")
    clone.run("restore", f".orchestrator/tasks/{file.name}")
    assert (clone.path / ".orchestrator" / "tasks" / file.name).read_bytes() == before


def test_changes_that_are_saved_nowhere_are_left_and_both_versions_named(project: Repo) -> None:
    task = new_task(project)
    file = task_file(project, task)
    saved = project.git("hash-object", "--no-filters", str(file))
    file.write_text(file.read_text() + "\nby hand\n")
    now = project.git("hash-object", "--no-filters", str(file))
    error = refused(project, "restore", task, kind="refused")
    assert now[:10] in error["reasons"][0]
    assert saved[:10] in error["reasons"][1]
    done = project.json("restore", task, "--replace")
    assert "by hand" not in file.read_text()
    project.run("undo", str(done["step"]))
    assert "by hand" in file.read_text()
    project.run("checkpoint")  # now it is saved
    project.run("restore", task, "--from", "step:2")
    assert "by hand" not in file.read_text()


def test_a_work_file_with_unsaved_changes_is_left(project: Repo) -> None:
    project.write("a.txt", "one\n")
    project.run("checkpoint")
    project.write("a.txt", "two\n")
    assert "saved nowhere" in refused(project, "restore", "a.txt", kind="refused")["message"]
    project.run("checkpoint")
    project.run("restore", "a.txt", "--from", versions(project, "a.txt")[1]["from"])
    assert project.read("a.txt") == "one\n"


def test_from_each_source(project: Repo) -> None:
    project.commit("v1", {"a.txt": "committed\n"})
    project.write("a.txt", "stashed\n")
    project.write("u.txt", "untracked\n")
    project.git("stash", "push", "--quiet", "--include-untracked")
    project.write("a.txt", "checkpointed\n")
    project.run("checkpoint", "-m", "by hand")
    project.write("a.txt", "changed\n")
    project.run("checkpoint")
    listed = versions(project, "a.txt")
    assert [(one["kind"], one["on_disk"]) for one in listed[:2]] == [
        ("checkpoint", True),
        ("checkpoint", False),
    ]
    assert {one["kind"] for one in listed} == {"checkpoint", "stash", "commit"}
    for source, content in (
        ("stash", "stashed\n"), ("stash@{0}", "stashed\n"), ("HEAD", "committed\n"),
        (listed[1]["from"], "checkpointed\n"), ("checkpoint", "changed\n"),
    ):  # fmt: skip
        project.run("restore", "a.txt", "--from", source)
        assert project.read("a.txt") == content
        project.write("a.txt", "committed\n" if content == "checkpointed\n" else "changed\n")
    project.run("restore", "u.txt", "--from", "stash")
    assert project.read("u.txt") == "untracked\n"
    assert project.git("stash", "list") != ""


def test_modes_links_and_filters(project: Repo) -> None:
    project.git("config", "filter.rot.clean", "tr a-z b-za")
    project.git("config", "filter.rot.smudge", "tr b-za a-z")
    project.commit("rules", {".gitattributes": "*.rot filter=rot\n*.crlf text eol=crlf\n"})
    project.write("f.rot", "hello\n")
    project.write("t.crlf", "one\r\ntwo\r\n")
    project.write("run.sh", "#!/bin/sh\n").chmod(0o755)
    (project.path / "link").symlink_to("run.sh")
    project.git("add", "--all")
    project.git("commit", "--quiet", "-m", "files")
    assert project.git("cat-file", "blob", "HEAD:f.rot") == "ifmmp"
    names = ("f.rot", "t.crlf", "run.sh", "link")
    before = {name: snapshot(project)[name] for name in names}
    for source in ("HEAD", "checkpoint", "stash"):
        if source == "checkpoint":
            for name in names:
                (project.path / name).unlink()
            project.run("restore", *names, "--from", "HEAD")
            project.git("rm", "--quiet", "--cached", *names)
            project.run("checkpoint")
            project.git("add", "--all")
        if source == "stash":
            project.git("rm", "--quiet", "--cached", *names)
            project.git("commit", "--quiet", "-m", "untracked now")
            project.git("stash", "push", "--quiet", "--include-untracked")
        for name in names:
            (project.path / name).unlink(missing_ok=True)
        project.run("restore", *names, "--from", source)
        assert {name: snapshot(project)[name] for name in names} == before, source


def test_several_files_come_back_all_or_none(project: Repo) -> None:
    project.write("a.txt", "a\n")
    project.write("b.txt", "b\n")
    project.run("checkpoint")
    project.remove("a.txt")
    project.write("b.txt", "unsaved\n")
    refused(project, "restore", "a.txt", "b.txt", kind="refused")
    refused(project, "restore", "a.txt", "never.txt", kind="not_found")
    assert not (project.path / "a.txt").exists()
    project.remove("b.txt")
    assert len(project.json("restore", "a.txt", "b.txt")["restored"]) == 2


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        ([], "usage", 2),
        (["a.txt", "--all"], "usage", 2),
        (["--all", "--from", "HEAD"], "usage", 2),
        (["--all", "--from", "step:1"], "not_found", 1),
        (["a.txt", "--dry-run"], "usage", 2),
        (["a.txt", "b.txt", "--list"], "usage", 2),
        (["README.md"], "refused", 1),
        (["t-00000000"], "not_found", 1),
        (["never.txt"], "not_found", 1),
        (["README.md", "--from", "no-such-rev"], "not_found", 1),
        (["never.txt", "--from", "HEAD"], "not_found", 1),
        (["README.md", "--from", "--all"], "usage", 2),
        (["../outside.txt"], "bad_path", 1),
        ([".git/config"], "bad_path", 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be(project: Repo, words: list[str], kind: str, code: int) -> None:
    refused(project, "restore", *words, kind=kind, code=code)


def test_not_through_a_link_that_leads_away(project: Repo, tmp_path: Path) -> None:
    project.write("dir/a.txt", "a\n")
    project.run("checkpoint")
    project.remove("dir/a.txt")
    (project.path / "dir").rmdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    (project.path / "dir").symlink_to(outside)
    refused(project, "restore", "dir/a.txt", kind="bad_path")
    assert [one["path"] for one in project.json("restore", "--all")["kept"]] == ["dir/a.txt"]
    assert list(outside.iterdir()) == []


def test_from_a_subfolder(project: Repo) -> None:
    project.write("src/a.txt", "a\n")
    project.run("checkpoint")
    project.remove("src/a.txt")
    project.run("restore", "a.txt", cwd="src")
    assert project.read("src/a.txt") == "a\n"


def test_after_a_wipe_nothing_is_lost(project: Repo) -> None:
    """``git clean -fdx`` and ``git reset --hard``, in the middle of work and with records in no commit."""
    task = started(project, "Add login", "--accept", "it works")
    project.commit("more", {"src/old.py": "old\n"})
    project.write("src/old.py", "old\nchanged\n")
    project.write("src/new.py", "new\n").chmod(0o755)
    (project.path / "link").symlink_to("src/new.py")
    project.run("task", "note", task, "a note nobody committed")
    other = new_task(project, "In no commit at all")
    project.run("checkpoint")
    project.run("task", "check", task, "1")  # after the checkpoint
    everything = {path: one for path, one in snapshot(project).items() if not path.startswith(".git/")}
    project.git("reset", "--quiet", "--hard")
    project.git("clean", "-q", "-fdx")
    assert not (project.path / "src" / "new.py").exists()
    planned = project.json("restore", "--all", "--dry-run")
    assert not (project.path / "src" / "new.py").exists()
    done = project.json("restore", "--all")
    assert [one["path"] for one in done["restored"]] == [one["path"] for one in planned["restored"]]
    now = {path: one for path, one in snapshot(project).items() if not path.startswith(".git/")}
    assert now == everything
    assert (status_of(project, task), status_of(project, other)) == ("active", "pending")
    done = project.json("task", "complete", task, "--results", "r")
    assert {row["path"] for row in done["verification"]["files"]} == {"src/old.py", "src/new.py", "link"}


def test_a_checkpoint_that_was_made_after_the_loss_hides_none_before(project: Repo) -> None:
    project.write("a.txt", "a\n")
    project.write("b.txt", "b\n")
    step = project.json("checkpoint")["step"]
    project.git("clean", "-q", "-fdx")
    project.write("c.txt", "c\n")
    started(project)  # makes a checkpoint of what is left
    assert project.json("restore", "--all")["restored"] == []
    done = project.json("restore", "--all", "--from", f"step:{step}")
    assert [one["path"] for one in done["restored"]] == ["a.txt", "b.txt"]
    assert project.read("c.txt") == "c\n"


def test_a_store_that_was_never_committed_comes_back_after_a_wipe(repo: Repo) -> None:
    repo.commit("first", {"a.txt": "a\n"})
    repo.run("init")
    task = started(repo)
    repo.git("clean", "-q", "-fdx")
    error = refused(repo, "task", "list", kind="no_store")
    assert "taskorch restore --all" in error["hint"]
    repo.run("restore", "--all")
    assert status_of(repo, task) == "active"
    assert repo.run("doctor").code == 0


def test_what_a_commit_a_branch_or_a_stash_has_is_not_lost(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project)
    project.write("a.txt", "a\n")
    project.run("checkpoint")
    project.commit("on the branch")
    project.write("b.txt", "b\n")
    project.run("checkpoint")
    project.git("stash", "push", "--quiet", "--include-untracked")
    project.write("README.md", "another stash, the newer one\n")
    project.git("stash", "push", "--quiet")
    project.git("switch", "--quiet", "main")
    assert project.json("restore", "--all")["restored"] == []
    assert project.run("task", "show", task, check=False).code == 1


def test_what_was_changed_since_is_left_and_told(project: Repo) -> None:
    project.write("a.txt", "one\n")
    project.write("b.txt", "b\n")
    project.run("checkpoint")
    project.write("a.txt", "two\n")
    project.remove("b.txt")
    done = project.json("restore", "--all")
    assert [one["path"] for one in done["restored"]] == ["b.txt"]
    assert [one["path"] for one in done["kept"]] == ["a.txt"]
    assert project.read("a.txt") == "two\n"


def test_what_head_has_changed_since_is_not_put_back(project: Repo) -> None:
    project.write("README.md", "mine, never committed\n")
    project.run("checkpoint")
    project.git("checkout", "--quiet", "README.md")
    project.commit("theirs", {"README.md": "theirs\n"})
    assert project.json("restore", "--all")["restored"] == []
    project.run("restore", "README.md", "--from", "checkpoint")
    assert project.read("README.md") == "mine, never committed\n"


def test_purge_removes_it_all_and_leaves_the_rest(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    project.run("checkpoint")
    refused(project, "purge", kind="usage", code=2)
    gone = project.json("purge", "--local")
    assert (gone["steps"], gone["checkpoints"]) == (4, 2)
    assert gone["bytes"] > 0
    assert not (project.path / ".git" / "taskorch" / "safety").exists()
    assert not os.path.lexists(project.path / ".git" / "taskorch" / "objects")
    assert project.json("purge", "--local") == {**gone, "steps": 0, "checkpoints": 0, "bytes": 0}
    assert [one["id"] for one in project.json("session", "status")["tasks"]] == [task]
    done = project.json("task", "complete", task, "--results", "r")
    assert [row["path"] for row in done["verification"]["files"]] == ["a.txt"]
