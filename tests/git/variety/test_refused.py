"""Repositories that git itself cannot read, or taskorch not yet: one clear error, and nothing is changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.making import started
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.repos import Build, Repo

LOST = "1" * 40


def with_a_session(repo: Repo) -> None:
    """A store, a commit, a session, and a change that is not committed."""
    repo.write("README.md", "a project\n")
    repo.run("init")
    repo.commit("first")
    started(repo)
    repo.write("new.txt", "new\n")


def extension(name: str, value: str) -> Callable[[Repo], object]:
    def make(repo: Repo) -> None:
        repo.git("config", "core.repositoryformatversion", "1")
        repo.git("config", f"extensions.{name}", value)

    return make


def elsewhere(content: str) -> Callable[[Repo], object]:
    def make(repo: Repo) -> None:
        shutil.move(repo.path / ".git", repo.path.parent / "moved")
        repo.write(".git", content)

    return make


def shared_index_lost(repo: Repo) -> None:
    repo.git("update-index", "--split-index")
    for file in repo.path.glob(".git/sharedindex.*"):
        file.unlink()


# what is done to the repository, the kind of the error, and words of it
UNREADABLE: dict[str, tuple[Callable[[Repo], object], str, str]] = {
    "refs in a reftable": (extension("refStorage", "reftable"), "git", "extension found: refstorage"),
    "an extension git does not know": (extension("unheardOf", "1"), "git", "extension found: unheardof"),
    "a newer repository format": (
        lambda repo: repo.git("config", "core.repositoryformatversion", "2"), "git", "found 2",
    ),
    "config cut off": (lambda repo: repo.write(".git/config", "[core\n"), "git", "bad config line 1"),
    "core.bare maybe": (lambda repo: repo.git("config", "core.bare", "maybe"), "git", "core.bare"),
    "core.bare of a work tree": (
        lambda repo: repo.git("config", "core.bare", "true"), "not_a_repository", "bare repository",
    ),
    "a work tree that is not there": (
        lambda repo: repo.git("config", "core.worktree", "/nowhere"), "not_a_repository",
        "/nowhere, is not there",
    ),
    "HEAD is garbage": (
        lambda repo: repo.write(".git/HEAD", "garbage\n"), "not_a_repository", ".git for no repository",
    ),
    "no objects": (
        lambda repo: shutil.rmtree(repo.path / ".git/objects"), "not_a_repository", ".git for no repository",
    ),
    "a .git file that leads nowhere": (
        elsewhere("gitdir: /nowhere\n"), "not_a_repository", ".git for no repository",
    ),
    "a .git file that is garbage": (elsewhere("garbage\n"), "git", "invalid gitfile format"),
}  # fmt: skip
DAMAGED: dict[str, Callable[[Repo], object]] = {
    "HEAD names a commit that is lost": lambda repo: repo.write(".git/HEAD", LOST + "\n"),
    "the branch is garbage": lambda repo: repo.write(".git/refs/heads/main", "garbage\n"),
    "the branch is empty": lambda repo: repo.write(".git/refs/heads/main", ""),
    "the branch names a commit that is lost": lambda repo: repo.write(".git/refs/heads/main", LOST + "\n"),
    "packed refs are garbage": lambda repo: repo.write(".git/packed-refs", "garbage\n"),
    "the index is garbage": lambda repo: repo.write(".git/index", "garbage"),
    "the shared index is lost": shared_index_lost,
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_repository_git_cannot_read(build: Build, case: str) -> None:
    repo = build(with_a_session)
    make, kind, words = UNREADABLE[case]
    make(repo)
    for command in (["init"], ["status"], ["task", "new", "T"], ["track"], ["commit"], ["recover"]):
        assert words in refused(repo, *command, kind=kind)["message"]
    assert [one["status"] for one in repo.json("task", "list")["tasks"]] == ["active"]  # records need no git


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_head_branch_or_index_is_no_new_beginning(build: Build, case: str) -> None:
    repo = build(with_a_session)
    DAMAGED[case](repo)
    for command in (["status"], ["session", "status"], ["verify"], ["recover"], ["track"], ["commit"]):
        refused(repo, *command, kind="git")
    refused(repo, "session", "end", kind="git")
    if "index" not in case:  # without an index history is there
        task = repo.json("task", "list")["tasks"][0]["id"]
        for command in (["history", task], ["review"]):
            assert "HEAD names no commit" in refused(repo, *command, kind="git")["message"]


def test_sha256(tmp_path: Path) -> None:
    repo = Repo.init(tmp_path / "repo", "--object-format=sha256")
    repo.commit("first", {"a": "a\n"})
    for words in (["init"], ["status"], ["task", "new", "T"], ["commit"]):
        said = refused(repo, *words, kind="not_a_repository")
        assert "sha256 object ids" in said["message"]


def test_a_reftable_that_git_can_read(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A git of 2.45 or newer tells how refs are kept; this one is made to."""
    repo = build(with_a_session)
    real = shutil.which("git")
    git = Repo(tmp_path / "bin").write(
        "git", f'#!/bin/sh\n"{real}" "$@" | sed s/^--show-ref-format$/$REFS/\n'
    )
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{git.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("REFS", "reftable")
    for words in (["init"], ["status"], ["task", "new", "T"], ["commit"]):
        assert "refs as reftable" in refused(repo, *words, kind="not_a_repository")["message"]
    monkeypatch.setenv("REFS", "files")
    repo.run("status")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run a process as somebody else")
def test_a_repository_of_somebody_else(build: Build, tmp_path_factory: pytest.TempPathFactory) -> None:
    repo = build(with_a_session)
    repo.git("config", "--global", "--unset-all", "safe.directory", check=False)
    subprocess.run(["chmod", "-R", "a+rX", str(repo.path)], check=True)
    before = snapshot(repo, local=True)
    opened = [folder for folder in repo.path.parents if folder.stat().st_mode & 0o5 != 0o5]
    for folder in opened:
        folder.chmod(folder.stat().st_mode | 0o5)
    try:
        for words in (["status"], ["task", "new", "T"], ["recover"]):
            done = as_nobody(repo, words)
            assert (done.returncode, done.stdout) == (1, ""), done
            assert f"git does not trust {repo.path}: it belongs to someone else" in done.stderr
            assert done.stderr.count("hint: ") == 1
        done = as_nobody(repo, ["recover"], GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="safe.directory",
                         GIT_CONFIG_VALUE_0=str(repo.path))  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "new.txt" in done.stdout
    finally:
        for folder in opened:
            folder.chmod(folder.stat().st_mode & ~0o5)
    assert snapshot(repo, local=True) == before


def as_nobody(repo: Repo, words: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    # the interpreter and its packages may be where only root can go: they are loaded before it steps down
    start = (
        "import os, sys, sqlite3, pkgutil, importlib, taskorch, pygit2, yaml, frontmatter;"
        "names = [one.name for one in pkgutil.walk_packages(taskorch.__path__, 'taskorch.')];"
        "[importlib.import_module(name) for name in names if not name.endswith('__main__')];"
        "import taskorch.cli.boundary as b;"
        "os.setgid(65534); os.setuid(65534); sys.exit(b.main(sys.argv[1:]))"
    )
    return subprocess.run(
        [sys.executable, "-c", start, *words],
        cwd=repo.path,
        env={**os.environ, **environment, "HOME": "/", "TMPDIR": "/tmp", "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
