"""Where errors end: the one place that prints them and turns them into exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from taskorch.cli.output import Json, Paint, emit, write_json
from taskorch.errors import BadRecord, TaskorchError

BUG, INTERRUPTED = 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in (words[: words.index("--")] if "--" in words else words)
    try:
        from taskorch.cli.app import cli

        code = cli.main(words, prog_name="taskorch", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except TaskorchError as error:
        return _refused(error, as_json)
    except click.UsageError as error:
        return _usage(error, as_json)
    except click.ClickException as error:
        return _refused(TaskorchError(error.format_message()), as_json)
    except (KeyboardInterrupt, click.Abort):
        emit("interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # the reader has gone (head, less): nobody is left to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _bug(error, as_json)


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


def _usage(error: click.UsageError, as_json: bool) -> int:
    hint = f"{error.ctx.command_path} --help" if error.ctx else "taskorch --help"
    message = error.format_message()
    if as_json:
        write_json(_error("usage", message, hint), err=True)
        return 2
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        emit(message)  # the help itself
        return 2
    if error.ctx:
        emit(error.ctx.get_usage(), err=True)
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


def _write_log(error: Exception) -> Path | None:
    """The log file of a bug: in our folder of the git directory, else among temporary files."""
    import tempfile
    import traceback

    from taskorch import __version__
    from taskorch.services.workspace import Workspace

    details = "".join(traceback.format_exception(error))
    text = f"taskorch {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n{details}"
    try:
        folder = Workspace().repo.private_dir / "logs"
        folder.mkdir(parents=True, exist_ok=True)
    except Exception:
        folder = Path(tempfile.gettempdir())
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=folder, prefix="taskorch-bug-", suffix=".log", delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
        return Path(file.name)
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
