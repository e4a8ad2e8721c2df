"""``--at REV``: the records of a commit, whatever is on disk, as a fresh clone of that commit has them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from taskorch.errors import TaskorchError
from taskorch.services.tasks import new_task as make_task
from taskorch.services.workspace import Workspace
from tests.cli.making import new_decision, new_task, rungs, started, without_commands
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.cli.test_recover import squash_merged, task_named
from tests.repos import Build, Repo

READING = [
    ["task", "list"],
    ["task", "list", "--tree", "--deleted"],
    ["task", "list", "--path", "src"],
    ["task", "ready"],
    ["task", "show", "{task}"],
    ["decision", "list"],
    ["decision", "show", "{decision}"],
    ["decision", "graph"],
    ["session", "list"],
    ["session", "show"],
    ["search", "login"],
    ["status"],
    ["verify", "--all"],
    ["verify", "--task", "{task}", "--path", "src"],
    ["why", "src"],
    ["why", "README.md:1"],
    ["recover"],
    ["recover", "{task}"],
    ["recover", "{task}", "--budget", "400"],
]


def gone_on(repo: Repo) -> None:
    """A task that landed (tag ``then``), and what came since: committed, seen, stashed."""
    squash_merged(repo)
    new_task(repo, "Write the docs")
    repo.commit("plan")
    repo.git("tag", "then")
    repo.git("tag", "-a", "--no-sign", "-m", "signed off", "annotated")
    new_decision(repo, "Use postgres", "--status", "accepted")
    repo.run("task", "cancel", task_named(repo, "Write the docs"))
    repo.commit("later", {"src/new.py": "rewritten\n", "src/old.py": None})
    repo.write("README.md", "stashed\n")
    repo.git("stash", "--quiet")
    started(repo, "Now")
    repo.write("src/there.py", "changed\n")
    repo.write("src/untracked.py", "u\n")
    repo.run("track", "src/untracked.py")


@pytest.fixture
def work(build: Build) -> Repo:
    """As `gone_on` builds it."""
    return build(gone_on)


def named(repo: Repo, commands: list[list[str]]) -> list[list[str]]:
    """The commands with the ids of the task and the decision that are meant."""
    task = task_named(repo, "Add login")
    found = {one["title"]: one["id"] for one in repo.json("decision", "list")["decisions"]}
    return [[word.format(task=task, decision=found["Use argon2id"]) for word in words] for words in commands]


def checkout_of(repo: Repo, revision: str) -> Repo:
    """A fresh clone that has a revision checked out."""
    clone = repo.clone(repo.path.parent / "fresh")
    clone.git("switch", "--quiet", "--detach", revision)
    return clone


def as_of_a_commit(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without what tells a commit from a checkout of it."""
    for row in [answer, *answer.get("sessions", [])]:
        if isinstance(row, dict) and row.get("state") == "open elsewhere":
            row["state"] = "open"
    # what has landed is told of the commit, in a checkout of the default branch
    landed = {key: None for key in ("landed_in", "not_landed") if key in answer}
    return answer | ({"at": None} if "at" in answer else {}) | landed


@pytest.mark.parametrize("revision", ["then", "annotated", "main~1"])
def test_the_answer_is_that_of_a_fresh_clone_of_the_commit(work: Repo, revision: str) -> None:
    clone = checkout_of(work, revision)
    before = snapshot(work, local=True)
    for words in named(work, READING):
        if "--budget" in words:
            continue  # the commands that show the rest name the commit, and count
        found = work.json(*words, "--at", revision, check=False)
        also = ["--target", revision] if words[0] == "verify" else []
        wanted = clone.json(*words, *also, check=False)
        assert found.get("at", clone.head) == clone.head
        if words[0] == "recover":
            texts = [without_commands(json.dumps(one, indent=1), revision) for one in (found, wanted)]
            assert texts[0] == texts[1], words
            continue
        assert as_of_a_commit(found) == as_of_a_commit(wanted), words
    assert snapshot(work, local=True) == before


def test_what_is_recovered_is_byte_for_byte_that_of_a_fresh_clone(work: Repo) -> None:
    task = task_named(work, "Add login")
    clone = checkout_of(work, "then")
    for words in (["recover"], ["recover", task], ["recover", task, "--json"], ["recover", "--json"]):
        found = work.run(*words, "--at", "then").out
        assert without_commands(found, "then") == without_commands(clone.run(*words).out, "then")
    # what landed has landed there, whatever is checked out
    assert "landed in this history" in work.run("recover", task, "--at", "then").out
    assert "HEAD" not in work.run("recover", task, "--at", "then").out


def test_nothing_needs_to_be_on_disk(work: Repo) -> None:
    work.run("commit")  # or a sparse checkout would keep the records
    commands = [[*words, "--json", "--at", "then"] for words in named(work, READING)]
    wanted = [work.run(*words, check=False) for words in commands]
    clones = [
        work.clone(work.path.parent / f"other{option}", *filter(None, [option]))
        for option in ("", "--bare", "--no-checkout")
    ]
    sparse = shutil.copytree(work.path, work.path.parent / "sparse", symlinks=True)
    Repo(sparse).git("status")  # or git takes the copies for changed files, and keeps them
    Repo(sparse).git("sparse-checkout", "set", "--no-cone", "/src/")
    shutil.rmtree(work.path / ".orchestrator")
    for where in (*clones, Repo(sparse), work):
        assert not (where.path / ".orchestrator").exists() or where == clones[0]
        before = snapshot(where, local=True)
        assert [where.run(*words, check=False) for words in commands] == wanted, where
        assert snapshot(where, local=True) == before


def test_records_of_a_commit_are_verified_in_that_commit_or_in_another(work: Repo) -> None:
    task = task_named(work, "Add login")
    then = work.json("verify", "--task", task, "--at", "then", check=False)
    assert (then["target"], then["commit"]) == ("then", work.git("rev-parse", "then"))
    assert rungs(then)["src/old.py"] == "exact"
    later = work.run("verify", "--task", task, "--at", "then", "--target", "main", "--json", check=False).json
    assert (later["target"], later["commit"]) == ("main", work.head)
    assert rungs(later)["src/old.py"] == "superseded"
    assert {"staged", "worktree"}.isdisjoint([*rungs(then).values(), *rungs(later).values()])
    error = refused(work, "verify", "--at", "then", kind="not_found")
    assert "--all" in error["hint"]


def test_a_session_is_open_or_ended_in_a_commit(work: Repo) -> None:
    work.run("commit")
    (going,) = [one for one in work.json("session", "list")["sessions"] if not one["ended"]]
    assert going["state"] == "active"
    states = {one["id"]: one["state"] for one in work.json("session", "list", "--at", "HEAD")["sessions"]}
    assert states[going["id"]] == "open"
    assert set(states.values()) == {"open", "ended"}
    assert work.json("session", "show", going["id"], "--at", "HEAD")["state"] == "open"
    at_head = work.json("status", "--at", "HEAD")
    keys = ("session", "interrupted", "changed", "unclaimed", "uncommitted_records")
    assert [at_head[key] for key in keys] == [None, None, [], [], []]
    assert work.head[:10] in work.run("status", "--at", "HEAD").out
    elsewhere = {"TASKORCH_SESSION": "s-00000000"}  # says which session works here, nothing of a commit
    assert work.run("status", "--json", "--at", "HEAD", env=elsewhere).json == at_head


@pytest.mark.parametrize(
    "revision", ["nowhere", "--all", "-h", "HEAD..main", "^HEAD", "HEAD:README.md", "a b"]
)
def test_no_such_revision(work: Repo, revision: str) -> None:
    kind = "no_store" if ":" in revision else "not_found"
    error = refused(work, "task", "list", f"--at={revision}", kind=kind)
    assert revision.partition(":")[2] in error["message"]


def test_an_option_is_not_taken_for_the_revision(work: Repo) -> None:
    assert work.run("verify", "--at", "--all", check=False).code == 2
    assert work.run("task", "list", "--at", "", check=False).code == 2


def test_a_commit_from_before_the_store_says_so(project: Repo) -> None:
    project.git("checkout", "--quiet", "--orphan", "other")
    project.git("rm", "-rfq", ".")
    project.commit("no store here", {"a.txt": "a\n"})
    bare = project.clone(project.path.parent / "bare.git", "--bare")
    for repo in (project, bare):
        error = refused(repo, "task", "list", "--at", "HEAD", kind="no_store")
        assert f"commit {project.head[:10]} has no .orchestrator" in error["message"]
        assert "git log" in error["hint"]
    assert project.json("task", "list", "--at", "main")["tasks"] == []


def test_a_newer_format_is_refused_and_unreadable_records_are_told(project: Repo) -> None:
    task = new_task(project)
    project.write(".orchestrator/tasks/t-00000000-bad.md", "no record\n")
    (project.path / ".orchestrator/tasks/t-00000001-link.md").symlink_to("/etc/hostname")
    project.commit("broken")
    shutil.rmtree(project.path / ".orchestrator")
    listed = project.json("task", "list", "--at", "HEAD")
    assert [one["id"] for one in listed["tasks"]] == [task]
    shown = {row["path"].rsplit("/", 1)[1]: row["message"] for row in listed["problems"]}
    assert set(shown) == {"t-00000000-bad.md", "t-00000001-link.md"}
    assert "symbolic link" in shown["t-00000001-link.md"]
    project.git("checkout", "--quiet", "--", ".")
    newer = project.read(".orchestrator/config.yaml").replace("format: 1", "format: 99")
    project.commit("newer", {".orchestrator/config.yaml": newer})
    error = refused(project, "task", "list", "--at", "HEAD", kind="newer_format")
    assert "99" in error["message"]
    assert project.json("task", "list", "--at", "HEAD~1")["tasks"]
    project.commit("none", {".orchestrator/config.yaml": None})
    refused(project, "task", "list", "--at", "HEAD", kind="no_store")


def test_a_file_on_disk_that_is_no_record_is_none_in_a_commit(project: Repo) -> None:
    task = new_task(project)
    text = project.read(str(project.json("task", "show", task)["path"]))
    project.commit(
        "odd", {f".orchestrator/tasks/deeper/{task}.md": text, ".orchestrator/tasks/notes.md": text}
    )
    assert project.json("task", "list", "--at", "HEAD") == project.json("task", "list")


def test_nothing_can_be_changed_in_a_commit(project: Repo) -> None:
    before = snapshot(project, local=True)
    with pytest.raises(TaskorchError, match="can be read, not changed"):
        make_task(Workspace(project.path, at="HEAD"), "T")
    assert snapshot(project, local=True) == before


def test_the_store_is_that_of_the_folder_as_in_a_checkout(project: Repo) -> None:
    outer = new_task(project, "Outer")
    project.commit("outer", {"packages/app/main.py": "\n"})
    project.run("init", "--here", cwd="packages/app")
    inner = project.run("task", "new", "Inner", "--json", cwd="packages/app").json["id"]
    project.commit("inner")

    def listed(revision: str, cwd: str = ".", repo: Repo = project) -> list[str]:
        return [
            one["id"] for one in repo.run("task", "list", "--json", "--at", revision, cwd=cwd).json["tasks"]
        ]

    assert listed("HEAD", "packages/app") == [inner]
    assert listed("HEAD", "packages") == listed("HEAD") == [outer]
    assert listed("HEAD~1", "packages/app") == [outer]  # there was no inner one yet
    for folder in ("packages/app", "packages/app/", "packages/app/.orchestrator"):
        assert listed(f"HEAD:{folder}") == [inner]
    assert listed("HEAD:", "packages/app") == listed("HEAD:.", "packages/app") == [outer]
    assert listed(":/outer", "packages/app") == [outer]
    assert listed("HEAD^{/inner}:packages/app") == [inner]
    shutil.rmtree(project.path / "packages")
    assert listed("HEAD:packages/app") == [inner]
    assert Path(project.path, "packages").exists() is False
    for folder in ("packages", "../..", "/", "README.md"):
        code = project.run("task", "list", "--at", f"HEAD:{folder}", check=False)
        assert (code.code, "Traceback" in code.err) == (1, False)
