"""Submodules as paths of the repository above: what they were moved to is claimed, what is in them is not."""

from __future__ import annotations

import pytest

from tests.cli.making import started
from tests.git.variety.days import Place, landed, touching_nothing
from tests.repos import Build, Repo


def with_submodule(repo: Repo) -> None:
    """A submodule ``sub``, a second one ``bare`` that is not checked out, and a store."""
    other = Repo.init(repo.path.parent / "other")
    other.commit("1", {"f.txt": "1\n"})
    for name in ("sub", "bare"):
        repo.git("submodule", "add", "--quiet", str(other.path), name)
    repo.git("config", "-f", ".gitmodules", "submodule.bare.ignore", "all")
    repo.run("init")
    repo.commit("first")
    repo.git("submodule", "deinit", "--quiet", "--force", "bare")


@pytest.fixture
def above(build: Build) -> Repo:
    return build(with_submodule)


def claimed(repo: Repo, task: str) -> dict[str, str]:
    found = repo.json("task", "complete", task, "--results", "r")["verification"]["files"]
    return {row["path"]: row["op"] for row in found}


def test_a_submodule_moved_to_another_commit(above: Repo) -> None:
    task = started(above)
    sub = Repo(above.path / "sub")
    newer = sub.commit("2", {"f.txt": "2\n"})
    with touching_nothing(Place(above)):
        assert claimed(above, task) == {"sub": "modify"}
    above.run("commit")
    above.commit("newer")
    assert above.state("sub") == f"160000 {newer}"
    landed(Place(above), task, {"sub": "modify"})
    [changed] = above.json("recover", task)["recovery_package"]["files_modified"]
    assert (changed["path"], changed["rung"], changed["added"]) == ("sub", "exact", None)
    sub.git("checkout", "--quiet", "HEAD~1")
    assert above.json("verify", "--task", task)["on_disk"] is True  # it stands in HEAD
    above.run("doctor")


def test_what_is_changed_in_a_submodule_is_its_own(above: Repo) -> None:
    task = started(above)
    sub = Repo(above.path / "sub")
    sub.write("f.txt", "changed\n")
    sub.write("new.txt", "new\n")
    with touching_nothing(Place(above)):
        said = above.run("track", "sub/f.txt", "--json", check=False)
        assert (said.code, said.error["kind"]) == (1, "not_found")
        assert claimed(above, task) == {}


def test_submodules_added_removed_and_not_checked_out(above: Repo) -> None:
    task = started(above)
    other = above.git("config", "-f", ".gitmodules", "submodule.sub.url")
    above.git("submodule", "add", "--quiet", other, "third")
    above.git("rm", "--quiet", "--force", "sub")
    with touching_nothing(Place(above)):
        found = claimed(above, task)
        assert found == {".gitmodules": "modify", "third": "move"}  # of the same commit
    above.run("commit")
    above.commit("submodules")
    landed(Place(above), task, found)
    assert above.git("status", "--porcelain") == ""
