"""``recover`` where records, history or objects are gone: what it can, or how to get the rest."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.long_work import HANDOFF, long_work
from tests.cli.making import started
from tests.cli.test_recover import GUIDE, paths, task_named
from tests.repos import Build, Repo


@pytest.fixture
def work(build: Build) -> Repo:
    """As `long_work` builds it."""
    return build(long_work)


def commands_in(hint: str) -> list[list[str]]:
    """The commands that a hint names, as words; each ends with its promise."""
    return [
        shlex.split(found)
        for found in re.findall(r"(taskorch (?:recover|verify) .+?|git restore .+?) (?:reads|brings)", hint)
    ]


@pytest.mark.parametrize("asked", [[], ["TASK"], ["--session", "SESSION"], ["--at", "HEAD"]])
def test_where_the_whole_folder_was_removed_its_commit_is_named_and_the_one_before_read(
    work: Repo, asked: list[str]
) -> None:
    names = {
        "TASK": task_named(work, "Login form"),
        "SESSION": work.json("session", "list")["sessions"][0]["id"],
    }
    words = [names.get(word, word) for word in asked]
    before = work.run("recover", *words).out
    work.git("rm", "-r", "--quiet", ".orchestrator")
    work.git("commit", "--quiet", "-m", "we do not need this")
    gone = work.head[:10]
    clone = work.clone(work.path.parent / "clone")
    done = clone.run("recover", *words, "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "no_store")
    assert done.error["message"] == f".orchestrator was removed in {gone} (we do not need this)"
    reading, bringing = commands_in(done.error["hint"])
    assert reading[0] == "taskorch"
    out = clone.run(*reading[1:]).out
    assert out.split("\n")[0] == before.split("\n")[0]
    assert HANDOFF in out
    clone.git(*bringing[1:])
    assert clone.run("recover", *(word for word in words if word not in ("--at", "HEAD"))).code == 0


@pytest.mark.parametrize("asked", [["recover", "--branch", "main"], ["status"]])
def test_other_commands_name_that_commit_too(work: Repo, asked: list[str]) -> None:
    work.git("rm", "-r", "--quiet", ".orchestrator")
    work.git("commit", "--quiet", "-m", "we do not need this")
    done = work.run(*asked, "--json", check=False)
    assert done.error["message"] == f".orchestrator was removed in {work.head[:10]} (we do not need this)"
    reading = done.error["hint"].partition(" reads")[0]
    assert work.run(*shlex.split(reading)[1:]).code == 0


def test_a_spoilt_record_without_a_hint_of_its_own_has_a_whole_sentence(project: Repo) -> None:
    task = started(project)
    project.run("commit")
    path = str(project.json("task", "show", task)["path"])
    lines = project.read(path).split("\n")
    project.commit("spoilt", {path: "\n".join([*lines[:2], ": : [", *lines[3:]])})
    hint = project.run("recover", task, "--json", check=False).error["hint"]
    assert hint.startswith(f"taskorch restore {task} brings the last readable version back, ")


@pytest.mark.parametrize("how", ["committed", "deleted", "git rm"])
def test_a_record_of_a_store_that_is_gone_comes_back_with_the_settings(work: Repo, how: str) -> None:
    task = task_named(work, "Login form")
    path = work.json("task", "show", task)["path"]
    before, fresh = work.read(path), work.path.parent / "clone"
    if how == "committed":
        work.git("rm", "-r", "--quiet", ".orchestrator")
        work.git("commit", "--quiet", "-m", "we do not need this")
    clone = work.clone(fresh)
    if how == "git rm":
        clone.git("rm", "-r", "--quiet", ".orchestrator")
    elif how == "deleted":
        shutil.rmtree(clone.path / ".orchestrator")
    done = clone.json("restore", task[:6] if how != "committed" else task)
    assert [row["path"] for row in done["restored"]] == [path, ".orchestrator/config.yaml"]
    assert clone.read(path) == before
    out = clone.run("recover", task).out
    assert out.startswith(f"# {task}: Login form")
    assert ("Not committed." in out.split("##")[0]) is (how == "committed")


@pytest.mark.parametrize("how", ["deleted", "git rm"])
def test_restore_all_brings_a_store_back_that_was_deleted_here(work: Repo, how: str) -> None:
    clone = work.clone(work.path.parent / "clone")
    new = clone.json("task", "new", "Not committed")["id"]
    if how == "git rm":
        clone.git("rm", "-r", "--quiet", "-f", ".orchestrator")
    shutil.rmtree(clone.path / ".orchestrator", ignore_errors=True)
    before = clone.git("status", "--porcelain")
    looked = clone.json("restore", "--all", "--dry-run")
    assert clone.git("status", "--porcelain") == before
    assert clone.json("restore", "--all")["restored"] == looked["restored"]
    assert clone.json("task", "show", new)["title"] == "Not committed"
    assert clone.json("restore", "--all")["restored"] == []
    clone.git("add", "--all")
    [only] = clone.git("diff", "HEAD", "--name-status").split("\n")
    assert only.startswith(f"A\t.orchestrator/tasks/{new}")


def test_a_store_outside_a_sparse_checkout_was_not_deleted(work: Repo) -> None:
    clone = work.clone(work.path.parent / "clone")
    clone.git("sparse-checkout", "set", "--no-cone", "/src/")
    assert clone.json("restore", "--all")["restored"] == []


def test_a_store_of_a_subfolder_that_was_removed_is_found_too(repo: Repo) -> None:
    repo.commit("first", {"pkg/a.txt": "a\n"})
    repo.run("init", "--here", cwd="pkg")
    repo.run("task", "new", "Inside", cwd="pkg")
    repo.commit("plan")
    repo.git("rm", "-r", "--quiet", "pkg/.orchestrator")
    repo.git("commit", "--quiet", "-m", "out with it")
    error = repo.run("recover", "--json", cwd="pkg", check=False).error
    assert error["message"].startswith("pkg/.orchestrator was removed in ")
    reading, bringing = commands_in(error["hint"])
    assert "Inside" in repo.run(*reading[1:], cwd="pkg").out
    repo.git("-C", "pkg", *bringing[1:])
    assert "Inside" in repo.run("recover", cwd="pkg").out


def test_where_there_never_was_a_store_init_is_named(repo: Repo) -> None:
    repo.commit("first", {"a.txt": "a\n"})
    error = repo.run("recover", "--json", check=False).error
    assert error["hint"] == "taskorch init makes one"


def test_a_removed_record_can_be_read_from_before_and_brought_back(work: Repo) -> None:
    task = task_named(work, "Login form")
    path = work.json("task", "show", task)["path"]
    work.git("rm", "--quiet", path)
    work.git("commit", "--quiet", "-m", "oops")
    clone = work.clone(work.path.parent / "clone")
    error = clone.run("recover", task, "--json", check=False).error
    [reading] = commands_in(error["hint"])[:1]
    assert clone.run(*reading[1:]).out.startswith(f"# {task}: Login form")
    assert f"taskorch restore {task} brings it back" in error["hint"]
    clone.run("restore", task)
    assert clone.run("recover", task).out.startswith(f"# {task}: Login form")


def test_verify_names_the_commit_that_took_work_and_records_back(work: Repo) -> None:
    task = task_named(work, "Login form")
    work.git("rm", "--quiet", work.json("task", "show", task)["path"])
    work.git("commit", "--quiet", "-m", 'Revert "the squash"')
    error = work.run("verify", "--task", task, "--target", "HEAD", "--json", check=False).error
    assert error["message"].endswith('(Revert "the squash")')
    [reading] = commands_in(error["hint"])[:1]
    assert work.json(*reading[1:], check=False)["files"]


def test_a_spoilt_record_is_named_with_its_last_readable_version(work: Repo) -> None:
    task = task_named(work, "Login form")
    path = work.json("task", "show", task)["path"]
    good = work.git("rev-list", "-1", "HEAD", "--", path)
    work.commit("spoilt", {path: "id: broken\n"})
    work.commit("spoilt more", {path: "---\nid: [\n"})
    clone = work.clone(work.path.parent / "clone")
    done = clone.run("recover", task, "--json", check=False)
    assert done.code == 1
    assert done.error["message"].startswith(f"{path}:")
    [reading] = commands_in(done.error["hint"].replace("back, taskorch", "back; taskorch"))[-1:]
    assert reading[-2:] == ["--at", good[:10]]
    assert clone.run(*reading[1:]).out.startswith(f"# {task}: Login form")
    assert f"taskorch restore {task} brings" in done.error["hint"]


def test_other_spoilt_records_do_not_hinder(work: Repo) -> None:
    task = task_named(work, "Login form")
    decision = work.json("decision", "list")["decisions"][0]["path"]
    session = work.json("session", "list")["sessions"][0]["path"]
    work.commit("spoilt", {decision: "nothing\n", session.replace(".md", ".claims.jsonl"): "{oops\n"})
    answer = work.json("recover", task)
    assert {row["path"] for row in answer["problems"]} == {decision, session.replace(".md", ".claims.jsonl")}
    assert answer["session_info"]["handoff"] == HANDOFF


def test_a_shallow_clone_says_what_lacks_and_how_to_get_it(work: Repo) -> None:
    shallow = Repo(work.path.parent / "shallow")
    work.git("clone", "--quiet", "--depth", "1", f"file://{work.path}", str(shallow.path))
    task = task_named(shallow, "Login form")
    answer = shallow.json("recover", task)
    lines = answer["recovery_package"][GUIDE]
    assert "The history here is shallow: git fetch --unshallow brings what would tell more." in lines
    assert sum("may or may not have landed" in line for line in lines) == 1
    assert answer["recovery_package"]["against_default"] is None
    assert answer["recovery_package"]["local"]["branches"] == []  # what HEAD has is not offered
    shallow.git("fetch", "--quiet", "--unshallow")
    assert paths(shallow.json("recover", task)["recovery_package"], "created")["src/form.py"][3] == "exact"


def forced_away(repo: Repo, folder: Path) -> tuple[Repo, str, str]:
    """A clone of a repository whose main was rewritten after a task began; the task, and where it began."""
    repo.commit("to be rewritten", {"old.txt": "1\n"})
    begun = repo.head
    task = started(repo)
    repo.commit("work", {"a.txt": "a\n", "b.txt": "b\n"})
    repo.run("session", "end")
    repo.commit("records")
    repo.git("reset", "--quiet", "--soft", "HEAD~3")
    repo.git("commit", "--quiet", "-m", "all in one, by force")
    return repo.clone(folder, "--no-local"), task, begun


def test_where_the_work_began_is_gone_by_force_the_fetch_is_named(project: Repo) -> None:
    clone, task, begun = forced_away(project, project.path.parent / "clone")
    assert not clone.git("cat-file", "-t", begun, check=False)
    answer = clone.json("recover", task)
    [line] = answer["recovery_package"]["untold"]
    assert line.startswith(f"{begun[:10]}, where work began, is not here: ")
    assert line in answer["recovery_package"][GUIDE]
    command = shlex.split(line.split("; ")[1])[: len(["git", "fetch", "origin", "ID"])]
    project.git("config", "uploadpack.allowAnySHA1InWant", "true")
    clone.git(*command[1:])
    package = clone.json("recover", task)["recovery_package"]
    assert package["untold"] == []
    assert paths(package, "created")["a.txt"][3] == "exact"


def test_a_partial_clone_says_what_brings_the_contents(work: Repo) -> None:
    work.git("config", "uploadpack.allowFilter", "true")
    work.git("config", "uploadpack.allowAnySHA1InWant", "true")
    partial = Repo(work.path.parent / "partial")
    work.git("clone", "--quiet", "--filter=blob:none", f"file://{work.path}", str(partial.path))
    task = task_named(partial, "Login form")
    package = partial.json("recover", task)["recovery_package"]
    [line] = [line for line in package["untold"] if "not counted" in line]
    assert "git fetch --refetch --no-filter" in line
    assert paths(package, "created")["src/form.py"][3] == "exact"
