"""Checkpoints: full copies of what is not committed, in the safety store and nowhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.making import new_task, started
from tests.cli.snapshots import snapshot
from tests.repos import Repo

SECRET = "hunter2-never-kept"


def in_safety(repo: Repo, *words: str) -> str:
    """What plain git says of the safety store's repository."""
    folder = repo.git("rev-parse", "--path-format=absolute", "--git-common-dir")
    return repo.git(f"--git-dir={folder}/taskorch/safety", *words)


def kept(repo: Repo) -> dict[str, str]:
    """The contents of all that our folder in the git directory holds, by object id."""
    folder = Path(repo.git("rev-parse", "--path-format=absolute", "--git-common-dir")) / "taskorch"
    found = {}
    for objects in (folder / "safety" / "objects", folder / "objects"):
        env = {"GIT_OBJECT_DIRECTORY": str(objects)}
        if objects.is_dir():
            listed = repo.git("cat-file", "--batch-all-objects", "--batch-check", env=env).splitlines()
            for line in listed:
                oid, kind, _ = line.split(" ")
                if kind == "blob":
                    found[oid] = repo.git("cat-file", "blob", oid, env=env)
    return found


def test_changed_and_untracked_files_are_kept_as_they_are_on_disk(project: Repo) -> None:
    project.commit("more", {"gone.txt": "g\n", "src/run.sh": "#!/bin/sh\n", "same.txt": "s\n"})
    project.remove("gone.txt")
    project.write("README.md", "changed\r\n")
    (project.path / "src" / "run.sh").chmod(0o755)
    project.write('new dir/ü\n"q".txt', b"\xff\x00binary")
    (project.path / "link").symlink_to("README.md")
    project.write("staged.txt", "staged\n")
    project.git("add", "staged.txt")
    made = project.json("checkpoint", "-m", "before the rename")
    expected = {
        "README.md": b"changed\r\n", "src/run.sh": b"#!/bin/sh\n", "new dir/ü\n\"q\".txt": b"\xff\x00binary",
        "link": b"README.md", "staged.txt": b"staged\n",
    }  # fmt: skip
    assert sorted(made["files"]) == sorted(expected)
    assert made["left_out"] == []
    listed = in_safety(project, "ls-tree", "-r", "-z", made["commit"]).split("\0")
    modes = {line.split("\t")[1]: line[:6] for line in listed if line}
    assert modes["src/run.sh"] == "100755"
    assert modes["link"] == "120000"
    folder = project.path / ".git" / "taskorch" / "safety"
    for path, content in expected.items():
        shown = subprocess.run(
            ["git", f"--git-dir={folder}", "cat-file", "blob", f"{made['commit']}:{path}"],
            capture_output=True, check=True,
        )  # fmt: skip
        assert shown.stdout == content
    assert in_safety(project, "log", "-1", "--format=%s", made["commit"]) == "before the rename"


def test_nothing_of_the_users_repository_changes(project: Repo) -> None:
    project.write("README.md", "changed\n")
    project.write("a.txt", "a\n")
    project.git("add", "a.txt")
    before = snapshot(project)
    index = (project.path / ".git" / "index").stat().st_mtime_ns
    project.run("checkpoint")
    assert snapshot(project) == before
    assert (project.path / ".git" / "index").stat().st_mtime_ns == index
    assert project.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_ignored_private_and_large_files_are_left_out_and_told(project: Repo) -> None:
    project.write(".gitignore", "*.log\n")
    project.write(".orchestrator/config.yaml", "format: 1\ncheckpoint_file_mib: 1\ncheckpoint_mib: 2\n")
    project.commit("rules")
    project.write("debug.log", SECRET)
    for name in (".env", ".env.local", "conf/server.PEM", "id_rsa", ".ssh/config", "prod.key"):
        project.write(name, SECRET)
    project.write("large.bin", os.urandom(1024 * 1024 + 1))
    for name in ("one.bin", "two.bin", "zzz.bin"):
        project.write(name, os.urandom(1024 * 900))
    nested = Repo.init(project.path / "nested")
    nested.commit("theirs", {"x.txt": "x\n"})
    task = started(project)
    project.run("task", "complete", task, "--results", "r")  # states are asked for, too
    made = project.json("checkpoint")
    assert made["files"] == [
        path for path in made["files"] if path.startswith((".orchestrator/", "one.bin", "two.bin"))
    ]
    why = {row["path"]: row["why"] for row in made["left_out"]}
    assert {path for path, words in why.items() if "secret" in words} == {
        ".env", ".env.local", "conf/server.PEM", "id_rsa", ".ssh/config", "prod.key",
    }  # fmt: skip
    assert "larger than 1 MiB" in why["large.bin"]
    assert "more than 2 MiB" in why["zzz.bin"]
    assert [oid for oid, content in kept(project).items() if SECRET in content] == []


def test_the_same_again_is_no_new_one(project: Repo) -> None:
    assert project.json("checkpoint")["step"] is None
    project.write("a.txt", "a\n")
    first = project.json("checkpoint")
    assert project.json("checkpoint") == first
    project.write("a.txt", "b\n")
    assert project.json("checkpoint")["step"] > first["step"]


@pytest.mark.parametrize("reason", ["task start", "session start", "task complete", "session end"])
def test_sessions_and_completions_make_one(project: Repo, reason: str) -> None:
    task = new_task(project)
    if reason in ("task complete", "session end"):
        project.run("task", "start", task)
    project.write("a.txt", "precious\n")
    words = {"task start": [task], "task complete": [task, "--results", "r"]}.get(reason, [])
    made = project.json(*reason.split(" "), *words)["checkpoint"]
    assert "a.txt" in made["files"]
    project.remove("a.txt")
    project.run("restore", "a.txt")
    assert project.read("a.txt") == "precious\n"


def test_what_git_collects_stays_in_checkpoints(project: Repo) -> None:
    project.write("a.txt", "staged once\n")
    project.git("add", "a.txt")  # git has the blob as well, for a while
    project.run("checkpoint")
    project.git("rm", "--quiet", "--force", "a.txt")
    project.git("reflog", "expire", "--expire=now", "--all")
    project.git("gc", "--quiet", "--prune=now")
    project.run("restore", "a.txt")
    assert project.read("a.txt") == "staged once\n"


def test_a_checkpoint_that_fails_is_told_and_the_command_is_done(project: Repo) -> None:
    task = new_task(project)
    project.write("a.txt", "a\n")
    folder = project.path / ".git" / "taskorch" / "safety" / "refs"
    for one in sorted(folder.rglob("*"), reverse=True):
        one.rmdir() if one.is_dir() else one.unlink()
    folder.rmdir()
    folder.write_text("in the way")
    done = project.json("task", "start", task)
    assert done["status"] == "active"
    assert done["checkpoint"]["failed"]
    assert "no checkpoint was made" in project.run("session", "end").err


def test_outside_a_store_and_before_the_first_commit(repo: Repo) -> None:
    repo.write("a.txt", "a\n")
    assert repo.json("checkpoint")["files"] == ["a.txt"]
    repo.remove("a.txt")
    repo.run("restore", "--all")
    assert repo.read("a.txt") == "a\n"


def test_a_file_that_changed_is_copied_whatever_its_size_and_time(project: Repo) -> None:
    file = project.write("a.txt", "one\n")
    project.write("b.txt", "stays\n")
    times = (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    project.run("checkpoint")
    time.sleep(0.05)
    project.run("checkpoint")
    for content in ("two\n", "six\n"):
        file.write_text(content)
        os.utime(file, ns=times)
        made = project.json("checkpoint")
        assert in_safety(project, "cat-file", "blob", f"{made['commit']}:a.txt") == content.strip()
        assert in_safety(project, "cat-file", "blob", f"{made['commit']}:b.txt") == "stays"


def test_many_files_and_those_of_dropped_checkpoints(project: Repo) -> None:
    for number in range(150):  # so many go into a pack
        project.write(f"many/{number}.txt", f"{number}\n")
    first = project.json("checkpoint")
    project.run("purge", "--local")
    again = project.json("checkpoint")
    assert again["files"] == first["files"]
    shutil.rmtree(project.path / "many")
    assert len(project.json("restore", "--all")["restored"]) == 150
    assert project.read("many/149.txt") == "149\n"
