"""Completed is not landed: ``task list --landed`` and ``status`` tell the two apart."""

from __future__ import annotations

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
