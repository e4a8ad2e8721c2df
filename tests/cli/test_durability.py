"""Real processes, killed at any moment and racing each other: nothing that was reported done is lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.cli.making import new_task, rungs, started, status_of
from tests.repos import Repo

TASKORCH = [sys.executable, "-m", "taskorch"]
# Runs the command line for each line of input, which is a number and a folder: in a process that kills
# itself before that write below the folder, the copies of the index left out that git works on.  Prints
# how it ended.  All is imported before, once, and there are no threads, so that forks are safe.
KILLED = """
import importlib, os, pkgutil, signal, sys
import taskorch
from taskorch.cli.boundary import main
for module in pkgutil.walk_packages(taskorch.__path__, "taskorch."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
def killed(left, top):
    def watch(event, arguments):
        nonlocal left
        if event == "open":
            writes = arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        else:
            writes = event in ("os.rename", "os.remove", "os.mkdir", "os.chmod")
        if writes and str(arguments[0]).startswith(top) and "/taskorch/index-" not in str(arguments[0]):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
    os.chdir(top)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)
    sys.addaudithook(watch)
    sys.exit(main(sys.argv[1:]))
for line in iter(sys.stdin.readline, ""):
    child = os.fork()
    if not child:
        killed(*(read(one) for read, one in zip((int, str), line.rstrip().split(" ", 1))))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def crashes(repo: Repo, *words: str, step: int = 1) -> Iterator[Repo]:
    """Copies of a repository in which a command was killed before its first, second, ... write."""
    command = [sys.executable, "-c", KILLED, *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as runner:
        assert runner.stdin and runner.stdout
        for moment in range(0, 200, step):
            copy = Repo(repo.path.parent / f"killed-{moment}")
            shutil.copytree(repo.path, copy.path, symlinks=True)
            runner.stdin.write(f"{moment} {copy.path}\n")
            runner.stdin.flush()
            code = int(runner.stdout.readline())
            if code != -signal.SIGKILL:
                assert code == 0
                return
            yield copy
    raise AssertionError("it never ended by itself")


def ended(repo: Repo) -> set[str]:
    return {one["id"] for one in repo.json("session", "list")["sessions"] if one["ended"]}


def only_leftovers(repo: Repo) -> bool:
    found = repo.run("doctor", "--json", check=False).json["problems"]
    return all(one["message"] == "left over from a command that was killed" for one in found)


@pytest.mark.parametrize(
    "words",
    [
        ["task", "note", "{task}", "a note"],
        ["task", "edit", "{task}", "--title", "Other", "--add-label", "x"],
    ],
    ids=lambda words: words[1],
)
def test_a_record_is_the_old_or_the_new_one_wherever_its_writer_is_killed(
    project: Repo, words: list[str]
) -> None:
    task = new_task(project, "Add login", "-d", "text " * 2000)
    path = str(project.json("task", "show", task)["path"])
    filled = [word.format(task=task) for word in words]
    old = project.read(path)
    seen = []
    for killed in crashes(project, *filled):
        seen.append(killed.read(path) != old)
        assert only_leftovers(killed)
        killed.run("task", "edit", task, "--priority", "high")  # the next command works
        assert killed.run("doctor").code == 0  # and has swept up
        assert ("a note" in killed.read(path) or "Other" in killed.read(path)) is seen[-1]
    assert len(seen) >= 4
    assert seen[0] is False


@pytest.mark.parametrize("verb", ["start", "complete"])
def test_a_command_over_several_files_can_be_repeated_wherever_it_is_killed(project: Repo, verb: str) -> None:
    task = new_task(project) if verb == "start" else started(project)
    if verb == "complete":
        project.write("a.txt", "a\n")
    words = ["task", verb, task, *(["--results", "done"] if verb == "complete" else [])]
    moments = 0
    for killed in crashes(project, *words, step=8):  # so that all phases of writing are met
        moments += 1
        assert only_leftovers(killed)
        done = killed.run(*words, "--json", check=False)
        assert done.code == 0 or "already completed" in done.error["message"]
        assert status_of(killed, task) == {"start": "active", "complete": "completed"}[verb]
        if verb == "complete":
            assert rungs(killed.json("verify", "--task", task)) == {"a.txt": "worktree"}
        killed.run("task", "note", task, "the next command works")
        known = {one.stem for one in (killed.path / ".git" / "taskorch").glob("worktrees/*/sessions/*.json")}
        assert known == ({one["id"] for one in killed.json("session", "list")["sessions"]} - ended(killed))
        assert killed.run("doctor").code == 0
    assert moments > 5


def test_killed_at_random_moments_nothing_reported_done_is_lost(project: Repo) -> None:
    rng = random.Random(7)
    task = new_task(project)
    begin = time.monotonic()
    project.taskorch("task", "note", task, "measured")
    whole = time.monotonic() - begin
    done: list[str] = []
    killed: list[str] = []
    for number in range(24):
        text = f"word{number:03}x"
        words = [
            ["task", "new", text],
            ["task", "note", task, text],
            ["task", "edit", task, "--add-label", text],
        ][number % 3]
        process = subprocess.Popen(
            [*TASKORCH, *words], cwd=project.path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if number == 0:  # one that ends and one that does not, however busy the machine is
            process.wait()
        time.sleep(0 if number < 2 else rng.uniform(0.3, 1.2) * whole)
        process.send_signal(signal.SIGKILL)
        (done if process.wait() == 0 else killed).append(text)
    assert done
    assert killed
    everything = "".join(
        file.read_text() for file in (project.path / ".orchestrator" / "tasks").glob("t-*.md")
    )
    assert [text for text in done if text not in everything] == []
    assert only_leftovers(project)
    new_task(project, "The next command works")
    assert project.run("doctor").code == 0


def test_twenty_writers_at_once_lose_nothing(project: Repo) -> None:
    task = new_task(project)
    texts = [f"note {number:02}." for number in range(20)]
    running = [
        subprocess.Popen(
            [*TASKORCH, "task", "note", task, text],
            cwd=project.path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for text in texts
    ]
    ended = [process.communicate(timeout=60)[1] for process in running]
    assert [(process.returncode, err) for process, err in zip(running, ended, strict=True)] == [(0, b"")] * 20
    notes = project.json("task", "show", task)["notes"]
    assert sorted(line for line in notes.split("\n") if line.startswith("note ")) == texts
    assert project.run("doctor").code == 0


def test_writers_of_one_plan_start_a_task_once(project: Repo) -> None:
    task = new_task(project)
    project.commit("plan")
    trees = [project, *(project.worktree(project.path.parent / name, "-b", name) for name in ("one", "two"))]
    running = [
        subprocess.Popen(
            [*TASKORCH, "task", "start", task],
            cwd=tree.path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for tree in trees
    ]
    assert sorted(process.wait() for process in running) == [0, 1, 1]


WRITER = """
import sys
from taskorch.cli.boundary import main
for number in range(40):
    main(["task", "edit", sys.argv[1], "--assignee", f"Ann {number}", "--json"])
"""


def test_readers_see_whole_records_while_they_are_written(project: Repo) -> None:
    task = new_task(project, "T", "-d", "text " * 5000)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, task], cwd=project.path, env=dict(os.environ), stderr=subprocess.PIPE
    )
    looks = 0
    while writer.poll() is None:
        answer = project.json("task", "list")
        assert (len(answer["tasks"]), answer["problems"]) == (1, [])
        looks += 1
    assert (writer.returncode, writer.communicate()[1]) == (0, b"")
    assert looks > 5


HOLDER = """
import fcntl, sys, time
with open(sys.argv[1], "w") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    print(flush=True)
    time.sleep(60)
"""


def test_a_lock_is_given_up_when_its_holder_is_killed(project: Repo) -> None:
    new_task(project)
    lock = project.path / ".git" / "taskorch" / "lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE)
    assert holder.stdout
    holder.stdout.readline()
    writer = subprocess.Popen(
        [*TASKORCH, "task", "new", "Waits", "--json"], cwd=project.path, stdout=subprocess.PIPE
    )
    time.sleep(0.5)
    assert writer.poll() is None
    holder.kill()
    holder.wait()
    holder.stdout.close()
    out, _ = writer.communicate(timeout=20)
    assert json.loads(out)["title"] == "Waits"
