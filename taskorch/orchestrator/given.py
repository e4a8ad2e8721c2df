"""Arguments as callers give them, who may give anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from taskorch.errors import UsageError

Artifacts = str | Iterable[str] | None


def text(value: Any, name: str) -> str:
    """A text that was given as the argument `name`.  Raises UsageError for anything else."""
    if not isinstance(value, str):
        raise UsageError(f"{name} is {value!r:.60}, not a text", hint=f"give {name} as a string")
    return value


def texts(value: Any, name: str) -> list[str]:
    """Several texts.  Raises UsageError for anything else."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise UsageError(f"{name} is {value!r:.60}, not a list", hint=f"give {name} as a list of strings")
    return [text(one, f"an item of {name}") for one in value]


def artifacts_of(given: Artifacts) -> list[str]:
    """Artifacts as callers of mcp-task-orchestrator give them: one path, several, or none."""
    if given is None:
        return []
    return [given] if isinstance(given, str) else texts(given, "artifacts")
