"""Bad input: one clear error each, with a hint and the right exit code, and everything left as it was."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from taskorch.services.workspace import utc_now
from taskorch.store import lock
from tests.cli.making import expire_leases, new_decision, new_task, started
from tests.cli.snapshots import snapshot
from tests.repos import Repo

TEXTS = ["--context", "c", "--decision", "d", "--rationale", "r"]
WRITING: list[list[str]] = [
    ["task", "new", "T"],
    ["task", "edit", "t-123", "--title", "T"],
    ["task", "note", "t-123", "x"],
    ["task", "check", "t-123", "1"],
    ["task", "start", "t-123"],
    ["task", "complete", "t-123", "--results", "r"],
    *(["task", verb, "t-123"] for verb in ("block", "fail", "cancel", "reopen", "delete", "release")),
    ["decision", "new", "T", *TEXTS],
    *(["decision", verb, "d-123"] for verb in ("accept", "reject", "deprecate")),
    ["decision", "supersede", "d-123", "--by", "d-456"],
    *(["session", verb] for verb in ("start", "end", "resume")),
    ["session", "note", "x"],
    ["track"],
    ["track", "--range", "HEAD..HEAD"],
    ["commit"],
]
READING: list[list[str]] = [
    *(["task", verb] for verb in ("list", "ready")),
    ["task", "show", "t-123"],
    ["decision", "list"],
    ["decision", "show", "d-123"],
    *(["session", verb] for verb in ("status", "list", "show")),
    *([word] for word in ("status", "doctor", "verify", "recover", "review")),
    ["search", "x"],
    ["history", "t-123"],
]
every = pytest.mark.parametrize("words", [["init"], *WRITING, *READING], ids=" ".join)
writing = pytest.mark.parametrize("words", WRITING, ids=" ".join)


def refused(
    repo: Repo,
    *words: str,
    kind: str,
    code: int = 1,
    cwd: str = ".",
    env: Mapping[str, str] | None = None,
    watched: Repo | None = None,
) -> dict[str, Any]:
    """The error of a command, which must be one, with a hint, and must leave everything as it was."""
    before = snapshot(watched or repo, local=True)
    done = repo.run(*words, check=False, cwd=cwd, env=env)
    assert (done.code, done.out) == (code, "")
    assert done.err.count("error: ") == 1, done.err
    assert done.err.count("hint: ") == 1, done.err
    assert "Traceback" not in done.err
    split = words.index("--") if "--" in words else len(words)
    as_json = repo.run(*words[:split], "--json", *words[split:], check=False, cwd=cwd, env=env)
    assert as_json.code == code
    assert as_json.error["kind"] == kind
    assert as_json.error["message"]
    assert as_json.error["hint"]
    assert snapshot(watched or repo, local=True) == before
    return as_json.error


@every
def test_not_a_repository(tmp_path: Path, words: list[str]) -> None:
    error = refused(Repo(tmp_path), *words, kind="not_a_repository")
    assert "not in a git repository" in error["message"]


@pytest.mark.parametrize("words", [["init"], *WRITING], ids=" ".join)
def test_inside_the_git_directory(project: Repo, words: list[str]) -> None:
    new_task(project)
    error = refused(project, *words, cwd=".git", kind="not_a_repository")
    assert "inside a git directory" in error["message"]


@every
def test_a_bare_repository(project: Repo, words: list[str]) -> None:
    bare = project.clone(project.path.parent / "bare.git", "--bare")
    kind = "no_store" if words in [*READING, ["commit"]] else "not_a_repository"
    assert "bare repository" in refused(bare, *words, kind=kind)["message"]


@pytest.mark.parametrize("words", [*WRITING, *READING], ids=" ".join)
def test_a_repository_without_a_store_names_init(repo: Repo, words: list[str]) -> None:
    repo.commit("first")
    error = refused(repo, *words, kind="no_store")
    assert "taskorch init" in error["hint"]


NOBODY = {"GIT_CONFIG_GLOBAL": os.devnull}


@pytest.mark.parametrize(
    "words",
    [
        ["task", "note", "{task}", "x"],
        ["task", "start", "{task}"],
        ["session", "start"],
        ["decision", "new", "T", *TEXTS],
        ["track", "a.txt", "--task", "{task}"],
        ["commit"],
    ],
    ids=" ".join,
)
def test_no_user_name(project: Repo, words: list[str]) -> None:
    task = new_task(project)
    project.write("a.txt", "a\n")
    project.git("config", "user.useConfigOnly", "true")
    filled = [word.format(task=task) for word in words]
    error = refused(project, *filled, kind="refused", env=NOBODY)
    assert error["message"] == "git does not know who you are"
    assert "git config user.name" in error["hint"]


def test_no_user_name_for_a_note_in_a_session(project: Repo) -> None:
    project.run("session", "start")
    project.git("config", "user.useConfigOnly", "true")
    refused(project, "session", "note", "x", kind="refused", env=NOBODY)


def test_no_user_name_is_needed_where_no_author_is_recorded(project: Repo) -> None:
    project.git("config", "user.useConfigOnly", "true")
    done = project.run("task", "new", "T", "--json", env=NOBODY)
    project.run("task", "edit", done.json["id"], "--priority", "high", env=NOBODY)
    project.run("session", "start", "--agent", "bot", env=NOBODY)


UNKNOWN = [
    *(["task", verb, "{name}"] for verb in ("show", "start", "block", "fail", "cancel")),
    *(["task", verb, "{name}"] for verb in ("reopen", "delete", "release", "edit")),
    ["task", "edit", "{name}", "--title", "x"],
    ["task", "note", "{name}", "x"],
    ["task", "check", "{name}", "1"],
    ["task", "complete", "{name}", "--results", "r"],
    ["task", "new", "T", "--parent", "{name}"],
    ["task", "new", "T", "--depends-on", "{name}"],
    ["task", "edit", "{other}", "--parent", "{name}"],
    ["task", "edit", "{other}", "--depends-on", "{name}"],
    ["task", "list", "--parent", "{name}"],
    ["decision", "new", "T", *TEXTS, "--task", "{name}"],
    ["decision", "list", "--task", "{name}"],
    ["session", "start", "--task", "{name}"],
    ["track", "--task", "{name}"],
    ["verify", "--task", "{name}"],
    ["recover", "{name}"],
    ["history", "{name}"],
]
UNKNOWN_DECISION = [
    *(["decision", verb, "{name}"] for verb in ("show", "accept", "reject", "deprecate")),
    ["decision", "supersede", "{name}", "--by", "{other}"],
    ["decision", "supersede", "{other}", "--by", "{name}"],
]
UNKNOWN_SESSION = [
    *(["session", verb, "{name}"] for verb in ("show", "resume")),
    ["verify", "--session", "{name}"],
]


@pytest.mark.parametrize("words", UNKNOWN, ids=" ".join)
def test_a_task_that_is_unknown_or_ambiguous(project: Repo, words: list[str]) -> None:
    for last in "12":
        text = f"id: t-abcd000{last}\ntitle: T{last}\ncreated: 2026-01-01\nstatus: pending"
        project.write(f".orchestrator/tasks/t-abcd000{last}.md", f"---\n{text}\n---\n")
    other = new_task(project)

    def fill(name: str) -> list[str]:
        return [word.format(name=name, other=other) for word in words]

    refused(project, *fill("t-00000000"), kind="not_found")
    error = refused(project, *fill("abcd"), kind="ambiguous")
    assert error["candidates"] == ["t-abcd0001  T1", "t-abcd0002  T2"]


@pytest.mark.parametrize("words", UNKNOWN_DECISION, ids=" ".join)
def test_a_decision_that_is_unknown_or_ambiguous(project: Repo, words: list[str]) -> None:
    for last in "12":
        text = f"id: d-abcd000{last}\ntitle: D{last}\nstatus: proposed"
        project.write(f".orchestrator/decisions/d-abcd000{last}.md", f"---\n{text}\n---\n")
    other = new_decision(project)
    for name, kind in (("d-00000000", "not_found"), ("d-abcd", "ambiguous")):
        refused(project, *(word.format(name=name, other=other) for word in words), kind=kind)


@pytest.mark.parametrize("words", UNKNOWN_SESSION, ids=" ".join)
def test_a_session_that_is_unknown_or_ambiguous(project: Repo, words: list[str]) -> None:
    for last in "12":
        text = f"id: s-abcd000{last}\ncreated: 2026-01-01"
        project.write(f".orchestrator/sessions/2026-01/s-abcd000{last}.md", f"---\n{text}\n---\n")
    for name, kind in (("s-00000000", "not_found"), ("s-abcd", "ambiguous")):
        refused(project, *(word.format(name=name) for word in words), kind=kind)


BROKEN = {
    "conflict markers": "---\nid: t-00000001\n<<<<<<< HEAD\ntitle: A\n=======\ntitle: B\n>>>>>>> side\n---\n",
    "no fence": "a text of its own\n",
    "odd status": "---\nid: t-00000001\ntitle: A\ncreated: 2026-01-01\nstatus: odd\n---\n",
    "a bomb": "---\nid: t-00000001\na: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n---\n",
    "NUL": "---\nid: t-00000001\ntitle: a\0b\ncreated: 2026-01-01\nstatus: pending\n---\n",
}


@pytest.mark.parametrize("content", BROKEN)
@pytest.mark.parametrize("words", [w for w in UNKNOWN if "{other}" not in w], ids=" ".join)
def test_a_record_broken_by_hand(project: Repo, words: list[str], content: str) -> None:
    path = ".orchestrator/tasks/t-00000001-broken.md"
    project.write(path, BROKEN[content])
    error = refused(project, *(word.format(name="t-00000001") for word in words), kind="bad_record")
    assert error["message"].startswith(f"{path}:")
    assert all(part.isdecimal() for part in error["message"].removeprefix(f"{path}:").split(":")[:2])


def test_a_broken_record_does_not_stop_work_on_the_others(project: Repo) -> None:
    project.write(".orchestrator/tasks/t-00000001-broken.md", BROKEN["conflict markers"])
    task = started(project)
    project.write("a.txt", "a\n")
    assert project.json("task", "complete", task, "--results", "r")["status"] == "completed"


PATHS = [
    "../outside.txt",
    "/etc/hosts",
    "src/../../outside.txt",
    ".git/config",
    "src/../.git/config",
    ".GIT/config",
    ".git./config",
    "git~1/config",
    ".git\u200c/config",
    "out/outside.txt",
    "out/../../../etc/hosts",
    "round/.git/config",
]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_outside_inside_git_or_through_a_leaving_link(project: Repo, path: str) -> None:
    project.write("src/a.txt", "a\n")
    (project.path / "out").symlink_to(project.path.parent)
    (project.path / "round").symlink_to(".")
    project.write("../outside.txt", "o\n")
    task = started(project)
    for words in (
        ["track", path],
        ["track", "src/a.txt", "--from", path],
        ["track", "src/a.txt", path],
        ["task", "complete", task, "--results", "r", "--artifact", path],
        ["decision", "new", "T", *TEXTS, "--file", path],
    ):
        refused(project, *words, kind="bad_path")


@every
def test_a_newer_format(project: Repo, words: list[str]) -> None:
    project.write(".orchestrator/config.yaml", "format: 2\nsomething: new\n")
    error = refused(project, *words, kind="newer_format")
    assert "format 2" in error["message"]
    assert "newer taskorch" in error["hint"]


@pytest.mark.parametrize(
    "text", ["", "format: x\n", "format: [1]\n", "no: format\n", "<<<<<<< a\nformat: 1\n"]
)
def test_settings_that_cannot_be_read(project: Repo, text: str) -> None:
    project.write(".orchestrator/config.yaml", text)
    for words in (["task", "list"], ["task", "new", "T"]):
        assert "config.yaml:" in refused(project, *words, kind="bad_record")["message"]


def test_a_store_without_settings(project: Repo) -> None:
    project.remove(".orchestrator/config.yaml")
    for words in (["task", "list"], ["task", "new", "T"]):
        assert "taskorch init" in refused(project, *words, kind="no_store")["hint"]


TITLES = ["", "   ", "x" * 201, "two\nlines", "two\r\nlines", "old\rmac"]


@pytest.mark.parametrize("title", TITLES, ids=lambda title: repr(title[:9]))
def test_a_title_that_is_none(project: Repo, title: str) -> None:
    task = new_task(project)
    assert "title" in refused(project, "task", "new", "--", title, kind="refused")["message"]
    refused(project, "task", "edit", task, "--title", title, kind="refused")
    refused(project, "decision", "new", title, *TEXTS, kind="refused")


def test_the_longest_title_is_taken(project: Repo) -> None:
    assert project.json("task", "show", new_task(project, "é" * 200))["title"] == "é" * 200


MEGABYTE = "x" * (1 << 20)


def test_a_record_over_one_mebibyte(project: Repo) -> None:
    task = started(project)
    for words in (
        ["task", "new", "T", "-d", MEGABYTE],
        ["task", "new", "T", "--accept", MEGABYTE],
        ["task", "new", "T", "--label", MEGABYTE],
        ["task", "note", task, MEGABYTE],
        ["task", "complete", task, "--results", MEGABYTE],
        ["decision", "new", "T", *TEXTS, "--risk", MEGABYTE],
        ["session", "note", MEGABYTE],
        ["session", "end", "--handoff", MEGABYTE],
        ["task", "edit", task, "--assignee", MEGABYTE],
    ):
        assert "more than 1,048,576" in refused(project, *words, kind="refused")["message"]


def test_many_small_notes_reach_the_limit_too(project: Repo) -> None:
    task = new_task(project)
    project.run("task", "note", task, MEGABYTE[: 1 << 19])
    refused(project, "task", "note", task, MEGABYTE[: 1 << 19], kind="refused")


@pytest.mark.parametrize(
    "words", [["search", MEGABYTE], ["task", "list", "--label", MEGABYTE]], ids=["a", "b"]
)
def test_huge_arguments_where_nothing_is_written(project: Repo, words: list[str]) -> None:
    new_task(project)
    project.run(*words)


@pytest.mark.parametrize("words", [["task", "show"], ["recover"], ["history"], ["verify", "--target"]])
def test_a_huge_name_is_an_unknown_one(project: Repo, words: list[str]) -> None:
    new_task(project)
    done = project.run(*words, MEGABYTE[:100_000], *(["--all"] if "verify" in words else []), check=False)
    assert done.code == 1
    assert done.err.count("error: ") == 1
    assert "hint: " in done.err


@pytest.mark.parametrize(
    "words",
    [
        [b"task", b"new", b"caf\xe9"],
        [b"task", b"new", b"T", b"-d", b"caf\xe9"],
        [b"task", b"note", b"{task}", b"caf\xe9"],
        [b"task", b"edit", b"{task}", b"--assignee", b"caf\xe9"],
        [b"task", b"show", b"caf\xe9"],
        [b"decision", b"new", b"caf\xe9", *(text.encode() for text in TEXTS)],
        [b"session", b"start", b"--purpose", b"caf\xe9"],
        [b"search", b"caf\xe9\xff"],
        [b"verify", b"--all", b"--target", b"caf\xe9"],
        [b"review", b"caf\xe9..HEAD"],
        [b"caf\xe9"],
    ],
    ids=lambda words: b" ".join(words).decode(errors="replace"),
)
@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_arguments_that_are_not_utf8(project: Repo, words: list[bytes], locale: str) -> None:
    task = new_task(project)
    before = snapshot(project, local=True)
    done = subprocess.run(
        [sys.executable.encode(), b"-m", b"taskorch", *(w.replace(b"{task}", task.encode()) for w in words)],
        cwd=project.path,
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": locale},
    )
    assert b"Traceback" not in done.stderr
    assert b"a bug" not in done.stderr, done.stderr
    assert done.returncode in (0, 1, 2)
    if done.returncode:
        assert done.stderr.count(b"error: ") == 1
        assert b"hint: " in done.stderr
    assert snapshot(project, local=True) == before


def test_a_path_that_is_not_utf8_is_tracked_claimed_and_verified(project: Repo) -> None:
    task = started(project)
    name = os.fsdecode(b"caf\xe9.txt")
    (project.path / name).write_text("x\n")
    project.run("track", name)
    assert (
        project.json("task", "complete", task, "--results", "r")["verification"]["files"][0]["path"] == name
    )
    project.git("add", "--all")
    project.git("commit", "--quiet", "-m", "all")
    assert project.json("verify", "--task", task)["status"] == "verified"
    for words in (["verify", "--task", task], ["recover", task], ["review", "HEAD~1..HEAD"]):
        assert "caf" in project.taskorch(*words).out


HIDDEN = ["\x1b[31mred", "\x07", "\x9b31m", "\u202egnp", "\u2066x", "\x7f", "\u200e"]


@pytest.mark.parametrize("hidden", HIDDEN, ids=ascii)
def test_control_characters_in_what_one_types_are_never_sent_to_a_terminal(
    project: Repo, hidden: str
) -> None:
    task = new_task(project, f"a{hidden}b", "--label", f"l{hidden}")
    project.run("task", "start", task)
    project.run("task", "note", task, f"n{hidden}")
    decision = new_decision(project, f"d{hidden}e")
    assert project.json("task", "show", task)["title"] == f"a{hidden}b"
    for words in (
        ["task", "show", task],
        ["task", "list"],
        ["status"],
        ["recover", task],
        ["decision", "show", decision],
        ["decision", "list"],
        ["session", "show"],
        ["search", "a"],
        ["history", task],
    ):
        done = project.run(*words)
        assert hidden[0] not in done.out + done.err, words
    project.run("commit")
    assert hidden[0] not in project.run("review", "HEAD~1..HEAD").out
    assert project.run("doctor").code == 0


@contextmanager
def no_writing(folder: Path) -> Iterator[None]:
    """A folder in which nothing can be made or changed, for root as well where the system can."""
    mode = folder.stat().st_mode
    is_root = os.geteuid() == 0
    if is_root and subprocess.run(["chattr", "+i", str(folder)], capture_output=True, check=False).returncode:
        pytest.skip("root can write everywhere here, and chattr does not work")
    try:
        if not is_root:
            folder.chmod(0o555)
        yield
    finally:
        if is_root:
            subprocess.run(["chattr", "-i", str(folder)], check=True)
        else:
            folder.chmod(mode)


@pytest.mark.parametrize(
    "words",
    [
        ["task", "new", "T"],
        ["task", "note", "{task}", "x"],
        ["task", "edit", "{task}", "--title", "x"],
        ["task", "complete", "{task}", "--results", "r"],
        ["task", "cancel", "{task}"],
    ],
    ids=" ".join,
)
def test_a_read_only_folder(project: Repo, words: list[str]) -> None:
    task = new_task(project)
    with no_writing(project.path / ".orchestrator" / "tasks"):
        filled = [word.format(task=task) for word in words]
        error = refused(project, *filled, kind="write_failed")
        assert "cannot write" in error["message"]
        assert project.json("task", "list")["tasks"][0]["id"] == task


def test_a_read_only_folder_leaves_no_session_behind(project: Repo) -> None:
    task = new_task(project)
    project.run("session", "start")
    project.run("session", "end")
    with no_writing(project.path / ".orchestrator" / "tasks"):
        refused(project, "task", "start", task, kind="write_failed")
    assert project.json("session", "status")["session"] is None


@pytest.mark.parametrize("words", [["session", "start"], ["task", "start", "{task}"]], ids=" ".join)
def test_a_refused_session_leaves_the_interrupted_one_to_be_resumed(project: Repo, words: list[str]) -> None:
    task = new_task(project)
    session = project.json("session", "start")["id"]
    expire_leases(project)
    with no_writing(project.path / ".orchestrator" / "sessions" / f"{utc_now()[:7]}"):
        done = project.run(*(word.format(task=task) for word in words), check=False)
        assert done.code == 1
    assert project.json("session", "status")["interrupted"] == session
    assert project.json("verify")["files"] == []


def test_a_read_only_project(repo: Repo) -> None:
    with no_writing(repo.path):
        refused(repo, "init", kind="write_failed")


@pytest.mark.parametrize("kind", ["tasks", "decisions", "sessions"])
def test_a_file_in_place_of_a_folder(project: Repo, kind: str) -> None:
    project.write(f".orchestrator/{kind}", "a file\n")
    words = {
        "tasks": ["task", "new", "T"],
        "decisions": ["decision", "new", "T", *TEXTS],
        "sessions": ["session", "start"],
    }
    error = refused(project, *words[kind], kind="write_failed")
    assert f".orchestrator/{kind}" in error["message"]
    for reading in READING:
        assert project.run(*reading, check=False).code in (0, 1), reading


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can take a byte, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize(
    "words",
    [
        ["task", "new", "T"],
        ["task", "note", "{task}", "x"],
        ["task", "complete", "{task}", "--results", "r"],
        ["session", "start"],
        ["task", "start", "{task}"],
    ],
    ids=" ".join,
)
def test_a_full_disk(project: Repo, words: list[str]) -> None:
    task = new_task(project)
    filled = [word.format(task=task) for word in words]
    before = snapshot(project, local=True)
    with full_disk():
        done = project.run(*filled, "--json", check=False)
    assert done.code == 1
    assert done.error["hint"]
    assert snapshot(project, local=True) == before


def test_a_store_that_a_link_leads_away_is_not_written(project: Repo) -> None:
    store = project.path / ".orchestrator"
    away = store.rename(project.path.parent / "away")
    store.symlink_to(away)
    before = snapshot(Repo(project.path.parent))
    done = project.run("task", "new", "T", "--json", check=False)
    assert done.code == 1
    assert "symbolic link" in done.error["message"]
    assert done.error["hint"]
    assert snapshot(Repo(project.path.parent)) == before


@pytest.mark.parametrize("folder", ["tasks", "sessions", "sessions/2026-01", "decisions"])
def test_a_folder_of_records_that_a_link_leads_away_is_not_written(project: Repo, folder: str) -> None:
    away = project.path.parent / "away"
    away.mkdir()
    link = project.path / ".orchestrator" / folder
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(away)
    assert "symbolic link" in refused(project, "task", "new", "T", kind="refused")["message"]
    assert list(away.iterdir()) == []


def test_another_writer_that_does_not_finish(project: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    original = lock.locked.__wrapped__  # type: ignore[attr-defined]  # of the context manager
    monkeypatch.setattr(original, "__defaults__", (0.2,))
    new_task(project)
    with (project.path / ".git" / "taskorch" / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        error = refused(project, "task", "new", "T", kind="busy")
        assert "another taskorch is writing" in error["message"]
        project.run("task", "list")  # readers never wait
