"""``verify``: scopes, targets and exit codes; the rungs themselves are tested with the ladder."""

from __future__ import annotations

import pytest

from tests.cli.making import new_task, rungs, started
from tests.conftest import start_project
from tests.repos import Build, Repo


def two_tasks(project: Repo) -> None:
    """Two completed tasks, each with a session of its own: One has landed, Two is on disk only."""
    start_project(project)
    one = started(project, "One")
    project.commit("one", {"one.txt": "1\n"})
    project.run("task", "complete", one, "--results", "r")
    two = started(project, "Two")
    project.write("two.txt", "2\n")
    project.run("task", "complete", two, "--results", "r")


@pytest.fixture
def work(build: Build) -> Repo:
    """As `two_tasks` builds it."""
    return build(two_tasks)


def id_of(repo: Repo, title: str) -> str:
    return next(str(one["id"]) for one in repo.json("task", "list")["tasks"] if one["title"] == title)


def test_scope_of_a_task_a_session_and_all(work: Repo) -> None:
    one, two = id_of(work, "One"), id_of(work, "Two")
    sessions = {tuple(s["tasks"]): s["id"] for s in work.json("session", "list")["sessions"]}
    assert rungs(work.json("verify", "--task", one[:6])) == {"one.txt": "exact"}
    assert rungs(work.json("verify", "--task", two)) == {"two.txt": "worktree"}
    assert rungs(work.json("verify", "--session", sessions[one,])) == {"one.txt": "exact"}
    assert rungs(work.json("verify", "--all")) == {"one.txt": "exact", "two.txt": "worktree"}


def test_the_default_is_the_active_session(work: Repo) -> None:
    started(work, "Three")
    work.write("three.txt", "3\n")
    assert rungs(work.json("verify")) == {"three.txt": "worktree"}


def test_without_any_session_it_is_refused_with_a_hint(project: Repo) -> None:
    done = project.run("verify", "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "not_found")
    assert done.error["hint"]


def test_observations_not_folded_yet_are_included_and_nothing_is_written(project: Repo) -> None:
    from tests.cli.snapshots import snapshot

    task = started(project)
    project.write("a.txt", "a\n")
    before = snapshot(project, local=True)
    assert rungs(project.json("verify", "--task", task)) == {"a.txt": "worktree"}
    assert snapshot(project, local=True) == before


def test_no_claims_at_all_is_pending_and_0(project: Repo) -> None:
    task = new_task(project)
    for words in (["--task", task], ["--all"]):
        answer = project.json("verify", *words)
        assert (answer["status"], answer["files"], answer["on_disk"]) == ("pending", [], True)
    assert "no claims: nothing to verify" in project.run("verify", "--all").out


def test_shape_without_and_with_a_target(work: Repo) -> None:
    one = id_of(work, "One")
    answer = work.json("verify", "--task", one)
    assert (answer["target"], answer["commit"], answer["status"]) == (None, work.head, "verified")
    assert (answer["on_disk"], answer["summary"]) == (True, {"exact": 1})
    aimed = work.json("verify", "--task", one, "--target", "main")
    assert (aimed["target"], aimed["commit"]) == ("main", work.head)
    [file] = aimed["files"]
    assert file["recorded"] == work.git("rev-parse", "HEAD:one.txt")
    assert (file["at_path"], file["op"], file["from"], file["counts_as"]) == (
        "one.txt",
        "create",
        None,
        "landed",
    )


def test_recorded_is_null_for_a_delete(project: Repo) -> None:
    project.commit("file", {"gone.txt": "g\n"})
    task = started(project)
    project.remove("gone.txt")
    [file] = project.json("verify", "--task", task)["files"]
    assert (file["op"], file["recorded"]) == ("delete", None)


def test_exit_codes(work: Repo) -> None:
    one, two = id_of(work, "One"), id_of(work, "Two")

    def code(*words: str) -> int:
        return work.run("verify", *words, check=False).code

    assert code("--task", one) == 0
    assert code("--task", one, "--strict") == 0
    assert code("--task", two) == 0  # pending
    assert code("--task", two, "--strict") == 4
    assert code("--task", two, "--target", "HEAD") == 4  # absent there
    work.remove("two.txt")
    assert code("--task", two) == 4  # nowhere at all
    assert code("--all") == 4
    assert code("--task", one, "--target", "none") == 1
    assert code("--task", "t-00000000") == 1
    assert code("--session", "s-00000000") == 1
    assert code("--all", "--session", "s-1") == 2


def test_exit_4_prints_its_normal_object(work: Repo) -> None:
    done = work.run("verify", "--task", id_of(work, "Two"), "--target", "HEAD", "--json", check=False)
    assert (done.code, done.err, done.json["status"]) == (4, "", "failed")


def test_unclaimed_never_changes_the_exit(project: Repo) -> None:
    project.run("session", "start")
    project.write("a.txt", "a\n")
    answer = project.json("verify")
    assert answer["unclaimed"] == ["a.txt"]
    assert "in no claim: a.txt" in project.run("verify").out


def test_unfounded_makes_it_failed_but_never_with_a_target(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    project.run("track", "a.txt")
    project.remove("a.txt")
    done = project.run("verify", "--json", check=False)
    assert (done.code, done.json["status"], done.json["unfounded"]) == (4, "failed", ["a.txt"])
    assert "unfounded: a.txt" in project.run("verify", check=False).out
    aimed = project.json("verify", "--task", task, "--target", "HEAD")
    assert (aimed["status"], aimed["unfounded"]) == ("pending", [])


def test_an_unreadable_record_in_scope_is_4_and_at_best_partial(work: Repo) -> None:
    one = id_of(work, "One")
    session = next(s for s in work.json("session", "list")["sessions"] if s["tasks"] == [one])
    path = session["path"].removesuffix(".md") + ".claims.jsonl"
    work.write(path, work.read(path) + "{broken\n")
    for words in (["--task", one], ["--session", session["id"]], ["--all"]):
        done = work.run("verify", *words, "--json", check=False)
        assert done.code == 4
        assert done.json["status"] in ("partial", "pending")
        assert [(p["path"], p["line"]) for p in done.json["problems"]] == [(path, 2)]
    assert rungs(work.run("verify", "--task", one, "--json", check=False).json) == {"one.txt": "exact"}


def test_an_unreadable_record_out_of_scope_does_not_count(work: Repo) -> None:
    one, two = id_of(work, "One"), id_of(work, "Two")
    sessions = {tuple(s["tasks"]): s for s in work.json("session", "list")["sessions"]}
    path = sessions[two,]["path"].removesuffix(".md") + ".claims.jsonl"
    work.write(path, "{broken\n")
    assert work.json("verify", "--session", sessions[one,]["id"])["problems"] == []


def test_path_narrows_the_claims(project: Repo) -> None:
    task = started(project)
    project.write("src/a.py", "a\n")
    project.write("src2/b.py", "b\n")
    project.run("task", "complete", task, "--results", "r")
    assert set(rungs(project.json("verify", "--all", "--path", "src"))) == {"src/a.py"}
    assert set(rungs(project.json("verify", "--all", "--path", "src/"))) == {"src/a.py"}
    assert set(rungs(project.json("verify", "--all", "--path", "src/a.py"))) == {"src/a.py"}
    assert set(rungs(project.json("verify", "--all", "--path", "."))) == {"src/a.py", "src2/b.py"}


def test_in_a_fresh_clone_and_in_a_bare_one_a_target_can_be_verified(work: Repo) -> None:
    one = id_of(work, "One")
    work.commit("everything")
    clone = work.clone(work.path.parent / "clone")
    assert rungs(clone.json("verify", "--all")) == {"one.txt": "exact", "two.txt": "exact"}
    assert clone.json("verify", "--task", one, "--target", "origin/main")["status"] == "verified"


@pytest.mark.parametrize("squash", [True, False])
def test_a_squashed_branch_that_was_deleted_has_landed(project: Repo, squash: bool) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project)
    project.commit("one", {"a.txt": "a\n"})
    project.commit("two", {"b.txt": "b\n"})
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    project.git("switch", "--quiet", "main")
    if squash:
        project.git("merge", "--quiet", "--squash", "feature")
        project.git("commit", "--quiet", "-m", "squashed")
    else:
        project.git("merge", "--quiet", "--no-ff", "-m", "merged", "feature")
    project.git("branch", "--quiet", "-D", "feature")
    clone = project.clone(project.path.parent / "clone")
    answer = clone.json("verify", "--all", "--target", "HEAD", "--strict")
    assert (answer["status"], rungs(answer)) == ("verified", {"a.txt": "exact", "b.txt": "exact"})
