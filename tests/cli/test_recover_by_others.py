"""What others did to the same files since, as ``recover`` tells it."""

from __future__ import annotations

from typing import Any

from tests.cli.long_work import BOB, by_bob
from tests.cli.making import started
from tests.cli.test_recover import GUIDE
from tests.repos import Repo

LINES = "".join(f"line {number}\n" for number in range(30))


def package_of(repo: Repo, task: str) -> dict[str, Any]:
    found = repo.json("recover", task)["recovery_package"]
    assert isinstance(found, dict)
    return found


def others(repo: Repo, task: str) -> list[tuple[str, str]]:
    return [(row["path"], row["subject"]) for row in package_of(repo, task)["changed_since_by_others"]]


def done(project: Repo) -> str:
    """A completed task that changed one line, all of it committed."""
    project.commit("before", {"a.py": LINES})
    task = started(project)
    project.commit("work", {"a.py": LINES.replace("line 3\n", "three\n")})
    project.run("task", "complete", task, "--results", "r")
    project.run("commit", "-m", "records")
    return task


def test_a_commit_that_takes_the_task_s_record_along_is_told_all_the_same(project: Repo) -> None:
    task = done(project)
    other = started(project, "Other")
    project.run("task", "note", task, "see the other")
    project.write("a.py", project.read("a.py").replace("line 20\n", "twenty\n"))
    project.run("task", "complete", other, "--results", "r")
    project.git("add", "--all")
    project.git(*BOB, "commit", "--quiet", "-m", "other work")
    assert others(project, task) == [("a.py", "other work")]
    [line] = [line for line in package_of(project, task)[GUIDE] if line.startswith("a.py was changed")]
    assert "by Bob" in line
    assert others(project, other) == []


def test_what_landed_in_part_with_its_record_is_no_change_of_others(project: Repo) -> None:
    project.commit("before", {"a.py": LINES})
    project.git("switch", "--quiet", "-c", "work")
    task = started(project)
    mine = "".join(f"mine {n}\n" if n < 10 else f"line {n}\n" for n in range(30))
    project.commit("work", {"a.py": mine})
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    project.git("switch", "--quiet", "main")
    project.git("merge", "--quiet", "--squash", "work")
    project.write("a.py", "".join(f"mine {n}\n" if n < 6 else f"line {n}\n" for n in range(30)))
    project.git("add", "--all")
    project.git(*BOB, "commit", "--quiet", "-m", "trimmed")
    assert others(project, task) == []
    project.run("task", "note", task, "mind line 20")
    project.write("a.py", project.read("a.py").replace("line 20\n", "twenty\n"))
    project.git("add", "--all")
    project.git(*BOB, "commit", "--quiet", "-m", "with a note")
    assert others(project, task) == [("a.py", "with a note")]


def test_a_rename_is_told_as_one_and_not_as_a_deletion(project: Repo) -> None:
    task = done(project)
    project.git("mv", "a.py", "b.py")
    project.git(*BOB, "commit", "--quiet", "-m", "b is its name")
    renamed = project.head[:10]
    project.git("mv", "b.py", "c.py")
    edited = by_bob(project, "and c now", "c.py", f"# c\n{project.read('c.py')}")
    by_bob(project, "more", "c.py", f"# c, see\n{project.read('c.py')}")
    package = package_of(project, task)
    assert [(row["path"], row["renamed_to"]) for row in package["changed_since_by_others"]] == [
        ("a.py", "b.py"), ("b.py", "c.py"), ("c.py", None),
    ]  # fmt: skip
    row = package["changed_since_by_others"][0]
    assert (row["deleted"], row["added"], row["removed"]) == (False, 0, 0)
    told = f"a.py was renamed to b.py since by Bob on 2026-01-02 in {renamed} (b is its name)."
    assert told in package[GUIDE]
    assert any(
        line.startswith("b.py was renamed to c.py ") and "(and c now, +1 -0)" in line
        for line in package[GUIDE]
    )
    command = f"git show -M {edited[:10]} -- :/b.py :/c.py"
    assert command in package["recovery_recommendations"]
    assert "rename from b.py\nrename to c.py\n" in project.git(*command.split()[1:])


def test_a_deletion_stays_one(project: Repo) -> None:
    task = done(project)
    project.git("rm", "--quiet", "a.py")
    project.commit("not needed", {"b.py": "other\n"})
    [row] = package_of(project, task)["changed_since_by_others"]
    assert (row["deleted"], row["renamed_to"], row["removed"]) == (True, None, 30)


def test_an_earlier_rename_stands_among_what_was_before(project: Repo) -> None:
    task = done(project)
    project.git("mv", "a.py", "b.py")
    project.git(*BOB, "commit", "--quiet", "-m", "b is its name")
    renamed = project.head[:10]
    by_bob(project, "edited", "b.py", project.read("b.py").replace("three\n", "3\n"))
    by_bob(project, "anew", "a.py", "print('something else')\n")
    out = project.run("recover", task).out
    assert f"\n- `a.py` renamed to `b.py` in {renamed} by Bob: b is its name\n" in out
