"""Claims on the merges of a real repository, as ``track --range`` records them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.bench.startup import SCRIPT

_MERGES = 60
"""How many of the newest merges of the main line get a task each."""

_SIZES = (1, 10, 100)


def claim_merges(source: Path, top: Path, env: dict[str, str]) -> dict[int, str]:
    """Clone `source` to `top` with a store; the tasks whose numbers of paths are nearest to 1, 10 and 100."""

    def run(*command: str, folder: Path = top) -> str:
        done = subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True, text=True)
        return done.stdout

    run("git", "clone", "-q", "--no-local", str(source), str(top), folder=top.parent)
    run(SCRIPT, "init")
    paths: dict[str, int] = {}
    for merge in run("git", "rev-list", "--first-parent", "--merges", f"-{_MERGES}", "HEAD").split():
        if not run("git", "diff", "--name-only", f"{merge}^1", merge):
            continue
        task = json.loads(run(SCRIPT, "task", "new", f"Merge {merge[:10]}", "--json"))["id"]
        told = run(SCRIPT, "track", "--range", f"{merge}^1..{merge}", "--task", task, "--json")
        paths[task] = len(json.loads(told)["operations"])
    run("git", "add", ".orchestrator")
    run("git", "commit", "-qm", "the records")
    return {size: min(paths, key=lambda task: abs(paths[task] - size)) for size in _SIZES}
