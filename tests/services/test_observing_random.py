"""Random days of edits and git commands, against a model that watched the disk all the time.

Observing looks once, at the end, and reads from HEAD's reflog what happened; the model looks before and
after every command, knows which one it was, and never asks git what counts as work.
"""

from __future__ import annotations

import hashlib
import os
import random
import stat
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from taskorch.records.joining import changes_of
from tests.conftest import start_project
from tests.repos import Build, Repo
from tests.services.days import Day

State = str | None
Disk = dict[str, str]
PATHS = ("a", "b", "c", "d", "e")
MINE = (".", ":(exclude).orchestrator")
RUNS = int(os.environ.get("TASKORCH_EXAMPLES", "0")) // 10 or 6


@dataclass
class Watcher:
    """What I changed, by looking before and after; what was noted is gone through when it is asked for.

    ``mine`` is what was there before I touched a path; ``left`` what I committed and then gave up for
    what others made of it, ``away`` what I committed and left on another branch; ``made`` what I
    committed, with what was there before; ``reset`` is how git reset left HEAD: what is just so on
    disk was thrown away.  Only the branches where a stretch began, where it ends, and those begun
    from them are mine: what I commit on others is as if others did.
    """

    mine: dict[str, State] = field(default_factory=dict)
    left: list[tuple[str, State, State]] = field(default_factory=list)
    away: list[tuple[str, State, State]] = field(default_factory=list)
    made: dict[tuple[str, State], State] = field(default_factory=dict)
    written: dict[str, tuple[State, State]] = field(default_factory=dict)
    reset: dict[str, State] = field(default_factory=dict)
    noted: list[tuple[str, Callable[..., None], tuple[Disk, ...]]] = field(default_factory=list)
    switches: list[tuple[str, str, bool]] = field(default_factory=list)
    branch: str = "main"

    def note(self, what: Callable[..., None], *disks: Disk) -> None:
        self.noted.append((self.branch, what, disks))

    def switched(self, then: Disk, now: Disk, branch: str, *, same: bool) -> None:
        self.switches.append((self.branch, branch, same))
        self.note(self.leaves, then, now)
        self.branch = branch

    def go_through(self) -> None:
        own = {self.switches[0][0] if self.switches else self.branch, self.branch}
        for came_from, branch, same in self.switches:
            own |= {branch} if same and came_from in own else set()
        for branch, what, disks in self.noted:
            if branch in own or what not in (self.committed, self.thrown_away):
                what(*disks)
            elif what == self.committed:
                self.leaves(*disks)
            else:
                self.leaves(disks[0], disks[2])
        self.noted, self.switches = [], []

    def edited(self, then: Disk, now: Disk) -> None:
        for path in different(then, now):
            self.mine.setdefault(path, then.get(path))

    def committed(self, head: Disk, now: Disk) -> None:
        for path in different(head, now):
            self.reset.pop(path, None)
            self.made[path, now.get(path)] = self.mine.setdefault(path, head.get(path))

    def others(self, then: Disk, now: Disk) -> None:
        """A command put others' content in place of what was there."""
        self._exchanged(then, now, self.left)

    def leaves(self, then: Disk, now: Disk) -> None:
        """Another branch was checked out."""
        self._exchanged(then, now, self.away)

    def _exchanged(self, then: Disk, now: Disk, kept: list[tuple[str, State, State]]) -> None:
        for path in different(then, now):
            self.reset.pop(path, None)
            before, after = self.mine.pop(path, then.get(path)), then.get(path)
            if before != after and (path, after) in self.made:
                kept.append((path, before, after))
            else:
                self.back(path, now)

    def thrown_away(self, head: Disk, then: Disk, new_head: Disk, now: Disk) -> None:
        """git reset: what it took from the disk is gone, unless HEAD is now at what I made before."""
        for path in different(then, now):
            self.mine.pop(path, None)
        for path in different(head, new_head):
            state = new_head.get(path)
            if (path, state) in self.made:
                self.mine[path] = self.made[path, state]
                self.reset.pop(path, None)
            else:
                self.reset[path] = state

    def back(self, path: str, now: Disk) -> None:
        state = now.get(path)
        if (path, state) in self.made:
            self.mine[path] = self.made[path, state]
            for kept in (self.left, self.away):
                kept[:] = [one for one in kept if (one[0], one[2]) != (path, state)]

    def net(self, now: Disk) -> dict[str, tuple[State, State]]:
        self.go_through()
        out = dict(self.written)
        here = [
            (path, old, now.get(path))
            for path, old in self.mine.items()
            if old != now.get(path) and not (path in self.reset and self.reset[path] == now.get(path))
        ]
        for path, before, after in [*self._returned(now), *self.left, *here]:
            out[path] = (out[path][0] if path in out else before, after)
        return {path: states for path, states in out.items() if states[0] != states[1]}

    def _returned(self, now: Disk) -> list[tuple[str, State, State]]:
        """What I left on other branches, in all, where it is here now."""
        whole: dict[str, tuple[State, State]] = {}
        for path, before, after in self.away:
            whole[path] = (whole[path][0] if path in whole else before, after)
        return [(path, *states) for path, states in whole.items() if now.get(path) == states[1] != states[0]]

    def starts(self, head: Disk, now: Disk) -> None:
        """From now on: what is not committed is there already."""
        self.written = self.net(now)
        back = {path for path, _, _ in self._returned(now)}
        self.away = [one for one in self.away if one[0] not in back]
        self.mine = {path: now.get(path) for path in different(head, now)}
        self.left, self.made, self.reset = [], {}, {}


def different(one: Disk, other: Disk) -> list[str]:
    return [path for path in PATHS if one.get(path) != other.get(path)]


class RandomDay:
    """One person's day on three branches, while a colleague commits to one of them."""

    def __init__(self, repo: Repo, dice: random.Random) -> None:
        self.repo, self.dice, self.day = repo, dice, Day(repo)
        self.number = 0
        self.watcher = Watcher()
        self.log: list[str] = []
        self.stashed = 0
        self.fresh: set[str] = set()
        if dice.random() < 0.3:
            self.edit()
        self.watcher = Watcher()  # what was before does not count
        self.starts()
        self.day.start()

    def starts(self) -> None:
        head, disk = self.head(), self.disk()
        self.watcher.starts(head, disk)
        self.fresh.clear()
        self.dirty_before = head != disk

    def content(self) -> str:
        self.number += 1
        return f"content {self.number}\n"

    def disk(self) -> Disk:
        out = {}
        for path in PATHS:
            file = self.repo.path / path
            if file.exists():
                data = file.read_bytes()
                oid = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
                out[path] = f"{'100755' if file.stat().st_mode & stat.S_IXUSR else '100644'} {oid}"
        return out

    def head(self, revision: str = "HEAD") -> Disk:
        rows = self.repo.git("ls-tree", revision, "--", *PATHS).splitlines()
        return {row.split("\t")[1]: f"{row[:6]} {row.split()[2]}" for row in rows}

    def clean(self) -> bool:
        return self.disk() == self.head()

    def is_mine(self) -> bool:
        """Whether the last commit is an ordinary one that was made since the last fold.

        Only these are reset, and only where all was committed then: what comes after a reset to another
        state than the one the work began with can be told from the disk, not from the reflog.
        """
        parents = self.repo.git("log", "-1", "--format=%p").split()
        return len(parents) == 1 and self.repo.head in self.fresh

    def step(self) -> None:
        at_any_time: list[Callable[[], object]] = [self.edit, self.edit, self.commit, self.amend, self.fold]
        busy = [*at_any_time, self.stash, self.reset_soft]
        free = [*at_any_time, self.switch, self.switch, self.merge, self.rebase, self.pick, self.revert]
        free += [self.colleague, self.reset_hard, self.reset_soft, self.pop, self.back_and_forth]
        act = self.dice.choice(free if self.clean() else busy)
        self.log.append(act.__name__)
        act()

    def edit(self) -> None:
        then = self.disk()
        for path in self.dice.sample(PATHS, self.dice.choice([1, 1, 2])):
            file = self.repo.path / path
            what = self.dice.choice(["write", "write", "delete", "mode"])
            if what == "write" or not file.exists():
                self.repo.write(path, self.content())
            elif what == "delete":
                file.unlink()
            else:
                file.chmod(file.stat().st_mode ^ stat.S_IXUSR)
        self.watcher.note(self.watcher.edited, then, self.disk())

    def commit(self, *options: str) -> None:
        head = self.head()
        self.repo.git("add", "--all", *MINE)
        self.repo.git("commit", "-q", "--allow-empty", "-m", f"mine {self.number}", *options)
        self.watcher.note(self.watcher.committed, head, self.disk())
        if not self.dirty_before:
            self.fresh.add(self.repo.head)

    def amend(self) -> None:
        if self.is_mine():
            self.commit("--amend")

    def fold(self) -> None:
        """Fold and save, the records in no commit."""
        ws, _ = self.day.opened()
        folded = self.day.folded
        found = ws.load()
        with ws.writing("fold"):
            ws.write(folded.files(found, found.sessions[folded.local.id]))
            ws.local.save(folded.local)
        self.starts()

    def stash(self) -> None:
        then = self.disk()
        self.repo.git("stash", "push", "-q", "-u", "--", *MINE)
        self.stashed += 1
        self.watcher.note(self.watcher.edited, then, self.disk())

    def pop(self) -> None:
        if self.stashed:
            then = self.disk()
            if self.repo.git_result("stash", "pop", "-q").code:
                self.repo.git("reset", "-q", "--hard")
                self.repo.git("clean", "-q", "-f", "--", *PATHS)
                self.repo.git("stash", "drop", "-q")
            self.stashed -= 1
            self.watcher.note(self.watcher.edited, then, self.disk())

    def switch(self) -> None:
        self._switch(self.dice.choice(["main", "side", "theirs"]))

    def _switch(self, branch: str) -> None:
        then, before = self.disk(), self.repo.head
        if branch != self.watcher.branch:
            self.repo.git("switch", "-q", branch)
            self.watcher.switched(then, self.disk(), branch, same=self.repo.head == before)

    def back_and_forth(self) -> None:
        branch = self.repo.git("symbolic-ref", "--short", "HEAD")
        self.switch()
        self.edit()
        self.commit()
        self._switch(branch)

    def colleague(self) -> None:
        if self.repo.git("symbolic-ref", "--short", "HEAD") != "theirs":
            text, path = self.content(), self.dice.choice(PATHS)
            change = f"M 100644 inline {path}\ndata {len(text)}\n{text}" if self.number % 4 else f"D {path}\n"
            head = "commit refs/heads/theirs\ncommitter Bob <b@example.org> 1767323045 +0000\ndata 1\nx\n"
            self.repo.git("fast-import", "--quiet", stdin=f"{head}from refs/heads/theirs^0\n{change}")

    def merge(self) -> None:
        then = self.disk()
        other = self.dice.choice(["main", "side", "theirs"])
        if self.repo.git_result("merge", "-q", "--no-edit", other).code == 0:
            self.watcher.note(self.watcher.others, then, self.disk())
            return
        mine = self.repo.git("diff", "--name-only", "--diff-filter=U").split()
        for path in mine:
            self.repo.write(path, self.content())
        now = self.disk()
        self.watcher.note(
            self.watcher.others,
            then,
            {p: state for p, state in now.items() if p not in mine} | pick(then, mine),
        )
        self.watcher.note(self.watcher.edited, pick(then, mine), pick(now, mine))
        self.repo.git("add", "--all", *MINE)
        self.repo.git("commit", "-q", "-m", "merged")
        self.watcher.note(self.watcher.committed, pick(then, mine), pick(now, mine))

    def rebase(self) -> None:
        then, other = self.disk(), self.dice.choice(["main", "theirs"])
        if self.repo.git_result("rebase", "-q", other).code:
            self.repo.git("rebase", "--abort")
            assert self.disk() == then
            return
        now, upstream = self.disk(), self.head(other)
        # what is neither as it was nor as upstream has it was brought by a commit made anew
        both = [path for path in different(then, now) if now.get(path) != upstream.get(path)]
        self.watcher.note(
            self.watcher.others, then, {p: one for p, one in now.items() if p not in both} | pick(then, both)
        )
        self.watcher.note(self.watcher.edited, pick(then, both), pick(now, both))
        self.watcher.note(self.watcher.committed, pick(then, both), pick(now, both))

    def pick(self) -> None:
        self._commits("cherry-pick", "theirs")

    def revert(self) -> None:
        self._commits("revert", "--no-edit", "HEAD")

    def _commits(self, *command: str) -> None:
        then = self.disk()
        if self.repo.git_result(*command).code:
            self.repo.git(command[0], "--abort", check=False)
            assert self.disk() == then
        self.watcher.note(self.watcher.edited, then, self.disk())
        self.watcher.note(self.watcher.committed, then, self.disk())

    def reset_hard(self) -> None:
        self._reset("--hard")

    def reset_soft(self) -> None:
        self._reset(self.dice.choice(["--soft", "--mixed"]))

    def _reset(self, how: str) -> None:
        """Back before the last commit, if that is one of mine."""
        if self.is_mine():
            head, then = self.head(), self.disk()
            self.repo.git("reset", "-q", how, "HEAD~1")
            self.watcher.note(self.watcher.thrown_away, head, then, self.head(), self.disk())


def pick(disk: Disk, paths: list[str]) -> Disk:
    return {path: state for path, state in disk.items() if path in paths}


def with_branches(repo: Repo) -> None:
    start_project(repo)
    repo.commit("base", {path: f"base {path}\n" for path in PATHS[:4]})
    repo.git("branch", "side")
    repo.git("branch", "theirs")


@pytest.mark.parametrize("seed", range(RUNS))
def test_random_days(build: Build, seed: int) -> None:
    today = RandomDay(build(with_branches), random.Random(seed))
    for _ in range(25):
        today.step()
    claimed = {
        change.path: (change.before, change.after)
        for claim in today.day.folded.claims
        for change in changes_of(claim)
    }
    assert claimed == today.watcher.net(today.disk()), " ".join(today.log)
