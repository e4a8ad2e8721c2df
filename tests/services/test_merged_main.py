"""Work on a file that others change meanwhile, merged into the branch, squashed, and then undone."""

from __future__ import annotations

import pytest

from tests.repos import Repo


@pytest.fixture
def squashed(repo: Repo) -> tuple[Repo, str]:
    """Ann's task changed ``a``, merged Bob's change of it, changed it again, and was squashed on main."""
    lines = [f"line {number}" for number in range(9)]

    def write(first: str, last: str, where: Repo = repo) -> None:
        where.write("a", "\n".join([first, *lines, last]) + "\n")

    write("top", "end")
    repo.commit("start")
    repo.run("init")
    repo.run("commit", "-m", "taskorch: init")
    bob = repo.worktree(repo.path.parent / "bob", "-b", "bob")
    repo.git("switch", "-qc", "ann")
    task = str(repo.json("task", "new", "Rework a")["id"])
    repo.run("task", "start", task)
    write("ann", "end")
    repo.git("commit", "-qam", "Ann: top")
    write("top", "bob", bob)
    bob.git("-c", "user.name=Bob", "commit", "-qam", "Bob: end")
    repo.git("branch", "-f", "main", "bob")
    repo.git("merge", "-q", "main", "-m", "Merge main")
    write("ann twice", "bob")
    repo.run("task", "complete", task, "--results", "done")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "Ann: top again, and records")
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--squash", "ann")
    repo.git("commit", "-qm", "Rework a (#1)")
    repo.git("branch", "-qD", "ann")
    return repo, task


def test_the_squash_counts_as_landed_and_alone_belongs_to_the_task(squashed: tuple[Repo, str]) -> None:
    repo, task = squashed
    assert [row["rung"] for row in repo.json("verify", "--task", task, "--target", "main")["files"]] == [
        "exact"
    ]
    package = repo.json("recover", task)["recovery_package"]
    [row] = package["files_modified"]
    assert row["commits"] == [repo.git("rev-parse", "main").strip()]
    # its lines, without Bob's: the squash against the commit before it
    assert repo.git("diff", "--numstat", "main~1", "main", "--", "a").split()[:2] == ["1", "1"]
    assert (row["added"], row["removed"]) == (1, 1)
    assert "Bob: end" not in [commit["subject"] for commit in package["commits"]]


def test_a_revert_back_to_what_the_squash_found_is_reverted(squashed: tuple[Repo, str]) -> None:
    repo, task = squashed
    repo.git("checkout", "-q", "main~1", "--", "a")
    repo.git("commit", "-qm", "Revert the code of #1")
    done = repo.run("verify", "--task", task, "--target", "main", "--json", check=False)
    assert done.code == 4
    [row] = done.json["files"]
    assert (row["rung"], row["commit"]) == ("reverted", repo.git("rev-parse", "main").strip())


def test_edits_after_a_revert_do_not_make_the_work_landed(squashed: tuple[Repo, str]) -> None:
    repo, task = squashed
    repo.git("revert", "--no-edit", "main")
    undone = repo.git("rev-parse", "main").strip()
    repo.git("checkout", "-q", "main~1", "--", ".orchestrator")
    repo.write("a", "something else\n")
    repo.commit("edit it further")
    done = repo.run("verify", "--task", task, "--target", "main", "--json", check=False)
    [row] = done.json["files"]
    assert (done.code, row["rung"], row["commit"]) == (4, "reverted", undone)
