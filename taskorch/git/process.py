"""Starting processes: git with settings that the user's config cannot bend, and nothing else."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from taskorch.errors import GitFailed, NotARepository, NotHere

# The user's diff, log and status settings must not change what is read; nothing asks for a
# password, takes an optional lock (status would rewrite the index) or speaks another language.
_SETTINGS = (
    "core.quotePath=false",
    "core.fsmonitor=false",
    "core.splitIndex=false",
    "core.safecrlf=false",
    # long logs map packs in small pieces: by itself git maps all it reads
    "core.packedGitWindowSize=1m",
    "core.packedGitLimit=64m",
    "log.showSignature=false",
    "log.showRoot=true",
    "log.follow=false",
    "log.mailmap=false",
    "diff.renames=false",
    "diff.noprefix=false",
    "diff.mnemonicPrefix=false",
    "diff.orderFile=/dev/null",
    "diff.ignoreSubmodules=dirty",
    "grep.patternType=default",
    "grep.extendedRegexp=false",
    "i18n.logOutputEncoding=UTF-8",
    "submodule.recurse=false",
    "advice.addEmbeddedRepo=false",
)
_CONFIG = [part for setting in _SETTINGS for part in ("-c", setting)]
_ENVIRONMENT = {
    "LC_ALL": "C",
    "LANGUAGE": "",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_PAGER": "cat",
}
_BLOCK = 1 << 20
OF_A_REPOSITORY = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_INDEX_FILE", "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_QUARANTINE_PATH", "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
)  # fmt: skip
"""What tells git where the user's repository is, as a hook finds it (``git rev-parse --local-env-vars``)."""
_NOT_OURS = ("GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS")


@dataclass(frozen=True, slots=True)
class Finished:
    """What a process left: exit code, standard output and standard error."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """Standard output as text; bytes that are not UTF-8 are kept as surrogates."""
        return os.fsdecode(self.out)


def run(
    command: Sequence[str],
    cwd: Path,
    *,
    env: Mapping[str, str] | None = None,
    stdin: bytes | BinaryIO | None = None,
) -> Finished:
    """Run a command to its end; `env` is the whole environment, `stdin` bytes or a file."""
    whole = None if env is None else dict(env)
    if stdin is None or isinstance(stdin, bytes):
        done = subprocess.run(
            list(command), cwd=cwd, env=whole, input=stdin or b"", capture_output=True, check=False
        )
    else:
        done = subprocess.run(
            list(command), cwd=cwd, env=whole, stdin=stdin, capture_output=True, check=False
        )
    return Finished(done.returncode, done.stdout, os.fsdecode(done.stderr))


def git(
    arguments: Sequence[str],
    cwd: Path,
    *,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    allow: Sequence[int] = (0,),
    plain: bool = False,
    other: bool = False,
) -> Finished:
    """Run git; `env` adds to the environment.  Raises GitFailed on other exit codes than `allow`.

    `plain` leaves the user's settings and environment as they are: for a commit, whose hooks see them.
    `other`: `cwd` is in another repository than the one that the environment may name.
    """
    sealed = _sealed(OF_A_REPOSITORY if other else ())
    whole = (dict(os.environ) if plain else sealed) | dict(env or {})
    try:
        done = run(["git", *([] if plain else _CONFIG), *arguments], cwd, env=whole, stdin=stdin)
    except FileNotFoundError:
        raise NotARepository("git is not installed", hint="install git 2.34 or newer") from None
    return _checked(done, arguments, allow)


class Running:
    """A git process that was started and is not waited for yet."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def output(self) -> bytes | None:
        """What it printed, None if it failed."""
        out = self._process.communicate()[0]
        return None if self._process.returncode else out

    def end(self) -> None:
        """End it, if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


def start(arguments: Sequence[str], cwd: Path) -> Running:
    """Start git beside this process.  Raises NotARepository if git is not installed."""
    try:
        process = subprocess.Popen(
            ["git", *_CONFIG, *arguments], cwd=cwd, env=_sealed(()),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except FileNotFoundError:
        raise NotARepository("git is not installed", hint="install git 2.34 or newer") from None
    return Running(process)


def git_parts(arguments: Sequence[str], cwd: Path, *, env: Mapping[str, str]) -> Iterator[bytes]:
    """What git prints, taken apart at its NULs as it comes.  Raises GitFailed when it ends in an error."""
    import tempfile

    whole = _sealed(()) | dict(env)
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            ["git", *_CONFIG, *arguments],
            cwd=cwd, env=whole, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
        ) as process,
    ):  # fmt: skip
        assert process.stdout
        left = b""
        while block := process.stdout.read(_BLOCK):
            *parts, left = (left + block).split(b"\0")
            yield from parts
        if left:
            yield left
        code = process.wait()
        errors.seek(0)
        _checked(Finished(code, b"", os.fsdecode(errors.read())), arguments, (0,))


def _sealed(left_out: Sequence[str]) -> dict[str, str]:
    """Our environment without what would change git's answers, and with what makes them firm."""
    kept = {name: value for name, value in os.environ.items() if name not in (*_NOT_OURS, *left_out)}
    return kept | _ENVIRONMENT


def git_alone(
    arguments: Sequence[str],
    git_dir: Path,
    *,
    env: Mapping[str, str] | None = None,
    stdin: bytes | BinaryIO | None = None,
    allow: Sequence[int] = (0,),
) -> Finished:
    """Run git on a bare repository of ours, whatever tells it where the user's is.  Raises GitFailed."""
    whole = _sealed(OF_A_REPOSITORY)
    command = ["git", *_CONFIG, f"--git-dir={git_dir}", *arguments]
    done = run(command, git_dir, env=whole | dict(env or {}), stdin=stdin)
    return _checked(done, arguments, allow)


def _checked(done: Finished, arguments: Sequence[str], allow: Sequence[int]) -> Finished:
    if done.code not in allow:
        if "from promisor remote" in done.err:
            raise not_here(f"git {_command(arguments)}")
        words = telling_words(done.err) or f"exit code {done.code}"
        raise GitFailed(f"git {_command(arguments)} failed: {words}")
    return done


def not_here(who: str) -> NotHere:
    """The error where nothing can be told without what a partial clone lacks: nothing is fetched."""
    return NotHere(
        f"{who} needs objects that are not in this clone, and taskorch fetches nothing by itself",
        hint="git fetch --refetch --no-filter brings all objects",
    )


def _command(arguments: Sequence[str]) -> str:
    """git's command among its arguments: the first that is no setting."""
    settings = {at + 1 for at, word in enumerate(arguments) if word == "-c"}
    return next(word for at, word in enumerate(arguments) if word != "-c" and at not in settings)


def telling_words(err: str) -> str:
    """The lines that say what went wrong: often the first names the cause and the next the file."""
    lines = [line.strip() for line in err.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return "; ".join(telling[:3] or lines[:1])
