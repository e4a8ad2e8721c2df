"""Paths as words of a command that a person pastes into a shell."""

from __future__ import annotations

from shlex import quote


def pathspec(path: str) -> str:
    """A path as a word for git in a shell that means this path alone, also if it reads like a pattern."""
    is_pattern = path.startswith(":") or any(sign in path for sign in "*?[\\")
    return quote(f":(top,literal){path}" if is_pattern else path)


def as_argument(path: str) -> str:
    """A path as a word for taskorch in a shell: neither an option nor the id of a record."""
    return quote(f"./{path}" if path.startswith("-") or path[1:2] == "-" else path)
