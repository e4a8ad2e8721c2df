"""Bare repositories: read at a commit, worked in through their work trees."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.making import new_task, rungs, without_commands
from tests.cli.refusals import READING, refused
from tests.cli.snapshots import snapshot
from tests.conftest import start_project
from tests.repos import Build, Repo


def with_work(project: Repo) -> None:
    """A project with one task and its work committed."""
    start_project(project)
    task = new_task(project, "Add login")
    project.run("task", "start", task)
    project.commit("work", {"src/a.py": "a\n"})
    project.run("task", "complete", task, "--results", "done")
    project.run("commit")


@pytest.fixture
def bare(build: Build) -> Repo:
    """A bare clone of `with_work`."""
    project = build(with_work)
    return project.clone(project.path.parent / "bare.git", "--bare")


def the_task(repo: Repo, *words: str) -> str:
    (one,) = repo.json("task", "list", *words)["tasks"]
    return str(one["id"])


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_without_a_commit_reading_is_refused_and_names_at(bare: Repo, words: list[str]) -> None:
    assert "--at HEAD" in refused(bare, *words, kind="no_store")["hint"]


def test_recover_names_the_command_that_reads_a_commit(bare: Repo) -> None:
    task = the_task(bare, "--at", "HEAD")
    assert f"taskorch recover {task} --at HEAD;" in refused(bare, "recover", task, kind="no_store")["hint"]


def test_a_clone_and_the_bare_repository_recover_the_same(bare: Repo) -> None:
    """Also where the default branch has no common name: clones take what HEAD names."""
    bare.git("branch", "--move", "main", "trunk")
    clone = bare.clone(bare.path.parent / "clone")
    task = the_task(bare, "--at", "HEAD")
    before = snapshot(bare, local=True)
    for words in (["recover"], ["recover", task], ["recover", task, "--json"]):
        found = bare.run(*words, "--at", "HEAD").out
        assert without_commands(found, "HEAD") == without_commands(clone.run(*words).out, "HEAD")
    assert bare.json("recover", task, "--at", "HEAD")["task"]["unreviewed"] is False
    assert snapshot(bare, local=True) == before


def test_verifying(bare: Repo) -> None:
    task = the_task(bare, "--at", "HEAD")
    for scope in (["--all"], ["--task", task], ["--all", "--path", "src"], ["--all", "--path", "./src/a.py"]):
        answer = bare.json("verify", *scope, "--at", "HEAD", "--strict")
        assert (answer["status"], answer["on_disk"], rungs(answer)) == (
            "verified",
            True,
            {"src/a.py": "exact"},
        )
    assert rungs(bare.json("verify", "--all", "--path", "other", "--at", "HEAD")) == {}
    assert (
        bare.json("verify", "--all", "--at", "HEAD", "--target", "HEAD~2", check=False)["status"] == "failed"
    )
    for path in ("../src", "/src", ""):
        done = bare.run("verify", "--all", "--path", path, "--at", "HEAD", check=False)
        assert (done.code, "Traceback" in done.err) == (0 if path == "" else 1, False)


@pytest.mark.parametrize("folder", ["refs", "objects/pack", "refs/heads"])
def test_from_a_folder_inside(bare: Repo, folder: str) -> None:
    task = the_task(bare, "--at", "HEAD")
    listed = bare.run("task", "list", "--at", "HEAD", "--json", cwd=folder).json["tasks"]
    assert [one["id"] for one in listed] == [task]


def test_one_that_lies_in_the_work_tree_of_another_project(bare: Repo) -> None:
    project = Repo(bare.path.parent / "repo")
    new_task(project, "Not in the bare one")
    inside = bare.clone(project.path / "backup.git", "--bare")
    refused(inside, "task", "list", kind="no_store")
    refused(inside, "task", "new", "T", kind="not_a_repository")
    assert the_task(inside, "--at", "HEAD") == the_task(bare, "--at", "HEAD")


@pytest.mark.parametrize("spelling", ["absolute", "relative"])
def test_named_by_the_environment(bare: Repo, tmp_path: Path, spelling: str) -> None:
    task = the_task(bare, "--at", "HEAD")
    other = Repo.init(tmp_path / "other")
    other.run("init")
    new_task(other, "Of another project")
    other.write("deep/a.txt", "a\n")
    for repo in (Repo(other.path / "deep"), other, Repo(tmp_path)):
        far = "../" * len(repo.path.relative_to(tmp_path).parts)
        git_dir = str(bare.path) if spelling == "absolute" else f"{far}{bare.path.relative_to(tmp_path)}"
        env = {"GIT_DIR": git_dir}
        listed = repo.run("task", "list", "--at", "HEAD", "--json", env=env).json["tasks"]
        assert [one["id"] for one in listed] == [task]
        assert repo.run("verify", "--all", "--at", "HEAD", "--json", env=env).json["status"] == "verified"
        assert "# " in repo.run("recover", task, "--at", "HEAD", env=env).out
        refused(repo, "task", "list", kind="no_store", env=env)
        refused(repo, "task", "new", "T", kind="not_a_repository", env=env)
        refused(repo, "init", kind="not_a_repository", env=env)


def test_a_work_tree_named_by_the_environment(bare: Repo, tmp_path: Path) -> None:
    """As people keep the files of their home folder: a bare repository, and a work tree without ``.git``."""
    task = the_task(bare, "--at", "HEAD")
    home = tmp_path / "a home"
    home.mkdir()
    env = {"GIT_DIR": "../bare.git", "GIT_WORK_TREE": "."}
    Repo(home).git("checkout", "--quiet", "--force", "main", env=env)
    here = Repo(home)
    assert here.run("task", "list", "--json", env=env).json["tasks"][0]["id"] == task
    made = here.run("task", "new", "More", "--json", env=env).json
    assert made["path"].startswith(".orchestrator/tasks/")
    here.run("task", "start", made["id"], env=env)
    here.write("src/b.py", "b\n")
    done = here.run("task", "complete", made["id"], "--results", "r", "--json", env=env).json
    assert rungs(done["verification"]) == {"src/b.py": "worktree"}
    env = {"GIT_DIR": str(bare.path), "GIT_WORK_TREE": str(home)}
    assert "src/b.py" in here.run("recover", made["id"], env=env, cwd="src").out
    paths = here.run("commit", "--json", env=env, cwd="src").json["paths"]
    assert all(path.startswith(".orchestrator/") for path in paths)
    assert len(bare.json("task", "list", "--at", "main")["tasks"]) == 2


def test_a_work_tree_of_it_is_an_ordinary_one(bare: Repo, tmp_path: Path) -> None:
    for number, place in enumerate((tmp_path / "beside", bare.path / "within")):
        tree = bare.worktree(place, "-b", f"feature{number}")
        task = new_task(tree, "In a work tree")
        tree.run("task", "start", task)
        tree.write("src/new.py", "new\n")
        assert tree.json("status")["changed"] == [{"path": "src/new.py", "op": "create", "task": task}]
        done = tree.json("task", "complete", task, "--results", "r")
        assert rungs(done["verification"]) == {"src/new.py": "worktree"}
        tree.run("commit")
        tree.commit("work")
        assert tree.json("verify", "--task", task)["status"] == "verified"
        assert "src/new.py" in tree.run("recover", task).out
        assert tree.json("doctor")["problems"] == []
        assert {one["state"] for one in tree.json("session", "list")["sessions"]} == {"ended"}
        revision = f"feature{number}"
        assert bare.json("verify", "--task", task, "--at", revision, "--strict")["status"] == "verified"
        refused(bare, "task", "show", task, "--at", "main", kind="not_found")
        refused(bare, "task", "start", task, kind="not_a_repository")


def test_a_folder_that_only_names_a_bare_repository(bare: Repo, tmp_path: Path) -> None:
    """The layout of many work trees: ``.git`` names the bare repository, each branch has its folder."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / ".git").write_text(f"gitdir: {bare.path}\n")
    here = Repo(folder)
    assert the_task(here, "--at", "HEAD") == the_task(bare, "--at", "HEAD")
    refused(here, "task", "list", kind="no_store")
    here.git("worktree", "add", "--quiet", "main", "main")
    tree = Repo(folder / "main")
    assert the_task(tree) == the_task(bare, "--at", "HEAD")
    new_task(tree)


def monorepo(project: Repo, *folders: str) -> dict[str, str]:
    """A task in a store of each folder, committed; ids by folder."""
    out = {}
    for folder in folders:
        project.write(f"{folder}/main.py", "\n")
        project.run("init", "--here", cwd=folder)
        out[folder] = str(project.run("task", "new", folder, "--json", cwd=folder).json["id"])
    project.commit("stores")
    return out


def test_in_a_monorepo_the_root_store_counts_or_the_only_one(project: Repo) -> None:
    outer = new_task(project, "Outer")
    inner = monorepo(project, "packages/app")["packages/app"]
    bare = project.clone(project.path.parent / "one.git", "--bare")
    assert the_task(bare, "--at", "HEAD") == outer
    assert the_task(bare, "--at", "HEAD:packages/app") == inner
    project.git("rm", "-rq", ".orchestrator")
    project.commit("only one left")
    bare = project.clone(project.path.parent / "two.git", "--bare")
    assert the_task(bare, "--at", "HEAD") == inner
    shown = bare.json("task", "show", inner, "--at", "HEAD")
    assert shown["path"].startswith("packages/app/.orchestrator/tasks/")


def test_among_several_stores_one_is_to_be_named(repo: Repo) -> None:
    tasks = monorepo(repo, "packages/app", "packages/größe und maß")
    bare = repo.clone(repo.path.parent / "bare.git", "--bare")
    error = refused(bare, "task", "list", "--at", "HEAD", kind="ambiguous")
    assert error["candidates"] == [f"{folder}/.orchestrator" for folder in tasks]
    assert error["hint"].endswith("--at HEAD:packages/app")
    for folder, task in tasks.items():
        assert the_task(bare, "--at", f"HEAD:{folder}") == task
        assert bare.run("recover", "--at", f"HEAD:{folder}").out == repo.run("recover", cwd=folder).out
