"""Whatever the arguments: no traceback, a known exit code, and a store that still works."""

from __future__ import annotations

import random

import pytest

from taskorch.cli.app import cli
from tests.cli.making import new_decision, new_task
from tests.docs_check import leaf_commands
from tests.repos import Repo

ODD = [
    "", " ", "-", "--", "-x", "--json", "--help", "0", "-1", "99999999999999999999", "null", "t-",
    "t-000", "d-000", "s-000", "t-00000000", "HEAD", "HEAD..HEAD", "..", "...", "A..B", "HEAD~9..HEAD",
    "@{-1}", ":/x", "^HEAD", "main", ".", "..", "/", "~", "README.md", "src", "none", ".git",
    ".orchestrator", "../x", "a\nb", "a\tb", "\x1b[31m", "\u202e", "\udce9", "é", "\U0001f600",
    "x" * 300, "%s", "{0}", "$(x)", "`x`", "; rm", "'", '"', "\\", "*", "?", "[a-z]", "pending",
    "active", "completed", "high", "accepted", "create", "move", "complete", "blocked",
]  # fmt: skip
ROUNDS, LENGTH = 12, 40


def arguments(rng: random.Random, names: list[str]) -> list[str]:
    """A command with options of its own, values that fit or do not, and words that belong elsewhere."""
    words, command = rng.choice(LEAVES)
    out = words.split()[1:]
    options = [name for param in command.params for name in param.opts if name.startswith("-")]
    for _ in range(rng.randrange(6)):
        kind = rng.random()
        if kind < 0.4:
            out.append(rng.choice(options))
        elif kind < 0.6:
            out.append(rng.choice(names))
        else:
            out.append(rng.choice(ODD))
    if rng.random() < 0.1:
        rng.shuffle(out)
    return out


LEAVES = [
    (words, command) for words, command in leaf_commands(cli, ("taskorch",)) if words != "taskorch demo"
]


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_any_arguments_end_in_a_known_way(project: Repo, seed: int) -> None:
    rng = random.Random(seed)
    names = [
        new_task(project),
        new_task(project, "Other"),
        new_decision(project),
        new_decision(project, "Else"),
    ]
    project.write("src/a.py", "a\n")
    for _ in range(LENGTH):
        words = arguments(rng, names)
        done = project.run(*words, check=False, env={"VISUAL": "true"})
        assert done.code in (0, 1, 2, 4), (words, done)
        assert "Traceback" not in done.out + done.err, words
        if done.code in (1, 2) and done.err.startswith("{"):
            assert done.error["hint"], (words, done)
        elif done.code in (1, 2):
            named = done.err.count("error: ") == done.err.count("hint: ") == 1
            assert named or done.out.startswith("Usage: "), (words, done)
    assert project.run("doctor").code == 0
    new_task(project, "Still works")
