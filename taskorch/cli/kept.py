"""Printing again what was printed before, while nothing it depends on has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from taskorch.cli.output import Json, looks, recorded, repeat


def kept(question: Sequence[object], make: Callable[[bytes | None], tuple[int, Json]]) -> int:
    """The exit code of a reading command, whose answer is made, or printed as it was the last time.

    `make` prints the answer; it gets what git's status says where that is known already, and gives the
    exit code and the data.
    """
    from taskorch.services.answers import Asked

    try:
        start = Path.cwd()
    except FileNotFoundError:
        return make(None)[0]
    with Asked(start, [*question, looks()]) as asked:
        found = asked.answer()
        if found:
            repeat(found["said"])
            return int(found["code"])
        with recorded() as said:
            code, data = make(asked.status)
        asked.keep({"code": code, "said": said}, data)
        return code


def kept_list(question: Sequence[object], make: Callable[[], None], *, archived: bool = False) -> None:
    """Print what depends on records alone, with `make`, or print it again as it was the last time.

    `archived` says that archived records are asked for, too.
    """
    from taskorch.services.list_answers import AskedForList

    try:
        asked = AskedForList(Path.cwd(), [*question, looks()], archived=archived)
    except OSError:
        make()
        return
    found = asked.answer()
    if found:
        repeat(found)
        return
    with recorded() as said:
        make()
    asked.keep(said)
