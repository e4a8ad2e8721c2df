"""Asking git one thing while it answers another: what only reads can run at the same time."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread  # an executor takes as long to load as what it saves
from typing import Generic, TypeVar

T = TypeVar("T")


class Meanwhile(Generic[T]):
    """A function without arguments that runs in a thread from now on."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._done: list[T] = []
        self._failed: list[BaseException] = []
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._done.append(self._work())
        except BaseException as error:
            self._failed.append(error)

    def result(self) -> T:
        """What it gave; waits for it.  Raises what it raised."""
        self._thread.join()
        if self._failed:
            raise self._failed[0]
        return self._done[0]
