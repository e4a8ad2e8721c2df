"""Where the demo plays: throw-away repositories, sealed from the user's settings, removed at the end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from taskorch.demo.proof import Proof, Ran
from taskorch.errors import GitFailed, WriteFailed
from taskorch.git.process import Finished, run

_SOURCES = Path(__file__).resolve().parents[2]
_SEALED = ".sealed"
_FEW, _WHOLE = 12, 60  # lines of output that are worth showing
_NOT_KEPT = ("GIT_", "TASKORCH_", "LC_", "LANG", "XDG_", "PYTHONIOENCODING")
_CONFIG = """\
[init]
    defaultBranch = main
[gc]
    auto = 0
[maintenance]
    auto = false
[advice]
    detachedHead = false
"""


class Broken(Exception):
    """The story cannot go on: mostly because its last command ended otherwise than it needs."""


class Stage:
    """The folder of the demo and the people who work in it, each in a clone of the name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._ran: list[Ran] = []
        sealed = root / _SEALED
        (sealed / "templates").mkdir(parents=True)
        (sealed / "gitconfig").write_text(_CONFIG)
        self._environment = _environment(sealed)

    def take(self) -> tuple[Ran, ...]:
        """The commands since the last call."""
        taken, self._ran = tuple(self._ran), []
        return taken

    def git(self, who: str, *words: str, into: str | None = None) -> str:
        """A git command somebody types.  Raises Broken if it fails."""
        return self._type(who, ("git", *words), ("git", *words), into=into).text.strip()

    def taskorch(self, who: str, *words: str) -> str:
        """A taskorch command somebody types; what it printed.  Raises Broken if it fails."""
        return self._type(who, ("taskorch", *words), (sys.executable, "-m", "taskorch", *words)).text

    def ask(self, who: str, *words: str) -> dict[str, Any]:
        """A checking command with ``--json``: its object, also if it found something.

        Raises Broken if it gave none.
        """
        command = ("taskorch", *words, "--json")
        actual = (sys.executable, "-m", "taskorch", *words, "--json")
        done = self._type(who, command, actual, allow=(0, 4), show=False)
        try:
            answer: dict[str, Any] = json.loads(done.out)
        except ValueError:
            raise Broken from None
        return answer

    def check(self, who: str, *words: str) -> None:
        """A checking command for people to read; it may find something."""
        actual = (sys.executable, "-m", "taskorch", *words)
        self._type(who, ("taskorch", *words), actual, allow=(0, 4), most=_WHOLE)

    def look(self, who: str, *words: str) -> str:
        """What git says, unseen.  Raises Broken if it fails."""
        done = self._run(who, ("git", *words))
        if done.code:
            self._ran.append(Ran(who, ("git", *words), done.code, 0, done.err))
            raise Broken
        return done.text.strip()

    def prove(self, who: str, claim: str, expected: str, *words: str) -> Proof:
        """Compare what is expected with all that a git command prints."""
        return Proof(claim, self.shown(words), expected, self.said(who, *words))

    def said(self, who: str, *words: str) -> str:
        """What git answers to a question, or why it has no answer."""
        done = self._run(who, ("git", *words))
        lines = done.err.strip().splitlines() or [f"exit code {done.code}"]
        return lines[0] if done.code else done.text.strip()

    @staticmethod
    def shown(words: Sequence[str]) -> str:
        """A git command as somebody would type it."""
        return Ran("", ("git", *words), 0).typed

    def remark(self, who: str, text: str) -> None:
        """Say what somebody does without a command."""
        self._ran.append(Ran(who, ("#", text)))

    def write(self, who: str, files: dict[str, str]) -> None:
        """Somebody's editor writes files."""
        for path, text in files.items():
            file = self.root / who / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def delete(self, who: str, *paths: str) -> None:
        """Somebody deletes files."""
        for path in paths:
            (self.root / who / path).unlink()

    def remove(self, who: str) -> None:
        """Throw somebody's clone away."""
        _remove(self.root / who)

    def clear_up(self) -> None:
        """Leave nothing but the repositories."""
        _remove(self.root / _SEALED)

    def _type(
        self,
        who: str,
        words: tuple[str, ...],
        command: tuple[str, ...],
        *,
        into: str | None = None,
        allow: Sequence[int] = (0,),
        show: bool = True,
        most: int = _FEW,
    ) -> Finished:
        done = self._run(who if into is None else into, command, who)
        fits = done.code in allow
        output = done.text + done.err if show or not fits else ""
        self._ran.append(Ran(who, words, done.code, 0, output.strip("\n"), most))
        if not fits:
            raise Broken
        return done

    def _run(self, folder: str, command: Sequence[str], who: str | None = None) -> Finished:
        name = (who or folder).capitalize()
        env = dict(self._environment)
        for role in ("AUTHOR", "COMMITTER"):
            env[f"GIT_{role}_NAME"] = name
            env[f"GIT_{role}_EMAIL"] = f"{name.lower()}@example.org"
        try:
            return run(command, self.root / folder, env=env)
        except FileNotFoundError:
            raise GitFailed("git is not installed", hint="install git 2.34 or newer") from None


@contextmanager
def opened(*, keep: bool) -> Iterator[Stage]:
    """A stage in a new temporary folder; without `keep` it is removed, however the demo ends."""
    try:
        root = Path(tempfile.mkdtemp(prefix="taskorch-demo-")).resolve()
    except OSError as error:
        raise WriteFailed(f"no temporary folder for the demo: {error}", hint="set TMPDIR") from None
    stage: Stage | None = None
    try:
        with _endings_raised():
            stage = Stage(root)
            yield stage
    finally:
        with _undisturbed():
            if keep and stage is not None:
                stage.clear_up()
            else:
                _remove(root)


def _environment(sealed: Path) -> dict[str, str]:
    """The environment of all commands: no settings, hooks, attributes or identity of the user."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_KEPT)}
    if (_SOURCES / "pyproject.toml").exists():  # a checkout, which may not be installed
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(_SOURCES)]))
    return env | {
        "HOME": str(sealed),
        "XDG_CONFIG_HOME": str(sealed),
        "GIT_CONFIG_GLOBAL": str(sealed / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TEMPLATE_DIR": str(sealed / "templates"),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_EDITOR": "true",
        "GIT_PAGER": "cat",
        "LC_ALL": "C",
        "PYTHONUTF8": "1",
    }


@contextmanager
def _endings_raised() -> Iterator[None]:
    """Make the signals that end a process leave through our clean-up."""

    def leave(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    with _handlers({signal.SIGTERM: leave, signal.SIGHUP: leave}):
        yield


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no impatient second Ctrl-C stop the clean-up."""
    ignored = dict.fromkeys((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), signal.SIG_IGN)
    with _handlers(ignored):
        yield


@contextmanager
def _handlers(wanted: dict[signal.Signals, Any]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number, handler in wanted.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _remove(folder: Path, attempts: int = 20) -> None:
    """Remove a folder; a process that was just interrupted may still write into it for a moment."""
    for attempt in range(attempts):
        shutil.rmtree(folder, ignore_errors=attempt < attempts - 1)
        if not folder.exists():
            return
        threading.Event().wait(0.05)
