"""A copy is told of only where there is one."""

from __future__ import annotations

from tests.repos import Repo

LINES = "".join(f"line {number}\n" for number in range(12))


def test_a_copy_must_resemble_what_it_was_copied_from(repo: Repo) -> None:
    repo.commit("start", {"a.txt": LINES})
    repo.run("init")
    task = str(repo.json("task", "new", "Copy a")["id"])
    repo.run("task", "start", task)
    repo.write("x.txt", "nothing of it\n")
    done = repo.run("track", "x.txt", "--from", "a.txt", "--json", check=False)
    assert done.code == 1
    assert done.error["message"] == "x.txt is no copy of a.txt: they have little in common"
    repo.write("y.txt", LINES + "one more\n")
    [row] = repo.json("track", "y.txt", "--from", "a.txt")["operations"]
    assert (row["op"], row["from"]) == ("copy", "a.txt")
