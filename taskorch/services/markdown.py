"""Markdown made of texts of strangers: none of them can become structure."""

from __future__ import annotations

import re
from collections.abc import Sequence


def inline(text: str) -> str:
    """A text on one line, so that it cannot become a heading, a list, a link or emphasis."""
    escaped = re.sub(r"([\\`*\[\]<>|])", r"\\\1", " ".join(text.split()))
    return re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", escaped)  # inside a word it means nothing


def code(path: str) -> str:
    """A path as code, whatever backticks it holds."""
    longest = max((len(run) for run in re.findall(r"`+", path)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if "`" in path else ""
    return f"{fence}{pad}{path}{pad}{fence}"


def fenced(text: str) -> list[str]:
    """A text as a code block whose fence is longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *text.splitlines(), fence]


def counted(number: int, what: str) -> str:
    """A number of things in words: ``1 task``, ``2 tasks``."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def bullets(title: str, items: Sequence[str]) -> list[str]:
    """A heading with a list below it; nothing without items."""
    return [f"## {title}", "", *(f"- {item}" for item in items), ""] if items else []
