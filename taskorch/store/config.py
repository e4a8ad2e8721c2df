"""``config.yaml``: the format number, then settings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from taskorch.errors import BadRecord, NewerFormat, OlderFormat
from taskorch.records import schema
from taskorch.records.document import Document, Entry
from taskorch.records.edit import set_field
from taskorch.records.frontmatter import decode, parse
from taskorch.records.scalars import write_scalar
from taskorch.store.folders import CONFIG as NAME

__all__ = ["NAME"]
DEFAULT_LEASE_HOURS = 8.0
INITIAL = f"""\
# taskorch reads this line before anything else in this folder.
format: {schema.FORMAT}

# The branch others build on; without it, the remote's HEAD, main or master.
# default_branch: main

# How long a session counts as active after its last command.
# lease_hours: 8

# What the safety store in the git directory keeps: journal and checkpoints, the oldest go first.
# safety_days: 30
# safety_steps: 2000
# safety_mib: 500

# What a checkpoint takes: files up to so much each, and so much in all.
# checkpoint_file_mib: 8
# checkpoint_mib: 64

# Commit the records by itself when a task is completed and when a session ends.
# commit: session

# Where decisions are kept in the way of another tool (MADR, adr-tools, log4brains): a folder, from the
# root of the work tree. taskorch decision adopt DIR --in-place sets it.
# decisions: docs/adr

# Keep the records of new sessions in the git directory, out of commits and pull requests; what they
# claim then stands beside the tasks.
# sessions: local

# After how many hours without activity taskorch doctor --stale calls an active task stale; of roles, one
# a line, other numbers. Built in: reviewer 6, documenter 8, researcher 12, tester 16, debugger 24,
# implementer 48, architect 72.
# stale_hours: 24
# stale_roles:
#   - reviewer 6
"""
STALE_HOURS = 24.0
STALE_ROLES = {
    "reviewer": 6.0, "documenter": 8.0, "researcher": 12.0, "tester": 16.0, "debugger": 24.0,
    "implementer": 48.0, "architect": 72.0,
}  # fmt: skip
"""Hours after which an active task without activity is stale, by the role it is for."""


_LIMITS = ("safety_days", "safety_steps", "safety_mib", "checkpoint_file_mib", "checkpoint_mib")
KEYS = (
    "format",
    "default_branch",
    "lease_hours",
    *_LIMITS,
    "sessions",
    "commit",
    "decisions",
    "stale_hours",
    "stale_roles",
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the safety store keeps (days, steps, MiB in all) and what a checkpoint takes (MiB)."""

    safety_days: int = 30
    safety_steps: int = 2000
    safety_mib: int = 500
    checkpoint_file_mib: int = 8
    checkpoint_mib: int = 64


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a store; ``unknown`` are its keys that mean nothing, for doctor to tell.

    ``commits_sessions``: completing a task and ending a session commit the records.
    ``local_sessions``: the records of new sessions are kept in the git directory.
    ``decisions``: the folder, from the root of the work tree, where decisions are kept in another tool's way.
    ``stale_hours``: after so many hours without activity an active task is stale; ``stale_roles`` by role.
    """

    format: int = schema.FORMAT
    default_branch: str | None = None
    lease_hours: float = DEFAULT_LEASE_HOURS
    commits_sessions: bool = False
    local_sessions: bool = False
    decisions: str | None = None
    limits: Limits = field(default_factory=Limits)
    unknown: tuple[BadRecord, ...] = ()
    stale_hours: float = STALE_HOURS
    stale_roles: Mapping[str, float] = field(default_factory=lambda: STALE_ROLES)


def load(data: bytes, path: str) -> Config:
    """The settings in a config file.

    Raises NewerFormat, OlderFormat, or BadRecord with `path`, line and column.
    """
    return _read_as(data, path, lambda document: _settings(document, path))


def format_of(data: bytes, path: str) -> int:
    """The format that a config file names, also an older one.  Raises NewerFormat or BadRecord."""
    return _read_as(data, path, lambda document: _format(document, older=True))


def _read_as(data: bytes, path: str, read: Callable[[Document], T]) -> T:
    try:
        # read as front matter, whose first line is the fence put before it here
        document = parse("---\n" + decode(data, path).removeprefix("\ufeff") + "\n---\n", path)
        return read(document)
    except BadRecord as problem:
        problem.path, problem.line = path, max(problem.line - 1, 1)
        problem.hint = problem.hint or "mend that line: every command reads this file first"
        raise


def with_setting(text: str, key: str, value: str) -> str:
    """The text of a config file with a setting in it: in place of the example of it, where there is one."""
    example = re.compile(rf"^# {key}:[^\n]*\n", re.MULTILINE).search(text)
    at = example.end() if example else len(text)
    if example and key not in parse(f"---\n{text}---\n", NAME).entries:
        return f"{text[: example.start()]}{key}: {write_scalar(value)}\n{text[at:]}"
    # read as front matter, whose fences are put around it here
    ended = text if text.endswith("\n") else f"{text}\n"
    return set_field(f"---\n{ended}---\n", key, value, KEYS).removeprefix("---\n").removesuffix("---\n")


def unreadable(path: str, words: str) -> BadRecord:
    """The error for a config that is no file to be read."""
    return BadRecord(words, path=path, hint="put a file there: every command reads it first")


def _settings(document: Document, path: str) -> Config:
    number = _format(document)
    branch = _read(document, "default_branch", lambda text: text or None, "the name of a branch")
    hours = _read(document, "lease_hours", _hours, "a number of hours")
    commits = _read(document, "commit", lambda text: text == "session" or None, "'session'")
    local = _read(document, "sessions", lambda text: text == "local" or None, "'local'")
    said = {key: _read(document, key, _whole, "a whole number from 1 up") for key in _LIMITS}
    limits = Limits(**{key: number for key, number in said.items() if number is not None})
    folder = _read(document, "decisions", _folder, "a folder below the root of the work tree")
    unknown = tuple(_unknown(document, path))
    stale = _read(document, "stale_hours", _hours, "a number of hours") or STALE_HOURS
    roles = STALE_ROLES | _stale_roles(document)
    hours = hours or DEFAULT_LEASE_HOURS
    return Config(number, branch, hours, bool(commits), bool(local), folder, limits, unknown, stale, roles)


def _format(document: Document, *, older: bool = False) -> int:
    """The store's format; one that is not the present one is only given where `older` is asked for."""
    number = _read(document, "format", _whole, "a number from 1 up")
    if number is None:
        raise BadRecord("'format' is missing", field="format", hint=f"add the line format: {schema.FORMAT}")
    if number > schema.FORMAT:
        raise NewerFormat(
            f"this store has format {number}; this taskorch reads up to format {schema.FORMAT}",
            hint="install a newer taskorch",
        )
    if number < schema.FORMAT and not older:
        raise OlderFormat(
            f"this store has format {number}; this taskorch works with format {schema.FORMAT}",
            hint="taskorch migrate brings it there; taskorch migrate --check tells what that would do",
        )
    return number


def _read(document: Document, key: str, take: Callable[[str], T | None], wanted: str) -> T | None:
    """What `take` makes of a key's text, None where there is none.  Raises BadRecord where it makes None."""
    entry = document.entries.get(key)
    if entry is None or entry.value is None:
        return None
    found = take(entry.value) if isinstance(entry.value, str) else None
    if found is None:
        raise _problem(document, entry, f"'{key}' is {entry.value!r}, not {wanted}")
    return found


def _whole(text: str) -> int | None:
    return int(text) or None if text.isdecimal() else None


def _hours(text: str) -> float | None:
    try:
        hours = float(text)
    except ValueError:
        return None
    return hours if 0 < hours <= 24 * 365 else None


def _stale_roles(document: Document) -> dict[str, float]:
    """Hours by role, each an item such as ``reviewer 6``.  Raises BadRecord."""
    entry = document.entries.get("stale_roles")
    if entry is None or entry.value in (None, ""):
        return {}
    found: dict[str, float] = {}
    for item in entry.value if isinstance(entry.value, list) else [entry.value]:
        role, _, number = str(item).rpartition(" ")
        hours = _hours(number)
        if not role.strip() or hours is None:
            raise _problem(document, entry, f"'stale_roles' has {item!r}, not a role and hours: reviewer 6")
        found[role.strip()] = hours
    return found


def _folder(text: str) -> str | None:
    """A folder as git spells it, None where that leads out of the work tree or into a git directory."""
    folder = posixpath.normpath(text.strip())
    parts = folder.split("/")
    outside = (
        not text.strip()
        or folder.startswith(("/", ".."))
        or "\\" in folder
        or ".git" in (part.lower() for part in parts)
    )
    return None if outside else folder


def _unknown(document: Document, path: str) -> Iterator[BadRecord]:
    for key, entry in document.entries.items():
        if key not in KEYS:
            from difflib import get_close_matches  # slow to load, and every command comes by

            close = get_close_matches(key, KEYS, 1)
            meant = f"did you mean '{close[0]}'? " if close else ""
            problem = _problem(document, entry, f"'{key}' is no setting", f"{meant}known: {', '.join(KEYS)}")
            problem.path, problem.line = path, problem.line - 1
            yield problem


def _problem(document: Document, entry: Entry, words: str, hint: str | None = None) -> BadRecord:
    of_key = hint is not None or entry.items is not None
    line, column = document.position(entry.start if of_key else entry.value_start)
    return BadRecord(words, line=line, column=column, field=entry.key, hint=hint)
