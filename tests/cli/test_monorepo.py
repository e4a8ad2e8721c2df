"""Two stores in one work tree: each keeps its own records, and what was done belongs to one session."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.making import expire_leases, rungs
from tests.cli.refusals import refused
from tests.repos import Build, Repo

APP = "packages/app"


def two_stores(repo: Repo) -> None:
    """A store at the root and one of ``packages/app``, all committed."""
    repo.write("README.md", "a project\n")
    repo.write(f"{APP}/main.py", "print()\n")
    repo.run("init")
    repo.run("init", "--here", cwd=APP)
    repo.commit("first")


@pytest.fixture
def mono(build: Build) -> Repo:
    """As `two_stores` builds it."""
    return build(two_stores)


def answer(repo: Repo, *words: str, cwd: str = ".", check: bool = True) -> dict[str, Any]:
    return repo.run(*words, "--json", cwd=cwd, check=check).json


def begun(repo: Repo, cwd: str, title: str = "T") -> str:
    """The id of a new task, started in the store of a folder."""
    task = str(answer(repo, "task", "new", title, cwd=cwd)["id"])
    repo.run("task", "start", task, cwd=cwd)
    return task


def completed(repo: Repo, task: str, cwd: str) -> set[str]:
    """Complete a task; the paths that are claimed for it."""
    done = answer(repo, "task", "complete", task, "--results", "r", cwd=cwd)
    return set(rungs(done["verification"]))


def session_of(repo: Repo, cwd: str, task: str) -> str:
    return str(answer(repo, "task", "show", task, cwd=cwd)["sessions"][-1])


@pytest.mark.parametrize("first", [".", APP])
def test_a_day_in_both_one_after_the_other(mono: Repo, first: str) -> None:
    for cwd in (first, APP if first == "." else "."):
        own = ".orchestrator" if cwd == "." else f"{APP}/.orchestrator"
        task = begun(mono, cwd, f"In {cwd}")
        mono.write(f"{cwd}/new {len(cwd)}.py", "new\n")
        (mono.path / f"{APP}/main.py").write_text(f"print({len(cwd)})\n")
        paths = {f"{cwd}/new {len(cwd)}.py".removeprefix("./"), f"{APP}/main.py"}
        status = answer(mono, "status", cwd=cwd)
        assert {row["path"] for row in status["changed"]} == paths
        assert status["unclaimed"] == []
        assert all(path.startswith(f"{own}/") for path in status["uncommitted_records"])
        assert completed(mono, task, cwd) == paths
        committed = answer(mono, "commit", cwd=cwd)["paths"]
        assert committed and all(path.startswith(f"{own}/") for path in committed)
        mono.git("add", "--", *paths)
        mono.git("commit", "--quiet", "-m", "work")
        assert answer(mono, "verify", "--task", task, "--strict", cwd=cwd)["status"] == "verified"
        recovered = mono.run("recover", task, cwd=cwd).out
        assert all(path in recovered for path in paths)
        assert answer(mono, "doctor", cwd=cwd)["problems"] == []
        assert [one["id"] for one in answer(mono, "task", "list", cwd=cwd)["tasks"]] == [task]
        inside = f"{cwd}/deeper"
        (mono.path / inside).mkdir()
        assert [one["id"] for one in answer(mono, "task", "list", cwd=inside)["tasks"]] == [task]
    assert mono.git("status", "--porcelain") == ""


@pytest.mark.parametrize(("one", "other"), [(".", APP), (APP, ".")])
def test_while_a_session_is_active_none_of_the_other_store_begins(mono: Repo, one: str, other: str) -> None:
    task = begun(mono, one)
    session = session_of(mono, one, task)
    mono.write(f"{APP}/a.py", "a\n")
    later = str(answer(mono, "task", "new", "Later", cwd=other)["id"])
    for words in (["task", "start", later], ["session", "start"], ["track", "--task", later]):
        error = refused(mono, *words, cwd=other, kind="refused")
        assert f"the session {session} of " in error["message"]
        assert f"session end in {'../..' if one == '.' else APP}" in error["hint"]
    # all that needs no session goes on
    mono.run("task", "note", later, "n", cwd=other)
    mono.run("task", "complete", later, "--results", "r", cwd=other)
    assert answer(mono, "status", cwd=other)["session"] is None
    assert answer(mono, "verify", "--all", cwd=other)["files"] == []
    assert "--all" in refused(mono, "verify", cwd=other, kind="not_found")["hint"]
    mono.run("commit", cwd=other)
    mono.write("b.py", "b\n")
    assert answer(mono, "session", "status", cwd=one)["session"]["id"] == session
    assert completed(mono, task, one) == {f"{APP}/a.py", "b.py"}
    assert begun(mono, other)


def test_after_an_interruption_each_session_claims_what_was_done_in_it(mono: Repo) -> None:
    outer = begun(mono, ".", "Outer")
    mono.write("outer 1.py", "o\n")
    expire_leases(mono)
    inner = begun(mono, APP, "Inner")
    mono.write(f"{APP}/inner.py", "i\n")
    mono.write("README.md", "by inner\n")
    for words in (["session", "resume"], ["task", "start", outer], ["session", "end"]):
        refused(mono, *words, kind="refused")
    assert completed(mono, inner, APP) == {f"{APP}/inner.py", "README.md"}
    mono.run("session", "resume")
    mono.write("outer 2.py", "o\n")
    assert completed(mono, outer, ".") == {"outer 1.py", "outer 2.py"}
    assert answer(mono, "status")["unclaimed"] == []


@pytest.mark.parametrize("how", ["session resume", "task start", "session end"])
def test_two_interrupted_sessions_keep_apart(mono: Repo, how: str) -> None:
    outer = begun(mono, ".", "Outer")
    ours = session_of(mono, ".", outer)
    mono.write("outer 1.py", "o\n")
    expire_leases(mono)
    inner = begun(mono, APP, "Inner")
    mono.write(f"{APP}/inner 1.py", "i\n")
    expire_leases(mono)
    if how == "session end":
        mono.run("session", "end")
        claimed = answer(mono, "session", "show", ours)["claims"]
        assert {claim["path"] for claim in claimed} == {"outer 1.py"}
    else:
        mono.run(*how.split(), *([outer] if how == "task start" else []))
        mono.write("outer 2.py", "o\n")
        assert completed(mono, outer, ".") == {"outer 1.py", "outer 2.py"}
    mono.run("session", "resume", cwd=APP)
    mono.write(f"{APP}/inner 2.py", "i\n")
    assert completed(mono, inner, APP) == {f"{APP}/inner 1.py", f"{APP}/inner 2.py"}


def test_what_a_killed_process_began_in_one_store_is_not_taken_back_in_the_other(mono: Repo) -> None:
    task = begun(mono, ".")
    session = session_of(mono, ".", task)
    (home,) = Path(mono.path / ".git/taskorch/worktrees").iterdir()
    (home / "opening").write_text(json.dumps({"id": session, "before": None}))
    mono.write("a.py", "a\n")
    answer(mono, "task", "new", "T", cwd=APP)
    assert answer(mono, "session", "status")["session"]["id"] == session
    assert completed(mono, task, ".") == {"a.py"}


def test_a_store_that_moved_is_still_the_same(mono: Repo) -> None:
    task = begun(mono, APP)
    mono.run("commit", cwd=APP)
    mono.git("mv", APP, "packages/web")
    mono.commit("moved")
    assert answer(mono, "session", "status", cwd="packages/web")["session"]
    assert completed(mono, task, "packages/web") == {"packages/web/main.py"}
