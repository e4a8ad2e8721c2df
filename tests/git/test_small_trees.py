"""Trees that hold just some states are those that git itself would write."""

from __future__ import annotations

import pytest

from taskorch.errors import GitFailed
from taskorch.git.repository import Repository
from taskorch.git.small_trees import two_trees
from tests.repos import Repo

BLOB, GONE = "ce013625030ba8dba906f756967f9e9ca394464a", "1" * 40


def listed(repo: Repo, tree: str) -> str:
    return repo.git("ls-tree", "-r", tree, env=Repository.open(repo.path).object_env)


def test_they_hold_what_was_and_what_is(repo: Repo) -> None:
    states = {
        "00000002": (f"100644 {BLOB}", f"100755 {BLOB}"),
        "00000001": (None, f"120000 {GONE}"),
        "00000000": (f"160000 {GONE}", None),
    }
    before, after = two_trees(Repository.open(repo.path), states)
    assert listed(repo, before) == f"160000 commit {GONE}\t00000000\n100644 blob {BLOB}\t00000002"
    assert listed(repo, after) == f"120000 blob {GONE}\t00000001\n100755 blob {BLOB}\t00000002"


def test_they_are_what_git_writes(repo: Repo) -> None:
    """In folders too, byte for byte; nothing goes to the user's objects."""
    repo.write("f/b\n c", "1\n")
    repo.write("g/ä", "2\n")
    repo.git("add", ".")
    staged = repo.git("ls-files", "-s", "-z").split("\0")
    states = {line.split("\t")[1]: (line.split("\t")[0].rsplit(" ", 1)[0], None) for line in staged if line}
    before, after = two_trees(Repository.open(repo.path), states)
    assert repo.git("cat-file", "-t", before, check=False) == ""
    assert after == "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    assert before == repo.git("write-tree")


def test_a_folder_that_cannot_be_written_is_named(repo: Repo) -> None:
    opened = Repository.open(repo.path)
    opened.make_objects_dir()
    (opened.objects_dir / "ce").write_text("in the way")
    (opened.objects_dir / "4b").write_text("in the way")
    with pytest.raises(GitFailed, match="cannot write to"):
        two_trees(opened, {"1": (None, None)})
