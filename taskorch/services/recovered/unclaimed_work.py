"""What was done on a branch: its commits, and of its files those that no record there claims."""

from __future__ import annotations

from collections.abc import Collection as Among
from dataclasses import dataclass, field

from taskorch.errors import TaskorchError
from taskorch.git import history
from taskorch.git.history import CommitInfo
from taskorch.git.paths import is_record
from taskorch.git.repository import Repository
from taskorch.services.markdown import counted
from taskorch.services.workspace import Workspace

_SHOWN = 5
_MOST_COMMITS = 50


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """What is said of it, and the commands that show it."""

    said: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)


def newest_commits(repo: Repository, base: str, tip: str) -> list[CommitInfo]:
    """The newest commits of a branch that left another at `base`, its tip the last of them."""
    newest = history.commits_in(
        repo, history.range_of(base, tip), "--topo-order", f"--max-count={_MOST_COMMITS}"
    )
    described = history.describe(repo, newest)
    return [described[one] for one in reversed(newest)]


def unclaimed_work(ws: Workspace, base: str, tip: str, claimed: Among[str]) -> Unclaimed:
    """What a branch changed since `base` beyond the `claimed` paths; records are no work."""
    left = {
        event.path: event.new
        for event in history.changes_between(ws.repo, base, tip)
        if not is_record(event.path) and event.path not in claimed
    }
    if not left:
        return Unclaimed()
    commits = history.commits_in(ws.repo, history.range_of(base, tip), "--no-merges")
    named = ", ".join(list(left)[:_SHOWN])
    more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
    shown = f"git diff --stat {base[:10]} {tip[:10]}"
    what = f"{counted(len(left), 'file')} changed in {counted(len(commits), 'commit')}"
    said = [f"Claimed in no record on it: {what} ({named}{more}): {shown}."]
    tasks = _claimed_elsewhere(ws, left)
    said += [f"The records here claim some of that for {one}: taskorch recover {one}." for one in tasks]
    commands = [*(f"taskorch recover {one}" for one in tasks), shown]
    return Unclaimed(said, commands)


def _claimed_elsewhere(ws: Workspace, left: dict[str, str | None]) -> list[str]:
    """The tasks for which the records where the command runs claim just what the branch made of files."""
    try:
        found = ws.load()
    except TaskorchError:  # a branch has records, and this commit or work tree none
        return []
    tasks = (one.task for one in found.net_claims() if one.path in left and one.after == left[one.path])
    return [one for one in dict.fromkeys(tasks) if one in found.tasks][:_SHOWN]
