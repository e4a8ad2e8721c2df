"""Steps that git has led away from, names that look like records, and a purge that is killed."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from tests.cli.making import new_task
from tests.cli.refusals import refused
from tests.cli.test_safety_damaged import goes_on, safety
from tests.cli.test_undo import records, steps
from tests.repos import Repo


def test_a_step_that_is_on_another_branch_lets_no_older_one_be_taken_back_in_its_stead(project: Repo) -> None:
    project.run("commit")
    task = new_task(project, "There")
    project.git("switch", "--quiet", "--create", "other")
    project.run("commit")
    project.git("switch", "--quiet", "main")
    before, step = records(project), steps(project)[0]
    for words in ([], ["--last", "2"]):
        error = refused(project, "undo", *words, kind="refused")
        assert "task new There" in error["message"]
        assert error["reasons"] == [
            f"{step['files'][0]['path']}: now nothing, step {step['step']} left "
            f"{step['files'][0]['after'][7:17]}"
        ]
        assert f"taskorch undo {step['step']} sets it aside" in error["hint"]
    assert records(project) == before
    project.run("undo", str(step["step"]))
    assert records(project) == before
    assert project.json("undo")["undone"] == [steps(project)[3]["step"]]
    project.git("checkout", "--quiet", "--force", "other")
    assert project.run("task", "show", task).code == 0


@pytest.mark.parametrize("name", ["t-7k2m", "t-7k2m4abc", "d-0000"])
def test_a_work_file_with_a_name_as_records_have_comes_back(project: Repo, name: str) -> None:
    project.write(name, "work\n")
    project.run("checkpoint")
    project.remove(name)
    assert project.json("restore", name, "--list")["path"] == name
    project.run("restore", name)
    assert project.read(name) == "work\n"


def test_a_purge_that_is_broken_off_leaves_no_half_of_a_store_in_use(
    project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("a.txt", "secret\n")
    project.run("checkpoint")

    def broken_off(folder: Path) -> None:
        (folder / "HEAD").unlink()
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", broken_off)
        done = project.run("purge", "--local", check=False)
    assert (done.code, "Input/output" in done.err) == (1, True)
    assert steps(project) == []
    goes_on(project)
    project.run("purge", "--local")
    assert not safety(project).exists()
    assert list(safety(project).parent.glob(".tmp-*")) == []
    goes_on(project)


def test_what_a_removed_work_tree_had_comes_back_where_it_is_asked_for(project: Repo) -> None:
    other = project.worktree(project.path.parent / "other", "-b", "other")
    other.write("src/a.txt", "precious\n")
    step = other.json("checkpoint")["step"]
    project.git("worktree", "remove", "--force", str(other.path))
    assert project.json("restore", "--all")["restored"] == []
    hint = refused(project, "restore", "src/a.txt", kind="not_found")["hint"]
    assert f"taskorch restore :/src/a.txt --from step:{step}" in hint
    project.run("restore", "src/a.txt", "--from", f"step:{step}")
    assert project.read("src/a.txt") == "precious\n"
    project.run("undo")
    assert not (project.path / "src" / "a.txt").exists()
