"""The rungs of verification, each on real histories, with plain git beside."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from taskorch.git.repository import Repository
from taskorch.records.claim import SEEN, Change, Claim, op_of
from taskorch.services.ladder.ladder import Ladder
from taskorch.services.ladder.succession import judge
from taskorch.services.ladder.verdict import Verdict
from taskorch.services.shapes import Json
from taskorch.services.verification import exit_code, overall
from tests.repos import Build, Repo

TASK, OTHER, THIRD = "t-00000001", "t-00000002", "t-00000003"
TEXT = "".join(f"line {number}\n" for number in range(12))
MORE = TEXT + "end\n"


def onto_and_topic(repo: Repo) -> None:
    """main at the tag ``onto``, and a branch ``topic`` with one change of every kind."""
    base: dict[str, str | bytes | None] = {
        "a": "a1\n",
        "b": "b1\n",
        "gone": "g1\n",
        "old": TEXT,
        "text": TEXT * 2,
    }
    repo.commit("onto", base | {"run": "r1\n", "same": "s1\n", "twin": "twin\n"})
    os.symlink("a", repo.path / "link")
    repo.commit("a link")
    repo.git("tag", "onto")
    repo.git("switch", "-qc", "topic")
    repo.commit("first", {"a": "a1.5\n", "new": "n1\n", "gone": None, "copy": "b1\n", "empty": ""})
    (repo.path / "run").chmod(0o755)
    repo.remove("link")
    os.symlink("b", repo.path / "link")
    (repo.path / "d").mkdir()
    for old, new in {"old": "d/moved", "text": "d/edited"}.items():
        (repo.path / old).rename(repo.path / new)
    repo.commit("second", {"a": "a2\n", "d/edited": TEXT * 2 + "end\n"})
    repo.git("switch", "-q", "main")


CLAIMED = {
    "a": "modify",
    "new": "create",
    "gone": "delete",
    "run": "modify",
    "link": "modify",
    "d/moved": "move old",
    "d/edited": "move text",
    "copy": "copy b",
    "empty": "create",
}


@pytest.fixture
def repo(build: Build) -> Repo:
    return build(onto_and_topic)


def claim(repo: Repo, path: str, what: str = "", *, onto: str | None = "onto", tip: str = "topic") -> Claim:
    """The claim on a path that changed from `onto` to `tip`, its states as plain git gives them."""
    op, _, source = what.partition(" ")
    before = repo.state(source or path, onto) if onto and op != "copy" else None
    after = repo.state(path, tip)
    op = op or op_of(Change(path, before, after))
    commit = repo.git("rev-parse", f"{onto}^{{commit}}") if onto else None
    return Claim(TASK, path, op, before, after, commit, SEEN, source or None)


def claims(repo: Repo) -> list[Claim]:
    """The claims of the work on ``topic``."""
    return [claim(repo, path, what) for path, what in CLAIMED.items()]


def judged(repo: Repo, made: Sequence[Claim], target: str | None = "main") -> dict[str, Verdict]:
    """The verdicts by path: against a commit, or (None) HEAD, index and disk."""
    opened = Repository.open(repo.path)
    ladder = Ladder(opened, opened.commit(target) if target else opened.head, target is None)
    return {verdict.claim.path: verdict for verdict in ladder.judge(made)}


def rungs(repo: Repo, made: Sequence[Claim], target: str | None = "main") -> dict[str, str]:
    return {path: verdict.rung for path, verdict in judged(repo, made, target).items()}


def rung(repo: Repo, made: Claim, target: str | None = "main") -> str:
    return rungs(repo, [made], target)[made.path]


def merge(repo: Repo) -> None:
    repo.git("merge", "-q", "--no-ff", "--no-edit", "topic")


def squash(repo: Repo) -> None:
    repo.git("merge", "-q", "--squash", "topic")
    repo.git("commit", "-qm", "squashed")


def rebase(repo: Repo) -> None:
    repo.commit("meanwhile", {"meanwhile": "1\n"})
    repo.git("switch", "-q", "topic")
    repo.git("rebase", "-q", "main")
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--ff-only", "topic")


def pick(repo: Repo) -> None:
    repo.commit("meanwhile", {"meanwhile": "1\n"})
    repo.git("cherry-pick", "onto..topic")


def by_a_colleague(repo: Repo) -> None:
    """The same contents in other commits, one for each file, by someone who never saw the branch."""
    repo.git("checkout", "-q", "topic", "--", *(path for path in CLAIMED if path != "gone"))
    repo.git("rm", "-q", "gone", "old", "text")
    for path in repo.git("diff", "--cached", "--no-renames", "--name-only", "HEAD").split():
        repo.git("commit", "-qm", path, "--author", "Bob <b@example.org>", "--", path)


WAYS: dict[str, Callable[[Repo], object]] = {
    "merge": merge,
    "squash": squash,
    "rebase": rebase,
    "cherry-pick": pick,
    "fast-forward": lambda repo: repo.git("merge", "-q", "--ff-only", "topic") and None,
    "by a colleague": by_a_colleague,
}


@pytest.mark.parametrize("way", WAYS)
def test_landed_in_any_way_is_exact(repo: Repo, way: str) -> None:
    made = claims(repo)
    WAYS[way](repo)
    # plain git: main has for each path what the claim says, and had not when the work began
    for one in made:
        assert repo.state(one.path, "main") == one.after != repo.state(one.path, "onto")
        assert one.op != "move" or repo.state(one.source or "", "main") is None
    assert rungs(repo, made) == rungs(repo, made, None) == dict.fromkeys(CLAIMED, "exact")
    repo.git("branch", "-q", "-D", "topic")
    repo.git("switch", "-q", "--detach", "onto")
    assert rungs(repo, made) == dict.fromkeys(CLAIMED, "exact")


def test_not_landed_is_absent(repo: Repo) -> None:
    made = claims(repo)
    repo.commit("something else", {"same": "s2\n"})
    assert repo.git("log", "--format=%H", "onto..main", "--", *CLAIMED, "old", "text") == ""
    assert rungs(repo, made) == rungs(repo, made, None) == dict.fromkeys(CLAIMED, "absent")


def revert(repo: Repo) -> None:
    squash(repo)
    repo.git("revert", "--no-edit", "HEAD")


def revert_merge(repo: Repo) -> None:
    merge(repo)
    repo.git("revert", "--no-edit", "-m", "1", "HEAD")


def revert_twice(repo: Repo) -> None:
    revert(repo)
    repo.git("revert", "--no-edit", "HEAD")


def edit_later(repo: Repo) -> None:
    """A colleague changes everything again after it landed."""
    squash(repo)
    repo.commit("later", {path: f"other {path}\n" for path in ("a", "new", "gone", "copy", "empty", "run")})
    for path in ("link", "d/moved", "d/edited"):
        repo.remove(path)
        repo.write(path, f"other {path}\n")
    repo.commit("later still")


def delete_later(repo: Repo) -> None:
    squash(repo)
    repo.commit("later", dict.fromkeys(path for path in CLAIMED if path != "gone"))


def move_all(repo: Repo) -> None:
    """Everything moves below ``x/``, a folder of the same shape."""
    files = repo.git("ls-files").split()
    for file in files:
        (repo.path / "x" / file).parent.mkdir(parents=True, exist_ok=True)
        repo.git("mv", file, f"x/{file}")
    repo.git("commit", "-qm", "moved")


def move_later(repo: Repo) -> None:
    squash(repo)
    move_all(repo)


def move_and_edit_later(repo: Repo) -> None:
    move_later(repo)
    repo.commit("edited", {"x/a": "a3\n", "x/d/edited": TEXT * 2 + "more\n", "x/d/moved": MORE})


def move_before(repo: Repo) -> None:
    """Everything had moved on main when the work landed there: in the new folder."""
    move_all(repo)
    for path in CLAIMED:
        if path != "gone":
            (repo.path / "x" / path).parent.mkdir(parents=True, exist_ok=True)
            entry = f"{(repo.state(path, 'topic') or '').replace(' ', ',')},x/{path}"
            repo.git("update-index", "--add", "--cacheinfo", entry)
    repo.git("rm", "-q", "--cached", "x/gone", "x/old", "x/text")
    repo.git("commit", "-qm", "landed")
    repo.git("reset", "-q", "--hard")


def rebase_without_a(repo: Repo) -> None:
    """Squashed, but one file was forgotten."""
    repo.git("merge", "-q", "--squash", "topic")
    repo.git("checkout", "-q", "onto", "--", "a")
    repo.git("commit", "-qm", "squashed")


def other_content(repo: Repo) -> None:
    """The same files were changed, never to what is claimed; what was to be gone is changed too."""
    repo.commit(
        "other", {"a": "x\n", "new": "x\n", "gone": "x\n", "copy": "x\n", "empty": "x\n", "run": "x\n"}
    )
    for path in ("link", "d/moved", "d/edited"):
        (repo.path / path).unlink(missing_ok=True)
        repo.write(path, "x\n")
    repo.commit("others")


def lost_in_a_merge(repo: Repo) -> None:
    """It landed on a branch, whose merge then took nothing of it: no commit but the merge says so."""
    repo.git("switch", "-qc", "side")
    squash(repo)
    repo.git("switch", "-q", "main")
    repo.commit("meanwhile", {"same": "s2\n"})
    repo.git("merge", "-q", "-s", "ours", "--no-edit", "side")


HISTORIES: dict[str, tuple[Callable[[Repo], None], dict[str, str]]] = {
    "reverted": (revert, dict.fromkeys(CLAIMED, "reverted")),
    "merge reverted": (revert_merge, dict.fromkeys(CLAIMED, "reverted")),
    "reverted twice": (revert_twice, dict.fromkeys(CLAIMED, "exact")),
    "lost in a merge": (lost_in_a_merge, dict.fromkeys(CLAIMED, "reverted")),
    "edited later": (edit_later, dict.fromkeys(CLAIMED, "superseded")),
    # gone again is what was before of what was created
    "deleted later": (
        delete_later,
        dict.fromkeys(CLAIMED, "superseded")
        | dict.fromkeys(["new", "copy", "empty"], "reverted")
        | {"gone": "exact"},
    ),
    # that an empty file is elsewhere proves nothing, but it was at its path
    "moved later": (
        move_later,
        dict.fromkeys(CLAIMED, "moved") | {"gone": "exact", "empty": "superseded"},
    ),
    "moved and edited later": (
        move_and_edit_later,
        dict.fromkeys(CLAIMED, "moved")
        | dict.fromkeys(["a", "d/edited", "d/moved"], "superseded")
        | {"gone": "exact", "empty": "superseded"},
    ),
    # the copy's content was at x/b too, but x/copy has it since; `gone` moved away: it is gone
    "moved before": (
        move_before,
        dict.fromkeys(CLAIMED, "moved") | {"gone": "exact", "empty": "absent"},
    ),
    "one file forgotten": (rebase_without_a, dict.fromkeys(CLAIMED, "exact") | {"a": "absent"}),
    # these claims have no lines: what else text may have become, nobody can tell
    "other content": (
        other_content,
        dict.fromkeys(CLAIMED, "unknown") | dict.fromkeys(("link", "gone", "d/moved", "run"), "absent"),
    ),
}


@pytest.mark.parametrize("case", HISTORIES)
def test_what_became_of_it(repo: Repo, case: str) -> None:
    act, expected = HISTORIES[case]
    made = claims(repo)
    act(repo)
    found = judged(repo, made)
    assert {path: one.rung for path, one in found.items()} == expected
    assert rungs(repo, made, None) == expected  # nothing is on disk but HEAD
    for one in found.values():
        prove(repo, one)


def prove(repo: Repo, verdict: Verdict) -> None:
    """Plain git says of the commit and path that a verdict names what the verdict says."""
    one, at = verdict.claim, verdict.at_path or verdict.claim.path
    inside = repo.git("rev-list", f"{one.onto}..main").split()
    if verdict.rung == "moved":
        assert verdict.commit in inside and repo.state(at) == repo.state(at, verdict.commit) == one.after
        assert repo.state(at, "onto") != one.after
    elif verdict.rung == "superseded":
        assert verdict.commit in inside and repo.state(at, verdict.commit) == one.after != repo.state(at)
        assert "changed since by" in verdict.detail
    elif verdict.rung == "reverted" and verdict.commit:
        assert verdict.commit in inside and repo.state(one.path, verdict.commit) == repo.state(one.path)
        parents = repo.git("rev-parse", f"{verdict.commit}^@").split()
        assert one.after in [repo.state(one.path, parent) for parent in parents]
    elif verdict.rung == "exact":
        assert repo.state(at) == one.after
    elif verdict.rung == "absent":
        changed = repo.git("log", "--format=%H", f"{one.onto}..main", "--", one.path).split()
        assert all(repo.state(one.path, commit) != one.after for commit in changed)


def test_the_reverting_commit_and_both_of_a_later_edit_are_named(repo: Repo) -> None:
    made = claim(repo, "a")
    squash(repo)
    landed = repo.head
    later = repo.commit("later", {"a": "a3\n"})
    repo.commit("elsewhere", {"same": "s2\n"})
    verdict = judged(repo, [made])["a"]
    assert (verdict.rung, verdict.commit) == ("superseded", landed)
    assert landed[:10] in verdict.detail and later[:10] in verdict.detail
    back = repo.commit("back", {"a": "a1\n"})
    verdict = judged(repo, [made])["a"]
    assert (verdict.rung, verdict.commit, verdict.counts_as) == ("reverted", back, "failed")


# What was not gained proves nothing.


def test_content_that_was_there_before_is_not_moved(repo: Repo) -> None:
    """``twin`` has it since before the work; that it is deleted and added again changes nothing."""
    repo.git("switch", "-q", "topic")
    repo.commit("third", {"n2": "twin\n"})
    made = claim(repo, "n2")
    repo.git("switch", "-q", "main")
    assert rung(repo, made) == "absent"
    repo.commit("deleted", {"twin": None})
    repo.commit("added", {"twin": "twin\n"})
    assert repo.state("twin") == made.after
    assert rung(repo, made) == "absent"
    repo.commit("elsewhere", {"other": "twin\n"})
    assert rung(repo, made) == "moved"
    repo.commit("and gone", {"other": None})
    assert rung(repo, made) == "absent"


def test_a_change_of_mode_is_not_moved_by_its_content(repo: Repo) -> None:
    """Somebody copies the program: its content was never the change, its mode is."""
    made = claim(repo, "run")
    repo.commit("copied", {"run-2": "r1\n"})
    assert rung(repo, made) == "absent"
    (repo.path / "run-2").chmod(0o755)
    repo.commit("as a program")
    assert repo.state("run-2") == made.after
    assert rung(repo, made) == "moved"


def test_a_move_is_not_moved_while_its_source_stands(repo: Repo) -> None:
    made = claim(repo, "d/moved", "move old")
    repo.commit("copied", {"elsewhere": TEXT})
    assert rung(repo, made) == "absent"
    repo.commit("and the other gone", {"old": None})
    assert rung(repo, made) == "moved"


def test_half_a_move_has_not_landed(repo: Repo) -> None:
    """The new file is there, the old one too: neither landed nor superseded."""
    made = [claim(repo, "d/moved", "move old"), claim(repo, "d/edited", "move text")]
    repo.git("checkout", "-q", "topic", "--", "d")
    repo.commit("half")
    assert repo.state("d/moved") == made[0].after and repo.state("old")
    assert {one.counts_as for one in judged(repo, made).values()} == {"unknown"}


def test_an_edited_file_that_kept_its_old_name_is_moved(repo: Repo) -> None:
    """Moved and edited on the branch; the edit landed under the old name."""
    made = claim(repo, "d/edited", "move text")
    repo.commit("edited", {"text": TEXT * 2 + "end\n"})
    verdict = judged(repo, [made])["d/edited"]
    assert (verdict.rung, verdict.at_path) == ("moved", "text")


def test_empty_files_are_never_moved(repo: Repo) -> None:
    made = claim(repo, "empty")
    repo.commit("another empty one", {"other/empty": ""})
    assert rung(repo, made) == "absent"


def test_unchanged_is_not_counted(repo: Repo) -> None:
    """Claims of what was so already; once a commit touches the path and takes it back, it is gained."""
    state = repo.state("same")
    commit = repo.git("rev-parse", "onto")
    made = [
        Claim(TASK, "same", "modify", repo.state("a"), state, commit, SEEN),
        Claim(TASK, "nowhere", "delete", state, None, commit, SEEN),
    ]
    found = judged(repo, made)
    assert {one.rung for one in found.values()} == {"unchanged"}
    assert {one.counts_as for one in found.values()} == {"not counted"}
    repo.commit("there", {"same": "s2\n", "nowhere": "x\n"})
    repo.commit("and back", {"same": "s1\n", "nowhere": None})
    assert set(rungs(repo, made).values()) == {"exact"}


def test_what_onto_had_by_another_way_was_not_gained(repo: Repo) -> None:
    """Two branches merged to and fro: a commit that both had when the work began is not in the range."""
    repo.git("branch", "side")
    one = repo.commit("one", {"c": "c1\n"})
    repo.git("switch", "-q", "side")
    two = repo.commit("two", {"d2": "d1\n"})
    repo.git("merge", "-q", "--no-edit", "main")
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "--no-edit", two)
    assert set(repo.git("merge-base", "--all", "main", "side").split()) == {one, two}
    repo.git("switch", "-qc", "work", "side")
    for path in ("c", "d2"):
        made = claim(repo, path, "modify", onto="side", tip="side")
        assert rung(repo, made, "main") == "unchanged"


@pytest.mark.parametrize("dates", [False, True])
def test_what_is_later_is_told_by_history_not_by_clocks(repo: Repo, dates: bool) -> None:
    made = claim(repo, "a")
    squash(repo)
    repo.git("branch", "side")
    repo.commit("elsewhere", {"same": "s2\n"})
    repo.git("switch", "-q", "side")
    repo.write("a", "a3\n")
    repo.git("commit", "-qam", "later", env={"GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z"} if dates else {})
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--no-edit", "side")
    assert rung(repo, made) == "superseded"


# Where the range cannot be told.


def test_null_onto_means_the_whole_history(repo: Repo) -> None:
    """Work begun on an unborn branch: any commit may have brought it."""
    made = [claim(repo, path, onto=None, tip="onto") for path in ("a", "b", "gone")]
    made.append(Claim(TASK, "never", "create", None, f"100644 {'1' * 40}", None, SEEN))
    repo.commit("later", {"b": "b2\n", "gone": None})
    expected = {"a": "exact", "b": "superseded", "gone": "reverted", "never": "absent"}
    assert rungs(repo, made) == rungs(repo, made, None) == expected


def test_no_commit_at_all(tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "unborn")
    repo.write("staged", "1\n")
    repo.git("add", "staged")
    repo.write("disk", "1\n")
    state = f"100644 {repo.git('hash-object', 'disk')}"
    made = [Claim(TASK, path, "create", None, state, None, SEEN) for path in ("staged", "disk", "not")]
    assert rungs(repo, made, None) == {"staged": "staged", "disk": "worktree", "not": "absent"}


def test_unrelated_histories_are_unknown(repo: Repo) -> None:
    """Even the very content there does not prove that it came from this work."""
    made = claims(repo)
    repo.git("checkout", "-q", "--orphan", "other", "topic")
    repo.commit("all of it")
    assert repo.git_result("merge-base", "onto", "other").code == 1
    found = judged(repo, made, "other")
    assert {one.rung for one in found.values()} == {"unknown"}
    assert all("shares no history" in one.detail for one in found.values())


def test_a_missing_onto_is_unknown(repo: Repo) -> None:
    made = [Claim(TASK, "a", "modify", None, repo.state("a"), "1" * 40, SEEN)]
    made += [Claim(TASK, "no", "create", None, f"100644 {'2' * 40}", "1" * 40, SEEN)]
    found = judged(repo, made)
    assert {one.rung for one in found.values()} == {"unknown"}
    assert all("not in this clone" in one.detail for one in found.values())


def test_a_shallow_clone_says_unknown_not_absent(repo: Repo, tmp_path: Path) -> None:
    squash(repo)
    made = [*claims(repo), claim(repo, "same", "modify", onto="topic", tip="onto")]
    never = Claim(TASK, "never", "create", None, f"100644 {'1' * 40}", None, SEEN)
    for number in range(3):
        repo.commit(f"later {number}", {"same": f"{number}\n"})
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    clone = Repo(tmp_path / "shallow")
    repo.git("clone", "-q", "--depth", "2", f"file://{repo.path}", str(clone.path))
    assert clone.git("rev-list", "--count", "HEAD") == "2"
    assert set(rungs(clone, [*made, never], "HEAD").values()) == {"unknown"}
    clone.git("fetch", "-q", "--unshallow")
    assert rungs(clone, [*made[:-1], never], "HEAD") == dict.fromkeys(CLAIMED, "exact") | {"never": "absent"}


# Index and disk.


def in_both(repo: Repo) -> None:
    repo.git("update-index", "-q", "--refresh")
    repo.git("read-tree", "-u", "-m", "HEAD", "topic")


def on_disk_only(repo: Repo) -> None:
    in_both(repo)
    repo.git("read-tree", "HEAD")


def in_index_only(repo: Repo) -> None:
    repo.git("read-tree", "topic")


def staged_then_changed(repo: Repo) -> None:
    in_both(repo)
    for path in ("a", "new", "d/moved"):
        repo.write(path, "changed again\n")


LOCAL: dict[str, tuple[Callable[[Repo], object], str]] = {
    "on disk": (on_disk_only, "worktree"),
    "in the index": (in_index_only, "staged"),
    "in both": (in_both, "staged"),
    "staged, then changed": (staged_then_changed, "staged"),
}


@pytest.mark.parametrize("case", LOCAL)
def test_staged_and_worktree(repo: Repo, case: str) -> None:
    act, expected = LOCAL[case]
    made = claims(repo)
    act(repo)
    found = judged(repo, made, None)
    assert {path: one.rung for path, one in found.items()} == dict.fromkeys(CLAIMED, expected)
    assert {one.counts_as for one in found.values()} == {"pending"}
    # a target is that commit and its history alone
    assert rungs(repo, made, "HEAD") == dict.fromkeys(CLAIMED, "absent")


def test_ignored_is_failed(repo: Repo) -> None:
    """On disk, and git will not commit it; tracked files and such that only look ignored are not."""
    repo.write(".git/info/exclude", "*.log\nbuild/\na\n*.d/\n")
    commit = repo.git("rev-parse", "onto")
    for path in ("x.log", "build/out", "new.d/in", "staged.log", "ok"):
        repo.write(path, "1\n")
    repo.git("add", "-f", "staged.log")
    repo.write("a", "1\n")
    state = f"100644 {repo.git('hash-object', 'ok')}"
    made = [
        Claim(TASK, path, "create", None, state, commit, SEEN) for path in ("x.log", "build/out", "new.d/in")
    ]
    made += [Claim(TASK, path, "create", None, state, commit, SEEN) for path in ("staged.log", "ok")]
    made.append(Claim(TASK, "a", "modify", repo.state("a"), state, commit, SEEN))
    found = judged(repo, made, None)
    assert {path: one.rung for path, one in found.items()} == {
        "x.log": "ignored",
        "build/out": "ignored",
        "new.d/in": "ignored",
        "staged.log": "staged",
        "ok": "worktree",
        "a": "worktree",
    }
    assert found["x.log"].counts_as == "failed"
    for path, verdict in found.items():
        ignored = repo.git_result("check-ignore", "-q", path).code == 0
        assert ignored == (verdict.rung == "ignored")


def test_landed_once_is_not_pending_again(repo: Repo) -> None:
    """Reverted in HEAD while the disk still has it: the revert is what matters."""
    made = claim(repo, "a")
    revert(repo)
    repo.write("a", "a2\n")
    assert rung(repo, made, None) == "reverted"


def test_other_places_of_the_disk(repo: Repo) -> None:
    """A folder where a file was, a file beyond a link, a file in what is now another repository."""
    commit = repo.git("rev-parse", "onto")
    repo.remove("a")
    repo.write("a/in", "1\n")
    os.symlink("a", repo.path / "to-a")
    Repo.init(repo.path / "nested").commit("1", {"f": "1\n"})
    state = f"100644 {repo.git('hash-object', 'a/in')}"
    paths = ["a", "a/in", "to-a/in", "nested/f"]
    made = [Claim(TASK, path, "create", None, state, commit, SEEN) for path in paths]
    gone = Claim(TASK, "a", "delete", repo.state("a"), None, commit, SEEN)
    assert rungs(repo, made, None) == dict.fromkeys(paths, "absent") | {"a/in": "worktree"}
    assert rung(repo, gone, None) == "worktree"


# Claims that went on from others.


def chain(repo: Repo, *contents: str, onto: str = "onto") -> list[Claim]:
    """Claims of several tasks on ``a``, each going on from the one before."""
    commit = repo.git("rev-parse", onto)
    states = [f"100644 {repo.git('hash-object', '-w', '--stdin', stdin=f'{text}')}" for text in contents]
    tasks = [TASK, OTHER, THIRD]
    return [
        Claim(tasks[number], "a", "modify", states[number], states[number + 1], commit, SEEN)
        for number in range(len(states) - 1)
    ]


def settled(repo: Repo, made: Sequence[Claim], written: Sequence[Claim], target: str | None) -> list[str]:
    opened = Repository.open(repo.path)
    ladder = Ladder(opened, opened.commit(target) if target else opened.head, target is None)
    return [verdict.rung for verdict in judge(ladder, made, written)]


def test_a_chain_that_was_squashed_is_superseded_to_its_beginning(repo: Repo) -> None:
    """Only the last content ever landed; also if just the first of the claims is asked for."""
    made = chain(repo, "a1\n", "x\n", "y\n", "z\n")
    repo.commit("squashed", {"a": "z\n"})
    assert settled(repo, made, made, "main") == ["superseded", "superseded", "exact"]
    assert settled(repo, made[:1], made, "main") == ["superseded"]
    assert settled(repo, made[:1], [], "main") == ["unknown"]
    repo.commit("and again", {"a": "later\n"})
    assert settled(repo, made, made, "main") == ["superseded"] * 3


def test_a_chain_that_is_not_committed_is_pending_to_its_beginning(repo: Repo) -> None:
    """Two tasks of a day changed one file: until it is committed neither has failed."""
    made = chain(repo, "a1\n", "x\n", "y\n")
    repo.write("a", "y\n")
    assert settled(repo, made, made, None) == ["worktree", "worktree"]
    repo.git("add", "a")
    assert settled(repo, made, made, None) == ["staged", "staged"]
    assert settled(repo, made, made, "main") == ["absent", "absent"]


def test_what_was_written_earlier_does_not_supersede(repo: Repo) -> None:
    """First a1 to x, which landed; later another task takes it back, which did not."""
    first, back = chain(repo, "a1\n", "x\n", "a1\n")
    repo.commit("landed", {"a": "x\n"})
    assert settled(repo, [first, back], [first, back], "main") == ["exact", "unknown"]


def test_who_takes_it_back_does_not_make_it_landed(repo: Repo) -> None:
    """From a1 to x and back to a1 in a branch; main went to y and back to a1, and never had x."""
    made = chain(repo, "a1\n", "x\n", "a1\n")
    repo.commit("theirs", {"a": "y\n"})
    repo.commit("theirs, back", {"a": "a1\n"})
    assert settled(repo, made, made, "main") == ["unknown", "exact"]


def test_a_chain_through_a_move_and_a_deletion(repo: Repo) -> None:
    commit = repo.git("rev-parse", "onto")
    first = chain(repo, "a1\n", "x\n")[0]
    moved = Claim(OTHER, "d/a", "move", first.after, first.after, commit, SEEN, "a")
    gone = Claim(THIRD, "d/a", "delete", first.after, None, commit, SEEN)
    again = Claim(TASK, "d/a", "create", None, first.before, commit, SEEN)
    made = [first, moved, gone, again]
    repo.commit("squashed", {"a": None, "d/a": "a1\n"})
    # that the move came says nothing of the content that was moved
    assert settled(repo, made, made, "main") == ["unknown", "patch", "superseded", "exact"]


# The whole.

WHOLE: list[tuple[list[str], str, tuple[int, int, int]]] = [
    # what the claims count as, the status, exit code without a target, with one, with --strict
    ([], "pending", (0, 0, 4)),
    (["landed"], "verified", (0, 0, 0)),
    (["landed", "not counted"], "verified", (0, 0, 0)),
    (["not counted"], "pending", (0, 0, 4)),
    (["landed", "pending"], "pending", (0, 0, 4)),
    (["landed", "unknown"], "partial", (0, 4, 4)),
    (["unknown"], "partial", (0, 4, 4)),
    (["unknown", "pending"], "pending", (0, 0, 4)),
    (["landed", "failed"], "failed", (4, 4, 4)),
    (["failed", "pending", "unknown"], "failed", (4, 4, 4)),
]


@pytest.mark.parametrize(("counts", "status", "codes"), WHOLE)
def test_the_whole_and_the_exit_code(counts: list[str], status: str, codes: tuple[int, int, int]) -> None:
    files = [{"counts_as": one} for one in random.sample(counts, len(counts))]
    assert overall(files) == status
    report: Json = {"status": status, "target": None, "problems": []}
    with_target = report | {"target": "main"}
    assert (exit_code(report), exit_code(with_target), exit_code(report, strict=True)) == codes
    # an unreadable record: at best partial, and found in any case
    spoilt = overall(files, problems=True)
    assert spoilt == ("partial" if status == "verified" else status)
    assert exit_code(report | {"status": spoilt, "problems": [{}]}) == 4
    assert overall(files, unfounded=True) == "failed"
