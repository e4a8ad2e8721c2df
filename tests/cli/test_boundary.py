"""Exit codes, where errors are printed, and what reaches a terminal."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from taskorch.errors import TaskorchError
from taskorch.services.workspace import Workspace
from tests.cli.capturing import in_terminal
from tests.cli.making import new_task, started, task_file
from tests.repos import Repo

ESCAPE = "\x1b[31mred\x1b[0m"


def test_done_is_0(project: Repo) -> None:
    done = project.run("task", "list")
    assert (done.code, done.err) == (0, "")


def test_a_refusal_is_1_with_message_and_hint_on_stderr(project: Repo) -> None:
    done = project.run("task", "show", "t-00000000", check=False)
    assert done.code == 1
    assert done.out == ""
    assert done.err == "error: no task 't-00000000'\nhint: taskorch task list --deleted shows all tasks\n"


def test_a_refusal_with_json_is_one_object_on_stderr(project: Repo) -> None:
    done = project.run("task", "show", "t-00000000", "--json", check=False)
    assert done.code == 1
    assert done.error == {
        "schema": "taskorch.error/1",
        "kind": "not_found",
        "message": "no task 't-00000000'",
        "hint": "taskorch task list --deleted shows all tasks",
        "reasons": [],
        "candidates": [],
    }


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["task", "nonsense"],
        ["task", "new"],
        ["task", "new", "a", "b"],
        ["task", "list", "--nonsense"],
        ["task", "list", "--status", "odd"],
        ["task", "new", "a", "--priority", "odd"],
        ["task", "check", "t-123", "one"],
        ["task", "complete", "t-123"],
        ["task", "complete", "t-123", "--results", "x", "--next-action", "odd"],
        ["decision", "new", "a"],
        ["decision", "supersede", "d-123"],
        ["recover", "--budget", "none"],
        ["search"],
        ["search", "x", "--limit", "0"],
        ["track", "a", "--range", "A..B"],
        ["track", "a", "b", "--from", "c"],
        ["track", "a", "--op", "move"],
        ["verify", "--all", "--task", "t-123"],
        *([*words, ""] for words in (["recover"], ["review"], ["verify", "--target"], ["verify", "--task"])),
        *([*words, " "] for words in (["session", "show"], ["session", "resume"], ["verify", "--session"])),
        ["track", "--task", ""],
        ["session", "start", "--task", ""],
        ["decision", "list", "--task", ""],
        ["task", "list", "--parent", ""],
    ],
)
def test_words_that_do_not_go_together_are_2(project: Repo, words: list[str]) -> None:
    done = project.run(*words, check=False)
    assert done.code == 2
    assert done.out == ""
    assert done.err.count("error: ") == 1
    assert "hint: " in done.err
    as_json = project.run(*words, "--json", check=False)
    assert as_json.code == 2
    assert as_json.error["kind"] == "usage"
    assert as_json.error["hint"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["verify", "--target"], "Option '--target' requires an argument."),
        (["verify", "--task", "--target"], "'--task' needs a value, and '--target' is an option."),
        (["recover", "--budget"], "Option '--budget' requires an argument."),
        (["recover", "--budget", "x"], "Invalid value for '--budget': 'x' is not a valid integer."),
        (["search", "x", "--limit", "y"], "Invalid value for '--limit': 'y' is not a valid integer."),
    ],
)
def test_a_usage_error_shows_the_usage(project: Repo, words: list[str], message: str) -> None:
    done = project.run(*words, check=False)
    assert (done.code, done.err.split("\n")[0]) == (2, project.run(words[0], "-h").out.split("\n")[0])
    assert message in done.err
    assert done.err.endswith(f"hint: taskorch {words[0]} --help\n")


@pytest.mark.parametrize("group", [[], ["task"], ["decision"], ["session"]])
def test_a_group_without_a_command_is_2_and_shows_its_help(project: Repo, group: list[str]) -> None:
    done = project.run(*group, check=False)
    assert done.code == 2
    assert "Usage: taskorch" in done.out + done.err
    as_json = project.run(*group, "--json", check=False)
    assert as_json.code == 2
    assert as_json.error["kind"] == "usage"


def test_a_misspelt_command_is_told_what_could_be_meant(project: Repo) -> None:
    assert "Did you mean 'recover'?" in project.run("recovr", check=False).err


@pytest.mark.parametrize("words", [["--help"], ["task", "-h"], ["task", "new", "--help"], ["--version"]])
def test_help_and_version_are_0_outside_any_repository(tmp_path: Path, words: list[str]) -> None:
    done = Repo(tmp_path).run(*words)
    assert done.out
    assert done.err == ""


def test_json_behind_two_dashes_is_a_text(project: Repo) -> None:
    made = project.run("task", "new", "--", "--json")
    assert "--json" in made.out
    done = project.run("task", "show", "--", "--json", check=False)
    assert done.err.startswith("error: ")


def test_a_bug_is_3_and_names_a_log_file(project: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Workspace, explain: bool) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("taskorch.services.tasks.ready_tasks", broken)
    done = project.run("task", "ready", check=False)
    assert done.code == 3
    assert "this is a bug in taskorch: ZeroDivisionError: oops" in done.err
    assert "Traceback" not in done.out + done.err
    log = Path(done.err.split("the details are in ")[1].split(";")[0])
    assert log.is_relative_to(project.path / ".git" / "taskorch")
    assert "ZeroDivisionError: oops" in log.read_text()
    assert project.run("task", "ready", "--json", check=False).error["kind"] == "bug"


def test_a_bug_outside_a_repository_is_logged_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Workspace, explain: bool) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("taskorch.services.tasks.ready_tasks", broken)
    done = Repo(tmp_path).run("task", "ready", check=False)
    assert done.code == 3
    assert Path(done.err.split("the details are in ")[1].split(";")[0]).is_file()


@pytest.mark.parametrize("error", [KeyboardInterrupt, click.Abort])
def test_an_interruption_is_130(
    project: Repo, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def interrupted(_: Workspace, explain: bool) -> None:
        raise error

    monkeypatch.setattr("taskorch.services.tasks.ready_tasks", interrupted)
    done = project.run("task", "ready", check=False)
    assert (done.code, done.out, done.err) == (130, "", "interrupted\n")
    assert project.run("task", "ready", "--json", check=False).error["kind"] == "interrupted"


def test_ctrl_c_while_waiting_for_the_lock_is_130(project: Repo) -> None:
    import fcntl

    new_task(project)
    with (project.path / ".git" / "taskorch" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "taskorch", "task", "new", "never made"]
        process = subprocess.Popen(command, cwd=project.path, stderr=subprocess.PIPE, text=True)
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err == "interrupted\n"
    assert [one["title"] for one in project.json("task", "list")["tasks"]] == ["Add login"]


def test_refusals_list_reasons_and_candidates(project: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Workspace, explain: bool) -> None:
        raise TaskorchError("no", hint="do that", reasons=["one", "two"], candidates=["a  A"])

    monkeypatch.setattr("taskorch.services.tasks.ready_tasks", refused)
    done = project.run("task", "ready", check=False)
    assert done.err == "error: no\n  - one\n  - two\n  a  A\nhint: do that\n"
    found = project.run("task", "ready", "--json", check=False).error
    assert (found["reasons"], found["candidates"]) == (["one", "two"], ["a  A"])


def test_a_closed_pipe_is_no_error(project: Repo) -> None:
    for number in range(3):
        new_task(project, f"Task {number}")
    command = f"{sys.executable} -m taskorch task list --json | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=project.path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_python_m_and_the_installed_script_are_the_same(project: Repo) -> None:
    script = Path(sys.executable).with_name("taskorch")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == project.taskorch("--version").out


def test_every_command_of_the_example_id_works_from_a_subfolder(project: Repo) -> None:
    task = new_task(project)
    (project.path / "src" / "deep").mkdir(parents=True)
    assert task in project.run("task", "show", task, cwd="src/deep").out


@pytest.mark.parametrize("hidden", [ESCAPE, "\x07bell", "\u202egnp.exe", "\u2066x", "\x9bcsi", "\u200fx"])
def test_control_and_bidi_characters_of_records_are_made_visible(project: Repo, hidden: str) -> None:
    task = new_task(project)
    path = task_file(project, task)
    path.write_text(path.read_text().replace("title: Add login", f'title: "{_yaml(hidden)}"'))
    for words in (["task", "show", task], ["task", "list"], ["status"], ["recover", task]):
        out = project.run(*words).out
        assert not set(hidden) & set("\x1b\x07\x9b\u202e\u2066\u200f") & set(out), words
        assert f"{ord(hidden[0]):02x}" in out or f"<U+{ord(hidden[0]):04X}>" in out, words


def _yaml(text: str) -> str:
    return "".join(c if c.isascii() and c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def test_line_breaks_and_tabs_are_visible_in_lines_and_kept_in_texts(project: Repo) -> None:
    path, shown = "a\nforged  line\tb.txt", r"a\nforged  line\tb.txt"
    task = started(project, "Odd names", "-d", "one\n\ttwo")
    project.write(path, "x\n")
    for words in (["status"], ["session", "status"], ["verify"], ["track", path]):
        out = project.run(*words).out
        assert shown in out, words
        assert not [line for line in out.splitlines() if line.startswith("forged")], words
    assert "\none\n\ttwo\n" in project.run("task", "show", task).out
    assert r"no\nname" in project.run("task", "show", "no\nname", check=False).err
    bare = project.run("task", check=False)
    assert "\n\nCommands:\n" in bare.out + bare.err
    project.run("task", "release", task)
    assert "\none\n\ttwo\n" in project.run("task", "start", task).out
    assert shown in project.run("task", "complete", task, "--results", "r").out
    texts = ("--context", "one\n\ntwo", "--decision", "d", "--rationale", "r")
    decision = project.run("decision", "new", "D", *texts, "--json").json["id"]
    assert "\none\n\ntwo\n" in project.run("decision", "show", decision).out
    assert "\n- " in project.run("recover", task).out


def test_error_messages_are_made_visible_too(project: Repo) -> None:
    done = project.run("task", "show", ESCAPE, check=False)
    assert "\x1b" not in done.err
    assert "\\x1b[31mred" in done.err


def test_colours_on_a_terminal_only_and_not_with_no_color(project: Repo) -> None:
    new_task(project)
    colours = {"TERM": "xterm"}
    plain = (colours | {"NO_COLOR": "1"}, {"TERM": "dumb"})
    asked: list[tuple[dict[str, str], list[str], bool]] = [(colours, [], True), (colours, ["--json"], False)]
    for env, words, coloured in [*asked, *((one, [], False) for one in plain)]:
        code, out = in_terminal(project, "task", "list", *words, **env)
        assert (code, "\x1b[" in out) == (0, coloured), (words, env)
    assert "\x1b[" not in project.taskorch("task", "list").out


def test_json_is_plain_ascii_in_any_locale(project: Repo) -> None:
    task = new_task(project, "Größe \u202e \U0001f600")
    done = project.taskorch("task", "show", task, "--json", env={"LC_ALL": "C", "PYTHONUTF8": "0"})
    assert done.out.isascii()
    assert done.json["title"] == "Größe \u202e \U0001f600"


def test_text_in_a_locale_without_the_characters_is_no_error(project: Repo) -> None:
    task = new_task(project, "Größe \U0001f600")
    done = project.taskorch(
        "task", "show", task, env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    )
    assert task in done.out
