"""``recover`` in the repository where the work was done: what no clone has is told, apart from the rest."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from tests.cli.making import new_task, started
from tests.cli.snapshots import snapshot
from tests.cli.test_printed_commands import bash
from tests.cli.test_recover import GUIDE, paths, squash_merged, task_named
from tests.repos import Build, Repo


@pytest.fixture
def work(build: Build) -> Repo:
    """As `squash_merged` builds it."""
    return build(squash_merged)


def local_of(repo: Repo, task: str) -> dict[str, Any]:
    found = repo.json("recover", task)["recovery_package"]["local"]
    assert isinstance(found, dict)
    return found


def changes(rows: list[dict[str, Any]]) -> dict[str, tuple[str, bool]]:
    return {row["path"]: (row["change"], row["of_task"]) for row in rows}


def test_the_original_shows_what_only_it_has(work: Repo) -> None:
    task = task_named(work, "Add login")
    work.write("src/stashed.py", "s\n")
    work.git("stash", "push", "--quiet", "--include-untracked", "-m", "half an idea")
    work.write("src/old.py", "edited\n")
    work.write("src/staged.py", "staged\n")
    work.git("add", "src/staged.py")
    work.write("src/untracked.py", "untracked\n")
    work.remove("src/there.py")
    before = snapshot(work, local=True)
    local = work.json("recover", task)["recovery_package"]["local"]
    assert snapshot(work, local=True) == before
    assert {row["path"]: (row["change"], row["of_task"]) for row in local["worktree"]} == {
        "src/old.py": ("modified", True),
        "src/untracked.py": ("untracked", False),
        "src/there.py": ("deleted", True),
    }
    assert [(row["path"], row["change"]) for row in local["index"]] == [("src/staged.py", "added")]
    [stashed] = local["stashes"]
    assert (stashed["ref"], stashed["paths"]) == ("stash@{0}", ["src/stashed.py"])
    assert "half an idea" in stashed["subject"]
    out = work.run("recover", task).out
    assert "## Only in this repository" in out
    assert "half an idea" in out


def test_what_was_observed_and_is_not_recorded_is_a_local_finding(project: Repo) -> None:
    task = started(project)
    project.commit("begun", {"a.txt": "a\n"})
    project.run("commit")
    project.commit("more", {"a.txt": "a\nb\n", "b c.txt": "b\n"})
    package = project.json("recover", task)["recovery_package"]
    assert paths(package, "created") == {"a.txt": (None, 1, 0, "superseded")}
    assert changes(package["local"]["journal"]) == {"a.txt": ("added", True), "b c.txt": ("added", True)}
    assert {row["command"] for row in package["local"]["journal"]} == {"taskorch commit"}
    assert (
        'Observed here and not recorded yet: 2 of its changes; see "Only in this repository".'
        in package[GUIDE]
    )
    assert "- observed here, not recorded yet: added `b c.txt` (this task)" in project.run("recover").out
    project.run("commit")
    package = project.json("recover", task)["recovery_package"]
    assert sorted(paths(package, "created")) == ["a.txt", "b c.txt"]
    assert package["local"]["journal"] == []


def test_what_was_recorded_and_is_undone_is_told(project: Repo) -> None:
    task = started(project)
    project.commit("begun", {"a.txt": "a\n"})
    project.run("commit")
    project.commit("taken back", {"a.txt": None})
    assert changes(local_of(project, task)["journal"]) == {"a.txt": ("undone", True)}


def without_local(text: str) -> str:
    """The package without what is told of this repository alone."""
    kept = [line for line in text.split("\n") if 'see "Only in this repository"' not in line]
    head, _, rest = "\n".join(kept).partition("\n## Only in this repository\n")
    return head + ("\n## " + rest.split("\n## ", 1)[1] if "\n## " in rest else "")


def test_but_for_the_local_findings_the_clone_has_the_same_bytes(project: Repo) -> None:
    task = started(project)
    project.commit("begun", {"a.txt": "a\n"})
    project.run("commit")
    project.commit("more", {"a.txt": "a\nb\n", "b.txt": "b\n"})
    original = project.run("recover", task).out
    clone = project.clone(project.path.parent / "clone").run("recover", task).out
    assert "## Only in this repository" in original
    assert "## Only in this repository" not in clone
    assert without_local(original).rstrip() == clone.rstrip()


def test_lines_of_what_no_commit_has_are_not_counted(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "never committed\n")
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    project.remove("a.txt")
    clone = project.clone(project.path.parent / "clone")
    [row] = project.json("recover", task)["recovery_package"]["files_created"]
    assert (row["rung"], row["added"]) == ("absent", None)
    assert without_local(project.run("recover", task).out).rstrip() == clone.run("recover", task).out.rstrip()


def test_records_that_are_not_committed_are_local_findings(project: Repo) -> None:
    other = new_task(project, "Other")
    project.commit("plan")
    task = new_task(project)
    project.run("task", "edit", other, "--priority", "high")
    gone = project.json("task", "show", new_task(project, "Gone"))["path"]
    project.git("add", gone)
    project.git("commit", "--quiet", "-m", "gone", "--", gone)
    project.remove(gone)
    local = local_of(project, task)
    files = {name: project.json("task", "show", name)["path"] for name in (task, other)}
    assert changes(local["worktree"]) == {
        files[task]: ("added", True),
        files[other]: ("modified", False),
        gone: ("deleted", False),
    }
    assert local["worktree"][0]["path"] == files[task]
    out = project.run("recover", task).out
    assert "- worktree: 2 records not committed, 1 of this task: `taskorch commit`" in out
    assert "uncommitted work" not in out


def test_what_git_ignores_is_told(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    project.run("commit")
    project.write(".git/info/exclude", "a.txt\n")
    [row] = [one for one in local_of(project, task)["worktree"] if one["path"] == "a.txt"]
    assert (row["change"], row["of_task"]) == ("ignored", True)


def test_what_is_staged_as_new_is_not_untracked(project: Repo) -> None:
    project.commit("files", {"old.txt": "old\n" * 9})
    task = new_task(project)
    project.run("commit")
    project.write("new.txt", "new\n")
    project.git("add", "new.txt")
    project.git("mv", "old.txt", "moved.txt")
    assert changes(local_of(project, task)["index"]) == {
        "new.txt": ("added", False),
        "moved.txt": ("moved", False),
    }


def test_a_conflict_is_told_as_one(project: Repo) -> None:
    task = new_task(project)
    project.commit("base", {"a.txt": "a\n"})
    project.git("switch", "--quiet", "-c", "feature")
    project.commit("theirs", {"a.txt": "theirs\n"})
    project.git("switch", "--quiet", "main")
    project.commit("ours", {"a.txt": "ours\n"})
    project.git_result("merge", "feature")
    local = local_of(project, task)
    assert changes(local["index"]) == {"a.txt": ("unmerged", False)}
    assert local["worktree"] == []


@pytest.mark.parametrize("name", ["a b.txt", "a\nb'c.txt", "a*b.txt", ":x.txt", "-x", "$(x).txt"])
def test_every_command_runs_and_takes_no_work_away(project: Repo, name: str) -> None:
    gone, staged, fresh = f"gone/{name}", f"staged/{name}", f"fresh/{name}"
    project.commit("files", {name: "a\n", gone: "gone\n"})
    task = new_task(project)
    project.run("commit")
    project.write("stashed.txt", "s\n")
    project.git("stash", "push", "--quiet", "--include-untracked")
    project.write(name, "changed\n")
    project.remove(gone)
    project.write(staged, "s\n")
    project.git("--literal-pathspecs", "add", "--", staged)
    project.write(fresh, "fresh\n")
    local = local_of(project, task)
    commands = {row["change"]: row["command"] for row in local["worktree"]}
    assert sorted(commands) == ["deleted", "modified", "untracked"]
    commands |= {"staged": local["index"][0]["command"], "stashed": local["stashes"][0]["command"]}
    assert commands["stashed"] == "git stash apply stash@{0}"
    out = {}
    for change, command in commands.items():
        assert command.startswith("git ") and " restore " not in command
        out[change] = bash(command, project.path / "fresh")
    assert out["deleted"] == "gone\n"
    assert "+changed" in out["modified"]
    assert project.git("show", f":{fresh}") == "fresh"
    assert (project.read(name), project.read("stashed.txt")) == ("changed\n", "s\n")
    assert not (project.path / gone).exists()


def test_what_only_the_safety_store_has(project: Repo) -> None:
    task = started(project)
    project.commit("records")
    project.write("src/a.py", "a\n")
    project.run("task", "complete", task, "--results", "r")
    project.run("commit")
    other = new_task(project, "In no commit")
    project.run("checkpoint")
    assert project.json("recover", task)["recovery_package"]["local"]["checkpoints"] == []
    project.git("clean", "-q", "-fdx")
    package = project.json("recover", task)["recovery_package"]
    assert package["local"]["checkpoints"] == [
        {
            "path": "src/a.py",
            "from": None,
            "of_task": True,
            "change": "lost",
            "command": "taskorch restore :/src/a.py",
        }
    ]
    [row] = [one for one in package["local"]["journal"] if one["change"] == "lost"]
    assert other in row["path"]
    text = project.run("recover", task).out
    assert "- in the safety store: lost `src/a.py` (this task): `taskorch restore :/src/a.py`" in text
    project.run("restore", "src/a.py")
    assert project.json("recover", task)["recovery_package"]["local"]["checkpoints"] == []


@pytest.mark.parametrize("name", ["a b.py", "a'b.py", "a*b.py", ":x.py", "-x", "t-x", "$(x).py", "größe.py"])
def test_what_a_checkpoint_has_comes_back_by_the_command_as_printed(project: Repo, name: str) -> None:
    task = started(project)
    project.commit("records")
    project.write(name, "mine\n")
    project.run("task", "complete", task, "--results", "r")
    project.run("checkpoint")
    project.git("clean", "-q", "-fdx")
    rows = local_of(project, task)["checkpoints"]
    assert [row["path"] for row in rows] == [name]
    program, *words = shlex.split(rows[0]["command"])
    assert program == "taskorch"
    project.run(*words)
    assert project.read(name) == "mine\n"


def test_hostile_texts_stay_data_in_all_kinds_of_packages(project: Repo) -> None:
    bad = "x](y) <b># * `\u202e\x1b[31m"
    project.git("switch", "--quiet", "-c", "feature")
    task = started(project, f"T {bad}", "-d", "````\n## Commands\n````", "--accept", f"C {bad}")
    project.write("a.txt", "a\n")
    project.run("track", "a.txt", "--why", f"W {bad}")
    project.run("session", "end", "--handoff", "```\n# Obey\n```")
    project.run("commit")
    project.git("add", "a.txt")
    project.git("commit", "--quiet", "-m", f"S {bad}")
    session = project.json("session", "list")["sessions"][0]["id"]
    for words in ([task], ["--session", session], ["--branch", "feature"], []):
        out = project.run("recover", *words).out
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert "](y)" not in out.replace(r"\](y)", "")
        assert "````text\n```\n# Obey\n```\n````" in out, words
        assert "**Unreviewed**: not so on the default branch." in out
