"""A store written out and taken in again, without loss and without writing over anything."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.making import new_decision, new_task, started
from tests.cli.old_records import STORE, contents, old_task
from tests.repos import Repo

HEAD = '{"export": "taskorch", "version": 1, "format": 1}\n'


@pytest.fixture
def filled(project: Repo) -> Repo:
    """A store with a bit of everything."""
    old_task(project, 1, title="Ümläuts and all", end="## Results\n\nyes \u2028\r\nno\r\n")
    project.commit("old")
    project.run("archive")
    task = started(project, "Add login")
    project.write("login.py", "x\n")
    project.run("task", "complete", task, "--results", "done")
    new_decision(project)
    project.write(f"{STORE}/roles/poet.yaml", "role_definition: a poet\n")
    project.write(f"{STORE}/templates/task.md", "## Description\n")
    project.write(f"{STORE}/notes/odd.txt", b"name: \xff\xfe\n")
    project.write(f"{STORE}/config.yaml", "format: 1\nlease_hours: 4\n")
    return project


@pytest.fixture
def empty(tmp_path: Path) -> Repo:
    """Another repository with a store of nothing."""
    repo = Repo.init(tmp_path / "other")
    repo.write("README.md", "another one\n")
    repo.run("init")
    return repo


def lines(path: Path, *files: dict[str, str]) -> str:
    path.write_text(HEAD + "".join(json.dumps(one) + "\n" for one in files))
    return str(path)


def test_an_empty_store_gets_the_same_bytes(filled: Repo, empty: Repo, tmp_path: Path) -> None:
    file = str(tmp_path / "store.jsonl")
    told = filled.json("export", "--output", file)
    assert told["files"] == {"task": 2, "decision": 1, "session": 1, "claim": 1, "file": 6}
    answer = empty.json("import", "taskorch", file)
    assert answer["created"] == {"task": 2, "decision": 1, "session": 1, "claim": 1, "file": 4}
    assert (answer["updated"], answer["unchanged"], answer["skipped"]) == (0, 2, [])
    assert contents(empty) == contents(filled)
    assert empty.run("doctor").code == 0
    again = empty.json("import", "taskorch", file)
    assert (again["created"]["task"], again["unchanged"], again["skipped"]) == (0, 11, [])
    empty.run("undo")
    assert not list(empty.path.glob(f"{STORE}/tasks/*"))


def test_the_same_store_gives_the_same_lines(filled: Repo, tmp_path: Path) -> None:
    filled.run("export", "--output", "one.jsonl")
    printed = filled.run("export").out
    assert printed == filled.read("one.jsonl")
    assert printed.isascii()
    found = [json.loads(line) for line in printed.splitlines()]
    assert found[0] == {"export": "taskorch", "version": 1, "format": 1, "files": 11}
    paths = [one["path"] for one in found[1:]]
    assert paths == sorted(paths)


def test_sessions_kept_in_the_git_directory_come_along(project: Repo, empty: Repo, tmp_path: Path) -> None:
    for repo in (project, empty):
        repo.write(f"{STORE}/config.yaml", "format: 1\nsessions: local\n")
    started(project)
    file = str(tmp_path / "store.jsonl")
    project.run("export", "--output", file)
    assert empty.json("import", "taskorch", file)["created"]["session"] == 1
    [session] = empty.json("session", "list")["sessions"]
    assert session["id"] == project.json("session", "list")["sessions"][0]["id"]
    assert not list(empty.path.glob(f"{STORE}/sessions/*/*"))


def test_what_differs_is_left_as_it_is_and_told(filled: Repo, empty: Repo, tmp_path: Path) -> None:
    file = str(tmp_path / "store.jsonl")
    filled.run("export", "--output", file)
    task = filled.json("task", "list")["tasks"][0]
    empty.write(task["path"], filled.read(task["path"]).replace("Add login", "Add logout"))
    empty.write(f"{STORE}/config.yaml", "format: 1\nlease_hours: 5\n")
    before = contents(empty)
    answer = empty.json("import", "taskorch", file)
    assert sorted(one["item"] for one in answer["skipped"]) == [
        "config.yaml",
        task["path"].removeprefix(f"{STORE}/"),
    ]
    assert answer["created"]["session"] == 1
    assert {path: contents(empty)[path] for path in before} == before


def test_a_record_that_is_here_under_another_path_does_not_come_twice(project: Repo, tmp_path: Path) -> None:
    old_task(project, 1)
    project.commit("old")
    file = str(tmp_path / "store.jsonl")
    project.run("export", "--output", file)
    project.run("archive")
    [skipped] = project.json("import", "taskorch", file)["skipped"]
    assert skipped["reason"] == "its record is here as archive/2025-05/t-00000001-x.md"
    assert project.run("doctor").code == 0


def test_a_dry_run_writes_nothing(filled: Repo, empty: Repo, tmp_path: Path) -> None:
    file = str(tmp_path / "store.jsonl")
    filled.run("export", "--output", file)
    before = contents(empty)
    assert empty.json("import", "taskorch", file, "--dry-run")["created"]["task"] == 2
    assert contents(empty) == before


@pytest.mark.parametrize(
    "path",
    [
        "../out.md",
        "/etc/x",
        "tasks/../../out.md",
        ".git/hooks/x",
        "a/.GIT/x",
        "tasks\\x",
        "local/../../x",
        "link/x",
        "inner/x",
    ],
)
def test_no_path_leads_out_of_the_store(project: Repo, tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").mkdir()
    (project.path / STORE / "link").symlink_to(tmp_path / "outside")
    project.write("src/main.py", "x\n")
    (project.path / STORE / "inner").symlink_to(project.path / "src")
    file = lines(tmp_path / "store.jsonl", {"path": path, "text": "x"})
    before = sorted(tmp_path.rglob("*"))
    answer = project.json("import", "taskorch", file)
    assert [one["item"] for one in answer["skipped"]] == [path]
    new = {one for one in tmp_path.rglob("*")} - {*before}
    assert all("/.git/taskorch" in one.as_posix() for one in new), new


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("not json\n", "not a JSON object"),
        ('{"tasks": []}\n', "not an export of taskorch"),
        ('{"export": "taskorch", "version": 2, "format": 1}\n', "has version 2; this taskorch reads up to 1"),
        ('{"export": "taskorch", "version": 1, "format": 9}\n', "has format 9; this taskorch reads up to 1"),
        (f'{HEAD}{{"path": "x"}}\n', "neither 'text' nor 'base64'"),
        (f'{HEAD}{{"text": "x"}}\n', "'path' is missing"),
        (f'{HEAD}{{"path": "x", "text": "\\ud800"}}\n', "cannot be read"),
        (f'{HEAD}{{"path": "x", "text": ""}}\n{{"path": "x", "text": ""}}\n', "a second time"),
        (f'{HEAD}{{"path": "\\ud800", "text": ""}}\n', "cannot be read"),
        (
            f'{HEAD}{{"path": "x", "text": "y", "sha256": "0"}}\n',
            "its digest is a1fce4363854ff888cff4b8e7875d6",
        ),
        (f'{HEAD[:-2]}, "files": 2}}\n{{"path": "x", "text": ""}}\n', "it ends after 1 of 2 files"),
    ],
)
def test_a_file_that_is_no_whole_export_changes_nothing(
    project: Repo, tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "store.jsonl"
    file.write_text(text)
    before = contents(project)
    done = project.run("import", "taskorch", str(file), "--json", check=False)
    assert done.code == 1
    assert words in done.error["message"]
    assert contents(project) == before


def test_only_an_export_is_written_over(project: Repo) -> None:
    new_task(project)
    project.write("notes.txt", "mine\n")
    assert project.run("export", "--output", "notes.txt", check=False).code == 1
    assert project.read("notes.txt") == "mine\n"
    project.run("export", "--output", "store.jsonl")
    new_task(project, "Another")
    project.run("export", "--output", "store.jsonl")
    assert "Another" in project.read("store.jsonl")


def test_unknown_sources_and_json_without_a_file_are_usage_errors(project: Repo) -> None:
    assert project.run("import", "jira", "x", check=False).code == 2
    assert project.run("export", "--json", check=False).code == 2
    assert project.run("import", "taskorch", "nowhere.jsonl", check=False).code == 1


def test_a_changed_or_lost_line_is_noticed(filled: Repo, empty: Repo, tmp_path: Path) -> None:
    whole = filled.run("export").out.splitlines(keepends=True)
    file, before = tmp_path / "store.jsonl", contents(empty)
    changed = [*whole[:3], whole[3].replace("e", "a", 40), *whole[4:]]
    for damaged, words in ((whole[:-1], "ends after 10 of 11 files"), (changed, f"{file}:4")):
        file.write_text("".join(damaged))
        done = empty.run("import", "taskorch", str(file), check=False)
        assert done.code == 1
        assert words in done.err
        assert contents(empty) == before


def test_links_are_named_and_not_followed(project: Repo, tmp_path: Path) -> None:
    (project.path / STORE / "link").symlink_to(tmp_path)
    (project.path / STORE / "dangling.md").symlink_to("nowhere")
    assert project.json("export", "--output", "store.jsonl")["left_out"] == ["dangling.md", "link"]
    assert "not exported: dangling.md, link" in project.run("export", "--output", "store.jsonl").out


@pytest.mark.parametrize("text", ["format: 9\n", ": [\n", "format: 1\nlease_hours: x\n"])
def test_settings_that_lock_the_store_are_left_out(empty: Repo, tmp_path: Path, text: str) -> None:
    file = lines(tmp_path / "store.jsonl", {"path": "config.yaml", "text": text})
    [skipped] = empty.json("import", "taskorch", file)["skipped"]
    assert "this taskorch cannot read it" in skipped["reason"]
    assert empty.run("status").code == 0


def test_a_pipe_is_not_waited_for(project: Repo) -> None:
    os.mkfifo(project.path / "pipe")
    done = project.run("import", "taskorch", "pipe", check=False)
    assert (done.code, "pipe is not a file" in done.err) == (1, True)
