"""The commands that come next for a task; each runs as it is printed, also where a commit is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from taskorch.git.branches import to_switch_to
from taskorch.records.collection import Collection
from taskorch.records.task import COMPLETED, Task
from taskorch.services.ladder.verdict import Verdict
from taskorch.services.shapes import Json
from taskorch.services.shell_words import pathspec, reading, word
from taskorch.services.stashed import stash_at_work
from taskorch.services.workspace import Workspace

_SHOWN = 5


def commands(
    ws: Workspace, found: Collection, one: Task, answer: Json, verdicts: Sequence[Verdict]
) -> list[str]:
    """The commands that come next."""
    package = answer["recovery_package"]
    out = _on_with(ws, found, one, verdicts, answer)
    if one.deleted:
        return out
    out += [f"git show {row['commit'][:10]}" for row in package["reverts"][:_SHOWN]]
    for row in package["changed_since_by_others"][:_SHOWN]:
        named = " ".join(pathspec(path) for path in (row["path"], row["renamed_to"]) if path)
        out.append(f"git show {'-M ' if row['renamed_to'] else ''}{row['commit'][:10]} -- {named}")
    return list(dict.fromkeys(out))


def _on_with(
    ws: Workspace, found: Collection, one: Task, verdicts: Sequence[Verdict], answer: Json
) -> list[str]:
    """What takes the task itself further; not to begin anew what a branch has."""
    shown = reading(ws.at)
    if one.deleted:
        return _writing(ws, one, [f"taskorch task reopen {one.id}"])
    if one.status == COMPLETED:
        left = any(verdict.counts_as not in ("landed", "not counted") for verdict in verdicts)
        return [f"taskorch verify --task {one.id}{shown}" if left else f"taskorch task ready{shown}"]
    if not one.is_open:
        return _writing(ws, one, [f"taskorch task reopen {one.id}"])
    waits = found.waits_for(one)
    below = [row["id"] for row in answer["task"]["subtasks"] if found.tasks[row["id"]].is_open]
    if waits or below:
        return [_more_of(ws, found, other) for other in (waits or below)[:_SHOWN]]
    stashed = stash_at_work(ws, found, one.id)
    if stashed:
        return [f"git stash pop {stashed}"]  # to start or complete it is refused until then
    there: list[str] = [row["command"] for row in answer["recovery_package"]["local"]["on_branches"]]
    if there:
        return there
    under_way = answer["recovery_package"]["local"]["under_way"]
    out = ["git status"] if under_way else []  # to complete is refused until then
    out.append(f"taskorch task start {one.id}")
    if any(not criterion.done for criterion in one.criteria):
        out.append(f"taskorch task check {one.id} N")
    return _writing(
        ws, one, [*out, *([] if under_way else [f"taskorch task complete {one.id} --results TEXT"])]
    )


def _writing(ws: Workspace, one: Task, changing: list[str]) -> list[str]:
    """Commands that change records, which are those on disk: of a branch that is looked at after a switch.

    Of another commit none: what reads the task there.
    """
    if ws.at is None or ws.repo.is_checked_out:
        return changing
    branch = to_switch_to(ws.repo, ws.at)
    return (
        [f"git switch {word(branch)}", *changing]
        if branch
        else [f"taskorch task show {one.id}{reading(ws.at)}"]
    )


def _more_of(ws: Workspace, found: Collection, name: str) -> str:
    """What tells more of a task, also of one that is gone: where it was, and how it comes back."""
    return "taskorch doctor" if found.is_unreadable(name) else f"taskorch recover {name}{reading(ws.at)}"
