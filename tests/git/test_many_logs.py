"""Many logs at once, against the log of each path by itself: the same events in the same order."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from taskorch.git import history, many_logs, worktree
from taskorch.git.arrivals import arrivals, arrivals_at
from taskorch.git.history import PathEvent
from taskorch.git.many_logs import has_filters, read_ahead
from taskorch.git.repository import Repository
from taskorch.git.tree_states import TreeStates
from tests.git import histories
from tests.git.histories import PATHS, History
from tests.repos import Repo

Way = Callable[[pytest.MonkeyPatch], None]


def by_name(patch: pytest.MonkeyPatch) -> None:
    """One log a range, with all its paths."""
    patch.setattr(many_logs, "_SINGLE", 0)
    patch.setattr(many_logs, "_SINGLE_FILTERED", 0)
    patch.setattr(many_logs, "_MOST_WALKS", 99)


def unnamed(patch: pytest.MonkeyPatch) -> None:
    """One log a range, the paths picked out of all its changes."""
    by_name(patch)
    patch.setattr(many_logs, "_MOST_NAMED", 0)


def one_walk(patch: pytest.MonkeyPatch) -> None:
    """All out of one walk."""
    by_name(patch)
    patch.setattr(many_logs, "_MOST_WALKS", 0)


def asked(dice: random.Random, known: History) -> list[tuple[tuple[str, ...], str]]:
    """Ranges of one tip, with bases that are its ancestors and others, and a path for each."""
    tip = dice.choice(known.commits[-6:])
    bases = [None, *dice.sample(known.commits, 6)]
    return [(tuple(history.range_of(base, tip)), path) for base in bases for path in PATHS]


def alone(repo: Repo, revisions: Sequence[str], path: str) -> list[PathEvent]:
    """The log of one path, as a process of its own reads it."""
    return history.path_events(Repository.open(repo.path), revisions, path)


@pytest.mark.parametrize("way", [by_name, unnamed, one_walk])
@pytest.mark.parametrize("seed", range(6))
def test_many_logs_are_those_of_each_path(
    repo: Repo, seed: int, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)
    pairs = asked(dice, histories.grow(repo, dice, 24))
    way(monkeypatch)
    opened = Repository.open(repo.path)
    read_ahead(opened, pairs[: len(pairs) // 2])
    read_ahead(opened, pairs)
    assert all((*revisions, path) in opened.logs for revisions, path in pairs)
    for revisions, path in pairs:
        assert history.path_events(opened, revisions, path) == alone(repo, revisions, path)


@pytest.mark.parametrize("seed", range(6))
def test_paths_that_are_asked_for_after_a_walk(
    repo: Repo, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)
    pairs = asked(dice, histories.grow(repo, dice, 24))
    one_walk(monkeypatch)
    opened = Repository.open(repo.path)
    read_ahead(opened, [pair for pair in pairs if pair[1] == PATHS[0]])
    monkeypatch.setattr(many_logs, "_walk", None)  # there is no second one
    read_ahead(opened, pairs)
    for revisions, path in pairs:
        assert history.path_events(opened, revisions, path) == alone(repo, revisions, path)


@pytest.mark.parametrize("seed", range(4))
def test_where_blobs_came_to_is_read_in_the_same_walk(
    repo: Repo, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)
    known = histories.grow(repo, dice, 24)
    pairs = asked(dice, known)
    oids = {state[7:] for tree in known.trees.values() for state in tree.values()}
    one_walk(monkeypatch)
    opened, other = Repository.open(repo.path), Repository.open(repo.path)
    ranges = {revisions for revisions, _ in pairs}
    read_ahead(opened, pairs, [(revisions, oid) for revisions in ranges for oid in oids])
    for revisions in ranges:
        for oid in oids:
            assert arrivals(opened, revisions, [oid]) == arrivals(other, revisions, [oid])
            for path in PATHS:
                found = arrivals_at(opened, revisions, path, oid)
                assert found == arrivals_at(other, revisions, path, oid)


@pytest.mark.parametrize("seed", range(4))
def test_trees_read_from_objects_say_what_git_says(repo: Repo, seed: int) -> None:
    known = histories.grow(repo, random.Random(seed))
    opened = Repository.open(repo.path)
    trees = TreeStates(opened)
    paths = {*PATHS, "d", "none", "d/none", "a/below", "sub"}
    oids = {state[7:] for tree in known.trees.values() for state in tree.values()}
    for commit in known.commits:
        assert trees.states_at(commit, paths) == worktree.states_at(opened, commit, paths)
        mine, gits = trees.paths_with(commit, oids), worktree.paths_with(opened, commit, oids)
        assert {oid: sorted(held) for oid, held in mine.items()} == {
            oid: sorted(held) for oid, held in gits.items()
        }


def test_names_that_are_not_utf8_and_submodules(repo: Repo) -> None:
    first = repo.commit("first", {"x": "x\n"})
    name = "caf\udce9"
    blob = repo.git("rev-parse", "HEAD:x")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{first},sub")
    repo.git("update-index", "-z", "--index-info", stdin=f"100755 {blob}\t{name}/{name}\0")
    repo.git("commit", "-qm", "odd")
    opened, head = Repository.open(repo.path), repo.head
    paths = {"sub", f"{name}/{name}", name, "x"}
    assert TreeStates(opened).states_at(head, paths) == worktree.states_at(opened, head, paths)
    assert TreeStates(opened).states_at(head, paths)["sub"] == f"160000 {first}"


def test_filters_of_a_commit_graph_are_seen(repo: Repo) -> None:
    for number in range(3):
        repo.commit(f"{number}", {"x": f"{number}\n"})

    def seen(*options: str) -> bool:
        if options:
            repo.git("commit-graph", "write", "--reachable", *options)
        return has_filters(Repository.open(repo.path))

    assert not seen()
    assert not seen("--no-changed-paths")
    assert seen("--changed-paths")
    (repo.path / ".git/objects/info/commit-graph").write_bytes(b"CGPH")
    assert not seen()
    (repo.path / ".git/objects/info/commit-graph").unlink()
    assert seen("--split", "--changed-paths")
