"""A command that only reads asks git where HEAD is once: it looks at the repository as at one moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.making import started
from tests.repos import Repo

WHERE_HEAD_IS = "rev-parse --verify --quiet --end-of-options 'HEAD^{commit}'"


@pytest.mark.parametrize(
    "words",
    [["why", "a.txt"], ["status"], ["session", "status"], ["verify"], ["recover"], ["decision", "check"]],
    ids=" ".join,
)
def test_head_is_asked_for_once(project: Repo, tmp_path: Path, words: list[str]) -> None:
    started(project)
    project.run("commit")
    project.commit("work", {"a.txt": "a\n"})
    trace = tmp_path / "trace"
    project.run(*words, check=False, env={"GIT_TRACE": str(trace)})
    asked = [line for line in trace.read_text().splitlines() if line.endswith(f"git {WHERE_HEAD_IS}")]
    assert len(asked) == 1
