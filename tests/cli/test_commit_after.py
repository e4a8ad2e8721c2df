"""``--commit`` on the commands that write records, and ``commit: session`` in the config."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from taskorch import create_enhanced_orchestrator
from tests.cli.making import new_decision, new_task, started, status_of, task_file
from tests.cli.refusals import TEXTS
from tests.cli.snapshots import snapshot
from tests.cli.test_commit import committed, hook
from tests.conftest import start_project
from tests.repos import Build, Repo

CONFIG = ".orchestrator/config.yaml"
IDS = ".git/ids.json"

# each in a project that has a pending task, an active one and two decisions, all committed
COMMANDS = [
    ["task", "new", "Other"],
    ["task", "edit", "{pending}", "--priority", "high"],
    ["task", "note", "{pending}", "a note"],
    ["task", "check", "{pending}", "1"],
    ["task", "start", "{pending}"],
    ["task", "complete", "{active}", "--results", "done"],
    *(["task", verb, "{pending}"] for verb in ("block", "fail", "cancel", "delete")),
    ["task", "release", "{active}"],
    ["task", "reopen", "{closed}"],
    ["decision", "new", "Third", *TEXTS],
    *(["decision", verb, "{old}"] for verb in ("accept", "reject", "deprecate")),
    ["decision", "supersede", "{old}", "--by", "{new}"],
    ["session", "note", "a note"],
    ["session", "end"],
    ["track", "--range", "HEAD~1..HEAD", "--task", "{active}"],
]


def prepare(project: Repo) -> None:
    """Records of all kinds, committed, and a session that is active; their ids are in a file."""
    start_project(project)
    ids = {
        "pending": new_task(project, "Pending", "--accept", "it works"),
        "closed": new_task(project, "Closed"),
        "old": new_decision(project, "Old"),
        "new": new_decision(project, "New"),
    }
    project.run("task", "cancel", ids["closed"])
    ids["active"] = started(project, "Active")
    project.run("commit")
    project.commit("work", {"a.txt": "a\n"})
    (project.path / IDS).write_text(json.dumps(ids))


@pytest.fixture
def day(build: Build) -> Repo:
    """The repository that the commands are for."""
    return build(prepare)


def filled(words: list[str], day: Repo) -> list[str]:
    """The words of a command with the ids of this day."""
    ids = json.loads((day.path / IDS).read_text())
    return [word.format(**ids) for word in words]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_what_a_command_changed_is_committed(day: Repo, words: list[str]) -> None:
    day.write("staged.txt", "s\n")
    day.git("add", "staged.txt")
    head = day.head
    answer = day.json(*filled(words, day), "--commit")
    done = answer["commit"]
    assert done["commit"] == day.head
    assert day.git("rev-parse", "HEAD^") == head
    assert set(done["paths"]) == committed(day)
    assert day.git("status", "--porcelain") == "A  staged.txt"
    assert day.git("log", "-1", "--format=%s") == done["message"]
    named = answer.get("id") or answer["task_id"]
    assert done["message"].startswith(f"taskorch: {words[0]} ") and named in done["message"]


def test_a_session_can_begin_with_a_commit(project: Repo) -> None:
    answer = project.json("session", "start", "--commit")
    assert answer["commit"]["paths"] == [answer["path"]]
    assert project.git("status", "--porcelain") == ""


def test_without_it_nothing_is_committed(project: Repo) -> None:
    head = project.head
    assert project.json("task", "new", "T")["commit"] is None
    assert project.head == head
    task = started(project)
    project.run("commit")
    assert project.json("task", "start", task, "--commit")["commit"] is None  # it changes nothing


def test_the_text_names_the_commit(project: Repo) -> None:
    out = project.run("task", "new", "Add login", "--commit").out
    assert out.splitlines()[-1].startswith(f"committed {project.head[:10]} taskorch: task new t-")
    assert out.splitlines()[-1].endswith(" Add login")


def test_what_was_observed_is_in_it(project: Repo) -> None:
    started(project)
    project.commit("work", {"a.txt": "a\n"})
    paths = project.json("task", "new", "Other", "--commit")["commit"]["paths"]
    assert any(path.endswith(".claims.jsonl") for path in paths)


def merging(project: Repo, _: Path) -> str:
    project.git("switch", "--quiet", "-c", "side", "HEAD~1")
    project.git("commit", "--quiet", "--allow-empty", "-m", "side")
    project.git("merge", "--quiet", "--no-commit", "--no-ff", "main")
    return "in the middle of a merge"


def unmerged(project: Repo, _: Path) -> str:
    blob = project.git("hash-object", "-w", "README.md")
    rows = "".join(f"100644 {blob} {stage}\tREADME.md\n" for stage in (1, 2, 3))
    project.git("update-index", "--index-info", stdin=rows)
    return "conflicts that are not resolved"


def partly_staged(project: Repo, _: Path) -> str:
    path = task_file(project, new_task(project, "Half"))
    project.git("add", str(path))
    path.write_text(path.read_text() + "more\n")
    return "staged in part"


def unreadable(project: Repo, _: Path) -> str:
    task_file(project, new_task(project, "Broken")).write_text("---\nbroken\n")
    return "cannot be read"


def nobody(_: Repo, home: Path) -> str:
    (home / "gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    return "git does not know who you are"


HINDRANCES = (merging, unmerged, partly_staged, unreadable, nobody)


@pytest.mark.parametrize(
    ("words", "hinder"),
    [*((words, merging) for words in (COMMANDS[0], *COMMANDS[2:6:2], *COMMANDS[-3:-1])),
     *((COMMANDS[5], hinder) for hinder in HINDRANCES)],
)  # fmt: skip
def test_what_would_hinder_the_commit_refuses_before_anything_is_written(
    day: Repo, sealed: Path, words: list[str], hinder: Any
) -> None:
    said = hinder(day, sealed)
    before = snapshot(day, local=True)
    done = day.run(*filled(words, day), "--commit", "--json", check=False)
    assert done.code == 1
    assert said in done.error["message"]
    assert done.error["hint"]
    assert snapshot(day, local=True) == before


@pytest.mark.parametrize("config", [False, True])
def test_a_hook_that_refuses_leaves_the_record_and_says_so(project: Repo, config: bool) -> None:
    if config:
        project.write(CONFIG, "format: 1\ncommit: session\n")
    task = started(project)
    project.commit("plan")
    head = project.head
    hook(project, "pre-commit", "echo 'not on Fridays' >&2; exit 1")
    words = ["task", "complete", task, "--results", "done", *([] if config else ["--commit"])]
    done = project.run(*words, "--json", check=False)
    assert (done.code, done.error["kind"]) == (1, "git")
    assert f"task complete {task} Add login: this is written, but not committed" in done.error["message"]
    assert "not on Fridays" in done.error["message"]
    assert "taskorch commit" in done.error["hint"]
    assert (project.head, status_of(project, task)) == (head, "completed")
    (project.path / ".git/hooks/pre-commit").unlink()
    project.run("commit")
    assert project.git("status", "--porcelain") == ""


def test_track_alone_has_no_record_to_commit(project: Repo) -> None:
    started(project)
    project.write("a.txt", "a\n")
    done = project.run("track", "a.txt", "--commit", "--json", check=False)
    assert (done.code, done.error["kind"]) == (2, "usage")


def with_config(project: Repo) -> None:
    project.write(CONFIG, "format: 1\ncommit: session\n")
    project.commit("config")


def test_by_config_a_completion_is_committed_and_a_note_is_not(project: Repo) -> None:
    with_config(project)
    task = started(project)
    head = project.head
    assert project.json("task", "note", task, "a note")["commit"] is None
    assert project.head == head
    answer = project.json("task", "complete", task, "--results", "done")
    assert answer["session_ended"]
    assert answer["commit"]["commit"] == project.head
    assert answer["commit"]["message"] == f"taskorch: task complete {task} Add login"
    assert project.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("words", "commits"),
    [
        (["session", "end"], True),
        (["task", "cancel", "{task}"], True),  # the session ends with its last task
        (["task", "edit", "{task}", "--status", "blocked"], True),
        (["task", "complete", "{task}", "--results", "r", "--next-action", "needs_revision"], False),
        (["task", "cancel", "{other}"], False),
    ],
    ids=lambda words: " ".join(words[:2]) if isinstance(words, list) else "",
)
def test_by_config_the_end_of_a_session_is_committed(project: Repo, words: list[str], commits: bool) -> None:
    with_config(project)
    other = new_task(project, "Other")
    task = started(project)
    answer = project.json(*(word.format(task=task, other=other) for word in words))
    assert (answer["commit"] is not None) is commits
    assert (project.git("status", "--porcelain") == "") is commits


@pytest.mark.parametrize("words", [["session", "end"], ["task", "complete", "{task}", "--results", "r"]])
def test_by_config_what_would_hinder_the_commit_refuses(project: Repo, words: list[str]) -> None:
    with_config(project)
    task = started(project)
    partly_staged(project, Path())
    before = snapshot(project, local=True)
    done = project.run(*(word.format(task=task) for word in words), "--json", check=False)
    assert done.code == 1 and "staged in part" in done.error["message"]
    assert snapshot(project, local=True) == before
    project.run("task", "new", "what is not committed is not hindered")


def test_the_library_follows_the_config(project: Repo) -> None:
    with_config(project)
    task = started(project)

    async def complete() -> dict[str, Any]:
        orchestrator = await create_enhanced_orchestrator(project_dir=str(project.path))
        return await orchestrator.complete_subtask(task, "done")

    answer = asyncio.run(complete())
    assert answer["commit"]["commit"] == project.head
    assert project.git("status", "--porcelain") == ""


def test_what_is_committed_is_not_asked_for_again(project: Repo) -> None:
    task = started(project)
    project.write("a.txt", "a\n")
    out = project.run("task", "complete", task, "--results", "done", "--commit").out
    assert "then: git commit for the files\n" in out and "taskorch commit" not in out
    project.run("session", "start")
    assert "taskorch commit" not in project.run("session", "end", "--commit").out
