"""``review``: what a range did, and exit 4 exactly when something should stop a merge."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.making import new_decision, new_task, started, task_file
from tests.conftest import start_project
from tests.repos import Build, Repo, Result


def review(repo: Repo, *words: str) -> dict[str, Any]:
    return repo.run("review", *words, "--json", check=False).json


def with_branch(project: Repo) -> None:
    """A branch on which a task was completed, one begun, and a decision taken; main has gone on."""
    start_project(project)
    waiting = new_task(project, "Waiting")
    project.commit("plan")
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project, "Done", "--accept", "works")
    project.commit("work", {"a.txt": "a\n"})
    project.run("task", "check", task, "--all")
    project.run("task", "complete", task, "--results", "It works\nand more")
    project.run("task", "start", waiting)
    new_decision(project, "Decided", "--status", "accepted", "--risk", "slow")
    project.write("b.txt", "not claimed by anybody\n")
    project.run("task", "release", waiting)
    project.write("c.txt", "later\n")
    project.run("commit")
    project.git("add", "b.txt", "c.txt")
    project.git("commit", "--quiet", "-m", "b and c")


@pytest.fixture
def branch(build: Build) -> Repo:
    """As `with_branch` builds it."""
    return build(with_branch)


def test_default_is_from_where_the_branch_left_the_default_branch(branch: Repo) -> None:
    fork = branch.git("rev-parse", "main")
    branch.git("switch", "--quiet", "main")
    branch.commit("main goes on", {"other.txt": "o\n"})
    branch.git("switch", "--quiet", "feature")
    answer = review(branch)
    assert (answer["base"], answer["head"], answer["commits"]) == (fork, branch.head, 3)
    assert "other.txt" not in answer["unclaimed"]


def test_tasks_moved_decisions_added_claims_and_unclaimed(branch: Repo) -> None:
    answer = review(branch)
    moved = {one["title"]: (one["from"], one["to"]) for one in answer["tasks"]}
    assert moved == {"Done": (None, "completed")}
    [done] = answer["tasks"]
    assert (done["criteria_done"], done["criteria_total"], done["results"]) == (1, 1, "It works\nand more")
    [decision] = answer["decisions"]
    assert (decision["title"], decision["from"], decision["status"]) == ("Decided", None, "accepted")
    told = [decision[key] for key in ("decision", "rationale", "risks")]
    assert told == ["argon2id", "memory-hard", ["slow"]]
    assert {(one["path"], one["rung"], one["title"]) for one in answer["claims"]} == {
        ("a.txt", "exact", "Done"),
        ("b.txt", "exact", "Waiting"),
    }
    assert answer["unclaimed"] == ["c.txt"]
    assert answer["problems"] == []


def test_unclaimed_changes_do_not_change_the_exit(branch: Repo) -> None:
    done = branch.run("review")
    assert done.code == 0
    assert "No problems." in done.out
    assert "`c.txt`" in done.out


def test_markdown_names_tasks_decisions_and_claims(branch: Repo) -> None:
    out = branch.run("review").out
    assert out.startswith(f"# Review of {branch.git('rev-parse', 'main')[:10]}..{branch.head[:10]}\n")
    for part in ("Done: new -> completed, 1/1 criteria", "It works", "Decided: accepted", "memory-hard"):
        assert part in out, part
    assert "**exact** create `a.txt`" in out


def test_a_given_range_and_its_short_forms(branch: Repo) -> None:
    first = branch.git("rev-parse", "HEAD~2")
    assert review(branch, f"main..{first}")["head"] == first
    for words in ("main..HEAD", "main..", "main"):
        answer = review(branch, words)
        assert (answer["base"], answer["head"]) == (branch.git("rev-parse", "main"), branch.head), words


def test_a_range_begins_where_its_end_left_its_start(branch: Repo) -> None:
    fork = branch.git("rev-parse", "main")
    branch.git("switch", "--quiet", "main")
    colleague = new_task(branch, "A colleague's")
    branch.commit("main goes on", {"other.txt": "o\n"})
    for words in ("main..feature", f"{branch.head}..feature"):
        answer = review(branch, words)
        assert (answer["base"], answer["commits"], answer["unclaimed"]) == (fork, 3, ["c.txt"]), words
        assert colleague not in [one["id"] for one in answer["tasks"]], words
    branch.git("switch", "--quiet", "feature")
    assert review(branch, "main")["base"] == fork


def test_a_start_without_common_history_is_compared_with_itself(branch: Repo) -> None:
    branch.git("checkout", "--quiet", "--orphan", "alone")
    branch.commit("alone", {"alone.txt": "a\n"})
    assert review(branch, "alone..feature")["base"] == branch.head


def test_an_earlier_claim_on_a_path_does_not_cover_a_later_change(project: Repo) -> None:
    task = started(project)
    project.commit("work", {"a.txt": "a\n"})
    project.run("task", "complete", task, "--results", "r")
    project.commit("records")
    project.git("switch", "--quiet", "-c", "feature")
    project.commit("no task", {"a.txt": "evil\n"})
    assert review(project)["unclaimed"] == ["a.txt"]


def test_content_that_was_claimed_a_commit_earlier_is_claimed(project: Repo) -> None:
    """Records first, then the code: the code's commit alone brings just what they say."""
    project.commit("files", {"a.txt": "a\n", "old.txt": "1\n2\n3\n"})
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project)
    project.write("a.txt", "a2\n")
    (project.path / "old.txt").rename(project.path / "new.txt")
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    project.commit("the code", {"b.txt": "nobody's\n"})
    answer = review(project, "HEAD~1..HEAD")
    assert (answer["claims"], answer["unclaimed"]) == ([], ["b.txt"])


def test_where_claimed_content_was_moved_to_is_claimed(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project)
    project.commit("work", {"a.txt": "a\n"})
    project.run("task", "complete", task, "--results", "r")
    project.git("mv", "a.txt", "b.txt")
    project.commit("moved by hand", {"c.txt": "c\n"})
    answer = review(project)
    assert [(one["rung"], one["at_path"]) for one in answer["claims"]] == [("moved", "b.txt")]
    assert answer["unclaimed"] == ["c.txt"]


def test_claims_are_verified_against_the_end_of_the_range_alone(branch: Repo) -> None:
    branch.write("a.txt", "changed on disk only\n")
    assert {one["rung"] for one in review(branch)["claims"]} == {"exact"}


@pytest.mark.parametrize("words", ["HEAD..HEAD", "HEAD", "HEAD.."])
def test_an_empty_range_is_0_and_said_so(project: Repo, words: str) -> None:
    project.write(".orchestrator/tasks/t-00000001-bad.md", "broken\n")
    project.commit("broken")
    done = project.run("review", words)
    assert done.code == 0
    assert "The range is empty: nothing to review." in done.out
    assert review(project, words)["problems"] == []


def problems(done: Result) -> list[str]:
    assert done.code == 4
    assert done.err == ""
    return [one["message"] for one in done.json["problems"]]


def test_a_failed_claim_of_a_completed_task_is_4(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project)
    project.write("a.txt", "never committed\n")
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    [message] = problems(project.run("review", "--json", check=False))
    assert message.startswith(f"absent: claimed by completed {task} Add login")
    assert "## Problems" in project.run("review", check=False).out


def test_a_failed_claim_of_an_open_task_is_0(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project)
    project.write("a.txt", "never committed\n")
    project.run("task", "release", task)
    project.run("commit")
    answer = review(project)
    assert [one["rung"] for one in answer["claims"]] == ["absent"]
    assert answer["problems"] == []


def test_a_reverted_claim_of_a_completed_task_is_4(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project)
    project.commit("work", {"a.txt": "a\n"})
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    project.commit("undo", {"a.txt": None})
    [message] = problems(project.run("review", "--json", check=False))
    assert message.startswith("reverted: ")


def test_an_unreadable_record_is_4_with_its_place(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    task = new_task(project)
    path = task_file(project, task)
    path.write_text(path.read_text().replace("status: pending", "status: odd"))
    project.commit("by hand")
    done = project.run("review", "--json", check=False)
    assert done.code == 4
    [problem] = done.json["problems"]
    assert (problem["path"], problem["line"], problem["column"]) == (
        path.relative_to(project.path).as_posix(),
        5,
        9,
    )


def test_a_dangling_link_is_4(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    first = new_task(project, "First")
    new_task(project, "Second", "--depends-on", first)
    task_file(project, first).unlink()
    project.commit("by hand")
    assert problems(project.run("review", "--json", check=False)) == [
        f"'depends_on' names {first}, which is not here"
    ]


def test_a_ring_is_4(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    one, two = new_task(project, "One"), new_task(project, "Two")
    for task, other in ((one, two), (two, one)):
        path = task_file(project, task)
        path.write_text(path.read_text().replace("depends_on:\n", f"depends_on:\n  - {other}\n"))
    project.commit("by hand")
    [message] = problems(project.run("review", "--json", check=False))
    assert message.startswith("'depends_on' leads in a ring")


def test_a_status_that_does_not_fit_a_link_is_for_doctor_only(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    old, new = new_decision(project, "Old"), new_decision(project, "New")
    path = project.path / project.json("decision", "show", new)["path"]
    path.write_text(path.read_text().replace("supersedes:\n", f"supersedes:\n  - {old}\n"))
    project.commit("by hand")
    assert project.run("review").code == 0
    assert project.run("doctor", check=False).code == 4


def test_what_replaced_a_decision_is_named_and_its_reasons_are_not(project: Repo) -> None:
    old, back = (new_decision(project, name, "--status", "accepted") for name in ("Old", "Back"))
    project.commit("old ones")
    both = []
    for name in ("one", "two"):
        project.git("switch", "--quiet", "-c", name, "main")
        both.append(new_decision(project, name, "--supersedes", old, "--status", "accepted"))
        project.commit(name)
    third = new_decision(project, "Third", "--reverses", back)
    fourth = new_decision(project, "Fourth", "--refines", third, "--clarifies", both[1])
    project.commit("reverse it")
    project.git("merge", "--quiet", "--no-edit", "one")
    rows = {one["id"]: one for one in review(project)["decisions"]}
    assert sorted(rows[old]["instead"]) == sorted(both)
    out = project.run("review").out
    by = ", ".join(rows[old]["superseded_by"])
    said = f"- {old} Old: accepted -> superseded, by {by} (more than one stands)\n"
    assert out.partition(said)[2][:1] in ("-", "\n")  # no reasons below it, whichever comes next
    assert f"- {third} Third: proposed, takes back {back}\n" in out
    assert f"- {fourth} Fourth: proposed, refines {third}, clarifies {both[1]}\n" in out
    project.run("decision", "supersede", both[0], "--by", both[1], "--commit")
    assert "more than one" not in project.run("review").out


def test_a_decision_that_was_accepted_again_is_told(project: Repo) -> None:
    one = new_decision(project, "One", "--status", "accepted", "--file", "a.txt")
    project.commit("one")
    project.git("switch", "--quiet", "-c", "feature")
    project.run("decision", "accept", one, "--again", "--commit")
    [row] = review(project)["decisions"]
    assert (row["id"], row["from"], row["status"], row["again"]) == (one, "accepted", "accepted", True)
    assert f"- {one} One: accepted again\n" in project.run("review").out


def test_a_removed_record_is_told_and_a_deleted_one_differently(project: Repo) -> None:
    removed, deleted = new_task(project, "Removed"), new_task(project, "Deleted")
    project.commit("plan")
    project.git("switch", "--quiet", "-c", "feature")
    task_file(project, removed).unlink()
    project.run("task", "delete", deleted)
    project.commit("away")
    moved = {one["id"]: (one["from"], one["to"]) for one in review(project)["tasks"]}
    assert moved == {removed: ("pending", None), deleted: ("pending", "deleted")}


def test_a_decision_whose_record_is_gone_is_told(project: Repo) -> None:
    removed, broken = new_decision(project, "Removed"), new_decision(project, "Broken")
    paths = [project.path / project.json("decision", "show", one)["path"] for one in (removed, broken)]
    project.commit("plan")
    project.git("switch", "--quiet", "-c", "feature")
    paths[0].unlink()
    paths[1].write_text("not a record\n")
    project.commit("away")
    rows = {one["id"]: (one["status"], one["rationale"]) for one in review(project)["decisions"]}
    assert rows == {
        removed: (None, "its record was removed"),
        broken: (None, "its record cannot be read any more"),
    }
    assert "Removed: proposed -> removed" in project.run("review", check=False).out


def test_a_session_s_hand_off_is_shown(branch: Repo) -> None:
    assert "## Hand-offs" not in branch.run("review").out
    branch.run("session", "start", "--purpose", "p")
    branch.run("session", "end", "--handoff", "The wording is open:\n\n- ask Ann", "--summary", "so far")
    branch.run("commit")
    last = review(branch)["sessions"][-1]
    assert (last["agent"], last["summary"]) == ("Ann Example", "so far")
    out = branch.run("review").out
    assert f"- {last['id']} of Ann Example: The wording is open: - ask Ann\n" in out
    assert last["id"] not in [one["id"] for one in review(branch, "HEAD~1")["sessions"][:-1]]
    assert len(review(branch, "HEAD~1")["sessions"]) == 1


def test_a_forced_completion_is_shown(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project, "T", "--accept", "one")
    project.run("task", "complete", task, "--results", "r", "--force", "no time")
    project.run("commit")
    assert review(project)["tasks"][0]["forced"] == "no time"
    assert "**by force**: no time" in project.run("review").out


def test_path_narrows_the_claims_and_what_is_in_none(branch: Repo) -> None:
    found = {path: review(branch, "--path", path) for path in ("a.txt", "c.txt")}
    shown = {path: [one["path"] for one in answer["claims"]] for path, answer in found.items()}
    assert shown == {"a.txt": ["a.txt"], "c.txt": []}
    assert {path: one["unclaimed"] for path, one in found.items()} == {"a.txt": [], "c.txt": ["c.txt"]}


@pytest.mark.parametrize("words", ["none..HEAD", "none", "HEAD..none", "--output=x..HEAD"])
def test_an_unknown_revision_is_refused(project: Repo, words: str) -> None:
    done = project.run("review", "--json", "--", words, check=False)
    assert done.code == 1
    assert done.error["hint"]


def test_three_dots_are_2(project: Repo) -> None:
    assert project.run("review", "HEAD...HEAD", "--json", check=False).error["kind"] == "usage"


def test_without_any_commit_it_is_refused(repo: Repo) -> None:
    repo.run("init")
    done = repo.run("review", "--json", check=False)
    assert done.code == 1
    assert done.error["hint"]


def test_text_of_strangers_cannot_add_to_the_review(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "feature")
    new_task(project, "x](http://evil) <img> **bold** `code`")
    project.commit("plan")
    out = project.run("review").out
    assert r"x\](http://evil) \<img\> \*\*bold\*\* \`code\`" in out


def test_it_is_the_same_in_a_fresh_clone(branch: Repo) -> None:
    clone = branch.clone(branch.path.parent / "clone")
    assert clone.run("review", "origin/main..HEAD").out == branch.run("review", "main..feature").out


def test_a_range_that_ends_in_a_newer_format_is_refused(project: Repo) -> None:
    project.git("switch", "--quiet", "-c", "future")
    project.commit("format 2", {".orchestrator/config.yaml": "format: 2\n"})
    project.git("switch", "--quiet", "main")
    done = project.run("review", "main..future", "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "newer_format")


def test_a_shallow_checkout_is_told_what_it_lacks(project: Repo) -> None:
    """As a CI job has it that fetches one commit of the pull request, with HEAD detached."""
    project.git("switch", "-qc", "topic")
    task = started(project)
    project.write("a", "a\n")
    project.run("task", "complete", task, "--results", "done")
    project.commit("work")
    project.git("switch", "-q", "main")
    shallow = project.clone(project.path.parent / "ci", "--depth", "1", "--branch", "topic", "--no-local")
    shallow.git("switch", "-q", "--detach")
    shallow.git("branch", "-qD", "topic")
    done = shallow.run("review", check=False)
    assert (done.code, done.out) == (1, "")
    assert "this clone is shallow: where the branch began is not here" in done.err
    assert "git fetch --unshallow (in CI: a checkout with fetch-depth 0)" in done.err
    assert "this clone is shallow" in shallow.run("review", "origin/nothing..HEAD", check=False).err
    checked = shallow.run("verify", "--all", "--target", "HEAD", check=False)
    assert "note: this clone is shallow: git fetch --unshallow" in checked.out
    marked = shallow.run("verify", "--all", "--target", "HEAD", "--format", "github", check=False)
    assert "this clone is shallow" in marked.out.splitlines()[-1]
    shallow.git("fetch", "-q", "--unshallow")
    shallow.git("fetch", "-q", "origin", "main:refs/remotes/origin/main")
    assert shallow.run("review").code == 0
    assert "note" not in shallow.run("verify", "--all", "--target", "HEAD").out
