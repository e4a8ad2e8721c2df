"""Running services for async callers: in a thread, and one call after the other for each project.

Writers of one store wait for each other anyway; so that a hundred calls at once do not wait for the lock
longer than it is waited for, they stand in line here.  A call that is cancelled while it waits is never
begun; one that runs is carried out to its end, whole, and its caller is told nothing more.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from taskorch.errors import NotARepository, TaskorchError, WriteFailed
from taskorch.services.workspace import Workspace

P = ParamSpec("P")
T = TypeVar("T")

_lanes: dict[str, ThreadPoolExecutor] = {}
_guard = threading.Lock()


class Project:
    """A project's folder, in which services can be called.  A store that is not there yet is made."""

    def __init__(self, folder: str | Path) -> None:
        # as it is now: a caller who changes the current folder means the same project afterwards
        self.folder = Path(os.path.abspath(folder))
        self._has_store = False

    async def call(
        self, service: Callable[Concatenate[Workspace, P], T], *args: P.args, **more: P.kwargs
    ) -> T:
        """What a service gives.  Raises what it raises; NotARepository outside a git repository."""
        return await self.run(partial(self._served, service, *args, **more))

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` gives, which is called in the project's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._lane(), partial(_told, work))

    async def open(self) -> None:
        """Make the store, if there is none."""
        await self.run(self._opened)

    def _served(self, service: Callable[Concatenate[Workspace, P], T], *args: P.args, **more: P.kwargs) -> T:
        self._opened()
        return service(Workspace(self.folder), *args, **more)

    def _opened(self) -> None:
        if not self.folder.is_dir():
            raise NotARepository(f"there is no folder {self.folder}", hint="give the folder of a project")
        if not self._has_store:
            from taskorch.services.initializing import initialize

            initialize(Workspace(self.folder))
            self._has_store = True

    def _lane(self) -> ThreadPoolExecutor:
        name = os.path.realpath(self.folder)
        with _guard:
            if name not in _lanes:
                _lanes[name] = ThreadPoolExecutor(1, thread_name_prefix="taskorch")
            return _lanes[name]


def _told(work: Callable[[], T]) -> T:
    """What `work` gives.  What the machine refuses is a TaskorchError as well, and none is without a hint."""
    try:
        return work()
    except TaskorchError as error:
        error.hint = error.hint or "mend what the message says, and call again"
        raise
    except OSError as error:
        where = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        message = f"{where}{error.strerror or error}"
        raise WriteFailed(message, hint="mend the cause, and call again") from error


def _forget() -> None:
    """In a forked process the lanes have no threads: it makes its own."""
    _lanes.clear()
    if _guard.locked():  # by a thread that this process has not
        _guard.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
