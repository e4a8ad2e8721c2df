"""The benchmark runs, and what it measures starts no more git processes for more claims or paths."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.bench import histories
from tests.bench.claimed import write_store
from tests.bench.synthetic import write_history
from tests.repos import Build, Repo, Templates

FILES, COMMITS = 150, 300
TASKS = ".git/tasks.json"


def write(repo: Repo, claims: int, sessions: int) -> None:
    shutil.rmtree(repo.path)
    history = write_history(repo.path, FILES, COMMITS, dict(os.environ))
    tasks = write_store(repo.path, history, dict(os.environ), claims=claims, sessions=sessions)
    (repo.path / TASKS).write_text(json.dumps(tasks))


def few(repo: Repo) -> None:
    write(repo, 60, 6)


def many(repo: Repo) -> None:
    write(repo, 240, 24)


def tasks_of(repo: Repo) -> dict[int, str]:
    """The task of each number of paths."""
    return {int(size): task for size, task in json.loads((repo.path / TASKS).read_text()).items()}


def processes(repo: Repo, *command: str, log: Path) -> Counter[str]:
    """How often each of git's commands is started, nothing being kept from before."""
    log.unlink(missing_ok=True)
    repo.run("purge", "--local")
    log.unlink(missing_ok=True)
    repo.run(*command, check=False, env={"GIT_TRACE2_PERF": str(log)})
    starts = [line for line in log.read_text().splitlines() if "| cmd_name " in line]
    return Counter(line.rsplit("|", 1)[1].split()[0] for line in starts)


def test_verifying_more_claims_starts_no_more_processes(templates: Templates, tmp_path: Path) -> None:
    """But for the changes that were made to other contents: what became of each is asked for itself."""
    first, second = (
        processes(templates.copy(make, tmp_path / make.__name__), "verify", "--all", log=tmp_path / "log")
        for make in (few, many)
    )
    for name in (first | second).keys() - {"diff-tree"}:
        assert second[name] <= first[name] + 4, (name, first, second)
    assert first["log"] <= 8
    assert second["ls-tree"] <= 24


def test_recovering_more_paths_starts_no_more_processes(build: Build, tmp_path: Path) -> None:
    repo, log = build(few), tmp_path / "log"
    counts = {size: processes(repo, "recover", task, log=log) for size, task in tasks_of(repo).items()}
    assert counts[100].total() <= counts[1].total() + 40, counts
    assert counts[100]["status"] == counts[1]["status"] == 1
    assert counts[100]["log"] <= counts[1]["log"] + 4


def test_with_what_was_kept_only_status_is_asked(build: Build, tmp_path: Path) -> None:
    repo = build(few)
    for command in (("verify", "--all"), ("recover", tasks_of(repo)[10])):
        log = tmp_path / "log"
        processes(repo, *command, log=log)
        time.sleep(0.1)  # what had just changed is not kept
        repo.run(*command, check=False)
        log.unlink()
        repo.run(*command, check=False, env={"GIT_TRACE2_PERF": str(log)})
        starts = [line for line in log.read_text().splitlines() if "| cmd_name " in line]
        assert [line.rsplit("|", 1)[1].split()[0] for line in starts] == ["status"]


def test_the_benchmark_prints_its_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:

    def of_one_size(*given: Any, **more: Any) -> dict[int, str]:
        return {100: write_store(*given, **more)[100]}

    monkeypatch.setattr(histories, "write_store", of_one_size)
    sizes = ["--files=60", "--commits=120", "--claims=20", "--sessions=4", "--runs=1"]
    monkeypatch.setattr(sys, "argv", ["histories", str(tmp_path), *sizes, "--graph=graph + Bloom"])
    assert histories.main() == 0
    said = capsys.readouterr().out
    assert "verify --all, warm" in said
    assert "recover, 100 paths, cold" in said
    assert "DIFFERENT" not in said
