"""Random days in two work trees: no bug, a sound store, and neither refusals nor looking change anything."""

from __future__ import annotations

import random
import stat
from dataclasses import dataclass, field

import pytest

from tests.cli.making import expire_leases, reboot
from tests.cli.snapshots import Snapshot, snapshot
from tests.repos import Repo

FILES = ["a.txt", "b.txt", "src/c.txt", "src/d.txt"]
TEXTS = ["--context", "c", "--decision", "d", "--rationale", "r"]
READING = {"verify", "recover", "review", "status", "doctor", "list", "show", "ready"}
# T, D and F stand for a task, a decision and a file.
COMMANDS = [
    "task new T --accept x", "task new T --parent T", "task new T --depends-on T", "task start T",
    "task start T", "task start T --steal mine", "task check T --all", "task complete T --results r",
    "task complete T --results r", "task complete T --results r --force f",
    "task complete T --results r --next-action needs_revision",
    "task complete T --results r --next-action blocked", "task complete T --results r --artifact F",
    "task block T", "task fail T", "task cancel T", "task reopen T", "task delete T", "task release T",
    "task edit T --depends-on T", "task edit T --parent T", "task edit T --status active",
    "task edit T --status pending", "task note T n", "task show T", "task list", "task ready",
    "decision new D --file F --task T", "decision supersede D --by D", "decision accept D",
    "decision reject D", "session start", "session end --handoff h", "session note n", "session resume",
    "session status", "track F", "track", "track F --from F", "track F --op read",
    "track --range HEAD~1..HEAD --task T", "commit", "verify", "verify --all",
    "verify --all --target HEAD", "recover T", "recover", "review", "status", "undo", "undo", "undo --last 2",
    "checkpoint", "restore --all", "restore F", "restore F --from HEAD", "restore T",
    "restore F --from stash",
]  # fmt: skip
GIT = [
    "add -A", "commit -qam w", "commit -qam w", "add a.txt", "stash", "stash pop", "reset -q HEAD~1",
    "reset -q --hard HEAD~1", "checkout -q -- .", "merge -q --no-edit side", "merge -q --no-edit main",
    "merge --abort", "revert --no-edit HEAD", "commit -q --amend --no-edit", "switch -q -",
]  # fmt: skip
# What a person's own git commands can leave behind: records stashed, removed or in conflict.
EXPECTED = (
    "not here",
    "no task here",
    "conflict",
    "no readable record",
    "but its status is",
    "in a ring",
    "is also",
)


@dataclass
class Day:
    """What happens, and what there is to name."""

    rng: random.Random
    trees: list[Repo]
    tasks: list[str] = field(default_factory=lambda: ["t-00000000"])
    decisions: list[str] = field(default_factory=lambda: ["d-00000000"])

    def step(self) -> None:
        tree, chance = self.rng.choice(self.trees), self.rng.random()
        if chance < 0.25:
            self.edit(tree)
        elif chance < 0.4:
            tree.git(*self.rng.choice(GIT).split(), check=False)
        elif chance < 0.42 and list(self.trees[0].path.glob(".git/taskorch/worktrees/*/leases/*.json")):
            self.rng.choice([expire_leases, reboot])(self.trees[0])
        else:
            self.command(tree)

    def edit(self, tree: Repo) -> None:
        name, other = self.rng.sample(FILES, 2)
        path, act = tree.path / name, self.rng.random()
        if act < 0.2 and path.exists():
            path.unlink()
        elif act < 0.4 and path.exists():
            (tree.path / other).parent.mkdir(exist_ok=True)
            path.rename(tree.path / other)
        else:
            tree.write(name, "".join(self.rng.choice("xyz\n") for _ in range(self.rng.randrange(30))))

    def command(self, tree: Repo) -> None:
        words = self.rng.choice(COMMANDS).split()
        names = {"T": self.tasks, "D": self.decisions, "F": FILES}
        words = [self.rng.choice(names.get(word, [word])) for word in words]
        words += TEXTS if words[:2] == ["decision", "new"] else []
        before = [snapshot(one, local=True) for one in self.trees]
        done = tree.run(*words, "--json", check=False)
        assert done.code in (0, 1, 2, 4), (words, done)
        answer = done.json if done.code in (0, 4) else done.error
        if done.code in (1, 2) or READING & set(words):
            assert [snapshot(one, local=True) for one in self.trees] == before, (words, done)
        elif self.rng.random() < 0.3 and words[0] not in ("undo", "commit"):
            self.take_back(tree, words, before)
        elif words[:2] in (["task", "new"], ["decision", "new"]):
            (self.tasks if words[0] == "task" else self.decisions).append(answer["id"])
        elif words[:2] == ["task", "complete"] and answer["status"] == "completed" and not answer["forced"]:
            assert (
                tree.run("verify", "--task", answer["id"], "--json", check=False).json["status"] != "failed"
            )

    def take_back(self, tree: Repo, words: list[str], before: list[Snapshot]) -> None:
        """Undo a command that was done just now: work trees and sessions are as they were."""
        now = [lasting(snapshot(one, local=True)) for one in self.trees]
        if now != [lasting(one) for one in before]:
            done = tree.run("undo", check=False)
            assert done.code == 0, (words, done)
            now = [lasting(snapshot(one, local=True)) for one in self.trees]
        assert now == [lasting(one) for one in before], words


def lasting(found: Snapshot) -> Snapshot:
    """The files of a snapshot without what every command renews or adds to, and empty folders."""
    files = {path: one for path, one in found.items() if not stat.S_ISDIR(one[0])}
    return {path: one for path, one in files.items() if "/leases/" not in path and "/safety/" not in path}


@pytest.mark.parametrize("seed", range(5))
def test_a_random_day(project: Repo, seed: int) -> None:
    other = project.worktree(project.path.parent / "other", "-b", "side")
    day = Day(random.Random(seed), [project, project, other])
    for _ in range(50):
        day.step()
    for tree in (project, other):
        done = tree.run("doctor", "--json", check=False)
        if done.code == 1:  # git took the store itself away, or left a conflict in its settings
            assert done.error["kind"] in ("no_store", "bad_record")
        else:
            messages = [one["message"] for one in done.json["problems"]]
            assert [one for one in messages if not any(words in one for words in EXPECTED)] == []
