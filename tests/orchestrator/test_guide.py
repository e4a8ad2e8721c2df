"""The code samples of the old system's migration guide run as they stand, but for their import lines."""

from __future__ import annotations

import ast
import asyncio
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

import taskorch
from taskorch import SpecialistManager, StateManager, TaskOrchestrator, create_enhanced_orchestrator
from tests.repos import Repo

GUIDE = Path(__file__).with_name("migration_guide.txt").read_text("utf-8")
_SAMPLE = re.compile(r"^```(?:text\npython|python)\n(.*?)^```text$", re.MULTILINE | re.DOTALL)
_IMPORT = re.compile(r"^from mcp_task_orchestrator\.[\w.]+ import (.+)$", re.MULTILINE)
REPAIR = "Base.metadata.create_all"
"""The sample that repairs a database: `taskorch migrate` is in its place."""

SAMPLES = [sample for sample in _SAMPLE.findall(GUIDE) if REPAIR not in sample]


def test_all_samples_are_found() -> None:
    assert len(SAMPLES) == 15


def tasks() -> list[dict[str, Any]]:
    """The tasks that samples name."""
    names = ("doc_task_001", "doc_task_002", "doc_task_003", "test_task_001", "test_task_002")
    return [{"task_id": name, "title": name} for name in (*names, "test_task", "example_task_001", "to_do")]


async def prelude(repo: Repo) -> dict[str, Any]:
    """The variables that samples use."""
    orchestrator = await create_enhanced_orchestrator(project_dir=repo.path)
    await orchestrator.initialize_session()
    await orchestrator.plan_task("The guide", "moderate", tasks())
    repo.write("made.txt", "by the task\n")
    return {name: getattr(taskorch, name) for name in taskorch.__all__} | {
        "orchestrator": orchestrator,
        "db_session": orchestrator.db_session,
        "persistence_manager": repo.path,
        "state_manager": StateManager(repo.path),
        "specialist_manager": SpecialistManager(),
        "task_id": "to_do",
        "results": "It is done",
        "artifacts": ["made.txt"],
        "next_action": "continue",
    }


async def played(repo: Repo, sample: str) -> dict[str, Any]:
    """The variables after a sample."""
    names = await prelude(repo)
    for found in _IMPORT.findall(sample):
        names |= {name.strip(): getattr(taskorch, name.strip()) for name in found.split(",")}
    repo.write("test.txt", "tracked by the guide\n")
    code = compile(_IMPORT.sub("", sample), "guide", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    done = eval(code, names)  # the guide's own code
    if asyncio.iscoroutine(done):
        await done
    return names


@pytest.mark.filterwarnings("ignore:there is no folder /path/to/project")
@pytest.mark.parametrize("number", range(len(SAMPLES)))
def test_a_sample_runs(project: Repo, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.path)
    names = asyncio.run(played(project, SAMPLES[number]))
    assert isinstance(names["orchestrator"], TaskOrchestrator)


def out_of(project: Repo, words: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the only sample with some words prints."""
    [sample] = [one for one in SAMPLES if words in one]
    capsys.readouterr()
    asyncio.run(played(project, textwrap.dedent(sample)))
    return capsys.readouterr().out


def test_the_validation_says_that_all_works(project: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    said = out_of(project, "create_subtask_tracker", capsys)
    assert "not available" not in said
    assert [line.partition(": ")[0].split(" ", 1)[1] for line in said.splitlines()] == [
        "Context continuity available",
        "File tracking operational",
        "Decision capture operational",
    ]


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("example_task_001", "Work streams ready for enhanced execution"),
        ("prepare_documentation_work_stream", "ready: True\nContext protection enabled: True"),
        ("prepare_testing_work_stream", "ready: True\nContext protection enabled: True"),
    ],
)
def test_work_streams_are_ready(
    project: Repo, capsys: pytest.CaptureFixture[str], words: str, printed: str
) -> None:
    assert printed in out_of(project, words, capsys)


def test_context_is_recovered(project: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    said = out_of(project, "recover_context_for_task", capsys)
    assert "Continuation guidance: [" in said
