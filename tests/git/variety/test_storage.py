"""However git keeps index, objects and settings: a whole day works, and git's own reading is ours."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from taskorch.git.objects import files_below, open_objects, read_blob
from taskorch.git.repository import Repository
from tests.cli.making import new_task, started
from tests.conftest import start_project
from tests.git.variety.days import FILES, OLD, Place, day, landed, touching_nothing
from tests.repos import Build, Repo


def with_history(repo: Repo) -> None:
    """Three commits, the first with what a day changes."""
    for number in range(3):
        repo.commit(f"{number}", {"n.txt": f"{number}\n", **({} if number else FILES)})
    repo.git("config", "uploadpack.allowFilter", "true")


@pytest.fixture
def work(build: Build) -> Repo:
    return build(with_history)


def split_index(repo: Repo) -> None:
    repo.git("config", "core.splitIndex", "true")
    repo.git("update-index", "--split-index")


def sparse_index(repo: Repo) -> None:
    repo.commit("far", {"far/a.txt": "1\n", "src/b.txt": "2\n"})
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", ".orchestrator", "src")
    assert "040000" in repo.git("ls-files", "--sparse", "--stage")


def untracked_cache(repo: Repo) -> None:
    repo.git("config", "core.untrackedCache", "true")
    repo.git("update-index", "--force-untracked-cache")
    repo.git("status")


def fsmonitor(repo: Repo, answer: str = "/") -> None:
    """A watcher that always gives one answer: ``/`` for all may have changed, nothing for nothing has."""
    hook = repo.write(".git/watch", f"#!/bin/sh\nprintf 'token\\0{answer}\\0'\n")
    hook.chmod(0o755)
    repo.git("config", "core.fsmonitorHookVersion", "2")
    repo.git("config", "core.fsmonitor", ".git/watch")
    repo.git("update-index", "--fsmonitor")
    repo.git("status")


def packed(repo: Repo) -> None:
    repo.git("update-index", "--index-version", "4")
    repo.git("pack-refs", "--all")
    repo.git("repack", "-adq")
    repo.git("commit-graph", "write", "--reachable", "--changed-paths")
    repo.git("multi-pack-index", "write", "--bitmap")


def extended(repo: Repo) -> None:
    """By all that git takes: ``partialClone`` as git before 2.25 and some build services write it."""
    repo.git("config", "core.repositoryformatversion", "1")
    extensions = {
        "partialClone": "origin",
        "worktreeConfig": "true",
        "preciousObjects": "true",
        "noop-v1": "1",
    }
    for name, value in extensions.items():
        repo.git("config", f"extensions.{name}", value)
    repo.git("config", "remote.origin.url", "file:///nowhere")
    repo.git("config", "--worktree", "core.sparseCheckout", "false")


def replaced_and_grafted(repo: Repo) -> None:
    """The content of a file and the history of the branch."""
    other = repo.git("hash-object", "-w", "--stdin", stdin=OLD.upper())
    repo.git("replace", repo.git("rev-parse", "HEAD:changed.txt"), other)
    repo.git("replace", "--graft", "HEAD~1")
    ids = repo.git("rev-list", "HEAD").split()
    repo.write(".git/info/grafts", f"{ids[0]} {ids[1]}\n")


def detached(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "--detach")


def odd_branches(repo: Repo) -> None:
    """HEAD on a branch that stands for another one, and one that is broken beside it."""
    repo.git("branch", "real")
    repo.git("symbolic-ref", "refs/heads/other", "refs/heads/real")
    repo.git("symbolic-ref", "HEAD", "refs/heads/other")
    repo.write(".git/refs/heads/broken", "garbage\n")


def odd_settings(repo: Repo) -> None:
    for name in ("core.ignorecase", "core.precomposeunicode"):
        repo.git("config", name, "true")
    for name in ("core.fileMode", "core.symlinks"):
        repo.git("config", name, "false")


def missing_alternate(repo: Repo) -> None:
    repo.write(".git/objects/info/alternates", "/nowhere/objects\n")


KINDS: list[Callable[[Repo], None]] = [
    split_index, sparse_index, untracked_cache, fsmonitor, packed, extended, replaced_and_grafted, detached,
    odd_branches, odd_settings, missing_alternate,
]  # fmt: skip


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_a_day(work: Repo, make: Callable[[Repo], None]) -> None:
    make(work)
    day(work)


CLONES = [
    "--depth=1",
    "--filter=blob:none",
    "--filter=blob:none --sparse",
    "--shared",
    "--reference={origin}",
]


@pytest.mark.parametrize("options", CLONES)
def test_a_day_in_a_clone(work: Repo, options: str) -> None:
    words = options.format(origin=work.path).split()
    # only over a transport is a clone shallow or partial
    source = str(work.path) if "--shared" in words else f"file://{work.path}"
    clone = Repo(work.path.parent / "clone")
    work.git("clone", "--quiet", *words, source, str(clone.path))
    if "--sparse" in words:
        clone.git("sparse-checkout", "add", ".orchestrator")
    day(clone)


def test_a_day_without_old_trees_works_but_for_looking_into_history(work: Repo) -> None:
    clone = Repo(work.path.parent / "clone")
    work.git("clone", "--quiet", "--filter=tree:0", f"file://{work.path}", str(clone.path))
    place = Place(clone)
    with touching_nothing(place):
        clone.run("init")
        task = started(clone)
    clone.write("new.txt", "new\n")
    with touching_nothing(place):
        clone.run("task", "complete", task, "--results", "r")
    clone.run("commit")
    clone.commit("the work")
    with touching_nothing(place):
        landed(place, task, {"new.txt": "create"})
        for words in (["status"], ["doctor"], ["session", "list"]):
            clone.run(*words)


def test_the_index_stays_split_in_whatever_way_it_is(work: Repo) -> None:
    """Split by hand, without the setting: committing records keeps it so, for the user asked for it."""
    initialized(work)
    work.git("update-index", "--split-index")
    new_task(work)
    work.run("commit")
    assert Path(work.git("rev-parse", "--shared-index-path")).name.startswith("sharedindex.")


def test_a_watcher_and_a_cache_of_the_user_stay_in_the_index(work: Repo) -> None:
    initialized(work)
    fsmonitor(work)
    untracked_cache(work)
    new_task(work)
    work.run("commit")
    index = (work.path / ".git/index").read_bytes()
    assert b"FSMN" in index
    assert b"UNTR" in index


def test_a_watcher_that_misses_a_change_is_not_believed(work: Repo) -> None:
    task = started(initialized(work))
    for name in FILES:
        os.utime(work.path / name, (1e9, 1e9))
    work.git("add", "--all")
    fsmonitor(work, "")
    work.write("changed.txt", "changed\n")
    assert work.git("status", "--porcelain", "changed.txt") == ""  # git believes it
    found = work.json("task", "complete", task, "--results", "r")["verification"]["files"]
    assert [row["path"] for row in found] == ["changed.txt"]


def initialized(repo: Repo) -> Repo:
    repo.run("init")
    repo.commit("records")
    return repo


MAINTENANCE = ["gc --quiet --prune=now", "maintenance run --quiet --task=pack-refs --task=loose-objects"]


@pytest.mark.parametrize("words", MAINTENANCE)
def test_tidying_up_in_the_middle_of_a_session_changes_no_answer(
    build: Build, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Uncommitted content that taskorch has seen is not in the user's objects, and is not tidied away."""
    repo = build(start_project)  # of months ago: git takes that out of the reflog
    for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
        monkeypatch.delenv(name)
    task = started(repo)
    repo.commit("one", {"one.txt": "1\n"})
    repo.git("commit", "--quiet", "--amend", "-m", "one again")
    repo.write("two.txt", "2\n")
    repo.json("track", "two.txt", "--why", "seen before")
    repo.write("one.txt", "1\nmore\n")
    before = repo.json("verify", "--task", task)
    repo.git(*words.split())
    assert repo.json("verify", "--task", task) == before
    done = repo.json("task", "complete", task, "--results", "r")
    assert {row["path"] for row in done["verification"]["files"]} == {"one.txt", "two.txt"}
    repo.git(*words.split())
    repo.run("commit")
    repo.commit("the rest")
    landed(Place(repo), task, {"one.txt": "create", "two.txt": "create"})


def test_what_is_replaced_is_read_as_git_reads_it(build: Build) -> None:
    """A blob, a tree and a commit; unless the user says that git shall not."""
    repo = build(start_project)
    first = repo.head
    task = new_task(repo, "As it was")
    path = str(repo.json("task", "show", task)["path"])
    shown = repo.commit("task")
    repo.write(path, repo.read(path).replace("As it was", "Put in its place"))
    repo.git("commit", "--quiet", "--all", "--amend", "-m", "instead of it")
    later = repo.head
    repo.git("replace", shown, later)
    assert titles(repo, shown) == ["Put in its place"]
    assert titles(repo, shown, GIT_NO_REPLACE_OBJECTS="1") == ["As it was"]
    repo.git("config", "core.useReplaceRefs", "false")
    assert titles(repo, shown) == ["As it was"]
    repo.git("config", "--unset", "core.useReplaceRefs")
    repo.git("replace", "--delete", shown)
    repo.git("replace", f"{shown}:{path}", f"{later}:{path}")
    assert titles(repo, shown) == ["Put in its place"]
    repo.git("pack-refs", "--all")
    assert not list((repo.path / ".git/refs/replace").iterdir())
    assert titles(repo, shown) == ["Put in its place"], "a packed ref replaces as well"
    (repo.path / ".git/refs/replace").rmdir()
    assert titles(repo, shown) == ["Put in its place"], "git does not keep empty folders for ever"
    repo.git("replace", f"{later}^{{tree}}", f"{first}^{{tree}}")
    assert titles(repo, later) == []


def titles(repo: Repo, commit: str, **environment: str) -> list[str]:
    """The titles of the tasks that a commit brought, as ``review`` sees them."""
    asked = ["review", f"{commit}~1..{commit}", "--json"]
    return [one["title"] for one in repo.run(*asked, env=environment, check=False).json["tasks"]]


def test_objects_that_only_the_environment_names(work: Repo) -> None:
    """As in a hook of git receive-pack: what is pushed is in quarantine."""
    opened = Repository.open(work.path)
    quarantine = work.path.parent / "co:lon"
    (quarantine / "pack").mkdir(parents=True)
    places = {
        "GIT_OBJECT_DIRECTORY": str(quarantine),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(work.path / ".git/objects"),
    }
    pushed = work.git("hash-object", "-w", "--stdin", stdin="pushed\n", env=places)
    kept = work.git("rev-parse", "HEAD:n.txt")
    assert read_blob(open_objects(opened), pushed) is None
    with pytest.MonkeyPatch.context() as patch:
        for name, value in places.items():
            patch.setenv(name, value)
        objects = open_objects(Repository.open(work.path))
        assert (read_blob(objects, pushed), read_blob(objects, kept)) == (b"pushed\n", b"2\n")
        tree = dict(files_below(Repository.open(work.path), work.head, ""))
        assert tree["n.txt"] == b"2\n"
