"""Writing answers: JSON, or lines for people in which no record can steer the terminal."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, NamedTuple, TextIO

import click

Json = dict[str, Any]

# Control characters but tab and line feed, line and paragraph separators, and those that reorder text on
# screen (bidi); then also those two.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

FIRST_TOLD, PAUSE = 1.0, 5.0
"""Seconds until a command that takes long says so first, and from one time to the next."""

_NOT_IN_A_LINE = re.compile(f"[\t\n]|{_UNSAFE.pattern}")

STATUS_COLORS = {
    "active": "cyan", "completed": "green", "blocked": "yellow", "failed": "red", "cancelled": "bright_black",
    "accepted": "green", "rejected": "red", "deprecated": "bright_black", "superseded": "bright_black",
    "verified": "green", "partial": "yellow", "pending": "yellow",
    "landed": "green", "unknown": "yellow", "not counted": "bright_black",
}  # fmt: skip


class Paint(NamedTuple):
    """A text in a colour, bold or dim."""

    text: str
    color: str | None = None
    bold: bool = False
    dim: bool = False


Said = tuple[str, bool, bool | None]
"""A text that was written, whether to standard error, and coloured or not."""

_records: list[list[Said]] = []

Part = str | Paint
Line = Sequence[Part]


def visible(text: str, *, body: bool = False) -> str:
    """`text` with control and bidi characters written out, as ``\\n``, ``\\x1b`` or ``<U+202E>``.

    A `body`, which is a text of its own and no part of a line, keeps its tabs and line breaks.
    """
    return (_UNSAFE if body else _NOT_IN_A_LINE).sub(_written_out, text)


def emit(*parts: Part, err: bool = False) -> None:
    """Write one line, coloured on a terminal."""
    colored = _colored(err)
    _write("".join(_painted(part, colored) for part in parts), err, colored)


def emit_body(text: str, *, err: bool = False) -> None:
    """Write a text with the line breaks it has."""
    _write(visible(text, body=True), err)


def status_paint(status: str, text: str | None = None) -> Paint:
    """A status word in its colour."""
    return Paint(text or status, STATUS_COLORS.get(status))


def answer(name: str, data: Json, as_json: bool, render: Callable[[Json], None]) -> None:
    """Write an answer: one JSON object with its schema's name, or what `render` makes of it."""
    if as_json:
        write_json({"schema": f"taskorch.{name}/1", **data})
    else:
        render(data)
        if data.get("safety_store"):
            emit(Paint("note: ", "yellow"), data["safety_store"], err=True)
        done = data.get("commit")
        if isinstance(done, dict):  # what --commit did, not the answer of `commit` itself
            emit("committed ", Paint(done["commit"][:10], "yellow"), " ", done["message"].splitlines()[0])


def write_json(data: Json, *, err: bool = False) -> None:
    """Write one JSON object, in ASCII so that every locale and any path can be written."""
    import json

    _write(json.dumps(data, indent=2), err)


def table(rows: Sequence[Sequence[Part]], indent: str = "") -> None:
    """Write rows in columns; the last column is cut to the terminal's width."""
    if not rows:
        return
    widths = [max(len(_text(row[column])) for row in rows) for column in range(len(rows[0]) - 1)]
    room = _width() - len(indent) - sum(widths) - 2 * len(widths)
    colored = _colored(False)
    lines = []
    for row in rows:
        parts = [indent]
        for column, part in enumerate(row[:-1]):
            parts += [_painted(part, colored), " " * (widths[column] - len(_text(part)) + 2)]
        last = _cut(row[-1], room)
        parts = [*(parts if _text(last) else parts[:-1]), _painted(last, colored)]
        lines.append("".join(parts))
    _write("\n".join(lines), False, colored)  # at once: there may be many


def heading(text: str) -> None:
    """Write a heading line, an empty line before it."""
    emit("")
    emit(Paint(text, bold=True))


def problems(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write unreadable records to standard error, one line each."""
    for row in rows:
        emit(Paint("unreadable: ", "red"), place(row), ": ", row["message"], err=True)
    if rows:
        emit("taskorch doctor shows all problems; the other records are not affected", err=True)


def place(row: Mapping[str, Any]) -> str:
    """``path:line:column`` of a problem."""
    return f"{row['path']}:{row['line']}:{row['column']}"


def short_ids(ids: Sequence[str]) -> dict[str, str]:
    """The shortest prefix of each id that tells it from the others."""
    from taskorch.records.ids import shortest

    return shortest(ids)


@contextmanager
def waiting(what: str, *, as_json: bool) -> Iterator[None]:
    """Say on standard error what takes so long, once it has taken a second; then every five seconds how
    long it has taken.

    A pipe, where agents and CI read, gets nothing where the answer is JSON: an error is one JSON object
    there, and nothing else.
    """
    if as_json and not _is_terminal(err=True):
        yield
        return
    ended = threading.Event()
    teller = threading.Thread(target=_tell, args=(what, ended), daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()


def _tell(what: str, ended: threading.Event) -> None:
    """Say it after a second and every few from then on, until it has ended."""
    passed, pause = 0.0, FIRST_TOLD
    while not ended.wait(pause):
        passed += pause
        so_far = "" if passed == FIRST_TOLD else f", {round(passed)} s so far"
        click.echo(f"{what}{so_far} ...", err=True)
        pause = PAUSE


@contextmanager
def recorded() -> Iterator[list[Said]]:
    """What is written meanwhile, in parts of one stream and one way of colouring."""
    said: list[Said] = []
    lines: list[Said] = []
    _records.append(lines)
    try:
        yield said
    finally:
        _records.remove(lines)
        for (err, color), part in groupby(lines, lambda line: line[1:]):
            said.append(("\n".join(text for text, _, _ in part), err, color))


def repeat(said: Sequence[Said]) -> None:
    """Write what was recorded."""
    for text, err, color in said:
        _write(text, err, color)


def looks() -> tuple[object, ...]:
    """On what it depends, beside the data, how an answer is written."""
    return _is_terminal(err=False), _colored(False), _colored(True), _width()


def _text(part: Part) -> str:
    return visible(part.text if isinstance(part, Paint) else part)


def _painted(part: Part, colored: bool) -> str:
    if isinstance(part, Paint) and colored:
        return click.style(visible(part.text), fg=part.color, bold=part.bold or None, dim=part.dim or None)
    return _text(part)


def _write(text: str, err: bool, color: bool | None = None) -> None:
    for lines in _records:
        lines.append((text, err, color))
    try:
        click.echo(text, err=err, color=color)
    except OSError:
        if not err:  # where errors cannot be written, nobody can be told so
            raise


def _is_terminal(err: bool) -> bool:
    stream: TextIO | None = sys.stderr if err else sys.stdout  # None where the caller closed it
    return stream is not None and stream.isatty()


def _colored(err: bool) -> bool:
    return _is_terminal(err) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _cut(part: Part, room: int) -> Part:
    text = _text(part)
    if not _is_terminal(err=False) or len(text) <= max(room, 20):
        return part
    short = text[: max(room, 20) - 1] + "…"
    return part._replace(text=short) if isinstance(part, Paint) else short


def _width() -> int:
    import shutil

    return shutil.get_terminal_size().columns


def _written_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    if found[0] in "\t\n":
        return "\\t" if found[0] == "\t" else "\\n"
    return f"\\x{code:02x}" if code < 0x100 else f"<U+{code:04X}>"
