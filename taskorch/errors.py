"""The error tree: what went wrong, in words for people, and the exit code it ends in.

Services raise these; ``cli/boundary.py`` alone prints them and exits.
"""

from __future__ import annotations

from collections.abc import Sequence


class TaskorchError(Exception):
    """Base of all errors a user can meet.

    ``kind`` is a stable word for programs, ``hint`` says what to do next, ``reasons`` are the
    single findings behind a refusal, ``candidates`` what could have been meant.
    """

    kind = "refused"
    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        reasons: Sequence[str] = (),
        candidates: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.reasons = list(reasons)
        self.candidates = list(candidates)


class UsageError(TaskorchError):
    """The words of the command do not go together."""

    kind = "usage"
    exit_code = 2


class NotFound(TaskorchError):
    """No record, revision or path of that name."""

    kind = "not_found"


class Ambiguous(TaskorchError):
    """A name fits several records."""

    kind = "ambiguous"


class NoStore(TaskorchError):
    """There is no ``.orchestrator`` folder here or above."""

    kind = "no_store"


class NotARepository(TaskorchError):
    """The folder is in no git repository, or in one that cannot be used for this."""

    kind = "not_a_repository"


class BadRecord(TaskorchError):
    """A record that cannot be read.  ``line`` and ``column`` count from 1."""

    kind = "bad_record"

    def __init__(
        self,
        message: str,
        *,
        path: str = "",
        line: int = 1,
        column: int = 1,
        field: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.path, self.line, self.column, self.field = path, line, column, field

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


class NewerFormat(TaskorchError):
    """The store was written by a newer taskorch."""

    kind = "newer_format"


class OlderFormat(TaskorchError):
    """The store is to be migrated before this taskorch works with it."""

    kind = "older_format"


class BadPath(TaskorchError):
    """A path that leaves the work tree or enters the git directory."""

    kind = "bad_path"


class Busy(TaskorchError):
    """Another taskorch is writing and did not finish in time."""

    kind = "busy"


class GitFailed(TaskorchError):
    """git could not do what was asked; its own words are in the message."""

    kind = "git"


class NotHere(GitFailed):
    """What git was asked for needs objects that a partial clone lacks."""


class WriteFailed(TaskorchError):
    """The file system did not take what was to be written."""

    kind = "write_failed"
