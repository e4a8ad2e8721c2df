"""What counts as work: of all that happens in a work tree, what a session's task claims."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.snapshots import snapshot
from tests.conftest import start_project
from tests.repos import Build, Repo
from tests.services.days import Day, Shown

BASE = {"a": "a1\n", "b": "b1\n", "c": "c1\n", "theirs": "t1\n", "long": "".join(f"{n}\n" for n in range(9))}
LONG = "\n".join("012345678")


def with_colleague(repo: Repo) -> None:
    """A few files and a colleague's branch ``theirs``.

    That branch changes ``theirs`` and the first line of ``long``, and adds ``new-theirs``.
    """
    start_project(repo)
    repo.commit("base", BASE)
    repo.git("switch", "-qc", "theirs")
    changes: dict[str, str | bytes | None] = {
        "theirs": "t2\n",
        "new-theirs": "n\n",
        "long": "top\n" + BASE["long"],
    }
    repo.commit("by a colleague", changes)
    repo.git("switch", "-q", "main")


def started(repo: Repo) -> None:
    """The same, and a task is started in it."""
    with_colleague(repo)
    Day(repo).start()


@pytest.fixture
def day(build: Build) -> Day:
    """A task is started in a repository with a few files and a colleague's branch."""
    return Day(build(started))


def work(repo: Repo, **files: str | None) -> str:
    """A commit of the user's: records are never in it."""
    for path, content in files.items():
        if content is None:
            repo.remove(path)
        else:
            repo.write(path, f"{content}\n")
    repo.git("add", "--all", ":(exclude).orchestrator")
    repo.git("commit", "-q", "--allow-empty", "-m", f"work {files}")
    return repo.head


def remote_with(repo: Repo, **files: str) -> None:
    """A colleague's clone, the remote ``origin`` of this one, with a further commit on main."""
    other = repo.clone(repo.path.parent / "origin")
    repo.git("remote", "add", "origin", str(other.path))
    work(other, **files)


A2: dict[str, Shown] = {"a": ("modify", "a1", "a2")}
NOTHING: dict[str, Shown] = {}


def amended(repo: Repo) -> None:
    work(repo, a="a2", b="b2")
    repo.write("b", "b1\n")
    repo.write("new", "n\n")
    repo.git("add", "b", "new")
    repo.git("commit", "-q", "--amend", "--no-edit")


def picked(repo: Repo) -> None:
    repo.git("cherry-pick", "theirs")


def reverted(repo: Repo) -> None:
    repo.git("merge", "-q", "theirs")
    repo.git("revert", "--no-edit", "HEAD")


def rebased(repo: Repo) -> None:
    """Work on a file and on the lower end of one that changes upstream too."""
    work(repo, a="a2", long=f"{LONG}\nend")
    repo.git("rebase", "-q", "theirs")


def rebased_by_hand(repo: Repo) -> None:
    work(repo, theirs="mine", a="a2")
    assert repo.git_result("rebase", "theirs").code == 1
    repo.write("theirs", "both\n")
    repo.git("add", "theirs")
    repo.git("rebase", "--continue")


def rebase_given_up(repo: Repo) -> None:
    work(repo, theirs="mine", a="a2")
    assert repo.git_result("rebase", "theirs").code == 1
    repo.git("rebase", "--abort")


def todo(repo: Repo, script: str, *command: str) -> None:
    repo.git("-c", f"sequence.editor=sed -i.bak {script}", "rebase", "-q", "-i", *command)


def dropped_in_rebase(repo: Repo) -> None:
    """Of two commits the first is dropped; nobody else touched its file."""
    base = repo.head
    work(repo, b="b2", c=None)
    work(repo, a="a2")
    todo(repo, "1s/pick/drop/", base)


def squashed_in_rebase(repo: Repo) -> None:
    base = repo.head
    work(repo, a="a1.5")
    work(repo, a="a2")
    todo(repo, "2s/pick/fixup/", base)


def edited_in_rebase(repo: Repo) -> None:
    base = repo.head
    work(repo, a="a1.5")
    work(repo, b="b2")
    todo(repo, "1s/pick/edit/", base)
    repo.write("a", "a2\n")
    repo.git("commit", "-qa", "--amend", "--no-edit")
    repo.git("rebase", "--continue")


def executed_in_rebase(repo: Repo) -> None:
    base = repo.head
    work(repo, a="a2")
    repo.git("rebase", "-q", "-x", "echo b2 > b; git commit -qm b b", base)


def already_there(repo: Repo) -> None:
    """The same change is upstream: the rebase has nothing to do, and yet it was done here."""
    work(repo, theirs="t2")
    repo.git("rebase", "-q", "theirs")


def pulled(repo: Repo) -> None:
    work(repo, a="a2")
    remote_with(repo, theirs="t3", more="m")
    repo.git("reset", "-q", "--soft", "HEAD~1")
    repo.git("stash", "-q")
    repo.git("pull", "-q", "origin", "main")
    repo.git("stash", "pop", "-q")


def pull_merges(repo: Repo) -> None:
    remote_with(repo, theirs="t3", more="m")
    work(repo, a="a2")
    repo.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main")


def pull_rebases(repo: Repo) -> None:
    remote_with(repo, theirs="t3", more="m")
    work(repo, a="a2")
    repo.git("pull", "-q", "--rebase", "origin", "main")


def merged(repo: Repo) -> None:
    work(repo, a="a2")
    repo.git("merge", "-q", "--no-edit", "theirs")


def merged_by_hand(repo: Repo) -> None:
    """A conflict in ``theirs``; ``long`` is changed on both sides and merges by itself."""
    work(repo, theirs="mine", long=f"{LONG}\nend")
    assert repo.git_result("merge", "theirs").code == 1
    repo.write("theirs", "both\n")
    repo.git("commit", "-qam", "merged")


def merge_with_more(repo: Repo) -> None:
    """Something else is changed by hand in a merge without conflicts."""
    work(repo, a="a2")
    repo.git("merge", "-q", "--no-commit", "--no-ff", "theirs")
    repo.write("c", "c2\n")
    repo.git("commit", "-qam", "merged")


def merge_given_up(repo: Repo) -> None:
    work(repo, theirs="mine", a="a2")
    assert repo.git_result("merge", "theirs").code == 1
    repo.git("merge", "--abort")


def merge_under_way(repo: Repo) -> None:
    """In the middle of a conflict: what is on disk now, with git's marks in it."""
    work(repo, theirs="mine")
    assert repo.git_result("merge", "theirs").code == 1
    repo.write("theirs", "both\n")


def away(repo: Repo) -> None:
    work(repo, a="a2")
    repo.git("switch", "-q", "theirs")


def away_and_back(repo: Repo) -> None:
    away(repo)
    repo.git("switch", "-q", "main")
    work(repo, a="a3")


def both_branches(repo: Repo) -> None:
    away(repo)
    work(repo, b="b2")


def carried_along(repo: Repo) -> None:
    """Not committed yet, the change goes along to the other branch."""
    repo.write("a", "a2\n")
    repo.git("switch", "-q", "theirs")


def landed_elsewhere(repo: Repo) -> None:
    """The work comes back to main by a colleague's merge."""
    repo.git("switch", "-qc", "topic")
    work(repo, a="a2")
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "--no-edit", "topic")


def reset(*options: str) -> Callable[[Repo], None]:
    def act(repo: Repo) -> None:
        work(repo, a="a2")
        repo.git("reset", "-q", *options, "HEAD~1")

    return act


def reset_and_again(repo: Repo) -> None:
    reset("--soft")(repo)
    repo.write("b", "b2\n")
    repo.git("commit", "-qm", "again", "a", "b")


def reset_one_of_two(repo: Repo) -> None:
    work(repo, a="a2")
    work(repo, a="a3", b="b2")
    repo.git("reset", "-q", "--hard", "HEAD~1")


def reset_by_mistake(repo: Repo) -> None:
    reset("--hard")(repo)
    repo.git("reset", "-q", "--hard", "ORIG_HEAD")


def moved_to_a_branch(repo: Repo) -> None:
    """Committed on the wrong branch: the commit is kept on another one, main goes back."""
    work(repo, a="a2")
    repo.git("branch", "topic")
    repo.git("reset", "-q", "--hard", "HEAD~1")
    repo.git("switch", "-q", "topic")


def reset_to_theirs(repo: Repo) -> None:
    work(repo, a="a2")
    repo.git("reset", "-q", "--hard", "refs/heads/theirs")


def thrown_away(repo: Repo) -> None:
    repo.write("a", "a2\n")
    repo.git("checkout", "-q", "--", "a")


def stashed(repo: Repo) -> None:
    repo.write("a", "a2\n")
    repo.write("new", "n\n")
    repo.git("stash", "-q", "--include-untracked", "--", "a", "new")


def stashed_and_back(repo: Repo) -> None:
    stashed(repo)
    repo.git("switch", "-q", "theirs")
    repo.git("stash", "pop", "-q")


def mailed(repo: Repo) -> None:
    mail = repo.git("format-patch", "--stdout", "-1", "refs/heads/theirs")
    repo.git("am", "-q", stdin=f"{mail}\n")


def renamed_branch(repo: Repo) -> None:
    work(repo, a="a2")
    repo.git("branch", "-m", "trunk")
    work(repo, b="b2")


def begun_anew(repo: Repo) -> None:
    repo.git("checkout", "-q", "--orphan", "new")
    work(repo, a="a2", b=None)


def unborn_again(repo: Repo) -> None:
    repo.git("checkout", "-q", "--orphan", "new")
    repo.write("a", "a2\n")


def without_entries(repo: Repo) -> None:
    repo.git("symbolic-ref", "HEAD", "refs/heads/theirs")
    repo.git("reset", "-q", "--hard")
    work(repo, a="a2")


def by_plumbing(repo: Repo) -> None:
    repo.write("a", "a2\n")
    repo.git("add", "a")
    commit = repo.git("commit-tree", "-p", "HEAD", "-m", "x", repo.git("write-tree"))
    (repo.path / ".git/refs/heads/main").write_text(f"{commit}\n")


def by_update_ref(repo: Repo) -> None:
    repo.write("a", "a2\n")
    repo.git("add", "a")
    repo.git("update-ref", "HEAD", repo.git("commit-tree", "-p", "HEAD", "-m", "x", repo.git("write-tree")))


def links_and_modes(repo: Repo) -> None:
    (repo.path / "a").chmod(0o755)
    repo.remove("b")
    os.symlink("a", repo.path / "b")
    os.symlink("c", repo.path / "d")


def folder_for_file(repo: Repo) -> None:
    repo.remove("a")
    repo.write("a/in", "new\n")


def nested(repo: Repo) -> None:
    Repo.init(repo.path / "vendor").commit("1", {"f": "1\n"})
    Repo.init(repo.path / "deep/er").write("f", "1\n")
    repo.worktree(repo.path / "wt", "-b", "wt").write("f", "1\n")
    repo.write("deep/mine", "m\n")


def ignored(repo: Repo) -> None:
    repo.write(".git/info/exclude", "*.log\n")
    repo.write("x.log", "1\n")
    repo.write(".orchestrator/tasks/stray.md", "1\n")
    repo.write("sub/.orchestrator/config.yaml", "1\n")


BOTH = "\n".join(["top", LONG, "end"])
PICKED: dict[str, Shown] = {
    "theirs": ("modify", "t1", "t2"),
    "new-theirs": ("create", None, "n"),
    "long": ("modify", LONG, f"top\n{LONG}"),
}
CASES: dict[str, tuple[Callable[[Repo], object], dict[str, Shown]]] = {
    # edits and commits
    "an edit": (lambda r: r.write("a", "a2\n"), A2),
    "a commit": (lambda r: work(r, a="a2"), A2),
    "commits and an edit": (
        lambda r: (work(r, a="x"), work(r, b="b2"), r.write("a", "a2\n")),
        A2 | {"b": ("modify", "b1", "b2")},
    ),
    "created and deleted": (lambda r: (work(r, new="n"), work(r, new=None)), NOTHING),
    "changed and back": (lambda r: (work(r, a="x"), work(r, a="a1")), NOTHING),
    "deleted": (lambda r: r.remove("a"), {"a": ("delete", "a1", None)}),
    "deleted, then again": (lambda r: (work(r, a=None), r.write("a", "a2\n")), A2),
    "amended": (amended, A2 | {"new": ("create", None, "n")}),
    "links and modes": (
        links_and_modes,
        {
            "a": ("modify", "a1", "100755 a1"),
            "b": ("modify", "b1", "120000 a"),
            "d": ("create", None, "120000 c"),
        },
    ),
    "a folder for a file": (
        folder_for_file,
        {"a": ("delete", "a1", None), "a/in": ("create", None, "new")},
    ),
    "thrown away": (thrown_away, NOTHING),
    "committed by plumbing": (by_plumbing, NOTHING),
    "committed by plumbing, with an entry": (by_update_ref, NOTHING),
    # others' content that a command of the user's brings as a commit made here
    "cherry-picked": (picked, PICKED),
    "mailed": (mailed, PICKED),
    "squash-merged": (lambda r: (r.git("merge", "-q", "--squash", "theirs"), work(r)), PICKED),
    "reverted": (
        reverted,
        {
            "theirs": ("modify", "t2", "t1"),
            "new-theirs": ("delete", "n", None),
            "long": ("modify", f"top\n{LONG}", LONG),
        },
    ),
    # rebases
    "rebased": (rebased, A2 | {"long": ("modify", LONG, BOTH)}),
    "rebased by hand": (rebased_by_hand, A2 | {"theirs": ("modify", "t1", "both")}),
    "rebase given up": (rebase_given_up, A2 | {"theirs": ("modify", "t1", "mine")}),
    "dropped in a rebase": (dropped_in_rebase, A2),
    "squashed in a rebase": (squashed_in_rebase, A2),
    "edited in a rebase": (edited_in_rebase, A2 | {"b": ("modify", "b1", "b2")}),
    "executed in a rebase": (executed_in_rebase, A2 | {"b": ("modify", "b1", "b2")}),
    "upstream had it already": (already_there, {"theirs": ("modify", "t1", "t2")}),
    # what others did
    "switched": (lambda r: r.git("switch", "-q", "theirs"), NOTHING),
    "fast-forwarded": (lambda r: r.git("merge", "-q", "theirs"), NOTHING),
    "pulled": (pulled, A2),
    "pull that merges": (pull_merges, A2),
    "pull that rebases": (pull_rebases, A2),
    "merged": (merged, A2),
    "merged by hand": (
        merged_by_hand,
        {"theirs": ("modify", "t1", "both"), "long": ("modify", LONG, f"{LONG}\nend")},
    ),
    "more in a merge": (merge_with_more, A2 | {"c": ("modify", "c1", "c2")}),
    "merge given up": (merge_given_up, A2 | {"theirs": ("modify", "t1", "mine")}),
    # other branches
    # what a checkout left on another branch is claimed when it is here again
    "away": (away, NOTHING),
    "away and back": (away_and_back, {"a": ("modify", "a1", "a3")}),
    "on both branches": (both_branches, {"b": ("modify", "b1", "b2")}),
    "carried along": (carried_along, A2),
    "landed by a merge": (landed_elsewhere, A2),
    "a branch renamed": (renamed_branch, A2 | {"b": ("modify", "b1", "b2")}),
    "a history begun anew": (begun_anew, A2 | {"b": ("delete", "b1", None)}),
    "a branch without commits": (unborn_again, A2),
    "HEAD moved without a word": (without_entries, A2),
    # resets and stashes
    "reset --soft": (reset("--soft"), A2),
    "reset --mixed": (reset("--mixed"), A2),
    "reset --hard": (reset("--hard"), NOTHING),
    "reset --keep": (reset("--keep"), NOTHING),
    "reset and committed again": (reset_and_again, A2 | {"b": ("modify", "b1", "b2")}),
    "one of two commits reset": (reset_one_of_two, A2),
    "reset by mistake": (reset_by_mistake, A2),
    "moved to a branch": (moved_to_a_branch, A2),
    "reset to theirs": (reset_to_theirs, NOTHING),
    "stashed": (stashed, NOTHING),
    "stashed and back": (stashed_and_back, A2 | {"new": ("create", None, "n")}),
    # what is never work
    "nested repositories": (nested, {"deep/mine": ("create", None, "m")}),
    "ignored files and records": (ignored, NOTHING),
}


# what HEAD gained by plumbing may be work or not, what is away is not here
UNTOLD = {
    "away": ["a"],
    "on both branches": ["a"],
    "committed by plumbing": ["a"],
    "committed by plumbing, with an entry": ["a"],
    "HEAD moved without a word": ["long", "new-theirs", "theirs"],
}


@pytest.mark.parametrize("case", CASES)
def test_what_counts_as_work(day: Day, case: str) -> None:
    act, expected = CASES[case]
    act(day.repo)
    assert day.claims() == expected
    assert day.unclaimed == UNTOLD.get(case, [])


def test_a_merge_under_way_is_not_work(day: Day) -> None:
    """What the other side brings is left out; one's own change beside it stays."""
    work(day.repo, a="a2")
    day.repo.git("merge", "-q", "--no-commit", "--no-ff", "theirs")
    assert (day.claims(), day.unclaimed) == (A2, [])
    day.repo.write("theirs", "both\n")
    assert day.claims() == A2 | {"theirs": ("modify", "t1", "both")}


@pytest.mark.parametrize("command", ["task complete T --results r", "session end", "task block T"])
def test_nothing_is_recorded_in_the_middle_of_a_merge(day: Day, command: str) -> None:
    work(day.repo, a="a2")
    day.repo.git("merge", "-q", "--no-commit", "--no-ff", "theirs")
    [task] = day.repo.json("task", "list")["tasks"]
    words = command.replace("T", task["id"]).split()
    before = snapshot(day.repo, local=True)
    done = day.repo.run(*words, "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "refused")
    assert "git is in the middle of a merge" in done.error["message"] and "git status" in done.error["hint"]
    assert snapshot(day.repo, local=True) == before
    day.repo.git("commit", "-qm", "merged")
    day.repo.run(*words)
    assert day.written() == A2


def test_a_file_that_cannot_be_read_stops_nothing(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        os, "access", lambda path, _, **_more: Path(path).name != "closed"
    )  # root reads them all
    day.repo.write("closed", "x\n")
    day.repo.write("a", "a2\n")
    assert (day.claims(), day.unclaimed) == (A2, ["closed"])


def started_ahead(repo: Repo) -> None:
    """With a commit of before the task was started, which no one else has."""
    with_colleague(repo)
    work(repo, a="a2", b="b2")
    Day(repo).start()


def pull_rebases_only(repo: Repo) -> None:
    """The colleague's clone does not have our commit."""
    repo.git("branch", "public", "HEAD~1")
    other = repo.clone(repo.path.parent / "origin", "--branch", "public")
    repo.git("remote", "add", "origin", str(other.path))
    work(other, theirs="t3")
    repo.git("pull", "-q", "--rebase", "origin", "public")


BEFORE: dict[str, tuple[Callable[[Repo], object], dict[str, Shown]]] = {
    # a commit of ``a`` and ``b`` was made before the session began
    "rebased": (lambda r: r.git("rebase", "-q", "theirs"), NOTHING),
    "rebased with more": (
        lambda r: (work(r, a="a3"), r.git("rebase", "-q", "theirs")),
        {"a": ("modify", "a2", "a3")},
    ),
    "rebased, then others' file edited": (
        lambda r: (r.git("rebase", "-q", "theirs"), r.write("theirs", "t3\n")),
        {"theirs": ("modify", "t2", "t3")},
    ),
    "rebase given up": (rebase_given_up, {"a": ("modify", "a2", "a2"), "theirs": ("modify", "t1", "mine")}),
    "pulled with --rebase": (pull_rebases_only, NOTHING),
    "amended": (
        lambda r: (r.write("a", "a3\n"), r.git("commit", "-qa", "--amend", "--no-edit")),
        {"a": ("modify", "a2", "a3")},
    ),
    "reset and committed again": (
        lambda r: (r.git("reset", "-q", "--soft", "HEAD~1"), r.git("commit", "-qm", "again")),
        NOTHING,
    ),
    "dropped": (lambda r: r.git("reset", "-q", "--hard", "HEAD~1"), NOTHING),
    "dropped in a rebase": (lambda r: todo(r, "1s/pick/drop/", "HEAD~1"), NOTHING),
    "reverted": (
        lambda r: r.git("revert", "--no-edit", "HEAD"),
        {"a": ("modify", "a2", "a1"), "b": ("modify", "b2", "b1")},
    ),
    "merged": (lambda r: r.git("merge", "-q", "--no-edit", "theirs"), NOTHING),
}


@pytest.mark.parametrize("case", BEFORE)
def test_commits_of_before_the_session_are_not_claimed(build: Build, case: str) -> None:
    day = Day(build(started_ahead))
    act, expected = BEFORE[case]
    act(day.repo)
    assert day.claims() == {path: shown for path, shown in expected.items() if shown[1] != shown[2]}


def test_in_the_middle_of_a_merge(day: Day) -> None:
    """git has staged the colleague's files: until the merge is concluded they look like edits."""
    merge_under_way(day.repo)
    assert day.claims()["theirs"] == ("modify", "t1", "both")
    day.repo.git("commit", "-qam", "merged")
    assert day.claims() == {"theirs": ("modify", "t1", "both")}


def started_dirty(repo: Repo) -> None:
    """With an edit and a new file of before the task was started."""
    with_colleague(repo)
    repo.write("a", "dirty\n")
    repo.write("new", "new\n")
    Day(repo).start()


DIRTY: dict[str, tuple[Callable[[Repo], object], dict[str, Shown]]] = {
    # ``a`` was changed to "dirty" and ``new`` written before the session began
    "left alone": (lambda r: None, NOTHING),
    "committed as it was": (work, NOTHING),
    "committed, then away": (lambda r: (work(r), r.git("switch", "-q", "theirs")), NOTHING),
    "staged": (lambda r: r.git("add", "a", "new"), NOTHING),
    "changed further": (lambda r: r.write("a", "a2\n"), {"a": ("modify", "dirty", "a2")}),
    "changed further and committed": (lambda r: work(r, a="a2"), {"a": ("modify", "dirty", "a2")}),
    "stashed and back": (lambda r: (r.git("stash", "-qu"), r.git("stash", "pop", "-q")), NOTHING),
    "deleted": (lambda r: r.remove("new"), {"new": ("delete", "new", None)}),
    "carried along": (lambda r: r.git("switch", "-q", "theirs"), NOTHING),
    "others changed": (lambda r: work(r, b="b2"), {"b": ("modify", "b1", "b2")}),
}


@pytest.mark.parametrize("case", DIRTY)
def test_what_was_dirty_before_is_not_claimed(build: Build, case: str) -> None:
    day = Day(build(started_dirty))
    act, expected = DIRTY[case]
    act(day.repo)
    assert day.claims() == expected


def test_the_first_commits_of_a_repository(repo: Repo) -> None:
    repo.write("before", "1\n")
    repo.run("init")
    day = Day(repo)
    day.start()
    repo.write("a", "1\n")
    assert day.claims() == {"a": ("create", None, "1")}
    work(repo, b="2")
    assert day.claims() == {"a": ("create", None, "1"), "b": ("create", None, "2")}


def test_a_submodule_counts_by_its_commit(project: Repo, tmp_path: Path) -> None:
    other = Repo.init(tmp_path / "other")
    first = other.commit("1", {"f": "1\n"})
    project.git("submodule", "add", "-q", str(other.path), "sub")
    project.commit("with a submodule")
    day = Day(project)
    day.start()
    inside = Repo(project.path / "sub")
    inside.write("f", "2\n")
    assert day.claims() == {}
    second = inside.commit("2")
    assert day.claims() == {"sub": ("modify", first, second)}
    project.git("commit", "-qm", "newer", "sub")
    assert day.claims() == {"sub": ("modify", first, second)}


def test_two_work_trees_do_not_see_each_other(day: Day, tmp_path: Path) -> None:
    """Each has its session; commits of one that reach the other by a merge are not its work."""
    linked = Day(day.repo.worktree(tmp_path / "linked", "-b", "linked"))
    linked.repo.run("init")
    linked.start()
    work(day.repo, a="a2")
    linked.repo.write("b", "b2\n")
    assert linked.claims() == {"b": ("modify", "b1", "b2")}
    linked.repo.git("merge", "-q", "main")
    assert linked.claims() == {"b": ("modify", "b1", "b2")}
    assert day.claims() == A2


@pytest.mark.parametrize("how", ["expired", "switched off"])
def test_without_a_reflog_commits_are_not_claimed_but_edits_are(day: Day, how: str) -> None:
    if how == "expired":
        work(day.repo, a="a2")
        day.repo.git("reflog", "expire", "--expire=all", "--all")
    else:
        (day.repo.path / ".git/logs/HEAD").unlink()
        day.repo.git("config", "core.logAllRefUpdates", "false")
        work(day.repo, a="a2")
    day.repo.write("b", "b2\n")
    assert day.claims() == {"b": ("modify", "b1", "b2")}
