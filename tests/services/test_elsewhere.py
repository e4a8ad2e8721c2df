"""Content at other paths than claimed: what it proves, and what it does not."""

from __future__ import annotations

import pytest

from taskorch.git.repository import Repository
from taskorch.records.claim import SEEN, Change, Claim, op_of
from taskorch.services.ladder.ladder import Ladder
from taskorch.services.ladder.verdict import Verdict
from tests.repos import Build, Repo

ANN, BOB = "t-00000001", "t-00000002"
TEXT = "".join(f"line {number}\n" for number in range(12))


def with_topic(repo: Repo) -> None:
    """Where work begins, tagged ``onto``, with the branch ``topic`` checked out."""
    repo.commit("onto", {"old": TEXT, "kept": "k\n"})
    repo.git("tag", "onto")
    repo.git("switch", "-qc", "topic")


@pytest.fixture
def topic(build: Build) -> Repo:
    return build(with_topic)


def claim(repo: Repo, path: str, task: str = ANN, source: str | None = None) -> Claim:
    """The claim of what topic made of a path."""
    before, after = repo.state(source or path, "onto"), repo.state(path, "topic")
    op = "copy" if source else op_of(Change(path, before, after))
    onto = repo.git("rev-parse", "onto")
    return Claim(task, path, op, None if source else before, after, onto, SEEN, source)


def squash(repo: Repo, *dropped: str) -> None:
    """Topic squashed on main, without some files."""
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--squash", "topic")
    for path in dropped:
        repo.git("rm", "-qf", path)
    repo.git("commit", "-qm", "squashed")


def judged(repo: Repo, *claims: Claim, target: str = "main") -> list[Verdict]:
    commit = repo.git("rev-parse", target)
    return Ladder(Repository.open(repo.path), commit, here=False).judge(claims)


def rungs(repo: Repo, *claims: Claim, target: str = "main") -> list[str]:
    return [one.rung for one in judged(repo, *claims, target=target)]


@pytest.mark.parametrize("task", [ANN, BOB])
def test_one_file_does_not_prove_two_claims_of_the_same_content(topic: Repo, task: str) -> None:
    topic.commit("two alike", {"a/same": "(c)\n", "b/same": "(c)\n"})
    made = claim(topic, "a/same"), claim(topic, "b/same", task)
    squash(topic, "b/same")
    assert rungs(topic, *made) == ["exact", "absent"]
    topic.commit("under another name", {"c/same": "(c)\n"})
    assert rungs(topic, *made) == ["exact", "moved"]


def test_one_other_file_does_not_prove_two_claims(topic: Repo) -> None:
    topic.commit("two alike", {"a/same": "(c)\n", "b/same": "(c)\n"})
    made = claim(topic, "a/same"), claim(topic, "b/same")
    topic.git("switch", "-q", "main")
    topic.commit("one of them, elsewhere", {"c/same": "(c)\n"})
    assert sorted(rungs(topic, *made)) == ["absent", "moved"]


def test_a_rename_by_others_is_no_copy(topic: Repo) -> None:
    topic.commit("a copy", {"copy": "k\n"})
    made = claim(topic, "copy", source="kept")
    topic.git("switch", "-q", "main")
    topic.git("mv", "kept", "kept2")
    topic.commit("renamed by a colleague")
    assert rungs(topic, made) == ["absent"]
    topic.commit("and the copy, elsewhere", {"copy2": "k\n"})
    assert rungs(topic, made) == ["moved"]


@pytest.mark.parametrize("how", ["merge", "squash"])
def test_renamed_on_the_way_and_edited_since_is_superseded(topic: Repo, how: str) -> None:
    topic.commit("new", {"new": TEXT + "new\n"})
    made = claim(topic, "new")
    topic.git("switch", "-q", "main")
    options = ["--no-ff", "--no-commit"] if how == "merge" else ["--squash"]
    topic.git("merge", "-q", *options, "topic")
    (topic.path / "d").mkdir()
    topic.git("mv", "new", "d/new")
    topic.git("commit", "-qm", "put it where it belongs")
    landed = topic.head
    [verdict] = judged(topic, made)
    assert (verdict.rung, verdict.at_path, verdict.commit) == ("moved", "d/new", landed)
    later = topic.commit("edited", {"d/new": TEXT + "new and more\n"})
    [verdict] = judged(topic, made)
    assert (verdict.rung, verdict.at_path, verdict.commit) == ("superseded", "d/new", landed)
    assert later[:10] in verdict.detail
    topic.commit("gone", {"d/new": None})
    [verdict] = judged(topic, made)
    assert verdict.counts_as == "failed"


def test_a_target_that_gained_nothing_has_nothing_landed(topic: Repo) -> None:
    """An older release: what the task deleted was not there yet, what it took back was so still."""
    topic.git("switch", "-q", "main")
    topic.git("branch", "release")
    topic.commit("later", {"added": "a\n", "kept": "k2\n"})
    topic.git("tag", "-f", "onto")
    topic.git("branch", "-f", "topic")
    topic.git("switch", "-q", "topic")
    topic.commit("undone", {"added": None, "kept": "k\n"})
    made = claim(topic, "added"), claim(topic, "kept")
    assert rungs(topic, *made, target="release") == ["unchanged", "unchanged"]
    assert rungs(topic, *made, target="topic") == ["exact", "exact"]


def test_reverted_and_made_again_with_more_is_superseded(topic: Repo) -> None:
    topic.commit("five", {"old": TEXT.replace("line 5", "five")})
    made = claim(topic, "old")
    squash(topic)
    topic.git("revert", "--no-edit", "HEAD")
    undone = topic.head
    assert rungs(topic, made) == ["reverted"]
    topic.commit("something else", {"old": TEXT.replace("line 8", "eight")})
    [verdict] = judged(topic, made)
    assert (verdict.rung, verdict.commit) == ("reverted", undone)
    topic.commit("again", {"old": TEXT.replace("line 5", "five").replace("line 6", "six")})
    assert rungs(topic, made) == ["superseded"]


def test_the_last_of_several_removals_is_named(topic: Repo) -> None:
    topic.commit("new", {"new": "n\n"})
    made = claim(topic, "new")
    squash(topic)
    topic.commit("first removal", {"new": None})
    topic.git("revert", "--no-edit", "HEAD")
    topic.commit("edited", {"new": "n\nmore\n"})
    last = topic.commit("final removal", {"new": None})
    [verdict] = judged(topic, made)
    assert (verdict.rung, verdict.commit) == ("reverted", last)


def test_half_a_move_says_what_is_missing(topic: Repo) -> None:
    topic.git("mv", "old", "new")
    topic.commit("moved", {"new": TEXT + "more\n"})
    made = Claim(
        ANN, "new", "move", topic.state("old", "onto"), topic.state("new", "topic"),
        topic.git("rev-parse", "onto"), SEEN, "old",
    )  # fmt: skip
    topic.git("switch", "-q", "main")
    topic.git("checkout", "-q", "topic", "--", "new")
    topic.commit("half of it")
    [verdict] = judged(topic, made)
    assert (verdict.rung, verdict.detail) == (
        "unknown",
        f"{topic.head[:10]} brought the content, but old is not gone with it",
    )
