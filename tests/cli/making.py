"""Records made through the command line, and the moments that tests need, in one line each."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.repos import Repo


def new_task(repo: Repo, title: str = "Add login", *options: str) -> str:
    """The id of a new task."""
    return str(repo.json("task", "new", title, *options)["id"])


def started(repo: Repo, title: str = "Add login", *options: str) -> str:
    """The id of a new task that was started."""
    task = new_task(repo, title, *options)
    repo.run("task", "start", task)
    return task


def completed(repo: Repo, title: str = "Add login", *options: str) -> str:
    """The id of a new task that was completed, with nothing changed for it."""
    task = new_task(repo, title, *options)
    repo.run("task", "complete", task, "--results", "done")
    return task


def new_decision(repo: Repo, title: str = "Use argon2id", *options: str) -> str:
    """The id of a new decision."""
    texts = ("--context", "hashes leak", "--decision", "argon2id", "--rationale", "memory-hard")
    return str(repo.json("decision", "new", title, *texts, *options)["id"])


def task_file(repo: Repo, task: str) -> Path:
    """The file of a task."""
    return repo.path / str(repo.json("task", "show", task)["path"])


def status_of(repo: Repo, task: str) -> str:
    """The status of a task."""
    return str(repo.json("task", "show", task)["status"])


def rungs(answer: dict[str, object]) -> dict[str, str]:
    """The rung of each path of a verification."""
    files = answer["files"]
    assert isinstance(files, list)
    return {row["path"]: row["rung"] for row in files}


def changed_lines(repo: Repo, path: Path | str) -> tuple[list[str], list[str]]:
    """The lines that git says an edit took from and gave to a committed file."""
    shown = repo.git("diff", "--unified=0", "--no-color", "HEAD", "--", str(path)).split("\n")
    body = [line for line in shown if not line.startswith(("---", "+++"))]
    return [x[1:] for x in body if x.startswith("-")], [x[1:] for x in body if x.startswith("+")]


def expire_leases(repo: Repo) -> None:
    """Let hours pass without a command: every lease here has run out."""
    _change_leases(repo, {"expires": 1.0})


def reboot(repo: Repo) -> None:
    """Every lease here is from an earlier boot."""
    _change_leases(repo, {"boot": "an-earlier-boot"})


def _change_leases(repo: Repo, change: dict[str, object]) -> None:
    common = Path(repo.git("rev-parse", "--path-format=absolute", "--git-common-dir"))
    found = list(common.glob("taskorch/worktrees/*/leases/*.json"))
    assert found
    for lease in found:
        lease.write_text(json.dumps(json.loads(lease.read_text()) | change))


def without_commands(out: str, at: str) -> str:
    """What ``recover`` printed without the commands, which read the revision `at`, and what they cost."""
    out = out.replace(f" --at {at}", "")
    out = re.sub(r'"estimated_tokens": [0-9]+|"recovery_recommendations": \[[^]]*\]', "", out)
    return re.sub(r"## Commands\n\n(- .*\n)+\n?", "", out)
