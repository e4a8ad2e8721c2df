"""The Markdown bodies of new records: the store's own templates, or those that come with taskorch.

A template is text of strangers: its places, ``{{ word }}``, are filled in, and nothing else is done with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from taskorch.errors import NotFound, TaskorchError
from taskorch.records.guidance import is_guidance
from taskorch.records.schema import MAX_RECORD_BYTES
from taskorch.store.layout import Store

FORMS = ("madr", "madr-minimal", "nygard")
"""The forms of a decision that come with taskorch, beside ``decision``, which has no guidance."""

_PLACE = re.compile(r"\{\{ *([a-z_]+)(\??) *\}\}")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*\Z")
_OF_OTHER_RECORDS = ("task", "session")


def render(name: str, values: Mapping[str, str], store: Store | None) -> str:
    """The template `name` (``task``, ``decision``, ``session``) with ``{{ word }}`` filled in.

    A line that stays empty is left out; with ``{{ word? }}`` the heading above it goes as well.
    """
    return fill(load(name, store), values)


def load(name: str, store: Store | None) -> str:
    """The text of a template: the store's own one, else the one that comes with taskorch.

    Raises TaskorchError if it cannot be read.
    """
    own = _own(name, store)
    return shipped(f"{name}.md") if own is None else own


def form(name: str, store: Store) -> str:
    """The text of the form of a decision that people call `name`.

    That is ``templates/NAME.md`` of the store or one of `FORMS`.  Raises NotFound, with all there are.
    """
    known = forms(store)
    if not _NAME.match(name) or name not in known:
        raise NotFound(
            f"no template '{name}'",
            hint=f"{store.shown('templates')}/NAME.md are your own ones; there are: {', '.join(known)}",
            candidates=known,
        )
    return load(name, store)


def forms(store: Store) -> list[str]:
    """The names of all forms of a decision, the store's own ones last."""
    folder = _folder(store)
    found = sorted(path.stem for path in folder.glob("*.md") if _is_own(path)) if folder else []
    own = [name for name in found if name not in _OF_OTHER_RECORDS and _NAME.match(name)]
    return list(dict.fromkeys(["decision", *FORMS, *own]))


def places(text: str) -> set[str]:
    """The words of a template's places."""
    return {place[1] for place in _PLACE.finditer(text)}


def fill(text: str, values: Mapping[str, str], *, guided: bool = False) -> str:
    """`text` with its places filled in.

    Guidance that stands right below a place goes where there is a value; else it is left if it is to
    guide somebody, and the heading above it, too.
    """
    out: list[str] = []
    lines = text.split("\n")
    below_filled = False
    for number, line in enumerate(lines):
        if below_filled and is_guidance(line):
            continue
        filled = _PLACE.sub(lambda place: values.get(place[1], ""), line)
        place = _PLACE.search(line)
        below_filled = bool(place and (filled.strip() or not guided))
        if place and not filled.strip():
            guides = guided and number + 1 < len(lines) and is_guidance(lines[number + 1])
            if place[2] and not guides:
                _drop_heading(out)
        elif filled or not out or out[-1]:
            out.append(filled)
    return "\n".join(out)


def _drop_heading(lines: list[str]) -> None:
    while lines and not lines[-1]:
        lines.pop()
    if lines and lines[-1].startswith("#"):
        lines.pop()


def _folder(store: Store) -> Path | None:
    """Where the store's own templates stand; never a folder that a symbolic link leads to."""
    folder = store.root / "templates"
    return folder if folder.is_dir() and not folder.is_symlink() else None


def _is_own(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _own(name: str, store: Store | None) -> str | None:
    folder = _folder(store) if store else None
    if folder is None or not _is_own(folder / f"{name}.md"):
        return None
    path = folder / f"{name}.md"
    try:
        if path.stat().st_size > MAX_RECORD_BYTES:
            raise TaskorchError(f"the template {path} is too large", hint="shorten it to less than 1 MiB")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise TaskorchError(f"cannot read the template {path}: {error}") from None


@cache
def shipped(path: str) -> str:
    """The text of a file that comes with taskorch, by its path below ``templates/``.

    Raises TaskorchError where it is missing.
    """
    here = Path(__file__).parent.parent
    # beside the package in a checkout (editable install), inside it in a wheel
    for folder in (here / "templates", here.parent / "templates"):
        if (folder / path).is_file():
            return (folder / path).read_text(encoding="utf-8")
    raise TaskorchError(f"the template {path} is missing", hint="install taskorch again")
