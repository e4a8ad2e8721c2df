"""``config.yaml``: the format number, then settings."""

from __future__ import annotations

from dataclasses import dataclass

from taskorch.errors import BadRecord, NewerFormat
from taskorch.records.frontmatter import decode, parse
from taskorch.records.schema import FORMAT

NAME = "config.yaml"
DEFAULT_LEASE_HOURS = 8.0
INITIAL = f"""\
# taskorch reads this line before anything else in this folder.
format: {FORMAT}

# The branch others build on; without it, the remote's HEAD, main or master.
# default_branch: main

# How long a session counts as active after its last command.
# lease_hours: 8
"""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a store."""

    format: int = FORMAT
    default_branch: str | None = None
    lease_hours: float = DEFAULT_LEASE_HOURS


def load(data: bytes) -> Config:
    """The settings in a config file.  Raises NewerFormat, or BadRecord with line and column."""
    # read as front matter, whose first line is the fence put before it here
    try:
        document = parse("---\n" + decode(data, NAME).removeprefix("\ufeff") + "\n---\n", NAME)
    except BadRecord as problem:
        problem.line = max(problem.line - 1, 1)
        raise
    values = {key: entry.value for key, entry in document.entries.items()}
    number = values.get("format")
    if not isinstance(number, str) or not number.isdecimal():
        raise BadRecord("'format' is missing or no number", path=NAME, field="format", hint="format: 1")
    if int(number) > FORMAT:
        raise NewerFormat(
            f"this store has format {number}; this taskorch reads up to format {FORMAT}",
            hint="install a newer taskorch",
        )
    lease = values.get("lease_hours") or str(DEFAULT_LEASE_HOURS)
    try:
        hours = float(lease)
    except (TypeError, ValueError):
        hours = -1
    if not 0 < hours <= 24 * 365:
        entry = document.entries["lease_hours"]
        line, column = document.position(entry.value_start)
        raise BadRecord(
            f"'lease_hours' is {lease!r}, not a number of hours",
            path=NAME,
            line=line - 1,
            column=column,
            field="lease_hours",
        )
    branch = values.get("default_branch")
    return Config(int(number), branch if isinstance(branch, str) else None, hours)
