"""How long verifying and recovering take in a long history, against git's own commands in the same run.

    python -m tests.bench.histories FOLDER            the large repository, made in FOLDER at the first run
    python -m tests.bench.histories FOLDER --real R   a clone of R, with claims on its merges

F is ``python -c "import click, sqlite3, json"``, G is ``git status``.  All rows are whole processes, in
turns, so that a busy machine slows all of them; medians are compared.  Cold: without what taskorch kept
of earlier answers.  The repository is measured without a commit-graph, with one, and with one that has
Bloom filters.  What is printed is compared: it must be the same each time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.claimed import write_store
from tests.bench.real import claim_merges
from tests.bench.startup import FLOOR, MIN_RUNS, SCRIPT, sealed_environment
from tests.bench.synthetic import write_history

GRAPHS = {"no graph": None, "graph": (), "graph + Bloom": ("--changed-paths",)}
MOST_MIB = 250
_KEPT = Path(".git", "taskorch", "cache")
_ALL = "verify --all"


@dataclass
class Row:
    """A command and what it took: seconds, and the MiB of the largest process among it and its children."""

    command: Sequence[str]
    cold: bool = False
    runs: int = 0
    taken: list[float] = field(default_factory=list)
    mib: float = 0.0
    said: set[str] = field(default_factory=set)

    @property
    def seconds(self) -> float:
        """The median."""
        return median(self.taken)


@dataclass(frozen=True)
class Bench:
    """A repository with a store, and the tasks to recover by their number of paths."""

    top: Path
    env: dict[str, str]
    tasks: Mapping[int, str]
    runs: int

    def rows(self) -> dict[str, Row]:
        """The rows of the table: what they run, and whether without what was kept."""
        rows = {"F": Row(FLOOR), "G, git status": Row(("git", "status"))}
        rows[f"{_ALL}, cold"] = Row((SCRIPT, "verify", "--all"), cold=True, runs=1)
        rows[f"{_ALL}, warm"] = Row((SCRIPT, "verify", "--all"))
        for size, task in self.tasks.items():
            rows[f"git log --raw, {size} paths"] = Row(("git", "log", "--raw", "--", *self._paths(task)))
            rows[f"recover, {size} paths, cold"] = Row((SCRIPT, "recover", task), cold=True)
            rows[f"recover, {size} paths, warm"] = Row((SCRIPT, "recover", task))
            rows[f"verify --task, {size} paths, cold"] = Row((SCRIPT, "verify", "--task", task), cold=True)
        return rows

    def measure(self) -> dict[str, Row]:
        """The rows, each run so often; a first turn of all but the longest is not counted."""
        rows = self.rows()
        for turn in range(self.runs + 1):
            for row in rows.values():
                if not row.runs or 0 < turn <= row.runs:
                    self._run(row, counts=turn > 0)
        return rows

    def _run(self, row: Row, *, counts: bool) -> None:
        kept, aside = self.top / _KEPT, self.top / ".git" / "kept-aside"
        if row.cold and kept.exists():
            kept.rename(aside)
        seconds, mib, said = self._once(row)
        if row.cold:
            shutil.rmtree(kept, ignore_errors=True)
        if aside.exists():
            aside.rename(kept)
        row.said.add(said)
        if counts:
            row.taken.append(seconds)
            row.mib = max(row.mib, mib)

    def _once(self, row: Row) -> tuple[float, float, str]:
        begin = time.perf_counter()
        with subprocess.Popen(row.command, cwd=self.top, env=self.env, stdout=subprocess.PIPE) as process:
            assert process.stdout
            said = hashlib.sha256(process.stdout.read()).hexdigest()
            _, _, used = os.wait4(process.pid, 0)
            process.returncode = 0
        return time.perf_counter() - begin, used.ru_maxrss / 1024, said

    def _paths(self, task: str) -> list[str]:
        """The paths of a task's claims."""
        found = subprocess.run(
            (SCRIPT, "verify", "--task", task, "--json"),
            cwd=self.top, env=self.env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        files = json.loads(found.stdout)["files"]
        return sorted({path for row in files for path in (row["path"], row["from"]) if path})


def allowed(name: str, rows: Mapping[str, Row]) -> tuple[str, float] | None:
    """The target of a row in words and in seconds."""
    floor, status = rows["F"].seconds, rows["G, git status"].seconds
    if name == f"{_ALL}, warm":
        return "F + 1.5 G", floor + 1.5 * status
    if name.startswith("recover") and name.endswith("warm"):
        return "3 F", 3 * floor
    if name.startswith("recover"):
        log = rows["git log --raw, " + name.split(", ")[1]].seconds
        return "F + 1.5 log", floor + 1.5 * log
    return None


def table(title: str, rows: Mapping[str, Row]) -> bool:
    """Print the rows; whether all targets are met."""
    print(f"\n{title:34}{'median':>10}{'MiB':>6}   target")
    good = True
    for name, row in rows.items():
        target = allowed(name, rows)
        met = target is None or row.seconds <= target[1]
        small = row.command[0] != SCRIPT or row.mib <= MOST_MIB
        words = f"{'met   ' if met else 'missed'} <= {target[0]} ({target[1]:.3f} s)" if target else ""
        words += "" if small else f"  missed: more than {MOST_MIB} MiB"
        words += "" if len(row.said) == 1 else "  DIFFERENT OUTPUT"
        good = good and met and small and len(row.said) == 1
        print(f"{name:34}{row.seconds:>8.3f} s{row.mib:>6.0f}   {words}".rstrip())
    return good


def write_graph(top: Path, env: dict[str, str], options: Sequence[str] | None) -> None:
    """Give the repository a commit-graph, or (None) take it away."""
    info = top / ".git" / "objects" / "info"
    (info / "commit-graph").unlink(missing_ok=True)
    shutil.rmtree(info / "commit-graphs", ignore_errors=True)
    if options is not None:
        command = ("git", "commit-graph", "write", "--reachable", *options)
        subprocess.run(command, cwd=top, env=env, check=True, stderr=subprocess.DEVNULL)


def built(folder: Path, name: str, make: Callable[[Path], dict[int, str]]) -> tuple[Path, dict[int, str]]:
    """The repository of that name in `folder`, made by `make` where it is not there, and its tasks."""
    top, tasks = folder / name, folder / f"{name}.json"
    if not tasks.exists():
        shutil.rmtree(top, ignore_errors=True)
        tasks.write_text(json.dumps(make(top)))
    return top, {int(size): task for size, task in json.loads(tasks.read_text()).items()}


def main() -> int:
    """Build what is not there, measure, print the tables, judge."""
    parser = argparse.ArgumentParser(description="Measure verify and recover in a long history.")
    parser.add_argument("folder", type=Path, help="where the repositories are kept between runs")
    parser.add_argument("--real", type=Path, help="a repository to clone, with claims on its merges")
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--commits", type=int, default=100_000)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--sessions", type=int, default=500)
    parser.add_argument("--runs", type=int, default=MIN_RUNS, help=f"of each row, usually {MIN_RUNS} or more")
    parser.add_argument("--graph", choices=list(GRAPHS), action="append", help="only so; may be repeated")
    parser.add_argument("--check", action="store_true", help="exit 1 when a target is missed")
    options = parser.parse_args()
    folder = options.folder.resolve()
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    env = sealed_environment(home)

    def synthetic(top: Path) -> dict[int, str]:
        history = write_history(top, options.files, options.commits, env)
        return write_store(top, history, env, claims=options.claims, sessions=options.sessions)

    def real(top: Path) -> dict[int, str]:
        return claim_merges(options.real.resolve(), top, env)

    name = f"{options.files}-{options.commits}-{options.claims}-{options.sessions}"
    made = built(folder, options.real.name if options.real else name, real if options.real else synthetic)
    good = True
    for title in options.graph or GRAPHS:
        write_graph(made[0], env, GRAPHS[title])
        good = (
            table(f"{made[0].name}, {title}", Bench(*made[:1], env, made[1], options.runs).measure()) and good
        )
    return 1 if options.check and not good else 0


if __name__ == "__main__":
    sys.exit(main())
