"""The arguments of the async API: held against what a call declares, before anything is begun.

The services trust the types they declare.  Callers here come from another system, and mostly untyped.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Iterable, Mapping
from enum import Enum
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from taskorch.errors import UsageError

P = ParamSpec("P")
T = TypeVar("T")

FilePath = str | os.PathLike[str]
Artifacts = FilePath | Iterable[FilePath] | None
"""One path, several, or none."""
Names = str | Iterable[str]
"""One name, or several."""


def checked(call: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """`call` with its arguments checked by their annotations, and one where several can be made a list.

    Raises UsageError, which names the argument.
    """
    declared = signature(call)
    takers = {name: _TAKERS.get(str(one.annotation)) for name, one in declared.parameters.items()}

    @wraps(call)
    async def holding(*args: P.args, **more: P.kwargs) -> T:
        given = declared.bind(*args, **more)
        for name, value in given.arguments.items():
            take = takers[name]
            given.arguments[name] = take(name, value) if take else value
        return await call(*given.args, **given.kwargs)

    return holding


def text_of(name: str, value: Any) -> str:
    """A text that records can hold, or a member of an Enum that has one.  Raises UsageError."""
    value = value.value if isinstance(value, Enum) else value
    if not isinstance(value, str):
        raise UsageError(f"{name} is {_named(value)}, not a text", hint=f"give {name} as a string")
    if "\0" in value or not _is_utf8(value):
        raise UsageError(f"{name} is not text that can be written", hint="UTF-8 without NUL characters")
    return value


def path_of(name: str, value: Any) -> str:
    """A path as a text.  Raises UsageError."""
    return text_of(name, os.fspath(value) if isinstance(value, os.PathLike) else value)


def paths_of(name: str, value: Any) -> list[str]:
    """One path, several or none, as a list.  Raises UsageError."""
    if value is None:
        return []
    single = isinstance(value, (str, os.PathLike))
    return [path_of(name, one) for one in ([value] if single else _each(name, value))]


def texts_of(name: str, value: Any) -> list[str]:
    """One text or several, as a list: a string is one, not its letters.  Raises UsageError."""
    return [text_of(name, one) for one in ([value] if isinstance(value, str) else _each(name, value))]


def _texts_or_none(name: str, value: Any) -> list[str]:
    return [] if value is None else texts_of(name, value)


def _text_or_none(name: str, value: Any) -> str | None:
    return None if value is None else text_of(name, value)


def _numbers(name: str, value: Any) -> list[int]:
    numbers = [value] if isinstance(value, int) else list(_each(name, value))
    for one in numbers:
        if not isinstance(one, int) or isinstance(one, bool):
            raise UsageError(f"{name} holds {_named(one)}, not a number", hint="give whole numbers, from 1")
    return numbers


def _each(name: str, value: Any) -> Iterable[Any]:
    if not isinstance(value, Iterable) or isinstance(value, (bytes, bytearray, str, Mapping)):
        raise UsageError(f"{name} is {_named(value)}, not a list", hint=f"give {name} as a list")
    return value


def _named(value: Any) -> str:
    return "None" if value is None else f"of type {type(value).__name__}"


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_TAKERS: dict[str, Callable[[str, Any], Any]] = {
    "str": text_of,
    "str | None": _text_or_none,
    "FilePath": path_of,
    "Artifacts": paths_of,
    "Names": texts_of,
    "Names | None": _texts_or_none,
    "Sequence[int]": _numbers,
}
