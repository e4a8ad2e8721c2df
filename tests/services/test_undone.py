"""Work that landed and of which nothing is left is not landed, however it went; what was rewritten is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

import pytest

from taskorch.services.ladder import same_change
from tests.cli.making import new_task
from tests.repos import Build, Repo
from tests.services.test_same_change import TEXT, row, squash, text, with_store

MINE = {"l3": "three, by me", "l10": "ten, by me"}
HELPER = "\n\ndef helper():\n    return calling(other)\n"
OLD = "\n".join(f"old {number}" for number in range(12)) + "\n"
Act = Callable[[Repo], object]


def with_topic(repo: Repo) -> None:
    """A store on main, files of forty and twelve lines, and the branch ``topic`` checked out."""
    with_store(repo, {"a": text(), "gone": OLD})


@pytest.fixture
def topic(build: Build) -> Repo:
    return build(with_topic)


def edit(**changed: str) -> Act:
    return lambda repo: repo.commit("edit", {"a": text(**changed)})


def revert(revision: str = "HEAD") -> Act:
    return lambda repo: repo.git("revert", "--no-edit", revision)


def move(old: str, new: str) -> Act:
    return lambda repo: (repo.git("mv", old, new), repo.git("commit", "-qm", "move"))


def remove(path: str) -> Act:
    return lambda repo: (repo.git("rm", "-q", path), repo.git("commit", "-qm", "remove"))


def write(**files: str) -> Act:
    return lambda repo: repo.commit("write", {path: content for path, content in files.items()})


def mode(number: int) -> Act:
    def act(repo: Repo) -> None:
        os.chmod(repo.path / "a", number)
        repo.commit("mode")

    return act


def ours(repo: Repo) -> None:
    repo.git("merge", "-q", "-s", "ours", "--no-edit", "topic")


def reverted_on_a_branch(repo: Repo) -> None:
    """The revert on a side branch, main edits the file meanwhile, and they are merged."""
    repo.git("switch", "-qc", "side")
    repo.git("revert", "--no-edit", "HEAD")
    repo.git("switch", "-q", "main")
    repo.commit("main", {"a": text(**MINE, l25="main")})
    repo.git("merge", "-q", "--no-edit", "side")


def revert_merge(repo: Repo) -> None:
    merge = repo.git("rev-list", "-1", "--merges", "HEAD").strip()
    repo.git("revert", "--no-edit", "-m", "1", merge)


def conflict_resolved_with_ours(repo: Repo) -> None:
    repo.commit("other", {"a": text(l3="three, by main", l10="ten, by main")})
    repo.git_result("merge", "-q", "topic")
    repo.git("checkout", "--ours", "a")
    repo.commit("merge topic")


def ordered(numbers: str) -> Act:
    """The lines of the file of twelve in this order."""
    return write(gone="".join(f"old {number}\n" for number in numbers.split()))


NEW = write(new=OLD)
LATER = edit(**MINE, l28="later")
HALF = edit(l3="three, by me", l28="later")
ADDED = edit(l3="line 3\nan added line")
UNDONE: dict[str, tuple[Act, list[Act]]] = {
    "reverted after another edit": (edit(**MINE), [squash, LATER, revert("HEAD^")]),
    "reverted three times": (edit(**MINE), [squash, LATER, revert("HEAD^"), revert(), revert()]),
    "reverted on a branch": (edit(**MINE), [squash, reverted_on_a_branch]),
    "taken out with another edit": (edit(**MINE), [squash, edit(l28="later")]),
    "taken out in two commits": (
        edit(**MINE),
        [squash, LATER, HALF, edit(l28="x")],
    ),
    "patched, taken out with another edit": (
        edit(**MINE),
        [edit(l30="theirs"), squash, edit(l30="theirs", l33="too")],
    ),
    "patched, taken out in two commits": (
        edit(**MINE),
        [edit(l30="theirs"), squash, edit(l30="theirs", l3="three, by me"), edit(l30="theirs")],
    ),
    "lines only added, and reverted after an edit": (
        ADDED,
        [squash, edit(l3="line 3\nan added line", l28="later"), revert("HEAD^")],
    ),
    "a removed line that the file has twice, reverted after an edit": (
        write(a=text().replace("line 7\n", "")),
        [
            edit(l20="line 7"),
            squash,
            write(a=text(l20="line 7", l28="later").replace("line 7\n", "", 1)),
            revert("HEAD^"),
        ],
    ),
    "an added line that others added as well, reverted": (
        edit(**MINE),
        [squash, edit(**MINE, l20="three, by me"), revert("HEAD^")],
    ),
    "lines only added, reverted, and a bracket of others since": (
        write(a=text(l3="line 3\ndef it() {\n  go there\n}\n")),
        [
            edit(l30="theirs"),
            squash,
            revert(),
            write(a=text(l30="theirs", l39="line 39\ndef zed() {\n  do other things\n}\n")),
        ],
    ),
    "lines only added, taken out in two commits": (
        edit(l3=f"line 3{HELPER}"),
        [squash, edit(l3="line 3\n\ndef helper():"), edit(l30="theirs")],
    ),
    "lines only added, taken out with an edit": (ADDED, [squash, edit(l28="later")]),
    "a merge upon others' edit, reverted": (
        edit(**MINE),
        [edit(l20="main"), lambda repo: repo.git("merge", "-q", "--no-edit", "topic"), revert_merge],
    ),
    "a merge, an edit, and the merge reverted": (
        edit(**MINE),
        [lambda repo: repo.git("merge", "-q", "--no-ff", "--no-edit", "topic"), LATER, revert_merge],
    ),
    "a merge that took nothing": (edit(**MINE), [edit(l20="main"), ours]),
    "a merge that took nothing of lines only added": (
        edit(l3="line 3\nan added line"),
        [edit(l20="main"), ours],
    ),
    "a merge that took nothing, and an edit": (
        edit(**MINE),
        [edit(l20="main"), ours, edit(l20="x")],
    ),
    "a conflict resolved with ours": (edit(**MINE), [conflict_resolved_with_ours]),
    "renamed and reverted": (edit(**MINE), [squash, move("a", "b"), write(b=text())]),
    "renamed, edited and reverted": (
        edit(**MINE),
        [squash, move("a", "b"), write(b=text(**MINE, l28="later")), write(b=text(l28="later"))],
    ),
    "new, renamed and removed": (NEW, [squash, move("new", "newer"), remove("newer")]),
    "new, edited and removed": (NEW, [squash, write(new=OLD + "more\n"), remove("new")]),
    "the mode is back, with an edit": (mode(0o755), [squash, edit(l3="x"), mode(0o644)]),
    "moved back and edited": (move("a", "b"), [squash, move("b", "a"), edit(l3="x")]),
    "a removed file is back with a line more": (remove("gone"), [squash, write(gone=OLD + "more\n")]),
}


def claimed(repo: Repo, work: Act) -> str:
    """A task with claims of what `work` does on the branch; then on main."""
    work(repo)
    repo.git("switch", "-q", "main")
    task = new_task(repo)
    repo.run("track", "--range", "onto..topic", "--task", task)
    return task


@pytest.mark.parametrize("case", UNDONE)
def test_nothing_of_it_is_left(topic: Repo, case: str) -> None:
    work, acts = UNDONE[case]
    task = claimed(topic, work)
    for act in acts:
        act(topic)
    found = row(topic, task)
    assert (found["rung"], found["counts_as"]) == ("reverted", "failed"), found


FURTHER = ordered("0 1 2 6 7 8 9 10 3 4 5 11")

STANDS: dict[str, tuple[Act, list[Act]]] = {
    "the contrary at another place": (
        edit(l3="debug = on"),
        [edit(l30="debug = on"), squash, write(a=text(l3="debug = on", l30="line 3"))],
    ),
    "copied below, and then taken away above": (
        edit(l3=f"line 3{HELPER}"),
        [squash, edit(l3=f"line 3{HELPER}", l30=f"line 30{HELPER}"), edit(l30=f"line 30{HELPER}")],
    ),
    "moved in the file, and then further": (ordered("0 1 2 6 7 8 3 4 5 9 10 11"), [squash, FURTHER]),
    "removed lines that come in another place": (ordered("0 1 2 6 7 8 9 10 11"), [squash, FURTHER]),
    "reverted twice": (edit(**MINE), [squash, LATER, revert("HEAD^"), revert()]),
    "reverted, and made again with a line more": (
        edit(**MINE),
        [squash, LATER, revert("HEAD^"), edit(**MINE, l28="later", l30="more"), edit(l3=MINE["l3"], l30="x")],
    ),
    "rewritten": (edit(**MINE), [squash, edit(l3="three, by others", l10="ten, by others")]),
    "one of two lines is left": (edit(**MINE), [squash, edit(l10="ten, by me", l28="later")]),
    "added lines, rewritten": (
        ADDED,
        [squash, edit(l3="line 3\nanother line")],
    ),
    "added lines, replaced by others": (
        edit(l3=f"line 3{HELPER}"),
        [squash, edit(l3="line 3\n\ndef assistant():\n    something_else()")],
    ),
    "a new file, rewritten": (NEW, [squash, write(new="\n".join(TEXT) + "\n")]),
    "a new file, renamed and edited": (NEW, [squash, move("new", "newer"), write(newer=OLD + "more\n")]),
    "moved, and another file made in the old place": (move("a", "b"), [squash, write(a="see b\n")]),
    "moved on": (move("a", "b"), [squash, move("b", "c"), write(c=text(l3="x"))]),
    "another file in the place of a removed one": (remove("gone"), [squash, write(gone="other\n")]),
    "the mode stands, the text was edited": (mode(0o755), [squash, edit(l3="x")]),
    "merged with an edit of others, then edited": (
        edit(**MINE),
        [edit(l20="main"), lambda repo: repo.git("merge", "-q", "--no-edit", "topic"), edit(**MINE, l20="x")],
    ),
}


@pytest.mark.parametrize("case", STANDS)
def test_what_was_changed_again_landed_all_the_same(topic: Repo, case: str) -> None:
    work, acts = STANDS[case]
    task = claimed(topic, work)
    for act in acts:
        act(topic)
    found = row(topic, task)
    assert found["counts_as"] == "landed", found


def test_the_commit_that_took_it_away_is_named(topic: Repo) -> None:
    task = claimed(topic, edit(**MINE))
    squash(topic)
    LATER(topic)
    topic.git("revert", "--no-edit", "HEAD^")
    undone = topic.git("rev-parse", "HEAD").strip()
    topic.commit("and on", {"a": text(l28="later", l5="and on")})
    found = row(topic, task)
    assert (found["commit"], found["rung"]) == (undone, "reverted")
    assert f"undone by {undone[:10]}" in found["detail"]


def test_the_commit_that_moved_it_back_is_named(topic: Repo) -> None:
    task = claimed(topic, move("a", "b"))
    edit(l28="theirs")(topic)
    squash(topic)
    move("b", "a")(topic)
    back = topic.head
    assert (row(topic, task)["rung"], row(topic, task)["commit"]) == ("reverted", back)


@pytest.mark.parametrize("work", ["edit", "edit over theirs", "create", "delete", "mode"])
def test_the_merge_that_took_the_other_side_is_named(topic: Repo, work: str) -> None:
    acts = {"edit": edit(**MINE), "create": write(new="n\n"), "delete": remove("a"), "mode": mode(0o755)}
    task = claimed(topic, acts.get(work, edit(**MINE)))
    if work == "edit over theirs":
        edit(l20="main")(topic)
    else:
        topic.commit("meanwhile", {"b": "meanwhile\n"})
    ours(topic)
    lost = topic.head
    topic.git("switch", "-qc", "beside", "HEAD~1")
    topic.commit("beside", {"c": "c\n"})
    topic.git("switch", "-q", "main")
    topic.git("merge", "-q", "--no-edit", "beside")  # another merge, which took nothing
    found = row(topic, task)
    assert (found["rung"], found["commit"]) == ("reverted", lost)
    assert found["detail"].endswith(f"undone by the merge {lost[:10]}")
    topic.git("checkout", "-q", "topic", "--", ".orchestrator")
    topic.commit("records")
    [revert] = topic.json("recover", task)["recovery_package"]["reverts"]
    assert (revert["commit"], revert["subject"]) == (lost, "Merge branch 'topic'")


@pytest.mark.parametrize("again", [False, True])
def test_without_the_contents_nobody_can_tell(topic: Repo, again: bool) -> None:
    """A partial clone whose server is away never says that work is gone, nor that it is there."""
    task = claimed(topic, edit(**MINE))
    squash(topic)
    if again:
        topic.git("revert", "--no-edit", "HEAD")
        edit(**MINE, l12="a line more")(topic)
    edit(**MINE, l28="later")(topic)
    topic.commit("records")
    assert row(topic, task)["counts_as"] == "landed"
    topic.git("config", "uploadpack.allowFilter", "true")
    partial = topic.path.parent / "partial"
    topic.git("clone", "-q", "--filter=blob:none", "--no-checkout", f"file://{topic.path}", str(partial))
    clone = Repo(partial)
    shutil.copytree(topic.path / ".orchestrator", partial / ".orchestrator")
    clone.git("remote", "set-url", "origin", "/does/not/exist")
    assert row(clone, task, "origin/main")["counts_as"] == "unknown"


def test_a_successor_says_nothing_of_what_a_shallow_history_does_not_tell(topic: Repo) -> None:
    """One task edits, another takes that back: reverted; with the edit cut off unknown, never landed."""
    topic.git("switch", "-q", "main")
    first, second = new_task(topic, "Edit"), new_task(topic, "Take back")
    edit(**MINE)(topic)
    edit()(topic)
    topic.run("track", "--range", "HEAD~2..HEAD~1", "--task", first)
    topic.run("track", "--range", "HEAD~1..HEAD", "--task", second)
    for number in range(4):
        topic.commit(f"more {number}", {"b": f"{number}\n"})
    assert row(topic, first)["rung"] == "reverted"
    for depth in range(1, 7):
        shallow = topic.path.parent / f"depth-{depth}"
        topic.git("clone", "-q", f"--depth={depth}", f"file://{topic.path}", str(shallow))
        assert row(Repo(shallow), first, "HEAD")["counts_as"] in ("unknown", "failed"), depth


def test_a_long_history_of_the_file_hides_nothing(topic: Repo) -> None:
    task = claimed(topic, edit(**MINE))
    squash(topic)
    edit(**MINE, l28="later")(topic)
    edit(l28="later")(topic)
    commits = "".join(
        f"commit refs/heads/main\ncommitter A <a@x> {1_800_000_000 + number} +0000\ndata 1\nx\n"
        + ("from refs/heads/main^0\n" if number == 0 else "")
        + f"M 100644 inline a\ndata <<END\n{text(l28='later', l35=f'release {number}')}END\n\n"
        for number in range(450)
    )
    topic.git("fast-import", "--quiet", "--force", stdin=commits)
    topic.git("reset", "-q", "--hard")
    assert row(topic, task)["rung"] == "reverted"


def test_more_commits_than_are_compared_are_said(topic: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    task = claimed(topic, edit(**MINE))
    for number in range(6):
        edit(l30=f"theirs {number}")(topic)
    assert row(topic, task)["rung"] == "absent"
    monkeypatch.setattr(same_change, "MOST_STEPS", 5)
    found = row(topic, task)
    assert (found["rung"], found["detail"].rpartition(": ")[2]) == ("unknown", "only so many are compared")
