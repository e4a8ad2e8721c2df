"""Texts changed by a person, in the editor of their choice."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import click

from taskorch.errors import TaskorchError
from taskorch.records.collection import Collection
from taskorch.records.decision import Decision
from taskorch.records.frontmatter import decode
from taskorch.records.task import Task
from taskorch.services.workspace import Workspace


@contextmanager
def edited_by_hand(text: str, name: str) -> Iterator[str]:
    """What a person makes of `text`, in a file called `name`.

    Where the caller refuses it, the file is kept and the error says where.  Line ends stay CRLF if
    an editor took them for its own.
    """
    file = Path(mkdtemp(prefix="taskorch-"), name)
    try:
        file.write_bytes(text.encode())
        click.edit(filename=str(file))
        if not file.is_file():
            raise TaskorchError("the editor left no file", hint="nothing was changed; edit it again")
    except BaseException as error:
        if not _is_changed(file, text):
            shutil.rmtree(file.parent)
        elif isinstance(error, click.ClickException):  # saved, and then the editor or its terminal died
            hint = f"nothing was changed; your text is in {file}"
            raise TaskorchError(error.format_message(), hint=hint) from None
        raise
    try:
        yield _edited(file, text)
    except TaskorchError as error:
        error.hint = f"{error.hint or 'edit it again'}; your text is in {file}"
        raise
    shutil.rmtree(file.parent)


def edited_record(
    ws: Workspace,
    find: Callable[[Collection], Task | Decision],
    replace: Callable[[Workspace, str, str, str], dict[str, Any]],
) -> dict[str, Any]:
    """What `replace` answers for a record, found by `find`, that a person edits as a whole.

    It takes the record's id, the text now and the text before.
    """
    from taskorch.services.committing import refuse_commit

    everything = ws.load()
    found = find(everything)
    if ws.commit:  # not after somebody has written
        refuse_commit(ws, everything)
    with edited_by_hand(found.text, f"{found.id}.md") as text:
        return replace(ws, found.id, text, found.text)


def _is_changed(file: Path, text: str) -> bool:
    try:
        return file.read_bytes() not in (b"", text.encode())
    except OSError:
        return False


def refuse_without_editor(at_terminal: bool) -> None:
    """Raise TaskorchError where nothing says which editor to open, and nobody could type in any."""
    if not at_terminal and not (os.environ.get("VISUAL") or os.environ.get("EDITOR")):
        raise TaskorchError(
            "there is no terminal to open an editor in",
            hint="give the text with options or with -F FILE, or set VISUAL or EDITOR",
        )


def _edited(file: Path, text: str) -> str:
    edited = decode(file.read_bytes(), str(file))
    return edited.replace("\n", "\r\n") if "\r\n" in text and "\r\n" not in edited else edited
