"""The commands that are printed work as they are pasted into a shell, wherever in the work tree."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from taskorch.services.shell_words import as_argument, at_commit, pathspec, top_pathspec, word
from tests.cli.making import new_task, started
from tests.repos import Repo

ODD = (
    "plain.py", "a b.py", "-rf", "_init.py", "!not.py", ":colon.py", "^caret", "@at", "100%", "(x)", "*.py",
    "a?b[c]", "back\\slash", "it's.py", "`tick`.py", "$(x).py", "new\nline.py", "tab\t'q'\\.py",
    "\u202egnp.py", "t-abc", "grün.py", "\x1b[31m.py", "not-utf8-\udcff1", "'\n", "dots../x",
)  # fmt: skip


def bash(command: str, folder: Path) -> str:
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_word_is_on_one_line_and_means_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    for text in ODD:
        assert word(text).isprintable(), text
        assert bash(f"printf %s {word(text)}", tmp_path) == text


def test_a_path_means_that_file_alone_for_git_and_taskorch_from_any_folder(project: Repo) -> None:
    for path in ODD:
        project.write(path, f"{path!r}\n")
        project.write(f"src/{path}", "in the subfolder\n")
    project.commit("odd names")
    project.write(".git/info/exclude", "*\n")
    src = project.path / "src"
    for path in ODD:
        assert bash(f"git ls-files -z --full-name -- {pathspec(path)}", src) == f"{path}\0"
        assert bash(f"git show {at_commit('HEAD', path)}", src) == f"{path!r}\n"
        assert bash(f"git show {at_commit('', path)}", src) == f"{path!r}\n"
        assert bash(f"git check-ignore --no-index -v -- {top_pathspec(path)}", src)
        assert bash(f"git log --follow --format=%s -- {pathspec(path)}", src) == "odd names\n"


def test_taskorch_takes_a_path_from_the_root_as_git_does(project: Repo) -> None:
    project.commit("files", {"a.py": "root\n", "src/a.py": "below\n", ":/a.py": "odd\n"})
    for named, meant in ((":/a.py", "a.py"), ("a.py", "src/a.py"), (":/src/a.py", "src/a.py")):
        assert project.run("why", named, "--json", cwd="src").json["path"] == meant
    assert project.json("why", ":/a.py:1")["line"] == 1
    assert project.json("why", "./:/a.py")["path"] == ":/a.py"
    assert project.json("why", ":/a.py", "--at", "HEAD")["path"] == "a.py"
    assert "outside the work tree" in project.run("why", ":/../a.py", check=False).err
    assert as_argument("-rf") == ":/-rf"


def commands_of(answer: dict[str, Any]) -> dict[str, str]:
    local = answer["recovery_package"]["local"]
    rows = [row for key in ("worktree", "index", "branches", "checkpoints", "journal") for row in local[key]]
    return {f"{row.get('change')} {row['path']}": row["command"] for row in rows}


@pytest.mark.parametrize("name", ["plain.py", "new\nline.py", "-rf *"])
def test_the_commands_of_recover_work_in_a_subfolder(project: Repo, name: str) -> None:
    task = started(project)
    kept = {path: "one\ntwo\n" for path in (f"src/{name}", name, f"gone {name}")}
    project.commit("begun", {**kept, "src/other": "x\n"})
    project.run("session", "end")
    project.run("commit")
    project.write(f"src/{name}", "one\nEDITED\n")
    project.write(name, "STAGED\n")
    project.git("add", "--all")
    project.write(f"src/{name}", "one\nFURTHER\n")
    project.remove(f"gone {name}")
    project.write(f"new {name}", "NEW\n")
    found = commands_of(project.json("recover", task))
    src = project.path / "src"
    assert "FURTHER" in bash(found[f"modified src/{name}"].replace("--cached", "HEAD"), src)
    assert "STAGED" in bash(found[f"modified {name}"], src)
    assert bash(found[f"deleted gone {name}"], src) == "one\ntwo\n"
    bash(found[f"untracked new {name}"], src)
    assert f"new {name}\0" in project.git("diff", "--cached", "--name-only", "-z") + "\0"
    text = project.run("recover", task).out
    for command in commands_of(project.json("recover", task)).values():
        assert command.isprintable()
        assert command in text


def test_what_is_restored_is_restored_from_a_subfolder(project: Repo) -> None:
    new_task(project)
    project.commit("plan")
    project.write("src/x", "x\n")
    project.commit("x")
    for path in ("src/lost\n.py", "-rf"):
        project.write(path, "LOST\n")
    project.run("checkpoint")
    for path in ("src/lost\n.py", "-rf"):
        project.remove(path)
    found = commands_of(project.json("recover"))
    for path in ("src/lost\n.py", "-rf"):
        command = found[f"lost {path}"]
        assert command == f"taskorch restore {as_argument(path)}"
        words = bash(f"printf '%s\\0' {command.removeprefix('taskorch ')}", project.path).split("\0")[:-1]
        project.run(*words, cwd="src")
        assert project.read(path) == "LOST\n"
