"""How often the ladder is right about the pull requests of a repository.

    python -m tests.evaluation REPO [--main REF] [--limit N] [--jobs N] [--pull N]

REPO keeps the heads of its pull requests under refs/pull/N/head (git fetch origin
'+refs/pull/*/head:refs/pull/*/head').  It is only read: claims are recorded in throw-away clones.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import monotonic

from tests.evaluation.landing import BROUGHT, PARTS, STEPWISE, UNDONE, Row, Tally, rows_of
from tests.evaluation.pulls import CLOSED, Git, Pull, pulls, reverted
from tests.evaluation.recording import Recorder

GOAL = 99.5
_Unit = tuple[list[Row], str]


def main(words: Sequence[str] | None = None) -> int:
    """Run the evaluation and print its tables; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description=__doc__.split("\n")[0])
    parser.add_argument("repo", type=Path, help="a repository with refs/pull/N/head")
    parser.add_argument("--main", default="HEAD", help="its main branch (default: HEAD)")
    parser.add_argument("--limit", type=int, metavar="N", help="the newest N pull requests alone")
    parser.add_argument("--pull", type=int, action="append", metavar="N", help="this one alone")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    asked = parser.parse_args(words)
    git = Git(asked.repo)
    chosen = pulls(git, asked.main)
    if asked.pull:
        chosen = [one for one in chosen if one.number in asked.pull]
    chosen = chosen[-asked.limit :] if asked.limit else chosen
    undone = [] if asked.pull else reverted(git, asked.main)[: asked.limit]
    begin = monotonic()
    tallies = {part: Tally() for part in PARTS}
    failed = []
    for done, (rows, problem) in enumerate(
        _evaluated(asked.repo, asked.main, [*chosen, *undone], asked.jobs), 1
    ):
        failed += [problem] if problem else []
        for row in rows:
            tallies[row.part].add(row)
        if sys.stderr.isatty():
            print(f"\r{done} of {len(chosen) + len(undone)}", end="", file=sys.stderr)
    closed = sum(one.kind == CLOSED for one in chosen)
    print(
        f"{len(chosen)} pull requests, {closed} of them closed without merging; "
        f"{len(undone)} commits that were reverted; {monotonic() - begin:.0f} s\n"
    )
    ok = all([_print(part, tally) for part, tally in tallies.items() if tally.files])
    for problem in failed:
        print(f"NOT EVALUATED: {problem}")
    print(f"\n{'goal met' if ok and not failed else 'GOAL MISSED'}")
    return 0 if ok and not failed else 1


def _evaluated(repo: Path, main_branch: str, chosen: list[Pull], jobs: int) -> Iterator[_Unit]:
    """The rows of each pull request, or why it has none; in several processes, each with its own clones."""
    shares = [share for share in (chosen[number::jobs] for number in range(jobs)) if share]
    with tempfile.TemporaryDirectory(prefix="taskorch-evaluation-") as folder:
        if len(shares) < 2:
            for share in shares:
                yield from _share(repo, main_branch, share, Path(folder))
            return
        with ProcessPoolExecutor(len(shares)) as pool:
            pieces = [(pull, repo, main_branch, Path(folder)) for share in shares for pull in share]
            yield from pool.map(_one, pieces)


_RECORDERS: dict[Path, Recorder] = {}


def _one(piece: tuple[Pull, Path, str, Path]) -> _Unit:
    """One pull request, in the clones of this process."""
    pull, repo, main_branch, folder = piece
    mine = folder / str(os.getpid())
    if mine not in _RECORDERS:
        mine.mkdir()
        _RECORDERS[mine] = Recorder(repo, main_branch, mine)
    return _rows(repo, _RECORDERS[mine], pull)


def _share(repo: Path, main_branch: str, share: list[Pull], folder: Path) -> Iterator[_Unit]:
    recorder = Recorder(repo, main_branch, folder)
    for pull in share:
        yield _rows(repo, recorder, pull)


def _rows(repo: Path, recorder: Recorder, pull: Pull) -> _Unit:
    try:
        return list(rows_of(Git(repo), recorder, pull)), ""
    except Exception as error:  # one that fails is named and does not end the others
        return [], f"{pull.name}: {type(error).__name__}: {error}"


def _print(part: str, tally: Tally) -> bool:
    """Print one part's table; whether its goal is met."""
    wrong = {kind: [row for row in tally.wrong if getattr(row, kind)] for kind in ("missed", "false")}
    print(f"## {part}")
    print(f"{len(tally.pulls)} {'commits' if part == UNDONE else 'pull requests'}, {tally.files} files")
    print("  rungs     " + ", ".join(f"{rung} {count}" for rung, count in tally.rungs.most_common()))
    print("  git alone " + ", ".join(f"{says} {count}" for says, count in tally.readings.most_common()))
    share = 100 * tally.counted / tally.landed if tally.landed else 100.0
    if part != UNDONE:
        print(f"  of {tally.landed} files that landed {tally.counted} are counted landed: {share:.2f} %")
    print(f"  falsely counted landed: {len(wrong['false'])}")
    for kind, rows in wrong.items():
        for row in rows:
            shown = f"{row.op} {row.path}: {row.rung} ({row.detail}); git: {row.git or 'nothing'}"
            print(f"    {kind:6} {row.of} {shown}")
    print()
    return not wrong["false"] and (share >= GOAL or part not in (BROUGHT, STEPWISE))


if __name__ == "__main__":
    sys.exit(main())
