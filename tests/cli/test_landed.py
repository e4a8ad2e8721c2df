"""Completed is not landed: ``task list --landed`` and ``status`` tell the two apart."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.cli.making import completed, new_task, started
from tests.repos import Repo


def landed(repo: Repo, *options: str) -> dict[str, object]:
    """For each task its status, and what of it landed in words."""
    answer = repo.json("task", "list", "--landed", *options)
    return {
        one["title"]: one["landed"]
        and (one["landed"]["status"], one["landed"]["landed"], one["landed"]["files"])
        for one in answer["tasks"]
    }


def worked(repo: Repo, title: str, **files: str) -> str:
    """A task on a branch of its own, completed and committed there."""
    repo.git("switch", "-qc", title)
    task = started(repo, title)
    for path, content in files.items():
        repo.write(path, content)
    repo.run("task", "complete", task, "--results", "done")
    repo.commit(title)
    return task


def test_completed_on_a_branch_is_not_landed_until_it_is_merged(project: Repo) -> None:
    task = worked(project, "login", a="a\n", b="b\n")
    other = new_task(project, "later")
    project.commit("another task")
    assert landed(project) == {"login": ("failed", 0, 2), "later": None}
    shown = project.run("task", "list", "--landed").out.splitlines()
    main = project.git("rev-parse", "--short=10", "main").strip()
    assert [line.split()[:4] for line in shown[:1]] == [[task[:6], "completed", "landed", "0/2"]]
    assert shown[-1] == f"landed in main ({main})"
    answer = project.json("status")
    assert answer["landed_in"] == {"revision": "main", "commit": project.git("rev-parse", "main").strip()}
    assert [(one["id"], one["landed"]["landed"]) for one in answer["not_landed"]] == [(task, 0)]
    assert "completed, not landed in main" in project.run("status").out
    project.git("switch", "-q", "main")
    project.git("merge", "-q", "--squash", "login")
    project.git("commit", "-qm", "login (#1)")
    assert landed(project) == {"login": ("verified", 2, 2), "later": None}
    assert project.json("status")["not_landed"] == []
    assert "not landed" not in project.run("status").out
    assert other in project.run("task", "list", "--json").out


def test_a_remote_branch_counts_before_the_local_one(project: Repo) -> None:
    clone = project.clone(project.path.parent / "clone")
    task = completed(clone, "here")
    clone.write("a", "a\n")
    clone.run("task", "reopen", task)
    clone.run("task", "start", task)
    clone.write("a", "b\n")
    clone.run("task", "complete", task, "--results", "done")
    clone.commit("work")
    assert clone.json("status")["landed_in"]["revision"] == "origin/HEAD"
    assert [one["id"] for one in clone.json("status")["not_landed"]] == [task]
    clone.git("push", "-q", "origin", "main:other")
    assert landed(clone)["here"] == ("failed", 0, 1)
    clone.git("update-ref", "refs/remotes/origin/main", "HEAD")
    assert landed(clone)["here"] == ("verified", 1, 1)


def test_a_revert_takes_it_back(project: Repo) -> None:
    worked(project, "login", a="a\n")
    project.git("switch", "-q", "main")
    project.git("merge", "-q", "--no-edit", "login")
    project.git("rm", "-q", "a")
    project.git("commit", "-qm", "undo")
    assert landed(project)["login"] == ("failed", 0, 1)
    assert "landed 0/1, 1 reverted" in project.run("status").out
    assert landed(project, "--at", "HEAD^")["login"] == ("verified", 1, 1)


def test_without_a_commit_and_without_the_flag(repo: Repo) -> None:
    repo.run("init")
    new_task(repo, "one")
    assert landed(repo) == {"one": None}
    assert repo.json("task", "list", "--landed")["target"] == {"revision": None, "commit": None}
    answer = repo.json("task", "list")
    assert (answer["target"], answer["tasks"][0]["landed"]) == (None, None)
    task = started(repo, "done before the first commit")
    repo.write("a", "a\n")
    repo.run("task", "complete", task, "--results", "done")
    assert landed(repo)["done before the first commit"] == ("failed", 0, 1)
    assert [one["id"] for one in repo.json("status")["not_landed"]] == [task]


def kept(repo: Repo) -> int:
    """How many answers are kept."""
    return len(list((repo.path / ".git" / "taskorch" / "cache").glob("*.json")))


def test_what_a_commit_has_gained_is_read_once(project: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    worked(project, "login", a="a\n")
    project.git("switch", "-q", "main")
    project.git("merge", "-q", "--no-edit", "login")
    first = project.run("status").out
    assert kept(project) == 1
    log = project.path.parent / "trace"
    monkeypatch.setenv("GIT_TRACE", str(log))
    assert project.run("status").out == first
    assert landed(project)["login"] == ("verified", 1, 1)
    assert kept(project) == 1
    assert not any(word in log.read_text() for word in ("git log", "rev-list", "diff-tree", "merge-base"))


@pytest.mark.parametrize("change", ["target", "claims", "replaced", "grafted", "damaged"])
def test_an_answer_is_made_anew_when_what_it_depends_on_changed(project: Repo, change: str) -> None:
    task = worked(project, "login", a="a\n")
    project.git("switch", "-q", "main")
    project.git("merge", "-q", "--squash", "login")
    tip = project.commit("login (#1)")
    assert landed(project)["login"] == ("verified", 1, 1)
    if change == "target":
        project.git("revert", "-n", "HEAD")
        project.git("checkout", "-q", "HEAD", "--", ".orchestrator")
        project.commit("undone")
    if change == "claims":
        project.write("b", "b\n")
        project.run("track", "b", "--task", task)
        project.run("session", "end", "--handoff", "more")
    if change == "replaced":
        other = project.git("commit-tree", "HEAD^{tree}", "-m", "squashed").strip()
        project.git("replace", tip, other)
    if change == "grafted":
        (project.path / ".git" / "info").mkdir(exist_ok=True)
        (project.path / ".git" / "info" / "grafts").write_text(tip + "\n")
    if change == "damaged":
        (answer,) = (project.path / ".git" / "taskorch" / "cache").glob("*.json")
        answer.write_bytes(answer.read_bytes().replace(b"verified", b"unknown!"))
    found = landed(project)["login"]
    shutil.rmtree(project.path / ".git" / "taskorch" / "cache")
    assert found == landed(project)["login"]
    assert (found == ("verified", 1, 1)) == (change == "damaged")


def test_an_answer_under_another_history_is_not_that_of_this_one(
    project: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A graft that only the environment names holds while it is named."""
    worked(project, "login", a="a\n")
    project.git("switch", "-q", "main")
    project.git("merge", "-q", "--squash", "login")
    tip = project.commit("login (#1)")
    grafts = project.path.parent / "grafts"
    grafts.write_text(f"{tip}\n")
    monkeypatch.setenv("GIT_GRAFT_FILE", str(grafts))
    assert landed(project)["login"] != ("verified", 1, 1)
    monkeypatch.delenv("GIT_GRAFT_FILE")
    assert landed(project)["login"] == ("verified", 1, 1)


def test_claims_of_others_that_went_on_from_it_count(project: Repo) -> None:
    """The target has only what another task made of it: its claims are not among those asked about."""
    worked(project, "login", a="one\n")
    records = project.git("rev-parse", "HEAD").strip()
    started(project, "more")
    project.write("a", "two\n")
    project.run("session", "end", "--handoff", "go on")
    project.commit("more")
    project.git("switch", "-q", "main")
    project.git("checkout", "-q", records, "--", ".orchestrator")
    project.git("checkout", "-q", "login", "--", "a")
    project.commit("login (#1)")
    assert landed(project, "--status", "completed")["login"] != ("verified", 1, 1)
    project.git("checkout", "-q", "login", "--", ".orchestrator")
    assert landed(project, "--status", "completed")["login"] == ("verified", 1, 1)


def test_what_was_not_found_is_looked_for_again_when_objects_come(project: Repo) -> None:
    """The claim says which commit it began from, and this clone has not that commit."""
    project.git("switch", "-qc", "base")
    project.commit("a base of their own", {"x": "x\n"})
    worked(project, "login", a="a\n")
    project.git("switch", "-q", "main")
    project.git("checkout", "-q", "login", "--", ".orchestrator", "a")
    (claims,) = project.path.glob(".orchestrator/sessions/*/*.jsonl")
    began = {"onto": project.git("rev-parse", "base").strip()}
    lines = [json.dumps(json.loads(line) | began) + "\n" for line in claims.read_text().splitlines()]
    project.commit("login (#1)", {str(claims): "".join(lines)})
    clone = project.clone(project.path.parent / "clone", "--single-branch", "--branch=main", "--no-local")
    clone.run("task", "new", "so that there is a folder of ours")
    assert landed(clone)["login"] == ("partial", 0, 1)
    assert kept(clone) == 1
    clone.git("fetch", "-q", "origin", "login")
    assert landed(clone)["login"] == landed(project)["login"] == ("verified", 1, 1)
