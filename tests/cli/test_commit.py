"""``commit``: the records that changed and nothing else, the index of all else untouched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.making import new_task, started, task_file
from tests.cli.snapshots import Snapshot, snapshot
from tests.repos import Repo


def committed(repo: Repo, revision: str = "HEAD") -> set[str]:
    return set(repo.git("show", "--name-only", "--format=", revision).split("\n"))


def test_new_and_changed_records_are_committed(project: Repo) -> None:
    old = new_task(project, "Old")
    project.commit("plan")
    project.run("task", "edit", old, "--priority", "high")
    new = new_task(project, "New")
    done = project.json("commit")
    assert done["commit"] == project.head
    paths = {task_file(project, task).relative_to(project.path).as_posix() for task in (old, new)}
    assert set(done["paths"]) == committed(project) == paths
    assert project.git("status", "--porcelain") == ""


def test_message_is_a_summary_or_as_given(project: Repo) -> None:
    new_task(project)
    started(project, "Other")
    assert project.json("commit")["message"] == "taskorch: 2 tasks, 1 session"
    assert project.git("log", "-1", "--format=%s") == "taskorch: 2 tasks, 1 session"
    new_task(project, "Third")
    project.run("commit", "-m", "Plan the third\n\nIn detail")
    assert project.git("log", "-1", "--format=%B").strip() == "Plan the third\n\nIn detail"


def test_with_nothing_changed_it_says_so(project: Repo) -> None:
    before = snapshot(project, local=True)
    assert project.json("commit") == {
        "schema": "taskorch.commit/1", "commit": None, "paths": [], "removed": [], "message": None,
    }  # fmt: skip
    assert "nothing to commit" in project.run("commit").out
    assert snapshot(project, local=True) == before


def test_what_else_is_staged_stays_staged_and_out_of_the_commit(project: Repo) -> None:
    project.commit("files", {"mod.txt": "m\n", "del.txt": "d\n"})
    project.write("mod.txt", "staged\n")
    project.write("new.txt", "n\n")
    project.git("rm", "--quiet", "del.txt")
    project.git("add", "mod.txt", "new.txt")
    project.write("mod.txt", "staged, then edited\n")
    project.write("untracked.txt", "u\n")
    before = project.git("diff", "--cached"), project.git("diff"), project.git("status", "--porcelain")
    new_task(project)
    project.run("commit")
    assert all(path.startswith(".orchestrator/") for path in committed(project))
    assert (
        project.git("diff", "--cached"),
        project.git("diff"),
        project.git("status", "--porcelain"),
    ) == before


def test_observations_become_claims(project: Repo) -> None:
    task = started(project)
    project.commit("work", {"a.txt": "a\n"})
    project.run("commit")
    claims = project.json("session", "show")["claims"]
    assert [(one["task"], one["path"]) for one in claims] == [(task, "a.txt")]
    assert any(path.endswith(".claims.jsonl") for path in committed(project))


def test_removed_records_are_committed_as_removed(project: Repo) -> None:
    path = task_file(project, new_task(project))
    project.commit("plan")
    path.unlink()
    kept = task_file(project, new_task(project, "Kept")).relative_to(project.path).as_posix()
    gone = path.relative_to(project.path).as_posix()
    done = project.run("commit")
    assert [line for line in done.out.splitlines() if line.startswith("  ")] == (
        sorted([f"  {gone}  removed", f"  {kept}"])
    )
    assert project.git("status", "--porcelain") == ""
    project.path.joinpath(kept).unlink()
    done_json = project.json("commit")
    assert (done_json["paths"], done_json["removed"]) == ([kept], [kept])


@pytest.mark.parametrize("text", ["<<<<<<< ours\n", "garbage", "---\nid: t-00000000\n"])
def test_a_record_that_cannot_be_read_is_not_committed(project: Repo, text: str) -> None:
    good, bad = (task_file(project, new_task(project, title)) for title in ("Good", "Bad"))
    project.commit("plan")
    good.write_text(good.read_text().replace("medium", "high"))
    bad.write_text(text)
    before = snapshot(project, local=True)
    done = project.run("commit", "--json", check=False)
    assert done.code == 1
    assert f"{bad.relative_to(project.path)} cannot be read" in done.error["message"]
    assert done.error["reasons"][0].startswith(f"{bad.relative_to(project.path)}:1:1: ")
    assert "taskorch doctor" in done.error["hint"]
    assert snapshot(project, local=True) == before
    project.git("checkout", "--", str(bad))
    project.run("commit")
    bad.write_text(text)
    project.commit("a broken one that is committed already does not stop the others")
    new_task(project, "Third")
    project.run("commit")


def merging(repo: Repo) -> None:
    repo.git("switch", "--quiet", "-c", "side", "HEAD~1")
    repo.git("commit", "--quiet", "--allow-empty", "-m", "side")
    repo.git("merge", "--quiet", "--no-commit", "--no-ff", "main")


def rebasing(repo: Repo) -> None:
    repo.git("switch", "--quiet", "-c", "side", "HEAD~1")
    repo.commit("side", {"a.txt": "side\n"})
    repo.git("rebase", "--quiet", "main", check=False)


def picking(repo: Repo) -> None:
    repo.git("switch", "--quiet", "-c", "side", "HEAD~1")
    repo.commit("side", {"a.txt": "side\n"})
    repo.git("cherry-pick", "main", check=False)


def reverting(repo: Repo) -> None:
    repo.commit("over it", {"a.txt": "over\n"})
    repo.git("revert", "--no-edit", "HEAD~1", check=False)


def bisecting(repo: Repo) -> None:
    repo.git("bisect", "start")


def applying(repo: Repo) -> None:
    patch = repo.git("format-patch", "--stdout", "-1", "HEAD")
    repo.git("am", "--quiet", stdin=patch + "\n", check=False)


BUSY: list[tuple[Callable[[Repo], None], str]] = [
    (merging, "a merge"),
    (rebasing, "a rebase"),
    (picking, "a cherry-pick"),
    (reverting, "a revert"),
    (bisecting, "a bisect"),
    (applying, "a rebase or git am"),
]


@pytest.mark.parametrize(("begin", "words"), BUSY, ids=lambda one: getattr(one, "__name__", ""))
def test_in_the_middle_of_something_it_is_refused(
    project: Repo, begin: Callable[[Repo], None], words: str
) -> None:
    project.commit("one", {"a.txt": "one\n"})
    project.commit("two", {"a.txt": "two\n"})
    begin(project)
    new_task(project)
    before = snapshot(project, local=True)
    done = project.run("commit", "--json", check=False)
    assert done.code == 1
    assert f"git is in the middle of {words}" in done.error["message"]
    assert "git status" in done.error["hint"]
    assert snapshot(project, local=True) == before


def test_records_are_written_in_the_middle_of_a_merge_all_the_same(project: Repo) -> None:
    project.commit("one", {"a.txt": "one\n"})
    merging(project)
    assert new_task(project)


def test_a_partly_staged_record_is_refused(project: Repo) -> None:
    task = new_task(project)
    path = task_file(project, task)
    project.commit("plan")
    project.run("task", "edit", task, "--priority", "high")
    project.git("add", str(path))
    project.run("task", "edit", task, "--priority", "low")
    before = snapshot(project, local=True)
    done = project.run("commit", "--json", check=False)
    assert done.code == 1
    assert "staged in part" in done.error["message"]
    assert "git add" in done.error["hint"]
    assert snapshot(project, local=True) == before
    project.git("add", str(path))
    project.run("commit")


def test_an_unmerged_record_is_refused(project: Repo) -> None:
    task = new_task(project)
    project.commit("plan")
    project.git("switch", "--quiet", "-c", "side")
    project.run("task", "edit", task, "--priority", "high")
    project.commit("high")
    project.git("switch", "--quiet", "main")
    project.run("task", "edit", task, "--priority", "low")
    project.commit("low")
    project.git("merge", "side", check=False)
    (project.path / ".git" / "MERGE_HEAD").unlink()  # as after git merge --quit, or a stash that conflicts
    before = snapshot(project, local=True)
    done = project.run("commit", "--json", check=False)
    assert done.code == 1
    assert "has conflicts that are not resolved" in done.error["message"]
    assert done.error["hint"]
    assert snapshot(project, local=True) == before


def hook(repo: Repo, name: str, script: str) -> None:
    file = repo.write(f".git/hooks/{name}", f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def no_objects(repo: Repo) -> Snapshot:
    """The repository without what a commit that was refused may leave: objects, and its message."""
    left = ("objects", "COMMIT_EDITMSG")
    whole = snapshot(repo)
    return {
        path: file for path, file in whole.items() if not path.startswith(tuple(f".git/{x}" for x in left))
    }


@pytest.mark.parametrize("words", ["", "no records on Fridays"])
def test_hooks_run_and_a_failing_one_leaves_all_as_it_was(project: Repo, words: str) -> None:
    new_task(project)
    project.write("staged.txt", "s\n")
    project.git("add", "staged.txt")
    hook(project, "pre-commit", f"echo '{words}' >&2; git add .; exit 1")
    before = no_objects(project)
    time = (project.path / ".git/index").stat().st_mtime_ns
    done = project.run("commit", "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "git")
    assert (words or "exit code 1") in done.error["message"]
    assert "pre-commit" in done.error["hint"] and "commit-msg" not in done.error["hint"]
    assert no_objects(project) == before
    # git trusts what it knows of files only if they are older than the index
    assert (project.path / ".git/index").stat().st_mtime_ns == time


def test_hooks_can_change_the_message(project: Repo) -> None:
    new_task(project)
    hook(project, "commit-msg", 'echo "Signed-off-by: Ann" >> "$1"')
    project.run("commit", "-m", "plan")
    assert "Signed-off-by: Ann" in project.git("log", "-1", "--format=%B")


def test_on_an_unborn_branch_the_first_commit_is_made(repo: Repo) -> None:
    repo.run("init")
    new_task(repo)
    repo.write("mine.txt", "not a record\n")
    repo.run("commit")
    assert repo.git("rev-list", "--count", "HEAD") == "1"
    assert repo.git("status", "--porcelain") == "?? mine.txt"


def test_from_a_subfolder(project: Repo) -> None:
    task = new_task(project)
    (project.path / "src").mkdir()
    project.run("commit", cwd="src")
    assert committed(project) == {task_file(project, task).relative_to(project.path).as_posix()}


def test_nothing_is_committed_by_other_commands(project: Repo) -> None:
    head = project.head
    task = started(project)
    project.write("a.txt", "a\n")
    project.run("task", "complete", task, "--results", "r")
    assert project.head == head
    assert project.git("diff", "--cached", "--name-only") == ""


def test_conflicts_elsewhere_refuse_it_too(project: Repo) -> None:
    new_task(project)
    blob = project.git("hash-object", "-w", "README.md")
    rows = "".join(f"100644 {blob} {stage}\tREADME.md\n" for stage in (1, 2, 3))
    project.git("update-index", "--index-info", stdin=rows)
    before = snapshot(project, local=True)
    done = project.run("commit", "--json", check=False)
    assert done.code == 1 and "README.md has conflicts" in done.error["message"]
    assert snapshot(project, local=True) == before


def test_a_record_that_is_staged_as_deleted_and_there_is_refused(project: Repo) -> None:
    path = task_file(project, new_task(project))
    project.commit("plan")
    project.git("rm", "--quiet", "--cached", str(path))
    before = snapshot(project, local=True)
    done = project.run("commit", "--json", check=False)
    assert done.code == 1 and "staged in part" in done.error["message"]
    assert snapshot(project, local=True) == before


def test_without_a_committer_nothing_is_written(
    project: Repo, sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(project)
    project.commit("work", {"a.txt": "a\n"})
    (sealed / "gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    for name in ("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ann")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ann@example.org")
    before = snapshot(project, local=True)
    done = project.run("commit", "--json", check=False)
    assert done.code == 1 and "git does not know who you are" in done.error["message"]
    assert snapshot(project, local=True) == before
