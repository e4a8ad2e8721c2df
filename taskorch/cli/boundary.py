"""Where errors end: the one place that prints them and turns them into exit codes."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from collections.abc import Sequence
from itertools import pairwise

import click

from taskorch.cli.output import Json, Paint, emit, emit_body, write_json
from taskorch.errors import BadRecord, TaskorchError, WriteFailed

BUG, INTERRUPTED = 3, 130

# What to do where an error does not say it itself.
_HINTS = {
    "usage": "add --help to the command to see how it is used",
    "bad_record": "mend the file; taskorch doctor shows every problem",
    "git": "mend what git says, and repeat the command",
    "write_failed": "mend the cause, and repeat the command",
    "not_a_repository": "go to a repository that git can read",
    "refused": "nothing was changed; taskorch status shows how things stand",
}

# What the machine refuses: its owner can mend it, and it is no bug.
_TO_WRITE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_OF_THE_MACHINE = (*_TO_WRITE, errno.EIO, errno.EACCES, errno.EPERM, errno.ENAMETOOLONG)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if arguments is None:
        gc.set_threshold(50_000)  # the process is short: looking for rings took a tenth of long lists
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what the locale cannot write is written out
            stream.reconfigure(errors="backslashreplace")
    as_json = _wants_json(words[: words.index("--")] if "--" in words else words)
    try:
        if getattr(sys, "stdout", None) is None:  # its number could be given to a file that is opened
            raise _no_output("it is closed")
        return _run(words)
    except TaskorchError as error:
        error.hint = error.hint or _HINTS.get(error.kind, _HINTS["refused"])
        return _refused(error, as_json)
    except click.UsageError as error:
        return _usage(error, as_json)
    except click.ClickException as error:
        return _refused(TaskorchError(error.format_message(), hint="nothing was changed"), as_json)
    except (KeyboardInterrupt, click.Abort):
        return _interrupted(as_json)
    except BrokenPipeError:
        # the reader has gone (head, less): nobody is left to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno in _OF_THE_MACHINE:
            return _refused(_of_the_machine(error), as_json)
        return _bug(error, as_json)
    except Exception as error:
        return _bug(error, as_json)


def _wants_json(words: Sequence[str]) -> bool:
    """Whether ``--json`` or ``--format json`` is among the words, also where they are not understood."""
    return "--json" in words or "--format=json" in words or ("--format", "json") in pairwise(words)


def _run(words: list[str]) -> int:
    """Run a command.  Not by click's own `main`, which ends the process when a pipe is closed."""
    from taskorch.cli.app import cli

    try:
        with cli.make_context("taskorch", list(words)) as context:
            code = cli.invoke(context)
    except click.exceptions.Exit as done:  # of --help and --version
        code = done.exit_code
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _of_the_machine(error: OSError) -> TaskorchError:
    """The refusal for what the machine did not do; without a path it was to the output."""
    from taskorch.store.files import HINTS

    words = error.strerror or str(error)
    if error.filename is None:
        return _no_output(words)
    kind = WriteFailed if error.errno in _TO_WRITE else TaskorchError
    return kind(f"{os.fsdecode(error.filename)}: {words}", hint=HINTS.get(error.errno or 0))


def _no_output(why: str) -> TaskorchError:
    return WriteFailed(
        f"the output could not be written: {why}",
        hint="send it elsewhere; taskorch status shows whether the command has changed something",
    )


def _refused(error: TaskorchError, as_json: bool) -> int:
    message = str(error) if isinstance(error, BadRecord) else error.message
    if as_json:
        write_json(_error(error.kind, message, error.hint, error.reasons, error.candidates), err=True)
        return error.exit_code
    emit(Paint("error: ", "red", bold=True), message, err=True)
    for line in error.reasons:
        emit("  - ", line, err=True)
    for line in error.candidates:
        emit("  ", line, err=True)
    if error.hint:
        emit(Paint("hint: ", "cyan"), error.hint, err=True)
    return error.exit_code


def _interrupted(as_json: bool) -> int:
    if as_json:
        write_json(_error("interrupted", "interrupted", None), err=True)
    else:
        emit("interrupted", err=True)
    return INTERRUPTED


def _usage(error: click.UsageError, as_json: bool) -> int:
    hint = f"{error.ctx.command_path} --help" if error.ctx else "taskorch --help"
    message = error.format_message()
    if as_json:
        write_json(_error("usage", message, hint), err=True)
        return 2
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        emit_body(message)  # the help itself
        return 2
    if error.ctx:
        emit_body(error.ctx.get_usage(), err=True)
    emit(Paint("error: ", "red", bold=True), message, err=True)
    emit(Paint("hint: ", "cyan"), hint, err=True)
    return 2


def _bug(error: Exception, as_json: bool) -> int:
    log = _write_log(error)
    message = f"this is a bug in taskorch: {type(error).__name__}: {error}"
    hint = f"the details are in {log}; please report them" if log else "please report it"
    if as_json:
        write_json(_error("bug", message, hint), err=True)
    else:
        emit(Paint("error: ", "red", bold=True), message, err=True)
        emit(Paint("hint: ", "cyan"), hint, err=True)
    return BUG


def _write_log(error: Exception) -> str | None:
    """The log file of a bug: in our folder of the git directory, else among temporary files."""
    import tempfile
    import traceback

    from taskorch import __version__
    from taskorch.cli.place import workspace

    details = "".join(traceback.format_exception(error))
    text = f"taskorch {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n{details}"
    try:
        folder = os.path.join(workspace().repo.private_dir, "logs")
        os.makedirs(folder, exist_ok=True)
    except Exception:
        folder = tempfile.gettempdir()
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=folder, prefix="taskorch-bug-", suffix=".log", delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
        return file.name
    except OSError:
        return None


def _error(
    kind: str,
    message: str,
    hint: str | None,
    reasons: Sequence[str] = (),
    candidates: Sequence[str] = (),
) -> Json:
    return {
        "schema": "taskorch.error/1",
        "kind": kind,
        "message": message,
        "hint": hint,
        "reasons": list(reasons),
        "candidates": list(candidates),
    }
