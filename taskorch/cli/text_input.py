"""Whole texts given to a command: from a file, or from the standard input."""

from __future__ import annotations

import click

from taskorch.errors import TaskorchError


def read_text(source: str) -> tuple[bytes, str]:
    """The bytes of a file or (``-``) of the standard input, and what errors call it.

    Raises TaskorchError where it cannot be read, or is larger than a record may be.
    """
    from taskorch.records.schema import MAX_RECORD_BYTES

    name = "standard input" if source == "-" else source
    try:
        with click.open_file(source, "rb") as file:
            data: bytes = file.read(MAX_RECORD_BYTES + 1)
    except (OSError, ValueError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise TaskorchError(f"{name} cannot be read: {why}", hint="name a file with text") from None
    if len(data) > MAX_RECORD_BYTES:
        raise TaskorchError(f"{name} has more than {MAX_RECORD_BYTES:,} bytes", hint="shorten the text")
    return data, name
