"""What a source says, and whether a reader lost any of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from taskorch.interchange.foreign import Foreign, ForeignTask

_ITEM = re.compile(r"\s*- (\[.\] )?(#\d+ )?")
Reader = Callable[[Path], Foreign]


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """All texts and numbers in a value, each with the keys that lead to it."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, f"{at}.{key}")
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from leaves(one, f"{at}[{place}]")
    elif value not in (None, "", True, False):
        yield at, str(value)


def words(foreign: Foreign) -> str:
    """All that a reader gives, as one text."""
    return json.dumps(asdict(foreign), ensure_ascii=False)


def lost(source: Any, foreign: Foreign) -> list[tuple[str, str]]:
    """What stands in a source and in nothing that was read of it."""
    there = words(foreign)
    lines = [(at, _ITEM.sub("", line)) for at, one in leaves(source) for line in one.splitlines()]
    return [(at, line) for at, line in lines if json.dumps(line, ensure_ascii=False)[1:-1] not in there]


def task(foreign: Foreign, key: str) -> ForeignTask:
    return next(one for one in foreign.tasks if one.key == key)


def told(rows: list[tuple[str, str]]) -> str:
    """The rows of a report as one text."""
    return "\n".join(f"{item}: {how}" for item, how in rows)
