"""``config.yaml``: what it may say, and what is said where it does not."""

from __future__ import annotations

import os

import pytest

from tests.cli.making import new_task
from tests.cli.refusals import refused
from tests.repos import Repo

CONFIG = ".orchestrator/config.yaml"
BAD = {
    "": (1, 1, "'format' is missing"),
    "format:\n": (1, 1, "'format' is missing"),
    "# no mapping\n- format: 1\n": (2, 1, "not a list of 'key: value' lines"),
    "just words\n": (1, 1, "not a list of 'key: value' lines"),
    "format: 0\n": (1, 9, "'format' is '0', not a number from 1 up"),
    "format: -1\n": (1, 9, "'format' is '-1', not a number from 1 up"),
    "format: [1]\n": (1, 9, "'format' is ['1'], not a number from 1 up"),
    "format: 1\ndefault_branch: [1]\n": (2, 17, "'default_branch' is ['1'], not the name of a branch"),
    "format: 1\ndefault_branch: ''\n": (2, 17, "'default_branch' is '', not the name of a branch"),
    "format: 1\ndefault_branch:\n  - main\n": (2, 1, "'default_branch' is ['main'], not the name"),
    "format: 1\nlease_hours: soon\n": (2, 14, "'lease_hours' is 'soon', not a number of hours"),
    "format: 1\nlease_hours: 0\n": (2, 14, "'lease_hours' is '0', not a number of hours"),
    "format: 1\nlease_hours: {a: b}\n": (2, 14, "'lease_hours' is {'a': 'b'}, not a number of hours"),
    "format: 1\nsessions: odd\n": (2, 11, "'sessions' is 'odd', not 'local'"),
    "format: 1\ncommit: always\n": (2, 9, "'commit' is 'always', not 'session'"),
}


@pytest.mark.parametrize("text", BAD)
def test_a_value_that_cannot_be(project: Repo, text: str) -> None:
    line, column, words = BAD[text]
    project.write(CONFIG, text)
    for command in (["task", "list"], ["task", "new", "T"], ["doctor"], ["init"]):
        error = refused(project, *command, kind="bad_record")
        assert error["message"].startswith(f"{CONFIG}:{line}:{column}: {words}")
        assert "front matter" not in error["message"]
        assert "doctor" not in error["hint"]


def test_settings_without_a_value_are_not_set(project: Repo) -> None:
    project.write(CONFIG, "format: 1\ndefault_branch:\nlease_hours: ~\nsessions:\ncommit: null\n")
    assert project.json("doctor")["problems"] == []


def test_unknown_settings_are_told_by_doctor_and_stop_nothing(project: Repo) -> None:
    project.write(CONFIG, "format: 1\n\nsesions: local\ncolour: red\n")
    new_task(project)
    assert project.json("task", "list")["problems"] == []
    known = "known: format, default_branch, lease_hours, safety_days, safety_steps, safety_mib, "
    known += "checkpoint_file_mib, checkpoint_mib, sessions, commit, decisions, "
    known += "stale_hours, stale_roles"
    answer = project.json("doctor", check=False)
    assert [(one["path"], one["line"], one["message"], one["hint"]) for one in answer["problems"]] == [
        (CONFIG, 3, "'sesions' is no setting", f"did you mean 'sessions'? {known}"),
        (CONFIG, 4, "'colour' is no setting", known),
    ]


def test_a_store_in_a_subfolder_names_its_config_from_the_root(project: Repo) -> None:
    (project.path / "api").mkdir()
    project.run("init", "--here", cwd="api")
    project.write(f"api/{CONFIG}", "format: x\n")
    error = refused(project, "task", "list", kind="bad_record", cwd="api")
    assert error["message"].startswith(f"api/{CONFIG}:1:9: 'format' is 'x'")


@pytest.mark.parametrize("what", ["a pipe", "a folder", "a link to nothing"])
def test_what_is_no_file_is_an_error_at_once(project: Repo, what: str) -> None:
    file = project.path / CONFIG
    file.unlink()
    if what == "a pipe":
        os.mkfifo(file)
    elif what == "a folder":
        file.mkdir()
    else:
        file.symlink_to("nowhere")
    words = "a symbolic link to nothing" if what == "a link to nothing" else "not a file, so it is not read"
    for command in (["task", "list"], ["task", "new", "T"], ["doctor"], ["init"]):
        error = refused(project, *command, kind="bad_record")
        assert error["message"] == f"{CONFIG}:1:1: {words}"
        assert "doctor" not in error["hint"]


def test_a_link_to_a_file_is_read(project: Repo) -> None:
    file = project.path / CONFIG
    file.rename(project.path / "settings.yaml")
    file.symlink_to("../settings.yaml")
    assert project.json("doctor")["problems"] == []
