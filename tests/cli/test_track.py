"""``track``: tells what observing alone does not, and refuses what is not so."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from tests.cli.making import new_task, started
from tests.cli.snapshots import snapshot
from tests.conftest import start_project
from tests.repos import Build, Repo, Result


def at_work(project: Repo) -> None:
    """An active task in a project with some files."""
    start_project(project)
    project.commit("files", {"old.txt": "old\n", "gone.txt": "gone\n", "src/a.py": "a\n", "src/b.py": "b\n"})
    started(project)


@pytest.fixture
def work(build: Build) -> Repo:
    """As `at_work` builds it."""
    return build(at_work)


def track(repo: Repo, *words: str) -> dict[str, tuple[str, str | None]]:
    """Operation and source of each tracked path."""
    return {one["path"]: (one["op"], one["from"]) for one in repo.json("track", *words)["operations"]}


def refused(repo: Repo, *words: str, **options: Any) -> Result:
    """A refusal that left the repository and all local state as they were."""
    before = snapshot(repo, local=True)
    done = repo.run("track", *words, "--json", check=False, **options)
    assert done.code == 1
    assert done.error["message"]
    assert done.error["hint"]
    assert snapshot(repo, local=True) == before
    return done


def test_the_operation_is_inferred(work: Repo) -> None:
    work.write("new.txt", "new\n")
    work.write("old.txt", "changed\n")
    work.remove("gone.txt")
    assert track(work, "new.txt", "old.txt", "gone.txt") == {
        "new.txt": ("create", None),
        "old.txt": ("modify", None),
        "gone.txt": ("delete", None),
    }


def test_states_are_what_git_would_store(work: Repo) -> None:
    work.write("old.txt", "changed\n")
    before = work.state("old.txt")
    [told] = work.json("track", "old.txt", "--why", "a better text")["operations"]
    assert told["before"] == before
    assert told["after"] == f"100644 {work.git('hash-object', 'old.txt')}"
    assert (told["by"], told["why"], told["onto"]) == ("told", "a better text", work.head)


def test_a_move_and_a_copy_name_their_source(work: Repo) -> None:
    (work.path / "old.txt").rename(work.path / "moved.txt")
    work.write("copy.txt", "a\n")
    assert track(work, "moved.txt", "--from", "old.txt") == {"moved.txt": ("move", "old.txt")}
    assert track(work, "copy.txt", "--from", "src/a.py", "--op", "copy") == {"copy.txt": ("copy", "src/a.py")}


def test_what_it_answers_is_the_claim_that_is_written(work: Repo) -> None:
    work.write("old.txt", "old\nand more\n")
    (work.path / "src/b.py").rename(work.path / "moved.py")
    work.write("copy.py", "a\n")
    told = work.json("track", "old.txt", "--why", "because")["operations"]
    told += work.json("track", "moved.py", "--from", "src/b.py")["operations"]
    told += work.json("track", "copy.py", "--from", "src/a.py")["operations"]
    told += work.json("track", "gone.txt", "--op", "read")["operations"]
    work.run("session", "end")
    written = work.json("session", "show")["claims"]
    assert sorted(told, key=lambda one: str(one["path"])) == sorted(written, key=lambda one: str(one["path"]))
    [changed] = [one for one in told if one["path"] == "old.txt"]
    assert changed["digest"].startswith("1:") and len(changed["lines"]) == 1


def test_a_later_word_keeps_what_it_does_not_say(work: Repo) -> None:
    work.write("old.txt", "old\nand more\n")
    work.write("copy.py", "a\n")
    (work.path / "src/b.py").rename(work.path / "moved.py")
    work.run("track", "old.txt", "--why", "because")
    work.run("track", "copy.py", "--from", "src/a.py")
    work.run("track", "moved.py", "--from", "src/b.py")
    work.run("track")
    again = work.json("track", "copy.py", "--why", "it is like it")["operations"]
    assert [(one["op"], one["from"], one["before"]) for one in again] == [("copy", "src/a.py", None)]
    work.run("session", "end")
    written = {one["path"]: one for one in work.json("session", "show")["claims"]}
    assert written["old.txt"]["why"] == "because"
    assert (written["copy.py"]["op"], written["copy.py"]["from"]) == ("copy", "src/a.py")
    assert written["copy.py"]["why"] == "it is like it"
    assert (written["moved.py"]["op"], written["moved.py"]["from"]) == ("move", "src/b.py")


def test_a_read_is_of_any_file_and_is_never_verified(work: Repo) -> None:
    assert track(work, "old.txt", "--op", "read") == {"old.txt": ("read", None)}
    work.run("session", "end")
    assert work.json("verify", "--all")["files"] == []


def test_without_path_all_that_changed_is_meant(work: Repo) -> None:
    work.write("new.txt", "new\n")
    work.write("src/a.py", "changed\n")
    assert track(work) == {"new.txt": ("create", None), "src/a.py": ("modify", None)}


def test_a_folder_means_what_changed_below_it(work: Repo) -> None:
    work.write("src/a.py", "changed\n")
    work.write("src/deep/c.py", "c\n")
    work.write("other.txt", "o\n")
    assert track(work, "src") == {"src/a.py": ("modify", None), "src/deep/c.py": ("create", None)}
    assert set(track(work, ".")) == {"src/a.py", "src/deep/c.py", "other.txt"}


def test_paths_are_named_from_the_folder_one_is_in(work: Repo) -> None:
    work.write("src/a.py", "changed\n")
    done = work.run("track", "a.py", "--json", cwd="src")
    assert [one["path"] for one in done.json["operations"]] == ["src/a.py"]
    out = work.run("track", str(work.path / "src" / "a.py")).out
    assert "modify  src/a.py" in out


def test_what_was_committed_in_the_session_can_be_told_of(work: Repo) -> None:
    work.commit("done", {"src/a.py": "changed\n"})
    assert track(work, "src/a.py") == {"src/a.py": ("modify", None)}


def test_the_claim_goes_to_the_named_task_with_its_reason(work: Repo) -> None:
    other = new_task(work, "Other")
    work.write("old.txt", "changed\n")
    work.run("track", "old.txt", "--task", other, "--why", "found on the way")
    work.run("session", "end")
    claims = work.json("session", "show")["claims"]
    assert [(one["task"], one["path"], one["by"], one["why"]) for one in claims] == [
        (other, "old.txt", "told", "found on the way")
    ]


def test_tracking_dirties_nothing(work: Repo) -> None:
    work.write("old.txt", "changed\n")
    before = snapshot(work)
    work.run("track", "old.txt")
    assert snapshot(work) == before


def test_without_a_session_it_opens_one(project: Repo) -> None:
    task = new_task(project)
    project.write("a.txt", "a\n")
    told = project.json("track", "a.txt", "--task", task)
    assert [one["op"] for one in told["operations"]] == ["create"]
    assert project.json("session", "status")["session"]["id"] == told["session_id"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none.txt"], "none.txt does not exist, and did not when the session began"),
        (["old.txt"], "old.txt has not changed since the session's base"),
        (["src"], "nothing below src has changed since the session's base"),
        ([], "nothing has changed since the session's base"),
        (["old.txt", "--op", "modify"], "old.txt has not changed since the session's base"),
        (["none.txt", "--op", "read"], "none.txt does not exist"),
        (["old.txt", "--from", "none.txt"], "none.txt does not exist, and did not when the session began"),
        (["none.txt", "--from", "old.txt"], "none.txt does not exist"),
        (["old.txt", "--task", "t-00000000"], "no task 't-00000000'"),
        (["../elsewhere"], "'../elsewhere' is outside the work tree"),
        (["/etc/hosts"], "'/etc/hosts' is outside the work tree"),
        ([".git/config"], "'.git/config' is inside a git directory"),
        ([".GIT/config"], "'.GIT/config' is inside a git directory"),
        ([".orchestrator/config.yaml"], "'.orchestrator/config.yaml' is a record of taskorch"),
        (["--range", "HEAD..HEAD"], "no file of the project changed in HEAD..HEAD"),
        (["--range", "none..HEAD"], "none"),
    ],
)  # fmt: skip
def test_what_is_not_so_is_refused(work: Repo, words: list[str], message: str) -> None:
    assert message in refused(work, *words).error["message"]


@pytest.mark.parametrize(
    ("op", "message"),
    [
        ("create", "old.txt: that is a modify, not a create"),
        ("delete", "old.txt: that is a modify, not a delete"),
    ],
)
def test_a_wrong_operation_is_refused(work: Repo, op: str, message: str) -> None:
    work.write("old.txt", "changed\n")
    assert refused(work, "old.txt", "--op", op).error["message"] == message


def test_a_move_from_a_file_that_is_still_there_is_refused(work: Repo) -> None:
    work.write("new.txt", "old\n")
    done = refused(work, "new.txt", "--from", "old.txt", "--op", "move")
    assert done.error["message"] == "old.txt is still there: that is a copy, not a move"


def test_a_path_through_a_leaving_link_is_refused(work: Repo) -> None:
    (work.path / "out").symlink_to(work.path.parent)
    assert refused(work, "out/elsewhere.txt").error["kind"] == "bad_path"


def test_several_paths_are_all_or_nothing(work: Repo) -> None:
    work.write("src/a.py", "changed\n")
    refused(work, "src/a.py", "old.txt")
    refused(work, "src/a.py", "none.txt")


def test_with_several_active_tasks_one_must_be_named(work: Repo) -> None:
    second = started(work, "Second")
    work.write("old.txt", "changed\n")
    done = refused(work, "old.txt")
    assert done.error["message"] == "2 tasks are active: for which one?"
    assert any(second in one for one in done.error["candidates"])
    assert done.error["hint"] == "--task T"


def test_without_an_active_task_one_must_be_named(project: Repo) -> None:
    project.write("a.txt", "a\n")
    assert "--task T" in refused(project, "a.txt").error["hint"]


def test_a_range_is_claimed_at_once_net_and_onto_its_start(project: Repo) -> None:
    task = new_task(project)
    base = project.commit("plan", {"old.txt": "old\n", "same.txt": "same\n"})
    project.commit("one", {"old.txt": "half\n", "new.txt": "new\n", "same.txt": "other\n"})
    project.commit("two", {"old.txt": "done\n", "same.txt": "same\n"})
    told = project.json("track", "--range", f"{base}..HEAD", "--task", task, "--why", "by hand")
    assert {one["path"]: (one["op"], one["onto"], one["why"]) for one in told["operations"]} == {
        "old.txt": ("modify", base, "by hand"),
        "new.txt": ("create", base, "by hand"),
    }
    shown = project.json("session", "show", told["session_id"])
    assert (shown["state"], shown["tasks"]) == ("ended", [task])
    assert [claim["path"] for claim in shown["claims"]] == ["new.txt", "old.txt"]
    assert project.json("session", "status")["session"] is None
    assert project.json("verify", "--task", task, "--target", "HEAD")["status"] == "verified"


def test_a_range_in_an_active_session_goes_into_its_file(work: Repo) -> None:
    session = work.json("session", "show")
    base = work.head
    work.commit("done", {"old.txt": "done\n"})
    told = work.json("track", "--range", f"{base}..")
    assert told["session_id"] == session["id"]
    assert work.json("session", "show")["state"] == "active"


def test_the_start_of_a_range_must_be_an_ancestor(project: Repo) -> None:
    task = new_task(project)
    base = project.commit("plan")
    side = project.commit("side", {"side.txt": "s\n"})
    project.git("reset", "--quiet", "--hard", base)
    project.commit("main", {"main.txt": "m\n"})
    done = refused(project, "--range", f"{side}..HEAD", "--task", task)
    assert done.error["message"] == f"{side} is not an ancestor of HEAD"
    assert done.error["hint"]


@pytest.mark.parametrize("revisions", ["HEAD", "..HEAD", "HEAD...HEAD", ""])
def test_what_is_no_range_is_2(work: Repo, revisions: str) -> None:
    done = work.run("track", "--range", revisions, "--json", check=False)
    assert (done.code, done.error["kind"]) == (2, "usage")


def test_a_revision_is_never_taken_for_an_option(work: Repo) -> None:
    marker = work.path.parent / "marker"
    refused(work, "--range", f"--output={marker}..HEAD")
    assert not marker.exists()


def test_what_was_made_here_and_moved_was_made_where_it_is(work: Repo) -> None:
    work.write("made.txt", "made here\n")
    work.json("track", "made.txt")
    (work.path / "made.txt").rename(work.path / "then.txt")
    work.json("track", "then.txt", "--from", "made.txt", "--op", "move")
    work.commit("made", {})
    (work.path / "then.txt").rename(work.path / "last.txt")
    [claim] = work.json("track", "last.txt", "--from", "then.txt")["operations"]
    assert (claim["op"], claim["path"], claim["from"]) == ("create", "last.txt", None)
    assert work.json("verify")["unfounded"] == []


def test_what_was_moved_twice_was_moved_once(work: Repo) -> None:
    for before, after in (("old.txt", "mid.txt"), ("mid.txt", "end.txt")):
        (work.path / before).rename(work.path / after)
        [claim] = work.json("track", after, "--from", before)["operations"]
        assert (claim["op"], claim["path"], claim["from"]) == ("move", after, "old.txt")
    assert work.json("verify")["unfounded"] == []


@pytest.mark.parametrize("words", [(), ("--op", "delete")])
def test_what_came_and_went_is_no_claim(work: Repo, words: tuple[str, ...]) -> None:
    work.write("made.txt", "made here\n")
    work.json("track", "made.txt")
    (work.path / "made.txt").unlink()
    assert work.json("verify", check=False)["unfounded"] == ["made.txt"]
    other = Repo(shutil.copytree(work.path, work.path.parent / "other", symlinks=True))
    assert "nothing is left to claim" in other.run("track", "made.txt", *words).out
    assert work.json("track", "made.txt", *words)["operations"] == []
    assert work.json("verify")["unfounded"] == []


def test_what_was_tracked_and_put_back_can_be_taken_back(work: Repo) -> None:
    task = work.json("task", "list")["tasks"][0]["id"]
    before = work.read("old.txt")
    work.write("old.txt", "other\n")
    work.write("made.txt", "made\n")
    work.json("track", "old.txt", "made.txt")
    work.write("old.txt", before)
    words = ["task", "complete", task, "--results", "r", "--json"]
    (reason,) = work.run(*words, check=False).error["reasons"]
    assert work.json(*reason.split("taskorch ")[1].split())["undone"] == ["old.txt"]
    done = work.json(*words[:-1])
    assert [(one["path"], one["op"]) for one in done["verification"]["files"]] == [("made.txt", "create")]


def test_of_what_is_taken_back_the_observed_counts(work: Repo) -> None:
    work.write("made.txt", "made\n")
    work.run("track", "made.txt", "--why", "a reason that was wrong")
    work.run("track", "--undo", "made.txt")
    work.run("session", "end")
    (claim,) = work.json("session", "show")["claims"]
    assert (claim["path"], claim["op"], claim["why"]) == ("made.txt", "create", None)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--undo", "made.txt", "old.txt"], 1),
        (["--undo"], 2),
        (["--undo", "made.txt", "--op", "create"], 2),
        (["--undo", "--range", "HEAD~1.."], 2),
    ],
)
def test_nothing_else_is_taken_back(work: Repo, words: list[str], code: int) -> None:
    work.write("made.txt", "made\n")
    work.run("track", "made.txt", "--why", "said")
    before = snapshot(work, local=True)
    assert work.run("track", *words, check=False).code == code
    assert snapshot(work, local=True) == before
