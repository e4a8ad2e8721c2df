"""Work trees, git directories and folders in every arrangement: a whole day works in each."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from taskorch.git.repository import Repository
from taskorch.git.worktree import staged_states
from tests.cli.making import new_task, started
from tests.cli.refusals import refused
from tests.conftest import start_project
from tests.git.variety.days import FILES, Place, day, touching_nothing
from tests.repos import Build, Repo

ODD_FOLDERS = ["new\nline\n", "\n", 'co:lon "quo"te\\', "-* $HOME;# by\udcfftes"]


def with_files(repo: Repo) -> None:
    """One commit of what a day changes."""
    repo.commit("first", FILES)


@pytest.fixture
def work(build: Build) -> Repo:
    return build(with_files)


def away(work: Repo) -> Path:
    """The git directory, moved out of the work tree."""
    return Path(shutil.move(work.path / ".git", work.path.parent / "g.git"))


def in_a_linked_work_tree(work: Repo) -> Place:
    started(initialized(work), "Goes on meanwhile")
    return Place(work.worktree(work.path.parent / "linked", "-b", "other"))


def in_a_work_tree_of_a_bare_repository(work: Repo) -> Place:
    return Place(work.clone(work.path.parent / "bare.git", "--bare").worktree(work.path.parent / "linked"))


def beside_a_hidden_bare_repository(work: Repo) -> Place:
    folder = work.path.parent / "project"
    bare = work.clone(folder / ".bare", "--bare")
    (folder / ".git").write_text("gitdir: ./.bare\n")
    return Place(bare.worktree(folder / "main"))


def with_a_separate_git_directory(work: Repo) -> Place:
    work.git("init", "--quiet", f"--separate-git-dir={work.path.parent / 'elsewhere'}")
    return Place(work)


def in_a_submodule(work: Repo) -> Place:
    above = initialized(Repo.init(work.path.parent / "above"))
    above.git("submodule", "add", "--quiet", str(work.path), "sub")
    above.commit("with a submodule")
    return Place(Repo(above.path / "sub"))


def with_git_dir_and_work_tree(work: Repo) -> Place:
    return Place(work, env={"GIT_DIR": str(away(work)), "GIT_WORK_TREE": str(work.path)})


def with_git_dir_alone(work: Repo) -> Place:
    return Place(work, env={"GIT_DIR": str(away(work))})


def with_git_dir_and_core_worktree(work: Repo) -> Place:
    git_dir = away(work)
    Repo(git_dir).git("config", "core.worktree", str(work.path))
    return Place(work, env={"GIT_DIR": str(git_dir)})


def from_a_subfolder_with_relative_names(work: Repo) -> Place:
    away(work)
    (work.path / "below").mkdir()
    return Place(work, "below", {"GIT_DIR": "../../g.git", "GIT_WORK_TREE": ".."})


def from_outside(work: Repo) -> Place:
    outside = work.path.parent / "outside"
    outside.mkdir()
    return Place(work, outside, {"GIT_DIR": str(away(work)), "GIT_WORK_TREE": str(work.path)})


def from_another_project(work: Repo) -> Place:
    other = initialized(Repo.init(work.path.parent / "other"))
    return Place(work, other.path, {"GIT_DIR": str(work.path / ".git"), "GIT_WORK_TREE": str(work.path)})


def with_an_index_elsewhere(work: Repo) -> Place:
    (work.path / ".git/index").rename(work.path / ".git/other")
    return Place(work, env={"GIT_INDEX_FILE": ".git/other"})


def initialized(repo: Repo) -> Repo:
    repo.run("init")
    repo.commit("records")
    return repo


PLACES: list[Callable[[Repo], Place]] = [
    in_a_linked_work_tree, in_a_work_tree_of_a_bare_repository, beside_a_hidden_bare_repository,
    with_a_separate_git_directory, in_a_submodule, with_git_dir_and_work_tree, with_git_dir_alone,
    with_git_dir_and_core_worktree, from_a_subfolder_with_relative_names, from_outside, from_another_project,
    with_an_index_elsewhere,
]  # fmt: skip


@pytest.mark.parametrize("make", PLACES, ids=lambda make: make.__name__)
def test_a_day(work: Repo, make: Callable[[Repo], Place]) -> None:
    day(make(work))


@pytest.mark.parametrize("name", ODD_FOLDERS)
def test_a_day_in_a_folder_of_any_name(work: Repo, name: str) -> None:
    folder = work.path.rename(work.path.parent / name)
    day(Repo(folder))


def test_a_work_tree_in_a_folder_of_any_name(work: Repo) -> None:
    day(work.worktree(work.path.parent / 'new\nline: "linked"\n', "-b", "other"))


def test_a_store_in_a_subfolder_where_only_the_environment_says_where_the_root_is(work: Repo) -> None:
    work.write("part/README.md", "a part\n")
    place = Place(work, "part", {"GIT_DIR": str(away(work)), "GIT_WORK_TREE": str(work.path)})
    assert place.json("init", "--here")["store"] == "part/.orchestrator"
    place.run("task", "new", "T")
    place.run("commit")
    assert (
        place.git("show", "--format=", "--name-only", "HEAD").split("\n")[0].startswith("part/.orchestrator/")
    )


def test_where_the_environment_leads_there_is_no_other_store(work: Repo) -> None:
    """The store of the current folder belongs to another repository."""
    other = initialized(Repo.init(work.path.parent / "other"))
    env = {"GIT_DIR": str(work.path / ".git"), "GIT_WORK_TREE": str(work.path)}
    for words in (["task", "new", "T"], ["task", "list"], ["commit"]):
        said = refused(other, *words, kind="no_store", env=env)
        assert said["message"] == f"there is no .orchestrator folder in {work.path}"
    refused(other, "init", "--here", kind="bad_path", env=env)


def test_in_a_submodule_the_store_of_the_repository_above_is_not_meant(work: Repo) -> None:
    place = in_a_submodule(work)
    refused(place.repo, "status", kind="no_store")


def test_two_work_trees_at_once(build: Build) -> None:
    """Each has its own session, and claims its own work alone; a moved one goes on."""
    first = build(start_project)
    tasks = [new_task(first, title) for title in ("One", "Two")]
    first.commit("tasks")
    second = first.worktree(first.path.parent / "second", "-b", "other")
    for tree, task in zip((first, second), tasks, strict=True):
        tree.run("task", "start", task)
        tree.write(f"{tree.path.name}.txt", "new\n")
    moved = Repo(first.path.parent / "moved")
    first.git("worktree", "move", str(second.path), str(moved.path))
    for tree, task, name in ((first, tasks[0], "repo.txt"), (moved, tasks[1], "second.txt")):
        with touching_nothing(Place(tree)):
            assert tree.json("session", "status")["changed"] == [{"path": name, "op": "create", "task": task}]
            found = tree.json("task", "complete", task, "--results", "r")["verification"]["files"]
            assert [row["path"] for row in found] == [name]


def test_a_work_tree_removed_and_made_again(build: Build) -> None:
    """Git uses the name of its folder again; its session is gone with it, and its task is not held."""
    first = build(start_project)
    task = new_task(first)
    first.commit("tasks")
    second = first.worktree(first.path.parent / "second", "-b", "other")
    second.run("task", "start", task)
    second.write("lost.txt", "lost\n")
    first.git("worktree", "remove", "--force", str(second.path))
    again = first.worktree(first.path.parent / "second", "--force", "-B", "other")
    assert again.json("session", "status")["session"] is None
    again.run("task", "start", task)
    again.write("new.txt", "new\n")
    found = again.json("task", "complete", task, "--results", "r")["verification"]["files"]
    assert [row["path"] for row in found] == ["new.txt"]


def test_a_repository_in_a_folder_is_another_than_the_environment_names(
    work: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git gives hooks ``GIT_DIR``; asked so, a repository without a commit would seem to have one."""
    Repo.init(work.path / "sub").write("f.txt", "1\n")
    states = staged_states(Repository.open(work.path), ["sub", "changed.txt"])
    monkeypatch.setenv("GIT_DIR", str(work.path / ".git"))
    assert staged_states(Repository.open(work.path), ["sub", "changed.txt"]) == states
