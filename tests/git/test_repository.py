"""Where a repository is, what HEAD is, what git is busy with, and which branch others have."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from taskorch.errors import NotARepository, NotFound, TaskorchError
from taskorch.git import worktree
from taskorch.git.repository import Repository
from tests.repos import Repo


def test_places(repo: Repo, tmp_path: Path) -> None:
    repo.commit("1", {"d/a": "1\n"})
    linked = repo.worktree(tmp_path / "linked tree", "-b", "other")
    git_dir = repo.path / ".git"
    here, below, there = (Repository.open(one) for one in (repo.path, repo.path / "d", linked.path))
    assert (here.top, here.git_dir, here.common_dir, here.bare) == (repo.path, git_dir, git_dir, False)
    assert (below.top, below.git_dir, below.common_dir) == (repo.path, git_dir, git_dir)
    assert (there.top, there.common_dir, there.private_dir) == (linked.path, git_dir, here.private_dir)
    assert there.git_dir == git_dir / "worktrees" / "linked-tree"
    assert (here.branch, there.branch) == ("main", "other")


def test_a_submodule_is_a_repository_of_its_own(repo: Repo, tmp_path: Path) -> None:
    other = Repo.init(tmp_path / "other")
    other.commit("1", {"f": "1\n"})
    repo.git("submodule", "add", "-q", str(other.path), "sub")
    opened = Repository.open(repo.path / "sub")
    assert opened.top == repo.path / "sub"
    assert opened.private_dir == repo.path / ".git/modules/sub/taskorch"


def test_no_repository_and_the_like(tmp_path: Path, repo: Repo) -> None:
    bare = Repo.init(tmp_path / "bare", "--bare")
    opened = Repository.open(bare.path)
    assert opened.bare and opened.top is None
    with pytest.raises(NotARepository, match="bare"):
        _ = opened.work_tree
    with pytest.raises(NotARepository, match="not in a git repository"):
        Repository.open(tmp_path)
    with pytest.raises(NotARepository, match="inside a git directory"):
        Repository.open(repo.path / ".git")
    with pytest.raises(NotARepository, match="sha256"):
        Repository.open(Repo.init(tmp_path / "sha256", "--object-format=sha256").path)


def test_the_variables_that_git_gives_to_hooks(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook's GIT_DIR names the repository, whatever the folder."""
    repo.commit("1", {"a": "1\n"})
    monkeypatch.setenv("GIT_DIR", str(repo.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(repo.path))
    repo.write("a", "2\n")
    opened = Repository.open(repo.path.parent)
    assert opened.top == repo.path
    assert worktree.changed_paths(opened) == ["a"]


def test_head(repo: Repo) -> None:
    opened = Repository.open(repo.path)
    assert (opened.head, opened.branch) == (None, "main")
    first = repo.commit("1", {"a": "1\n"})
    assert opened.head == first
    repo.git("switch", "-q", "--detach")
    assert (opened.head, opened.branch) == (first, None)


def test_revisions_of_users_are_never_options(repo: Repo) -> None:
    first = repo.commit("1", {"a": "1\n"})
    repo.git("tag", "-a", "-m", "x", "v1")
    opened = Repository.open(repo.path)
    assert opened.commit("v1") == first
    for name in ("--all", "-h", "--output=x", "HEAD:a", "nowhere", "", "HEAD^{tree}", "main..main", "^HEAD"):
        assert opened.commit_or_none(name) is None
        with pytest.raises(NotFound, match="no commit"):
            opened.commit(name)
    assert not (repo.path / "x").exists()


def test_common_ancestors(repo: Repo) -> None:
    first = repo.commit("1", {"a": "1\n"})
    second = repo.commit("2", {"a": "2\n"})
    repo.git("switch", "-qc", "side", first)
    third = repo.commit("3", {"a": "3\n"})
    repo.git("checkout", "-q", "--orphan", "alone")
    alone = repo.commit("4", {"a": "4\n"})
    opened = Repository.open(repo.path)
    assert opened.merge_base(second, third) == first
    assert opened.merge_base(alone, third) is None
    assert opened.merge_base("0" * 40, third) is None
    assert opened.is_ancestor(first, third) and opened.is_ancestor(first, first)
    assert not opened.is_ancestor(second, third)


MAIN, MASTER = "refs/heads/main", "refs/heads/master"
ORIGIN = "refs/remotes/origin/"
DEFAULTS: dict[str, tuple[list[str], str | None, str | None]] = {
    # refs there are (of the branch `topic`), what is configured, the answer
    "configured at the remote": ([ORIGIN + "dev", ORIGIN + "main", "refs/heads/dev"], "dev", ORIGIN + "dev"),
    "configured here": (["refs/heads/dev", ORIGIN + "main"], "dev", "refs/heads/dev"),
    "configured and not there": ([ORIGIN + "main"], "dev", ORIGIN + "main"),
    "configured, a pattern": ([ORIGIN + "main"], "m*", ORIGIN + "main"),
    "configured, an option": ([MAIN], "--all", MAIN),
    "remote HEAD": ([ORIGIN + "main", ORIGIN + "dev", f"{ORIGIN}HEAD {ORIGIN}dev"], None, ORIGIN + "HEAD"),
    "remote HEAD that dangles": ([ORIGIN + "main", f"{ORIGIN}HEAD {ORIGIN}gone"], None, ORIGIN + "main"),
    "remote main": ([ORIGIN + "main", ORIGIN + "master", MAIN], None, ORIGIN + "main"),
    "remote master": ([ORIGIN + "master", MAIN], None, ORIGIN + "master"),
    "local main": ([MAIN, MASTER], None, MAIN),
    "local master": ([MASTER], None, MASTER),
    "a remote of another name": ([ORIGIN + "main", "refs/remotes/up/master", "remote up"], None,
                                 "refs/remotes/up/master"),
    "another remote is not asked": (["refs/remotes/up/main", MASTER], None, MASTER),
    "below main": ([MAIN + "/x", ORIGIN + "main/x", MASTER], None, MASTER),
    "none": ([], None, None),
}  # fmt: skip


@pytest.mark.parametrize("case", DEFAULTS)
def test_the_branch_that_others_have(repo: Repo, case: str) -> None:
    refs, configured, expected = DEFAULTS[case]
    repo.commit("1", {"a": "1\n"})
    repo.git("branch", "-m", "topic")
    for ref in refs:
        name, _, to = ref.partition(" ")
        if name == "remote":
            repo.git("config", "branch.topic.remote", to)
        elif to:
            repo.git("symbolic-ref", name, to)
        else:
            repo.git("update-ref", name, "HEAD")
    assert Repository.open(repo.path).default_branch(configured) == expected


def test_the_default_branch_when_detached(repo: Repo) -> None:
    repo.commit("1", {"a": "1\n"})
    repo.git("switch", "-q", "--detach")
    repo.git("update-ref", "refs/remotes/origin/master", "HEAD")
    assert Repository.open(repo.path).default_branch(None) == "refs/remotes/origin/master"


def merge(repo: Repo, *command: str) -> None:
    """Stop git in the middle of a command by a conflict."""
    repo.commit("1", {"a": "1\n"})
    repo.git("switch", "-qc", "side")
    repo.commit("2", {"a": "2\n"})
    repo.commit("3", {"a": "3\n"})
    repo.git("switch", "-q", "main")
    repo.commit("4", {"a": "4\n"})
    mail = repo.git("format-patch", "--stdout", "-1", "side")
    assert repo.git_result(*command, stdin=f"{mail}\n").code != 0


def in_a_row(repo: Repo) -> None:
    """A cherry-pick of several, where the first was committed by hand: only the sequencer is left."""
    merge(repo, "cherry-pick", "main..side")
    repo.write("a", "x\n")
    repo.git("commit", "-qam", "by hand")


def bisect(repo: Repo) -> None:
    repo.commit("1", {"a": "1\n"})
    repo.git("bisect", "start")


BUSY: dict[str, tuple[Callable[[Repo], None], str | None]] = {
    "nothing": (lambda repo: None, None),
    "merge": (lambda repo: merge(repo, "merge", "side"), "a merge"),
    "rebase": (lambda repo: merge(repo, "rebase", "side"), "a rebase"),
    "rebase --apply": (lambda repo: merge(repo, "rebase", "--apply", "side"), "a rebase or git am"),
    "am": (lambda repo: merge(repo, "am", "-q"), "a rebase or git am"),
    "cherry-pick": (lambda repo: merge(repo, "cherry-pick", "side"), "a cherry-pick"),
    "several cherry-picks": (in_a_row, "a cherry-pick or revert"),
    "revert": (lambda repo: merge(repo, "revert", "--no-edit", "side~1"), "a revert"),
    "bisect": (bisect, "a bisect"),
}


@pytest.mark.parametrize("case", BUSY)
def test_what_git_is_busy_with(repo: Repo, case: str, tmp_path: Path) -> None:
    act, words = BUSY[case]
    act(repo)
    assert Repository.open(repo.path).operation() == words
    if words:  # in this work tree only
        linked = repo.worktree(tmp_path / "linked", "--detach")
        assert Repository.open(linked.path).operation() is None


def test_who_the_user_is(repo: Repo, sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Repository.open(repo.path)
    assert opened.author() == "Ann Example"
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Bob <b")
    assert opened.author() == "Bob b"
    monkeypatch.delenv("GIT_AUTHOR_NAME")
    (sealed / "gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    with pytest.raises(TaskorchError, match="who you are"):
        opened.author()


def test_git_that_is_missing_or_fails(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Repository.open(repo.path)
    with pytest.raises(TaskorchError, match=r"^git rev-parse failed: fatal: "):
        opened.git(["-c", "a.b=c", "rev-parse", "--verify", "nowhere"])
    shutil.rmtree(repo.path / ".git/objects")
    with pytest.raises(NotARepository):
        Repository.open(repo.path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotARepository, match="git is not installed"):
        Repository.open(repo.path)
