"""Bad input: one clear error each, with a hint and the right exit code, and everything left as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.making import new_decision, new_task, started
from tests.cli.refusals import READING, TEXTS, WRITING, refused
from tests.repos import Repo

every = pytest.mark.parametrize("words", [["init"], *WRITING, *READING], ids=" ".join)


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
    kind = "no_store" if words in READING else "not_a_repository"
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


def twins(repo: Repo, record: str) -> list[str]:
    """Give a record a second file with the same id; both, as errors name them."""
    [file] = (repo.path / ".orchestrator").rglob(f"{record}*.md")
    copy = file.with_name(f"{record}-zz.md")
    copy.write_bytes(file.read_bytes())
    return [one.relative_to(repo.path).as_posix() for one in (file, copy)]


@pytest.mark.parametrize("words", [*UNKNOWN, *UNKNOWN_DECISION, *UNKNOWN_SESSION], ids=" ".join)
def test_two_files_with_one_id_are_neither_read_nor_written_by_it(project: Repo, words: list[str]) -> None:
    if words in UNKNOWN:
        one, other = new_task(project), new_task(project, "Other")
    elif words in UNKNOWN_DECISION:
        one, other = new_decision(project), new_decision(project, "Other")
    else:
        one, other = project.json("session", "start")["id"], ""
    files = twins(project, one)
    for name in (one, one[:9]):
        filled = [word.format(name=name, other=other) for word in words]
        error = refused(project, *filled, kind="ambiguous")
        assert error["message"] == f"2 files have the id {one}"
        assert sorted(error["candidates"]) == sorted(files)
    assert project.run("task", "list").code == project.run("status").code == 0
    assert "new id" in project.json("doctor", check=False)["problems"][0]["hint"]


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


def test_a_store_without_settings(repo: Repo) -> None:
    repo.run("init")
    repo.remove(".orchestrator/config.yaml")
    for words in (["task", "list"], ["task", "new", "T"]):
        assert "taskorch init" in refused(repo, *words, kind="no_store")["hint"]
