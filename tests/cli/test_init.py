"""``init``: makes a store, sets up a clone, and can be repeated."""

from __future__ import annotations

import pytest

from tests.cli.making import new_task
from tests.cli.snapshots import snapshot
from tests.repos import Repo

FILES = [".orchestrator/config.yaml", ".orchestrator/README.md", ".orchestrator/.gitattributes"]


def test_a_new_store(repo: Repo) -> None:
    made = repo.json("init")
    assert made["store"] == ".orchestrator"
    assert made["created"] == FILES
    assert (made["existed"], made["clone_set_up"]) == (False, True)
    assert made["next"] == ["git add .orchestrator && git commit -m 'taskorch: init'"]
    assert repo.read(".orchestrator/config.yaml").splitlines()[1] == "format: 1"
    attributes = (
        "* -text -filter -ident !working-tree-encoding\n*.md merge=taskorch\n*.jsonl linguist-generated\n"
    )
    assert repo.read(".orchestrator/.gitattributes") == attributes


def test_text_says_what_was_done_and_what_comes_next(repo: Repo) -> None:
    out = repo.run("init").out
    assert "created .orchestrator/config.yaml" in out
    assert "next: git add .orchestrator && git commit" in out
    assert "taskorch task new" in out


def test_nothing_but_the_store_and_our_own_folder_is_touched(repo: Repo) -> None:
    repo.commit("first", {"a.txt": "a\n"})
    repo.write("a.txt", "staged\n")
    repo.git("add", "a.txt")
    before = snapshot(repo)
    repo.run("init")
    after = snapshot(repo)
    assert {path for path in after if path not in before} == {".orchestrator", *FILES}
    assert {path: after[path] for path in before} == before


def test_again_changes_nothing(project: Repo) -> None:
    new_task(project)
    before = snapshot(project, local=True)
    again = project.json("init")
    assert (again["created"], again["existed"], again["clone_set_up"]) == ([], True, False)
    assert snapshot(project, local=True) == before
    out = project.run("init").out
    assert "is complete" in out and "next: taskorch status" in out


def test_again_puts_back_what_is_missing_and_leaves_the_rest(project: Repo) -> None:
    project.write(".orchestrator/README.md", "our own words\n")
    project.remove(".orchestrator/.gitattributes")
    assert project.json("init")["created"] == [".orchestrator/.gitattributes"]
    assert project.read(".orchestrator/README.md") == "our own words\n"


def test_a_clone_that_has_a_store_needs_none_and_is_set_up_by_one(project: Repo) -> None:
    task = new_task(project)
    project.commit("plan")
    clone = project.clone(project.path.parent / "clone")
    assert [one["id"] for one in clone.json("task", "list")["tasks"]] == [task]
    made = clone.json("init")
    assert (made["created"], made["existed"], made["clone_set_up"]) == ([], True, True)
    assert clone.git("status", "--porcelain") == ""
    assert "set up this clone" in project.clone(project.path.parent / "other").run("init").out


def test_a_fresh_clone_writes_without_init(project: Repo) -> None:
    clone = project.clone(project.path.parent / "clone")
    task = new_task(clone)
    clone.run("task", "start", task)
    assert clone.json("task", "complete", task, "--results", "done")["status"] == "completed"


def test_from_a_subfolder_it_makes_the_store_at_the_root(repo: Repo) -> None:
    repo.write("deep/inside/a.txt", "a\n")
    assert repo.run("init", "--json", cwd="deep/inside").json["store"] == ".orchestrator"
    assert (repo.path / ".orchestrator").is_dir()


def test_here_makes_a_store_for_a_folder_and_the_nearest_one_upward_counts(project: Repo) -> None:
    project.write("services/api/main.py", "\n")
    made = project.run("init", "--here", "--json", cwd="services/api").json
    assert made["store"] == "services/api/.orchestrator"
    outer = new_task(project, "Outer")
    inner = project.run("task", "new", "Inner", "--json", cwd="services/api").json
    assert inner["path"].startswith("services/api/.orchestrator/tasks/")
    listed = project.run("task", "list", "--json", cwd="services/api").json["tasks"]
    assert [one["id"] for one in listed] == [inner["id"]]
    assert [one["id"] for one in project.json("task", "list")["tasks"]] == [outer]


@pytest.mark.parametrize("rule", [".orchestrator/", "*", ".*"])
def test_an_ignored_store_is_refused_with_the_rule_to_mend(repo: Repo, rule: str) -> None:
    repo.commit("first", {".gitignore": f"{rule}\n"})
    before = snapshot(repo)
    done = repo.run("init", "--json", check=False)
    assert done.code == 1
    assert "git ignores .orchestrator/config.yaml" in done.error["message"]
    assert f"the rule is '{rule}', line 1 of .gitignore" in done.error["hint"]
    assert snapshot(repo) == before
    repo.write(".gitignore", f"{rule}\n!.orchestrator/\n!.orchestrator/**\n")
    repo.run("init")


@pytest.mark.parametrize("what", ["file", "link"])
def test_a_store_that_is_no_plain_folder_is_refused(repo: Repo, what: str) -> None:
    if what == "file":
        repo.write(".orchestrator", "a file\n")
    else:
        (repo.path / ".orchestrator").symlink_to(repo.path.parent)
    before = snapshot(repo)
    done = repo.run("init", "--json", check=False)
    assert done.code == 1
    assert "no plain folder" in done.error["message"]
    assert done.error["hint"]
    assert snapshot(repo) == before


def test_on_an_unborn_branch_the_day_works(repo: Repo) -> None:
    repo.run("init")
    task = new_task(repo)
    begun = repo.json("task", "start", task)
    session = repo.json("session", "show", begun["session_id"])
    assert (session["base"], session["onto"]) == (None, None)
    repo.write("a.txt", "a\n")
    done = repo.json("task", "complete", task, "--results", "done")
    assert [one["rung"] for one in done["verification"]["files"]] == ["worktree"]
    repo.commit("all of it")
    assert repo.json("verify", "--task", task)["status"] == "verified"
