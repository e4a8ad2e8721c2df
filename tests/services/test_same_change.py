"""``patch`` and ``lines``: a change that landed in a file which others changed as well."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest

from tests.cli.making import new_task, started
from tests.repos import Build, Repo

TEXT = [f"line {number}" for number in range(40)]
Row = dict[str, Any]


def text(**changed: str) -> str:
    """Forty lines, some of them changed: ``l3="x"`` makes the fourth one x."""
    lines = [changed.get(f"l{number}", line) for number, line in enumerate(TEXT)]
    return "\n".join(lines) + "\n"


def squash(repo: Repo, branch: str = "topic") -> None:
    repo.git("merge", "-q", "--squash", branch)
    repo.git("commit", "-qm", f"{branch} (#1)")


def rebase(repo: Repo) -> None:
    """The branch upon main, and main forward to it."""
    repo.git("switch", "-q", "topic")
    repo.git("rebase", "-q", "main")
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--ff-only", "topic")


def with_store(repo: Repo, files: dict[str, str | bytes | None]) -> None:
    """Files and a store on main, tagged ``onto``, and the branch ``topic`` checked out."""
    repo.commit("start", files)
    repo.run("init")
    repo.commit("a store")
    repo.git("tag", "onto")
    repo.git("switch", "-qc", "topic")


def with_topic(repo: Repo) -> None:
    """A store on main, forty lines in ``a``, and the branch ``topic`` checked out."""
    with_store(repo, {"a": text(), "b": "b\n"})


@pytest.fixture
def topic(build: Build) -> Repo:
    return build(with_topic)


def claimed(repo: Repo) -> str:
    """A task with claims of all that the branch has done, recorded on main."""
    repo.git("switch", "-q", "main")
    task = new_task(repo)
    repo.run("track", "--range", "onto..topic", "--task", task)
    repo.commit("records")
    return task


def row(repo: Repo, task: str, target: str = "main") -> Row:
    """The one verdict: the same here as in a clone that has nothing but main."""
    [found] = repo.run("verify", "--task", task, "--target", target, "--json", check=False).json["files"]
    return dict(found)


def rung(repo: Repo, task: str) -> str:
    """The rung on main, where the branch and its objects are and where they never were."""
    here = row(repo, task)
    there = repo.path.parent / "clone"
    shutil.rmtree(there, ignore_errors=True)
    repo.git("clone", "-q", "--single-branch", f"file://{repo.path}", str(there))
    assert row(Repo(there), task, "origin/main") == here
    return str(here["rung"])


def mine_and_theirs(repo: Repo, mine: str, theirs: str) -> str:
    """The branch makes `mine` of the file, main meanwhile `theirs`; squashed.  The task."""
    repo.commit("mine", {"a": mine})
    task = claimed(repo)
    repo.commit("theirs", {"a": theirs})
    squash(repo)
    return task


def test_a_squash_upon_the_work_of_others_is_the_same_change(topic: Repo) -> None:
    task = mine_and_theirs(topic, text(l3="mine"), text(l30="theirs"))
    assert topic.git("rev-parse", "main:a") != topic.git("rev-parse", "topic:a")
    assert "mine" in topic.git("show", "main:a")
    assert rung(topic, task) == "patch"
    [found] = topic.json("recover", task)["recovery_package"]["files_modified"]
    assert found["commits"] == [topic.git("rev-list", "-1", "main", "--", "a").strip()]
    assert (found["added"], found["removed"]) == (1, 1)


def test_rebased_one_by_one_it_is_the_same_change_in_a_row(topic: Repo) -> None:
    topic.commit("one", {"a": text(l3="one")})
    topic.commit("two", {"a": text(l3="one", l5="two")})
    topic.commit("three", {"a": text(l3="three", l5="two")})
    task = claimed(topic)
    topic.commit("theirs", {"a": text(l30="theirs")})
    rebase(topic)
    assert rung(topic, task) == "patch"


def test_white_space_is_no_detail(topic: Repo) -> None:
    topic.commit("mine", {"a": text(l3="if mine: go()")})
    task = claimed(topic)
    topic.commit("theirs", {"a": text(l3="    if mine: go()", l30="theirs")})
    assert rung(topic, task) == "absent"


def test_a_bracket_somewhere_is_no_change_that_was_claimed(topic: Repo) -> None:
    topic.commit("mine", {"a": text(l3="line 3\n}")})
    task = claimed(topic)
    topic.commit("theirs", {"a": text(l30="line 30\n}")})
    assert rung(topic, task) == "unknown"


def test_undone_by_the_same_change_backwards(topic: Repo) -> None:
    task = mine_and_theirs(topic, text(l3="mine"), text(l30="theirs"))
    topic.commit("more of theirs", {"a": text(l3="mine", l30="theirs", l20="more")})
    topic.commit("undo the work", {"a": text(l30="theirs", l20="more")})
    undone = topic.git("rev-parse", "HEAD").strip()
    topic.commit("and on", {"a": text(l30="theirs", l20="more", l10="on")})
    found = row(topic, task)
    assert (found["rung"], found["commit"]) == ("reverted", undone)
    assert rung(topic, task) == "reverted"


def test_what_of_an_undone_change_came_again_stands(topic: Repo) -> None:
    task = mine_and_theirs(topic, text(l3="mine", l6="too"), text(l30="theirs"))
    topic.git("revert", "--no-edit", "HEAD")
    topic.commit("half of it again", {"a": text(l6="too", l30="theirs")})
    found = row(topic, task)
    assert (found["rung"], "changed since by" in found["detail"]) == ("patch", True)


def test_changed_since_it_is_still_there(topic: Repo) -> None:
    task = mine_and_theirs(topic, text(l3="mine", l6="too"), text(l30="theirs"))
    topic.commit("later", {"a": text(l3="otherwise", l6="too", l30="theirs")})
    later = topic.git("rev-parse", "--short=10", "HEAD").strip()
    found = row(topic, task)
    assert found["rung"] == "patch"
    assert f"changed since by {later}" in found["detail"]


def test_under_the_name_that_others_gave_it(topic: Repo) -> None:
    topic.commit("mine", {"a": text(l3="mine")})
    task = claimed(topic)
    topic.git("mv", "a", "renamed")
    topic.commit("rename", {"renamed": text(l30="theirs")})
    squash(topic)
    assert "mine" in topic.git("show", "main:renamed")
    found = row(topic, task)
    assert (found["rung"], found["at_path"]) == ("patch", "renamed")
    assert rung(topic, task) == "patch"


def test_moved_by_the_work_and_edited_by_others(topic: Repo) -> None:
    topic.git("mv", "a", "moved")
    topic.commit("move", {"moved": text(l3="mine")})
    task = claimed(topic)
    topic.commit("theirs", {"a": text(l30="theirs")})
    squash(topic)
    assert "theirs" in topic.git("show", "main:moved")
    assert rung(topic, task) == "patch"


def test_only_moved_by_the_work_and_edited_by_others(topic: Repo) -> None:
    topic.git("mv", "a", "moved")
    topic.commit("move")
    task = claimed(topic)
    topic.commit("theirs", {"a": text(l30="theirs")})
    assert rung(topic, task) == "absent"
    squash(topic)
    assert "theirs" in topic.git("show", "main:moved")
    assert rung(topic, task) == "patch"
    topic.git("mv", "moved", "a")
    topic.commit("back")
    assert rung(topic, task) == "reverted"


def test_many_commits_rebased_one_by_one(topic: Repo) -> None:
    done: dict[str, str] = {}
    for number in range(20):
        done[f"l{number}"] = f"mine {number}"
        topic.commit(f"work {number}", {"a": text(**done)})
    task = claimed(topic)
    topic.commit("theirs", {"a": text(l30="theirs")})
    rebase(topic)
    assert rung(topic, task) == "patch"


def test_line_ends_that_were_normalized_since_are_no_other_lines(topic: Repo) -> None:
    topic.commit("mine", {"new": text().replace("\n", "\r\n")})
    task = claimed(topic)
    topic.commit("with other line ends", {"new": text()})
    assert rung(topic, task) == "lines"


def test_a_mode_alone(topic: Repo) -> None:
    os.chmod(topic.path / "a", 0o755)
    topic.commit("executable")
    task = claimed(topic)
    topic.commit("theirs", {"a": text(l30="theirs")})
    assert rung(topic, task) == "absent"
    squash(topic)
    assert topic.git("ls-tree", "main", "a").startswith("100755")
    assert rung(topic, task) == "patch"
    os.chmod(topic.path / "a", 0o644)
    topic.commit("not executable")
    assert rung(topic, task) == "reverted"


def test_the_text_without_the_mode_is_not_all(topic: Repo) -> None:
    topic.commit("mine", {"a": text(**{f"l{number}": f"mine {number}" for number in range(6)})})
    os.chmod(topic.path / "a", 0o755)
    topic.commit("executable")
    task = claimed(topic)
    topic.commit("theirs", {"a": text(l30="theirs")})
    squash(topic)
    os.chmod(topic.path / "a", 0o644)
    topic.git("commit", "-qam", "fix", "--amend")
    assert rung(topic, task) == "lines"


TEN = {f"l{number}": f"mine {number}" for number in range(10)}


@pytest.mark.parametrize(
    ("kept", "expected", "share"),
    [(10, "lines", "10 of 10 added lines stand (100 %)"), (9, "lines", "9 of 10"), (8, "absent", "8 of 10")],
)
def test_how_many_lines_stand(topic: Repo, kept: int, expected: str, share: str) -> None:
    topic.commit("mine", {"a": text(**TEN)})
    task = claimed(topic)
    some = dict(list(TEN.items())[:kept])
    topic.commit("theirs and some of it", {"a": text(**some, l12="theirs", l30="theirs")})
    found = row(topic, task)
    assert (found["rung"], found["counts_as"]) == (expected, "partial" if expected == "lines" else "failed")
    assert share in found["detail"]
    done = topic.run("verify", "--task", task, "--target", "main", "--json", check=False)
    assert (done.code, done.json["status"]) == (4, "partial" if expected == "lines" else "failed")
    assert rung(topic, task) == expected


def test_lines_that_the_target_always_had_are_no_gain(topic: Repo) -> None:
    """A branch took ten lines out and brought them back: main, which had them all along, gained nothing."""
    some = "\n".join(TEXT[10:]) + "\n"
    first = topic.commit("out", {"a": some})
    topic.commit("and in again", {"a": text(l30="mine")})
    topic.git("switch", "-q", "main")
    task = new_task(topic)
    topic.run("track", "--range", f"{first}..topic", "--task", task)
    topic.commit("theirs", {"a": text(l30="theirs", l31="theirs")})
    assert row(topic, task)["rung"] == "absent"


@pytest.mark.parametrize(
    ("came", "expected"),
    [("lib/new", "lines"), ("src/other", "lines"), ("lib/other", "absent"), ("src/mine", "absent")],
)
def test_a_new_file_that_was_renamed_and_edited_on_its_way(topic: Repo, came: str, expected: str) -> None:
    """What is at another path and not the same is partial at most; a file of another claim does not count."""
    topic.commit("mine", {"src/new": text(), "src/mine": text() + "mine\n"})
    task = claimed(topic)
    topic.commit("theirs", {came: text(l3="edited")})
    answer = topic.run("verify", "--task", task, "--target", "main", "--json", check=False).json
    found = next(one for one in answer["files"] if one["path"] == "src/new")
    assert found["rung"] == expected
    if expected == "lines":
        assert (found["at_path"], found["commit"]) == (came, topic.git("rev-parse", "main").strip())
        assert found["detail"] == f"at {came} 39 of 40 added lines stand (97 %)"


def test_too_few_lines_tell_nothing(topic: Repo) -> None:
    task = claimed_with(topic, {"l3": "mine", "l4": "mine too"})
    topic.commit("theirs, and one of them", {"a": text(l3="mine", l30="theirs")})
    found = row(topic, task)
    assert (found["rung"], found["counts_as"]) == ("unknown", "unknown")
    assert "1 of 2 added lines stand" in found["detail"]


def claimed_with(repo: Repo, changed: dict[str, str]) -> str:
    repo.commit("mine", {"a": text(**changed)})
    return claimed(repo)


def test_binary_content_that_is_nowhere_is_absent(topic: Repo) -> None:
    topic.commit("mine", {"a": b"\0mine"})
    task = claimed(topic)
    topic.commit("theirs", {"a": b"\0theirs"})
    assert rung(topic, task) == "absent"


def test_staged_and_on_disk_come_first(topic: Repo) -> None:
    """Without a target: what is here as it was claimed is not looked for in other commits."""
    task = mine_and_theirs(topic, text(l3="mine"), text(l30="theirs"))
    assert [one["rung"] for one in topic.json("verify", "--task", task)["files"]] == ["patch"]
    topic.write("a", text(l3="mine"))
    assert [one["rung"] for one in topic.json("verify", "--task", task)["files"]] == ["worktree"]
    topic.git("add", "a")
    assert [one["rung"] for one in topic.json("verify", "--task", task)["files"]] == ["staged"]


def test_without_the_contents_it_is_unknown(topic: Repo) -> None:
    """A partial clone, whose server is out of reach: nothing is fetched, and nothing is made up."""
    task = mine_and_theirs(topic, text(l3="mine"), text(l30="theirs"))
    topic.git("config", "uploadpack.allowFilter", "true")
    partial = topic.path.parent / "partial"
    topic.git("clone", "-q", "--filter=blob:none", f"file://{topic.path}", str(partial))
    found = row(Repo(partial), task, "origin/main")
    assert (found["rung"], found["counts_as"]) == ("unknown", "unknown")
    assert "contents that would tell are not in this clone" in found["detail"]


def brought(repo: Repo, task: str) -> list[tuple[str, str]]:
    """The commits that recovery attributes to the task, but for its record's, with how each was found."""
    commits = repo.json("recover", task)["recovery_package"]["commits"]
    return [(one["subject"], one["via"]) for one in commits if one["via"] != "record"]


def test_the_commits_of_a_rebase_are_found_by_content(topic: Repo) -> None:
    topic.commit("one", {"a": text(l3="one")})
    topic.commit("two", {"a": text(l3="one", l5="two")})
    task = claimed(topic)
    topic.commit("theirs", {"a": text(l30="theirs")})
    rebase(topic)
    topic.commit("later", {"a": text(l3="one", l5="two", l30="theirs", l33="later")})
    assert brought(topic, task) == [("one", "content"), ("two", "content")]
    package = topic.json("recover", task)["recovery_package"]
    [found] = package["files_modified"]
    assert (found["added"], found["removed"], found["rung"]) == (2, 2, "patch")
    assert [one["subject"] for one in package["changed_since_by_others"]] == ["later"]


def test_a_cherry_pick_that_was_amended_upon_the_work_of_others_is_found(topic: Repo) -> None:
    topic.commit("mine", {"a": text(l3="mine")})
    task = claimed(topic)
    topic.commit("theirs", {"a": text(l30="theirs")})
    topic.git("cherry-pick", "topic")
    topic.git("commit", "-q", "--amend", "-m", "mine, said better")
    assert brought(topic, task) == [("mine, said better", "content")]


def test_a_revert_is_told_with_the_commit_that_had_brought_it(topic: Repo) -> None:
    task = mine_and_theirs(topic, text(l3="mine"), text(l30="theirs"))
    topic.git("revert", "--no-edit", "HEAD")
    topic.commit("and on", {"a": text(l30="theirs", l10="on")})
    package = topic.json("recover", task)["recovery_package"]
    assert package["files_modified"][0]["rung"] == "reverted"
    assert ("topic (#1)", "content") in brought(topic, task)
    assert any("was reverted" in line for line in package["continuation_guidance"])


BOB = {"GIT_AUTHOR_NAME": "Bob", "GIT_AUTHOR_EMAIL": "bob@example.org"}


def edited_and_reverted(repo: Repo, env: dict[str, str] | None = None) -> None:
    repo.write("a", repo.read("a").replace("line 20\n", "line 20, broken\n"))
    repo.git("commit", "-qam", "break", env=env)
    repo.git("revert", "--no-edit", "HEAD", env=env)


def test_one_s_own_later_edit_and_revert_take_nothing_from_a_squash_of_somebody_else(topic: Repo) -> None:
    task = new_task(topic)
    topic.run("task", "start", task)
    topic.commit("mine", {"a": text(l3="mine")})
    topic.run("task", "complete", task, "--results", "r")
    topic.commit("records")
    topic.git("switch", "-q", "main")
    topic.git("merge", "-q", "--squash", "topic")
    topic.git("commit", "-qm", "topic (#1)", env=BOB)
    edited_and_reverted(topic)
    assert brought(topic, task) == [("topic (#1)", "content")]


def test_a_stranger_s_edit_and_revert_are_no_part_of_several_rebased_commits(topic: Repo) -> None:
    topic.commit("one", {"a": text(l3="one")})
    topic.commit("two", {"a": text(l3="one", l5="two")})
    task = claimed(topic)
    topic.commit("theirs", {"a": text(l30="theirs")})
    rebase(topic)
    edited_and_reverted(topic, BOB)
    assert brought(topic, task) == [("one", "content"), ("two", "content")]


def test_who_takes_a_change_back_and_makes_it_again_did_not_bring_it(topic: Repo) -> None:
    task = mine_and_theirs(topic, text(l3="mine"), text(l30="theirs"))
    for _ in range(2):
        topic.git("revert", "--no-edit", "HEAD", env=BOB)
    assert brought(topic, task) == [("topic (#1)", "content")]
    assert row(topic, task)["rung"] == "patch"


def test_an_edit_of_somebody_else_and_its_revert_are_not_the_task_s(topic: Repo) -> None:
    topic.commit("mine", {"new": text()})
    task = claimed(topic)
    squash(topic)
    topic.write("new", text(l3="bob"))
    topic.git("commit", "-qam", "bob breaks it", env=BOB)
    topic.git("revert", "--no-edit", "HEAD", env=BOB)
    assert brought(topic, task) == [("topic (#1)", "content")]
    package = topic.json("recover", task)["recovery_package"]
    assert (package["files_created"][0]["added"], package["files_created"][0]["removed"]) == (40, 0)
    others = [one["subject"] for one in package["changed_since_by_others"]]
    assert others == ['Revert "bob breaks it"', "bob breaks it"]


@pytest.mark.parametrize("second", ["edit", "move", "mode"])
def test_a_later_task_that_landed_alone_takes_no_other_along(topic: Repo, second: str) -> None:
    """Two tasks on one branch; only the commit of the second was picked."""
    one = started(topic, "one")
    topic.write("a", text(l3="one", l4="more of one"))
    topic.run("task", "complete", one, "--results", "done")
    topic.commit("one")
    two = started(topic, "two")
    if second == "edit":
        topic.write("a", text(l3="one", l4="more of one", l30="two"))
    elif second == "move":
        topic.git("mv", "a", "moved")
    else:
        os.chmod(topic.path / "a", 0o755)
    topic.run("task", "complete", two, "--results", "done")
    topic.commit("two")
    topic.git("switch", "-q", "main")
    topic.git("checkout", "-q", "topic", "--", ".orchestrator")
    topic.commit("records")
    patch = topic.git("diff", "-M", "--binary", "topic~1", "topic", "--", ":!.orchestrator")
    topic.git("apply", "--index", stdin=f"{patch}\n")
    topic.git("commit", "-qm", "two alone")
    assert row(topic, one)["counts_as"] != "landed"
    assert row(topic, two)["counts_as"] == "landed"
