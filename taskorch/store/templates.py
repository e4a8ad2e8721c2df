"""The Markdown bodies of new records: the store's own templates, or those that come with taskorch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from taskorch.errors import TaskorchError
from taskorch.store.layout import Store

_PLACE = re.compile(r"\{\{ *([a-z_]+)(\??) *\}\}")


def render(name: str, values: Mapping[str, str], store: Store | None) -> str:
    """The template `name` (``task``, ``decision``, ``session``) with ``{{ word }}`` filled in.

    Filling in is all a template can do: it is text of strangers.  A line that stays empty is left
    out; with ``{{ word? }}`` the heading above it goes as well.
    """
    text = _own(name, store) or _shipped(name)
    out: list[str] = []
    for line in text.split("\n"):
        filled = _PLACE.sub(lambda place: values.get(place[1], ""), line)
        place = _PLACE.search(line)
        if place and not filled.strip():
            if place[2]:
                _drop_heading(out)
        elif filled or not out or out[-1]:
            out.append(filled)
    return "\n".join(out)


def _drop_heading(lines: list[str]) -> None:
    while lines and not lines[-1]:
        lines.pop()
    if lines and lines[-1].startswith("#"):
        lines.pop()


def _own(name: str, store: Store | None) -> str | None:
    if store is None:
        return None
    path = store.root / "templates" / f"{name}.md"
    if path.is_symlink() or not path.is_file():
        return None
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TaskorchError(f"cannot read the template {path}: {error}") from None


@cache
def _shipped(name: str) -> str:
    here = Path(__file__).parent.parent
    # beside the package in a checkout (editable install), inside it in a wheel
    for folder in (here / "templates", here.parent / "templates"):
        path = folder / f"{name}.md"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise TaskorchError(f"the template {name}.md is missing", hint="install taskorch again")
