"""Many records: how long commands take in a store of 10,000 decisions or tasks, beside one of 100.

F is ``python -c "import click, sqlite3, json"``.  Whole processes are timed, in turns; medians are
compared.  *cold*: nothing is kept from before; *warm*: nothing has changed since the command before.
``--check`` exits 1 above a target.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench.startup import FLOOR, MIN_RUNS, SCRIPT, record_id, sealed_environment

FEW, MANY = 100, 10_000
WORDS = (
    *("cache", "token", "index", "parser", "queue", "lock", "schema", "render", "commit", "ladder"),
    *("rebase", "squash", "driver", "worker", "shard", "replica", "backup", "login", "hash", "sign"),
)


@dataclass(frozen=True)
class Row:
    """A command in the large store, and what it may take: so many F, or times as in the small one."""

    name: str
    command: tuple[str, ...]
    floors: float = 0.0
    times: float = 0.0
    cold: bool = False


def rows(kind: str, one: str) -> list[Row]:
    """What is measured in the stores of a kind; `one` is the id of a record that is in both."""
    if kind == "task":
        return [
            Row("task list, cold", ("task", "list"), cold=True),
            Row("task list, warm", ("task", "list"), floors=2.5),
            Row("task show", ("task", "show", one), times=1.2),
            Row("task new", ("task", "new", "One more"), times=1.2),
            Row("task edit", ("task", "edit", one, "--assignee", "Ann"), times=1.2),
            Row("task start", ("task", "start", one), times=1.2),
        ]
    texts = ("--context", "It came up", "--decision", "We do it", "--rationale", "It is better")
    return [
        Row("decision list, cold", ("decision", "list"), cold=True),
        Row("decision list, warm", ("decision", "list"), floors=2.5),
        Row("search of a rare word, warm", ("search", "unmistakable"), floors=3),
        Row("search of a common word, warm", ("search", "rebase"), floors=3),
        Row("decision show", ("decision", "show", one), times=1.2),
        Row("decision new", ("decision", "new", "One more", *texts), times=1.2),
        Row("decision edit", ("decision", "edit", one, "--outcome", "good"), times=1.2),
        Row("decision check", ("decision", "check")),
    ]


def build(folder: Path, env: dict[str, str], kind: str, count: int) -> str:
    """A repository with so many records of a kind; gives the id of the first."""

    def run(*command: str) -> str:
        return subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True, text=True).stdout

    folder.mkdir()
    run("git", "init", "-q")
    run(SCRIPT, "init")
    why = ("--because", "unmistakable") if kind == "decision" else ()
    one = json.loads(run(SCRIPT, kind, "new", "Measure it", *why, "--json"))
    _copy(folder / one["path"], one["id"], count)
    run("git", "add", "-A")
    run("git", "commit", "-q", "-m", "records")
    time.sleep(1)
    return str(one["id"])


def _copy(first: Path, first_id: str, count: int) -> None:
    """Further records like the first, with other words; every twentieth decision supersedes the last."""
    chosen = random.Random(5)
    text, before = first.read_text("utf-8"), first_id
    for number in range(1, count):
        other = first_id[0] + record_id(number)[1:]
        title = f"{' '.join(chosen.sample(WORDS, 4))} {number}"
        copy = text.replace(first_id, other).replace("Measure it", title)
        copy = copy.replace("unmistakable", " ".join(chosen.choices(WORDS, k=80)))
        if number % 20 == 0:
            copy = copy.replace("supersedes:\n", f"supersedes:\n  - {before}\n")
        first.with_name(f"{other}-{title.replace(' ', '-')}.md").write_text(copy, "utf-8")
        before = other


def seconds(command: Sequence[str], folder: Path, env: dict[str, str]) -> float:
    """The time of one whole process."""
    begin = time.perf_counter()
    subprocess.run(command, cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def measure(take: Callable[[], float], runs: int) -> float:
    """The median of several runs, one before them left out."""
    take()
    return median(take() for _ in range(runs))


def take(row: Row, folder: Path, env: dict[str, str]) -> float:
    """One run of a row."""
    if row.cold:
        shutil.rmtree(folder / ".git" / "taskorch" / "cache", ignore_errors=True)
    return seconds((SCRIPT, *row.command), folder, env)


def main() -> int:
    """Measure, print the table, judge."""
    parser = argparse.ArgumentParser(description="Measure commands in a store of many records.")
    parser.add_argument("--check", action="store_true", help="exit 1 when a target is missed")
    parser.add_argument("--runs", type=int, default=7, help=f"runs of each row, at least {MIN_RUNS}")
    parser.add_argument("--records", type=int, default=MANY, help=f"of each kind  [default: {MANY}]")
    options = parser.parse_args()
    if options.runs < MIN_RUNS:
        parser.error(f"medians need at least {MIN_RUNS} runs")
    missed = False
    with tempfile.TemporaryDirectory() as name:
        home = Path(name, "home")
        home.mkdir()
        env = sealed_environment(home)
        floor = measure(lambda: seconds(FLOOR, home, env), options.runs)
        print(f"{'F':32}{floor * 1000:8.0f} ms")
        for kind in ("decision", "task"):
            few, many = Path(name, f"few-{kind}s"), Path(name, f"many-{kind}s")
            small = rows(kind, build(few, env, kind, FEW))
            large = rows(kind, build(many, env, kind, options.records))
            for row, beside in zip(large, small, strict=True):
                taken = measure(partial(take, row, many, env), options.runs)
                allowed = 1.0 if row.cold else row.floors * floor
                if row.times:
                    allowed = row.times * measure(partial(take, beside, few, env), options.runs)
                missed |= bool(allowed) and taken > allowed
                told = f"   allowed {allowed * 1000:6.0f} ms" if allowed else ""
                print(f"{row.name:32}{taken * 1000:8.0f} ms{told}", flush=True)
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
