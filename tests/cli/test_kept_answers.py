"""Answers that are kept: what is printed with them is what is printed without, whatever changed between."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import taskorch
from taskorch.services.program import PROGRAM
from tests.repos import Build, Repo, Result

COMMANDS = (("verify", "--all", "--json"), ("recover",))
SETTLED = 0.08
"""Seconds after which a file that was written counts as settled."""


def landed(repo: Repo) -> None:
    """A task that is active, with claims that landed, and one on a file that is gone; no session is open."""
    repo.commit("begin", {"a.txt": "one\n", "b.txt": "one\n", ".gitignore": "*.log\n"})
    repo.run("init")
    base = repo.commit("the store")
    repo.commit("work", {"a.txt": "two\n", "c.txt": "new\n", "d/e.txt": "more\n"})
    task = repo.json("task", "new", "One")["id"]
    repo.run("track", "--range", f"{base}..HEAD", "--task", task)
    repo.commit("lose a file", {"c.txt": None})


@pytest.fixture
def work(build: Build) -> Repo:
    """A repository whose answers were kept just now."""
    repo = build(landed)
    time.sleep(SETTLED)
    for command in COMMANDS:
        repo.run(*command, check=False)
    assert len(list(kept(repo).iterdir())) == len(COMMANDS)
    return repo


def kept(repo: Repo) -> Path:
    """Where the answers are."""
    return repo.path / ".git" / "taskorch" / "cache"


def printed(repo: Repo) -> list[tuple[int, str, str]]:
    """What all commands print now."""
    done = [repo.run(*command, check=False) for command in COMMANDS]
    return [(one.code, one.out, one.err) for one in done]


def both_alike(repo: Repo) -> None:
    """Hold what is printed with what was kept before a change against what is printed without."""
    first = printed(repo)
    shutil.rmtree(kept(repo), ignore_errors=True)
    assert first == printed(repo)


def amend(repo: Repo) -> None:
    repo.write("a.txt", "three\n")
    repo.git("commit", "-qa", "--amend", "-m", "amended")


def rebase(repo: Repo) -> None:
    repo.git("switch", "-qc", "other", "HEAD~2")
    repo.commit("theirs", {"theirs.txt": "x\n"})
    repo.git("switch", "-q", "main")
    repo.git("rebase", "-q", "other")


def claim_more(repo: Repo) -> None:
    repo.commit("further", {"f.txt": "f\n"})
    repo.run("track", "--range", "HEAD~1..HEAD", "--task", repo.json("task", "list")["tasks"][0]["id"])


def record(repo: Repo) -> Path:
    return next((repo.path / ".orchestrator" / "tasks").glob("*.md"))


def retitle(repo: Repo) -> None:
    record(repo).write_text(record(repo).read_text().replace("title: One", "title: Two"))


def same_size_claim(repo: Repo) -> None:
    """Another object id of the same length in a claims file."""
    [file] = (repo.path / ".orchestrator" / "sessions").glob("*/*.jsonl")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    for line in lines:
        if line["path"] == "a.txt":
            line["after"] = line["after"][:-1] + ("0" if line["after"][-1] != "0" else "1")
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))


def graft(repo: Repo) -> None:
    repo.git("replace", "--graft", "HEAD~1")


def remote(repo: Repo) -> None:
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD~1")
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")


def begin_session(repo: Repo) -> None:
    repo.run("session", "start")
    repo.write("g.txt", "in a session\n")


def checkpoint(repo: Repo) -> None:
    """The work tree is as it was, and there is a checkpoint of what it was meanwhile."""
    repo.write("a.txt", "wip\n")
    repo.run("checkpoint")
    repo.git("checkout", "-q", "a.txt")


def lose_objects(repo: Repo) -> None:
    """The commit where the work began is not here any more: cut off, as a shallow clone has it."""
    repo.write(".git/shallow", repo.git("rev-parse", "HEAD~1") + "\n")


CHANGES: tuple[Callable[[Repo], object], ...] = (
    lambda repo: repo.commit("unrelated", {"z.txt": "z\n"}),
    lambda repo: repo.commit("undo", {"a.txt": "one\n"}),
    amend,
    rebase,
    claim_more,
    retitle,
    same_size_claim,
    graft,
    remote,
    begin_session,
    lose_objects,
    lambda repo: repo.write("c.txt", "new\n"),
    lambda repo: repo.write("a.txt", "2wo\n"),
    lambda repo: (repo.write("c.txt", "new\n"), repo.git("add", "c.txt")),
    lambda repo: (repo.write("a.txt", "wip\n"), repo.git("stash", "-q")),
    lambda repo: repo.remove("a.txt"),
    lambda repo: repo.git("gc", "-q"),
    lambda repo: repo.git("checkout", "-q", "--detach", "HEAD~1"),
    lambda repo: repo.git("branch", "other", "HEAD~1"),
    lambda repo: repo.git("config", "core.autocrlf", "true"),
    lambda repo: record(repo).unlink(),
    lambda repo: repo.write(".orchestrator/tasks/t-aaaaaaaa-bad.md", "no record\n"),
    lambda repo: repo.run("purge", "--local"),
    checkpoint,
)


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_is_printed_with_and_without_what_was_kept(
    work: Repo, change: Callable[[Repo], object]
) -> None:
    change(work)
    both_alike(work)


@pytest.mark.parametrize("ignored", [True, False])
def test_a_claimed_file_that_only_the_disk_has(work: Repo, ignored: bool) -> None:
    """git's status says the same of it whatever it holds, and of an ignored one nothing."""
    if ignored:
        work.write(".git/info/exclude", "c.txt\n")
    for content in ("new\n", "neu\n", "new\n", None):
        if content:
            work.write("c.txt", content)
        else:
            work.remove("c.txt")
        both_alike(work)
        time.sleep(SETTLED)
        printed(work)


def test_a_shallow_clone_that_is_deepened(work: Repo, tmp_path: Path) -> None:
    clone = Repo(tmp_path / "clone")
    work.git("clone", "-q", "--depth=1", f"file://{work.path}", str(clone.path))
    time.sleep(SETTLED)
    printed(clone)
    clone.git("fetch", "-q", "--unshallow")
    both_alike(clone)


def answers_without_looking(repo: Repo, monkeypatch: pytest.MonkeyPatch, *command: str) -> Result:
    """What a command prints where nothing can be verified."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("it was looked for again")

    with monkeypatch.context() as patch:
        patch.setattr("taskorch.services.verification.verify", refuse)
        patch.setattr("taskorch.services.recovery.recover", refuse)
        return repo.run(*command, check=False)


@pytest.mark.parametrize("command", [*COMMANDS, ("verify", "--all"), ("recover", "--json")])
def test_what_is_kept_is_printed_again(
    work: Repo, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = work.run(*command, check=False)
    again = answers_without_looking(work, monkeypatch, *command)
    assert (again.code, again.out, again.err) == (before.code, before.out, before.err)


def test_every_folder_of_the_program_counts() -> None:
    """Another version of any of its modules may answer otherwise."""
    package = Path(taskorch.__file__).parent
    folders = {file.parent for file in package.rglob("*.py")}
    assert set(PROGRAM) == folders - {package / "demo"}  # which only plays what the others do


def test_nothing_is_kept_while_a_session_is_open(work: Repo) -> None:
    """Its lease runs out by itself, and then the answer is another."""
    begin_session(work)
    shutil.rmtree(kept(work))
    time.sleep(SETTLED)
    printed(work)
    assert not kept(work).exists()


def test_it_is_kept_while_other_files_are_being_edited(work: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    work.write("b.txt", "edited\n")
    time.sleep(SETTLED)
    before = work.run("verify", "--all", check=False)
    assert answers_without_looking(work, monkeypatch, "verify", "--all").out == before.out


def damaged(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"landed", b"lanxed"))


@pytest.mark.parametrize(
    "change",
    [damaged, lambda file: file.write_bytes(b""), lambda file: file.write_bytes(b"x\n[]"),
     lambda file: (file.unlink(), file.mkdir())],
)  # fmt: skip
def test_damaged_answers_count_as_none(work: Repo, change: Callable[[Path], object]) -> None:
    before = printed(work)
    for file in list(kept(work).iterdir()):
        change(file)
    assert printed(work) == before


def test_there_is_a_bound_to_what_is_kept(work: Repo) -> None:
    for number in range(220):
        (kept(work) / f"{number:064x}").write_bytes(b"older")
    work.run("recover", "--budget", "1000")
    assert 0 < len(list(kept(work).iterdir())) <= 200


def test_purging_removes_what_is_kept(work: Repo) -> None:
    work.run("purge", "--local")
    assert not kept(work).exists()


def test_a_cache_that_is_no_folder(work: Repo) -> None:
    before = printed(work)
    shutil.rmtree(kept(work))
    kept(work).write_text("in the way")
    assert printed(work) == before
    assert kept(work).read_text() == "in the way"


def test_each_linked_work_tree_has_its_own(work: Repo, tmp_path: Path) -> None:
    other = work.worktree(tmp_path / "other", "-b", "other")
    other.git("reset", "-q", "--hard", "HEAD~1")
    time.sleep(SETTLED)
    there, here = printed(other), printed(work)
    assert printed(other) == there != here == printed(work)
