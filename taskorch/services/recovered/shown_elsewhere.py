"""What one section of a recovery package leaves to another: it is counted and cut where it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from taskorch.services.recovered.text import listed_in
from taskorch.services.shapes import Json


@contextmanager
def counted_as_shown(answer: Json) -> Iterator[None]:
    """Keep apart, while the package is cut, what costs nothing where it stands.

    These are the steps that the lists of criteria and subtasks show, and the changes of others that a step
    tells.  Afterwards each is there again whose list or step is.
    """
    package = answer["recovery_package"]
    steps, changes = package["continuation_guidance"], package["changed_since_by_others"]
    package["continuation_guidance"] = [step for step in steps if not listed_in(answer, step)]
    package["changed_since_by_others"] = [row for row in changes if not row["newest"]]
    yield
    shown, listed = {*package["continuation_guidance"]}, _listed(answer)
    package["continuation_guidance"] = [
        step for step in steps if step in shown or listed_in(answer, step) in listed
    ]
    earlier = {id(row) for row in package["changed_since_by_others"]}
    package["changed_since_by_others"] = [
        row for row in changes if id(row) in earlier or (row["newest"] and _is_told(row["path"], shown))
    ]


def _listed(answer: Json) -> set[str]:
    """The numbers of the criteria and the ids of the subtasks that are still listed."""
    task = answer["task"] or {"criteria": (), "subtasks": ()}
    return {str(row["number"]) for row in task["criteria"]} | {row["id"] for row in task["subtasks"]}


def _is_told(path: str, steps: Iterable[str]) -> bool:
    """Whether a step says that others changed a file."""
    words = (f"{path} was changed since by ", f"{path} was deleted since by ")
    return any(step.startswith(words) for step in steps)
