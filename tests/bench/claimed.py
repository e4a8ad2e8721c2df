"""A store with many claims on a synthetic history: four in five are there as they were claimed.

The others were changed since, moved, brought by the same change to other content, or lost.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from taskorch.records.claim import Claim, render
from tests.bench.startup import SCRIPT, record_id
from tests.bench.synthetic import Synthetic, Version

_EXACT, _SUPERSEDED, _MOVED, _PATCH, _LOST = "exact", "superseded", "moved", "patch", "lost"
_OTHERS = (_SUPERSEDED, _PATCH, _SUPERSEDED, _MOVED, _SUPERSEDED, _PATCH, _SUPERSEDED, _LOST)
_SESSIONS_A_TASK = 2
SIZES = (1, 10, 100)
"""How many paths the tasks have that are recovered."""

_TIMES = re.compile(r"^(created|ended): .*$", re.MULTILINE)

Found = dict[str, list[tuple[Version, Version]]]
"""By what became of them, contents that files had before a session and behind it."""


@dataclass
class Store:
    """The store as it is written: its claims by session, in order, and what sessions are about."""

    folder: Path
    env: dict[str, str]
    task_text: str
    session_text: str
    number: int = 0
    tasks: dict[int, str] = field(default_factory=dict)

    def task(self, seconds: int) -> str:
        """A new task of that time."""
        self.number += 1
        one = record_id(self.number)
        text = self.task_text.replace("t-00000000", one).replace("CREATED", _iso(seconds))
        (self.folder / "tasks" / f"{one}-a-task.md").write_text(text)
        return one

    def session(self, task: str, onto: str, seconds: int, claims: Sequence[Claim]) -> None:
        """A new session that worked on one task at that time, with its claims."""
        self.number += 1
        one = "s" + record_id(self.number)[1:]
        text = self.session_text.replace("s-00000000", one).replace("t-00000000", task)
        text = text.replace("0" * 40, onto).replace("CREATED", _iso(seconds))
        folder = self.folder / "sessions" / _iso(seconds)[:7]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{one}.md").write_text(text)
        (folder / f"{one}.claims.jsonl").write_text(render(claims))


def write_store(
    top: Path, history: Synthetic, env: dict[str, str], *, claims: int, sessions: int
) -> dict[int, str]:
    """Make the store and commit it; the ids of the tasks to recover, by their number of paths.

    The sessions are spread over the newer half of the main line.
    """
    store = _empty_store(top, env)
    half, end = len(history.main) // 2, len(history.main) - 1
    step = max((end - half) // sessions, 1)
    others, left = cycle(_OTHERS), claims
    task = ""
    for number in range(sessions):
        start = half + number * step
        if number % _SESSIONS_A_TASK == 0:
            task = store.task(history.times[start])
        count = left // (sessions - number)
        made = list(_mixed(task, history, _between(history, start, start + step), start, count, others))
        left -= len(made)
        store.session(task, history.main[start], history.times[start], made)
    found = {size: _task_of(store, history, size) for size in SIZES}
    for command in (["git", "add", ".orchestrator"], ["git", "commit", "-qm", "the records"]):
        subprocess.run(command, cwd=top, env=env, check=True)
    return found


def _task_of(store: Store, history: Synthetic, size: int) -> str:
    """A task with so many claims, on the last tenth of the history."""
    start = len(history.main) * 9 // 10
    task = store.task(history.times[start])
    claims = _mixed(task, history, _between(history, start, len(history.main)), start, size, cycle(_OTHERS))
    store.session(task, history.main[start], history.times[start], list(claims))
    return task


def _between(history: Synthetic, start: int, end: int) -> Found:
    """What became of the files that changed on the main line after `start`, up to `end`."""
    found: Found = {kind: [] for kind in (_EXACT, *_OTHERS)}
    for versions in history.versions:
        if versions[-1].place <= start:
            continue
        within = [one for one in versions if start < one.place <= end]
        before = next((one for one in reversed(versions) if one.place <= start), None)
        if not within or before is None or any(one.path != before.path for one in within):
            continue
        last, later = within[-1], versions[versions.index(within[-1]) + 1 :]
        if not later:
            found[_EXACT].append((before, last))
        elif all(one.oid == last.oid for one in later):
            found[_MOVED].append((before, last))
        elif later[0].path == last.path:
            found[_SUPERSEDED].append((before, last))
        if len(within) == 1 and last.added:
            found[_PATCH].append((before, last))
    return found


def _mixed(
    task: str, history: Synthetic, found: Found, start: int, count: int, others: Iterator[str]
) -> Iterator[Claim]:
    """So many claims on different paths, four in five exact, as far as there are such."""
    left = {kind: iter(pairs) for kind, pairs in found.items()}
    taken: set[str] = set()
    onto = history.main[start]
    for number in range(count):
        wanted = _EXACT if number % 5 else next(others)
        if wanted == _LOST:
            yield _claim(task, onto, Version(0, f"lost/file{number}", _oid(f"{task} {number}")), None)
            continue
        for kind in (wanted, _EXACT, _SUPERSEDED):
            pair = next((one for one in left[kind] if one[1].path not in taken), None)
            if pair:
                taken.add(pair[1].path)
                yield _of_kind(kind, task, onto, *pair)
                break


def _of_kind(kind: str, task: str, onto: str, before: Version, after: Version) -> Claim:
    if kind != _PATCH:
        return _claim(task, onto, after, before)
    # the same change, made to a content that nobody else has
    own = Version(after.place, after.path, _oid(f"{task} {after.oid}"), after.removed, after.added)
    return _claim(task, onto, own, Version(before.place, before.path, _oid(f"{task} {before.oid}")))


def _claim(task: str, onto: str, after: Version, before: Version | None) -> Claim:
    hunks = f"-{after.removed}\n+{after.added}\n".encode()
    return Claim(
        task=task,
        path=after.path,
        op="modify" if before else "create",
        before=f"100644 {before.oid}" if before else None,
        after=f"100644 {after.oid}",
        onto=onto,
        by="told",
        digest=f"1:{hashlib.sha256(hunks).hexdigest()}",
        lines=(hashlib.sha256(after.added.encode()).hexdigest()[:8],),
    )


def _oid(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()


def _empty_store(top: Path, env: dict[str, str]) -> Store:
    """The store as `init` makes it, and the texts of a task and a session as commands write them."""

    def run(*command: str) -> Mapping[str, str]:
        done = subprocess.run(command, cwd=top, env=env, check=True, capture_output=True, text=True)
        return dict(json.loads(done.stdout)) if "--json" in command else {}

    run(SCRIPT, "init")
    task = run(SCRIPT, "task", "new", "A task", "--json")
    session = run(SCRIPT, "session", "start", "--task", task["id"], "--purpose", "Work", "--json")
    run(SCRIPT, "session", "end", "--summary", "Done", "--handoff", "Go on")
    task_file = top / task["path"]
    [session_file] = (top / ".orchestrator" / "sessions").glob("*/*.md")
    texts = task_file.read_text().replace(task["id"], "t-00000000"), session_file.read_text()
    task_file.unlink()
    session_file.unlink()
    shutil.rmtree(top / ".git" / "taskorch")  # else these two count as lost
    text = texts[1].replace(task["id"], "t-00000000").replace(session["id"], "s-00000000")
    text = text.replace(session["base"], "0" * 40).replace(session["onto"], "0" * 40)
    whole = [_TIMES.sub(r"\1: CREATED", one) for one in (texts[0], text)]
    return Store(top / ".orchestrator", env, whole[0], whole[1])


def _iso(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S.000Z}"
