"""Folders of decisions that git hides or another repository has: refused, with what mends it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli import adr_folders
from tests.cli.refusals import refused
from tests.cli.snapshots import snapshot
from tests.repos import Repo

ADOPT = ("decision", "adopt")
FOLDER = "doc/adr"
EVERY_WAY = [[], ["--in-place"], ["--dry-run"], ["--in-place", "--dry-run"]]


@pytest.fixture
def folder(project: Repo) -> Repo:
    """A project with a folder of adr-tools and a source file, committed."""
    adr_folders.adr_tools(project)
    project.remove(".adr-dir")
    project.write("src/a.py", "a\n")
    project.commit("decisions")
    return project


def ignore(repo: Repo, rules: str, where: str = ".git/info/exclude") -> None:
    repo.write(where, rules)


def followed(repo: Repo, hint: str) -> None:
    """Add the lines that a hint names to the file that it names."""
    told = re.search("add the lines (.*) and (.*) at the end of (.*)", hint)
    assert told, hint
    file = repo.path / told[3]
    file.write_text((file.read_text() if file.exists() else "") + f"{told[1]}\n{told[2]}\n")


@pytest.mark.parametrize("options", EVERY_WAY)
def test_a_store_that_git_ignores_takes_nothing(folder: Repo, options: list[str]) -> None:
    if "--in-place" in options:  # the settings are what is written
        folder.git("rm", "-rq", "--cached", ".orchestrator")
    ignore(folder, ".orchestrator\n")
    error = refused(folder, *ADOPT, FOLDER, *options, kind="refused")
    assert error["message"].startswith("git ignores .orchestrator/")
    assert "'.orchestrator', line 1 of .git/info/exclude" in error["hint"]
    followed(folder, error["hint"])
    folder.run(*ADOPT, FOLDER, *options)


@pytest.mark.parametrize("name", ["adr", "our adr[1]"])
@pytest.mark.parametrize(
    ("rules", "where"),
    [("adr\nour*\n", ".git/info/exclude"), ("*.md\n", ".gitignore"), ("*\n", "more/.gitignore")],
)
def test_a_folder_that_git_ignores_is_named_with_the_lines_that_mend_it(
    project: Repo, name: str, rules: str, where: str
) -> None:
    place = f"more/{name}"
    adr_folders.adr_tools(project, place)
    ignore(project, rules, where)
    error = refused(project, *ADOPT, place, "--in-place", kind="refused")
    assert error["message"] == f"git ignores new decisions in {place}: they would never be committed"
    assert ".orchestrator" not in error["hint"]
    followed(project, error["hint"])
    project.run(*ADOPT, place, "--in-place")
    project.run("decision", "new", "Use E", "--because", "better", "--commit")


@pytest.mark.parametrize(
    ("rules", "where"), [("doc\n", ".git/info/exclude"), ("*\n", f"{FOLDER}/.gitignore")]
)
def test_a_rule_that_no_line_takes_back_is_to_be_taken_out(folder: Repo, rules: str, where: str) -> None:
    ignore(folder, rules, where)
    assert refused(folder, *ADOPT, FOLDER, "--in-place", kind="refused")["hint"].endswith(
        "take it out, or narrow it"
    )


def test_a_rule_that_came_later_is_told_with_the_folder(folder: Repo) -> None:
    folder.run(*ADOPT, FOLDER, "--in-place")
    ignore(folder, "*.md\n")
    error = refused(folder, "decision", "new", "Use E", "--because", "better", kind="refused")
    assert FOLDER in error["message"] and "!/adr/" in error["hint"]


def test_what_git_ignores_can_be_imported(project: Repo) -> None:
    adr_folders.adr_tools(project, "scratch")
    ignore(project, "scratch\n")
    assert len(project.json(*ADOPT, "scratch")["decisions"]) == 4


@pytest.fixture
def submodule(project: Repo, tmp_path: Path) -> Repo:
    """A project with a submodule that has a folder of decisions."""
    other = Repo.init(tmp_path / "other")
    adr_folders.adr_tools(other, "adr")
    other.commit("decisions")
    project.git("submodule", "--quiet", "add", str(other.path), "lib")
    project.commit("a submodule")
    return project


@pytest.mark.parametrize("options", [["--in-place"], ["--in-place", "--dry-run"]])
def test_decisions_are_not_kept_in_a_submodule(submodule: Repo, options: list[str]) -> None:
    error = refused(submodule, *ADOPT, "lib/adr", *options, kind="bad_path")
    assert error["message"].startswith("lib/adr is in another repository, lib")
    assert "taskorch decision adopt adr --in-place" in error["hint"]
    submodule.run("init", cwd="lib")
    submodule.run(*ADOPT, "adr", "--in-place", cwd="lib")
    assert len(submodule.json(*ADOPT, "lib/adr")["decisions"]) == 4


def test_settings_that_name_a_submodule_change_nothing_there(submodule: Repo) -> None:
    config = submodule.read(".orchestrator/config.yaml")
    submodule.write(".orchestrator/config.yaml", f"{config}decisions: lib/adr\n")
    for words in (["new", "E", "--because", "x"], ["deprecate", "3"], ["clarify", "1", "--by", "4"]):
        refused(submodule, "decision", *words, kind="bad_path")


def test_a_repository_that_was_begun_there_has_its_own_decisions(project: Repo) -> None:
    adr_folders.adr_tools(Repo.init(project.path / "lib"), "adr")
    refused(project, *ADOPT, "lib/adr", "--in-place", kind="bad_path")


def test_a_submodule_that_is_not_there_is_to_be_brought(submodule: Repo) -> None:
    submodule.git("submodule", "--quiet", "deinit", "-f", "lib")
    for options in EVERY_WAY:
        error = refused(submodule, *ADOPT, "../lib/adr", *options, kind="refused", cwd=".orchestrator")
        assert error["message"] == "lib/adr is in the submodule lib, which is not checked out"
    told = shlex.split(error["hint"].removesuffix(" brings it to disk"))
    Repo(submodule.path / ".orchestrator").git(*told[1:])
    submodule.run(*ADOPT, "lib/adr")


@pytest.mark.parametrize("mode", ["--cone", "--no-cone"])
def test_outside_a_sparse_checkout_it_is_to_be_brought(folder: Repo, mode: str) -> None:
    kept = ["src", ".orchestrator"] if mode == "--cone" else ["/src/", "/.orchestrator/"]
    folder.git("sparse-checkout", "set", mode, *kept)
    for options in EVERY_WAY:
        error = refused(folder, *ADOPT, "../doc/adr", *options, kind="refused", cwd="src")
        assert (
            error["message"] == "doc/adr is outside this sparse checkout: 4 decisions in git, but not on disk"
        )
    told = shlex.split(error["hint"].removesuffix(" brings it to disk"))
    Repo(folder.path / "src").git(*told[1:])
    assert len(folder.json(*ADOPT, FOLDER)["decisions"]) == 4


def test_a_folder_of_which_only_a_part_is_there_is_refused(folder: Repo) -> None:
    folder.git("sparse-checkout", "set", "--no-cone", "/*", "!/doc/adr/0004-use-d.md")
    assert "1 decision in git" in refused(folder, *ADOPT, FOLDER, kind="refused")["message"]


def test_an_adopted_folder_that_is_sparse_now_is_told_and_not_written_to(folder: Repo) -> None:
    folder.run(*ADOPT, FOLDER, "--in-place")
    folder.commit("adopted")
    folder.git("sparse-checkout", "set", "src", ".orchestrator")
    [problem] = folder.run("doctor", "--json", check=False).json["problems"]
    assert "git sparse-checkout add doc/adr brings it" in problem["hint"]
    error = refused(folder, "decision", "new", "Use E", "--because", "better", kind="refused")
    assert "outside this sparse checkout" in error["message"]


def test_what_was_imported_is_not_adopted_as_well(folder: Repo) -> None:
    folder.run(*ADOPT, FOLDER)
    error = refused(folder, *ADOPT, FOLDER, "--in-place", kind="refused")
    assert "and 3 more" in error["message"]
    before = snapshot(folder)
    folder.run(*ADOPT, FOLDER)
    assert snapshot(folder) == before
