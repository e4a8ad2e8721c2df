"""What commits changed, against a slow comparison of every commit's tree with its parents'."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from taskorch.git import history, trailers
from taskorch.git.history import PathEvent
from taskorch.git.repository import Repository
from tests.git import histories
from tests.git.histories import PATHS, History
from tests.repos import Repo


def expected_events(known: History, base: str | None, tip: str, path: str) -> set[PathEvent]:
    """By definition: the commits whose tree differs at the path from each of their parents'."""
    out = set()
    for commit in known.range(base, tip):
        if known.changed(commit, path):
            first = next(iter(known.parents[commit]), None)
            out.add(PathEvent(commit, path, known.state(first, path), known.state(commit, path)))
    return out


@pytest.mark.parametrize("seed", range(10))
def test_path_events_are_those_of_a_full_comparison(repo: Repo, seed: int) -> None:
    dice = random.Random(seed)
    known = histories.grow(repo, dice)
    opened = Repository.open(repo.path)
    for _ in range(4):
        base, tip = dice.choice([None, *known.commits]), dice.choice(known.commits)
        revisions = history.range_of(base, tip)
        assert set(history.commits_in(opened, revisions)) == set(known.range(base, tip))
        for path in PATHS:
            events = history.path_events(opened, revisions, path)
            assert set(events) == expected_events(known, base, tip, path)
            assert len(events) == len(set(events))
            # nothing stands before its descendants
            for place, event in enumerate(events):
                above = {other.commit for other in events[:place]}
                assert not above & (known.ancestors(event.commit) - {event.commit})


@pytest.mark.parametrize("seed", range(4))
def test_changes_of_moves_are_those_between_the_trees(repo: Repo, seed: int) -> None:
    dice = random.Random(seed)
    known = histories.grow(repo, dice, 10)
    moves = [(dice.choice([None, *known.commits]), dice.choice(known.commits)) for _ in range(8)]
    moves += [(known.commits[0], known.commits[0]), (None, known.commits[-1]), moves[0]]
    found = history.changes_of_moves(Repository.open(repo.path), moves)
    for (old, new), events in zip(moves, found, strict=True):
        assert set(events) == {
            PathEvent(new, path, known.state(old, path), known.state(new, path))
            for path in PATHS
            if known.state(old, path) != known.state(new, path)
        }
    assert history.changes_of_moves(Repository.open(repo.path), []) == []


def test_events_are_in_order_whatever_the_clocks_said(repo: Repo) -> None:
    """The change of `first` is on both branches, `second` follows it with an earlier date."""
    first = repo.commit("first", {"f": "1\n"})
    repo.git("branch", "side")
    repo.commit("elsewhere", {"g": "1\n"})
    repo.git("switch", "-q", "side")
    repo.write("f", "2\n")
    repo.git("commit", "-qam", "second", env={"GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z"})
    second = repo.head
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "-m", "both", "side")
    events = history.path_events(Repository.open(repo.path), ["HEAD"], "f")
    assert [one.commit for one in events] == [second, first]


def test_events_of_odd_paths(repo: Repo) -> None:
    """Every path is literal, a folder's name means no file in it, and a clean merge is no change."""
    names = ["*", ":(top)a", "-n", "a b", "ü", "new\nline", "\udcff", "\x02x", ":x"]
    repo.commit("1", {name: "1\n" for name in [*names, "a", "d/in"]})
    repo.git("switch", "-qc", "side")
    second = repo.commit("2", dict.fromkeys(names, "2\n"))
    repo.git("switch", "-q", "main")
    repo.commit("3", {"a": "3\n"})
    repo.git("merge", "-q", "--no-ff", "-m", "both", "side")
    opened = Repository.open(repo.path)
    found = {name: history.path_events(opened, ["HEAD"], name) for name in (*names, "d", "nowhere")}
    assert {path: len(events) for path, events in found.items()} == dict.fromkeys(names, 2) | {
        "d": 0,
        "nowhere": 0,
    }
    assert {found[name][0].commit for name in names} == {second}


def test_a_submodule_that_git_is_told_to_ignore(repo: Repo, tmp_path: Path) -> None:
    other = Repo.init(tmp_path / "other")
    other.commit("1", {"f": "1\n"})
    repo.git("submodule", "add", "-q", str(other.path), "sub")
    repo.git("config", "-f", ".gitmodules", "submodule.sub.ignore", "all")
    first = repo.commit("with a submodule")
    newer = Repo(repo.path / "sub").commit("2", {"f": "2\n"})
    repo.git("update-index", "--cacheinfo", f"160000,{newer},sub")
    repo.git("commit", "-qm", "newer")
    event = PathEvent(repo.head, "sub", repo.state("sub", first), f"160000 {newer}")
    opened = Repository.open(repo.path)
    assert history.changes_between(opened, first, repo.head) == [event]
    assert history.changes_of_moves(opened, [(first, repo.head)]) == [[event]]


TEXT = "".join(f"line {number}\n" for number in range(20))


def test_renames_are_followed(repo: Repo) -> None:
    """a -> b (changed on the way) -> d/c; what is similar but was not moved is not followed."""
    repo.commit("1", {"a": TEXT, "similar": TEXT + "x\n"})
    moved = repo.commit("2", {"a": None, "b": TEXT + "more\n"})
    edited = repo.commit("3", {"b": TEXT + "most\n"})
    again = repo.commit("4", {"b": None, "d/c": TEXT + "most\n"})
    last = repo.commit("5", {"d/c": TEXT + "end\n"})
    opened = Repository.open(repo.path)
    assert history.renames_in(opened, moved) == [("a", "b")]
    assert history.renamed_to(opened, again, "b") == "d/c"
    assert history.renamed_to(opened, edited, "b") is None
    own = history.path_events(opened, ["HEAD"], "a")
    later = history.following_events(opened, ["HEAD"], "a", own)
    assert [(one.path, one.commit) for one in later] == [
        ("b", again),
        ("b", edited),
        ("b", moved),
        ("d/c", last),
        ("d/c", again),
    ]
    followed = repo.git("log", "--follow", "--format=%H", "--", "d/c").split()
    assert {one.commit for one in [*own, *later]} == set(followed)


def test_renames_in_a_circle_and_in_a_merge_end(repo: Repo) -> None:
    repo.commit("1", {"a": TEXT})
    for old, new in pairwise(["a", "b", "a", "b"]):
        repo.commit(f"{old} to {new}", {old: None, new: TEXT})
    repo.git("switch", "-qc", "side")
    repo.commit("side", {"other": "1\n"})
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--no-commit", "--no-ff", "side")
    repo.git("mv", "b", "c")
    merge = repo.commit("moved in the merge")
    opened = Repository.open(repo.path)
    assert history.renames_in(opened, merge) == [("b", "c")]
    own = history.path_events(opened, ["HEAD"], "a")
    later = history.following_events(opened, ["HEAD"], "a", own)
    assert {one.path for one in later} == {"b", "c"}
    assert history.renames_in(opened, repo.git("rev-list", "--max-parents=0", "HEAD")) == []


def test_what_was_done_by_hand_in_a_merge(repo: Repo) -> None:
    """Only what git's own merge would not have given: neither side's files nor clean merges of both."""
    both = [f"{number}\n" for number in range(9)]
    repo.commit(
        "1", {"both": "".join(both), "conflict": "1\n", "theirs": "1\n", "evil": "1\n", "took": "1\n"}
    )
    repo.git("switch", "-qc", "side")
    repo.commit("2", {"both": "".join(["x\n", *both]), "conflict": "2\n", "theirs": "2\n", "took": "2\n"})
    repo.git("switch", "-q", "main")
    repo.commit("3", {"both": "".join([*both, "x\n"]), "conflict": "3\n", "took": "3\n", "ours": "3\n"})
    assert repo.git_result("merge", "side").code == 1
    repo.git("checkout", "--theirs", "took")
    repo.write("evil", "2\n")
    merge = repo.commit("merged", {"conflict": "2 and 3\n"})
    opened = Repository.open(repo.path)
    before = repo.git("count-objects", "-v")
    assert history.combined_paths(opened, merge) == {"conflict", "evil"}
    assert repo.git("count-objects", "-v") == before
    # git says so itself: both, conflict and evil differ from each parent, both from no automatic merge
    assert set(repo.git("diff-tree", "-c", "--name-only", "--no-commit-id", merge).split()) == {
        "both",
        "conflict",
        "evil",
    }
    assert "both" not in repo.git("show", "--remerge-diff", "--name-only", "--format=", merge).split()


def test_describing_commits(repo: Repo) -> None:
    repo.git("config", "i18n.logOutputEncoding", "latin1")
    repo.git("config", "log.date", "relative")
    first = repo.commit("Grüße: \N{SNOWMAN}\n\nbody", {"a": "1\n"})
    second = repo.commit("zwei", {"b": "1\n"})
    opened = Repository.open(repo.path)
    found = history.describe(opened, [second, first, "0" * 40, second])
    assert [(one.id, one.subject, one.author) for one in found.values()] == [
        (second, "zwei", "Ann Example"),
        (first, "Grüße: \N{SNOWMAN}", "Ann Example"),
    ]
    assert found[first].date == "2026-01-02T03:04:05+00:00"
    last = history.last_change(opened, "HEAD", "a")
    assert last and last.id == first
    assert history.last_change(opened, "HEAD", "*") is None
    assert history.describe(opened, []) == {}


def test_commits_with_a_trailer(repo: Repo) -> None:
    repo.git("config", "grep.patternType", "fixed")
    wanted = repo.commit("one\n\nTask: t-1\nTask: t-2", {"a": "1\n"})
    repo.commit("Task: t-2 in the text\n\nthat is\nTask: t-2\n\nno trailer", {"a": "2\n"})
    repo.commit("three\n\nTask: t-22", {"a": "3\n"})
    opened = Repository.open(repo.path)
    assert trailers.commits_with_trailer(opened, ["HEAD"], "Task", "t-2") == [wanted]


def dated(repo: Repo, day: str, message: str, **files: str) -> str:
    """A commit of that day of 2026."""
    for path, content in files.items():
        repo.write(path, content)
    repo.git("add", "-A")
    repo.git("commit", "-qm", message, env={"GIT_COMMITTER_DATE": f"2026-{day}T12:00:00Z"})
    return repo.head


def test_what_is_read_beside_ends_where_the_file_was_made(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dated(repo, "01-01", "old\n\nTask: t-1", a="1\n")
    before = dated(repo, "02-01", "before the record\n\nTask: t-1", a="2\n")
    made = dated(repo, "02-02", "the record", record="1\n")
    changed = dated(repo, "02-03", "changed\n\nTask: t-1", record="2\n")
    opened = Repository.open(repo.path)
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    trailers.begin(opened, repo.head, "record", ("Task", "t-1"), datetime(2026, 2, 2, tzinfo=UTC))
    with_trailer = trailers.commits_with_trailer(opened, [repo.head], "Task", "t-1")
    events = history.path_events(opened, [repo.head], "record")
    assert [event.commit for event in events] == [changed, made]
    assert with_trailer == [changed, before]
    logs = [line for line in trace.read_text().splitlines() if " log " in line]
    assert len(logs) == 2
    assert all("--since=2026-02-01T00:00:00Z" in line for line in logs)


@pytest.mark.parametrize("created", [(2026, 2, 2), (2026, 3, 1), (2099, 1, 1), (1, 1, 1), (9999, 12, 31)])
def test_all_is_read_where_the_times_are_not_what_they_say(repo: Repo, created: tuple[int, int, int]) -> None:
    """The file is older than it says, or a commit since is older than all."""
    before = dated(repo, "02-01", "before the record\n\nTask: t-1", a="2\n")
    made = dated(repo, "02-02", "the record", record="1\n")
    dated(repo, "01-01", "a clock that is wrong", a="3\n")
    opened = Repository.open(repo.path)
    trailers.begin(opened, repo.head, "record", ("Task", "t-1"), datetime(*created, tzinfo=UTC))
    assert [event.commit for event in history.path_events(opened, [repo.head], "record")] == [made]
    assert trailers.commits_with_trailer(opened, [repo.head], "Task", "t-1") == [before]


HOSTILE = """
[color] ui = always
[column] ui = always
[core]
\tabbrev = 5
\tquotePath = true
\tfsmonitor = false
\tsplitIndex = true
\tuntrackedCache = true
[diff]
\talgorithm = patience
\tcontext = 9
\tcolorMoved = zebra
\texternal = false
\tignoreSubmodules = all
\tinterHunkContext = 20
\tmnemonicPrefix = true
\tnoprefix = true
\trelative = true
\trenames = copies
\tsubmodule = log
\tsuppressBlankEmpty = true
\twordRegex = .
\twsErrorHighlight = all
[format] pretty = oneline
[grep] patternType = perl
[i18n] logOutputEncoding = latin1
[log]
\tabbrevCommit = true
\tdate = relative
\tdecorate = full
\tdiffMerges = first-parent
\tfollow = true
\tmailmap = true
\tshowRoot = false
\tshowSignature = true
[notes] displayRef = *
[status]
\tbranch = true
\trelativePaths = false
\trenames = copies
\tshort = true
\tshowStash = true
\tshowUntrackedFiles = no
\tsubmoduleSummary = true
[submodule] recurse = true
"""


def test_settings_of_the_user_change_nothing(repo: Repo, sealed: Path) -> None:
    from taskorch.git import diff, reflog, stash, worktree

    known = histories.grow(repo, random.Random(1), 8)
    tip = known.commits[-1]
    repo.git("reset", "-q", "--hard", tip)
    repo.write("a", TEXT)
    repo.git("stash", "-q")
    repo.write("a", TEXT + "ü\n")
    repo.write("new/er", TEXT)
    change = {"a": (worktree.states_at(Repository.open(repo.path), tip, ["a"])["a"], None)}

    def answers() -> list[object]:
        opened = Repository.open(repo.path)
        dirty = worktree.dirty(opened)
        changes = {path: (None, state) for path, state in dirty.items()} | change
        return [
            dirty,
            worktree.index_states(opened, PATHS),
            [history.path_events(opened, [tip], path) for path in PATHS],
            history.changes_between(opened, known.commits[0], tip),
            history.changes_between(opened, None, tip),
            history.changes_of_moves(opened, list(zip(known.commits, known.commits[1:], strict=False))),
            [history.renames_in(opened, commit) for commit in known.commits],
            [history.combined_paths(opened, one) for one in known.commits if len(known.parents[one]) > 1],
            history.describe(opened, known.commits),
            history.last_change(opened, tip, "a"),
            diff.renames(opened, changes),
            diff.evidence(opened, changes),
            diff.line_counts(opened, changes),
            reflog.moves_since(opened, None, 0),
            stash.entries(opened),
            opened.default_branch(None),
        ]

    expected = answers()
    with (sealed / "gitconfig").open("a") as config:
        config.write(HOSTILE)
    (sealed / "attributes").write_text("* -diff\n* diff=x\n* textconv=x\n")
    repo.git("config", "--global", "core.attributesFile", str(sealed / "attributes"))
    repo.git("config", "--global", "diff.x.textconv", "false")
    repo.git("config", "--global", "diff.x.command", "false")
    for got, wanted in zip(answers(), expected, strict=True):
        assert got == wanted
