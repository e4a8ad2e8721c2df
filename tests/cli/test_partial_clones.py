"""``recover``, ``review`` and ``why`` where objects lack: nothing is fetched, and what is not told said."""

from __future__ import annotations

import pytest

from taskorch.git.history import renames_in
from taskorch.git.repository import Repository
from tests.cli.making import started
from tests.conftest import start_project
from tests.repos import Build, Repo


def with_history(repo: Repo) -> None:
    """A file edited and moved in several commits, each content of which only history has."""
    start_project(repo)
    repo.commit("files", {"f.txt": "line\n" * 9, "old.txt": "old\n" * 9})
    task = started(repo)
    repo.commit("edit", {"f.txt": "line\n" * 9 + "2\n"})
    repo.run("commit")
    repo.git("mv", "f.txt", "g.txt")
    repo.commit("move and edit", {"g.txt": "line\n" * 9 + "2\n3\n"})
    repo.commit("new", {"new.txt": "new\n", "old.txt": "old\n" * 9 + "2\n"})
    repo.run("task", "complete", task, "--results", "r")
    repo.commit("records")
    repo.git("mv", "old.txt", "later.txt")
    repo.commit("moved and edited by others", {"later.txt": "old\n" * 9 + "2\n3\n"})
    repo.git("config", "uploadpack.allowFilter", "true")


@pytest.fixture
def work(build: Build) -> Repo:
    """As `with_history` builds it."""
    return build(with_history)


def partial(work: Repo, what: str) -> Repo:
    path = work.path.parent / "partial"
    work.git("clone", "--quiet", f"--filter={what}", f"file://{work.path}", str(path))
    return Repo(path)


def lacking(repo: Repo) -> list[str]:
    listed = repo.git("rev-list", "--objects", "--all", "--missing=print").split("\n")
    found = sorted(line for line in listed if line.startswith("?"))
    assert found
    return found


def test_without_old_contents_all_but_their_lines_is_recovered(work: Repo) -> None:
    clone = partial(work, "blob:none")
    before = lacking(clone)
    task = clone.json("task", "list", "--status", "completed")["tasks"][0]["id"]
    package = clone.json("recover", task)["recovery_package"]
    assert lacking(clone) == before
    [moved], [created] = package["files_moved"], package["files_created"]
    whole = work.json("recover", task)["recovery_package"]
    assert (moved["rung"], moved["commits"]) == ("exact", whole["files_moved"][0]["commits"])
    assert (moved["added"], moved["removed"], created["added"]) == (None, None, 1)
    what = "The lines of 2 files are not counted: contents are not in this clone, and nothing is fetched"
    what += " (git fetch --refetch --no-filter brings them)."
    assert (package["untold"], whole["untold"]) == ([what], [])
    assert clone.run("recover", task).out.count(what) == 1


def test_without_old_contents_what_a_record_was_is_unknown(work: Repo) -> None:
    clone = partial(work, "blob:none")
    before = lacking(clone)
    answer = clone.json("review", "HEAD~4..HEAD")
    assert lacking(clone) == before
    assert [(one["from"], one["to"]) for one in answer["tasks"]] == [("unknown", "completed")]
    assert {one["path"]: one["rung"] for one in answer["claims"]} == {
        "g.txt": "exact", "new.txt": "exact", "old.txt": "superseded"
    }  # fmt: skip
    assert answer["problems"] == []
    assert clone.run("review", "HEAD~4..HEAD").out.count("is not in this clone") == 1


def test_a_record_whose_content_is_not_here_is_said_to_be_unreadable_for_that(work: Repo) -> None:
    done = partial(work, "blob:none").run("review", "HEAD~5..HEAD~4", "--json", check=False)
    assert done.code == 4
    messages = {one["message"] for one in done.json["problems"]}
    assert messages == {"its content is not in this clone, and nothing is fetched"}


def test_renames_without_edits_are_found_without_contents(work: Repo) -> None:
    work.commit("files", {"edited.txt": "line\n" * 9, "same.txt": "same\n" * 9})
    work.git("mv", "edited.txt", "edited2.txt")
    work.git("mv", "same.txt", "same2.txt")
    moved = work.commit("moved", {"edited2.txt": "line\n" * 9 + "2\n"})
    clone = partial(work, "blob:none")
    both = [("edited.txt", "edited2.txt"), ("same.txt", "same2.txt")]
    assert renames_in(Repository.open(work.path), moved) == both
    assert renames_in(Repository.open(clone.path), moved) == both[1:]


@pytest.mark.parametrize("words", [["recover"], ["review", "HEAD~4..HEAD"]])
def test_without_old_trees_it_is_refused_with_what_would_bring_them(work: Repo, words: list[str]) -> None:
    task = work.json("task", "list", "--status", "completed")["tasks"][0]["id"]
    clone = partial(work, "tree:0")
    before = lacking(clone)
    words = [*words, task] if words == ["recover"] else words
    done = clone.run(*words, "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "git")
    assert "not in this clone, and taskorch fetches nothing by itself" in done.error["message"]
    assert lacking(clone) == before
    clone.git(*done.error["hint"].split(" brings")[0].split(" ")[1:])
    clone.run(*words)


def test_why_a_file_changed_is_told_and_of_a_line_what_is_lacking_is_said(work: Repo) -> None:
    clone = partial(work, "blob:none")
    before = lacking(clone)
    task = clone.json("task", "list", "--status", "completed")["tasks"][0]["id"]
    told = {
        row["subject"]: [one["id"] for one in row["tasks"]] for row in clone.json("why", "g.txt")["commits"]
    }
    assert told["move and edit"] == [task]
    done = clone.run("why", "g.txt:11", "--json", check=False)
    assert done.code == 1
    assert "nothing by itself" in done.error["message"]
    assert "refetch" in done.error["hint"]
    assert clone.json("why", "new.txt:1")["commits"][0]["tasks"][0]["id"] == task
    assert lacking(clone) == before
