"""How long ``taskorch`` takes to start, as a multiple of loading what it stands on.

F is ``python -c "import click, sqlite3, json"``. Whole processes are timed, in turns, so that a busy
machine slows all of them; medians are compared. ``--check`` exits 1 above the target.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

TARGET = 1.3
RECORDS = 1_000
MIN_RUNS = 7
FLOOR = (sys.executable, "-c", "import click, sqlite3, json")
SCRIPT = str(Path(sysconfig.get_path("scripts"), "taskorch"))
_ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


_SETTINGS = ("GIT_", "TASKORCH_", "PYTHON")
"""Variables with which the one who measures, not who uses taskorch, may have set something."""


def sealed_environment(home: Path) -> dict[str, str]:
    """The environment with no settings of this user or machine for git and taskorch."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(_SETTINGS)}
    return kept | {
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Bench",
        "GIT_AUTHOR_EMAIL": "bench@example.org",
        "GIT_COMMITTER_NAME": "Bench",
        "GIT_COMMITTER_EMAIL": "bench@example.org",
    }


def record_id(number: int) -> str:
    """The id of the nth copy: eight characters, well spread, so that no prefix is shared by all."""
    value = number * 0x9E3779B97F % 32**8
    return "t-" + "".join(_ID_LETTERS[value >> shift & 31] for shift in range(35, -5, -5))


def build_store(folder: Path, env: dict[str, str], count: int = RECORDS) -> None:
    """A repository with ``count`` tasks: one made by the command line, the others copied from it."""

    def run(*command: str) -> str:
        return subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True, text=True).stdout

    run("git", "init", "-q")
    run(SCRIPT, "init")
    task = json.loads(run(SCRIPT, "task", "new", "Measure the start", "--json"))
    first, text = folder / task["path"], (folder / task["path"]).read_text("utf-8")
    for number in range(1, count):
        other = record_id(number)
        copy = text.replace(task["id"], other).replace("Measure the start", f"Measure the start, {number}")
        first.with_name(first.name.replace(task["id"], other)).write_text(copy, "utf-8")
    listed = len(json.loads(run(SCRIPT, "task", "list", "--json"))["tasks"])
    if listed != count:
        raise RuntimeError(f"the list should show {count} tasks, it shows {listed}")


def seconds(command: Sequence[str], folder: Path, env: dict[str, str]) -> float:
    """The time of one whole process."""
    begin = time.perf_counter()
    subprocess.run(command, cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def measure(
    rows: Mapping[str, Sequence[str]], folder: Path, env: dict[str, str], runs: int
) -> dict[str, float]:
    """Median seconds of each row; one run more comes first, to warm the caches."""
    times: dict[str, list[float]] = {name: [] for name in rows}
    for turn in range(runs + 1):
        for name, command in rows.items():
            taken = seconds(command, folder, env)
            if turn:
                times[name].append(taken)
    return {name: median(taken) for name, taken in times.items()}


def main() -> int:
    """Measure, print the table, judge."""
    parser = argparse.ArgumentParser(description="Measure the start-up of taskorch.")
    parser.add_argument("--check", action="store_true", help="exit 1 when the target is missed")
    parser.add_argument("--runs", type=int, default=15, help=f"runs of each row, at least {MIN_RUNS}")
    options = parser.parse_args()
    if options.runs < MIN_RUNS:
        parser.error(f"medians need at least {MIN_RUNS} runs")
    rows = {
        "F": FLOOR,
        "taskorch --version": (SCRIPT, "--version"),
        f"task list of {RECORDS:,}": (SCRIPT, "task", "list"),
    }
    with tempfile.TemporaryDirectory() as name:
        home, folder = Path(name, "home"), Path(name, "repository")
        home.mkdir()
        folder.mkdir()
        env = sealed_environment(home)
        build_store(folder, env)
        medians = measure(rows, folder, env, options.runs)
    print(f"{'':24}{'median':>10}{'ratio':>10}   target")
    for row, taken in medians.items():
        target = f"<= {TARGET} F" if row == "taskorch --version" else ""
        print(f"{row:24}{taken * 1000:>7.1f} ms{taken / medians['F']:>8.2f} F   {target}".rstrip())
    missed = medians["taskorch --version"] > TARGET * medians["F"]
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
