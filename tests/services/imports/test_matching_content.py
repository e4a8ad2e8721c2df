"""File operations of other systems as claims: their content is looked for in the repository."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from taskorch.interchange.foreign import Foreign, ForeignOperation, ForeignSession, ForeignTask
from taskorch.services.imports.importing import import_foreign
from taskorch.services.shapes import Json
from taskorch.services.workspace import Workspace
from tests.repos import Repo

WHEN = "2025-03-01T10:00:00Z"


def sha(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def create(path: str, content: str, op: str = "create", **more: str) -> ForeignOperation:
    return ForeignOperation("A", path, op, WHEN, sha(content), **more)


def foreign(*operations: ForeignOperation) -> Foreign:
    task = ForeignTask("A", "A", created=WHEN, status="completed")
    session = ForeignSession("s", created=WHEN, ended=WHEN, tasks=("A",), operations=operations)
    return Foreign("other", tasks=[task], sessions=[session])


def imported(repo: Repo, *operations: ForeignOperation) -> Json:
    return import_foreign(Workspace(repo.path), foreign(*operations))


def claims(repo: Repo) -> list[tuple[str, str, str | None, str | None]]:
    found = [claim for rows in Workspace(repo.path).load().claims.values() for claim, _ in rows]
    return [(one.op, one.path, one.before, one.after) for one in found]


@pytest.fixture
def project(repo: Repo) -> Repo:
    repo.commit("one", {"a.txt": "one\n", "b.txt": "b\n", "gone.txt": "gone\n"})
    repo.commit("two", {"a.txt": "two\n", "gone.txt": None})
    repo.run("init")
    return repo


def test_content_of_the_history_and_its_states_before_and_behind(project: Repo) -> None:
    first, second = project.state("a.txt", "HEAD~1"), project.state("a.txt")
    imported(project, create("a.txt", "two\n", "modify"), ForeignOperation("A", "gone.txt", "delete", WHEN))
    gone = project.state("gone.txt", "HEAD~1")
    assert claims(project) == [("modify", "a.txt", first, second), ("delete", "gone.txt", gone, None)]
    rungs = {one["path"]: one["rung"] for one in project.json("verify", "--all")["files"]}
    assert rungs == {"a.txt": "exact", "gone.txt": "exact"}


def test_steps_on_one_path_are_one_claim(project: Repo) -> None:
    steps = (
        create("a.txt", "one\n"),
        create("a.txt", "between\n", "modify"),
        create("a.txt", "two\n", "modify"),
    )
    done = imported(project, *steps)
    assert claims(project) == [("create", "a.txt", None, project.state("a.txt"))]
    [how] = [one["how"] for one in done["mapped"]]
    assert how.startswith("2 of 3 file operations are 1 claim; the rest is not in this repository")


def test_content_changed_since_is_superseded_and_content_that_never_was_here_is_no_claim(
    project: Repo,
) -> None:
    imported(project, create("a.txt", "one\n"), create("b.txt", "other\n"), create("nowhere.txt", "x\n"))
    assert [row[1] for row in claims(project)] == ["a.txt"]
    [row] = project.json("verify", "--all")["files"]
    assert row["rung"] == "superseded"


def test_the_first_time_that_a_content_came_counts(project: Repo) -> None:
    first = project.state("a.txt", "HEAD~1")
    project.commit("again", {"a.txt": "one\n"})
    imported(project, create("a.txt", "one\n"))
    assert claims(project) == [("create", "a.txt", None, first)]


def test_content_on_disk_alone(project: Repo) -> None:
    project.write("new.txt", "new\n")
    project.write("a.txt", "three\n")
    imported(project, create("new.txt", "new\n"), create("a.txt", "three\n", "modify"))
    found = {row[1]: row[2] for row in claims(project)}
    assert found == {"new.txt": None, "a.txt": project.state("a.txt")}
    assert {one["rung"] for one in project.json("verify", "--all")["files"]} == {"worktree"}


def test_lines_that_ended_otherwise_on_that_machine(project: Repo) -> None:
    imported(project, create("a.txt", "one\r\n"))
    assert claims(project) == [("create", "a.txt", None, project.state("a.txt", "HEAD~1"))]


def test_files_that_git_stores_otherwise_than_they_are_on_disk(project: Repo) -> None:
    project.git("config", "filter.up.clean", "tr a-z A-Z")
    project.git("config", "filter.up.smudge", "tr A-Z a-z")
    project.commit("filter", {".gitattributes": "*.up filter=up\n", "x.up": "small\n"})
    imported(project, create("x.up", "small\n"))
    assert claims(project) == [("create", "x.up", None, project.state("x.up"))]
    assert project.json("verify", "--all")["files"][0]["rung"] == "exact"


def test_content_on_another_branch(project: Repo) -> None:
    project.commit("records")
    project.git("switch", "--quiet", "-c", "side")
    project.commit("side", {"side.txt": "side\n"})
    state = project.state("side.txt")
    project.git("switch", "--quiet", "main")
    imported(project, create("side.txt", "side\n"))
    assert claims(project) == [("create", "side.txt", None, state)]


def test_paths_of_another_machine_whose_root_nobody_knows(project: Repo) -> None:
    project.commit("deep", {"src/deep/c.py": "c\n"})
    paths = create("/home/x/proj/src/deep/c.py", "c\n"), create("C:/work/b.txt", "b\n")
    imported(project, *paths, ForeignOperation("A", "/home/x/proj/gone.txt", "delete", WHEN))
    assert [row[:2] for row in claims(project)] == [
        ("create", "b.txt"), ("delete", "gone.txt"), ("create", "src/deep/c.py"),
    ]  # fmt: skip


def test_moves_and_copies_say_where_they_came_from(project: Repo) -> None:
    project.commit("move", {"b.txt": None, "moved.txt": "b\n", "copy.txt": "two\n"})
    move = create("moved.txt", "b\n", "move", source="b.txt")
    imported(project, move, create("copy.txt", "two\n", "copy", source="a.txt"))
    before, after = project.state("b.txt", "HEAD~1"), project.state("moved.txt")
    found = [
        ("copy", "copy.txt", None, project.state("copy.txt")),
        ("move", "moved.txt", before, after),
    ]
    assert claims(project) == found
    assert {one["rung"] for one in project.json("verify", "--all")["files"]} == {"exact"}


def test_reads_are_claims_that_nothing_is_verified_of(project: Repo) -> None:
    imported(project, create("a.txt", "two\n", "read"))
    state = project.state("a.txt")
    assert claims(project) == [("read", "a.txt", state, state)]


def test_unknown_operations_and_tasks_are_no_claims(project: Repo) -> None:
    stranger = ForeignOperation("nobody", "a.txt", "create", WHEN, sha("two\n"))
    imported(project, create("a.txt", "two\n", "polish"), stranger)
    assert claims(project) == []


def test_what_was_found_once_stays_where_it_is_not_found_again(project: Repo) -> None:
    project.commit("records")
    project.git("switch", "--quiet", "-c", "side")
    project.commit("side", {"side.txt": "side\n"})
    project.git("switch", "--quiet", "main")
    operations = create("side.txt", "side\n"), create("a.txt", "two\n", "modify")
    imported(project, *operations)
    before = claims(project)
    project.git("branch", "--quiet", "-D", "side")
    again = imported(project, *operations)
    assert (again["updated"], claims(project)) == (0, before)


def test_a_project_below_the_root_of_the_work_tree(repo: Repo) -> None:
    repo.commit("one", {"a.txt": "other\n", "sub/a.txt": "a\n"})
    repo.run("init")
    whole = foreign(create("a.txt", "a\n"))
    whole.root = str(repo.path / "sub")
    import_foreign(Workspace(repo.path), whole)
    assert claims(repo) == [("create", "sub/a.txt", None, repo.state("sub/a.txt"))]


def test_a_repository_without_commits(repo: Repo) -> None:
    repo.run("init")
    repo.write("a.txt", "a\n")
    imported(repo, create("a.txt", "a\n"), create("b.txt", "b\n"))
    assert [row[:3] for row in claims(repo)] == [("create", "a.txt", None)]


def test_no_file_outside_is_read(project: Repo, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x\n")
    (project.path / "link").symlink_to(tmp_path)
    os.mkfifo(project.path / "pipe")
    paths = "link/secret", "../secret", "link", "pipe", ".git/HEAD"
    imported(project, *(create(path, "x\n") for path in paths))
    assert claims(project) == []


def test_thousands_of_operations_in_one_walk(project: Repo) -> None:
    for round_ in range(3):
        project.commit("many", {f"f/{n}.txt": f"{round_} {n}\n" for n in range(500)})
    operations = [create(f"f/{n}.txt", f"{r} {n}\n", "modify") for r in range(3) for n in range(500)]
    begin = time.perf_counter()
    done = imported(project, *operations)
    assert (done["created"]["claim"], time.perf_counter() - begin < 5) == (500, True)
