"""Two questions to git at the same time."""

from __future__ import annotations

from threading import Event

import pytest

from taskorch.errors import TaskorchError
from taskorch.git.meanwhile import Meanwhile


def test_it_runs_at_once_and_gives_what_it_found() -> None:
    begun, go_on = Event(), Event()

    def work() -> str:
        begun.set()
        assert go_on.wait(10)
        return "done"

    asked = Meanwhile(work)
    assert begun.wait(10)  # before anybody asks for the result
    go_on.set()
    assert asked.result() == "done"


def test_what_it_raises_is_raised_where_the_result_is_asked_for() -> None:
    def work() -> None:
        raise TaskorchError("no name", hint="git config user.name")

    asked = Meanwhile(work)
    with pytest.raises(TaskorchError, match="no name"):
        asked.result()
