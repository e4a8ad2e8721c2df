"""Real repositories in a few lines, and the command line run in them."""

from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests.schemas import validate

# pytest's own, coverage's and the like stay; what steers git, taskorch, editors and terminals goes
_UNWANTED = ("GIT_", "TASKORCH_", "XDG_", "LC_", "LESS")
_UNWANTED_NAMES = {"EDITOR", "VISUAL", "PAGER", "EMAIL", "LANG", "LANGUAGE", "NO_COLOR", "SSH_ASKPASS"}
T = TypeVar("T")
_DATE = "2026-01-02T03:04:05Z"
_CONFIG = """\
[user]
\tname = Ann Example
\temail = ann@example.org
[init]
\tdefaultBranch = main
\ttemplateDir =
[gc]
\tauto = 0
[maintenance]
\tauto = false
[protocol "file"]
\tallow = always
"""

# Runs the command lines that its input lists, and prints of each the exit code and the two outputs.
_EACH = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from taskorch.cli.boundary import main
done = []
for words in json.load(sys.stdin):
    texts = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in "oe"]
    with redirect_stdout(texts[0]), redirect_stderr(texts[1]):
        code = main(words)
    done.append((code, *(text.buffer.getvalue().decode() for text in texts)))
print(json.dumps(done))
"""


def sealed_environment(home: Path, bytecode: Path) -> dict[str, str]:
    """The whole environment of tests, with `home` (which gets a git config) as the home folder.

    Where Python may not write bytecode beside its sources, processes keep it below `bytecode`: to
    compile everything anew is most of what a short command would do.
    """
    config = home / "gitconfig"
    config.write_text(_CONFIG)
    temporary = home / "tmp"
    temporary.mkdir()
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_UNWANTED) and name not in _UNWANTED_NAMES
    }
    if kept.pop("PYTHONDONTWRITEBYTECODE", None):
        kept["PYTHONPYCACHEPREFIX"] = str(bytecode)
    return kept | {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_AUTHOR_DATE": _DATE,
        "GIT_COMMITTER_DATE": _DATE,
        "GIT_EDITOR": "true",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_TEST_FSYNC": "0",  # git's own switch: no test pulls the plug
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "100",
    }


@dataclass(frozen=True)
class Result:
    """What a command left."""

    command: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The object on standard output, as its schema says."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        validate(found)
        return found

    @property
    def error(self) -> dict[str, Any]:
        """The object on standard error, as its schema says; standard output must be empty."""
        assert self.out == "", self.out
        found = json.loads(self.err)
        assert isinstance(found, dict)
        validate(found)
        return found

    def checked(self) -> Result:
        """Itself, if the command ended with 0."""
        assert self.code == 0, f"{shlex.join(self.command)}: exit {self.code}\n{self.out}{self.err}"
        return self


@dataclass(frozen=True)
class Repo:
    """A repository, bare or with its work tree at ``path``."""

    path: Path

    @classmethod
    def init(cls, path: Path, *options: str) -> Repo:
        """A new repository without commits, on branch main."""
        path.mkdir(parents=True, exist_ok=True)
        repo = cls(path)
        repo.git("init", "--quiet", *options)
        return repo

    def clone(self, path: Path, *options: str) -> Repo:
        """A clone of this one."""
        self.git("clone", "--quiet", *options, str(self.path), str(path))
        return Repo(path)

    def worktree(self, path: Path, *options: str) -> Repo:
        """A further work tree of this repository."""
        self.git("worktree", "add", "--quiet", *options, str(path))
        return Repo(path)

    def git(
        self,
        *arguments: str,
        check: bool = True,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> str:
        """Run git here and give its standard output, the last line break left out."""
        done = self.git_result(*arguments, stdin=stdin, env=env)
        if check:
            done.checked()
        return done.out.removesuffix("\n")

    def git_result(self, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None) -> Result:
        """Run git here, whatever it ends with."""
        return self._process(["git", *arguments], stdin, env)

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file of the work tree, with the folders above it."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def read(self, path: str) -> str:
        """The text of a file of the work tree."""
        return (self.path / path).read_text()

    def remove(self, path: str) -> None:
        """Delete a file of the work tree."""
        (self.path / path).unlink()

    def commit(self, message: str = "change", files: Mapping[str, str | bytes | None] | None = None) -> str:
        """Write `files` (None: delete), commit everything there is, and give the commit's id."""
        for path, content in (files or {}).items():
            if content is None:
                self.remove(path)
            else:
                self.write(path, content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.head

    @property
    def head(self) -> str:
        """The commit HEAD names.

        Read as git keeps it for a branch of a plain repository: every commit of a test asks for it.
        """
        try:
            name = (self.path / ".git/HEAD").read_text().removeprefix("ref: ").strip()
            return (self.path / ".git" / name).read_text().strip()
        except OSError:
            return self.git("rev-parse", "HEAD")

    def state(self, path: str, revision: str = "HEAD") -> str | None:
        """Mode and object id of a path in a commit, None where it has none."""
        listed = self.git("--literal-pathspecs", "ls-tree", "-r", revision, "--", path)
        fields = listed.split("\t")[0].split(" ")
        return f"{fields[0]} {fields[2]}" if listed else None

    def taskorch(
        self,
        *arguments: str,
        check: bool = True,
        cwd: str | Path = ".",
        stdin: str = "",
        env: Mapping[str, str] | None = None,
    ) -> Result:
        """Run the command line as a process of its own."""
        done = self._process([sys.executable, "-m", "taskorch", *arguments], stdin, env, cwd)
        return done.checked() if check else done

    def taskorch_each(
        self,
        commands: Sequence[Sequence[str]],
        *,
        before: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
    ) -> list[Result]:
        """Run several command lines in one further process, which the words `before` start."""
        done = self._process([*before, sys.executable, "-c", _EACH], json.dumps(commands), env)
        return [
            Result(tuple(words), *left) for words, left in zip(commands, json.loads(done.out), strict=True)
        ]

    def run(
        self,
        *arguments: str,
        check: bool = True,
        cwd: str | Path = ".",
        stdin: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Result:
        """Run the command line in this process: the same, faster.  Without `stdin` that is pytest's."""
        from taskorch.cli.boundary import main

        out, err = _Captured(), _Captured()
        before = Path.cwd()
        old = {name: os.environ.get(name) for name in env or {}}
        old_stdin = sys.stdin
        if stdin is not None:
            sys.stdin = io.TextIOWrapper(io.BytesIO(os.fsencode(stdin)), encoding="utf-8")
        os.environ.update(env or {})
        os.chdir(self.path / cwd)
        try:
            with redirect_stdout(out), redirect_stderr(err):
                code = main(arguments)
        finally:
            os.chdir(before)
            sys.stdin = old_stdin
            for name, value in old.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
        done = Result(("taskorch", *arguments), code, out.text, err.text)
        return done.checked() if check else done

    def json(self, *arguments: str, check: bool = True) -> dict[str, Any]:
        """The object that a command prints with ``--json``, run in this process."""
        return self.run(*arguments, "--json", check=check).json

    def _process(
        self,
        command: Sequence[str],
        stdin: str,
        env: Mapping[str, str] | None,
        cwd: str | Path = ".",
    ) -> Result:
        done = subprocess.run(
            command,
            cwd=self.path / cwd,
            env={**os.environ, **(env or {})},
            input=os.fsencode(stdin),
            capture_output=True,
            check=False,
        )
        return Result(tuple(command), done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr))


@dataclass
class Templates:
    """Repositories that were built once below ``folder`` and are copied for each test."""

    folder: Path
    built: dict[Callable[[Repo], object], tuple[Repo, Any]] = field(default_factory=dict)

    def copy(self, make: Callable[[Repo], object], path: Path) -> Repo:
        """A repository at `path` as the function `make` builds it in an empty one."""
        return self.giving(make, path)[0]

    def giving(self, make: Callable[[Repo], T], path: Path) -> tuple[Repo, T]:
        """The same, and what `make` gave: names of what is in it, no paths."""
        if make not in self.built:
            repo = Repo.init(self.folder / str(len(self.built)) / path.name)
            self.built[make] = repo, make(repo)
        repo, given = self.built[make]
        shutil.copytree(repo.path, path, symlinks=True)
        return Repo(path), given


@dataclass
class Build:
    """Makes the repository of a test, at ``path``, as a function builds it; built once, copied afterwards."""

    templates: Templates
    path: Path

    def __call__(self, make: Callable[[Repo], object]) -> Repo:
        """The repository."""
        return self.templates.copy(make, self.path)

    def giving(self, make: Callable[[Repo], T]) -> tuple[Repo, T]:
        """The repository, and what `make` gave: names of what is in it, no paths."""
        return self.templates.giving(make, self.path)


class _Captured(io.TextIOWrapper):
    """A text stream in memory, with a buffer for bytes below it as real ones have."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", errors="surrogateescape", write_through=True)

    @property
    def text(self) -> str:
        """All that was written."""
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return os.fsdecode(self.buffer.getvalue())
