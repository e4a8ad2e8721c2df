"""Stores that git has and the disk has not, and records that git would not show: told, with what mends it."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.making import new_task, rungs, started
from tests.cli.refusals import READING, TEXTS, WRITING, refused
from tests.repos import Repo

LINES = "!.orchestrator/\n!.orchestrator/**\n"
MAKING = [
    ["task", "new", "T"],
    ["decision", "new", "T", *TEXTS],
    ["session", "start"],
    ["task", "start", "{task}"],
]


def exclude(repo: Repo, rule: str) -> None:
    repo.write(".git/info/exclude", f"{rule}\n")


def root(repo: Repo, rule: str) -> None:
    repo.write(".gitignore", f"# ours\n{rule}\n")


def of_the_user(repo: Repo, rule: str) -> None:
    file = repo.path.parent / "ignored by me"
    file.write_text(f"{rule}\n")
    repo.git("config", "core.excludesFile", str(file))


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        *((root, rule) for rule in (".*", ".orchestrator", "/.orchestrator/", "*", "*.md")),
        *((place, rule) for place in (exclude, of_the_user) for rule in (".*", "*.md")),
    ],
)
def test_a_new_record_that_git_ignores_is_refused_with_what_mends_it(
    project: Repo, place: Callable[[Repo, str], None], rule: str
) -> None:
    task = new_task(project)
    project.commit("plan")
    place(project, rule)
    for words in MAKING:
        error = refused(project, *(word.format(task=task) for word in words), kind="refused")
        assert error["message"].startswith("git ignores .orchestrator/")
        assert f"'{rule}'" in error["hint"]
        assert all(line in error["hint"] for line in LINES.split())
    project.run("task", "note", task, "what is tracked can be changed")
    before = (project.path / ".gitignore").read_text() if place is root else ""
    project.write(".gitignore", before + LINES)
    project.run("task", "start", task)
    more = project.json("task", "new", "More")
    assert more["path"] in project.json("commit")["paths"]
    assert project.git("status", "--porcelain", "--", ".orchestrator") == ""


def test_claims_that_git_ignores_are_refused_and_nothing_is_lost(project: Repo) -> None:
    task = started(project)
    project.write(".gitignore", "*.jsonl\n")
    project.write("a.txt", "a\n")
    for words in (["commit"], ["task", "complete", task, "--results", "r"], ["session", "end"]):
        assert ".claims.jsonl" in refused(project, *words, kind="refused")["message"]
    project.write(".gitignore", f"*.jsonl\n{LINES}")
    done = project.json("task", "complete", task, "--results", "r")
    assert set(rungs(done["verification"])) == {"a.txt", ".gitignore"}


@pytest.mark.parametrize("what", ["below", "above"])
def test_a_rule_that_no_line_takes_back_is_to_be_taken_out(project: Repo, what: str) -> None:
    folder = "packages/app" if what == "above" else "."
    if what == "above":
        project.write("packages/app/main.py", "\n")
        project.run("init", "--here", cwd=folder)
        project.commit("a store of its own")
        project.write(".gitignore", "packages/\n")
    else:
        project.write(".orchestrator/.gitignore", "*.md\n")
    error = refused(project, "task", "new", "T", cwd=folder, kind="refused")
    assert "take it out" in error["hint"] and "!" not in error["hint"]


def test_git_is_asked_once_and_only_for_new_files(project: Repo) -> None:
    task = new_task(project)
    trace = project.path.parent / "trace"

    def asked(*words: str) -> int:
        trace.write_text("")
        project.run(*words, env={"GIT_TRACE": str(trace)})
        return trace.read_text().count("check-ignore")

    assert asked("task", "new", "Another") == 1
    assert asked("task", "note", task, "x") == 0
    assert asked("task", "list") == 0


def test_init_in_a_folder_of_ignored_dot_files(repo: Repo) -> None:
    repo.commit("first", {".gitignore": ".*\n!.orchestrator/\n"})  # its .gitattributes is still ignored
    assert ".gitattributes" in refused(repo, "init", kind="refused")["message"]


every = pytest.mark.parametrize("words", [["init"], *WRITING, *READING], ids=" ".join)


def mend(repo: Repo, hint: str, cwd: str = ".") -> None:
    """Run the command that a hint begins with."""
    command, told, _ = hint.partition(" brings it ")
    assert told, hint
    words = shlex.split(command)
    assert words[0] == "git"
    Repo(repo.path / cwd).git(*words[1:])


def sparse(repo: Repo, mode: str, *extra: str) -> None:
    """Only ``src`` (and what is named) is on disk; everything is committed before."""
    repo.commit("all", {"src/a.py": "a\n", "packages/app/main.py": "m\n"})
    patterns = ["src", *extra] if mode == "--cone" else ["/src/", *(f"/{folder}/" for folder in extra)]
    repo.git("sparse-checkout", "set", mode, *patterns)


@every
def test_outside_a_sparse_checkout_every_command_says_so(project: Repo, words: list[str]) -> None:
    sparse(project, "--cone")
    assert not (project.path / ".orchestrator").exists()
    error = refused(project, *words, kind="no_store")
    assert error["message"] == ".orchestrator is in git, but outside this sparse checkout"
    assert "git sparse-checkout add .orchestrator brings it" in error["hint"]
    assert "--at HEAD" in error["hint"]


@pytest.mark.parametrize("mode", ["--cone", "--no-cone"])
@pytest.mark.parametrize("index", ["--sparse-index", "--no-sparse-index"])
def test_the_command_that_is_named_brings_it(project: Repo, mode: str, index: str) -> None:
    task = new_task(project)
    sparse(project, mode)
    project.git("sparse-checkout", "reapply", index)
    assert [one["id"] for one in project.json("task", "list", "--at", "HEAD")["tasks"]] == [task]
    error = refused(project, "task", "list", cwd="src", kind="no_store")
    mend(project, error["hint"], cwd="src")
    a_day(project)
    assert not (project.path / "packages").exists()


@pytest.mark.parametrize("kept", [["/*", "!/.orchestrator/archive/"], ["/src/", "/.orchestrator/tasks"], []])
def test_in_a_part_of_a_store_no_record_is_made_that_git_would_take_away(
    project: Repo, kept: list[str]
) -> None:
    task = new_task(project)
    project.run("task", "complete", task, "--results", "done")
    project.commit("all", {"src/a.py": "a\n"})
    narrowed = (
        ["--no-cone", *kept, "/.orchestrator/*.yaml"] if kept else ["--cone", "src", ".orchestrator/tasks"]
    )
    project.git("sparse-checkout", "set", *narrowed)
    before = project.git("status", "--porcelain"), sorted((project.path / ".git").glob("taskorch/index-*"))
    error = refused(project, "archive", "--older-than", "0d", kind="refused")
    assert "archive" in error["message"] and "outside this sparse checkout" in error["message"]
    assert before == (project.git("status", "--porcelain"), [])
    mend(project, error["hint"])
    moved = project.json("archive", "--older-than", "0d")["archived"][0]["path"]
    project.commit("archived")
    project.git("sparse-checkout", "reapply")
    assert (project.path / moved).exists()


def test_doctor_tells_of_records_outside_a_sparse_checkout(project: Repo) -> None:
    new_task(project)
    project.commit("all")
    assert project.run("doctor").code == 0
    project.git("sparse-checkout", "set", ".orchestrator/decisions")
    (problem,) = project.run("doctor", "--json", check=False).json["problems"]
    assert problem["message"].startswith("1 record outside this sparse checkout")
    mend(project, problem["hint"])
    assert project.run("doctor").code == 0


@pytest.mark.parametrize("mode", ["--cone", "--no-cone"])
def test_of_a_folder_with_a_store_of_its_own(project: Repo, mode: str) -> None:
    """The store of the root is there, the nearer one is not: nothing goes into the wrong one."""
    project.write("packages/app/main.py", "m\n")
    project.run("init", "--here", cwd="packages/app")
    inner = project.run("task", "new", "Inner", "--json", cwd="packages/app").json["id"]
    project.commit("all", {"src/a.py": "a\n"})
    project.git("sparse-checkout", "set", "--no-cone", "/*", "!/packages/app/.orchestrator/")
    assert not (project.path / "packages/app/.orchestrator").exists()
    for words in (["task", "new", "T"], ["init"], ["init", "--here"]):
        error = refused(project, *words, cwd="packages/app", kind="no_store")
        assert error["message"].startswith("packages/app/.orchestrator is in git")
    if mode == "--cone":
        project.git("sparse-checkout", "set", "--cone", "src", ".orchestrator")
        (project.path / "packages/app").mkdir(parents=True)
        error = refused(project, "task", "new", "T", cwd="packages/app", kind="no_store")
    assert "git -C ../.. sparse-checkout add" in error["hint"]
    mend(project, error["hint"], cwd="packages/app")
    listed = project.run("task", "list", "--json", cwd="packages/app").json["tasks"]
    assert [one["id"] for one in listed] == [inner]


@pytest.mark.parametrize("mode", ["--cone", "--no-cone"])
def test_in_the_cone_the_whole_day_works(project: Repo, mode: str) -> None:
    sparse(project, mode, ".orchestrator")
    assert not (project.path / "packages").exists()
    a_day(project)
    assert project.git("status", "--porcelain") == ""
    assert project.state("packages/app/main.py")


def a_day(repo: Repo) -> None:
    """New, start, edit, complete, commit, verify: in a sparse checkout with ``src``."""
    task = started(repo, "In a part of it")
    repo.write("src/a.py", "changed\n")
    repo.write("src/new.py", "new\n")
    assert {one["path"] for one in repo.json("status")["changed"]} == {"src/a.py", "src/new.py"}
    done = repo.json("task", "complete", task, "--results", "r")
    assert rungs(done["verification"]) == {"src/a.py": "worktree", "src/new.py": "worktree"}
    repo.run("commit")
    repo.git("commit", "--quiet", "-am", "half")
    assert rungs(repo.json("verify", "--task", task))["src/a.py"] == "exact"
    repo.git("add", "src")
    repo.git("commit", "--quiet", "-m", "rest")
    assert repo.json("verify", "--task", task, "--strict")["status"] == "verified"
    assert task in repo.run("recover", task).out


@every
def test_a_store_that_was_deleted_is_not_begun_anew(project: Repo, words: list[str]) -> None:
    shutil.rmtree(project.path / ".orchestrator")
    error = refused(project, *words, kind="no_store")
    assert error["message"] == ".orchestrator is in git, but was deleted here"
    assert error["hint"].startswith("git restore -- .orchestrator brings it back")


@pytest.mark.parametrize("how", ["deleted", "git rm", "settings only", "git rm of settings", "only staged"])
def test_what_was_deleted_comes_back_with_all_that_was_observed(project: Repo, how: str) -> None:
    task = started(project)
    if how == "only staged":
        project.git("checkout", "--quiet", "--orphan", "new")
    project.git("add", "--all")
    if how != "only staged":
        project.commit("begun")
    project.write("src/a.py", "a\n")
    project.write("a b/c.py", "c\n")
    if how in ("deleted", "only staged"):
        shutil.rmtree(project.path / ".orchestrator")
    elif how == "settings only":
        project.write(f".orchestrator/tasks/{Path(task_path(project, task)).name}", dirty(project, task))
        project.remove(".orchestrator/config.yaml")
    elif how == "git rm":
        project.git("rm", "-rq", ".orchestrator")
    else:
        project.git("rm", "-q", ".orchestrator/config.yaml")
    for words in (["task", "list"], ["task", "new", "T"], ["init"]):
        error = refused(project, *words, cwd="a b", kind="no_store")
    assert "was deleted here" in error["message"]
    mend(project, error["hint"], cwd="a b")
    done = project.json("task", "complete", task, "--results", "r")
    assert set(rungs(done["verification"])) == {"src/a.py", "a b/c.py"}
    if how == "settings only":
        assert "a note that was not committed" in project.json("task", "show", task)["notes"]


def test_what_was_not_committed_comes_back_as_well(project: Repo) -> None:
    task = new_task(project)
    shutil.rmtree(project.path / ".orchestrator")
    hint = refused(project, "task", "list", kind="no_store")["hint"]
    assert "taskorch restore --all" in hint
    mend(project, hint)
    assert project.json("task", "list")["tasks"] == []
    project.run("restore", "--all")
    assert [one["id"] for one in project.json("task", "list")["tasks"]] == [task]


def task_path(repo: Repo, task: str) -> str:
    return next(str(path) for path in (repo.path / ".orchestrator/tasks").glob(f"{task}*"))


def dirty(repo: Repo, task: str) -> str:
    """A task's text with a note more."""
    repo.run("task", "note", task, "a note that was not committed")
    return Path(task_path(repo, task)).read_text()


def test_a_store_whose_removal_was_committed_can_be_begun_anew(project: Repo) -> None:
    project.git("rm", "-rq", ".orchestrator")
    refused(project, "init", kind="no_store")
    project.commit("without")
    project.run("init")
    new_task(project)
